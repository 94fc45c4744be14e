// cut NAME … [udp=yes], heal NAME …, connect NAME, advance TIME: the network and its time.
#include "script/verbs.h"

namespace gossip::script {

Answer cut_verb(Stage& stage, const Command& command) {
  for (const std::string& name : command.words) {
    if (command.options.contains("udp")) {
      stage.world->cut_udp(name);
    } else {
      stage.world->cut(name);
    }
  }
  return {};
}

Answer heal_verb(Stage& stage, const Command& command) {
  for (const std::string& name : command.words)
    stage.world->heal(name);
  return {};
}

// A stranger connects and says nothing.
Answer connect_verb(Stage& stage, const Command& command) {
  for (const std::string& name : command.words)
    stage.world->connect_stranger(name);
  return {};
}

Answer advance_verb(Stage& stage, const Command& command) {
  if (command.words.size() != 1) return {{}, "advance TIME"};
  const std::optional<Duration> by = parse_duration(command.words[0]);
  if (!by.has_value()) return {{}, "no such duration: " + command.words[0]};
  stage.world->advance(*by);
  return {};
}

}  // namespace gossip::script
