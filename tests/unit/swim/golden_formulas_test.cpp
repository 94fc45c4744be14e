// Formulae and the broadcast queue against what memberlist computes (tests/data/vectors).
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "swim/awareness.h"
#include "swim/broadcast_queue.h"
#include "swim/scaling.h"
#include "swim/suspicion.h"
#include "unit/wire/codec_vectors.h"

namespace gossip::swim {
namespace {

using wire::test::Json;
using wire::test::load_vectors;

Duration duration(const Json& nanoseconds) {
  return Duration(nanoseconds.get<std::int64_t>());
}

Bytes bytes(const std::string& text) {
  return {text.begin(), text.end()};
}

TEST_CASE("suspicion times by profile and cluster size are memberlist's") {
  const Json rows = load_vectors("swim-tables.json").at("suspicion_timeout");
  CHECK(rows.size() > 10);
  for (const Json& row : rows) {
    CAPTURE(row.dump());
    std::uint32_t mult = row.at("suspicion_mult");
    SuspicionTimes times =
        suspicion_times({.mult = mult,
                         .max_timeout_mult = 6,
                         .probe_interval = duration(row.at("probe_interval_ns"))},
                        row.at("n"));
    CHECK(times.shortest == duration(row.at("min_ns")));
    CHECK(times.longest == duration(row.at("max_ns")));
  }
}

TEST_CASE("what is left of a suspicion after some confirmations is memberlist's") {
  const Json rows = load_vectors("swim-tables.json").at("remaining_suspicion_time");
  CHECK(rows.size() > 10);
  for (const Json& row : rows) {
    CAPTURE(row.dump());
    SuspicionTimes times{.expected_confirmations = row.at("k"),
                         .shortest = duration(row.at("min_ns")),
                         .longest = duration(row.at("max_ns"))};
    Duration length = suspicion_length(times, row.at("confirmations"));
    CHECK(length - duration(row.at("elapsed_ns")) == duration(row.at("remaining_ns")));
  }
}

TEST_CASE("retransmit limits are memberlist's") {
  const Json rows = load_vectors("swim-tables.json").at("retransmit_limit");
  CHECK(rows.size() > 10);
  for (const Json& row : rows) {
    CAPTURE(row.dump());
    CHECK(retransmit_limit(row.at("retransmit_mult"), row.at("n")) == row.at("limit"));
  }
}

TEST_CASE("the push/pull interval grows as memberlist's") {
  const Json rows = load_vectors("swim-tables.json").at("push_pull_scale_30s");
  CHECK(rows.size() > 10);
  for (const Json& row : rows) {
    CAPTURE(row.dump());
    CHECK(push_pull_interval(duration(row.at("interval_ns")), row.at("n")) ==
          duration(row.at("scaled_ns")));
  }
}

TEST_CASE("the health score moves as memberlist's") {
  Awareness awareness(8);
  const Json rows = load_vectors("swim-tables.json").at("awareness_max_8");
  CHECK(rows.size() > 10);
  for (const Json& row : rows) {
    CAPTURE(row.dump());
    awareness.apply(row.at("delta"));
    CHECK(awareness.score() == row.at("score"));
    CHECK(awareness.scale(std::chrono::seconds(1)) == duration(row.at("scaled_1s_ns")));
  }
}

TEST_CASE("the broadcast queue gives out what memberlist's does, in its order") {
  BroadcastQueue queue;
  BroadcastQueue::Tickets done;
  std::uint32_t limit = 0;
  for (const Json& step : load_vectors("transmit-queue.json")) {
    CAPTURE(step.dump());
    const std::string op = step.at("op");
    if (op == "start") {
      limit = step.at("retransmit_limit");
      CHECK(retransmit_limit(step.at("retransmit_mult"), step.at("num_nodes")) == limit);
      continue;
    }
    if (op == "queue") {
      queue.insert(step.at("name").get<std::string>(), bytes(step.at("message")), 0, done);
    } else if (op == "prune") {
      // How many go, not which: there the queues differ (broadcast_queue.h).
      (void)queue.prune(step.at("retain"), done);
      CHECK(queue.size() == step.at("queued"));
      return;
    } else {
      std::vector<Bytes> out;
      (void)queue.take(
          {.overhead = step.at("overhead"), .bytes = step.at("limit"), .retransmit_limit = limit},
          out, done);
      std::vector<std::string> texts;
      for (const Bytes& message : out)
        texts.emplace_back(as_text(message));
      CHECK(texts == step.at("messages").get<std::vector<std::string>>());
    }
    CHECK(queue.size() == step.at("queued"));
  }
}

}  // namespace
}  // namespace gossip::swim
