// start NAME …, kill NAME … [icmp=yes], freeze NAME …, thaw NAME …, move NAME IP [old-host=gone]: processes come, go,
// stand still and change their host.
#include "script/verbs.h"

namespace gossip::script {

Answer start_verb(Stage& stage, const Command& command) {
  for (const std::string& name : command.words)
    stage.world->start(name);
  return {};
}

Answer kill_verb(Stage& stage, const Command& command) {
  for (const std::string& name : command.words) {
    if (command.options.contains("icmp")) stage.world->faults().tell_of_closed_port(name);
    stage.world->kill(name);
  }
  return {};
}

Answer freeze_verb(Stage& stage, const Command& command) {
  for (const std::string& name : command.words)
    stage.world->faults().freeze(name);
  return {};
}

Answer thaw_verb(Stage& stage, const Command& command) {
  for (const std::string& name : command.words)
    stage.world->thaw(name);
  return {};
}

Answer move_verb(Stage& stage, const Command& command) {
  if (command.words.size() != 2) return {{}, "move NAME IP"};
  const Expected<Address> to = Address::parse(command.words[1], kDefaultPort);
  if (!to.has_value()) return {{}, to.error().message};
  const bool gone = command.options.contains("old-host");
  stage.world->move(command.words[0], *to, gone ? World::OldHost::Gone : World::OldHost::Refuses);
  return {};
}

}  // namespace gossip::script
