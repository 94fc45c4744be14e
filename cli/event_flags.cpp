#include "cli/command_flags.h"
#include "cli/flag_values.h"

namespace gossip::cli {
namespace {

constexpr const char* kPayloadHelp = "Any bytes: the text itself, - for standard input, or @FILE";
constexpr std::uint32_t kMaxExpected = 1'000'000;

// "NAME [PAYLOAD]".
void declare_message(FlagSet& set, const std::string& name_help) {
  set.add_positional("NAME", name_help);
  set.add_optional_positional("PAYLOAD", kPayloadHelp);
  set.add_switch("literal", "Take the payload as it stands, also '-' and '@FILE'");
}

template <typename Options>
void read_message(const FlagSet& set, Options& options) {
  options.name = set.positionals().front();
  options.payload = set.positionals().size() > 1 ? set.positionals()[1] : "";
  options.literal = set.is_on("literal");
}

}  // namespace

void declare(FlagSet& set, const EventOptions&) {
  declare_message(set, "The event's name");
  set.add_switch("coalesce",
                 "Let agents pass on only the last of several such events; default true");
  add_format(set);
}

Expected<void> read(const FlagSet& set, EventOptions& options) {
  read_message(set, options);
  options.coalesce = !set.is_off("coalesce");
  return read_format(set).map([&options](Format format) { options.format = format; });
}

void declare(FlagSet& set, const QueryOptions&) {
  declare_message(set, "The query's name");
  set.add_value("node", "NAME", "Ask only this member; repeatable");
  set.add_value("tag", "KEY=RE", "Ask only members whose tag matches; repeatable, all must");
  set.add_value("timeout", "D", "Accept answers for so long; default is the agent's");
  set.add_switch("no-ack", "Ask for no acknowledgements");
  set.add_value("relay-factor", "N",
                "Have answers relayed by N other members, too; gossipd takes 5 at most");
  set.add_switch("wait", "Wait for the whole timeout, even if everybody has answered");
  set.add_switch("require", "Exit code 4 if a member that was asked stays silent");
  set.add_value("expect", "N", "Exit code 4 if fewer than N answers come");
  add_format(set);
}

Expected<void> read(const FlagSet& set, QueryOptions& options) {
  read_message(set, options);
  options.nodes = set.all("node");
  for (const std::string& text : set.all("tag")) {
    const auto tag = read_tag(text, "KEY=PATTERN");
    if (!tag) {
      return tl::unexpected(tag.error());
    }
    if (!options.tags.insert(*tag).second) {
      return usage("two patterns for the tag '" + tag->first + "': a query takes one for each");
    }
  }
  options.acks = !set.is_on("no-ack");
  options.wait = set.is_on("wait");
  options.require = set.is_on("require");
  const auto timeout = read_duration(set, "timeout");
  const auto relay = read_number(set, "relay-factor", 255);
  const auto expect = read_number(set, "expect", kMaxExpected);
  const Expected<Format> format = read_format(set);
  if (!timeout) return tl::unexpected(timeout.error());
  if (!relay) return tl::unexpected(relay.error());
  if (!expect) return tl::unexpected(expect.error());
  if (!format) return tl::unexpected(format.error());
  options.timeout = timeout->value_or(std::chrono::nanoseconds(0));
  options.relay_factor = static_cast<std::uint8_t>(relay->value_or(0));
  options.expect = *expect;
  options.format = *format;
  return {};
}

void declare(FlagSet& set, const ReachabilityOptions&) {
  set.add_switch("verbose", "Name each member that answers, and the times");
  set.add_switch("wait", "Wait for the whole timeout, even if everybody has answered");
  add_format(set);
}

Expected<void> read(const FlagSet& set, ReachabilityOptions& options) {
  options.verbose = set.is_on("verbose");
  options.wait = set.is_on("wait");
  return read_format(set).map([&options](Format format) { options.format = format; });
}

}  // namespace gossip::cli
