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

#include "runtime/udp.h"

struct uv_loop_s;

namespace gossip::runtime {

// Told what the engine says, on the loop's thread, never from inside a call of the host's. May call the host
// (not destroy it); the effects of that come afterwards.
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
  // The engine must stop (name taken) or a socket was lost. The host sends nothing any more, answers no
  // command and calls no listener; it still has to be closed.
  virtual void stopped(const Error& why) = 0;
  // All effects of a turn are carried out: the engine is at rest and may be read.
  virtual void turned() {}
};

// Where the host listens, and how what it tells others was chosen.
struct BoundAddress {
  Address bound;
  LocalAddress local;
  // For the banner, e.g. "bound to 0.0.0.0, and no private address found: advertising …"; empty if plain.
  std::string note;
};

class Host {
 public:
  // Resolves (a bind or advertise address may be a host name), binds UDP and TCP to one port, reads the keyring
  // (if it has no keys) and the snapshot, starts nothing else. An empty node name becomes the host's. `listener`
  // and `loop` outlive the host. A snapshot that is missing is made; one beyond 64 MiB is refused.
  // Errors: those of `check`, TooLarge (tags, a file), AddressInUse, PermissionDenied, InvalidArgument,
  // NotFound (no such name or file, or not an address of this host), System.
  [[nodiscard]] static Expected<std::unique_ptr<Host>> create(uv_loop_s* loop, Config config,
                                                              HostListener& listener);
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  Host(Host&&) = delete;
  Host& operator=(Host&&) = delete;
  // Needs `close` to have completed, or was never started.
  ~Host();

  // Begins; the listener hears of it in the loop's next round. Once.
  void start();
  // Closes every handle without a word to the cluster; `closed` is called once the loop has let go of them,
  // and may destroy the host. From here on nothing else is called. Never started: `closed` comes at once.
  // A name lookup under way does not hold this up, but its request stays on the loop until it ends.
  void close(std::function<void()> closed);

  using JoinDone = std::function<void(const JoinResult&)>;
  using LeaveDone = std::function<void(const LeaveResult&)>;
  using KeysDone = std::function<void(const KeyResult&)>;
  // Both are called on the loop, never from inside `query`; nothing after `done`, nor if the host stops or
  // closes before.
  struct QueryCallbacks {
    std::function<void(const QueryReply&)> replied;
    std::function<void(const QueryDone&)> done;
  };

  // Addresses as people write them ("name/host:port" too; the default port is the bound one); host names are
  // resolved off the loop, every address found is tried. `done` is called later, once, never from inside
  // this call, and not at all if the host stops or closes before. InvalidArgument for no address at all,
  // WrongState when not running; what the engine refuses comes as failures in the result.
  Expected<void> join(const std::vector<std::string>& addresses, Replay replay, JoinDone done);
  // `done` as above. After it the host still runs: close it. Errors as Engine::leave.
  Expected<void> leave(LeaveDone done);
  Expected<void> set_tags(Tags tags);
  Expected<void> force_leave(std::string_view name, Prune prune);
  // As the engine's functions of these names.
  Expected<void> send_event(std::string_view name, ByteView payload, Coalesce coalesce);
  Expected<QueryToken> query(const QueryParams& params, QueryCallbacks callbacks);
  Expected<void> respond(QueryToken query, ByteView payload);
  void decline(QueryToken query);
  Expected<void> change_keys(const KeyCommand& command, KeysDone done);

  // For reading only.
  [[nodiscard]] const Engine& engine() const;
  [[nodiscard]] const BoundAddress& address() const;
  [[nodiscard]] const UdpCounters& udp_counters() const;  // zero before `start`

 private:
  struct Parts;
  explicit Host(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace gossip::runtime
