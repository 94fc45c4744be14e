#include "cli/commands/tags.h"

#include <string_view>

#include "cli/json.h"
#include "cli/show_member.h"

namespace gossip::cli {
namespace {

constexpr std::string_view kSection = "tags";  // of the agent's stats

ExitCode list_tags(const TagsOptions& options, Connection& agent, Output& out) {
  const Expected<Tags> tags = own_tags(agent);
  if (!tags) {
    return Output::report("error reading tags", tags.error());
  }
  out.print(format_own_tags(*tags, options.format));
  return ExitCode::Done;
}

}  // namespace

Expected<Tags> own_tags(Connection& agent) {
  const Expected<rpc::Response> response = agent.call(rpc::StatsRequest{});
  if (!response) {
    return tl::unexpected(response.error());
  }
  Tags tags;
  if (const auto* const stats = std::get_if<rpc::StatsResponse>(&response->body)) {
    const auto section = stats->sections.find(std::string(kSection));
    if (section != stats->sections.end()) {
      tags.insert(section->second.begin(), section->second.end());
    }
  }
  return tags;
}

std::string format_own_tags(const Tags& tags, Format format) {
  if (format == Format::Json) {
    JsonWriter json(JsonLayout::Indented);
    write_tags(tags, json);
    return json.take();
  }
  std::string text;
  for (const auto& [key, value] : tags) {
    text += format_tag(key, value) + '\n';
  }
  return text;
}

ExitCode run(const TagsOptions& options, Connection& agent, Output& out) {
  if (options.set.empty() && options.remove.empty()) {
    return list_tags(options, agent, out);
  }
  const Expected<rpc::Response> changed =
      agent.call(rpc::TagsRequest{.set = options.set, .remove = options.remove});
  if (!changed) {
    return Output::report("error setting tags", changed.error());
  }
  if (options.format == Format::Json) {
    return list_tags(options, agent, out);
  }
  out.print("Successfully updated agent tags\n");
  return ExitCode::Done;
}

}  // namespace gossip::cli
