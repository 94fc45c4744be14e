#include "script/transcript.h"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "base/overloaded.h"
#include "wire/cipher.h"
#include "wire/describe.h"
#include "wire/keyring.h"
#include "wire/packet.h"
#include "wire/stream.h"

namespace gossip::script {

namespace {

struct Unwrapping {
  explicit Unwrapping(const Config& config) {
    for (const Bytes& key : config.encryption_keys)
      (void)keyring.add(key);
    if (!keyring.empty()) cipher.emplace(keyring);
    wrapping = {.label = config.label,
                .compression = config.compression,
                .cipher = cipher.has_value() ? &*cipher : nullptr};
  }
  wire::Keyring keyring;
  std::optional<wire::Cipher> cipher;
  wire::Wrapping wrapping;
};

std::string_view state_name(wire::NodeStateKind state) {
  switch (state) {
    case wire::NodeStateKind::Alive: return "";
    case wire::NodeStateKind::Suspect: return "(suspect)";
    case wire::NodeStateKind::Dead: return "(dead)";
    case wire::NodeStateKind::Left: return "(left)";
  }
  return "(?)";
}

std::string describe_push_pull(const wire::PushPull& message) {
  std::vector<std::string> rows;
  for (const wire::NodeState& row : message.nodes) {
    rows.push_back(std::string(row.name) + std::string(state_name(row.state)));
  }
  std::sort(rows.begin(), rows.end());
  std::string text = message.join ? "push/pull join" : "push/pull";
  for (const std::string& row : rows)
    text += " " + row;
  return text;
}

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::Trace: return "TRACE";
    case LogLevel::Debug: return "DEBUG";
    case LogLevel::Info: return "INFO";
    case LogLevel::Warn: return "WARN";
    case LogLevel::Error: return "ERR";
  }
  return "?";
}

// "keys 2 of 3, 1 failed; b: text; AQ== 2 (primary 1); silent: c"
std::string describe_keys(const KeyResult& keys) {
  std::string text =
      "keys " + std::to_string(keys.response_count) + " of " + std::to_string(keys.node_count);
  if (keys.error_count > 0) text += ", " + std::to_string(keys.error_count) + " failed";
  for (const auto& [node, message] : keys.messages)
    text += "; " + node + ": " + message;
  for (const auto& [key, count] : keys.keys) {
    const auto primary = keys.primaries.find(key);
    text += "; " + key + " " + std::to_string(count);
    if (primary != keys.primaries.end())
      text += " (primary " + std::to_string(primary->second) + ")";
  }
  for (const std::string& name : keys.silent)
    text += "; silent: " + name;
  return text;
}

}  // namespace

std::vector<std::string> describe_packet(ByteView datagram, const Config& config) {
  const Unwrapping unwrapping(config);
  wire::PacketOpener opener;
  const auto messages = opener.open(datagram, unwrapping.wrapping);
  if (!messages.has_value())
    return {"unreadable (" + std::string(to_string(messages.error())) + ")"};
  std::vector<std::string> lines;
  for (const ByteView message : *messages)
    lines.push_back(wire::describe(message));
  return lines;
}

std::string describe_stream(ByteView bytes, const Config& config) {
  const Unwrapping unwrapping(config);
  for (const wire::StreamSide writer : {wire::StreamSide::Dialler, wire::StreamSide::Acceptor}) {
    wire::StreamReader reader(writer);
    if (reader.feed(bytes, unwrapping.wrapping) != wire::StreamReader::Status::Message) continue;
    return std::visit(
        base::Overloaded{
            [](const wire::Ping& ping) {
              return "stream ping seq=" + std::to_string(ping.sequence);
            },
            [](const wire::Ack& ack) { return "stream ack seq=" + std::to_string(ack.sequence); },
            [](const wire::PushPull& message) { return describe_push_pull(message); },
            [](const wire::UserMessage&) { return std::string("stream user message"); },
            [](const wire::ErrorReply& error) {
              return "error \"" + std::string(error.error) + "\"";
            },
        },
        reader.message());
  }
  return "unreadable";
}

std::string describe_event(const Event& event) {
  return std::visit(base::Overloaded{
                        [](const MemberEvent& change) {
                          std::string text(to_string(change.kind));
                          for (const Member& member : change.members)
                            text += " " + member.name;
                          return text;
                        },
                        [](const UserEvent& user) { return "user event " + user.name; },
                        [](const Query& query) { return "query " + query.name; },
                    },
                    event);
}

std::string describe_finish(const Finish& finish) {
  return std::visit(base::Overloaded{
                        [](const JoinResult& join) {
                          std::string text = "joined " + std::to_string(join.joined);
                          for (const JoinFailure& failure : join.failures) {
                            text += "; " + failure.address + ": " + failure.reason;
                          }
                          return text;
                        },
                        [](const LeaveResult& leave) {
                          return std::string(leave.spread ? "has left" : "has left, unheard");
                        },
                        [](const KeyResult& keys) { return describe_keys(keys); },
                    },
                    finish.result);
}

std::string describe_reply(const QueryReply& reply) {
  std::string text = reply.kind == QueryReplyKind::Ack ? "ack from " : "answer from ";
  text += reply.from;
  if (!reply.payload.empty()) text += " \"" + std::string(as_text(reply.payload)) + "\"";
  return text;
}

std::string describe_done(const QueryDone& done) {
  std::string text = done.end == QueryEnd::Complete ? "query complete: " : "query timed out: ";
  text += std::to_string(done.answered) + " of " + std::to_string(done.asked) + " answered";
  if (done.declined > 0) text += ", " + std::to_string(done.declined) + " declined";
  for (const std::string& name : done.silent)
    text += ", " + name + " silent";
  return text;
}

std::string describe_log(const Log& log) {
  return "[" + std::string(level_name(log.level)) + "] " + log.text;
}

std::string describe_time(TimePoint at) {
  const auto ns = at.time_since_epoch().count();
  char text[48];
  std::snprintf(text, sizeof text, "%lld.%03llds", static_cast<long long>(ns / 1'000'000'000),
                static_cast<long long>(ns / 1'000'000 % 1'000));
  return text;
}

}  // namespace gossip::script
