#include "agent/system/telemetry.h"

#include <algorithm>
#include <regex>

#include <doctest/doctest.h>

namespace gossip::agent {
namespace {

bool has(const std::vector<std::string>& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

TEST_CASE("the telemetry dump looks like Serf's and has Serf's names") {
  Stats stats;
  stats.counters.packets_received = 43;
  stats.counters.packet_bytes_received = 3247;
  stats.counters.streams_accepted = 2;
  stats.counters.drop(Drop::WrongLabel);
  stats.gauges.health_score = 1;
  stats.gauges.event_queue = 7;
  std::tm time{};
  time.tm_year = 126;
  time.tm_mon = 10;
  time.tm_mday = 23;
  time.tm_hour = 20;
  const std::vector<std::string> lines = telemetry_lines(stats, time, "vm");
  const std::string at = "[2026-11-23 20:00:00 +0000 UTC]";
  CHECK(has(lines, at + "[C] 'serf-agent.memberlist.udp.received': Count: 43 Sum: 3247.000"));
  CHECK(has(lines, at + "[C] 'serf-agent.memberlist.tcp.accept': Count: 2 Sum: 2.000"));
  CHECK(has(lines, at + "[C] 'serf-agent.gossipd.dropped.wrong-label': Count: 1 Sum: 1.000"));
  CHECK(has(lines, at + "[G] 'serf-agent.vm.memberlist.health.score': 1.000"));
  CHECK(has(lines, at + "[S] 'serf-agent.serf.queue.Event': Count: 1 Sum: 7.000"));
  // What reads Serf's lines: time, kind, name, figures.
  const std::regex line(
      R"(\[[0-9: -]+ \+0000 UTC\]\[([GCS])\] '([^ ']+)': (Count: \d+ Sum: )?\d+\.\d{3})");
  for (const std::string& text : lines)
    CHECK_MESSAGE(std::regex_match(text, line), text);
}

}  // namespace
}  // namespace gossip::agent
