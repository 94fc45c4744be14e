#include "config/flags.h"

#include <algorithm>
#include <array>

#include <CLI/CLI.hpp>

#include "base/go_flags.h"
#include "base/nearest.h"

namespace gossip::config {
namespace {

constexpr auto kOwnFlags = std::to_array<OwnFlag>({
    {"config-file", "PATH",
     "read this file, not /etc/gossipd: TOML if it ends in .toml, else Serf's JSON; repeats; or "
     "none"},
    {"config-dir", "PATH", "read the *.json and *.toml files of a folder, by name; repeats"},
    {"check-config", "", "check flags and files, change nothing, and exit"},
    {"print-config", "", "print every setting in force and where it comes from, and exit"},
    {"format", "FORMAT", "of --print-config: text (TOML) or json"},
    {"version", "", "print the version"},
    {"help", "", "print this"},
});

std::vector<base::FlagName> all_flags() {
  std::vector<base::FlagName> flags;
  for (const Option& option : options()) {
    if (option.flag.empty()) continue;
    flags.push_back(
        {option.flag, is_switch(option) ? base::FlagKind::Switch : base::FlagKind::Value});
  }
  for (const OwnFlag& own : kOwnFlags) {
    flags.push_back(
        {own.name, own.value_name.empty() ? base::FlagKind::Switch : base::FlagKind::Value});
  }
  return flags;
}

bool is_flag(const std::string& argument) {
  return argument.starts_with('-');
}

Error unexpected_argument(const std::string& argument) {
  if (!is_flag(argument)) {
    return {ErrorCode::InvalidArgument,
            "unexpected argument \"" + argument + "\" (gossipd takes flags only)"};
  }
  const std::string name = argument.substr(0, argument.find('='));
  const std::string_view word =
      std::string_view(name).substr(std::min<std::size_t>(2, name.size()));
  std::vector<std::string_view> names;
  for (const base::FlagName& flag : all_flags())
    names.push_back(flag.name);
  // The key of a file is a likely slip: --interface, --start_join.
  const Option* const option = find_key(word);
  const std::string_view meant =
      option != nullptr && !option->flag.empty() ? option->flag : base::nearest(word, names);
  return {ErrorCode::InvalidArgument,
          "unknown flag " + name +
              (meant.empty() ? " (gossipd --help lists them)"
                             : ", did you mean --" + std::string(meant) + "?")};
}

// Of what no flag takes; the word behind an unknown flag is probably its value.
void tell_unexpected(std::span<const std::string> arguments, Mistakes& mistakes) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool is_value = i > 0 && !is_flag(arguments[i]) && is_flag(arguments[i - 1]) &&
                          arguments[i - 1].find('=') == std::string::npos;
    if (!is_value) mistakes.add(unexpected_argument(arguments[i]));
  }
}

CLI::Option* add(CLI::App& app, const base::FlagName& flag) {
  const std::string name = "--" + std::string(flag.name);
  if (flag.kind == base::FlagKind::Switch) {
    return app.add_flag(name)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }
  return app.add_option(name)->expected(1)->allow_extra_args(false)->multi_option_policy(
      CLI::MultiOptionPolicy::TakeAll);
}

// Every flag takes what follows it, so only the last one can lack its value.
bool last_lacks_value(std::span<const std::string> args, std::span<const base::FlagName> known) {
  for (std::size_t i = 0; i < args.size() && args[i] != "--"; ++i) {
    const bool wants_value =
        std::any_of(known.begin(), known.end(), [&](const base::FlagName& flag) {
          return flag.kind == base::FlagKind::Value && args[i] == "--" + std::string(flag.name);
        });
    if (wants_value && ++i == args.size()) return true;
  }
  return false;
}

// CLI11 keeps the results by option; the order of files among folders is only in the arguments.
std::vector<ConfigSource> sources_in_order(std::span<const std::string> args) {
  std::vector<ConfigSource> sources;
  for (std::size_t i = 0; i + 1 < args.size(); ++i) {
    if (args[i] == "--") break;
    if (args[i] == "--config-file") {
      sources.push_back({ConfigSource::Kind::File, args[++i]});
    } else if (args[i] == "--config-dir") {
      sources.push_back({ConfigSource::Kind::Folder, args[++i]});
    } else {
      const Option* option =
          find_flag(args[i].substr(0, 2) == "--" ? std::string_view(args[i]).substr(2) : "");
      if (option != nullptr && !is_switch(*option)) ++i;
    }
  }
  return sources;
}

void append_help(std::string& out, std::string_view flag, std::string_view value_name,
                 std::string_view help) {
  constexpr std::size_t kColumn = 34;
  std::string left = "  --" + std::string(flag);
  if (!value_name.empty()) left += " " + std::string(value_name);
  left.resize(std::max(left.size() + 1, kColumn), ' ');
  out += left;
  out += help;
  out += '\n';
}

