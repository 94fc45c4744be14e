#include "cli/commands/query.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/base64.h"
#include "cli/json.h"
#include "cli/text.h"
#include "cli/utf8.h"

namespace gossip::cli {
namespace {

// Without the newline at its end; each further line behind a tab.
std::string format_payload(ByteView payload) {
  std::string_view text = as_text(payload);
  if (text.ends_with('\n')) {
    text.remove_suffix(1);
  }
  std::string out;
  for (;;) {
    const std::size_t end = text.find('\n');
    out += escape_line(text.substr(0, end));
    if (end == std::string_view::npos) {
      return out;
    }
    out += "\n\t";
    text.remove_prefix(end + 1);
  }
}

void write_summary(const rpc::QuerySummary& summary, JsonWriter& json) {
  const auto write = [&json](std::string_view key, std::int64_t count) {
    json.key(key);
    json.number(static_cast<std::uint64_t>(count));
  };
  json.begin_object();
  write("Asked", summary.asked);
  write("Answered", summary.answered);
  write("Declined", summary.declined);
  json.key("Silent");
  json.texts(summary.silent);
  json.end_object();
}

rpc::QueryRequest request_for(const QueryOptions& options) {
  return {.filter_nodes = options.nodes,
          .filter_tags = options.tags,
          .request_ack = options.acks,
          .relay_factor = options.relay_factor,
          .timeout_ns = options.timeout.count(),
          .name = options.name,
          .payload = {options.payload.begin(), options.payload.end()},
          .wait = options.wait};
}

// Whether replies may still come.
enum class Replies : std::uint8_t { More, Over };

Replies take(rpc::QueryReply reply, QueryResult& result) {
  switch (reply.kind) {
    case rpc::QueryReplyKind::Ack: result.acks.push_back(std::move(reply.from)); break;
    case rpc::QueryReplyKind::Response:
      result.responses.insert_or_assign(std::move(reply.from), std::move(reply.payload));
      break;
    case rpc::QueryReplyKind::Done: result.summary = std::move(reply.summary); return Replies::Over;
  }
  return Replies::More;
}

// How many members a query is for; nothing where each has to judge by its tags, or nobody says.
std::optional<std::size_t> count_asked(const QueryOptions& options, Connection& agent) {
  if (!options.tags.empty()) return std::nullopt;
  const Expected<rpc::Response> listed = agent.call(rpc::MembersRequest{});
  if (!listed) return std::nullopt;
  const auto* const body = std::get_if<rpc::MembersResponse>(&listed->body);
  if (body == nullptr) return std::nullopt;
  const auto is_asked = [&options](const Member& member) {
    const std::vector<std::string>& names = options.nodes;
    return member.status == MemberStatus::Alive &&
           (names.empty() || std::find(names.begin(), names.end(), member.name) != names.end());
  };
  return static_cast<std::size_t>(
      std::count_if(body->members.begin(), body->members.end(), is_asked));
}

// Tells who has to wait how many have answered, of how many: they are counted when it takes long, and once.
class Replying {
 public:
  Replying(const QueryOptions& options, Connection& agent) : options_(options), agent_(agent) {}

  Expected<rpc::StreamRecord> next(const QueryResult& result) {
    note(result);
    if (counted_ || !agent_.is_watched()) return agent_.next_record();
    Expected<rpc::StreamRecord> arrived = agent_.next_record_within(Progress::kPatience);
    const bool waits = !arrived && arrived.error().code == ErrorCode::TimedOut;
    if (!waits || agent_.interrupted() || agent_.is_late()) return arrived;
    asked_ = count_asked(options_, agent_);
    counted_ = true;
    note(result);
    return agent_.next_record();
  }

 private:
  void note(const QueryResult& result) {
    const std::string of = asked_ ? " of " + std::to_string(*asked_) : "";
    agent_.note(std::to_string(result.responses.size()) + of + " answered");
  }

