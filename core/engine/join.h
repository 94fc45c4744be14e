// What is known of a join under way: who asked for it, whom it has still to ask, what came of it so far.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "gossip/address.h"
#include "gossip/config.h"
#include "gossip/effects.h"

namespace gossip::engine {

// Whether a push/pull says that its sender joins.
enum class JoinFlag : std::uint8_t { Clear, Set };

// A join that somebody asked for, or one with the members of the last run: until one answers, with lines of its
// own in the log, and without a word to the others (gossip-wire §8.13).
enum class JoinKind : std::uint8_t { Command, Rejoin, RejoinAgain };

// Its contacts are asked one after the other.
struct JoinCommand {
  OpId op = 0;
  JoinKind kind = JoinKind::Command;
  Replay replay = Replay::IgnoreOld;
  std::vector<Address> contacts;
  std::vector<std::string> names;  // of the contacts, in a rejoin
  std::size_t next = 0;
  JoinResult result;
};

}  // namespace gossip::engine
