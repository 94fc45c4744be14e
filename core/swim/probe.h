// One probe after the other (gossip-wire §7.4): a direct ping; when it stays silent, helpers and TCP; when
// all do, a suspicion. One at a time: a tick that falls into a running probe is made up for once.
#pragma once

#include <cstdint>
#include <optional>

#include "gossip/address.h"
#include "gossip/time.h"

#include "members/record.h"
#include "swim/awareness.h"
#include "swim/claims.h"
#include "swim/death_evidence.h"
#include "swim/layer.h"
#include "swim/outputs.h"
#include "swim/self.h"
#include "wire/swim_messages.h"

namespace gossip::swim {

class Probe {
 public:
  Probe(Layer& layer, const Self& self, Claims& claims, Awareness& awareness,
        DeathEvidence& evidence);

  // Ticks come every ProbeInterval from `now` on, while there is another node in the table.
  void start(TimePoint now);
  // To be called after whatever may have brought the first other node.
  void arm(TimePoint now);

  void tick(TimePoint now, Outputs& out);
  void direct_timed_out(TimePoint now, std::uint32_t sequence, Outputs& out);
  void deadline_passed(TimePoint now, std::uint32_t sequence, Outputs& out);

  void receive(TimePoint now, const Address& from, const wire::Ack& ack, Outputs& out);
  void receive(TimePoint now, const wire::Nack& nack);
  void refused(TimePoint now, const Address& by, Outputs& out);
  void stream_answered(TimePoint now, std::uint32_t sequence);
  void stream_refused(TimePoint now, std::uint32_t sequence, Outputs& out);

 private:
  enum class Stage : std::uint8_t { Direct, Indirect };
  // Node and state are as they were when the probe began.
  struct Round {
    members::Index target = 0;
    Address address;
    std::uint32_t incarnation = 0;
    std::uint32_t sequence = 0;
    Duration interval{};
    TimePoint sent;
    TimePoint deadline;
    Stage stage = Stage::Direct;
    bool refused = false;
    bool stream_answered = false;
    std::uint32_t nacks_expected = 0;
    std::uint32_t nacks = 0;
  };

  [[nodiscard]] bool is_running(std::uint32_t sequence) const;
  void begin(TimePoint now, members::Index target, Outputs& out);
  void ask_others(TimePoint now, Outputs& out);
  void ask_helpers(Outputs& out);
  void accuse(TimePoint now, const Round& round, Outputs& out);
  void finish(TimePoint now, std::int32_t health_delta);

  Layer& layer_;
  const Self& self_;
  Claims& claims_;
  Awareness& awareness_;
  DeathEvidence& evidence_;
  std::optional<Round> round_;
  TimePoint next_tick_;
  bool tick_armed_ = false;
};

}  // namespace gossip::swim
