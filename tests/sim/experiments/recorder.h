// What the engines of a world say and do, as far as experiments count it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/experiments/settings.h"
#include "sim/world.h"

namespace gossip::sim {

class Recorder final : public Observer {
 public:
  // `host` says something about `subject`; kNobody for a name that no host has.
  struct Report {
    TimePoint at;
    HostId host = 0;
    HostId subject = kNobody;
  };
  struct Arrival {
    TimePoint at;
    HostId host = 0;
    std::string event;
  };

  explicit Recorder(Settings::Progress progress) : progress_(std::move(progress)) {}

  bool observe(const Step& step, const Input* input) override;
  [[nodiscard]] bool wants_rows() const override { return false; }
  // Forgets all.
  void begin_anew();

  std::vector<Report> suspected;  // by a probe of the host's own
  std::vector<Report> failed;
  std::vector<Report> left;
  std::vector<Report> joined;  // or come back
  std::vector<Arrival> events;
  std::uint64_t turns = 0;
  std::uint64_t packets = 0;
  std::uint64_t packet_bytes = 0;  // without IP and UDP headers
  std::uint64_t stream_bytes = 0;

 private:
  void note(const Step& step, const MemberEvent& event);
  void note(const Step& step, const Log& line);

  Settings::Progress progress_;
  std::uint64_t all_turns_ = 0;
};

}  // namespace gossip::sim