  const QueryOptions& options_;
  Connection& agent_;
  bool counted_ = false;
  std::optional<std::size_t> asked_;
};

// Until it is over, or an error, Ctrl-C among them.
Expected<void> collect(const QueryOptions& options, Connection& agent, Output& out,
                       QueryResult& result) {
  agent.begins("query '" + options.name + "'");
  Replying replying(options, agent);
  for (;;) {
    Expected<rpc::StreamRecord> arrived = replying.next(result);
    if (!arrived) {
      return tl::unexpected(arrived.error());
    }
    auto* const reply = std::get_if<rpc::QueryReply>(&arrived->record);
    if (reply == nullptr) {
      continue;
    }
    if (options.format == Format::Text) {
      out.print(format_reply(*reply));
    }
    if (take(std::move(*reply), result) == Replies::Over) {
      return {};
    }
  }
}

// Done, unless the options ask for more than came.
ExitCode judge(const QueryOptions& options, const QueryResult& result) {
  if (result.summary && result.summary->asked == 0) {
    Output::complain("nobody was asked: no live member matches");
  }
  if (options.expect && result.responses.size() < *options.expect) {
    Output::complain("only " + std::to_string(result.responses.size()) + " of the " +
                     std::to_string(*options.expect) + " answers expected came");
    return ExitCode::Incomplete;
  }
  if (options.require && !result.summary) {
    Output::complain(
        "the agent does not tell whom it asked, as Serf's never do: --require cannot "
        "be judged");
    return ExitCode::Incomplete;
  }
  if (options.require && !result.summary->silent.empty()) {
    Output::complain("not everybody answered: " + format_summary(*result.summary));
    return ExitCode::Incomplete;
  }
  return ExitCode::Done;
}

}  // namespace

std::string format_reply(const rpc::QueryReply& reply) {
  switch (reply.kind) {
    case rpc::QueryReplyKind::Ack: return "Ack from '" + escape_line(reply.from) + "'\n";
    case rpc::QueryReplyKind::Response:
      return "Response from '" + escape_line(reply.from) + "': " + format_payload(reply.payload) +
             '\n';
    case rpc::QueryReplyKind::Done: break;
  }
  return {};
}

std::string format_summary(const rpc::QuerySummary& summary) {
  std::string text =
      std::to_string(summary.answered) + " of " + std::to_string(summary.asked) + " answered, ";
  if (summary.declined > 0) {
    text += std::to_string(summary.declined) + " declined, ";
  }
  text += std::to_string(summary.silent.size()) + " silent";
  for (std::size_t i = 0; i < summary.silent.size(); ++i) {
    text += (i == 0 ? ": " : ", ") + quote_word(summary.silent[i], ",");
  }
  return text;
}

std::string format_totals(const QueryResult& result, bool acks) {
  std::string text = acks ? "Total Acks: " + std::to_string(result.acks.size()) + '\n' : "";
  text += "Total Responses: " + std::to_string(result.responses.size()) + '\n';
  return result.summary ? text + format_summary(*result.summary) + '\n' : text;
}

std::string format_query_json(const QueryResult& result) {
  JsonWriter json(JsonLayout::Indented);
  json.begin_object();
  json.key("Acks");
  json.texts(result.acks);
  json.key("Responses");
  json.begin_object();
  bool all_text = true;
  for (const auto& [from, payload] : result.responses) {
    json.key(from);
    json.text(as_text(payload));
    all_text = all_text && is_utf8(as_text(payload));
  }
  json.end_object();
  if (!all_text) {
    json.key("ResponsesBase64");
    json.begin_object();
    for (const auto& [from, payload] : result.responses) {
      if (!is_utf8(as_text(payload))) {
        json.key(from);
        json.text(base::encode_base64(payload));
      }
    }
    json.end_object();
  }
  if (result.summary) {
    json.key("Summary");
    write_summary(*result.summary, json);
  }
  json.end_object();
  return json.take();
}

ExitCode run(const QueryOptions& options, Connection& agent, Output& out) {
  const Expected<rpc::Response> asked = agent.call(request_for(options));
  if (!asked) {
    return Output::report("error sending query", asked.error());
  }
  if (options.format == Format::Text) {
    out.print("Query '" + escape_line(options.name) + "' dispatched\n");
  }
  QueryResult result;
  const Expected<void> collected = collect(options, agent, out, result);
  // What came before an interruption is shown all the same.
  out.print(options.format == Format::Json ? format_query_json(result)
                                           : format_totals(result, options.acks));
  return collected ? judge(options, result) : Output::report(collected.error());
}

}  // namespace gossip::cli