struct Heading {
  Group group;
  std::string_view text;
};
constexpr auto kHeadings = std::to_array<Heading>({
    {Group::Node, "This node"},
    {Group::Joining, "Joining a cluster"},
    {Group::Encryption, "Encryption"},
    {Group::Rpc, "Control (gossipctl, serf)"},
    {Group::Events, "Events"},
    {Group::Running, "Running"},
    {Group::Tuning, "Tuning"},
});

Expected<PrintFormat> format_of(const std::vector<std::string>& given) {
  const std::string_view word = given.empty() ? "text" : std::string_view(given.back());
  if (word == "text") return PrintFormat::Toml;
  if (word == "json") return PrintFormat::Json;
  return fail(ErrorCode::InvalidArgument,
              "--format: \"" + std::string(word) + "\" is neither text nor json");
}

void take_format(const std::vector<std::string>& given, CommandLine& line, Mistakes& mistakes) {
  const Expected<PrintFormat> format = format_of(given);
  if (!format) {
    mistakes.add(format.error());
  } else if (!given.empty() && line.request != Request::PrintConfig) {
    mistakes.add({ErrorCode::InvalidArgument, "--format: goes with --print-config only"});
  }
  line.format = format.value_or(line.format);
}

}  // namespace

CommandLine parse_command_line(std::span<const std::string> args, Mistakes& mistakes) {
  if (!args.empty() && args.front() == "agent") args = args.subspan(1);
  const std::vector<base::FlagName> known = all_flags();
  std::vector<std::string> gnu = base::normalise_flags(args, known);
  CommandLine line;
  if (last_lacks_value(gnu, known)) {
    line.understood = Understood::NotAll;
    mistakes.add({ErrorCode::InvalidArgument, gnu.back() + ": a value is missing"});
    gnu.pop_back();
  }

  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::vector<CLI::Option*> parsed;
  parsed.reserve(known.size());
  for (const base::FlagName& flag : known) {
    parsed.push_back(add(app, flag));
  }
  CLI::Option* help = app.add_flag("-h");
  CLI::Option* version = app.add_flag("-v");
  try {
    app.parse(std::vector<std::string>(gnu.rbegin(), gnu.rend()));
  } catch (const CLI::Error& error) {
    line.understood = Understood::NotAll;
    mistakes.add({ErrorCode::InvalidArgument, error.what()});
    return line;
  }
  const auto given = [&](std::string_view name) {
    const CLI::Option* option = app.get_option("--" + std::string(name));
    return option->count() > 0 && option->results().back() != "false";
  };
  if (given("help") || help->count() > 0) {
    line.request = Request::Help;
    return line;
  }
  if (given("version") || version->count() > 0) {
    line.request = Request::Version;
    return line;
  }
  tell_unexpected(app.remaining(), mistakes);
  if (!app.remaining().empty()) line.understood = Understood::NotAll;
  if (given("check-config")) line.request = Request::CheckConfig;
  if (given("print-config")) line.request = Request::PrintConfig;
  take_format(app.get_option("--format")->results(), line, mistakes);
  line.sources = sources_in_order(gnu);
  for (std::size_t i = 0; i < known.size(); ++i) {
    const Option* option = find_flag(known[i].name);
    if (option == nullptr) continue;
    for (const std::string& text : parsed[i]->results())
      line.flags.push_back({option, text});
  }
  return line;
}

std::span<const OwnFlag> own_flags() {
  return kOwnFlags;
}

Habits habits_of(std::string_view program) {
  const std::size_t slash = program.rfind('/');
  if (slash != std::string_view::npos) program.remove_prefix(slash + 1);
  return program == "serf" ? Habits::Serf : Habits::Own;
}

std::string help_text() {
  std::string out =
      "gossipd - a member of a Serf cluster\n\n"
      "Usage: gossipd [flags]     (one dash or two; --flag=value or --flag value)\n";
  for (const Heading& heading : kHeadings) {
    out += "\n" + std::string(heading.text) + ":\n";
    for (const Option& option : options()) {
      if (option.group != heading.group || option.flag.empty()) continue;
      append_help(out, option.flag, option.value_name, option.help);
    }
  }
  out += "\nConfiguration:\n";
  for (const OwnFlag& own : kOwnFlags)
    append_help(out, own.name, own.value_name, own.help);
  out +=
      "\nEnvironment:\n"
      "  GOSSIP_...                      any key of a file, in capitals: GOSSIP_RETRY_JOIN=a,b\n"
      "  GOSSIP_CONFIG_FILE, ..._DIR     files and folders, as by the flags\n"
      "  GOSSIP_ENCRYPT_KEY              the encryption key, where no flag or file sets one\n"
      "\nFiles are read first, in the order given, or /etc/gossipd/gossipd.toml and conf.d where "
      "none "
      "is;\nvariables win over them, flags over both.\n"
      "Times are written 500ms, 30s, 1m30s. See gossipd.toml(5) for the keys of configuration "
      "files.\n";
  return out;
}

}  // namespace gossip::config
