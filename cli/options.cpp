#include "cli/options.h"

#include <algorithm>
#include <array>
#include <utility>

#include <CLI/CLI.hpp>

#include "base/go_duration.h"
#include "base/go_flags.h"
#include "cli/arguments.h"
#include "cli/help.h"

namespace gossip::cli {
namespace {

using base::FlagKind;
using base::FlagName;

// The flags of one command. CLI11 keeps them, prints them and reads sorted arguments; values are taken
// unconverted, because its conversions change some texts ("{}", "[a,b]").
class FlagSet {
 public:
  FlagSet(std::string_view command, std::string_view purpose)
      : app_(std::string(purpose), "gossipctl " + std::string(command)) {
    app_.set_help_flag("-h,--help", "Show this help and do nothing");
    app_.footer(std::string(notes_for(command)));
    app_.get_formatter()->column_width(30);
    app_.get_formatter()->label("OPTIONS", "flags");
    app_.get_formatter()->label("Positionals", "Arguments");
    app_.get_formatter()->label("REQUIRED", "");
  }

  // `name` is a literal: it is kept.
  void add_value(const char* name, const std::string& type, const std::string& help) {
    app_.add_option("--" + std::string(name), help)
        ->type_name(type)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
    flags_.push_back({name, FlagKind::Value});
  }
  void add_switch(const char* name, const std::string& help) {
    app_.add_flag("--" + std::string(name), help);
    flags_.push_back({name, FlagKind::Switch});
  }
  void add_positional(const std::string& name, const std::string& help) {
    app_.add_option(name, help)->type_name("")->required();
  }
  void add_positionals(const std::string& name, const std::string& help) {
    app_.add_option(name, help)
        ->type_name("")
        ->required()
        ->expected(1, CLI::detail::expected_max_vector_size)
        ->allow_extra_args();
  }

  Expected<void> parse(const Arguments& arguments) {
    std::vector<std::string> words = arguments.flags;
    words.emplace_back("--");
    words.insert(words.end(), arguments.positionals.begin(), arguments.positionals.end());
    std::reverse(words.begin(), words.end());  // as CLI11 wants a vector
    positionals_ = arguments.positionals;
    try {
      app_.parse(std::move(words));
    } catch (const CLI::ExtrasError&) {
      return fail(ErrorCode::InvalidArgument,
                  "too many arguments: '" + arguments.positionals.back() + "'");
    } catch (const CLI::Error& error) {
      return fail(ErrorCode::InvalidArgument, error.what());
    }
    return {};
  }

  [[nodiscard]] std::vector<std::string> all(const std::string& name) const {
    return app_.get_option(name)->results();
  }
  // All positionals, as they were given; parse() made sure that there are as many as were declared.
  [[nodiscard]] const std::vector<std::string>& positionals() const { return positionals_; }
  // The last one counts, as in Go.
  [[nodiscard]] std::optional<std::string> last(const std::string& name) const {
    const std::vector<std::string>& values = app_.get_option("--" + name)->results();
    return values.empty() ? std::nullopt : std::optional(values.back());
  }
  [[nodiscard]] bool is_on(const std::string& name) const { return app_.count("--" + name) > 0; }
  [[nodiscard]] std::span<const FlagName> flags() const { return flags_; }
  [[nodiscard]] std::string help() const { return app_.help(); }

