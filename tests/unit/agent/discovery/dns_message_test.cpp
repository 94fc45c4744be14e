#include "agent/discovery/dns_message.h"

#include <doctest/doctest.h>

namespace gossip::agent::discovery {
namespace {

Bytes hex(std::string_view text) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back(
        static_cast<std::uint8_t>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
  return bytes;
}

// An answer of the real Serf agent: tests/data/golden/agent/mdns.json.
const Bytes kSerfAnswer =
    hex("0000840000000004000000000a5f736572665f74657374045f746370056c6f63616c00000c0001000000780008"
        "056e6f"
        "646531c00cc02d0021000100000078000a000a00011f0a02766d00c047000100010000007800040a090801c02d"
        "001000"
        "0100000078001413536572662027746573742720636c7573746572");

// A message of one question whose name is `name`, in bytes.
Bytes asking(const Bytes& name) {
  Bytes packet = hex("000000000001000000000000");
  packet.insert(packet.end(), name.begin(), name.end());
  const Bytes rest = hex("000c0001");
  packet.insert(packet.end(), rest.begin(), rest.end());
  return packet;
}

TEST_CASE("Serf's answer is read, and written as Serf writes it") {
  const tl::expected<DnsMessage, DnsError> message = decode_dns(kSerfAnswer);
  REQUIRE(message.has_value());
  CHECK(message->id == 0);
  CHECK(message->flags == (kDnsResponse | kDnsAuthoritative));
  CHECK(message->questions.empty());
  REQUIRE(message->answers.size() == 4);
  const DnsName service = DnsName::of("_serf_test._tcp.local.");
  const DnsName node = service.below("node1");
  const auto record = [](const DnsName& name, DnsType type, decltype(DnsRecord::data) data) {
    return DnsRecord{name, type, kDnsClassIn, 120, std::move(data)};
  };
  CHECK(message->answers[0] == record(service, DnsType::Ptr, DnsPointer{node}));
  CHECK(message->answers[1] ==
        record(node, DnsType::Srv, DnsService{10, 1, 7946, DnsName::of("vm")}));
  CHECK(message->answers[2] == record(DnsName::of("vm"), DnsType::A, IpAddress::v4({10, 9, 8, 1})));
  CHECK(message->answers[3] == record(node, DnsType::Txt, DnsTexts{{"Serf 'test' cluster"}}));
  CHECK(encode_dns(*message) == kSerfAnswer);
}

TEST_CASE("every beginning of a message is refused as truncated") {
  for (std::size_t length = 0; length < kSerfAnswer.size(); ++length) {
    CAPTURE(length);
    const auto message = decode_dns(ByteView(kSerfAnswer).first(length));
    REQUIRE_FALSE(message.has_value());
    CHECK(message.error() == DnsError::Truncated);
  }
}

TEST_CASE("a name's pointers must lead back, so that every name ends") {
  CHECK(decode_dns(asking(hex("00"))).has_value());
  // To itself, forward, into the header, and two that lead to each other.
  for (const char* name : {"c00c", "0161c00e", "c020", "c000"}) {
    CAPTURE(name);
    const auto message = decode_dns(asking(hex(name)));
    REQUIRE_FALSE(message.has_value());
    CHECK(message.error() == DnsError::BadName);
  }
  Bytes two =
      hex("000000000002000000000000"
          "0161c013"
          "000c0001"
          "0162c00c"
          "000c0001");
  CHECK(decode_dns(two).error() == DnsError::BadName);
  two[15] = 0x00;
  two[14] = 0x00;  // "a" ends; what follows is shifted, and not a message any more
  CHECK_FALSE(decode_dns(two).has_value());
}

TEST_CASE("a chain of pointers is followed to its end") {
  // "local"; then "a" before it; then "b" before that.
  const Bytes packet =
      hex("000000000003000000000000"
          "056c6f63616c00"
          "00010001"
          "0161c00c"
          "00010001"
          "0162c017"
          "00010001");
  const auto message = decode_dns(packet);
  REQUIRE(message.has_value());
  REQUIRE(message->questions.size() == 3);
  CHECK(message->questions[2].name.to_string() == "b.a.local");
  CHECK(encode_dns(*message) == packet);
}

TEST_CASE("labels end at 63 bytes and names at 255") {
  Bytes label = hex("40");
  label.resize(66, 'x');
  label.back() = 0;
  CHECK(decode_dns(asking(label)).error() == DnsError::BadName);
  Bytes name;
  for (int i = 0; i < 4; ++i) {
    name.push_back(i < 3 ? 63 : 61);
    name.resize(name.size() + name.back(), 'x');
  }
  name.push_back(0);
  REQUIRE(name.size() == kMaxDnsNameBytes);
  CHECK(decode_dns(asking(name)).has_value());
  name[192] = 62;
  name.insert(name.end() - 1, 'x');
  CHECK(decode_dns(asking(name)).error() == DnsError::BadName);
}

TEST_CASE("data that does not fit its type or length is refused") {
  const auto answer = [](std::string_view rest) {
    return decode_dns(
        hex("000084000000000100000000"
            "00" +
            std::string(rest)));
  };
  CHECK(answer("0001"
               "0001"
               "00000078"
               "0004"
               "0a090801")
            .has_value());
  CHECK(answer("0001"
               "0001"
               "00000078"
               "0003"
               "0a0908")
            .error() == DnsError::BadRecord);
  CHECK(answer("001c"
               "0001"
               "00000078"
               "0004"
               "0a090801")
            .error() == DnsError::BadRecord);
  CHECK(answer("000c"
               "0001"
               "00000078"
               "0002"
               "0000")
            .error() == DnsError::BadRecord);
  CHECK(answer("000c"
               "0001"
               "00000078"
               "0001"
               "016100")
            .error() == DnsError::BadRecord);
  CHECK(answer("0021"
               "0001"
               "00000078"
               "0006"
               "000100010050")
            .error() == DnsError::Truncated);
  CHECK(answer("0010"
               "0001"
               "00000078"
               "0002"
               "0361")
            .error() == DnsError::BadRecord);
  CHECK(answer("0001"
               "0001"
               "00000078"
               "0005"
               "0a090801")
            .error() == DnsError::Truncated);
  // What nobody asks for is only bytes.
  const auto other = answer(
      "002f"
      "8001"
      "00000078"
      "0003"
      "c00c01");
  REQUIRE(other.has_value());
  CHECK(std::get<DnsOpaque>(other->answers[0].data).bytes == hex("c00c01"));
}

TEST_CASE("a message has limits, whatever its bytes would hold") {
  Bytes many = hex("000000000101000000000000");
  many.resize(many.size() + 257 * 5);
  CHECK(decode_dns(many).error() == DnsError::TooLarge);
  many[5] = 0x00;
  CHECK(decode_dns(many).has_value());
  Bytes large = asking(hex("00"));
  large.resize(kMaxDnsMessageBytes + 1);
  CHECK(decode_dns(large).error() == DnsError::TooLarge);
}

TEST_CASE("names are made of labels that fit") {
  CHECK(is_dns_name("_tcp.local."));
  CHECK(is_dns_name("x"));
  for (const std::string& text : {std::string(), std::string("."), std::string("a..b"),
                                  std::string(".a"), std::string(64, 'x'), std::string(254, '.')}) {
    CHECK_FALSE(is_dns_name(text));
  }
  CHECK(DnsName::of("a.b") == DnsName::of("a.b."));
  CHECK_FALSE(DnsName::of("a.b") == DnsName::of("A.b"));
  // A member's name may have dots and 512 bytes; here it is one label of at most 63.
  CHECK(DnsName::of("local").below("web.1").wire() == std::string_view("\x05web.1\x05local"));
  CHECK(DnsName::of("local").below(std::string(512, 'n')).wire().size() == 64 + 6);
}

}  // namespace
}  // namespace gossip::agent::discovery
