#include "rpc/member_codec.h"

#include <array>
#include <string>
#include <string_view>

namespace gossip::rpc {
namespace {

constexpr std::array kStatuses{MemberStatus::None, MemberStatus::Alive, MemberStatus::Leaving,
                               MemberStatus::Left, MemberStatus::Failed};

void write_member(MsgpackWriter& out, const Member& member) {
  const IpAddress ip = member.address.ip.shortest();
  out.write_map(11);
  out.write(std::string_view("Addr"));
  out.write_bytes_or_nil(ip.bytes());
  out.field("DelegateCur", member.versions.delegate_current);
  out.field("DelegateMax", member.versions.delegate_max);
  out.field("DelegateMin", member.versions.delegate_min);
  out.field("Name", std::string_view(member.name));
  out.field("Port", member.address.port);
  out.field("ProtocolCur", member.versions.protocol_current);
  out.field("ProtocolMax", member.versions.protocol_max);
  out.field("ProtocolMin", member.versions.protocol_min);
  out.field("Status", to_string(member.status));
  out.write(std::string_view("Tags"));
  write_text_map(out, member.tags);
}

MemberStatus status_from(std::string_view text) {
  for (const MemberStatus status : kStatuses) {
    if (to_string(status) == text) return status;
  }
  return MemberStatus::None;
}

bool read_version(MsgpackReader& in, std::string_view key, Versions& versions) {
  if (key == "ProtocolMin") {
    in.read(versions.protocol_min);
  } else if (key == "ProtocolMax") {
    in.read(versions.protocol_max);
  } else if (key == "ProtocolCur") {
    in.read(versions.protocol_current);
  } else if (key == "DelegateMin") {
    in.read(versions.delegate_min);
  } else if (key == "DelegateMax") {
    in.read(versions.delegate_max);
  } else if (key == "DelegateCur") {
    in.read(versions.delegate_current);
  } else {
    return false;
  }
  return true;
}

void read_member(MsgpackReader& in, Member& member) {
  read_fields(in, [&](std::string_view key) {
    if (key == "Name") {
      read_text(in, member.name);
    } else if (key == "Addr") {
      ByteView bytes;
      in.read(bytes);
      member.address.ip = IpAddress::from_bytes(bytes).value_or(IpAddress());
    } else if (key == "Port") {
      in.read(member.address.port);
    } else if (key == "Tags") {
      read_text_map(in, member.tags);
    } else if (key == "Status") {
      std::string_view text;
      in.read(text);
      member.status = status_from(text);
    } else {
      return read_version(in, key, member.versions);
    }
    return true;
  });
}

}  // namespace

void write_members(MsgpackWriter& out, const std::vector<Member>& members) {
  out.write(std::string_view("Members"));
  out.write_list(members.size());
  for (const Member& member : members)
    write_member(out, member);
}

void read_members(MsgpackReader& in, std::vector<Member>& members) {
  members.clear();
  const std::size_t count = in.read_list();
  for (std::size_t i = 0; i < count && in.good(); ++i)
    read_member(in, members.emplace_back());
}

}  // namespace gossip::rpc
