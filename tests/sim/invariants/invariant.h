// A promise about every engine in every world, checked after each turn. Each family has a file of its own and a unit
// test that feeds it what breaks it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/step.h"

namespace gossip::sim {

// One sentence with names and numbers.
using Violation = std::string;

class Invariant {
 public:
  Invariant() = default;
  Invariant(const Invariant&) = delete;
  Invariant& operator=(const Invariant&) = delete;
  Invariant(Invariant&&) = delete;
  Invariant& operator=(Invariant&&) = delete;
  virtual ~Invariant() = default;

  // What is promised, as reports show it.
  [[nodiscard]] virtual std::string_view promise() const = 0;
  // What this turn has broken, if anything.
  [[nodiscard]] virtual std::optional<Violation> after(const Step& step) = 0;
  // The network has been whole for so long that everything must have arrived.
  [[nodiscard]] virtual std::optional<Violation> when_settled(const Truth& /*truth*/) {
    return std::nullopt;
  }
};

using Invariants = std::vector<std::unique_ptr<Invariant>>;

// All of them, for a world of `host_count`.
[[nodiscard]] Invariants all_invariants(std::uint32_t host_count);

// What an invariant remembers of each process; a new run begins with nothing.
template <typename T>
class PerProcess {
 public:
  explicit PerProcess(std::uint32_t host_count) : states_(host_count) {}

  [[nodiscard]] T& of(const Step& step) {
    T& state = states_[step.host];
    if (step.kind == StepKind::Started) state = T{};
    return state;
  }
  [[nodiscard]] const T& at(HostId host) const { return states_[host]; }

 private:
  std::vector<T> states_;
};

// "n3": the process that took the turn, or a member.
[[nodiscard]] std::string who(HostId host);

}  // namespace gossip::sim
