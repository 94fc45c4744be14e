// The real Serf's buffers and member table, step by step (tests/data/vectors/README.md).
#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "cluster/intents.h"
#include "cluster/lamport.h"
#include "cluster/user_events.h"
#include "unit/cluster/scene.h"
#include "unit/test_data.h"

namespace gossip::cluster {
namespace {

using nlohmann::json;

json load(const std::string& name) {
  std::ifstream file(test_data("vectors/" + name));
  REQUIRE(file);
  return json::parse(file);
}

Bytes from_hex(const std::string& text) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

std::string to_hex(ByteView bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::vector<std::string> strings(const json& list) {
  return list.is_null() ? std::vector<std::string>{} : list.get<std::vector<std::string>>();
}

// What the generator shows of the tables: members and buffered intents.
using View = std::map<std::string, std::string>;

View view_of(const Scene& scene, const std::set<std::string>& names) {
  View view;
  for (const std::string& name : names) {
    const std::string status = scene.status(name);
    if (status != "absent") {
      const std::size_t space = status.find(' ');
      const std::string word = status.substr(0, space);
      view[name] = word + " ltime" + status.substr(space) +
                   (word == "failed" || word == "left" ? " " + word + "-list" : "");
    }
    if (const auto intent = scene.cluster.recent_intent(name)) {
      view["intent " + name] =
          (intent->kind == IntentKind::Join ? "join " : "leave ") + std::to_string(intent->time);
    }
  }
  return view;
}

// The events and broadcasts of one step, in the generator's words.
struct Step {
  std::vector<std::string> events;
  std::vector<std::string> broadcasts;
};

Step take_step(Outputs& out) {
  Step step;
  for (const Output& output : out) {
    if (const auto* broadcast = std::get_if<Broadcast>(&output)) {
      step.broadcasts.push_back(to_hex(broadcast->message));
    } else if (const auto* published = std::get_if<Published>(&output)) {
      if (const auto* user = std::get_if<UserEvent>(&published->event)) {
        step.events.push_back("user " + user->name + ":" + std::string(as_text(user->payload)) +
                              " ltime " + std::to_string(user->time) + " cc " +
                              (user->coalesce == Coalesce::Yes ? "true" : "false"));
      } else {
        const auto& event = std::get<MemberEvent>(published->event);
        step.events.push_back(std::string(to_string(event.kind)) + " " + event.members.at(0).name);
      }
    }
  }
  out.clear();
  return step;
}

void perform(Scene& scene, const json& step) {
  const std::string op = step.at("op");
  if (op == "node-join") {
    scene.join(step.at("Node").get<std::string>());
  } else if (op == "node-leave") {
    const std::string name = step.at("Node");
    if (!scene.table.find(name)) REQUIRE(scene.table.insert(name));
    scene.gone(name);
  } else if (op == "message") {
    scene.receive(from_hex(step.at("hex")));
  } else {
    REQUIRE(op == "push-pull");
    const bool ignores = step.at("ignore_old_events");
    const MergeKind kind = !step.at("join") ? MergeKind::Sync
                           : ignores        ? MergeKind::JoinIgnoringOld
                                            : MergeKind::JoinReplaying;
    const Bytes state = from_hex(step.at("hex"));
    scene.cluster.merge_state(scene.now, state, kind, scene.out);
  }
}

void check_step(Scene& scene, const json& step, const View& before, const View& after) {
  View changed;
  for (const auto& [key, value] : after) {
    const auto known = before.find(key);
    if (known == before.end() || known->second != value) changed[key] = value;
  }
  CHECK(changed == step.at("changed").get<View>());
  Step ours = take_step(scene.out);
  std::vector<std::string> events = strings(step.at("events"));
  // Upstream walks the members of a push/pull in random order.
  if (step.at("op") == "push-pull") {
    std::ranges::sort(ours.events);
    std::ranges::sort(events);
  }
  CHECK(ours.events == events);
  CHECK(ours.broadcasts == strings(step.at("broadcasts")));
  const Gauges gauges = scene.gauges();
  CHECK(gauges.member_time == step.at("member_clock").get<LamportTime>());
  CHECK(gauges.event_time == step.at("event_clock").get<LamportTime>());
  CHECK(gauges.query_time == step.at("query_clock").get<LamportTime>());
}

TEST_CASE("the member table follows upstream's traces") {
  const json golden = load("member-table-traces.json");
  const std::set<std::string> names{"me", "p", "q", "r"};
  for (const json& trace : golden.at("traces")) {
    Config config;
    config.event_buffer = golden.at("event_buffer");
    config.false_leave = FalseLeave::MayStand;
    Scene scene(config);
    REQUIRE(trace.at(0).at("Node") == "me");  // done by the scene
    View before = view_of(scene, names);
    for (std::size_t i = 1; i < trace.size(); ++i) {
      CAPTURE(i);
      CAPTURE(trace[i].dump());
      perform(scene, trace[i]);
      const View after = view_of(scene, names);
      check_step(scene, trace[i], before, after);
      before = after;
    }
  }
}

TEST_CASE("the Lamport clock follows upstream's steps") {
  const json golden = load("serf-buffers.json");
  LamportClock clock;
  for (const json& step : golden.at("lamport_clock")) {
    CAPTURE(step.dump());
    if (step.at("op") == "increment") clock.increment();
    if (step.at("op") == "witness") clock.witness(step.at("value"));
    CHECK(clock.time() == step.at("time_after").get<LamportTime>());
  }
}

TEST_CASE("the recent-intent buffer follows upstream's steps") {
  const json golden = load("serf-buffers.json");
  RecentIntents intents;
  for (const json& step : golden.at("recent_intents")) {
    CAPTURE(step.dump());
    const std::string name = step.at("node");
    const IntentKind kind = step.at("type") == "join" ? IntentKind::Join : IntentKind::Leave;
    CHECK(intents.upsert(TimePoint{}, name, {kind, step.at("LTime")}, 1) == step.at("new"));
    CHECK(intents.find(name)->time == step.at("kept_LTime").get<LamportTime>());
  }
}

TEST_CASE("the event ring follows upstream's steps") {
  const json golden = load("serf-buffers.json");
  Config config;
  config.event_buffer = 4;
  Scene scene(config);
  for (const json& step : golden.at("user_events_buffer_4")) {
    CAPTURE(step.dump());
    const LamportTime time = step.at("LTime");
    // From here the file has a minimum time: 19 is refused, 20 taken. A join sets it.
    if (time == 19) {
      wire::ClusterState state;
      state.event_time = 20;
      scene.merge(state, MergeKind::JoinIgnoringOld);
    }
    const Verdict verdict = scene.receive_event(step.at("Name").get<std::string>(), time,
                                                step.at("Payload").get<std::string>());
    CHECK((verdict == Verdict::Taken) == step.at("delivered_and_rebroadcast"));
    CHECK(scene.said().size() == (verdict == Verdict::Taken ? 2 : 0));
    CHECK(scene.gauges().event_time == step.at("event_clock_after").get<LamportTime>());
  }
}

}  // namespace
}  // namespace gossip::cluster
