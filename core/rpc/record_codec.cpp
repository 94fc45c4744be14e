#include "rpc/record_codec.h"

#include <array>
#include <string_view>
#include <utility>
#include <variant>

#include "rpc/fields.h"
#include "rpc/member_codec.h"
#include "rpc/response_codec.h"

namespace gossip::rpc {
namespace {

constexpr std::array kMemberEvents{MemberEventKind::Join, MemberEventKind::Leave,
                                   MemberEventKind::Failed, MemberEventKind::Update,
                                   MemberEventKind::Reap};
constexpr std::array kReplyKinds{std::pair{QueryReplyKind::Ack, std::string_view("ack")},
                                 std::pair{QueryReplyKind::Response, std::string_view("response")},
                                 std::pair{QueryReplyKind::Done, std::string_view("done")}};

struct RecordEncoder {
  MsgpackWriter& out;

  void operator()(const MemberEvent& event) const {
    out.write_map(2);
    out.field("Event", to_string(event.kind));
    write_members(out, event.members);
  }
  void operator()(const UserEvent& event) const {
    out.write_map(5);
    out.field("Coalesce", event.coalesce == Coalesce::Yes);
    out.field("Event", std::string_view("user"));
    out.field("LTime", event.time);
    out.field("Name", std::string_view(event.name));
    out.write(std::string_view("Payload"));
    out.write_bytes_or_nil(event.payload);
  }
  void operator()(const QueryEvent& event) const {
    out.write_map(5);
    out.field("Event", std::string_view("query"));
    out.field("ID", event.id);
    out.field("LTime", event.time);
    out.field("Name", std::string_view(event.name));
    out.write(std::string_view("Payload"));
    out.write_bytes_or_nil(event.payload);
  }
  void operator()(const QueryReply& reply) const {
    const bool names_silent = reply.summary && !reply.summary->silent.empty();
    out.write_map(3U + (reply.summary ? 3U : 0U) + (names_silent ? 1U : 0U));
    if (reply.summary) {
      out.field("Answered", reply.summary->answered);
      out.field("Asked", reply.summary->asked);
      out.field("Declined", reply.summary->declined);
    }
    out.field("From", std::string_view(reply.from));
    out.write(std::string_view("Payload"));
    out.write_bytes_or_nil(reply.payload);
    if (names_silent) {
      out.write(std::string_view("Silent"));
      write_text_list(out, reply.summary->silent);
    }
    for (const auto& [kind, name] : kReplyKinds) {
      if (kind == reply.kind) out.field("Type", name);
    }
  }
  void operator()(const LogLine& line) const {
    out.write_map(1);
    out.field("Log", std::string_view(line.text));
  }
};

// The fields of all three kinds of events together, as Event says only in the end which it is.
std::optional<Record> decode_event(ByteView object) {
  std::string event;
  std::vector<Member> members;
  UserEvent user;
  std::uint64_t id = 0;
  const bool read = read_object(object, [&](MsgpackReader& in, std::string_view key) {
    if (key == "Event") {
      read_text(in, event);
    } else if (key == "Members") {
      read_members(in, members);
    } else if (key == "ID") {
      in.read(id);
    } else if (key == "LTime") {
      in.read(user.time);
    } else if (key == "Name") {
      read_text(in, user.name);
    } else if (key == "Payload") {
      read_bytes(in, user.payload);
    } else if (key == "Coalesce") {
      bool coalesce = false;
      in.read(coalesce);
      user.coalesce = coalesce ? Coalesce::Yes : Coalesce::No;
    } else {
      return false;
    }
    return true;
  });
  if (!read) return std::nullopt;
  if (event == "user") return user;
  if (event == "query") {
    return QueryEvent{id, user.time, std::move(user.name), std::move(user.payload)};
  }
  for (const MemberEventKind kind : kMemberEvents) {
    if (to_string(kind) == event) return MemberEvent{kind, std::move(members)};
  }
  return std::nullopt;
}

std::optional<Record> decode_reply(ByteView object) {
  std::string type;
  QueryReply reply;
  QuerySummary summary;
  bool summed_up = false;
  const bool read = read_object(object, [&](MsgpackReader& in, std::string_view key) {
    if (key == "Type") {
      read_text(in, type);
    } else if (key == "From") {
      read_text(in, reply.from);
    } else if (key == "Payload") {
      read_bytes(in, reply.payload);
    } else if (key == "Asked") {
      in.read(summary.asked);
      summed_up = true;
    } else if (key == "Answered") {
      in.read(summary.answered);
    } else if (key == "Declined") {
      in.read(summary.declined);
    } else if (key == "Silent") {
      read_text_list(in, summary.silent);
    } else {
      return false;
    }
    return true;
  });
  if (!read) return std::nullopt;
  if (summed_up) reply.summary = std::move(summary);
  for (const auto& [kind, name] : kReplyKinds) {
    if (name != type) continue;
    reply.kind = kind;
    return reply;
  }
  return std::nullopt;
}

std::optional<Record> decode_log_line(ByteView object) {
  LogLine line;
  const bool read = read_object(object, [&line](MsgpackReader& in, std::string_view key) {
    if (key != "Log") return false;
    read_text(in, line.text);
    return true;
  });
  if (!read) return std::nullopt;
  return line;
}

}  // namespace

void encode_record(std::uint64_t seq, const Record& record, Bytes& out) {
  encode_response_header({seq, {}}, out);
  MsgpackWriter writer(out, base::msgpack::Flavour::Rpc);
  std::visit(RecordEncoder{writer}, record);
}

std::optional<Record> decode_record(Command starter, ByteView object) {
  switch (starter) {
    case Command::Stream: return decode_event(object);
    case Command::Query: return decode_reply(object);
    case Command::Monitor: return decode_log_line(object);
    default: return std::nullopt;
  }
}

}  // namespace gossip::rpc
