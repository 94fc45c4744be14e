// A seed as people write it: where the addresses of other members come from. The spellings are those of Serf, dskit
// (dns+, dnssrv+), go-netaddrs (exec=) and go-discover (provider=…); what they lead to is the agent's to find out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gossip/error.h"

namespace gossip::config {

struct SeedSpec {
  enum class Kind : std::uint8_t {
    Address,  // "10.0.0.1", "[2001:db8::1]:7946", "name/10.0.0.1:7946"
    Name,     // "seed.example.org:7946", "dns+seed.example.org", "provider=dns name=…"
    Service,  // "dnssrv+_gossip._tcp.example.org", "srv:…", "provider=srv service=gossip domain=…"
    Script,  // "exec=/path/to/script args", "exec:…", "provider=exec command=…"
    File,    // "file:/run/seeds", "provider=file path=…"
    Mdns,    // "mdns:NAME", "provider=mdns cluster=NAME"
  };
  Kind kind = Kind::Address;
  std::string text;    // as written
  std::string target;  // host[:port], SRV name, command line, path, or cluster

  friend bool operator==(const SeedSpec&, const SeedSpec&) = default;
};

// Errors: InvalidArgument, with what is wrong and, for a provider that we do not have, what to do instead.
[[nodiscard]] Expected<SeedSpec> parse_seed(std::string_view text);

// A warning where a seed says something else than what was probably meant; else empty.
[[nodiscard]] std::string doubt_about(const SeedSpec& seed);

// "address", "name", "service", "script", "file", "mdns".
[[nodiscard]] std::string_view to_string(SeedSpec::Kind kind);

}  // namespace gossip::config
