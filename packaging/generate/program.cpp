#include "generate/program.h"

#include <map>
#include <stdexcept>
#include <string_view>

#include "cli/reference.h"
#include "config/flags.h"
#include "config/options.h"

namespace gossip::generate {
namespace {

using Kind = Values::Kind;
using Table = std::map<std::string, Values, std::less<>>;

// The values of flags whose value names do not tell. A name that no flag has is a mistake, found below.
const Table& gossipd_values() {
  static const Table kValues{
      {"profile", {Kind::Words, {"lan", "wan", "local"}}},
      {"protocol", {Kind::Words, {"2", "3", "4", "5"}}},
      {"log-level", {Kind::Words, {"trace", "debug", "info", "warn", "err"}}},
      {"log-output", {Kind::Words, {"stderr", "stdout"}}},
      {"ready-when", {Kind::Words, {"started", "joined", "members>="}}},
      {"metrics-addr", {Kind::Files, {}}},
      {"iface", {Kind::Interfaces, {}}},
      {"mdns-iface", {Kind::Interfaces, {}}},
      {"config-dir", {Kind::Folders, {}}},
      {"format", {Kind::Words, {"text", "json"}}},
      {"rpc-addr", {Kind::Files, {}}},
  };
  return kValues;
}

// Of any command, and of one: "command/flag", "command ARGUMENT".
const Table& gossipctl_values() {
  static const Table kValues{
      {"format", {Kind::Words, {"text", "json"}}},
      {"stats/format", {Kind::Words, {"text", "json", "prometheus"}}},
      {"log-level", {Kind::Words, {"trace", "debug", "info", "warn", "err", "none"}}},
      {"events",
       {Kind::List,
        {"member-join", "member-leave", "member-failed", "member-update", "member-reap", "user",
         "query", "none"}}},
      {"status", {Kind::Words, {"alive", "leaving", "left", "failed"}}},
      {"name", {Kind::Members, {}}},
      {"node", {Kind::Members, {}}},
      {"tag", {Kind::Tags, {}}},
      {"where", {Kind::Tags, {}}},
      {"set", {Kind::OwnTags, {}}},
      {"delete", {Kind::OwnTagKeys, {}}},
      {"rpc-addr", {Kind::Files, {}}},
      {"rpc-auth-file", {Kind::Files, {}}},
      {"near", {Kind::Members, {}}},
      {"rtt NODE", {Kind::Members, {}}},
      {"rtt NODE2", {Kind::Members, {}}},
      {"force-leave NAME", {Kind::Gone, {}}},
      {"event PAYLOAD", {Kind::Payload, {}}},
      {"query PAYLOAD", {Kind::Payload, {}}},
      {"keys rotate", {Kind::Words, {"rotate"}}},
  };
  return kValues;
}

// Looks values up, and knows afterwards which entries nobody asked for.
class Lookup {
 public:
  explicit Lookup(const Table& table) : unused_(table), table_(table) {}

  Values find(const std::string& name, std::string_view value_name) {
    unused_.erase(name);
    const auto found = table_.find(name);
    if (found != table_.end()) return found->second;
    if (value_name.empty()) return {Kind::None, {}};
    return {value_name == "PATH" || value_name == "FILE" ? Kind::Files : Kind::Any, {}};
  }
  // A flag of one command, else the flag of any.
  Values find_flag(const std::string& command, const std::string& flag,
                   std::string_view value_name) {
    const std::string own = command + "/" + flag;
    return find(table_.contains(own) ? own : flag, value_name);
  }
  void check() const {
    if (unused_.empty()) return;
    throw std::runtime_error("values for \"" + unused_.begin()->first + "\", which does not exist");
  }

 private:
  Table unused_;
  const Table& table_;
};

Command describe(const cli::CommandDescription& described, Lookup& lookup) {
  Command command{std::string(described.name),
                  std::string(described.purpose),
                  std::string(described.notes),
                  {},
                  {}};
  for (const cli::FlagDescription& flag : described.flags) {
    command.flags.push_back({flag.name, flag.value_name, flag.help,
                             lookup.find_flag(command.name, flag.name, flag.value_name)});
  }
  command.flags.push_back({"help", "", "Show this help and do nothing", {}});
  using Count = cli::ArgumentDescription::Count;
  for (const cli::ArgumentDescription& argument : described.arguments) {
    command.arguments.push_back({argument.name, argument.help, argument.count != Count::AtMostOne,
                                 argument.count == Count::AtLeastOne,
                                 lookup.find(command.name + " " + argument.name, "?")});
  }
  return command;
}

}  // namespace

Program gossipd() {
  Program program{"gossipd", "a member of a Serf cluster", {}, {}};
  Lookup lookup(gossipd_values());
  const auto add = [&](std::string_view name, std::string_view value_name, std::string_view help) {
    program.flags.push_back({std::string(name), std::string(value_name), std::string(help),
                             lookup.find(std::string(name), value_name)});
  };
  for (const config::Option& option : config::options()) {
    if (!option.flag.empty() && !option.help.empty()) {
      add(option.flag, option.value_name, option.help);
    }
  }
  for (const config::OwnFlag& own : config::own_flags())
    add(own.name, own.value_name, own.help);
  lookup.check();
  return program;
}

Program gossipctl() {
  Program program{"gossipctl", "talk to a gossipd or Serf agent", {}, {}};
  Lookup lookup(gossipctl_values());
  for (const cli::CommandDescription& command : cli::describe_commands())
    program.commands.push_back(describe(command, lookup));
  lookup.check();
  return program;
}

}  // namespace gossip::generate
