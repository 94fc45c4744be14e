#include "cli/commands/reachability.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "cli/json.h"
#include "cli/text.h"

namespace gossip::cli {
namespace {

using std::chrono::steady_clock;

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Those of `names` that `others` has not.
std::vector<std::string> without(const std::vector<std::string>& names,
                                 const std::vector<std::string>& others) {
  std::vector<std::string> rest;
  std::copy_if(names.begin(), names.end(), std::back_inserter(rest),
               [&others](const std::string& name) { return !contains(others, name); });
  return rest;
}

std::string list_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += '\t' + escape_line(name) + '\n';
  }
  return text;
}

std::string in_seconds(std::chrono::nanoseconds time) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f sec", std::chrono::duration<double>(time).count());
  return text.data();
}

// Acknowledgements until every live member has sent one, or the query is over.
Expected<void> collect(const ReachabilityOptions& options, Connection& agent, Output& out,
                       ReachabilityResult& result) {
  const auto begin = steady_clock::now();
  const bool text = options.format == Format::Text;
  std::vector<std::string> missing = result.live;
  agent.begins("asking all members");
  while (options.wait || !missing.empty()) {
    agent.note(std::to_string(result.acks.size()) + " of " + std::to_string(result.live.size()) +
               " answered");
    Expected<rpc::StreamRecord> arrived = agent.next_record();
    if (!arrived) {
      return tl::unexpected(arrived.error());
    }
    const auto* const reply = std::get_if<rpc::QueryReply>(&arrived->record);
    if (reply == nullptr || reply->kind == rpc::QueryReplyKind::Response) {
      continue;
    }
    if (reply->kind == rpc::QueryReplyKind::Done) {
      break;
    }
    if (text && options.verbose) {
      out.print("\tAck from '" + escape_line(reply->from) + "'\n");
    }
    if (contains(result.acks, reply->from)) {
      Output::complain("'" + reply->from + "' answered twice: two members may have that name");
      continue;
    }
    result.acks.push_back(reply->from);
    result.last_response = steady_clock::now() - begin;
    std::erase(missing, reply->from);
  }
  result.query_time = steady_clock::now() - begin;
  return {};
}

ExitCode judge(const ReachabilityResult& result) {
  if (!without(result.live, result.acks).empty()) {
    return ExitCode::Incomplete;
  }
  return without(result.acks, result.live).empty() ? ExitCode::Done : ExitCode::Failed;
}

}  // namespace

std::string format_verdict(const ReachabilityResult& result) {
  const std::vector<std::string> missing = without(result.live, result.acks);
  if (!missing.empty()) {
    return "Received less acks than live nodes! Missing acks from:\n" + list_names(missing) +
           "These members count as alive, but did not get the question, or their answer was lost:\n"
           "look for dropped packets, a firewall that lets only TCP through, or a member that has "
           "just gone.\n";
  }
  const std::vector<std::string> unexpected = without(result.acks, result.live);
  if (!unexpected.empty()) {
    return "Received more acks than live nodes! Acks from non-live nodes:\n" +
           list_names(unexpected) +
           "These members answer, but do not count as alive here: they may have just come back, "
           "or\n"
           "can hear this agent's gossip while it cannot reach them.\n";
  }
  return "Successfully contacted all live nodes\n";
}

std::string format_reachability_json(const ReachabilityResult& result) {
  JsonWriter json(JsonLayout::Indented);
  json.begin_object();
  json.key("members");
  json.number(result.member_count);
  json.key("live");
  json.number(result.live.size());
  json.key("acks");
  json.texts(result.acks);
  json.key("missing");
  json.texts(without(result.live, result.acks));
  json.key("unexpected");
  json.texts(without(result.acks, result.live));
  json.end_object();
  return json.take();
}

ExitCode run(const ReachabilityOptions& options, Connection& agent, Output& out) {
  const Expected<rpc::Response> listed = agent.call(rpc::MembersRequest{});
  if (!listed) {
    return Output::report("error getting members", listed.error());
  }
  ReachabilityResult result;
  if (const auto* const body = std::get_if<rpc::MembersResponse>(&listed->body)) {
    result.member_count = body->members.size();
    for (const Member& member : body->members) {
      if (member.status == MemberStatus::Alive) {
        result.live.push_back(member.name);
      }
    }
  }
  std::sort(result.live.begin(), result.live.end());
  const bool text = options.format == Format::Text;
  if (text) {
    out.print("Total members: " + std::to_string(result.member_count) + ", live members: " +
              std::to_string(result.live.size()) + "\nStarting reachability test...\n");
  }
  rpc::QueryRequest ping;
  ping.name = kPingQuery;
  ping.request_ack = true;
  ping.wait = options.wait;
  if (const Expected<rpc::Response> asked = agent.call(ping); !asked) {
    return Output::report("error sending ping query", asked.error());
  }
  const Expected<void> collected = collect(options, agent, out, result);
  if (!text) {
    out.print(format_reachability_json(result));
  } else if (collected && options.verbose) {
    out.print("Query time: " + in_seconds(result.query_time) +
              ", time to last response: " + in_seconds(result.last_response) + '\n');
  }
  if (!collected) {
    if (text) {
      out.print(agent.interrupted() ? "Test interrupted\n" : "");
    }
    return Output::report(collected.error());
  }
  if (text) {
    out.print(format_verdict(result));
  }
  return judge(result);
}

}  // namespace gossip::cli
