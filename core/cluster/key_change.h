// A key command's way through the cluster, on the asking side (gossip-wire §9.6, rpc §5.10): who answered what,
// added up. Sending the query and ending it is own_queries.h's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gossip/bytes.h"
#include "gossip/keys.h"
#include "gossip/query.h"

namespace gossip::cluster {

// "_serf_list-keys" …
[[nodiscard]] std::string_view query_name(KeyAction action);

class KeyTally {
 public:
  // Different keys that are counted; no ring comes near, but answers come from the network.
  static constexpr std::size_t kMaxKeys = 4096;

  void receive(const QueryReply& reply);
  // The result, when the query is over.
  [[nodiscard]] KeyResult finish(const QueryDone& done) &&;

 private:
  void fail(std::string_view from, std::string_view message);

  KeyResult result_;
};

}  // namespace gossip::cluster
