// Finds the members of the cluster through its seeds, for as long as the agent lives: carries time, look-ups, joins and
// news of members between the policy (seeds.h), the resolvers (lookups.h) and the node.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include <uv.h>

#include "gossip/config.h"
#include "gossip/error.h"
#include "gossip/event.h"

#include "agent/seeds/lookups.h"
#include "agent/seeds/seeds.h"
#include "agent/system/logging.h"
#include "config/agent_config.h"
#include "rpc/protocol.h"
#include "runtime/handle.h"
#include "runtime/host.h"
#include "runtime/loop_timer.h"

namespace gossip::agent::seeds {

class Seeding {
 public:
  // All of these outlive the seeding, and `handles` its handles.
  struct Surroundings {
    uv_loop_t* loop;
    runtime::HandleCount& handles;
    runtime::Host& host;
    Logging& log;
  };

  // `gave_up`: the attempts that the configuration allows are used up and nobody was met.
  Seeding(Surroundings around, std::function<void()> gave_up);

  // Errors: System.
  [[nodiscard]] Expected<void> open();
  // Nothing is looked up or joined from here on.
  void close();

  // From now on the seeds of this configuration, new ones at once.
  void set(const config::AgentConfig& config);
  void published(const MemberEvent& event);

  // A seed that is looked after elsewhere, and told of here; it outlives the reports.
  void add_report(std::function<SeedReport()> other) { others_.push_back(std::move(other)); }
  [[nodiscard]] gossip::rpc::SeedsResponse report() const;

 private:
  struct Refused {
    SeedId seed = 0;
    Address address;
    Error why;
  };

  void advance();
  void carry_out(const SeedEffect& effect);
  void join(SeedId seed, const Address& address);
  void joined(SeedId seed, const Address& address, const JoinResult& result);
  [[nodiscard]] Sight sight() const;
  [[nodiscard]] std::vector<Address> own_addresses() const;

  Surroundings around_;
  std::function<void()> gave_up_;
  Seeds seeds_;
  Lookups lookups_;
  runtime::LoopTimer timer_;
  Replay replay_ = Replay::IgnoreOld;
  std::vector<Refused> refused_;
  std::vector<std::function<SeedReport()>> others_;
  bool closed_ = false;
};

}  // namespace gossip::agent::seeds
