// A Serf agent as a service of DNS-SD (RFC 6763): the names under which agents of one cluster find each other, the
// records that tell where one is, and how to read those of others. As hashicorp/mdns has them (zone.go).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gossip/address.h"
#include "gossip/bytes.h"

#include "agent/discovery/dns_message.h"

namespace gossip::agent::discovery {

// What one agent says of itself.
struct Announcement {
  std::string cluster;  // is_dns_name("_serf_" + cluster + "._tcp.local")
  std::string node;     // any bytes; only the first 63 are shown
  std::string host;     // what is no DNS name is replaced
  Address address;      // advertised
};

inline constexpr std::uint32_t kMdnsTtlSeconds = 120;
// Addresses that one answer may name.
inline constexpr std::size_t kMaxFoundAddresses = 64;

class SerfService {
 public:
  explicit SerfService(const Announcement& announcement);

  // Who is in the cluster?
  [[nodiscard]] DnsMessage question() const;
  // Each record that `query` asks for, once; none if it asks for nothing of ours.
  [[nodiscard]] std::optional<DnsMessage> answer_to(const DnsMessage& query) const;
  // Where the agents are that `response` names. What is not of our cluster, or goes away, is left out.
  [[nodiscard]] std::vector<Address> found_in(const DnsMessage& response) const;

 private:
  struct Wanted {
    bool enumeration = false;
    bool pointer = false;
    bool service = false;
    bool address = false;
    bool text = false;
  };
  void want(const DnsQuestion& question, Wanted& wanted) const;

  DnsName enumeration_;  // the service of all services
  DnsName service_;      // _serf_NAME._tcp.local
  DnsName instance_;     // NODE._serf_NAME._tcp.local
  DnsName host_;
  std::string text_;
  Address address_;
};

}  // namespace gossip::agent::discovery
