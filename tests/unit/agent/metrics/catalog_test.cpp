// What names and helps must be like, and that figures come out under the right ones. `promtool` judges them as well, in
// tests/e2e/test_gossipd_metrics.py.
#include "agent/metrics/catalog.h"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "metrics/exposition.h"

namespace gossip::agent::metrics {
namespace {

using gossip::metrics::Family;
using gossip::metrics::Kind;

bool has_line(const std::vector<Family>& all, const std::string& line) {
  const std::string text =
      "\n" + gossip::metrics::expose(all, gossip::metrics::Exposition::Prometheus);
  return text.find("\n" + line + "\n") != std::string::npos;
}

TEST_CASE("every figure has a name of ours, a kind that fits it and a line of help") {
  Figures figures;
  figures.process.emplace();
  std::set<std::string> names;
  for (const Family& family : families(figures)) {
    INFO(family.name);
    CHECK(names.insert(family.name).second);
    CHECK(gossip::metrics::is_metric_name(family.name));
    CHECK((family.name.starts_with("gossipd_") || family.name.starts_with("process_")));
    CHECK(family.name.ends_with("_total") == (family.kind == Kind::Counter));
    CHECK(family.name.ends_with("_info") == (family.kind == Kind::Info));
    CHECK(family.help.size() > 5);
    CHECK(family.help.back() != '.');
  }
  CHECK(names.size() > 50);
}

TEST_CASE("nothing is told of a process that cannot be looked at") {
  for (const Family& family : families({}))
    CHECK_FALSE(family.name.starts_with("process_"));
}

TEST_CASE("members, events, drops and seeds stand under their labels") {
  Figures figures;
  figures.stats.gauges.members = 10;
  figures.stats.gauges.failed = 3;
  figures.stats.gauges.left = 2;
  figures.stats.counters.drop(Drop::WrongLabel);
  figures.member_events[static_cast<std::size_t>(MemberEventKind::Failed)] = 4;
  figures.member_events[static_cast<std::size_t>(MemberEventKind::Reap)] = 1;
  figures.seeds.resize(3);
  figures.seeds[0].state = "only us";
  figures.seeds[0].attempts = 5;
  figures.seeds[1].state = figures.seeds[2].state = "missing";
  figures.seeds[2].attempts = 2;
  const auto all = families(figures);
  CHECK(has_line(all, "gossipd_members{status=\"alive\"} 5"));
  CHECK(has_line(all, "gossipd_members{status=\"failed\"} 3"));
  CHECK(has_line(all, "gossipd_members{status=\"left\"} 2"));
  CHECK(has_line(all, "gossipd_dropped_total{reason=\"wrong_label\"} 1"));
  CHECK(has_line(all, "gossipd_member_events_total{event=\"failed\"} 4"));
  CHECK(has_line(all, "gossipd_member_events_total{event=\"reap\"} 1"));
  CHECK(has_line(all, "gossipd_seeds{state=\"only_us\"} 1"));
  CHECK(has_line(all, "gossipd_seeds{state=\"missing\"} 2"));
  CHECK(has_line(all, "gossipd_seeds{state=\"met\"} 0"));
  CHECK(has_line(all, "gossipd_seed_attempts_total 7"));
}

TEST_CASE("the buckets of round trips add up, with canonical bounds") {
  Figures figures;
  figures.stats.counters.round_trips.add(std::chrono::microseconds(300));
  figures.stats.counters.round_trips.add(std::chrono::milliseconds(700));
  figures.stats.counters.round_trips.add(std::chrono::seconds(2));
  const auto all = families(figures);
  const std::string bucket = "gossipd_probe_rtt_seconds_bucket{le=";
  CHECK(has_line(all, bucket + "\"0.00025\"} 0"));
  CHECK(has_line(all, bucket + "\"0.0005\"} 1"));
  CHECK(has_line(all, bucket + "\"0.5\"} 1"));
  CHECK(has_line(all, bucket + "\"1.0\"} 2"));
  CHECK(has_line(all, bucket + "\"+Inf\"} 3"));
  CHECK(has_line(all, "gossipd_probe_rtt_seconds_count 3"));
  CHECK(has_line(all, "gossipd_probe_rtt_seconds_sum 2.7003"));
}

}  // namespace
}  // namespace gossip::agent::metrics
