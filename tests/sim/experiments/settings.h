// The settings of one run, as "name=value" words of the command line.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/error.h"
#include "gossip/time.h"

namespace gossip::sim {

class Settings {
 public:
  // A number is in [low, high].
  struct Range {
    double usual = 0;
    double low = 0;
    double high = 1e9;
  };

  // Told the virtual time and the turns of engines, every few dozen turns.
  using Progress = std::function<void(Duration, std::uint64_t)>;

  explicit Settings(const std::vector<std::string>& words, Progress progress = {});
  // To learn which settings there are: `check` fails before anything is tried.
  [[nodiscard]] static Settings to_describe(const std::vector<std::string>& words);

  [[nodiscard]] const Progress& progress() const { return progress_; }

  // Each gives the usual value for a setting that is not there or is wrong; `check` says what was wrong.
  [[nodiscard]] double number(const std::string& name, const Range& range) {
    return number(name, range, "");
  }
  // In milliseconds.
  [[nodiscard]] Duration time(const std::string& name, const Range& range);
  // The first choice is the usual one.
  [[nodiscard]] std::string word(const std::string& name,
                                 std::initializer_list<std::string_view> choices);

  // InvalidArgument: the first wrong value, or a setting that nobody has asked for. WrongState: they are to be described.
  [[nodiscard]] Expected<void> check() const;

  // "gap=3000 ms (1 to 3600000)", "push=eager|tick": those that were asked for, each as it usually is, in that order.
  [[nodiscard]] const std::vector<std::string>& described() const { return described_; }

 private:
  [[nodiscard]] double number(const std::string& name, const Range& range, std::string_view unit);
  void wrong(std::string what);

  Progress progress_;
  std::map<std::string, std::string> given_;
  std::set<std::string> known_;
  std::vector<std::string> described_;
  std::string wrong_;
  bool to_describe_ = false;
};

}  // namespace gossip::sim
