#include "cli/commands/members.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "cli/json.h"
#include "cli/show_member.h"
#include "cli/table.h"
#include "cli/text.h"

namespace gossip::cli {
namespace {

std::string format_text(const std::vector<Member>& members, const MembersOptions& options,
                        TableHeader header) {
  std::vector<TableRow> rows;
  if (header == TableHeader::Shown && !members.empty()) {
    rows.push_back({"NAME", "ADDRESS", "STATUS", "TAGS"});
    if (options.detailed) {
      rows.back().insert(rows.back().end(), {"PROTOCOL", "RANGE"});
    }
  }
  for (const Member& member : members) {
    rows.push_back({quote_word(member.name, ""), format_address(member),
                    std::string(to_string(member.status)), format_tags(member.tags)});
    if (options.detailed) {
      const Versions& versions = member.versions;
      rows.back().push_back("Protocol Version: " + std::to_string(versions.delegate_current));
      rows.back().push_back("Available Protocol Range: [" + std::to_string(versions.delegate_min) +
                            ", " + std::to_string(versions.delegate_max) + "]");
    }
  }
  return format_table(rows);
}

std::string format_json(const std::vector<Member>& members) {
  JsonWriter json(JsonLayout::Indented);
  json.begin_object();
  json.key("members");
  json.begin_array();
  for (const Member& member : members) {
    write_member(member, json);
  }
  json.end_array();
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
                           TableHeader header) {
  std::sort(members.begin(), members.end(),
            [](const Member& a, const Member& b) { return a.name < b.name; });
  if (options.names_only) {
    return format_names(members);
  }
  return options.format == Format::Json ? format_json(members)
                                        : format_text(members, options, header);
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

ExitCode run(const MembersOptions& options, Connection& agent, Output& out) {
  Expected<std::vector<Member>> members = matching_members(options, agent);
  if (!members) {
    return Output::report("error retrieving members", members.error());
  }
  out.print(format_members(std::move(*members), options,
                           Output::is_terminal() ? TableHeader::Shown : TableHeader::Hidden));
  return ExitCode::Done;
}

}  // namespace gossip::cli
