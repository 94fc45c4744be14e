// cut NAME … [udp=yes], reject NAME … [only=udp|tcp] [from=NAME], heal NAME …, icmp NAME about=NAME, nat NAME IP,
// connect NAME, advance TIME: the network and its time.
#include "script/verbs.h"

namespace gossip::script {

Answer cut_verb(Stage& stage, const Command& command) {
  for (const std::string& name : command.words) {
    if (command.options.contains("udp")) {
      stage.world->faults().cut_udp(name);
    } else {
      stage.world->faults().cut(name);
    }
  }
  return {};
}

Answer heal_verb(Stage& stage, const Command& command) {
  for (const std::string& name : command.words)
    stage.world->faults().heal(name);
  return {};
}

// A firewall refuses what comes to NAME, datagrams with ICMP, connections with RST.
Answer reject_verb(Stage& stage, const Command& command) {
  const auto option = [&](const char* name) {
    const auto it = command.options.find(name);
    return it == command.options.end() ? std::string() : it->second;
  };
  const std::string only = option("only");
  for (const std::string& name : command.words) {
    using Traffic = Faults::Traffic;
    if (only != "tcp") stage.world->faults().reject(name, Traffic::Udp, option("from"));
    if (only != "udp") stage.world->faults().reject(name, Traffic::Tcp, option("from"));
  }
  return {};
}

// Forged: the port of the other one is closed, says a stranger.
Answer icmp_verb(Stage& stage, const Command& command) {
  const auto about = command.options.find("about");
  if (command.words.size() != 1 || about == command.options.end())
    return {{}, "icmp NAME about=NAME"};
  stage.world->act(command.words[0], [&](Engine& engine, TimePoint now, Effects& out) {
    engine.packet_refused(now, stage.world->address(about->second), out);
  });
  return {};
}

// What NAME sends comes from IP; it is still reached where it was.
Answer nat_verb(Stage& stage, const Command& command) {
  if (command.words.size() != 2) return {{}, "nat NAME IP"};
  const Expected<Address> to = Address::parse(command.words[1], kDefaultPort);
  if (!to.has_value()) return {{}, to.error().message};
  stage.world->faults().translate(command.words[0], *to);
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
