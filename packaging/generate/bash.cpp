// For bash. Debian's bash-completion has _init_completion, which keeps "--flag=value" and "host:port" together; without it
// words are broken at blanks alone, also at those in quotes.
#include "generate/completions.h"

namespace gossip::generate {
namespace {

using Kind = Values::Kind;

// What fills COMPREPLY with values; `cur` is what was typed of one, `before` stands in front of it on the line.
std::string offer(const Values& values) {
  switch (values.kind) {
    case Kind::Words: return "_PROGRAM_words '" + joined(values.words, "\n") + "'";
    case Kind::List: return "_PROGRAM_list '" + joined(values.words, "\n") + "'";
    case Kind::Files: return "_PROGRAM_files";
    case Kind::Folders: return "_PROGRAM_files -d";
    case Kind::Interfaces: return "_PROGRAM_words \"$(command ls /sys/class/net 2>/dev/null)\"";
    case Kind::Members: return "_PROGRAM_words \"$(_PROGRAM_live members)\"";
    case Kind::Gone: return "_PROGRAM_words \"$(_PROGRAM_live gone)\"";
    case Kind::Tags: return "_PROGRAM_keys tags";
    case Kind::OwnTags: return "_PROGRAM_keys own-tags";
    case Kind::OwnTagKeys: return "_PROGRAM_words \"$(_PROGRAM_live own-tags)\"";
    case Kind::Payload: return "_PROGRAM_payload";
    case Kind::None:
    case Kind::Any: return ":";
  }
  return ":";
}

std::string pattern_of(const Flag& flag) {
  return "--" + flag.name + "|-" + flag.name;
}

// A "case" that completes what stands behind a flag, and the list of flags.
std::string flag_cases(const std::vector<Flag>& flags, const std::string& indent) {
  std::string text = indent + "case $flag in\n";
  std::string names;
  for (const Flag& flag : flags) {
    names += (names.empty() ? "" : " ") + ("--" + flag.name);
    if (flag.value_name.empty()) continue;
    text += indent + "  " + pattern_of(flag) + ") " + offer(flag.values) + "; return ;;\n";
  }
  text += indent + "esac\n";
  return text + indent + "flags='" + names + "'\n";
}

// The words that stand alone, by their number; a flag that takes a value takes the word behind it.
std::string argument_cases(const Command& command, const std::string& indent) {
  std::string text;
  for (std::size_t i = 0; i < command.arguments.size(); ++i) {
    const Argument& argument = command.arguments[i];
    const std::string number = argument.repeats ? "*" : std::to_string(i);
    text.append(indent).append("  ").append(number).append(") ");
    text.append(offer(argument.values)).append(" ;;\n");
  }
  return text.empty() ? "" : indent + "case $place in\n" + text + indent + "esac\n";
}

std::string with_program(std::string text, const std::string& program) {
  const std::string place = "_PROGRAM";
  for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at))
    text.replace(at, place.size(), "_" + program);
  return text;
}

std::string cases_of_commands(const Program& program) {
  std::string names;
  std::string cases;
  std::string with_value = " ";
  std::string common;
  for (const Command& command : program.commands) {
    names += (names.empty() ? "" : "\n") + command.name;
    for (const Flag& flag : command.flags) {
      const bool known = with_value.find(" " + flag.name + " ") != std::string::npos;
      if (!flag.value_name.empty() && !known) with_value += flag.name + " ";
    }
    // Before the command those flags may stand that every command has.
    if (command.name == "leave") common = flag_cases(command.flags, "      ");
    cases += "    " + command.name + ")\n";
    // Its flags are the daemon's own.
    if (command.name == "agent") {
      cases +=
          "      declare -F _command_offset >/dev/null && _command_offset \"$command_at\"\n"
          "      return ;;\n";
      continue;
    }
    cases += flag_cases(command.flags, "      ");
    cases += "      if [[ $cur != -* ]]; then\n" + argument_cases(command, "        ") +
             "        return\n      fi ;;\n";
  }
  return "  local i word command='' command_at=0 place=0\n"
         "  for ((i = 1; i < cword; i++)); do\n"
         "    word=${words[i]}\n"
         "    if [[ $word == -* && $word != - ]]; then\n"
         "      word=${word#-}; word=${word#-}\n"
         "      [[ $word != *=* && '" +
         with_value +
         "' == *\" $word \"* ]] && ((i++))\n"
         "    elif [[ -z $command ]]; then\n"
         "      command=$word command_at=$i\n"
         "    else\n"
         "      ((place++))\n"
         "    fi\n"
         "  done\n"
         "  case $command in\n"
         "    ''|help)\n" +
         common + "      [[ $cur == -* ]] || _PROGRAM_words '" + names + "' ;;\n" + cases +
         "  esac\n";
}

}  // namespace

std::string bash_completion(const Program& program, const std::string& functions) {
  std::string text =
      "# bash completion of " + program.name + "; made from its own tables.\n\n" + functions +
      "_PROGRAM() {\n"
      "  local cur prev words cword split before='' flag='' flags=''\n"
      "  if declare -F _init_completion >/dev/null; then\n"
      "    _init_completion -n =: || return\n"
      "  else\n"
      "    read -ra words <<<\"${COMP_LINE:0:COMP_POINT}\"\n"
      "    [[ ${COMP_LINE:0:COMP_POINT} == *' ' ]] && words+=('')\n"
      "    cword=$((${#words[@]} - 1))\n"
      "    cur=${words[cword]} prev=${words[cword-1]}\n"
      "  fi\n"
      "  [[ $prev == -* && $prev != *=* ]] && flag=$prev\n"
      "  if [[ $cur == -*=* ]]; then\n"
      "    flag=${cur%%=*} before=${cur%%=*}= cur=${cur#*=}\n"
      "  fi\n"
      "  _PROGRAM_offer\n"
      "  [[ $before ]] && COMPREPLY=(\"${COMPREPLY[@]/#/$before}\")\n"
      "  # The line is broken at these characters, too: readline replaces only what is behind the "
      "last one.\n"
      "  local whole=$before$cur i broken\n"
      "  broken=${whole%\"${whole##*[=:]}\"}\n"
      "  if [[ $broken && $COMP_WORDBREAKS == *[=:]* ]]; then\n"
      "    for i in \"${!COMPREPLY[@]}\"; do COMPREPLY[i]=${COMPREPLY[i]#\"$broken\"}; done\n"
      "  fi\n"
      "}\n"
      "\n"
      "_PROGRAM_offer() {\n";
  text += program.commands.empty() ? flag_cases(program.flags, "  ") : cases_of_commands(program);
  text +=
      "  [[ $cur == -* ]] && COMPREPLY=($(compgen -W \"$flags\" -- \"$cur\"))\n"
      "} && complete -F _PROGRAM " +
      program.name + "\n";
  return with_program(std::move(text), program.name);
}

}  // namespace gossip::generate
