// Two addresses claim one name (gossip-wire §8.10): said aloud, once a minute for each name.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "gossip/address.h"
#include "gossip/time.h"

#include "cluster/outputs.h"
#include "members/record.h"

namespace gossip::cluster {

enum class WhoseName : std::uint8_t { Ours, Anothers };

class ConflictNotices {
 public:
  static constexpr Duration kRest = std::chrono::minutes(1);
  // Names remembered; further ones wait until one of these has rested.
  static constexpr std::size_t kMaxNames = 256;

  void notice(TimePoint now, const members::Record& member, const Address& other, WhoseName whose,
              Outputs& out);

 private:
  [[nodiscard]] bool is_due(TimePoint now, std::string_view name);

  std::map<std::string, TimePoint, std::less<>> noticed_at_;
};

}  // namespace gossip::cluster
