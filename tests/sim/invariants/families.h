// One function for each family; the promise stands in its file.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/invariants/invariant.h"

namespace gossip::sim {

[[nodiscard]] std::unique_ptr<Invariant> incarnations_never_fall(std::uint32_t host_count);
[[nodiscard]] std::unique_ptr<Invariant> one_state_per_member(std::uint32_t host_count);
[[nodiscard]] std::unique_ptr<Invariant> status_moves_along(std::uint32_t host_count);
[[nodiscard]] std::unique_ptr<Invariant> suspects_can_refute(std::uint32_t host_count);
[[nodiscard]] std::unique_ptr<Invariant> limits_hold(std::uint32_t host_count);
[[nodiscard]] std::unique_ptr<Invariant> clocks_never_fall(std::uint32_t host_count);
[[nodiscard]] std::unique_ptr<Invariant> events_arrive_once(std::uint32_t host_count);
[[nodiscard]] std::unique_ptr<Invariant> queries_get_one_answer(std::uint32_t host_count);
[[nodiscard]] std::unique_ptr<Invariant> no_timer_for_nothing(std::uint32_t host_count);
[[nodiscard]] std::unique_ptr<Invariant> streams_are_used_well(std::uint32_t host_count);

}  // namespace gossip::sim
