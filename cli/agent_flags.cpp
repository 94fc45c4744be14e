#include <algorithm>
#include <array>
#include <string_view>

#include "cli/command_flags.h"
#include "cli/flag_values.h"

namespace gossip::cli {
namespace {

constexpr std::array<std::string_view, 5> kLevels{"trace", "debug", "info", "warn", "err"};
constexpr std::array<std::string_view, 8> kEvents{
    "*",           "member-join", "member-leave", "member-failed", "member-update",
    "member-reap", "user",        "query"};

// As agents read a level: in any case.
Expected<void> check_level(const std::string& level) {
  std::string lower = level;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (std::find(kLevels.begin(), kLevels.end(), lower) != kLevels.end()) {
    return {};
  }
  return usage("unknown log level '" + level + "': trace, debug, info, warn, err or none");
}

Expected<void> check_event(std::string_view event) {
  if (event.starts_with("user:") || event.starts_with("query:") ||
      std::find(kEvents.begin(), kEvents.end(), event) != kEvents.end()) {
    return {};
  }
  return usage("unknown event '" + std::string(event) +
               "': *, member-join, member-leave, member-failed, member-update, member-reap, user, "
               "user:NAME, query, query:NAME, or none alone");
}

Expected<void> check_events(std::string_view list) {
  for (;;) {
    const std::size_t comma = list.find(',');
    if (Expected<void> known = check_event(list.substr(0, comma));
        !known || comma == std::string_view::npos) {
      return known;
    }
    list.remove_prefix(comma + 1);
  }
}

}  // namespace

void declare(FlagSet& set, const StatsOptions&) {
  set.add_value("format", "FORMAT", "text, json or prometheus; default text");
}

Expected<void> read(const FlagSet& set, StatsOptions& options) {
  const std::string format = set.last("format").value_or("text");
  if (format == "text") {
    options.format = StatsFormat::Text;
  } else if (format == "json") {
    options.format = StatsFormat::Json;
  } else if (format == "prometheus") {
    options.format = StatsFormat::Prometheus;
  } else {
    return usage("unknown format '" + format + "': text, json or prometheus");
  }
  return {};
}

void declare(FlagSet& set, const DoctorOptions&) {
  add_format(set);
}

Expected<void> read(const FlagSet& set, DoctorOptions& options) {
  return read_format(set).map([&options](Format format) { options.format = format; });
}

void declare(FlagSet& set, const TopOptions&) {
  set.add_switch("once", "Show everything once and end");
  set.add_value("interval", "D", "Draw anew so often, at least 100ms; default 2s");
  set.add_value("format", "FORMAT", "text, or json with --once; default text");
}

Expected<void> read(const FlagSet& set, TopOptions& options) {
  constexpr std::chrono::milliseconds kShortest{100};
  options.once = set.is_on("once");
  const auto interval = read_duration(set, "interval");
  if (!interval) return tl::unexpected(interval.error());
  options.interval = interval->value_or(options.interval);
  if (options.interval < kShortest) return usage("--interval is at least 100ms");
  const Expected<Format> format = read_format(set);
  if (!format) return tl::unexpected(format.error());
  options.format = *format;
  // What is drawn is for people, and there is a command that tells programs what happens.
  if (options.format == Format::Json && !options.once) {
    return usage(
        "--format json goes with --once only: 'gossipctl monitor --format json' tells what "
        "happens");
  }
  return {};
}

void declare(FlagSet& set, const InfoOptions&) {
  set.add_switch("seeds", "Show where the agent looks for members, and what became of it");
  add_format(set);
}

Expected<void> read(const FlagSet& set, InfoOptions& options) {
  options.seeds = set.is_on("seeds");
  return read_format(set).map([&options](Format format) { options.format = format; });
}

void declare(FlagSet& set, const RttOptions&) {
  set.add_optional_positional("NODE", "A member's name");
  set.add_optional_positional("NODE2", "The other one's; default: the agent's own");
  set.add_switch("all", "Between all living members");
  add_format(set);
}

Expected<void> read(const FlagSet& set, RttOptions& options) {
  options.all = set.is_on("all");
  const std::vector<std::string>& names = set.positionals();
  if (options.all != names.empty()) {
    return usage("one or two node names must be specified, or --all");
  }
  if (!names.empty()) options.from = names[0];
  if (names.size() > 1) options.to = names[1];
  return read_format(set).map([&options](Format format) { options.format = format; });
}

void declare(FlagSet& set, const MonitorOptions&) {
  set.add_value("events", "LIST", "Events to show, separated by commas; default *, or none");
  set.add_value("log-level", "LEVEL", "trace, debug, info, warn, err or none; default info");
  add_format(set);
}

Expected<void> read(const FlagSet& set, MonitorOptions& options) {
  options.events = set.last("events").value_or("*");
  options.log_level = set.last("log-level").value_or("info");
  if (*options.events == "none" && *options.log_level == "none") {
    return usage("neither events nor log lines: nothing to monitor");
  }
  if (*options.events == "none") {
    options.events.reset();
  } else if (Expected<void> known = check_events(*options.events); !known) {
    return known;
  }
  if (*options.log_level == "none") {
    options.log_level.reset();
  } else if (Expected<void> known = check_level(*options.log_level); !known) {
    return known;
  }
  return read_format(set).map([&options](Format format) { options.format = format; });
}

void declare(FlagSet& set, const ReloadOptions&) {
  add_format(set);
}

Expected<void> read(const FlagSet& set, ReloadOptions& options) {
  return read_format(set).map([&options](Format format) { options.format = format; });
}

void declare(FlagSet& set, const KeygenOptions&) {
  add_format(set);
}

Expected<void> read(const FlagSet& set, KeygenOptions& options) {
  return read_format(set).map([&options](Format format) { options.format = format; });
}

void declare(FlagSet& set, const VersionOptions&) {
  add_format(set);
}

Expected<void> read(const FlagSet& set, VersionOptions& options) {
  return read_format(set).map([&options](Format format) { options.format = format; });
}

}  // namespace gossip::cli
