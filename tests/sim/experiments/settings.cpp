#include "sim/experiments/settings.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/nearest.h"

namespace gossip::sim {
namespace {

std::string text(double value) {
  std::string digits = std::to_string(value);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.ends_with('.')) digits.pop_back();
  return digits;
}

}  // namespace

Settings::Settings(const std::vector<std::string>& words, Progress progress)
    : progress_(std::move(progress)) {
  for (const std::string& each : words) {
    const std::size_t equals = each.find('=');
    if (equals == std::string::npos) {
      wrong("\"" + each + "\" is no setting: name=value");
    } else if (!given_.emplace(each.substr(0, equals), each.substr(equals + 1)).second) {
      wrong(each.substr(0, equals) + " is given twice");
    }
  }
}

Settings Settings::to_describe(const std::vector<std::string>& words) {
  Settings settings(words);
  settings.to_describe_ = true;
  return settings;
}

double Settings::number(const std::string& name, const Range& range, std::string_view unit) {
  known_.insert(name);
  described_.push_back(name + "=" + text(range.usual) + std::string(unit) + " (" + text(range.low) +
                       " to " + text(range.high) + ")");
  const auto it = given_.find(name);
  if (it == given_.end()) return range.usual;
  double value = 0;
  const char* const end = it->second.data() + it->second.size();
  const auto [rest, error] = std::from_chars(it->second.data(), end, value);
  if (error == std::errc{} && rest == end && value >= range.low && value <= range.high) {
    return value;
  }
  wrong(name + " is a number from " + text(range.low) + " to " + text(range.high) + ", not \"" +
        it->second + "\"");
  return range.usual;
}

Duration Settings::time(const std::string& name, const Range& range) {
  const double nanoseconds = number(name, range, " ms") * 1e6;
  return Duration(static_cast<Duration::rep>(nanoseconds));
}

std::string Settings::word(const std::string& name,
                           std::initializer_list<std::string_view> choices) {
  known_.insert(name);
  const auto joined = [choices](std::string_view between) {
    std::string list;
    for (const std::string_view choice : choices)
      list.append(list.empty() ? "" : between).append(choice);
    return list;
  };
  described_.push_back(name + "=" + joined("|"));
  const auto it = given_.find(name);
  if (it == given_.end()) return std::string(*choices.begin());
  if (std::ranges::find(choices, it->second) != choices.end()) return it->second;
  wrong(name + " is one of " + joined(", ") + ", not \"" + it->second + "\"");
  return std::string(*choices.begin());
}

Expected<void> Settings::check() const {
  if (!wrong_.empty()) return fail(ErrorCode::InvalidArgument, wrong_);
  for (const auto& [name, value] : given_) {
    if (known_.contains(name)) continue;
    std::vector<std::string_view> names(known_.begin(), known_.end());
    const std::string_view meant = base::nearest(name, names);
    return fail(ErrorCode::InvalidArgument,
                "there is no setting " + name +
                    (meant.empty() ? "" : ", did you mean " + std::string(meant) + "?"));
  }
  if (to_describe_) return fail(ErrorCode::WrongState, "nothing is tried");
  return {};
}

void Settings::wrong(std::string what) {
  if (wrong_.empty()) wrong_ = std::move(what);
}

}  // namespace gossip::sim
