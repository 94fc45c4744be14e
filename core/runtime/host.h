// Runs one engine on a libuv loop: sockets in and out, one armed timer, name resolution, completions of slow
// commands. Everything happens on the loop's thread; `gossip::Node` and the agent stand on it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/config.h"
#include "gossip/effects.h"
#include "gossip/engine.h"
#include "gossip/error.h"

struct uv_loop_s;

namespace gossip::runtime {

// Told what the engine says, on the loop's thread. May call the host; the effects of that come afterwards.
class HostListener {
 public:
  HostListener() = default;
  HostListener(const HostListener&) = delete;
  HostListener& operator=(const HostListener&) = delete;
  HostListener(HostListener&&) = delete;
  HostListener& operator=(HostListener&&) = delete;
  virtual ~HostListener() = default;

  virtual void published(const Event& event) = 0;
  virtual void logged(LogLevel level, std::string_view text) = 0;
  // The engine must stop (name taken) or a socket was lost. The host sends nothing any more.
  virtual void stopped(const Error& why) = 0;
};

// How a host name's addresses were chosen for 0.0.0.0, for the banner.
struct BoundAddress {
  Address bound;
  LocalAddress local;
  std::string
      note;  // e.g. "no private address found, advertising the default route's"; empty if plain
};

class Host {
 public:
  // Resolves, binds UDP and TCP to one port, starts nothing else. `listener` and `loop` outlive the host.
  // Errors: kAddressInUse, kInvalidArgument, kNotFound (no usable address), kSystem.
  [[nodiscard]] static Expected<std::unique_ptr<Host>> create(uv_loop_s* loop, Config config,
                                                              HostListener& listener);
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  Host(Host&&) = delete;
  Host& operator=(Host&&) = delete;
  // Needs `close` to have completed, or was never started.
  ~Host();

  void start();
  // Closes every handle without a word to the cluster; `closed` is called once the loop has let go of them.
  void close(std::function<void()> closed);

  using JoinDone = std::function<void(const JoinResult&)>;
  using LeaveDone = std::function<void(const LeaveResult&)>;

  // Addresses as people write them ("name/host:port" too); host names are resolved off the loop, every
  // address found is tried. `done` is called later, once, never from inside this call.
  Expected<void> join(std::vector<std::string> addresses, Replay replay, JoinDone done);
  Expected<void> leave(LeaveDone done);
  Expected<void> set_tags(Tags tags);
  Expected<void> force_leave(std::string_view name, Prune prune);

  // For reading only.
  [[nodiscard]] const Engine& engine() const;
  [[nodiscard]] const BoundAddress& address() const;

 private:
  struct Parts;
  explicit Host(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace gossip::runtime
