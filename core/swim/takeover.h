// A living member's name is claimed from another address: is its old self still there? Whoever listens at the
// old address is asked by a TCP connect, which the engine makes and ends at once; a refusal proves the process
// dead, anything else proves nothing. Which claims are asked about, and what follows, is claims.h's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "gossip/address.h"
#include "gossip/bytes.h"
#include "gossip/time.h"

#include "base/token_bucket.h"
#include "members/record.h"
#include "swim/outputs.h"
#include "wire/swim_messages.h"

namespace gossip::swim {

class Takeover {
 public:
  // `last_check`: the number of the layer's last AddressCheck; outlives this object.
  explicit Takeover(std::uint32_t& last_check) : last_check_(last_check) {}

  // After a check, the next one about the same member waits.
  static constexpr Duration kRest = std::chrono::seconds(5);
  static constexpr Duration kRestOfOurName = std::chrono::minutes(1);
  // Of all members together; with kRest it bounds what is remembered.
  static constexpr double kChecksPerSecond = 20;

  // What was claimed, kept while the answer is awaited, or until the rest is over.
  struct Claimed {
    std::string name;
    Address address;  // where the member is said to be now
    std::uint32_t incarnation = 0;
    Bytes meta;
    Bytes versions;

    // Its views hold as long as this object.
    [[nodiscard]] wire::Alive message() const;
  };
  struct Question {
    members::Index member = 0;
    Address asked;
    TimePoint give_up_at;
    Duration rest = kRest;
  };

  // Puts out the check, unless one about the member is under way or was a moment ago, or too many were made.
  // A newer claim of the same address takes the place of the one that waits. Of those of another address the last is
  // kept, but for those of our own name: returns when `due` wants to be asked, once for each check.
  [[nodiscard]] std::optional<TimePoint> ask(TimePoint now, const Question& question,
                                             const wire::Alive& claim, const Address& address,
                                             Outputs& out);

  struct Answered {
    members::Index member = 0;
    Address asked;
    Claimed claimed;
  };
  // The check of this number is over; nothing if it was over before.
  [[nodiscard]] std::optional<Answered> finish(std::uint32_t id);
  // What has become of the claim that was kept about the member: it is to be heard now, or asked for again then, or there is
  // none any more. Heard, it is a claim like any other: it may find that too many checks were made.
  struct Due {
    std::optional<Claimed> kept = std::nullopt;
    std::optional<TimePoint> look_again = std::nullopt;
  };
  [[nodiscard]] Due due(TimePoint now, members::Index member);
  // The member has moved: what was found out does not concern its new address. The claim that was kept does.
  [[nodiscard]] std::optional<Claimed> moved(members::Index member);
  // The member has left by itself: whoever comes back says so anew.
  void forget(members::Index member) { checks_.erase(member); }

 private:
  struct Check {
    std::uint32_t id = 0;
    Address asked;
    Address claimed;
    std::optional<Claimed> waiting;  // until the answer
    std::optional<Claimed> kept;     // until the rest is over
    TimePoint rests_until;
  };

  [[nodiscard]] static std::optional<TimePoint> meet_check(Check& check, const wire::Alive& claim,
                                                           const Address& address);

  std::map<members::Index, Check> checks_;
  std::uint32_t& last_check_;
  base::TokenBucket budget_{kChecksPerSecond, kChecksPerSecond};
};

}  // namespace gossip::swim
