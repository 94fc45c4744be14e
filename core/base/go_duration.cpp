#include "base/go_duration.h"

#include <array>
#include <cstdint>
#include <limits>

#include "base/ascii.h"

namespace gossip::base {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

// Longer names before those that they begin with.
constexpr std::array<Unit, 8> kUnits{{{"ns", 1},
                                      {"us", 1'000},
                                      {"\u00b5s", 1'000},
                                      {"\u03bcs", 1'000},
                                      {"ms", 1'000'000},
                                      {"s", 1'000'000'000},
                                      {"m", 60'000'000'000},
                                      {"h", 3'600'000'000'000}}};

constexpr auto kMax = std::numeric_limits<std::int64_t>::max();

tl::unexpected<Error> bad(std::string_view text, std::string_view why) {
  return fail(ErrorCode::InvalidArgument, "\"" + std::string(text) +
                                              "\" is no duration: " + std::string(why) +
                                              " (for example 500ms, 30s, 1m30s)");
}

const Unit* take_unit(std::string_view& rest) {
  for (const Unit& unit : kUnits) {
    if (rest.substr(0, unit.name.size()) == unit.name) {
      rest.remove_prefix(unit.name.size());
      return &unit;
    }
  }
  return nullptr;
}

struct Number {
  std::int64_t whole = 0;
  double fraction = 0;
  bool any_digit = false;
  bool fits = true;
};

Number take_number(std::string_view& rest) {
  Number number;
  for (; !rest.empty() && is_digit(rest.front()); rest.remove_prefix(1)) {
    number.any_digit = true;
    const std::int64_t digit = rest.front() - '0';
    if (number.whole > (kMax - digit) / 10) {
      number.fits = false;
    } else {
      number.whole = number.whole * 10 + digit;
    }
  }
  if (rest.empty() || rest.front() != '.') return number;
  rest.remove_prefix(1);
  for (double place = 0.1; !rest.empty() && is_digit(rest.front());
       rest.remove_prefix(1), place /= 10) {
    number.any_digit = true;
    number.fraction += place * (rest.front() - '0');
  }
  return number;
}

// One number and its unit, of the whole `text`; in nanoseconds, not negative.
Expected<std::int64_t> take_part(std::string_view text, std::string_view& rest) {
  const Number number = take_number(rest);
  if (!number.any_digit) return bad(text, "a number is missing");
  const Unit* unit = take_unit(rest);
  if (unit == nullptr) return bad(text, rest.empty() ? "the unit is missing" : "unknown unit");
  if (!number.fits || number.whole > kMax / unit->nanoseconds) return bad(text, "too long");
  const std::int64_t part =
      number.whole * unit->nanoseconds +
      static_cast<std::int64_t>(number.fraction * static_cast<double>(unit->nanoseconds) + 1e-6);
  if (part < 0) return bad(text, "too long");
  return part;
}

// "90.000000000" without what says nothing.
std::string decimal(std::int64_t value, std::int64_t unit) {
  std::string text = std::to_string(value / unit);
  std::string fraction = std::to_string(unit + value % unit).substr(1);
  while (!fraction.empty() && fraction.back() == '0')
    fraction.pop_back();
  return fraction.empty() || unit == 1 ? text : text + "." + fraction;
}

}  // namespace

Expected<Duration> parse_go_duration(std::string_view text) {
  std::string_view rest = text;
  const bool negative = !rest.empty() && rest.front() == '-';
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) rest.remove_prefix(1);
  if (rest == "0") return Duration::zero();
  if (rest.empty()) return bad(text, "nothing there");
  std::int64_t total = 0;
  while (!rest.empty()) {
    const Expected<std::int64_t> part = take_part(text, rest);
    if (!part) return tl::unexpected(part.error());
    if (total > kMax - *part) return bad(text, "too long");
    total += *part;
  }
  return Duration(negative ? -total : total);
}

std::string format_go_duration(Duration duration) {
  std::int64_t left = duration.count();
  if (left == 0) return "0s";
  std::string text = left < 0 ? "-" : "";
  if (left == std::numeric_limits<std::int64_t>::min()) return "-2562047h47m16.854775808s";
  if (left < 0) left = -left;
  if (left < 1'000) return text + std::to_string(left) + "ns";
  if (left < 1'000'000) return text + decimal(left, 1'000) + "\u00b5s";
  if (left < 1'000'000'000) return text + decimal(left, 1'000'000) + "ms";
  const std::int64_t hours = left / 3'600'000'000'000;
  const std::int64_t minutes = left / 60'000'000'000 % 60;
  if (hours > 0) text += std::to_string(hours) + "h";
  if (hours > 0 || minutes > 0) text += std::to_string(minutes) + "m";
  return text + decimal(left % 60'000'000'000, 1'000'000'000) + "s";
}

}  // namespace gossip::base
