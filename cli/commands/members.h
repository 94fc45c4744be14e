// `gossipctl members`: the member list, filtered by the agent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/time.h"

#include "cli/connection.h"
#include "cli/exit_code.h"
#include "cli/json.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/program_name.h"

namespace gossip::cli {

// By name, to the one that --near means.
using RoundTrips = std::map<std::string, Duration, std::less<>>;

// Where text goes to.
struct Page {
  enum class Header : std::uint8_t { Hidden, Shown };
  Header header = Header::Hidden;    // shown if there is a member to show
  std::optional<std::size_t> width;  // in columns, which no line exceeds (table.h)
};
// For a program, or for the screen that standard output is.
[[nodiscard]] Page page_of_output();

// Sorted by name, or by round trip, with those that have none last.
[[nodiscard]] std::string format_members(std::vector<Member> members, const MembersOptions& options,
                                         const Page& page,
                                         const std::optional<RoundTrips>& near = std::nullopt);

// The key "members" and its list in this order, each with its round trip if there are any.
void write_members(const std::vector<Member>& members, const std::optional<RoundTrips>& near,
                   JsonWriter& json);

// The user's pattern as one unit: the agent adds ^ and $ to the text, and would read a|b as ^a or b$.
// An empty one stays empty, which matches all names and states.
[[nodiscard]] std::string wrap_pattern(const std::string& pattern);

// Of a pattern for the status that no member can ever match: what there is instead; "" for any other one. Words with |
// between them are understood, the rest is the agent's to read.
[[nodiscard]] std::string complaint_about_status(std::string_view pattern);

// Those that match, in the agent's order.
Expected<std::vector<Member>> matching_members(const MembersOptions& options, Connection& agent);

// The agent's complaint about one of our patterns, in terms of what the user gave.
[[nodiscard]] std::string unwrap_complaint(std::string message);

ExitCode run(const MembersOptions& options, Connection& agent, ProgramName name, Output& out);

}  // namespace gossip::cli
