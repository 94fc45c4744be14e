// cluster a b c [latency=10ms] [profile=lan] [first-push=on-tick|eager] [joined=no] [key=N]
// [keyring=on] [name-conflict=log] [snapshot=on] [rejoin=on] [coordinates=off] [grace=0s]
// [reap-after=24h] …
// Makes the processes, starts them and joins all to the first one, then waits until all are told.
#include "script/verbs.h"

namespace gossip::script {

namespace {

Config make_config(const Command& command) {
  Config config;
  const auto option = [&](const char* name) {
    const auto it = command.options.find(name);
    return it == command.options.end() ? std::string() : it->second;
  };
  if (option("profile") == "wan") config.timing = Timing::wan();
  if (option("profile") == "local") config.timing = Timing::local();
  if (option("first-push") == "on-tick") config.first_push = FirstPush::OnTick;
  if (option("dead-address") == "keep-old") config.dead_member_address = DeadMemberAddress::KeepOld;
  if (option("compression") == "off") config.compression = Compression::Off;
  if (option("protocol") == "2") config.protocol = 2;
  if (!option("label").empty()) config.label = option("label");
  if (!option("key").empty())
    config.encryption_keys = {Bytes(16, static_cast<std::uint8_t>(option("key")[0]))};
  config.node_name = option("name");
  if (option("keyring") == "on") config.keyring_path = "keyring";
  if (option("name-conflict") == "log") config.name_conflict = NameConflict::LogOnly;
  if (option("coordinates") == "off") config.coordinates = Coordinates::Off;
  if (option("snapshot") == "on") config.snapshot_path = "snapshot";
  if (const std::optional<Duration> grace = parse_duration(option("grace")))
    config.timing.restart_grace = *grace;
  if (const std::optional<Duration> reap_after = parse_duration(option("reap-after")))
    config.timing.reconnect_timeout = config.timing.tombstone_timeout = *reap_after;
  if (option("rejoin") == "on") config.rejoin_after_leave = RejoinAfterLeave::Yes;
  return config;
}

}  // namespace

// add NAME … with the same options: processes that are not started yet. name=NODE: not called like the process.
Answer add_verb(Stage& stage, const Command& command) {
  for (const std::string& name : command.words)
    stage.world->add(name, make_config(command));
  return {};
}

Answer cluster_verb(Stage& stage, const Command& command) {
  Duration latency = std::chrono::milliseconds(1);
  if (const auto it = command.options.find("latency"); it != command.options.end()) {
    const std::optional<Duration> parsed = parse_duration(it->second);
    if (!parsed.has_value()) return {{}, "no such duration: " + it->second};
    latency = *parsed;
  }
  stage.world = std::make_unique<World>(latency);
  World& world = *stage.world;
  for (const std::string& name : command.words) {
    world.add(name, make_config(command));
    world.start(name);
  }
  if (!command.options.contains("joined")) {
    for (std::size_t i = 1; i < command.words.size(); ++i) {
      const Address contact = world.address(command.words[0]);
      world.act(command.words[i], [&](Engine& engine, TimePoint now, Effects& out) {
        (void)engine.join(now, std::span(&contact, 1), Replay::IgnoreOld, out);
      });
      world.advance(std::chrono::milliseconds(100));
    }
    // Every broadcast of the joining has had its copies.
    world.advance(std::chrono::seconds(10));
  }
  (void)world.take_lines();
  return {{"ok"}, {}};
}

}  // namespace gossip::script
