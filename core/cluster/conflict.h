// Two addresses claim one name (gossip-wire §8.10): said aloud, once a minute for each name; and where it is our
// own, the other members are asked whose it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "gossip/address.h"
#include "gossip/config.h"
#include "gossip/query.h"
#include "gossip/time.h"

#include "cluster/outputs.h"
#include "members/record.h"
#include "members/table.h"

namespace gossip::cluster {

inline constexpr std::string_view kConflictQuery = "_serf_conflict";

enum class WhoseName : std::uint8_t { Ours, Anothers };

class ConflictNotices {
 public:
  static constexpr Duration kRest = std::chrono::minutes(1);
  // Names remembered; further ones wait until one of these has rested.
  static constexpr std::size_t kMaxNames = 256;

  explicit ConflictNotices(NameConflict rule) : rule_(rule) {}

  void notice(TimePoint now, const members::Record& member, const Address& other, WhoseName whose,
              Outputs& out);

 private:
  [[nodiscard]] bool is_due(TimePoint now, std::string_view name);

  NameConflict rule_;
  std::map<std::string, TimePoint, std::less<>> noticed_at_;
};

// Whether we may keep our name. Serf counts the answers alone, and stops without any; here a majority of the
// members that are alive when we ask and do not die meanwhile, ourselves not counted, must know the name at
// another address (robustness.md 14). A member that is failed or has left claims nothing, so an answer that names one is no
// vote against us.
class NameVote {
 public:
  static constexpr Duration kRest = std::chrono::minutes(1);

  enum class Verdict : std::uint8_t {
    Open,  // neither has a majority
    Ours,  // a majority knows us
    Lost,  // a majority knows another
  };

  // At most one at a time, and one in kRest.
  [[nodiscard]] bool is_due(TimePoint now) const;
  // `electorate`: members alive, without ourselves.
  void begin(TimePoint now, QueryToken query, std::size_t electorate, const Address& ours);
  [[nodiscard]] bool is_running() const { return vote_.has_value(); }
  [[nodiscard]] std::optional<QueryToken> query() const;

  // The dead are no electors, and what they said does not count: so many are alive now, and these.
  void shrink_to(std::size_t living, const std::function<bool(std::string_view)>& is_alive);
  // From a member that is alive; others have no vote.
  void receive(const QueryReply& reply);
  [[nodiscard]] Verdict verdict() const;
  // The query is over, or decided. Logs what came of it, and asks to stop if the vote is lost.
  Verdict finish(Outputs& out);

 private:
  enum class Voice : std::uint8_t { ForUs, Against, Neither };
  struct Vote {
    QueryToken query = 0;
    std::size_t electorate = 0;
    Address ours;
    std::map<std::string, Voice, std::less<>> voices;  // by member
    Address other;                                     // of the last vote against us
  };
  [[nodiscard]] std::uint32_t count(Voice voice) const;
  [[nodiscard]] bool is_majority(std::uint32_t votes) const;

  std::optional<Vote> vote_;
  std::optional<TimePoint> rests_until_;
};

}  // namespace gossip::cluster
