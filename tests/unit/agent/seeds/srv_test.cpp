#include "agent/seeds/srv.h"

#include <doctest/doctest.h>

#include "agent/discovery/dns_message.h"

namespace gossip::agent::seeds {
namespace {

using discovery::DnsMessage;
using discovery::DnsName;
using discovery::DnsRecord;
using discovery::DnsService;
using discovery::DnsType;

DnsRecord srv(std::string_view host, std::uint16_t port) {
  return {DnsName::of("_gossip._tcp.example"), DnsType::Srv, discovery::kDnsClassIn, 60,
          DnsService{1, 2, port, host.empty() ? DnsName() : DnsName::of(host)}};
}

DnsRecord address(std::string_view host, std::string_view ip) {
  const IpAddress parsed = IpAddress::parse(ip).value();
  return {DnsName::of(host), parsed.is_v4() ? DnsType::A : DnsType::Aaaa, discovery::kDnsClassIn,
          60, parsed};
}

TEST_CASE("services stand with their ports and the addresses that the answer brings along") {
  DnsMessage message;
  message.flags = discovery::kDnsResponse;
  message.answers = {srv("a.example", 7946), srv("b.example", 8000)};
  message.additional = {address("a.example", "192.0.2.1"), address("a.example", "2001:db8::1")};
  const Expected<std::vector<Service>> services = services_in(discovery::encode_dns(message));
  REQUIRE(services.has_value());
  CHECK(*services ==
        std::vector<Service>{
            {"a.example", 7946, {*IpAddress::parse("192.0.2.1"), *IpAddress::parse("2001:db8::1")}},
            {"b.example", 8000, {}}});
}

TEST_CASE("an answer that repeats itself brings no more along than one may") {
  DnsMessage message;
  for (std::uint16_t i = 0; i < 100; ++i) {
    message.answers.push_back(srv("a.example", i));
    message.additional.push_back(address("a.example", "192.0.2." + std::to_string(i)));
  }
  const Expected<std::vector<Service>> services = services_in(discovery::encode_dns(message));
  REQUIRE(services.has_value());
  REQUIRE(services->size() == 100);
  std::size_t addresses = 0;
  for (const Service& service : *services)
    addresses += service.addresses.size();
  CHECK(addresses == kMaxBroughtAlong);
  CHECK(services->front().addresses.size() == 100);
  CHECK(services->back().addresses.empty());
}

TEST_CASE("a service at the root is none") {
  DnsMessage message;
  message.answers = {srv("", 0)};
  CHECK(services_in(discovery::encode_dns(message)).error().code == ErrorCode::NotFound);
}

TEST_CASE("an answer that is cut, empty or noise is an error and nothing worse") {
  DnsMessage message;
  message.answers = {srv("a.example", 7946), srv("b.example", 8000)};
  const Bytes whole = discovery::encode_dns(message);
  for (std::size_t size = 0; size < whole.size(); ++size)
    static_cast<void>(services_in(ByteView(whole).first(size)));
  CHECK(services_in({}).error().code == ErrorCode::InvalidArgument);
  CHECK_FALSE(services_in(Bytes(5000, 0xff)).has_value());
}

}  // namespace
}  // namespace gossip::agent::seeds
