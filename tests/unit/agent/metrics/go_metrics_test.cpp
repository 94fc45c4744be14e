// The names and types that the real Serf's agent sends are in tests/interop/test_metrics.py.
#include "agent/metrics/go_metrics.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "agent/metrics/sink.h"

namespace gossip::agent::metrics {
namespace {

using std::chrono::milliseconds;
using Lines = std::vector<std::string>;

bool has(const Lines& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

TEST_CASE("counters tell what has come since the last report, and nothing else") {
  GoMetrics metrics("vm");
  Figures now;
  now.stats.counters.packet_bytes_sent = 100;
  now.member_events[static_cast<std::size_t>(MemberEventKind::Leave)] = 2;
  Lines lines = metrics.report(now);
  CHECK(has(lines, "serf-agent.memberlist.udp.sent:100.000000|c"));
  CHECK(has(lines, "serf-agent.serf.member.left:2.000000|c"));
  CHECK(has(lines, "serf-agent.serf.queue.Intent:0.000000|ms"));
  CHECK(metrics.report(now).empty());
  now.stats.counters.packet_bytes_sent = 130;
  CHECK(metrics.report(now) == Lines{"serf-agent.memberlist.udp.sent:30.000000|c"});
}

TEST_CASE("a timer is the mean of the interval") {
  GoMetrics metrics("vm");
  Figures now;
  now.handlers.each.push_back({"./a b.sh", {}});
  (void)metrics.report(now);
  now.stats.counters.probe_times.add(milliseconds(1));
  now.stats.counters.probe_times.add(milliseconds(2));
  now.stats.counters.cluster_messages_received = 4;
  now.stats.counters.cluster_bytes_received = 50;
  now.handlers.each[0].run_times.add(milliseconds(7));
  const Lines lines = metrics.report(now);
  CHECK(has(lines, "serf-agent.memberlist.probeNode:1.500000|ms"));
  CHECK(has(lines, "serf-agent.serf.msgs.received:12.500000|ms"));
  CHECK(has(lines, "serf-agent.agent.invoke../a_b.sh:7.000000|ms"));
  CHECK(lines.size() == 3);
}

TEST_CASE("handlers of one command have one timer") {
  GoMetrics metrics("vm");
  Figures now;
  now.handlers.each = {{"./a", {}}, {"./a", {}}};
  now.handlers.each[0].run_times.add(milliseconds(90));
  (void)metrics.report(now);
  now.handlers.each[0].run_times.add(milliseconds(1));
  now.handlers.each[1].run_times.add(milliseconds(5));
  CHECK(metrics.report(now) == Lines{"serf-agent.agent.invoke../a:3.000000|ms"});
}

TEST_CASE("queues are sampled in every tenth report, and the health score when it changes") {
  GoMetrics metrics("vm");
  Figures now;
  now.stats.gauges.event_queue = 3;
  for (std::uint64_t i = 0; i < 2 * kQueueEvery; ++i) {
    const Lines lines = metrics.report(now);
    CHECK(has(lines, "serf-agent.serf.queue.Event:3.000000|ms") == (i % kQueueEvery == 0));
  }
  now.stats.gauges.health_score = 2;
  CHECK(has(metrics.report(now), "serf-agent.vm.memberlist.health.score:2.000000|g"));
  CHECK_FALSE(has(metrics.report(now), "serf-agent.vm.memberlist.health.score:2.000000|g"));
}

TEST_CASE("events count by name, which cannot forge a line, and not by more names than a limit") {
  GoMetrics metrics("vm");
  UserEvent event;
  event.name = "de:ploy now|c\nx";
  metrics.published(event);
  metrics.published(event);
  for (std::size_t i = 0; i < 2 * kMaxReportedNames; ++i) {
    Query query;
    query.name = std::to_string(i);
    metrics.published(query);
  }
  const Lines lines = metrics.report({});
  CHECK(has(lines, "serf-agent.serf.events.de_ploy_now_c_x:2.000000|c"));
  CHECK(has(lines, "serf-agent.serf.queries.0:1.000000|c"));
  const auto queries = std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.starts_with("serf-agent.serf.queries.");
  });
  CHECK(queries == kMaxReportedNames - 1);
}

TEST_CASE("lines are packed into datagrams, and one that is too long is left out") {
  CHECK(packed({}, 10).empty());
  const Lines lines{"aaaa", "bbbb", std::string(10, 'x'), "c"};
  CHECK(packed(lines, 10) == Lines{"aaaa\nbbbb\n", "c\n"});
  CHECK(packed(lines, 9) == Lines{"aaaa\n", "bbbb\nc\n"});
}

}  // namespace
}  // namespace gossip::agent::metrics
