// Queries that the agents put to each other (gossip-wire §9.5): their names begin "_serf_", no application
// sees them, and they are answered here; those about keys by whoever holds the ring (outputs.h, KeyRequested).
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "gossip/bytes.h"
#include "gossip/config.h"
#include "gossip/query.h"

#include "cluster/outputs.h"
#include "members/table.h"

namespace gossip::cluster {

inline constexpr std::string_view kInternalPrefix = "_serf_";
inline constexpr std::string_view kPingQuery = "_serf_ping";

struct InternalQuestion {
  QueryToken token = 0;
  std::string_view name;  // with the prefix
  ByteView payload;
};

// None: no answer will follow; a ping's ack says all. Later: one may come, by Cluster::answer_keys.
struct NoAnswer {};
struct AnswersLater {};
using InternalAnswer = std::variant<NoAnswer, AnswersLater, Bytes>;

class InternalQueries {
 public:
  // Both outlive this.
  InternalQueries(const Config& config, const members::Table& table);

  [[nodiscard]] InternalAnswer answer(const InternalQuestion& question, Outputs& out) const;

 private:
  [[nodiscard]] InternalAnswer answer_conflict(std::string_view name, Outputs& out) const;

  const Config* config_;
  const members::Table* table_;
};

[[nodiscard]] inline bool is_internal(std::string_view name) {
  return name.starts_with(kInternalPrefix);
}

// Whether it may be passed on: other implementations may not survive a key request without payload
// (gossip-wire §13.6).
[[nodiscard]] bool is_harmless(std::string_view name, ByteView payload);

}  // namespace gossip::cluster
