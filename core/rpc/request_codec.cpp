#include "rpc/request_codec.h"

#include <string_view>
#include <variant>

#include "rpc/fields.h"

namespace gossip::rpc {
namespace {

struct BodyEncoder {
  MsgpackWriter& out;

  void operator()(const HandshakeRequest& request) const {
    out.write_map(1);
    out.field("Version", request.version);
  }
  void operator()(const AuthRequest& request) const {
    out.write_map(1);
    out.field("AuthKey", std::string_view(request.key));
  }
  void operator()(const EventRequest& request) const {
    out.write_map(3);
    out.field("Coalesce", request.coalesce);
    out.field("Name", std::string_view(request.name));
    out.write(std::string_view("Payload"));
    out.write_bytes_or_nil(request.payload);
  }
  void operator()(const ForceLeaveRequest& request) const {
    out.write_map(2);
    out.field("Node", std::string_view(request.node));
    out.field("Prune", request.prune);
  }
  void operator()(const JoinRequest& request) const {
    out.write_map(2);
    out.write(std::string_view("Existing"));
    write_text_list(out, request.existing);
    out.field("Replay", request.replay);
  }
  void operator()(const MembersFilteredRequest& request) const {
    out.write_map(3);
    out.field("Name", std::string_view(request.name));
    out.field("Status", std::string_view(request.status));
    out.write(std::string_view("Tags"));
    write_text_map(out, request.tags);
  }
  void operator()(const TagsRequest& request) const {
    out.write_map(2);
    out.write(std::string_view("DeleteTags"));
    write_text_list(out, request.remove);
    out.write(std::string_view("Tags"));
    write_text_map(out, request.set);
  }
  // What Serf's agents do not know is left out where it says nothing, here and below.
  void operator()(const StreamRequest& request) const {
    out.write_map(1U + (request.answers ? 0U : 1U) + (request.coalesce ? 0U : 1U));
    if (!request.answers) out.field("Answers", false);
    if (!request.coalesce) out.field("Coalesce", false);
    out.field("Type", std::string_view(request.type));
  }
  void operator()(const MonitorRequest& request) const {
    out.write_map(1);
    out.field("LogLevel", std::string_view(request.log_level));
  }
  void operator()(const StopRequest& request) const {
    out.write_map(1);
    out.field("Stop", request.stop);
  }
  void operator()(const QueryRequest& request) const {
    out.write_map(request.wait.has_value() ? 8 : 7);
    out.write(std::string_view("FilterNodes"));
    write_text_list(out, request.filter_nodes);
    out.write(std::string_view("FilterTags"));
    write_text_map(out, request.filter_tags);
    out.field("Name", std::string_view(request.name));
    out.write(std::string_view("Payload"));
    out.write_bytes_or_nil(request.payload);
    out.field("RelayFactor", request.relay_factor);
    out.field("RequestAck", request.request_ack);
    out.field("Timeout", request.timeout_ns);
    if (request.wait.has_value()) out.field("Wait", *request.wait);
  }
  void operator()(const RespondRequest& request) const {
    out.write_map(2);
    out.field("ID", request.id);
    out.write(std::string_view("Payload"));
    out.write_bytes_or_nil(request.payload);
  }
  void operator()(const KeyRequest& request) const {
    out.write_map(1);
    out.field("Key", std::string_view(request.key));
  }
  void operator()(const GetCoordinateRequest& request) const {
    out.write_map(1);
    out.field("Node", std::string_view(request.node));
  }
  // Those without a body.
  void operator()(const MembersRequest& /*r*/) const {}
  void operator()(const LeaveRequest& /*r*/) const {}
  void operator()(const ListKeysRequest& /*r*/) const {}
  void operator()(const StatsRequest& /*r*/) const {}
  void operator()(const ReloadRequest& /*r*/) const {}
  void operator()(const SeedsRequest& /*r*/) const {}
  void operator()(const MetricsRequest& /*r*/) const {}
};

// Each reads one field of its request; false: not a field of it.
bool read_field(MsgpackReader& in, std::string_view key, HandshakeRequest& request) {
  if (key != "Version") return false;
  in.read(request.version);
  return true;
}

bool read_field(MsgpackReader& in, std::string_view key, AuthRequest& request) {
  if (key != "AuthKey") return false;
  read_text(in, request.key);
  return true;
}

bool read_field(MsgpackReader& in, std::string_view key, EventRequest& request) {
  if (key == "Name") {
    read_text(in, request.name);
  } else if (key == "Payload") {
    read_bytes(in, request.payload);
  } else if (key == "Coalesce") {
    in.read(request.coalesce);
  } else {
    return false;
  }
  return true;
}

bool read_field(MsgpackReader& in, std::string_view key, ForceLeaveRequest& request) {
  if (key == "Node") {
    read_text(in, request.node);
  } else if (key == "Prune") {
    in.read(request.prune);
  } else {
    return false;
  }
  return true;
}

bool read_field(MsgpackReader& in, std::string_view key, JoinRequest& request) {
  if (key == "Existing") {
    read_text_list(in, request.existing);
  } else if (key == "Replay") {
    in.read(request.replay);
  } else {
    return false;
  }
  return true;
}

bool read_field(MsgpackReader& in, std::string_view key, MembersFilteredRequest& request) {
  if (key == "Tags") {
    read_text_map(in, request.tags);
  } else if (key == "Status") {
    read_text(in, request.status);
  } else if (key == "Name") {
    read_text(in, request.name);
  } else {
    return false;
  }
  return true;
}

bool read_field(MsgpackReader& in, std::string_view key, TagsRequest& request) {
  if (key == "Tags") {
    read_text_map(in, request.set);
  } else if (key == "DeleteTags") {
    read_text_list(in, request.remove);
  } else {
    return false;
  }
  return true;
}

bool read_field(MsgpackReader& in, std::string_view key, StreamRequest& request) {
  if (key == "Type") {
    read_text(in, request.type);
  } else if (key == "Answers") {
    in.read(request.answers);
  } else if (key == "Coalesce") {
    in.read(request.coalesce);
  } else {
    return false;
  }
  return true;
}

bool read_field(MsgpackReader& in, std::string_view key, MonitorRequest& request) {
  if (key != "LogLevel") return false;
  read_text(in, request.log_level);
  return true;
}

bool read_field(MsgpackReader& in, std::string_view key, StopRequest& request) {
  if (key != "Stop") return false;
  in.read(request.stop);
  return true;
}

bool read_field(MsgpackReader& in, std::string_view key, QueryRequest& request) {
  if (key == "FilterNodes") {
    read_text_list(in, request.filter_nodes);
  } else if (key == "FilterTags") {
    read_text_map(in, request.filter_tags);
  } else if (key == "RequestAck") {
    in.read(request.request_ack);
  } else if (key == "RelayFactor") {
    in.read(request.relay_factor);
  } else if (key == "Timeout") {
    in.read(request.timeout_ns);
  } else if (key == "Wait") {
    in.read(request.wait.emplace());
  } else if (key == "Name") {
    read_text(in, request.name);
  } else if (key == "Payload") {
    read_bytes(in, request.payload);
  } else {
    return false;
  }
  return true;
}

bool read_field(MsgpackReader& in, std::string_view key, RespondRequest& request) {
  if (key == "ID") {
    in.read(request.id);
  } else if (key == "Payload") {
    read_bytes(in, request.payload);
  } else {
    return false;
  }
  return true;
}

bool read_field(MsgpackReader& in, std::string_view key, KeyRequest& request) {
  if (key != "Key") return false;
  read_text(in, request.key);
  return true;
}

bool read_field(MsgpackReader& in, std::string_view key, GetCoordinateRequest& request) {
  if (key != "Node") return false;
  read_text(in, request.node);
  return true;
}

// `request` holds what the body does not say.
template <typename T>
std::optional<Request> decode(ByteView object, T request) {
  const bool read = read_object(object, [&request](MsgpackReader& in, std::string_view key) {
    return read_field(in, key, request);
  });
  if (!read) return std::nullopt;
  return request;
}

}  // namespace

void encode_request(std::uint64_t seq, const Request& request, Bytes& out) {
  MsgpackWriter writer(out, base::msgpack::Flavour::Rpc);
  writer.write_map(2);
  writer.field("Command", to_string(command_of(request)));
  writer.field("Seq", seq);
  std::visit(BodyEncoder{writer}, request);
}

std::optional<RequestHeader> decode_request_header(ByteView object) {
  RequestHeader header;
  const bool read = read_object(object, [&header](MsgpackReader& in, std::string_view key) {
    if (key == "Command") {
      read_text(in, header.command);
    } else if (key == "Seq") {
      in.read(header.seq);
    } else {
      return false;
    }
    return true;
  });
  if (!read) return std::nullopt;
  return header;
}

std::optional<Request> decode_request(Command command, ByteView object) {
  switch (command) {
    // An absent version is 0, which nobody speaks.
    case Command::Handshake: return decode(object, HandshakeRequest{.version = 0});
    case Command::Auth: return decode(object, AuthRequest{});
    case Command::Event: return decode(object, EventRequest{});
    case Command::ForceLeave: return decode(object, ForceLeaveRequest{});
    case Command::Join: return decode(object, JoinRequest{});
    case Command::Members: return MembersRequest{};
    case Command::MembersFiltered: return decode(object, MembersFilteredRequest{});
    case Command::Tags: return decode(object, TagsRequest{});
    case Command::Stream: return decode(object, StreamRequest{});
    case Command::Monitor: return decode(object, MonitorRequest{});
    case Command::Stop: return decode(object, StopRequest{});
    case Command::Leave: return LeaveRequest{};
    case Command::Query: return decode(object, QueryRequest{});
    case Command::Respond: return decode(object, RespondRequest{});
    case Command::InstallKey: return decode(object, KeyRequest{KeyChange::Install, {}});
    case Command::UseKey: return decode(object, KeyRequest{KeyChange::Use, {}});
    case Command::RemoveKey: return decode(object, KeyRequest{KeyChange::Remove, {}});
    case Command::ListKeys: return ListKeysRequest{};
    case Command::Stats: return StatsRequest{};
    case Command::GetCoordinate: return decode(object, GetCoordinateRequest{});
    case Command::Reload: return ReloadRequest{};
    case Command::Seeds: return SeedsRequest{};
    case Command::Metrics: return MetricsRequest{};
  }
  return std::nullopt;
}

}  // namespace gossip::rpc
