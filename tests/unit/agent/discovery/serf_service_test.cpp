#include "agent/discovery/serf_service.h"

#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "unit/test_data.h"

namespace gossip::agent::discovery {
namespace {

Bytes hex(const std::string& text) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

Announcement announcement_of(std::string node, std::string address) {
  return {"test", std::move(node), "vm", Address::parse(address, 7946).value()};
}

DnsMessage asked(const std::string& name, DnsType type, std::uint16_t klass = kDnsClassIn) {
  DnsMessage query;
  query.questions.push_back({DnsName::of(name), type, klass});
  return query;
}

std::vector<DnsType> types(const std::optional<DnsMessage>& answer) {
  std::vector<DnsType> types;
  if (!answer) return types;
  for (const DnsRecord& record : answer->answers)
    types.push_back(record.type);
  return types;
}

TEST_CASE("every packet of two real Serf agents is what this service asks, answers and finds") {
  std::ifstream file(test_data("golden/agent/mdns.json"));
  const nlohmann::json packets = nlohmann::json::parse(file).at("packets");
  REQUIRE(packets.size() == 30);
  for (const nlohmann::json& packet : packets) {
    const Bytes payload = hex(packet.at("payload"));
    const auto message = decode_dns(payload);
    REQUIRE(message.has_value());
    CHECK(encode_dns(*message) == payload);
    const SerfService one(announcement_of("node1", "10.9.8.1"));
    const SerfService two(announcement_of("node2", "10.9.8.2"));
    if ((message->flags & kDnsResponse) == 0) {
      DnsMessage question = one.question();
      question.id = message->id;  // Serf's are random
      CHECK(question == *message);
      continue;
    }
    const bool first = encode_dns(*one.answer_to(one.question())) == payload;
    CHECK((first || encode_dns(*two.answer_to(two.question())) == payload));
    const Address from = Address::parse(first ? "10.9.8.1" : "10.9.8.2", 7946).value();
    CHECK(one.found_in(*message) == std::vector<Address>{from});
    // Another cluster's service finds nothing in it.
    CHECK(SerfService({"tes", "n", "vm", from}).found_in(*message).empty());
  }
}

TEST_CASE("a service answers the questions that Serf's answers") {
  const SerfService service(announcement_of("n", "[fd00::1]:7000"));
  using Types = std::vector<DnsType>;
  const auto answers = [&](const std::string& name, DnsType type,
                           std::uint16_t klass = kDnsClassIn) {
    return types(service.answer_to(asked(name, type, klass)));
  };
  const Types all{DnsType::Ptr, DnsType::Srv, DnsType::Aaaa, DnsType::Txt};
  CHECK(answers("_serf_test._tcp.local", DnsType::Ptr) == all);
  CHECK(answers("_serf_test._tcp.local", DnsType::Any) == all);
  CHECK(answers("_serf_test._tcp.local", DnsType::Ptr, kDnsClassIn | kDnsClassTopBit) == all);
  CHECK(answers("n._serf_test._tcp.local", DnsType::Any) ==
        Types{DnsType::Srv, DnsType::Aaaa, DnsType::Txt});
  CHECK(answers("n._serf_test._tcp.local", DnsType::Srv) == Types{DnsType::Srv, DnsType::Aaaa});
  CHECK(answers("n._serf_test._tcp.local", DnsType::Txt) == Types{DnsType::Txt});
  CHECK(answers("vm", DnsType::Aaaa) == Types{DnsType::Aaaa});
  CHECK(answers("_services._dns-sd._udp.local", DnsType::Ptr) == Types{DnsType::Ptr});
  CHECK(answers("_serf_test._tcp.local", DnsType::Srv).empty());
  CHECK(answers("_serf_other._tcp.local", DnsType::Ptr).empty());
  CHECK(answers("m._serf_test._tcp.local", DnsType::Any).empty());
  CHECK(answers("_serf_test._tcp.local", DnsType::Ptr, 3).empty());
}

TEST_CASE("many questions in one packet get each record once") {
  const SerfService service(announcement_of("n", "10.0.0.1"));
  DnsMessage query = service.question();
  for (int i = 0; i < 100; ++i)
    query.questions.push_back(query.questions.front());
  CHECK(types(service.answer_to(query)).size() == 4);
}

TEST_CASE("an address counts if its records lead from the cluster to it") {
  const SerfService service(announcement_of("n", "10.0.0.1"));
  const SerfService other(announcement_of("m", "10.0.0.2"));
  const DnsMessage whole = *other.answer_to(other.question());
  REQUIRE(service.found_in(whole).size() == 1);
  // Without its text it counts here, unlike in Serf; without any other record it does not.
  for (std::size_t missing = 0; missing < 4; ++missing) {
    DnsMessage part = whole;
    part.answers.erase(part.answers.begin() + static_cast<std::ptrdiff_t>(missing));
    CHECK(service.found_in(part).size() == (missing == 3 ? 1 : 0));
  }
  DnsMessage goodbye = whole;
  for (DnsRecord& record : goodbye.answers)
    record.ttl = 0;
  CHECK(service.found_in(goodbye).empty());
  // As avahi does: the addresses are additional records.
  DnsMessage additional = whole;
  additional.additional.assign(whole.answers.begin() + 1, whole.answers.end());
  additional.answers.resize(1);
  CHECK(service.found_in(additional).size() == 1);
}

TEST_CASE("an answer names so many addresses at most") {
  const SerfService service(announcement_of("n", "10.0.0.1"));
  DnsMessage answer = *service.answer_to(service.question());
  for (std::uint8_t i = 0; i < 200; ++i) {
    DnsRecord record = answer.answers[2];
    record.data = IpAddress::v4({10, 0, 1, i});
    answer.answers.push_back(std::move(record));
  }
  CHECK(service.found_in(answer).size() == kMaxFoundAddresses);
}

TEST_CASE("names that DNS cannot carry are announced as far as it can") {
  const SerfService service(
      {"test", std::string(512, 'x'), "bad..host", Address::parse("10.0.0.1", 7946).value()});
  const auto answer = decode_dns(encode_dns(*service.answer_to(service.question())));
  REQUIRE(answer.has_value());
  CHECK(std::get<DnsService>(answer->answers[1].data).target == DnsName::of("gossipd"));
}

}  // namespace
}  // namespace gossip::agent::discovery
