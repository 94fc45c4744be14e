// The files of one host. What is appended outlives the process at once and the power a little later; a replacement is
// whole or not there (core/runtime/stored_file.h is the real one).
#pragma once

#include <cstdint>
#include <string>

#include "gossip/effects.h"
#include "gossip/time.h"

#include "base/rng.h"

namespace gossip::sim {

class Disk {
 public:
  // Longest time from an append until it is safe.
  static constexpr Duration kSyncInterval = std::chrono::seconds(5);

  void set_full(bool is_full) { is_full_ = is_full; }
  // False if it is full. Then nothing of it is kept.
  [[nodiscard]] bool save(TimePoint now, const Save& save);
  // The power goes: of what is not yet safe any part from the front is left, to the byte.
  void lose_power(TimePoint now, base::Rng& rng);

  // What the next run reads: a last line without an end goes, as in the real host.
  [[nodiscard]] const std::string& read_snapshot();
  // Nothing that was saved is missing from the snapshot.
  [[nodiscard]] bool is_whole() const { return is_whole_; }
  // Somebody removes the files.
  void wipe();

 private:
  void sync(TimePoint now);

  std::string snapshot_;
  std::size_t synced_bytes_ = 0;
  TimePoint dirty_since_;
  bool is_full_ = false;
  bool is_whole_ = true;
};

}  // namespace gossip::sim
