// Makes completions, manual pages and the sample configuration out of the programs' own tables, at build time:
//   gossip-generate completion bash|zsh|fish gossipd|gossipctl FUNCTIONS
//   gossip-generate commands                  names of gossipctl's commands
//   gossip-generate page COMMAND [MORE.scd]   the manual page of one of them
//   gossip-generate fill PAGE.scd NOTES       a page in which @FLAGS@, @COMMANDS@ and @KEYS@ are replaced
//   gossip-generate sample HEAD.toml          the sample: the head, then every key
#include <cstdio>
#include <exception>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "generate/completions.h"
#include "generate/manual.h"
#include "generate/program.h"

namespace gossip::generate {
namespace {

using Words = std::vector<std::string>;

std::string contents(const std::string& path) {
  const std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void replace(std::string& text, const std::string& place, const std::string& by) {
  const std::size_t at = text.find(place);
  if (at != std::string::npos) text.replace(at, place.size(), by);
}

std::string completion(const std::string& shell, const std::string& name,
                       const std::string& functions) {
  const Program program = name == "gossipd" ? gossipd() : gossipctl();
  if (shell == "bash") return bash_completion(program, functions);
  return shell == "zsh" ? zsh_completion(program, functions) : fish_completion(program, functions);
}

std::string page(const std::string& name, const std::string& more) {
  for (const Command& command : gossipctl().commands) {
    if (command.name == name) return page_of_command(command, more);
  }
  throw std::runtime_error("no command " + name);
}

std::string filled(std::string text, const std::string& notes) {
  replace(text, "@FLAGS@", list_of_flags(gossipd().flags));
  replace(text, "@COMMANDS@", list_of_commands(gossipctl()));
  replace(text, "@KEYS@", list_of_keys(read_notes(notes)));
  return text;
}

std::string answer(const Words& words) {
  const std::string what = words.empty() ? "" : words.front();
  const std::size_t count = words.size();
  if (what == "completion" && count == 4) {
    return completion(words[1], words[2], contents(words[3]));
  }
  if (what == "page" && count == 2) return page(words[1], "");
  if (what == "page" && count == 3) return page(words[1], contents(words[2]));
  if (what == "fill" && count == 3) return filled(contents(words[1]), contents(words[2]));
  if (what == "sample" && count == 2) return contents(words[1]) + sample_of_keys();
  if (what != "commands") throw std::runtime_error("see the first lines of main.cpp");
  std::string names;
  for (const Command& command : gossipctl().commands)
    names += command.name + "\n";
  return names;
}

}  // namespace

std::string joined(const std::vector<std::string>& words, const std::string& separator) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : separator) + word;
  return text;
}

std::string shell_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text)
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace gossip::generate

int main(int count, char** values) {
  try {
    const std::string text =
        gossip::generate::answer({values + (count > 0 ? 1 : 0), values + count});
    std::fputs(text.c_str(), stdout);
    return std::fflush(stdout) == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "gossip-generate: %s\n", error.what());
    return 1;
  }
}
