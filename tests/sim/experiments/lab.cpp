#include "sim/experiments/lab.h"

#include <string>
#include <utility>
#include <vector>

#include "engine/inspection.h"
#include "sim/chance.h"
#include "swim/rows.h"
#include "wire/cluster_codec.h"
#include "wire/packet.h"
#include "wire/stream.h"
#include "wire/swim_codec.h"

namespace gossip::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration kStartTime = 1s;
constexpr Duration kLongestSettling = 10min;
// In larger worlds the news that everybody is there would fill the queues for minutes, and nobody needs it.
constexpr std::uint32_t kNodesWithWholeQueues = 300;
constexpr std::uint32_t kShortQueue = 64;

// Takes from a ping what Lifeguard's Buddy System adds to it: that its target is suspected, by the sender.
void without_buddies(const World& world, HostId from, SendPacket& packet) {
  const wire::Wrapping wrapping{.label = {}, .compression = Compression::Off, .cipher = nullptr};
  wire::PacketOpener opener;
  const auto opened = opener.open(packet.datagram, wrapping);
  if (!opened || opened->size() < 2) return;
  const auto type = [&](std::size_t part) {
    return static_cast<wire::MessageType>((*opened)[part].front());
  };
  if (type(0) != wire::MessageType::Ping || type(1) != wire::MessageType::Suspect) return;
  const std::optional<wire::Suspect> suspect = wire::decode_suspect((*opened)[1].subspan(1));
  if (!suspect) return;
  const HostId about = host_named(suspect->node);
  if (about == kNobody || host_named(suspect->from) != from ||
      world.truth().hosts[about].address != packet.to) {
    return;
  }
  std::vector<ByteView> parts(opened->begin(), opened->end());
  parts.erase(parts.begin() + 1);
  CountedNonces nonces;
  packet.datagram = wire::seal_packet(parts, wire::Crc::On, wrapping, nonces);
}

}  // namespace

LabSettings read_lab(Settings& settings, std::uint32_t usual_nodes) {
  LabSettings lab;
  lab.progress = settings.progress();
  Scenario& scenario = lab.scenario;
  scenario.nodes = static_cast<std::uint32_t>(settings.number(
      "nodes", {.usual = static_cast<double>(usual_nodes), .low = 2, .high = kMaxNodes}));
  scenario.seed = static_cast<std::uint64_t>(settings.number("seed", {.usual = 1, .high = 1e15}));
  scenario.seed_count = 0;
  Config& config = scenario.config;
  // What is on the wire is not compressed here: it costs the time of the simulation alone.
  config.compression = Compression::Off;
  if (settings.word("push", {"eager", "tick"}) == "tick") config.first_push = FirstPush::OnTick;
  Timing& timing = config.timing;
  timing.restart_grace = settings.time("grace", {.usual = 2000, .high = 60'000});
  const auto count = [&](const std::string& name, std::uint32_t usual) {
    return static_cast<std::uint32_t>(
        settings.number(name, {.usual = static_cast<double>(usual), .low = 1, .high = 100}));
  };
  timing.suspicion_mult = count("alpha", timing.suspicion_mult);
  timing.suspicion_max_timeout_mult = count("beta", timing.suspicion_max_timeout_mult);
  timing.awareness_max_multiplier = count("awareness", timing.awareness_max_multiplier);
  scenario.serf_like = static_cast<std::uint32_t>(
      settings.number("serf_like", {.high = static_cast<double>(scenario.nodes)}));
  const std::uint32_t queue =
      scenario.nodes > kNodesWithWholeQueues ? kShortQueue : config.max_queue_depth;
  config.max_queue_depth = static_cast<std::uint32_t>(
      settings.number("queue", {.usual = static_cast<double>(queue), .low = 1, .high = 1e6}));
  lab.has_buddies = settings.word("buddy", {"on", "off"}) == "on";
  lab.links.loss = settings.number("loss", {.high = 1});
  lab.links.delay = settings.time("delay", {.usual = 0.25, .high = 10'000});
  return lab;
}

Lab::Lab(const LabSettings& settings)
    : recorder(settings.progress),
      world(settings.scenario, recorder),
      rng(chance(settings.scenario.seed, Purpose::Schedule)),
      links_(settings.links) {
  if (settings.has_buddies) return;
  world.rewrite_packets(
      [this](HostId from, SendPacket& packet) { without_buddies(world, from, packet); });
}

bool Lab::fill() {
  for (HostId host = 0; host < world.host_count(); ++host) {
    world.at(TimePoint{} + between(rng, 0s, kStartTime), [this, host] { world.start(host); });
  }
  world.run_until(TimePoint{} + kStartTime);
  const Bytes state = whole_state();
  for (HostId host = 0; host < world.host_count(); ++host)
    world.tell_all(host, state);
  const TimePoint give_up_at = world.now() + kLongestSettling;
  do {
    run_for(1s);
  } while (!is_quiet() && world.now() < give_up_at);
  recorder.begin_anew();
  use_links();
  return is_quiet();
}

void Lab::use_links() {
  world.links().set_quality(links_);
  world.network_changed();
}

HostId Lab::any_host() {
  return static_cast<HostId>(rng.uniform(world.host_count()));
}

// What each says of itself, in one push/pull.
Bytes Lab::whole_state() const {
  wire::PushPull message;
  wire::ClusterState cluster;
  std::vector<std::string> names;
  names.reserve(world.host_count());
  for (HostId host = 0; host < world.host_count(); ++host) {
    const members::Table& table = engine::Inspection::members(*world.process(host).engine);
    const std::vector<wire::NodeState> rows = swim::rows_of(table);
    message.nodes.push_back(rows.at(0));
    const std::string& name = names.emplace_back(host_name(host));
    cluster.status_times.emplace_back(name, table.at(0).status_time);
  }
  cluster.member_time = 2;
  const Bytes user_state = wire::encode(cluster);
  message.user_state = user_state;
  CountedNonces nonces;
  const wire::Wrapping plain{.label = {}, .compression = Compression::Off, .cipher = nullptr};
  return wire::seal_stream(wire::encode(message), wire::StreamSide::Dialler, plain, nonces);
}

bool Lab::is_quiet() const {
  for (HostId host = 0; host < world.host_count(); ++host) {
    const Process& process = world.process(host);
    if (process.engine == nullptr) continue;
    const Gauges& gauges = process.engine->stats().gauges;
    if (gauges.swim_queue + gauges.intent_queue + gauges.event_queue > 0) return false;
  }
  return true;
}

}  // namespace gossip::sim
