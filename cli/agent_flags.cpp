#include "cli/command_flags.h"
#include "cli/flag_values.h"

namespace gossip::cli {

void declare(FlagSet& set, const InfoOptions&) {
  add_format(set);
}

Expected<void> read(const FlagSet& set, InfoOptions& options) {
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
  }
  if (*options.log_level == "none") {
    options.log_level.reset();
  }
  return read_format(set).map([&options](Format format) { options.format = format; });
}

void declare(FlagSet&, const KeygenOptions&) {}

Expected<void> read(const FlagSet&, KeygenOptions&) {
  return {};
}

void declare(FlagSet& set, const VersionOptions&) {
  add_format(set);
}

Expected<void> read(const FlagSet& set, VersionOptions& options) {
  return read_format(set).map([&options](Format format) { options.format = format; });
}

}  // namespace gossip::cli
