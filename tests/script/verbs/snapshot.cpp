// restart NAME …: starts each from the snapshot that its last run has left.
// snapshot NAME [LINE]: shows the snapshot, or appends a line to it.
// disk NAME full|free: whether what it saves can be written.
#include <algorithm>

#include "script/verbs.h"

namespace gossip::script {

Answer restart_verb(Stage& stage, const Command& command) {
  for (const std::string& name : command.words)
    stage.world->restart(name);
  return {};
}

Answer snapshot_verb(Stage& stage, const Command& command) {
  if (command.words.empty()) return {{}, "snapshot NAME [LINE]"};
  const std::string& name = command.words[0];
  std::string text = stage.world->snapshot(name);
  if (command.words.size() > 1) {
    for (std::size_t i = 1; i < command.words.size(); ++i)
      (text += i > 1 ? " " : "") += command.words[i];
    text += "\n";
    stage.world->set_snapshot(name, std::move(text));
    return {};
  }
  Answer answer;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    answer.lines.push_back(name + ": " + text.substr(at, end - at));
    at = end + 1;
  }
  if (answer.lines.empty()) answer.lines.push_back(name + ": (empty)");
  return answer;
}

Answer disk_verb(Stage& stage, const Command& command) {
  if (command.words.size() != 2) return {{}, "disk NAME full|free"};
  stage.world->fill_disk(command.words[0], command.words[1] == "full");
  return {};
}

}  // namespace gossip::script
