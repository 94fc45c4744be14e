// What the process's surroundings say about its configuration: GOSSIP_* variables, one for each key of the
// table (GOSSIP_RETRY_JOIN, GOSSIP_MDNS_INTERFACE), the credentials of a service manager, and whether
// there is one.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/mistakes.h"
#include "config/options.h"

namespace gossip::config {

// As the process found them at its start, so that a reload sees the same.
struct Environment {
  std::map<std::string, std::string, std::less<>> variables;  // GOSSIP_*, without empty ones
  std::string credentials_directory;                          // "" for none
  // Where gossipd.toml and conf.d are looked for when nobody names a file; "" for nowhere.
  std::string default_folder;
  // What was read from descriptors, by "fd:N"; after the start every other descriptor is our own.
  std::map<std::string, std::string, std::less<>> descriptor_lines;
  bool may_read_descriptors = true;
  // Process 1 of a container, or told where its service manager listens: whoever stops us asks us to go.
  bool supervised = false;

  // "" if it is not set.
  [[nodiscard]] std::string variable(std::string_view name) const;
};

// `entries` as in environ(7), ended by a null pointer.
[[nodiscard]] Environment read_environment(const char* const* entries);

// "GOSSIP_RETRY_JOIN" for "retry_join". "" for options that are flags alone.
[[nodiscard]] std::string variable_of(const Option& option);

inline constexpr const char* kDefaultFolder = "/etc/gossipd";

// The files and folders of GOSSIP_CONFIG_FILE and GOSSIP_CONFIG_DIR, separated as lists are.
inline constexpr const char* kConfigFileVariable = "GOSSIP_CONFIG_FILE";
inline constexpr const char* kConfigFolderVariable = "GOSSIP_CONFIG_DIR";
[[nodiscard]] Strings list_in_variable(std::string_view text);

// Lists and tags stand one a line, or between commas where none has a comma in it; event handlers one a line.
// A variable that is no option's is left alone: Kubernetes makes GOSSIP_SERVICE_HOST of a service's name. One
// whose name is nearly an option's gets a warning. Mistakes: InvalidArgument that begins with the variable's name.
void apply_environment(Settings& settings, const Environment& environment, Mistakes& mistakes);

}  // namespace gossip::config
