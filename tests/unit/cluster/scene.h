// A cluster layer with a member table that the test fills as swim would; what the layer puts out is shown
// as lines of text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "gossip/config.h"
#include "gossip/stats.h"

#include "base/rng.h"
#include "base/text_pool.h"
#include "cluster/cluster.h"
#include "cluster/outputs.h"
#include "members/table.h"
#include "wire/cluster_codec.h"

namespace gossip::cluster {

// A type of its own, so that a failed check can print it.
struct Lines : std::vector<std::string> {
  using std::vector<std::string>::vector;
};

class Scene {
 public:
  // We are "me", alive, and our own join has been said.
  explicit Scene(Config config = {});

  // swim says that the member is up (inserting its record) or gone. Addresses are 192.0.2.N, N given by
  // the order of the joins.
  members::Index join(std::string_view name);
  void gone(std::string_view name);

  Verdict receive(Bytes message);
  Verdict receive_join(std::string_view name, LamportTime time);
  Verdict receive_leave(std::string_view name, LamportTime time, Prune prune = Prune::No);
  Verdict receive_event(std::string_view name, LamportTime time, std::string_view payload = "");
  Verdict merge(const wire::ClusterState& state, MergeKind kind = MergeKind::Sync);

  // Runs all timers until `by` from now, each at its time.
  void pass(Duration by);

  // "alive 5": status and status time. "absent" if the layer does not hold the member.
  [[nodiscard]] std::string status(std::string_view name) const;
  [[nodiscard]] Gauges gauges() const;
  [[nodiscard]] std::uint64_t drops(Drop why) const { return counters.dropped_for(why); }

  // What was put out since the last call: events, broadcasts and the like, in order.
  Lines said();
  // The same of log lines, the level before them.
  Lines logged();

  Config config;
  const LocalAddress local{{IpAddress::v4({192, 0, 2, 1}), 7946}, 7946};
  Counters counters;
  base::TextPool texts;
  members::Table table;
  base::Rng rng;
  TimePoint now{std::chrono::seconds(1000)};
  Cluster cluster;
  Outputs out;

 private:
  void sort_out();

  std::uint8_t next_host_ = 1;
  Lines said_;
  Lines logged_;
};

[[nodiscard]] std::string show(const Output& output, const members::Table& table);

}  // namespace gossip::cluster

template <>
struct doctest::StringMaker<gossip::cluster::Lines> {
  static String convert(const gossip::cluster::Lines& lines);
};
