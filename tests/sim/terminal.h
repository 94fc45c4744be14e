// What whoever runs a program of the simulator sees beside its result. Knows real time.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gossip/time.h"

namespace gossip::sim {

// A line on standard error every five seconds, for runs that take long.
class Progress {
 public:
  // How much virtual time there is, if that is known.
  explicit Progress(std::optional<Duration> whole = {}) : whole_(whole) {}
  void operator()(Duration so_far, std::uint64_t turns);

 private:
  std::optional<Duration> whole_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

// The exit code of a program that has printed its result: `code`, or 1 and a line if the result could not be written.
[[nodiscard]] int written(std::string_view program, int code);

}  // namespace gossip::sim