 private:
  CLI::App app_;
  std::vector<FlagName> flags_;
  std::vector<std::string> positionals_;
};

tl::unexpected<Error> usage(std::string message) {
  return fail(ErrorCode::InvalidArgument, std::move(message));
}

constexpr std::array kAgentFlags{FlagName{"rpc-addr"}, FlagName{"rpc-auth"},
                                 FlagName{"rpc-auth-file"}, FlagName{"timeout"}};

void add_agent_flags(FlagSet& set) {
  set.add_value("rpc-addr", "ADDR", "Agent's RPC address: unix:///path, /path or host:port");
  set.add_value("rpc-auth", "TOKEN", "Agent's RPC token; others see it in the process list");
  set.add_value("rpc-auth-file", "FILE", "Read the token from the first line of FILE");
  set.add_value("timeout", "D", "Give up after D, e.g. 500ms or 1m; 0 never does");
}

void add_format(FlagSet& set) {
  set.add_value("format", "FORMAT", "text or json; default text");
}

Expected<Format> read_format(const FlagSet& set) {
  const std::string format = set.last("format").value_or("text");
  if (format == "text") {
    return Format::Text;
  }
  if (format == "json") {
    return Format::Json;
  }
  return usage("unknown format '" + format + "': text or json");
}

Expected<AgentOptions> read_agent(const FlagSet& set) {
  AgentOptions agent{.rpc_addr = set.last("rpc-addr"),
                     .rpc_auth = set.last("rpc-auth"),
                     .rpc_auth_file = set.last("rpc-auth-file"),
                     .timeout = std::nullopt};
  if (agent.rpc_auth && agent.rpc_auth_file) {
    return usage("give the token by --rpc-auth or by --rpc-auth-file, not both");
  }
  if (const std::optional<std::string> timeout = set.last("timeout")) {
    const Expected<Duration> parsed = base::parse_go_duration(*timeout);
    if (!parsed) {
      return usage("--timeout: " + parsed.error().message);
    }
    if (parsed->count() < 0) {
      return usage("--timeout is negative");
    }
    agent.timeout = *parsed;
  }
  return agent;
}

// "KEY=VALUE"; the value may hold more equals signs.
Expected<std::pair<std::string, std::string>> read_tag(const std::string& text,
                                                       std::string_view wanted) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return usage("invalid tag '" + text + "': give " + std::string(wanted));
  }
  return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

void declare(FlagSet& set, const JoinOptions&) {
  set.add_positionals(
      "ADDRESS", "host, host:port or [v6]:port of any member; the default port is the agent's");
  set.add_switch("replay", "Deliver user events from before the join, too");
  add_agent_flags(set);
}

Expected<void> read(const FlagSet& set, JoinOptions& options) {
  options.addresses = set.positionals();
  options.replay = set.is_on("replay");
  return {};
}

void declare(FlagSet& set, const LeaveOptions&) {
  add_agent_flags(set);
}

Expected<void> read(const FlagSet&, LeaveOptions&) {
  return {};
}

void declare(FlagSet& set, const ForceLeaveOptions&) {
  set.add_positional("NAME", "The failed member's name");
  set.add_switch("prune", "Erase the member from every list at once");
  set.add_switch("force", "Even if the member is alive");
  add_agent_flags(set);
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
  add_agent_flags(set);
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
  std::vector<std::string> tags = set.all("--tag");
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
  add_agent_flags(set);
}

Expected<void> read(const FlagSet& set, TagsOptions& options) {
  const Expected<Format> format = read_format(set);
  if (!format) {
    return tl::unexpected(format.error());
  }
  options.format = *format;
  for (const std::string& text : set.all("--set")) {
    const auto tag = read_tag(text, "KEY=VALUE");
    if (!tag) {
      return tl::unexpected(tag.error());
    }
    options.set[tag->first] = tag->second;
  }
  options.remove = set.all("--delete");
  return {};
}

void declare(FlagSet& set, const InfoOptions&) {
  add_format(set);
  add_agent_flags(set);
}

Expected<void> read(const FlagSet& set, InfoOptions& options) {
  return read_format(set).map([&options](Format format) { options.format = format; });
}

void declare(FlagSet& set, const MonitorOptions&) {
  set.add_value("events", "LIST", "Events to show, separated by commas; default *, or none");
  set.add_value("log-level", "LEVEL", "trace, debug, info, warn, err or none; default info");
  add_format(set);
  add_agent_flags(set);
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

template <typename Options>
constexpr bool kTalksToAgent =
    !std::is_same_v<Options, KeygenOptions> && !std::is_same_v<Options, VersionOptions>;

template <typename Options>
ParseResult parse_as(const CommandWords& words) {
  const UsageError refused{.message = "", .see = "gossipctl " + words.command + " --help"};
  const auto refuse = [&refused](const Error& error) {
    UsageError result = refused;
    result.message = error.message;
    return result;
  };
  FlagSet set(words.command, purpose_of(words.command));
  Options options;
  declare(set, options);
  const Expected<Arguments> arguments = sort_arguments(words.arguments, set.flags());
  if (!arguments) {
    return refuse(arguments.error());
  }
  if (arguments->help) {
    return Help{set.help()};
  }
  const Expected<void> parsed = set.parse(*arguments).and_then([&] { return read(set, options); });
  if (!parsed) {
    return refuse(parsed.error());
  }
  Invocation invocation{.command = words.command, .agent = {}, .options = std::move(options)};
  if constexpr (kTalksToAgent<Options>) {
    Expected<AgentOptions> agent = read_agent(set);
    if (!agent) {
      return refuse(agent.error());
    }
    invocation.agent = std::move(*agent);
  }
  return invocation;
}

struct Parser {
  std::string_view command;
  ParseResult (*parse)(const CommandWords& words);
};

constexpr std::array kParsers{Parser{"force-leave", parse_as<ForceLeaveOptions>},
                              Parser{"info", parse_as<InfoOptions>},
                              Parser{"join", parse_as<JoinOptions>},
                              Parser{"keygen", parse_as<KeygenOptions>},
                              Parser{"leave", parse_as<LeaveOptions>},
                              Parser{"members", parse_as<MembersOptions>},
                              Parser{"monitor", parse_as<MonitorOptions>},
                              Parser{"tags", parse_as<TagsOptions>},
                              Parser{"version", parse_as<VersionOptions>}};

}  // namespace

ParseResult parse_command_line(std::span<const std::string> words) {
  const std::string see = "gossipctl --help";
  if (!words.empty() && (words[0] == "-v" || words[0] == "-version" || words[0] == "--version")) {
    return parse_as<VersionOptions>({"version", {words.begin() + 1, words.end()}});
  }
  Expected<CommandWords> found = find_command(words, kAgentFlags);
  if (!found) {
    return UsageError{found.error().message, see};
  }
  if (found->command.empty()) {
    const Expected<Arguments> flags = sort_arguments(found->arguments, kAgentFlags);
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
                   [&found](const Parser& p) { return p.command == found->command; });
  if (parser == kParsers.end()) {
    return UsageError{"unknown command '" + found->command + "'", see};
  }
  return parser->parse(*found);
}

}  // namespace gossip::cli
