// Changes of the encryption keys that are under way here: those that members ask of us, and those that we ask of
// the cluster (gossip-wire §9.6). Both go one after the other; what is done with them is keys.cpp's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "gossip/effects.h"
#include "gossip/keys.h"

#include "cluster/key_answer.h"
#include "cluster/outputs.h"

namespace gossip::engine {

// The first one is being served: its change is made, and waits for the word that it is saved.
struct KeyRequests {
  // Each waits for one write of a small file. More are answered with a failure.
  static constexpr std::size_t kMaxWaiting = 256;

  std::deque<cluster::KeyRequested> waiting;
  std::optional<cluster::KeyAnswer> unsaved;  // of the first one
};

// The first one is asking the cluster.
struct KeyCommands {
  static constexpr std::size_t kMaxWaiting = 64;

  struct Waiting {
    OpId op = 0;
    KeyCommand command;
  };
  std::deque<Waiting> waiting;
  bool is_asking = false;
};

// Random nonces of 96 bits are safe for 2^32 messages under one key (NIST SP 800-38D, 8.3), by all members
// together; we count our own, and take the others to send as much.
inline constexpr std::uint64_t kMostSealedPackets = std::uint64_t{1} << 32;
[[nodiscard]] bool is_worn_out(std::uint64_t packets_sealed, std::size_t live_members);

}  // namespace gossip::engine
