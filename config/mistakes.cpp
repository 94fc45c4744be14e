#include "config/mistakes.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/check.h"

namespace gossip::config {
namespace {

struct Place {
  std::size_t source = 0;
  std::size_t line = 0;
  std::size_t column = 0;

  friend bool operator<(const Place& a, const Place& b) {
    return std::tie(a.source, a.line, a.column) < std::tie(b.source, b.line, b.column);
  }
};

// Takes ":7" from the front of `text`.
std::optional<std::size_t> take_number(std::string_view& text) {
  if (!text.starts_with(':')) return std::nullopt;
  std::size_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, failed] = std::from_chars(text.data() + 1, end, number);
  if (failed != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stopped - text.data()));
  return number;
}

Place place_of(std::string_view message, std::span<const std::string> files) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!message.starts_with(files[i])) continue;
    std::string_view rest = message.substr(files[i].size());
    const std::optional<std::size_t> line = take_number(rest);
    const std::optional<std::size_t> column = take_number(rest);
    if (line && column && rest.starts_with(": ")) return {i, *line, *column};
  }
  if (message.starts_with("--")) return {files.size() + 2};
  if (message.starts_with("GOSSIP_")) return {files.size() + 1};
  return {files.size()};
}

}  // namespace

void Mistakes::add(Error mistake) {
  ++count_;
  if (told_.size() < kMostTold) told_.push_back(std::move(mistake));
}

void Mistakes::add_untold(std::size_t count) {
  GOSSIP_CHECK(count == 0 || is_full());
  count_ += count;
}

void Mistakes::add_from(const Expected<void>& result) {
  if (!result) add(result.error());
}

bool Mistakes::blames(std::string_view origin) const {
  const std::string beginning = std::string(origin) + ":";
  return std::any_of(told_.begin(), told_.end(), [&beginning](const Error& mistake) {
    return mistake.message.starts_with(beginning);
  });
}

void Mistakes::sort(std::span<const std::string> files) {
  std::stable_sort(told_.begin(), told_.end(), [files](const Error& a, const Error& b) {
    return place_of(a.message, files) < place_of(b.message, files);
  });
}

std::vector<std::string> Mistakes::lines() const {
  std::vector<std::string> lines;
  lines.reserve(told_.size() + 1);
  for (const Error& mistake : told_)
    lines.push_back(mistake.message);
  if (count_ > told_.size()) {
    lines.push_back("and " + std::to_string(count_ - told_.size()) + " more mistakes");
  }
  return lines;
}

Error Mistakes::joined(std::string_view separator) const {
  GOSSIP_CHECK(!empty());
  Error error{told_.front().code, {}};
  for (const std::string& line : lines()) {
    if (!error.message.empty()) error.message += separator;
    error.message += line;
  }
  return error;
}

}  // namespace gossip::config
