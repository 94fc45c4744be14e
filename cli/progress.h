// What a person who waits is told: a line about what takes so long, from the first second on. It reads no clock and
// prints nothing; the connection, whose waits it is about, shows it.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace gossip::cli {

class Progress {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kPatience{1};

  // From now on `what` is waited for: "joining 3 addresses".
  void begin(std::string what, TimePoint now);
  // How far it has come: "2 of 5 answered".
  void note(std::string how_far) { how_far_ = std::move(how_far); }
  // Nothing any more: what comes now has no end.
  void hide() { hidden_ = true; }

  // "joining 3 addresses: 2 of 5 answered (4 s)"; nothing before kPatience has passed.
  [[nodiscard]] std::optional<std::string> line(TimePoint now) const;
  // When the line will be another one; nothing for never.
  [[nodiscard]] std::optional<TimePoint> next_change(TimePoint now) const;

 private:
  std::string what_;
  std::string how_far_;
  std::optional<TimePoint> begun_;
  bool hidden_ = false;
};

}  // namespace gossip::cli
