#include "cli/commands/members.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <tuple>
#include <utility>

#include "cli/places.h"
#include "cli/show_member.h"
#include "cli/table.h"
#include "cli/text.h"

namespace gossip::cli {
namespace {

std::optional<Duration> find_rtt(const Member& member, const RoundTrips& near) {
  const auto found = near.find(member.name);
  return found == near.end() ? std::nullopt : std::optional(found->second);
}

// Serf's words, for scripts; under a heading they would only take room.
void append_versions(const Versions& versions, Page::Header header, TableRow& row) {
  const bool headed = header == Page::Header::Shown;
  row.push_back((headed ? "" : "Protocol Version: ") + std::to_string(versions.delegate_current));
  row.push_back((headed ? "[" : "Available Protocol Range: [") +
                std::to_string(versions.delegate_min) + ", " +
                std::to_string(versions.delegate_max) + "]");
}

std::string format_text(const std::vector<Member>& members, const MembersOptions& options,
                        const Page& page, const std::optional<RoundTrips>& near) {
  constexpr std::size_t kRttColumn = 3;  // where there is none, the tags stand there
  std::vector<TableRow> rows;
  if (page.header == Page::Header::Shown && !members.empty()) {
    rows.push_back({"NAME", "ADDRESS", "STATUS", "TAGS"});
    if (options.detailed) {
      rows.back().insert(rows.back().end(), {"PROTOCOL", "RANGE"});
    }
    if (near) {
      rows.back().insert(rows.back().begin() + std::ptrdiff_t{kRttColumn}, "RTT");
    }
  }
  for (const Member& member : members) {
    rows.push_back({quote_word(member.name, ""), format_address(member),
                    std::string(to_string(member.status)), format_tags(member.tags)});
    if (options.detailed) append_versions(member.versions, page.header, rows.back());
    if (near) {
      const std::optional<Duration> rtt = find_rtt(member, *near);
      rows.back().insert(rows.back().begin() + std::ptrdiff_t{kRttColumn},
                         rtt ? format_milliseconds(*rtt) + " ms" : "-");
    }
  }
  // Names and addresses are copied from here.
  return format_table(rows, page.width, near ? kRttColumn + 1 : kRttColumn);
}

void write_rtt(const std::optional<Duration>& rtt, JsonWriter& json) {
  json.key("rtt_ms");
  if (rtt) {
    json.number_as(format_milliseconds(*rtt));
  } else {
    json.null();
  }
}

std::string format_json(const std::vector<Member>& members, const std::optional<RoundTrips>& near) {
  JsonWriter json(JsonLayout::Indented);
  json.begin_object();
  write_members(members, near, json);
  json.end_object();
  return json.take();
}

bool has_pattern(const MembersOptions& options) {
  return !options.name.empty() || !options.status.empty() || !options.tags.empty();
}

// A member without the tag has an empty one, as for patterns.
bool has_values(const Member& member, const Tags& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&member](const auto& tag) {
    const auto found = member.tags.find(tag.first);
    return tag.second == (found == member.tags.end() ? std::string() : found->second);
  });
}

std::string format_names(const std::vector<Member>& members) {
  std::string text;
  for (const Member& member : members) {
    text += quote_word(member.name, "") + '\n';
  }
  return text;
}

Expected<RoundTrips> round_trips_to(const std::string& name, const std::vector<Member>& members,
                                    Connection& agent) {
  const Expected<Coordinate> here = find_place(name, agent);
  if (!here) {
    return tl::unexpected(here.error());
  }
  Expected<Places> places = find_places(members, agent);
  if (!places) {
    return tl::unexpected(places.error());
  }
  (*places)[name] = *here;
  RoundTrips near;
  for (const Member& member : members) {
    if (const std::optional<Duration> rtt = round_trip(name, member.name, *places)) {
      near[member.name] = *rtt;
    }
  }
  return near;
}

rpc::Request request_for(const MembersOptions& options) {
  if (!has_pattern(options)) {
    return rpc::MembersRequest{};
  }
  rpc::MembersFilteredRequest request{
      .tags = {}, .status = wrap_pattern(options.status), .name = wrap_pattern(options.name)};
  for (const auto& [key, pattern] : options.tags) {
    request.tags[key] = wrap_pattern(pattern);
  }
  return request;
}

}  // namespace

