// The settings of one run, as "name=value" words of the command line.
#pragma once

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

  explicit Settings(const std::vector<std::string>& words);

  // Each gives the usual value for a setting that is not there or is wrong; `check` says what was wrong.
  [[nodiscard]] double number(const std::string& name, const Range& range);
  // In milliseconds.
  [[nodiscard]] Duration time(const std::string& name, const Range& range);
  // The first choice is the usual one.
  [[nodiscard]] std::string word(const std::string& name,
                                 std::initializer_list<std::string_view> choices);

  // InvalidArgument: the first wrong value, or a setting that nobody has asked for.
  [[nodiscard]] Expected<void> check() const;

 private:
  void wrong(std::string what);

  std::map<std::string, std::string> given_;
  std::set<std::string> known_;
  std::string wrong_;
};

}  // namespace gossip::sim
