// Queries that the agents put to each other (gossip-wire §9.5): their names begin "_serf_", no application
// sees them, and they are answered here.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "gossip/bytes.h"
#include "gossip/lamport_time.h"
#include "gossip/time.h"

#include "cluster/outputs.h"

namespace gossip::cluster {

inline constexpr std::string_view kInternalPrefix = "_serf_";
inline constexpr std::string_view kPingQuery = "_serf_ping";

// `time` and `id` as they will stand in the response, for whom its size matters.
struct InternalQuestion {
  std::string_view name;  // with the prefix
  ByteView payload;
  std::string_view asker;
  LamportTime time = 0;
  std::uint32_t id = 0;
};

class InternalQueries {
 public:
  // What our response carries; nothing if there is none, as for a ping, where the ack says all.
  [[nodiscard]] std::optional<Bytes> answer(TimePoint now, const InternalQuestion& question,
                                            Outputs& out);
};

[[nodiscard]] inline bool is_internal(std::string_view name) {
  return name.starts_with(kInternalPrefix);
}

}  // namespace gossip::cluster
