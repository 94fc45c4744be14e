#include "sim/fault_set.h"

#include <algorithm>
#include <array>

#include "base/nearest.h"

namespace gossip::sim {
namespace {

constexpr std::size_t kFaultCount = static_cast<std::size_t>(Fault::Count);

constexpr std::array<std::string_view, kFaultCount> kNames = {
    "loss",      "one-way-loss", "bursts",    "delay",   "reorder",  "duplicate",
    "corrupt",   "small-mtu",    "partition", "one-way", "flapping", "crash",
    "restart",   "power-cut",    "freeze",    "slow",    "drift",    "move",
    "full-disk", "tcp-hang",     "tcp-reset", "tcp-cut", "leave",
};

}  // namespace

std::string_view to_string(Fault fault) {
  return kNames[static_cast<std::size_t>(fault)];
}

FaultSet FaultSet::all() {
  FaultSet set;
  for (std::size_t i = 0; i < kFaultCount; ++i)
    set.add(static_cast<Fault>(i));
  return set;
}

Expected<FaultSet> FaultSet::parse(std::string_view text) {
  if (text == "all") return all();
  FaultSet set;
  if (text == "none") return set;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view name = text.substr(0, comma);
    if (name == "all" || name == "none") {
      return fail(ErrorCode::InvalidArgument, "\"" + std::string(name) + "\" stands alone");
    }
    const auto known = std::find(kNames.begin(), kNames.end(), name);
    if (known == kNames.end()) {
      std::string message = "there is no fault \"" + std::string(name) + "\"";
      const std::string_view meant = base::nearest(name, kNames);
      if (meant.empty()) {
        message += "; there are all, none";
        for (const std::string_view each : kNames)
          message.append(", ").append(each);
      } else {
        message.append(", did you mean ").append(meant).append("?");
      }
      return fail(ErrorCode::InvalidArgument, std::move(message));
    }
    set.add(static_cast<Fault>(known - kNames.begin()));
    if (comma == std::string_view::npos) return set;
    text.remove_prefix(comma + 1);
  }
}

std::string FaultSet::to_string() const {
  if (empty()) return "none";
  if (*this == all()) return "all";
  std::string text;
  for (std::size_t i = 0; i < kFaultCount; ++i) {
    if (!has(static_cast<Fault>(i))) continue;
    if (!text.empty()) text += ',';
    text += kNames[i];
  }
  return text;
}

}  // namespace gossip::sim
