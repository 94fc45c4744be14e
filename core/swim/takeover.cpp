#include "swim/takeover.h"

#include <algorithm>
#include <utility>

namespace gossip::swim {

namespace {

Takeover::Claimed keep(const wire::Alive& claim, const Address& address) {
  return {.name = std::string(claim.node),
          .address = address,
          .incarnation = claim.incarnation,
          .meta = {claim.meta.begin(), claim.meta.end()},
          .versions = {claim.versions.begin(), claim.versions.end()}};
}

}  // namespace

wire::Alive Takeover::Claimed::message() const {
  return {.incarnation = incarnation,
          .node = name,
          .address = address.ip.bytes(),
          .port = address.port,
          .meta = meta,
          .versions = versions};
}

std::optional<TimePoint> Takeover::ask(TimePoint now, const Question& question,
                                       const wire::Alive& claim, const Address& address,
                                       Outputs& out) {
  std::erase_if(checks_, [now](const auto& entry) {
    return !entry.second.waiting && !entry.second.kept && entry.second.rests_until <= now;
  });
  if (const auto known = checks_.find(question.member); known != checks_.end()) {
    return meet_check(known->second, claim, address);
  }
  if (budget_.take(now) == 0) return std::nullopt;
  checks_.emplace(question.member, Check{.id = ++last_check_,
                                         .asked = question.asked,
                                         .claimed = address,
                                         .waiting = keep(claim, address),
                                         .kept = std::nullopt,
                                         .rests_until = now + question.rest});
  out.emplace_back(
      AddressCheck{.id = last_check_, .to = question.asked, .give_up_at = question.give_up_at});
  return std::nullopt;
}

// Echoes of what is being asked, or just was, are no news. Who claims our own name says so again soon enough.
std::optional<TimePoint> Takeover::meet_check(Check& check, const wire::Alive& claim,
                                              const Address& address) {
  if (same_endpoint(address, check.claimed)) {
    const bool newer = check.waiting && check.waiting->name == claim.node &&
                       claim.incarnation > check.waiting->incarnation;
    if (newer) check.waiting = keep(claim, address);
    return std::nullopt;
  }
  if (same_endpoint(check.asked, check.claimed)) return std::nullopt;
  const bool is_first = !check.kept;
  check.kept = keep(claim, address);
  return is_first ? std::optional(check.rests_until) : std::nullopt;
}

Takeover::Due Takeover::due(TimePoint now, members::Index member) {
  const auto found = checks_.find(member);
  if (found == checks_.end() || !found->second.kept || now < found->second.rests_until) return {};
  if (found->second.waiting) {  // still
    found->second.rests_until = now + kRest;
    return {.look_again = found->second.rests_until};
  }
  Due heard{.kept = std::move(found->second.kept)};
  checks_.erase(found);
  return heard;
}

std::optional<Takeover::Claimed> Takeover::moved(members::Index member) {
  const auto check = checks_.extract(member);
  return check ? std::move(check.mapped().kept) : std::nullopt;
}

std::optional<Takeover::Answered> Takeover::finish(std::uint32_t id) {
  const auto found = std::ranges::find_if(checks_, [id](const auto& entry) {
    return entry.second.id == id && entry.second.waiting.has_value();
  });
  if (found == checks_.end()) return std::nullopt;
  Check& check = found->second;
  return Answered{.member = found->first,
                  .asked = check.asked,
                  .claimed = *std::exchange(check.waiting, std::nullopt)};
}

}  // namespace gossip::swim
