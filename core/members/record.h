// One member, stored once: `swim` writes its half, `cluster` the other. A record lives while either half
// has something to remember.
#pragma once

#include <cstdint>
#include <memory>

#include "gossip/address.h"
#include "gossip/lamport_time.h"
#include "gossip/member.h"
#include "gossip/time.h"

#include "base/text_pool.h"

namespace gossip::members {

// memberlist's state of a node (gossip-wire §7.1). Absent: not in its table (never seen, or swept), though
// the cluster may still know the member.
enum class SwimState : std::uint8_t { Absent, Alive, Suspect, Dead, Left };

// Where the last packet came from that named the member as its sender: from its own address, or from another one, as
// behind an address translation.
enum class Contact : std::uint8_t { Unknown, AtHome, Elsewhere };

// Names a record while it lives; reused afterwards.
using Index = std::uint32_t;

struct Record {
  base::Text name;

  // Both halves show these; written by `swim` when it takes a claim.
  base::Text meta;  // encoded tags
  IpAddress ip;     // in the form that arrived
  std::uint16_t port = 0;
  Versions versions;

  // swim's half.
  SwimState state = SwimState::Absent;
  Contact contact = Contact::Unknown;
  // Left, neither probed nor counted any more: only its incarnation is remembered, as long as the cluster knows the member.
  bool retired = false;
  std::uint32_t incarnation = 0;
  TimePoint state_since;

  // cluster's half.
  MemberStatus status = MemberStatus::None;
  LamportTime status_time = 0;  // of the last join or leave intent that was accepted
  TimePoint left_at;            // when it left or failed

  [[nodiscard]] Address address() const { return {ip, port}; }
  [[nodiscard]] bool is_node() const { return state != SwimState::Absent; }
  // One of n in the formulae.
  [[nodiscard]] bool is_counted() const { return is_node() && !retired; }
  // Neither dead nor left, as far as we know.
  [[nodiscard]] bool is_live() const {
    return state == SwimState::Alive || state == SwimState::Suspect;
  }
  [[nodiscard]] bool is_member() const { return status != MemberStatus::None; }
};

// The record as applications see it.
[[nodiscard]] Member to_member(const Record& record);

}  // namespace gossip::members
