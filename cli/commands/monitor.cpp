#include "cli/commands/monitor.h"

#include <array>
#include <ctime>
#include <string_view>

#include "base/base64.h"
#include "base/overloaded.h"
#include "cli/json.h"
#include "cli/show_member.h"
#include "cli/text.h"
#include "cli/utf8.h"

namespace gossip::cli {
namespace {

using std::chrono::system_clock;

std::string format_time(const std::tm& time, const char* layout) {
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), layout, &time)};
}

// As agents date their log lines.
std::string local_time(system_clock::time_point now) {
  const std::time_t seconds = system_clock::to_time_t(now);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  return format_time(parts, "%Y/%m/%d %H:%M:%S");
}

// RFC 3339, in milliseconds.
std::string utc_time(system_clock::time_point now) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(now);
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(now - whole).count();
  const std::time_t seconds = system_clock::to_time_t(whole);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  const std::string digits = std::to_string(1000 + milliseconds).substr(1);
  return format_time(parts, "%Y-%m-%dT%H:%M:%S.") + digits + "Z";
}

class TextFormat {
 public:
  explicit TextFormat(system_clock::time_point now) : prefix_(local_time(now) + " [EVENT] ") {}

  std::string operator()(const rpc::LogLine& line) const { return escape_line(line.text) + '\n'; }
  std::string operator()(const MemberEvent& event) const {
    std::string lines;
    for (const Member& member : event.members) {
      lines += prefix_;
      lines += to_string(event.kind);
      lines += ": " + quote_word(member.name, "") + ' ' + format_address(member);
      if (!member.tags.empty()) {
        lines += ' ' + format_tags(member.tags);
      }
      lines += '\n';
    }
    return lines;
  }
  std::string operator()(const UserEvent& event) const {
    return prefix_ + "user: " + quote_word(event.name, "") +
           " ltime=" + std::to_string(event.time) +
           (event.coalesce == Coalesce::Yes ? " coalesce=true" : " coalesce=false") +
           payload(event.payload) + '\n';
  }
  std::string operator()(const rpc::QueryEvent& event) const {
    return prefix_ + "query: " + quote_word(event.name, "") + " id=" + std::to_string(event.id) +
           " ltime=" + std::to_string(event.time) + payload(event.payload) + '\n';
  }
  std::string operator()(const rpc::QueryReply&) const { return {}; }

 private:
  static std::string payload(ByteView bytes) {
    return bytes.empty() ? "" : " payload=" + quote_word(as_text(bytes), "");
  }

  std::string prefix_;
};

class JsonFormat {
 public:
  explicit JsonFormat(system_clock::time_point now) : time_(utc_time(now)) {}

  std::string operator()(const rpc::LogLine& line) const {
    JsonWriter json = begin("log");
    json.key("line");
    json.text(line.text);
    return end(json);
  }
  std::string operator()(const MemberEvent& event) const {
    JsonWriter json = begin_event(to_string(event.kind));
    json.key("members");
    json.begin_array();
    for (const Member& member : event.members) {
      write_member(member, json);
    }
    json.end_array();
    return end(json);
  }
  std::string operator()(const UserEvent& event) const {
    JsonWriter json = begin_event("user");
    write_named(event.name, event.time, json);
    json.key("coalesce");
    json.truth(event.coalesce == Coalesce::Yes);
    write_payload(event.payload, json);
    return end(json);
  }
  std::string operator()(const rpc::QueryEvent& event) const {
    JsonWriter json = begin_event("query");
    write_named(event.name, event.time, json);
    json.key("id");
    json.number(event.id);
    write_payload(event.payload, json);
    return end(json);
  }
  std::string operator()(const rpc::QueryReply&) const { return {}; }

 private:
  [[nodiscard]] JsonWriter begin(std::string_view type) const {
    JsonWriter json(JsonLayout::OneLine);
    json.begin_object();
    json.key("time");
    json.text(time_);
    json.key("type");
    json.text(type);
    return json;
  }
  [[nodiscard]] JsonWriter begin_event(std::string_view event) const {
    JsonWriter json = begin("event");
    json.key("event");
    json.text(event);
    return json;
  }
  static std::string end(JsonWriter& json) {
    json.end_object();
    return json.take();
  }
  static void write_named(const std::string& name, LamportTime time, JsonWriter& json) {
    json.key("name");
    json.text(name);
    json.key("ltime");
    json.number(time);
  }
  // Text, and what text cannot hold as base64 besides.
  static void write_payload(ByteView payload, JsonWriter& json) {
    json.key("payload");
    json.text(as_text(payload));
    if (!is_utf8(as_text(payload))) {
      json.key("payload_base64");
      json.text(base::encode_base64(payload));
    }
  }

  std::string time_;
};

// What could not be started, if one of them was refused.
struct Refusal {
  std::string_view doing;
  Error error;
};

std::optional<Refusal> subscribe(const MonitorOptions& options, Connection& agent) {
  if (options.events) {
    rpc::StreamRequest stream;
    stream.type = *options.events;
    // A Serf agent knows neither: it gathers events, and waits for answers anyway.
    stream.coalesce = false;
    stream.answers = false;
    if (const Expected<rpc::Response> opened = agent.call(stream); !opened) {
      return Refusal{"error starting stream", opened.error()};
    }
  }
  if (options.log_level) {
    if (const Expected<rpc::Response> opened = agent.call(rpc::MonitorRequest{*options.log_level});
        !opened) {
      return Refusal{"error starting monitor", opened.error()};
    }
  }
  return std::nullopt;
}

}  // namespace

std::string format_record(const rpc::Record& record, Format format, system_clock::time_point now) {
  return format == Format::Json ? std::visit(JsonFormat(now), record)
                                : std::visit(TextFormat(now), record);
}

ExitCode run(const MonitorOptions& options, Connection& agent, Output& out) {
  if (const std::optional<Refusal> refused = subscribe(options, agent)) {
    return Output::report(refused->doing, refused->error);
  }
  agent.wait_without_limit();
  for (;;) {
    const Expected<rpc::StreamRecord> arrived = agent.next_record();
    if (!arrived) {
      return agent.interrupted() ? ExitCode::Done
                                 : Output::report("monitor ended: the agent at " + agent.where() +
                                                      " left, stopped or crashed",
                                                  arrived.error());
    }
    out.print(format_record(arrived->record, options.format, system_clock::now()));
    if (const ExitCode printed = out.finish(ExitCode::Done); printed != ExitCode::Done) {
      return printed;
    }
  }
}

}  // namespace gossip::cli
