// keys NAME list|install|use|remove [LETTER]: a key command; the key is the letter, sixteen times.
// keyring NAME: shows the keyring file.
#include <array>
#include <utility>

#include "script/verbs.h"

namespace gossip::script {

Answer keys_verb(Stage& stage, const Command& command) {
  static constexpr std::array<std::pair<std::string_view, KeyAction>, 4> kActions{
      {{"list", KeyAction::List},
       {"install", KeyAction::Install},
       {"use", KeyAction::Use},
       {"remove", KeyAction::Remove}}};
  if (command.words.size() < 2) return {{}, "keys NAME list|install|use|remove [LETTER]"};
  KeyCommand request;
  for (const auto& [word, action] : kActions) {
    if (command.words[1] == word) request.action = action;
  }
  if (command.words.size() > 2) {
    request.key = Bytes(16, static_cast<std::uint8_t>(command.words[2][0]));
    stage.world->learn_key(request.key);
  }
  Answer answer;
  stage.world->act(command.words[0], [&](Engine& engine, TimePoint now, Effects& out) {
    const Expected<OpId> op = engine.change_keys(now, request, out);
    if (!op.has_value()) answer.lines.push_back("error: " + op.error().message);
  });
  return answer;
}

Answer keyring_verb(Stage& stage, const Command& command) {
  if (command.words.size() != 1) return {{}, "keyring NAME"};
  Answer answer;
  const std::string& text = stage.world->keyring(command.words[0]);
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    answer.lines.push_back(command.words[0] + ": " + text.substr(at, end - at));
    at = end + 1;
  }
  return answer;
}

}  // namespace gossip::script
