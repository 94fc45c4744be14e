// Finds the other agents of an mDNS cluster and joins them: carries packets, time and joins between the policy
// (mdns.h), its sockets and the node.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <uv.h>

#include "gossip/config.h"
#include "gossip/error.h"

#include "agent/discovery/mdns.h"
#include "agent/discovery/mdns_sockets.h"
#include "agent/system/logging.h"
#include "config/agent_config.h"
#include "runtime/handle.h"
#include "runtime/host.h"
#include "runtime/loop_timer.h"

namespace gossip::agent::discovery {

class Discovery final : private MdnsSockets::Receiver {
 public:
  struct Settings {
    config::DiscoveryConfig config;
    Replay replay = Replay::IgnoreOld;
  };
  // The host and the log outlive the discovery; `count` its handles.
  struct Surroundings {
    uv_loop_t* loop;
    runtime::HandleCount& count;
    runtime::Host& host;
    Logging& log;
  };

  // Opens the sockets; says and asks nothing yet. Errors: as MdnsSockets::open.
  [[nodiscard]] static Expected<std::unique_ptr<Discovery>> open(Settings settings,
                                                                 Surroundings around);

  void start();
  // Nothing is asked, answered or joined from here on.
  void close();

  [[nodiscard]] seeds::SeedReport report() const;

 private:
  Discovery(Settings settings, Surroundings around, const Announcement& announcement)
      : settings_(std::move(settings)), around_(around), mdns_(announcement) {}
  [[nodiscard]] Expected<void> open_handles(const Address& advertised);

  void packet_received(Arrival arrival, const MdnsSockets::Sender& from, ByteView packet) override;
  void advance();
  void carry_out(const MdnsEffects& effects);
  void ask(const Bytes& packet);
  void join(const std::vector<Address>& found);
  void joined(const std::vector<Address>& found, const JoinResult& result);
  [[nodiscard]] std::vector<Address> living_members() const;

  Settings settings_;
  Surroundings around_;
  Mdns mdns_;
  std::unique_ptr<MdnsSockets> sockets_;
  runtime::LoopTimer timer_;
  std::vector<std::string> notes_;
  std::string asking_error_;  // of the last question
  bool closed_ = false;
};

}  // namespace gossip::agent::discovery
