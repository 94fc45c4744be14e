#include "cli/command_flags.h"
#include "cli/flag_values.h"

namespace gossip::cli {
namespace {

constexpr std::uint32_t kMaxCount = 1'000'000;

void declare_filters(FlagSet& set) {
  set.add_value("name", "RE", "Only members whose name matches");
  set.add_value("status", "RE", "Only this status: alive, leaving, left or failed");
  set.add_value("tag", "KEY=RE", "Only members whose tag matches; repeatable, all must");
  set.add_value("role", "RE", "Short for --tag role=RE");
  set.add_value("where", "KEY=VALUE", "Only members whose tag has this very value; repeatable");
}

Expected<void> read_filters(const FlagSet& set, MembersOptions& options) {
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
  for (const std::string& text : set.all("where")) {
    const auto tag = read_tag(text, "KEY=VALUE");
    if (!tag) {
      return tl::unexpected(tag.error());
    }
    if (!options.where.insert(*tag).second) {
      return usage("two values for the tag '" + tag->first + "': no member has both");
    }
  }
  return {};
}

}  // namespace

void declare(FlagSet& set, const JoinOptions&) {
  set.add_positionals(
      "ADDRESS", "host, host:port or [v6]:port of any member; the default port is the agent's");
  set.add_switch("replay", "Deliver user events from before the join, too");
  add_format(set);
}

Expected<void> read(const FlagSet& set, JoinOptions& options) {
  options.addresses = set.positionals();
  options.replay = set.is_on("replay");
  for (const std::string& address : options.addresses) {
    if (address.empty()) {
      return usage("an address is empty: give host, host:port or [v6]:port");
    }
  }
  return read_format(set).map([&options](Format format) { options.format = format; });
}

void declare(FlagSet& set, const LeaveOptions&) {
  add_format(set);
}

Expected<void> read(const FlagSet& set, LeaveOptions& options) {
  return read_format(set).map([&options](Format format) { options.format = format; });
}

void declare(FlagSet& set, const ForceLeaveOptions&) {
  set.add_positional("NAME", "The failed member's name");
  set.add_switch("prune", "Erase the member from every list at once");
  set.add_switch("force", "Even if the member is alive");
  add_format(set);
}

Expected<void> read(const FlagSet& set, ForceLeaveOptions& options) {
  options.name = set.positionals().front();
  if (options.name.empty()) {
    return usage("the name is empty");
  }
  options.prune = set.is_on("prune");
  options.force = set.is_on("force");
  return read_format(set).map([&options](Format format) { options.format = format; });
}

void declare(FlagSet& set, const MembersOptions&) {
  set.add_switch("detailed", "Protocol versions as well (JSON always has them)");
  set.add_switch("names", "Only the names, one a line");
  set.add_value("near", "NODE", "Sorted by the estimated round trip to NODE, which is shown");
  declare_filters(set);
  add_format(set);
}

Expected<void> read(const FlagSet& set, MembersOptions& options) {
  const Expected<Format> format = read_format(set);
  if (!format) {
    return tl::unexpected(format.error());
  }
  options.format = *format;
  options.detailed = set.is_on("detailed");
  options.names_only = set.is_on("names");
  options.near = set.last("near");
  if (options.names_only && (options.detailed || options.format != Format::Text)) {
    return usage("--names goes with neither --detailed nor JSON");
  }
  return read_filters(set, options);
}

void declare(FlagSet& set, const WaitOptions&) {
  set.add_value("count", "N", "For at least N members that match; default 1");
  set.add_value("at-most", "N", "For at most N members that match");
  declare_filters(set);
  add_format(set);
}

Expected<void> read(const FlagSet& set, WaitOptions& options) {
  const auto at_least = read_number(set, "count", kMaxCount);
  const auto at_most = read_number(set, "at-most", kMaxCount);
  const Expected<Format> format = read_format(set);
  if (!at_least) return tl::unexpected(at_least.error());
  if (!at_most) return tl::unexpected(at_most.error());
  if (!format) return tl::unexpected(format.error());
  options.format = *format;
  options.at_least = *at_least;
  options.at_most = *at_most;
  if (!options.at_least && !options.at_most) {
    options.at_least = 1;
  }
  if (options.at_least && options.at_most && *options.at_least > *options.at_most) {
    return usage("--count is more than --at-most");
  }
  return read_filters(set, options.members);
}

void declare(FlagSet& set, const CompleteOptions&) {
  set.add_positional("WHAT", "members, gone, tags or own-tags");
}

Expected<void> read(const FlagSet& set, CompleteOptions& options) {
  using What = CompleteOptions::What;
  const std::string& what = set.positionals().front();
  if (what == "members") {
    options.what = What::Members;
  } else if (what == "gone") {
    options.what = What::Gone;
  } else if (what == "tags") {
    options.what = What::Tags;
  } else if (what == "own-tags") {
    options.what = What::OwnTags;
  } else {
    return usage("unknown word '" + what + "': members, gone, tags or own-tags");
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
