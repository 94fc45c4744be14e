#include "metrics/family.h"

#include <algorithm>

#include "base/ascii.h"

namespace gossip::metrics {
namespace {

using base::is_digit;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::Counter: return "counter";
    case Kind::Gauge: return "gauge";
    case Kind::Histogram: return "histogram";
    case Kind::Info: return "info";
  }
  return "unknown";
}

bool is_label_name(std::string_view name) {
  const auto fits = [](char c) { return is_letter(c) || is_digit(c); };
  return !name.empty() && !is_digit(name.front()) && std::all_of(name.begin(), name.end(), fits);
}

bool is_metric_name(std::string_view name) {
  const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == ':'; };
  return !name.empty() && !is_digit(name.front()) && std::all_of(name.begin(), name.end(), fits);
}

}  // namespace gossip::metrics
