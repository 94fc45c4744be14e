#include "generate/manual.h"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <stdexcept>

#include "base/go_duration.h"
#include "base/overloaded.h"
#include "config/environment.h"
#include "config/options.h"

namespace gossip::generate {
namespace {

using config::Group;
using config::Option;

struct Heading {
  Group group;
  const char* text;
};
constexpr Heading kHeadings[] = {
    {Group::Node, "THIS NODE"},        {Group::Joining, "JOINING"},
    {Group::Encryption, "ENCRYPTION"}, {Group::Rpc, "CONTROL"},
    {Group::Events, "EVENTS"},         {Group::Running, "RUNNING"},
    {Group::Tuning, "TUNING"},         {Group::Swim, "GOSSIP AND FAILURE DETECTION"},
};

// "unix:///path, …", "text or json": what is typed as it stands.
bool begins_with_literal(const std::string& text) {
  const std::size_t end = text.find_first_of(" ,:");
  return end != std::string::npos && (text[end] != ' ' || text.compare(end, 4, " or ") == 0);
}

// A sentence of the help, which begins small and has no full stop.
std::string sentence(const std::string& text) {
  std::string out = text;
  if (!out.empty() && !begins_with_literal(out))
    out.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(out.front())));
  return out + ".";
}

std::string item_of(const Flag& flag) {
  std::string text = "*--" + scdoc_escaped(flag.name) + "*";
  if (!flag.value_name.empty()) text += " _" + scdoc_escaped(flag.value_name) + "_";
  return text + "\n\t" + scdoc_escaped(sentence(flag.help)) + "\n\n";
}

std::string quoted(const std::string& text) {
  return "\"" + text + "\"";  // no default of ours has a quote in it
}

// As TOML writes it; "" where the default is that nothing is set.
std::string default_of(const Option& option) {
  const config::Settings settings;
  return std::visit(
      base::Overloaded{
          [&](config::Text member) {
            return (settings.*member).empty() ? "" : quoted(settings.*member);
          },
          [&](config::Switch member) { return std::string(settings.*member ? "true" : "false"); },
          [&](config::Number member) { return std::to_string(settings.*member); },
          [&](config::Period member) { return quoted(base::format_go_duration(settings.*member)); },
          [&](const config::ProtocolPeriod& period) {
            return quoted(base::format_go_duration(settings.timing.*period.member));
          },
          [&](const config::ProtocolCount& count) {
            return std::to_string(settings.timing.*count.member);
          },
          [](const auto&) { return std::string(); },
      },
      option.target);
}

// What stands in the sample where nothing is the default: the kind of value.
std::string example_of(const Option& option) {
  const std::string known = default_of(option);
  if (!known.empty()) return known;
  if (std::holds_alternative<config::List>(option.target)) return "[]";
  if (std::holds_alternative<config::TagMap>(option.target)) return "{}";
  return "\"\"";
}

bool is_documented(const Option& option) {
  return !option.key.empty() && !option.help.empty();
}

std::string key_item(const Option& option, const Notes& notes) {
  std::string text = "*" + scdoc_escaped(std::string(option.key)) + "*\n\t" +
                     scdoc_escaped(sentence(std::string(option.help)));
  if (const auto note = notes.find(option.key); note != notes.end()) text += "\n" + note->second;
  text += "\n\n\t";
  if (const std::string known = default_of(option); !known.empty()) {
    text += "Default: " + scdoc_escaped(known) + ". ";
  }
  if (!option.flag.empty()) text += "Flag: *--" + scdoc_escaped(std::string(option.flag)) + "*. ";
  return text + "Variable: *" + scdoc_escaped(config::variable_of(option)) + "*.\n\n";
}

}  // namespace

std::string scdoc_escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::string("\\*_#[]|~").find(c) != std::string::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string list_of_flags(const std::vector<Flag>& flags) {
  std::string text;
  for (const Flag& flag : flags)
    text += item_of(flag);
  return text;
}

std::string list_of_commands(const Program& program) {
  std::string text;
  for (const Command& command : program.commands) {
    text += "*gossipctl-" + command.name + "*(1)\n\t" + scdoc_escaped(sentence(command.purpose)) +
            "\n\n";
  }
  return text;
}

std::string page_of_command(const Command& command, const std::string& more) {
  std::string purpose = command.purpose;
  purpose.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(purpose.front())));
  std::string text = "gossipctl-" + command.name + "(1)\n\n# NAME\n\ngossipctl-" + command.name +
                     " - " + scdoc_escaped(purpose) + "\n\n# SYNOPSIS\n\n*gossipctl " +
                     command.name + "*";
  if (!command.flags.empty()) text += " [_flags_]";
  std::string arguments;
  for (const Argument& argument : command.arguments) {
    const std::string name =
        "_" + scdoc_escaped(argument.name) + "_" + (argument.repeats ? "..." : "");
    text += argument.required ? " " + name : " [" + name + "]";
    arguments += "_" + scdoc_escaped(argument.name) + "_\n\t" +
                 scdoc_escaped(sentence(argument.help)) + "\n\n";
  }
  if (command.name == "agent") text += " [_arguments_]...";
  text += "\n\n# DESCRIPTION\n\n" + scdoc_escaped(sentence(command.purpose)) + "\n";
  // The notes are broken for a terminal; here the formatter does that.
  std::string notes = command.notes;
  std::replace(notes.begin(), notes.end(), '\n', ' ');
  if (!notes.empty()) text += scdoc_escaped(notes) + "\n";
  text += "\n";
  if (!arguments.empty()) text += "# ARGUMENTS\n\n" + arguments;
  if (!command.flags.empty()) text += "# FLAGS\n\n" + list_of_flags(command.flags);
  return text + more + "\n# SEE ALSO\n\n*gossipctl*(1), *gossipd*(8)\n";
}

Notes read_notes(const std::string& text) {
  Notes notes;
  std::istringstream lines(text);
  std::string key;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("## ", 0) == 0) {
      key = line.substr(3);
      if (config::find_key(key) == nullptr) {
        throw std::runtime_error("a note about \"" + key + "\", which is no key");
      }
    } else if (!key.empty()) {
      notes[key] += (line.empty() ? "" : "\t") + line + "\n";
    }
  }
  for (auto& [name, note] : notes) {
    while (!note.empty() && note.back() == '\n')
      note.pop_back();
  }
  return notes;
}

std::string list_of_keys(const Notes& notes) {
  std::string text;
  for (const Heading& heading : kHeadings) {
    text += "# " + std::string(heading.text) + "\n\n";
    for (const Option& option : config::options()) {
      if (option.group == heading.group && is_documented(option)) text += key_item(option, notes);
    }
  }
  return text;
}

std::string sample_of_keys() {
  std::string text;
  for (const Heading& heading : kHeadings) {
    text += "\n## " + std::string(heading.text) + "\n";
    for (const Option& option : config::options()) {
      if (option.group != heading.group || !is_documented(option)) continue;
      text += "\n# " + sentence(std::string(option.help)) + "\n";
      text += "#" + std::string(option.key) + " = " + example_of(option) + "\n";
    }
  }
  return text;
}

}  // namespace gossip::generate
