#include "generate/completions.h"

namespace gossip::generate {
namespace {

using Kind = Values::Kind;

std::string action(const Values& values) {
  switch (values.kind) {
    case Kind::Words: return "(" + joined(values.words, " ") + ")";
    case Kind::List:
      return "_values -s , " + values.words.front() + " " + joined(values.words, " ");
    case Kind::Files: return "_files";
    case Kind::Folders: return "_files -/";
    case Kind::Interfaces: return "_net_interfaces";
    case Kind::Members: return " _PROGRAM_live members";
    case Kind::Gone: return " _PROGRAM_live gone";
    case Kind::Tags: return " _PROGRAM_keys tags";
    case Kind::OwnTags: return " _PROGRAM_keys own-tags";
    case Kind::OwnTagKeys: return " _PROGRAM_live own-tags";
    case Kind::Payload: return " _PROGRAM_payload";
    case Kind::None:
    case Kind::Any: return "( )";
  }
  return "";
}

// What _arguments takes apart must be escaped.
std::string escaped(const std::string& text, const std::string& special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) != std::string::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string spec_of(const Flag& flag) {
  const std::string help = "[" + escaped(flag.help, "\\[]:") + "]";
  if (flag.value_name.empty()) return shell_quoted("--" + flag.name + help);
  return shell_quoted("*--" + flag.name + "=" + help + ":" + escaped(flag.value_name, "\\:") + ":" +
                      action(flag.values));
}

std::string spec_of(const Argument& argument) {
  const std::string place = argument.repeats ? "*:" : argument.required ? ":" : "::";
  return shell_quoted(place + argument.name + ":" + action(argument.values));
}

std::string specs(const std::vector<Flag>& flags, const std::vector<Argument>& arguments) {
  std::string text = "_arguments -S";
  for (const Flag& flag : flags)
    text += " \\\n        " + spec_of(flag);
  for (const Argument& argument : arguments)
    text += " \\\n        " + spec_of(argument);
  return text + "\n";
}

std::string body_of_commands(const Program& program) {
  std::string names;
  std::string cases;
  std::string common;
  for (const Command& command : program.commands) {
    names += "    " + shell_quoted(command.name + ":" + escaped(command.purpose, "\\:")) + "\n";
    if (command.name == "leave") common = specs(command.flags, {});  // those of every command
    cases += "      " + command.name + ") ";
    cases += command.name == "agent" ? "_gossipd ;;\n"
                                     : specs(command.flags, command.arguments) + "        ;;\n";
  }
  common.erase(common.size() - 1);
  return "  local -a whole=(\"${words[@]}\") commands=(\n" + names +
         "  )\n"
         "  " +
         common +
         " \\\n        '--version[print the version]' '(-): :->command' '(-)*:: :->rest' && "
         "return\n"
         "  case $state in\n"
         "    command) _describe command commands ;;\n"
         "    rest) case $words[1] in\n" +
         cases + "    esac ;;\n  esac\n";
}

}  // namespace

std::string zsh_completion(const Program& program, const std::string& functions) {
  const bool has_commands = !program.commands.empty();
  std::string text = "#compdef " + program.name + "\n# zsh completion of " + program.name +
                     "; made from its own tables.\n" + "\n" + (has_commands ? functions : "") +
                     "_PROGRAM() {\n  local curcontext=$curcontext state line\n"
                     "  typeset -A opt_args\n";
  if (has_commands) {
    text += body_of_commands(program);
  } else {
    text += "  " + specs(program.flags, {});
  }
  text += "}\n\n_PROGRAM \"$@\"\n";
  const std::string place = "_PROGRAM";
  for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at))
    text.replace(at, place.size(), "_" + program.name);
  const std::string arguments = "_arguments -S";
  const std::size_t first = text.find("  " + arguments);
  if (has_commands) text.replace(first, arguments.size() + 2, "  _arguments -C -S");
  return text;
}

}  // namespace gossip::generate
