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

void Takeover::ask(TimePoint now, const Question& question, const wire::Alive& claim,
                   const Address& address, Outputs& out) {
  std::erase_if(checks_, [now](const auto& entry) {
    return !entry.second.waiting && entry.second.rests_until <= now;
  });
  if (const auto known = checks_.find(question.member); known != checks_.end()) {
    std::optional<Claimed>& waiting = known->second.waiting;
    const bool newer = waiting && waiting->name == claim.node && waiting->address == address &&
                       claim.incarnation > waiting->incarnation;
    if (newer) waiting = keep(claim, address);
    return;
  }
  if (budget_.take(now) == 0) return;
  checks_.emplace(question.member, Check{.id = ++last_check_,
                                         .asked = question.asked,
                                         .waiting = keep(claim, address),
                                         .rests_until = now + question.rest});
  out.emplace_back(
      AddressCheck{.id = last_check_, .to = question.asked, .give_up_at = question.give_up_at});
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
