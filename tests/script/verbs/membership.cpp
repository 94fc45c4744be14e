// join NAME CONTACT … [replay=yes], leave NAME, force-leave NAME WHOM [prune=yes], tags NAME k=v …: what a user asks for.
#include "script/verbs.h"

namespace gossip::script {

namespace {

// A process of the script, or an address that nobody has.
std::optional<Address> contact_address(Stage& stage, const std::string& word) {
  if (stage.world->known(word)) return stage.world->address(word);
  const Expected<Address> parsed = Address::parse(word, kDefaultPort);
  return parsed.has_value() ? std::make_optional(*parsed) : std::nullopt;
}

}  // namespace

Answer join_verb(Stage& stage, const Command& command) {
  Answer answer;
  if (command.words.empty()) return {{}, "join NAME CONTACT …"};
  std::vector<Address> contacts;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::optional<Address> contact = contact_address(stage, command.words[i]);
    if (!contact.has_value()) return {{}, "no such contact: " + command.words[i]};
    contacts.push_back(*contact);
  }
  const Replay replay = command.options.contains("replay") ? Replay::DeliverOld : Replay::IgnoreOld;
  stage.world->act(command.words[0], [&](Engine& engine, TimePoint now, Effects& out) {
    const Expected<OpId> op = engine.join(now, contacts, replay, out);
    if (!op.has_value()) answer.lines.push_back("error: " + op.error().message);
  });
  return answer;
}

Answer leave_verb(Stage& stage, const Command& command) {
  Answer answer;
  for (const std::string& name : command.words) {
    stage.world->act(name, [&](Engine& engine, TimePoint now, Effects& out) {
      const Expected<OpId> op = engine.leave(now, out);
      if (!op.has_value()) answer.lines.push_back("error: " + op.error().message);
    });
  }
  return answer;
}

Answer force_leave_verb(Stage& stage, const Command& command) {
  Answer answer;
  if (command.words.size() != 2) return {{}, "force-leave NAME WHOM"};
  const Prune prune = command.options.contains("prune") ? Prune::Yes : Prune::No;
  stage.world->act(command.words[0], [&](Engine& engine, TimePoint now, Effects& out) {
    const Expected<void> done = engine.force_leave(now, command.words[1], prune, out);
    if (!done.has_value()) answer.lines.push_back("error: " + done.error().message);
  });
  return answer;
}

Answer tags_verb(Stage& stage, const Command& command) {
  Answer answer;
  if (command.words.size() != 1) return {{}, "tags NAME k=v …"};
  const Tags tags(command.options.begin(), command.options.end());
  stage.world->act(command.words[0], [&](Engine& engine, TimePoint now, Effects& out) {
    const Expected<void> done = engine.set_tags(now, tags, out);
    if (!done.has_value()) answer.lines.push_back("error: " + done.error().message);
  });
  return answer;
}

}  // namespace gossip::script
