// What others say about members, and what becomes of it (gossip-wire §7.2, §7.3, §7.5): a claim that is
// news changes the table and is passed on, encoded anew; a false one about ourselves is refuted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "gossip/time.h"

#include "members/record.h"
#include "swim/layer.h"
#include "swim/outputs.h"
#include "swim/self.h"
#include "swim/suspicion.h"
#include "swim/takeover.h"
#include "wire/swim_messages.h"

namespace gossip::swim {

// How a claim reached us. A push/pull tells what its sender believes, however old; gossip is news.
enum class Heard : std::uint8_t { Gossip, PushPull };

class Claims {
 public:
  Claims(Layer& layer, Self& self);

  // From the network, or our own judgement of others.
  void take(TimePoint now, const wire::Alive& claim, Heard heard, Outputs& out);
  void take(TimePoint now, const wire::Suspect& claim, Outputs& out);
  void take(TimePoint now, const wire::Dead& claim, Outputs& out);
  // What we say about ourselves: start and new meta.
  void take_own(TimePoint now, const wire::Alive& claim, Outputs& out);

  // How an AddressCheck ended.
  void address_checked(TimePoint now, std::uint32_t id, Listener listener, Outputs& out);
  // A member's name was claimed from a second address while the first was asked about; that is over.
  void takeover_due(TimePoint now, members::Index member, Outputs& out);
  void suspicion_expired(TimePoint now, members::Index member, Outputs& out);

  // Whether a node that is neither we nor the member itself is among those that brought its suspicion about.
  [[nodiscard]] bool accused_by_another(members::Index member) const;
  // The record of `name`, if it is a node to this layer.
  [[nodiscard]] std::optional<members::Index> node(std::string_view name) const;
  // Alive or suspect, ourselves included.
  [[nodiscard]] std::size_t live_count() const { return live_count_; }

 private:
  enum class Move : std::uint8_t { None, Taken, Refused };

  [[nodiscard]] bool well_formed(std::string_view name, std::string_view from);
  [[nodiscard]] bool well_formed(const wire::Alive& claim);
  [[nodiscard]] bool fits_us(const wire::Alive& claim);
  [[nodiscard]] bool plausible(std::uint32_t incarnation, std::uint32_t known);
  // Whom a well-formed suspect or dead message of a credible incarnation is about.
  template <typename Accusation>
  [[nodiscard]] std::optional<members::Index> accused(const Accusation& claim);
  [[nodiscard]] std::optional<members::Index> node_or_new(const wire::Alive& claim,
                                                          const Address& address);
  [[nodiscard]] Move judge_address(members::Index member, const Address& address, Outputs& out);
  // A claim was refused because of its address; whether the old self still lives may change that.
  void contest(TimePoint now, members::Index member, const wire::Alive& claim,
               const Address& address, Heard heard, Outputs& out);
  void keep_our_name(const Takeover::Answered& answered, Listener listener, Outputs& out);
  void hear_about_ourselves(const wire::Alive& claim, Outputs& out);
  void recall_leave(members::Index member, Outputs& out);
  void accept(TimePoint now, members::Index member, const wire::Alive& claim,
              const Address& address, Outputs& out);
  void begin_suspicion(TimePoint now, members::Index member, std::string_view accuser);
  void arm(members::Index member, const Suspicion& suspicion);
  void drop_suspicion(members::Index member);

  Layer& layer_;
  Self& self_;
  std::unordered_map<members::Index, Suspicion> suspicions_;
  Takeover takeover_;
  std::size_t live_count_ = 0;
};

}  // namespace gossip::swim