std::string format_members(std::vector<Member> members, const MembersOptions& options,
                           const Page& page, const std::optional<RoundTrips>& near) {
  const auto rank = [&near](const Member& member) {
    const std::optional<Duration> rtt = near ? find_rtt(member, *near) : std::nullopt;
    return std::tuple(rtt.value_or(Duration::max()), std::string_view(member.name));
  };
  std::sort(members.begin(), members.end(),
            [&rank](const Member& a, const Member& b) { return rank(a) < rank(b); });
  if (options.names_only) {
    return format_names(members);
  }
  return options.format == Format::Json ? format_json(members, near)
                                        : format_text(members, options, page, near);
}

void write_members(const std::vector<Member>& members, const std::optional<RoundTrips>& near,
                   JsonWriter& json) {
  json.key("members");
  json.begin_array();
  for (const Member& member : members) {
    json.begin_object();
    write_member_keys(member, json);
    if (near) {
      write_rtt(find_rtt(member, *near), json);
    }
    json.end_object();
  }
  json.end_array();
}

Page page_of_output() {
  if (!Output::is_terminal()) return {};
  return {Page::Header::Shown, Output::terminal_width()};
}

std::string wrap_pattern(const std::string& pattern) {
  return pattern.empty() ? "" : "(?:" + pattern + ")";
}

std::string unwrap_complaint(std::string message) {
  // RE2 quotes what it could not read, from a pattern that wrap_pattern and the agent have put around it.
  constexpr std::string_view kAround = ")$";
  constexpr std::string_view kBefore = "^(?:";
  if (message.ends_with(kAround)) {
    message.erase(message.size() - kAround.size());
    if (const std::size_t begin = message.find(kBefore); begin != std::string::npos) {
      message.erase(begin, kBefore.size());
    }
  }
  return message;
}

std::string complaint_about_status(std::string_view pattern) {
  constexpr auto kStatuses =
      std::to_array<std::string_view>({"alive", "leaving", "left", "failed", "none"});
  const auto is_plain = [](unsigned char c) { return std::isalpha(c) != 0 || c == '|'; };
  if (pattern.empty() || !std::all_of(pattern.begin(), pattern.end(), is_plain)) return {};
  for (std::string_view rest = pattern; !rest.empty();) {
    const std::string_view word = rest.substr(0, rest.find('|'));
    if (std::find(kStatuses.begin(), kStatuses.end(), word) != kStatuses.end()) return {};
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  }
  return "warning: no member ever has the status '" + std::string(pattern) +
         "': there are alive, leaving, left and failed";
}

Expected<std::vector<Member>> matching_members(const MembersOptions& options, Connection& agent) {
  Expected<rpc::Response> response = agent.call(request_for(options));
  if (!response) {
    Error error = response.error();
    if (error.code == ErrorCode::System && has_pattern(options)) {
      error.message += " (a Serf agent does so for a pattern that is no regular expression)";
    }
    error.message = unwrap_complaint(std::move(error.message));
    return tl::unexpected(error);
  }
  std::vector<Member> members;
  if (auto* const body = std::get_if<rpc::MembersResponse>(&response->body)) {
    members = std::move(body->members);
  }
  std::erase_if(members, [&options](const Member& m) { return !has_values(m, options.where); });
  return members;
}

ExitCode run(const MembersOptions& options, Connection& agent, ProgramName name, Output& out) {
  const std::string complaint = complaint_about_status(options.status);
  if (!complaint.empty() && name != ProgramName::Serf) Output::complain(complaint);
  Expected<std::vector<Member>> members = matching_members(options, agent);
  if (!members) {
    return Output::report("error retrieving members", members.error());
  }
  std::optional<RoundTrips> near;
  if (options.near) {
    Expected<RoundTrips> found = round_trips_to(*options.near, *members, agent);
    if (!found) {
      return Output::report(found.error());
    }
    near = std::move(*found);
  }
  out.print(format_members(std::move(*members), options, page_of_output(), near));
  return ExitCode::Done;
}

}  // namespace gossip::cli
