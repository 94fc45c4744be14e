// Names to addresses without blocking the loop: literals are read here, names go to the system's resolver in
// libuv's thread pool, and every address found counts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <uv.h>

#include "gossip/address.h"
#include "gossip/effects.h"
#include "gossip/error.h"

namespace gossip::runtime {

struct HostAndPort {
  std::string host;  // a name or an IP literal, without brackets
  std::uint16_t port = 0;
};

// Of one name; what is beyond does not count.
inline constexpr std::size_t kMaxAddresses = 1024;

// "host", "host:port", "[v6]", "[v6]:port", a bare IPv6 address; with `name/` in front, which memberlist's
// transports may use and ours does not (memberlist.go, resolveAddr). InvalidArgument.
[[nodiscard]] Expected<HostAndPort> parse_target(std::string_view text, std::uint16_t default_port);

// The addresses of a name or literal by the system's resolver, waiting for it: for start-up only.
[[nodiscard]] Expected<std::vector<Address>> resolve_now(const HostAndPort& target);

struct Resolved {
  std::vector<Address> contacts;      // in the order asked for
  std::vector<JoinFailure> failures;  // address as written
};

class Resolver {
 public:
  using Done = std::function<void(Resolved)>;

  // `loop` outlives every lookup, also those that are under way when this object goes.
  explicit Resolver(uv_loop_t* loop);
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  Resolver(Resolver&&) = delete;
  Resolver& operator=(Resolver&&) = delete;
  // Nobody is told any more. A lookup in the system's resolver cannot be stopped: the loop keeps its
  // request, which then frees itself.
  ~Resolver();

  // Calls `done` once: at once if there is no name among `addresses`, else from the loop.
  void resolve(const std::vector<std::string>& addresses, std::uint16_t default_port, Done done);

 private:
  struct Batch;
  struct Lookup;
  // Lookups of one batch at a time in the pool, so that a long list leaves room for others.
  static constexpr std::size_t kMaxLookups = 4;

  void start_lookups(Batch& batch);
  void look_up(Batch& batch, std::size_t index);
  static void answered(uv_getaddrinfo_t* request, int status, addrinfo* found);
  void finish_if_complete(Batch& batch);

  uv_loop_t* loop_;
  std::vector<std::unique_ptr<Batch>> batches_;
};

}  // namespace gossip::runtime
