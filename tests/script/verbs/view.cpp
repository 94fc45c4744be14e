// members NAME …, stats NAME KIND …, rtt NAME OTHER …, show KIND …, hide TEXT …: what a script looks at. A line is hidden
// if it begins with one of the texts, in which _ stands for a space.
#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "script/verbs.h"

namespace gossip::script {

namespace {

// What connections to suspects have shown, if there were any.
std::string evidence_of(const Counters& counters) {
  if (counters.evidence_checks == 0 && counters.evidence_contradicted == 0) return {};
  return " evidence checks=" + std::to_string(counters.evidence_checks) +
         " contradicted=" + std::to_string(counters.evidence_contradicted) +
         " proven=" + std::to_string(counters.deaths_proven);
}

}  // namespace

// One line a process: "a: a=alive b=failed c=alive{role=web}".
Answer members_verb(Stage& stage, const Command& command) {
  Answer answer;
  for (const std::string& name : command.words) {
    std::string line = name + ":";
    for (const Member& member : stage.world->engine(name).members()) {
      line += " " + member.name + "=" + std::string(to_string(member.status));
      std::string tags;
      for (const auto& [key, value] : member.tags)
        tags += (tags.empty() ? "" : ",") + key + "=" + value;
      if (!tags.empty()) line += "{" + tags + "}";
    }
    answer.lines.push_back(line);
  }
  return answer;
}

// Counters that a story is about: "a: dropped malformed=1".
Answer stats_verb(Stage& stage, const Command& command) {
  if (command.words.empty()) return {{}, "stats NAME"};
  const Stats& stats = stage.world->engine(command.words[0]).stats();
  std::string line = command.words[0] + ": health=" + std::to_string(stats.gauges.health_score) +
                     " suspicions=" + std::to_string(stats.counters.suspicions) +
                     " refutations=" + std::to_string(stats.counters.refutations) +
                     evidence_of(stats.counters) + " dropped";
  for (std::size_t i = 0; i < stats.counters.dropped.size(); ++i) {
    if (stats.counters.dropped[i] == 0) continue;
    line += " " + std::string(to_string(static_cast<Drop>(i))) + "=" +
            std::to_string(stats.counters.dropped[i]);
  }
  return {{line}, {}};
}

// What NAME takes for its round trip to each other: "a: b=2.000ms c=unknown".
Answer rtt_verb(Stage& stage, const Command& command) {
  if (command.words.empty()) return {{}, "rtt NAME OTHER …"};
  const Engine& engine = stage.world->engine(command.words[0]);
  const std::optional<Coordinate> own = engine.coordinate(command.words[0]);
  std::string line = command.words[0] + ":";
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    line += " " + command.words[i] + "=";
    const std::optional<Coordinate> other = engine.coordinate(command.words[i]);
    if (!own || !other) {
      line += "unknown";
      continue;
    }
    std::array<char, 32> text{};
    const std::chrono::duration<double, std::milli> estimate = estimated_round_trip(*own, *other);
    std::snprintf(text.data(), text.size(), "%.3fms", estimate.count());
    line += text.data();
  }
  return {{line}, {}};
}

Answer show_verb(Stage& stage, const Command& command) {
  stage.shown.clear();
  for (const std::string& kind : command.words) {
    if (kind == "packets")
      stage.shown.insert(LineKind::Packet);
    else if (kind == "streams")
      stage.shown.insert(LineKind::Stream);
    else if (kind == "events")
      stage.shown.insert(LineKind::Event);
    else if (kind == "logs")
      stage.shown.insert(LineKind::Log);
    else if (kind != "nothing")
      return {{}, "no such kind of line: " + kind};
  }
  return {};
}

Answer hide_verb(Stage& stage, const Command& command) {
  stage.hidden.clear();
  for (std::string text : command.words) {
    std::ranges::replace(text, '_', ' ');
    stage.hidden.insert(std::move(text));
  }
  return {};
}

}  // namespace gossip::script
