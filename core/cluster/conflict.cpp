#include "cluster/conflict.h"

#include <string_view>
#include <utility>

namespace gossip::cluster {

namespace {

std::string_view describe(members::SwimState state) {
  switch (state) {
    case members::SwimState::Absent: return "absent";
    case members::SwimState::Alive: return "alive";
    case members::SwimState::Suspect: return "suspect";
    case members::SwimState::Dead: return "dead";
    case members::SwimState::Left: return "left";
  }
  return "unknown";
}

}  // namespace

void ConflictNotices::notice(TimePoint now, const members::Record& member, const Address& other,
                             WhoseName whose, Outputs& out) {
  if (!is_due(now, member.name.view())) return;
  std::string addresses = "memberlist: Conflicting address for ";
  addresses.append(member.name.view()).append(". Mine: ").append(member.address().to_string());
  addresses.append(" Theirs: ").append(other.to_string());
  addresses.append(" Old state: ").append(describe(member.state));
  out.push_back(Log{LogLevel::Error, std::move(addresses)});
  if (whose == WhoseName::Ours) {
    out.push_back(Log{LogLevel::Error, "serf: Node name conflicts with another node at " +
                                           other.to_string() +
                                           ". Names must be unique! (Resolution enabled: false)"});
    return;
  }
  std::string line = "serf: Name conflict for '";
  line.append(member.name.view()).append("' both ").append(member.address().to_string());
  line.append(" and ").append(other.to_string()).append(" are claiming");
  out.push_back(Log{LogLevel::Warn, std::move(line)});
}

bool ConflictNotices::is_due(TimePoint now, std::string_view name) {
  std::erase_if(noticed_at_, [now](const auto& entry) { return now - entry.second >= kRest; });
  if (noticed_at_.size() >= kMaxNames) return false;
  return noticed_at_.emplace(std::string(name), now).second;
}

}  // namespace gossip::cluster
