// The commands of a script, one file each under verbs/. A verb acts on the world and may answer with lines of
// its own; what the engines said comes from the world.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "script/world.h"

namespace gossip::script {

// A command line split at spaces: its name, plain words, and key=value words.
struct Command {
  std::string verb;
  std::vector<std::string> words;
  std::map<std::string, std::string> options;
};

// What a script has built up.
struct Stage {
  std::unique_ptr<World> world;
  std::set<LineKind> shown = {LineKind::Packet, LineKind::Stream, LineKind::Event};
  // Lines whose message begins with one of these are left out.
  std::set<std::string> hidden;
};

// Lines that the verb itself answers with. A text in `error` fails the script.
struct Answer {
  std::vector<std::string> lines;
  std::optional<std::string> error;
};

using Verb = Answer (*)(Stage& stage, const Command& command);

Answer cluster_verb(Stage& stage, const Command& command);
Answer add_verb(Stage& stage, const Command& command);
Answer start_verb(Stage& stage, const Command& command);
Answer kill_verb(Stage& stage, const Command& command);
Answer freeze_verb(Stage& stage, const Command& command);
Answer thaw_verb(Stage& stage, const Command& command);
Answer restart_verb(Stage& stage, const Command& command);
Answer snapshot_verb(Stage& stage, const Command& command);
Answer disk_verb(Stage& stage, const Command& command);
Answer move_verb(Stage& stage, const Command& command);
Answer join_verb(Stage& stage, const Command& command);
Answer leave_verb(Stage& stage, const Command& command);
Answer force_leave_verb(Stage& stage, const Command& command);
Answer event_verb(Stage& stage, const Command& command);
Answer query_verb(Stage& stage, const Command& command);
Answer respond_verb(Stage& stage, const Command& command);
Answer decline_verb(Stage& stage, const Command& command);
Answer tags_verb(Stage& stage, const Command& command);
Answer cut_verb(Stage& stage, const Command& command);
Answer reject_verb(Stage& stage, const Command& command);
Answer icmp_verb(Stage& stage, const Command& command);
Answer nat_verb(Stage& stage, const Command& command);
Answer heal_verb(Stage& stage, const Command& command);
Answer advance_verb(Stage& stage, const Command& command);
Answer members_verb(Stage& stage, const Command& command);
Answer show_verb(Stage& stage, const Command& command);
Answer hide_verb(Stage& stage, const Command& command);
Answer connect_verb(Stage& stage, const Command& command);
Answer keys_verb(Stage& stage, const Command& command);
Answer keyring_verb(Stage& stage, const Command& command);
Answer packet_verb(Stage& stage, const Command& command);
Answer stats_verb(Stage& stage, const Command& command);
Answer rtt_verb(Stage& stage, const Command& command);

// Null for a verb that does not exist.
[[nodiscard]] Verb find_verb(std::string_view name);

// "10ms", "2.1s", "1m", "24h"
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);

}  // namespace gossip::script
