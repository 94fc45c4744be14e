#include "metrics/exposition.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>

namespace gossip::metrics {
namespace {

constexpr std::string_view kTotal = "_total";
constexpr std::string_view kInfo = "_info";

enum class Quotes : std::uint8_t { Plain, Escaped };

std::string escaped(std::string_view text, Quotes quotes) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\\' || (c == '"' && quotes == Quotes::Escaped)) {
      out += '\\';
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

// OpenMetrics names a family without the suffix that its kind gives to its samples.
std::string_view family_name(const Family& family, Exposition exposition) {
  std::string_view name = family.name;
  if (exposition == Exposition::Prometheus) return name;
  if (family.kind == Kind::Counter && name.ends_with(kTotal)) name.remove_suffix(kTotal.size());
  if (family.kind == Kind::Info && name.ends_with(kInfo)) name.remove_suffix(kInfo.size());
  return name;
}

std::string_view kind_word(const Family& family, Exposition exposition) {
  const bool plain_info = family.kind == Kind::Info && exposition == Exposition::Prometheus;
  return to_string(plain_info ? Kind::Gauge : family.kind);
}

void append_head(std::string& out, const Family& family, Exposition exposition) {
  const std::string name(family_name(family, exposition));
  const Quotes quotes = exposition == Exposition::OpenMetrics ? Quotes::Escaped : Quotes::Plain;
  out += "# HELP " + name + ' ' + escaped(family.help, quotes) + '\n';
  out += "# TYPE " + name + ' ' + std::string(kind_word(family, exposition)) + '\n';
  if (exposition == Exposition::Prometheus) return;
  for (const std::string_view unit : {"seconds", "bytes"}) {
    if (name.ends_with("_" + std::string(unit)))
      out += "# UNIT " + name + ' ' + std::string(unit) + '\n';
  }
}

}  // namespace

std::string_view content_type(Exposition exposition) {
  return exposition == Exposition::OpenMetrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

std::string format_value(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  constexpr double kWhole = 1e15;  // beyond it doubles are shorter in their own notation
  if (std::abs(value) < kWhole && value == std::trunc(value)) {
    return std::to_string(static_cast<std::int64_t>(value));
  }
  // At least 15 digits, without zeros at the end, and as many more as say which double it is. std::to_chars does so too,
  // with 130 kB of tables that our programs have no other use for. Numbers are in the "C" locale: nobody sets LC_NUMERIC.
  constexpr int kAlwaysGiven = std::numeric_limits<double>::digits10;
  constexpr int kAlwaysEnough = std::numeric_limits<double>::max_digits10;
  std::array<char, 32> text{};
  for (int digits = kAlwaysGiven; digits <= kAlwaysEnough; ++digits) {
    std::snprintf(text.data(), text.size(), "%.*g", digits, value);
    if (std::strtod(text.data(), nullptr) == value) break;
  }
  return text.data();
}

std::string series(const Family& family, const Sample& sample) {
  std::string text = family.name + sample.suffix;
  if (sample.labels.empty()) return text;
  char before = '{';
  for (const auto& [name, value] : sample.labels) {
    text += before;
    text += name + "=\"" + escaped(value, Quotes::Escaped) + '"';
    before = ',';
  }
  return text + '}';
}

std::string expose(std::span<const Family> families, Exposition exposition) {
  std::string out;
  for (const Family& family : families) {
    if (family.samples.empty()) continue;
    append_head(out, family, exposition);
    for (const Sample& sample : family.samples)
      out += series(family, sample) + ' ' + format_value(sample.value) + '\n';
  }
  if (exposition == Exposition::OpenMetrics) out += "# EOF\n";
  return out;
}

}  // namespace gossip::metrics
