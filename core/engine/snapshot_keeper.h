// Keeps the snapshot file up with what happens (gossip-wire §10): at most one Save at the end of each turn, clocks
// that only tick every half a second, the whole file anew when it has grown or could not be written.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/config.h"
#include "gossip/effects.h"
#include "gossip/error.h"
#include "gossip/time.h"

#include "cluster/lamport.h"
#include "cluster/snapshot.h"

namespace gossip::engine {

class SnapshotKeeper {
 public:
  static constexpr Duration kClockInterval = std::chrono::milliseconds(500);
  static constexpr Duration kRetryInterval = std::chrono::seconds(30);

  // `config` outlives this. Without a snapshot path nothing is noted, and no Save comes.
  explicit SnapshotKeeper(const Config& config);

  // Begins with the text of the last run, and says what is wrong with it, once. False if there is neither a text
  // nor a file to keep.
  bool read(std::string_view last_run, Effects& out);
  [[nodiscard]] const cluster::Clocks& clocks() const { return snapshot_.clocks(); }

  struct Contact {
    std::string name;
    Address address;
    cluster::Remembered as = cluster::Remembered::Alive;
  };
  // All that is remembered, by name.
  [[nodiscard]] std::vector<Contact> contacts() const;
  void forget(std::string_view name);

  void note(const Event& event);
  // Our leave begins.
  void leave();

  // At the end of each turn, `clocks` as they are then.
  void settle(TimePoint now, const cluster::Clocks& clocks, Effects& out);
  // How a Save ended. The first failure is told; then the whole file is tried again, every half a minute.
  void saved(TimePoint now, const Expected<void>& result, Effects& out);

  // Whether people have been told of a failure, and it has not ended.
  [[nodiscard]] bool is_failing() const { return is_told_; }

  // Before the turn's `settle`.
  void advance(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;

 private:
  const Config& config_;
  cluster::Snapshot snapshot_;
  std::optional<TimePoint> clock_at_;  // when a member clock that has moved is written
  std::optional<TimePoint> retry_at_;
  bool clock_is_due_ = false;
  bool rewrite_is_due_ = false;
  bool is_broken_ = false;  // the file lacks lines; nothing is appended until it is written whole
  bool is_told_ = false;    // and people know
};

}  // namespace gossip::engine
