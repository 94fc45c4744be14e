#include "generate/completions.h"

namespace gossip::generate {
namespace {

using Kind = Values::Kind;

// fish reads the words once more.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '<' || c == '>') out += '\\';
    out += c;
  }
  return out;
}

std::string candidates(const Values& values) {
  switch (values.kind) {
    case Kind::Words: return " -x -a " + shell_quoted(escaped(joined(values.words, " ")));
    case Kind::List:
      return " -x -a " + shell_quoted("(__fish_append , " + joined(values.words, " ") + ")");
    case Kind::Files: return " -r -F";
    case Kind::Folders: return " -x -a '(__fish_complete_directories)'";
    case Kind::Interfaces: return " -x -a '(command ls /sys/class/net)'";
    case Kind::Members: return " -x -a '(__PROGRAM_live members)'";
    case Kind::Gone: return " -x -a '(__PROGRAM_live gone)'";
    case Kind::Tags: return " -x -a '(__PROGRAM_keys tags)'";
    case Kind::OwnTags: return " -x -a '(__PROGRAM_keys own-tags)'";
    case Kind::OwnTagKeys: return " -x -a '(__PROGRAM_live own-tags)'";
    case Kind::Payload: return " -F";
    case Kind::Any: return " -x";
    case Kind::None: return "";
  }
  return "";
}

std::string line_of(const std::string& program, const std::string& when, const Flag& flag) {
  return "complete -c " + program + when + " -l " + flag.name + candidates(flag.values) + " -d " +
         shell_quoted(flag.help) + "\n";
}

std::string lines_of(const Program& program, const Command& command) {
  const std::string when = " -n '__fish_seen_subcommand_from " + command.name + "'";
  std::string text;
  for (const Flag& flag : command.flags)
    text += line_of(program.name, when, flag);
  for (const Argument& argument : command.arguments) {
    if (argument.values.kind == Kind::Any) continue;
    text += "complete -c " + program.name + when + candidates(argument.values) + "\n";
  }
  return text;
}

}  // namespace

std::string fish_completion(const Program& program, const std::string& functions) {
  std::string text = "# fish completion of " + program.name + "; made from its own tables.\n";
  const bool has_commands = !program.commands.empty();
  if (has_commands) text += "\n" + functions;
  text += "\ncomplete -c " + program.name + " -f\n";
  for (const Flag& flag : program.flags)
    text += line_of(program.name, "", flag);
  for (const Command& command : program.commands) {
    text += "complete -c " + program.name + " -n __fish_use_subcommand -a " + command.name +
            " -d " + shell_quoted(command.purpose) + "\n";
    // Before the command those of every command may stand.
    if (command.name != "leave") continue;
    for (const Flag& flag : command.flags)
      text += line_of(program.name, " -n __fish_use_subcommand", flag);
  }
  for (const Command& command : program.commands)
    text += lines_of(program, command);
  const std::string place = "__PROGRAM";
  for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at))
    text.replace(at, place.size(), "__" + program.name);
  return text;
}

}  // namespace gossip::generate
