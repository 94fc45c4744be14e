// What a run did, as a number that two equal runs share, and as text for people.
#pragma once

#include <cstdint>
#include <string>

#include "gossip/config.h"

#include "sim/agenda.h"
#include "sim/step.h"

namespace gossip::sim {

class TraceHash {
 public:
  void add(const Step& step, const Input* input);
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  void add(std::uint64_t word);
  void add(ByteView bytes);
  void add(const Effect& effect);

  std::uint64_t value_ = 0xCBF29CE484222325U;
};

// The turn in one line, and one more for each of its effects. `config` opens packets.
[[nodiscard]] std::string describe(const Step& step, const Input* input, const Config& config);

}  // namespace gossip::sim
