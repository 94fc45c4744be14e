#include "agent/system/telemetry.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace gossip::agent {
namespace {

constexpr std::string_view kPrefix = "serf-agent.";

// The lines of one dump; each begins with the same time.
struct Dump {
  std::string time;
  std::string host;
  std::vector<std::string> lines;

  void line(char kind, const std::string& name, const std::string& value) {
    lines.push_back("[" + time + "][" + kind + "] '" + std::string(kPrefix) + name + "': " + value);
  }
  void counter(const std::string& name, std::uint64_t count, std::uint64_t sum) {
    line('C', name, "Count: " + std::to_string(count) + " Sum: " + std::to_string(sum) + ".000");
  }
  void counter(const std::string& name, std::uint64_t count) { counter(name, count, count); }
  // A depth, which Serf takes as a sample now and then.
  void sample(const std::string& name, std::uint64_t value) {
    line('S', name, "Count: 1 Sum: " + std::to_string(value) + ".000");
  }
  void gauge(const std::string& name, std::uint64_t value) {
    line('G', host + "." + name, std::to_string(value) + ".000");
  }
};

void add_counters(const Counters& counters, Dump& dump) {
  dump.counter("memberlist.udp.received", counters.packets_received,
               counters.packet_bytes_received);
  dump.counter("memberlist.udp.sent", counters.packets_sent, counters.packet_bytes_sent);
  dump.counter("memberlist.tcp.accept", counters.streams_accepted);
  dump.counter("memberlist.tcp.connect", counters.streams_opened);
  dump.counter("memberlist.tcp.sent", counters.streams_accepted + counters.streams_opened,
               counters.stream_bytes_sent);
  dump.counter("memberlist.msg.suspect", counters.suspicions);
  dump.counter("serf.coordinate.rejected", counters.coordinates_refused);
  // From here on figures that Serf does not have.
  dump.counter("gossipd.probes", counters.probes);
  dump.counter("gossipd.probes_failed", counters.probes_failed);
  dump.counter("gossipd.refutations", counters.refutations);
  dump.counter("gossipd.evidence_checks", counters.evidence_checks);
  dump.counter("gossipd.evidence_contradicted", counters.evidence_contradicted);
  dump.counter("gossipd.evidence_brakes", counters.evidence_brakes);
  dump.counter("gossipd.deaths_proven", counters.deaths_proven);
  dump.counter("gossipd.push_pulls", counters.push_pulls);
  dump.counter("gossipd.conflicts", counters.conflicts);
  dump.counter("gossipd.broadcasts_shed", counters.broadcasts_shed);
  for (std::size_t i = 0; i < counters.dropped.size(); ++i) {
    dump.counter("gossipd.dropped." + std::string(to_string(static_cast<Drop>(i))),
                 counters.dropped[i]);
  }
}

void add_gauges(const Gauges& gauges, Dump& dump) {
  dump.sample("serf.queue.Intent", gauges.intent_queue);
  dump.sample("serf.queue.Event", gauges.event_queue);
  dump.sample("serf.queue.Query", gauges.query_queue);
  dump.gauge("memberlist.health.score", gauges.health_score);
  dump.gauge("gossipd.members", gauges.members);
  dump.gauge("gossipd.failed", gauges.failed);
  dump.gauge("gossipd.left", gauges.left);
  dump.gauge("gossipd.open_streams", gauges.open_streams);
  dump.gauge("gossipd.swim_queue", gauges.swim_queue);
}

}  // namespace

std::vector<std::string> telemetry_lines(const Stats& stats, const std::tm& utc,
                                         std::string_view host) {
  std::array<char, 40> time{};
  const std::size_t length =
      std::strftime(time.data(), time.size(), "%Y-%m-%d %H:%M:%S +0000 UTC", &utc);
  Dump dump{std::string(time.data(), length), std::string(host), {}};
  add_counters(stats.counters, dump);
  add_gauges(stats.gauges, dump);
  std::sort(dump.lines.begin(), dump.lines.end());
  return std::move(dump.lines);
}

}  // namespace gossip::agent
