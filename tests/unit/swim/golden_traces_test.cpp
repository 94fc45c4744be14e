// The node table against memberlist's own (tests/data/vectors): what changes, what is passed on byte by
// byte, what is told, and the health score, after each of 661 inputs. And who may merge with whom.
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "unit/swim/world.h"
#include "unit/wire/codec_vectors.h"

namespace gossip::swim {
namespace {

using members::SwimState;
using wire::test::Json;
using wire::test::load_vectors;
using wire::test::to_hex;
using Strings = std::vector<std::string>;

Bytes unhex(const Json& text) {
  return text.is_null() ? Bytes() : wire::test::from_hex(text.get<std::string>());
}

std::string show(const members::Record& record) {
  static const std::map<SwimState, std::string> kNames{{SwimState::Alive, "alive"},
                                                       {SwimState::Suspect, "suspect"},
                                                       {SwimState::Dead, "dead"},
                                                       {SwimState::Left, "left"}};
  std::string line = kNames.at(record.state) + " inc " + std::to_string(record.incarnation) + " " +
                     record.ip.to_string() + ":" + std::to_string(record.port) + " meta " +
                     std::string(record.meta.view()) + " vsn ";
  for (const std::uint8_t version : bytes_of(record.versions)) {
    line += std::to_string(version) + ".";
  }
  line.pop_back();
  return line;
}

// The inputs own what their messages view.
struct Step {
  explicit Step(const Json& step)
      : address(unhex(step.value("Addr", Json()))),
        versions(unhex(step.value("Vsn", Json()))),
        meta(step.value("Meta", "")),
        name(step.value("Node", step.value("Name", ""))),
        from(step.value("From", "")),
        incarnation(step.value("Incarnation", 0U)),
        port(step.value("Port", std::uint16_t{0})) {}

  Bytes address;
  Bytes versions;
  std::string meta;
  std::string name;
  std::string from;
  std::uint32_t incarnation;
  std::uint16_t port;
};

void feed(World& world, const Json& step) {
  const Step in(step);
  const std::string op = step.at("op");
  if (op == "alive") {
    world.swim.receive(world.now,
                       wire::Alive{.incarnation = in.incarnation,
                                   .node = in.name,
                                   .address = in.address,
                                   .port = in.port,
                                   .meta = as_bytes(in.meta),
                                   .versions = in.versions},
                       world.out);
  } else if (op == "suspect") {
    world.suspect(in.name, in.incarnation, in.from);
  } else if (op == "dead") {
    world.dead(in.name, in.incarnation, in.from);
  } else if (op == "push-pull") {
    const wire::NodeState row{.name = in.name,
                              .address = in.address,
                              .port = in.port,
                              .meta = as_bytes(in.meta),
                              .incarnation = in.incarnation,
                              .state = static_cast<wire::NodeStateKind>(step.at("State")),
                              .versions = in.versions};
    world.swim.merge(world.now, std::span(&row, 1), world.out);
  } else {
    REQUIRE(op == "leave");
    world.swim.leave(world.now, {}, world.out);
  }
}

struct Said {
  Strings broadcasts;
  Strings events;
};

Said said(World& world) {
  Said result;
  for (const Output& output : world.out) {
    std::visit(
        base::Overloaded{
            [&](const Broadcast& broadcast) {
              // Upstream names a refutation by our IP address, we by our name: see self.cpp.
              const bool refutation =
                  broadcast.subject == "me" &&
                  broadcast.message[0] == static_cast<std::uint8_t>(wire::MessageType::Alive);
              result.broadcasts.push_back((refutation ? "192.0.2.100" : broadcast.subject) + " " +
                                          to_hex(broadcast.message));
            },
            [&](const Joined& e) { result.events.push_back("join " + world.name_of(e.member)); },
            [&](const Gone& e) { result.events.push_back("leave " + world.name_of(e.member)); },
            [&](const Updated& e) { result.events.push_back("update " + world.name_of(e.member)); },
            [&](const Conflict& e) {
              const Address mine = world.table.at(e.member).address();
              result.events.push_back("conflict " + world.name_of(e.member) + " mine " +
                                      mine.to_string() + " other " + e.other.to_string());
            },
            [](const auto&) {},
        },
        output);
  }
  world.out.clear();
  return result;
}

void run(const Json& trace) {
  World world(serf_config());
  // The recorded node had no delegate versions.
  world.table.at(world.swim.self()).versions = {1, 5, 2, 0, 0, 0};
  std::map<std::string, std::string> entries{{"me", show(world.record("me"))}};
  REQUIRE(entries.at("me") == "alive inc 1 192.0.2.100:7946 meta m0 vsn 1.5.2.0.0.0");
  for (const Json& step : trace) {
    CAPTURE(step.dump());
    feed(world, step);

    std::map<std::string, std::string> changed;
    for (members::Index i = 0; i < world.table.end_index(); ++i) {
      const std::string name = world.name_of(i);
      std::string entry = show(world.table.at(i));
      if (entries[name] == entry) continue;
      changed[name] = entry;
      entries[name] = std::move(entry);
    }
    const Said said_now = said(world);
    Strings broadcasts;
    for (const Json& broadcast : step.at("broadcasts")) {
      broadcasts.push_back(broadcast.at("name").get<std::string>() + " " +
                           broadcast.at("hex").get<std::string>());
    }
    const Json events = step.at("events").is_null() ? Json::array() : step.at("events");
    REQUIRE(Json(changed) == step.at("changed"));
    REQUIRE(Json(said_now.broadcasts) == Json(broadcasts));
    REQUIRE(Json(said_now.events) == events);
    REQUIRE(world.swim.health_score() == step.at("health"));
  }
}

TEST_CASE("with Serf's settings the node table lives through memberlist's traces step by step") {
  const Json file = load_vectors("node-table-traces.json");
  CHECK(file.at("traces").size() == 3);
  for (const Json& trace : file.at("traces")) {
    run(trace);
  }
}

TEST_CASE("a lone node accepts and refuses the versions that memberlist accepts and refuses") {
  for (const Json& row : load_vectors("version-check.json")) {
    CAPTURE(row.dump());
    World world(serf_config());
    const Bytes local = unhex(row.at("local_vsn"));
    world.table.at(world.swim.self()).versions = parse_versions(local).value();
    const Bytes address = {192, 0, 2, 1};
    const Bytes versions = unhex(row.at("remote_vsn"));
    const wire::NodeState remote{.name = "r",
                                 .address = address,
                                 .port = 7946,
                                 .meta = {},
                                 .incarnation = 1,
                                 .state = static_cast<wire::NodeStateKind>(row.at("remote_state")),
                                 .versions = versions};
    const Expected<void> result = world.swim.check_versions(std::span(&remote, 1));
    CHECK(result.has_value() == row.at("accepted").get<bool>());
    if (!result) CHECK(result.error().message == row.at("error"));
  }
}

}  // namespace
}  // namespace gossip::swim
