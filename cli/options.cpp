#include "cli/options.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "base/nearest.h"
#include "cli/arguments.h"
#include "cli/command_flags.h"
#include "cli/flag_set.h"
#include "cli/flag_values.h"
#include "cli/help.h"
#include "cli/reference.h"

namespace gossip::cli {
namespace {

template <typename Options>
constexpr bool kTalksToAgent =
    !std::is_same_v<Options, KeygenOptions> && !std::is_same_v<Options, VersionOptions>;

// What --timeout of these means is not how long to wait for the agent.
template <typename Options>
constexpr TimeLimit kTimeLimit =
    std::is_same_v<Options, QueryOptions> ? TimeLimit::OfTheCommand : TimeLimit::Flag;

template <typename Options>
void declare_all(FlagSet& set) {
  declare(set, Options{});
  if constexpr (kTalksToAgent<Options>) {
    add_agent_flags(set, kTimeLimit<Options>);
  }
}

template <typename Options>
ParseResult parse_as(const CommandWords& words) {
  const auto refuse = [&words](const Error& error) {
    return UsageError{.message = error.message, .see = "gossipctl " + words.command + " --help"};
  };
  FlagSet set(words.command, purpose_of(words.command));
  declare_all<Options>(set);
  const Expected<Arguments> arguments = sort_arguments(words.arguments, set.flags());
  if (!arguments) {
    return refuse(arguments.error());
  }
  if (arguments->help) {
    return Help{set.help()};
  }
  Options options;
  const Expected<void> parsed = set.parse(*arguments).and_then([&] { return read(set, options); });
  if (!parsed) {
    return refuse(parsed.error());
  }
  Invocation invocation{.command = words.command, .agent = {}, .options = std::move(options)};
  if constexpr (kTalksToAgent<Options>) {
    Expected<AgentOptions> agent = read_agent(set, kTimeLimit<Options>);
    if (!agent) {
      return refuse(agent.error());
    }
    invocation.agent = std::move(*agent);
  }
  return invocation;
}

template <typename Options>
void append_flags(std::vector<base::FlagName>& out) {
  FlagSet set("", "");
  declare_all<Options>(set);
  out.insert(out.end(), set.flags().begin(), set.flags().end());
}

template <typename Options>
CommandDescription describe(std::string_view command) {
  FlagSet set("", "");
  declare_all<Options>(set);
  return {command, purpose_of(command), notes_for(command), set.described_flags(),
          set.described_arguments()};
}

struct CommandParser {
  std::string_view command;
  ParseResult (*parse)(const CommandWords& words);
  void (*append_flags)(std::vector<base::FlagName>& out);
  CommandDescription (*describe)(std::string_view command);
};

template <typename Options>
constexpr CommandParser parser_of(std::string_view command) {
  return {command, parse_as<Options>, append_flags<Options>, describe<Options>};
}

CommandDescription describe_agent(std::string_view command) {
  return {command, purpose_of(command), notes_for(command), {}, {}};
}

// gossipd knows its flags itself.
ParseResult parse_agent(const CommandWords& words) {
  return Invocation{
      .command = words.command, .agent = {}, .options = DaemonOptions{words.arguments}};
}

constexpr std::array kParsers{
    CommandParser{"agent", parse_agent, [](std::vector<base::FlagName>&) {}, describe_agent},
    parser_of<CompleteOptions>("complete"),
    parser_of<DoctorOptions>("doctor"),
    parser_of<EventOptions>("event"),
    parser_of<ForceLeaveOptions>("force-leave"),
    parser_of<InfoOptions>("info"),
    parser_of<JoinOptions>("join"),
    parser_of<KeygenOptions>("keygen"),
    parser_of<KeysOptions>("keys"),
    parser_of<LeaveOptions>("leave"),
    parser_of<MembersOptions>("members"),
    parser_of<MonitorOptions>("monitor"),
    parser_of<QueryOptions>("query"),
    parser_of<ReachabilityOptions>("reachability"),
    parser_of<ReloadOptions>("reload"),
    parser_of<RttOptions>("rtt"),
    parser_of<StatsOptions>("stats"),
    parser_of<TagsOptions>("tags"),
    parser_of<TopOptions>("top"),
    parser_of<VersionOptions>("version"),
    parser_of<WaitOptions>("wait")};

// Flags may stand before the command too, when it is not known yet which of them take a value: a name that
// two commands have is of the same kind in both, which the unit tests check.
Expected<CommandWords> find_command_in(std::span<const std::string> words) {
  std::vector<base::FlagName> flags;
  if (!words.empty() && words[0].substr(0, 1) == "-") {
    flags = all_flags();
  }
  return find_command(words, flags);
}

UsageError unknown_command(const std::string& command) {
  std::vector<std::string_view> commands;
  commands.reserve(kParsers.size());
  for (const CommandParser& parser : kParsers) {
    if (!purpose_of(parser.command).empty()) {
      commands.push_back(parser.command);
    }
  }
  const std::string_view meant = base::nearest(command, commands);
  return {.message = "unknown command '" + command + "'" +
                     (meant.empty() ? "" : ", did you mean '" + std::string(meant) + "'?"),
          .see = "gossipctl --help"};
}

}  // namespace

std::vector<base::FlagName> all_flags() {
  std::vector<base::FlagName> flags;
  for (const CommandParser& parser : kParsers) {
    parser.append_flags(flags);
  }
  return flags;
}

std::vector<CommandDescription> describe_commands() {
  std::vector<CommandDescription> commands;
  for (const CommandParser& parser : kParsers) {
    // The hidden ones have no words of help.
    if (!purpose_of(parser.command).empty()) {
      commands.push_back(parser.describe(parser.command));
    }
  }
  return commands;
}

ParseResult parse_command_line(std::span<const std::string> words) {
  const std::string see = "gossipctl --help";
  if (!words.empty() && (words[0] == "-v" || words[0] == "-version" || words[0] == "--version")) {
    return parse_as<VersionOptions>({"version", {words.begin() + 1, words.end()}});
  }
  Expected<CommandWords> found = find_command_in(words);
  if (!found) {
    return UsageError{found.error().message, see};
  }
  if (found->command.empty()) {
    const Expected<Arguments> flags = sort_arguments(found->arguments, all_flags());
    if (flags && flags->help) {
      return Help{program_help()};
    }
    return UsageError{"no command given", see};
  }
  if (found->command == "help") {  // `help join` is `join --help`
    if (found->arguments.empty()) {
      return Help{program_help()};
    }
    found = CommandWords{found->arguments.front(), {"--help"}};
  }
  const auto* const parser =
      std::find_if(kParsers.begin(), kParsers.end(),
                   [&found](const CommandParser& p) { return p.command == found->command; });
  return parser == kParsers.end() ? unknown_command(found->command) : parser->parse(*found);
}

}  // namespace gossip::cli
