#include "cli/command_flags.h"
#include "cli/flag_values.h"

namespace gossip::cli {

void declare(FlagSet& set, const JoinOptions&) {
  set.add_positionals(
      "ADDRESS", "host, host:port or [v6]:port of any member; the default port is the agent's");
  set.add_switch("replay", "Deliver user events from before the join, too");
}

Expected<void> read(const FlagSet& set, JoinOptions& options) {
  options.addresses = set.positionals();
  options.replay = set.is_on("replay");
  return {};
}

void declare(FlagSet& /*set*/, const LeaveOptions&) {}

Expected<void> read(const FlagSet&, LeaveOptions&) {
  return {};
}

void declare(FlagSet& set, const ForceLeaveOptions&) {
  set.add_positional("NAME", "The failed member's name");
  set.add_switch("prune", "Erase the member from every list at once");
  set.add_switch("force", "Even if the member is alive");
}

Expected<void> read(const FlagSet& set, ForceLeaveOptions& options) {
  options.name = set.positionals().front();
  options.prune = set.is_on("prune");
  options.force = set.is_on("force");
  return {};
}

void declare(FlagSet& set, const MembersOptions&) {
  set.add_switch("detailed", "Protocol versions as well (JSON always has them)");
  set.add_value("name", "RE", "Only members whose name matches");
  set.add_value("status", "RE", "Only this status: alive, leaving, left or failed");
  set.add_value("tag", "KEY=RE", "Only members whose tag matches; repeatable, all must");
  set.add_value("role", "RE", "Short for --tag role=RE");
  add_format(set);
}

Expected<void> read(const FlagSet& set, MembersOptions& options) {
  const Expected<Format> format = read_format(set);
  if (!format) {
    return tl::unexpected(format.error());
  }
  options.format = *format;
  options.detailed = set.is_on("detailed");
  options.name = set.last("name").value_or("");
  options.status = set.last("status").value_or("");
  std::vector<std::string> tags = set.all("tag");
  if (const std::optional<std::string> role = set.last("role")) {
    tags.push_back("role=" + *role);
  }
  for (const std::string& text : tags) {
    const auto tag = read_tag(text, "KEY=PATTERN");
    if (!tag) {
      return tl::unexpected(tag.error());
    }
    if (!options.tags.insert(*tag).second) {
      return usage("two patterns for the tag '" + tag->first + "': the agent takes one for each");
    }
  }
  return {};
}

void declare(FlagSet& set, const TagsOptions&) {
  set.add_value("set", "KEY=VALUE", "Set or change a tag; repeatable");
  set.add_value("delete", "KEY", "Remove a tag; repeatable, and one that is not there is fine");
  add_format(set);
}

Expected<void> read(const FlagSet& set, TagsOptions& options) {
  const Expected<Format> format = read_format(set);
  if (!format) {
    return tl::unexpected(format.error());
  }
  options.format = *format;
  for (const std::string& text : set.all("set")) {
    const auto tag = read_tag(text, "KEY=VALUE");
    if (!tag) {
      return tl::unexpected(tag.error());
    }
    options.set[tag->first] = tag->second;
  }
  options.remove = set.all("delete");
  return {};
}

}  // namespace gossip::cli
