#include <array>
#include <charconv>
#include <utility>

#include "script/verbs.h"

namespace gossip::script {

Verb find_verb(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, Verb>, 33> kVerbs{{
      {"cluster", cluster_verb},
      {"add", add_verb},
      {"start", start_verb},
      {"kill", kill_verb},
      {"freeze", freeze_verb},
      {"thaw", thaw_verb},
      {"restart", restart_verb},
      {"snapshot", snapshot_verb},
      {"disk", disk_verb},
      {"move", move_verb},
      {"join", join_verb},
      {"leave", leave_verb},
      {"force-leave", force_leave_verb},
      {"event", event_verb},
      {"query", query_verb},
      {"respond", respond_verb},
      {"decline", decline_verb},
      {"tags", tags_verb},
      {"cut", cut_verb},
      {"reject", reject_verb},
      {"icmp", icmp_verb},
      {"nat", nat_verb},
      {"heal", heal_verb},
      {"advance", advance_verb},
      {"members", members_verb},
      {"show", show_verb},
      {"hide", hide_verb},
      {"connect", connect_verb},
      {"keys", keys_verb},
      {"keyring", keyring_verb},
      {"packet", packet_verb},
      {"stats", stats_verb},
      {"rtt", rtt_verb},
  }};
  for (const auto& [known, verb] : kVerbs) {
    if (known == name) return verb;
  }
  return nullptr;
}

std::optional<Duration> parse_duration(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, double>, 5> kUnits{
      {{"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}}};
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  for (const auto& [name, nanoseconds] : kUnits) {
    if (name == unit) return Duration(static_cast<std::int64_t>(number * nanoseconds));
  }
  return std::nullopt;
}

}  // namespace gossip::script
