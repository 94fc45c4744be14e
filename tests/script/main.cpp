// gossip-script [--rewrite] FILE …: runs conversation scripts and compares what was said.
//
// A script is a story in comments, then blocks: commands, a line "----", and everything that was said, ended by
// an empty line. --rewrite puts in what was said now; commit a difference only if each line can be explained.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>

#include "script/transcript.h"
#include "script/verbs.h"

namespace gossip::script {
namespace {

struct Block {
  std::vector<std::string> head;  // comments, commands and empty lines, as they stand
  std::vector<std::string> expected;
};

Command parse_command(const std::string& line) {
  Command command;
  std::istringstream words(line);
  words >> command.verb;
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      command.words.push_back(word);
    } else {
      command.options[word.substr(0, equals)] = word.substr(equals + 1);
    }
  }
  return command;
}

std::vector<Block> parse(std::istream& in) {
  std::vector<Block> blocks;
  Block block;
  bool answers = false;
  for (std::string line; std::getline(in, line);) {
    if (answers && line.empty()) {
      blocks.push_back(std::move(block));
      block = {};
      answers = false;
    } else if (answers) {
      block.expected.push_back(line);
    } else if (line == "----") {
      answers = true;
    } else {
      block.head.push_back(line);
    }
  }
  if (!block.head.empty() || answers) blocks.push_back(std::move(block));
  return blocks;
}

bool hidden(const Stage& stage, const Line& line) {
  if (!stage.shown.contains(line.kind)) return true;
  const std::size_t message = line.text.find("  ");
  if (message == std::string::npos) return false;
  const std::string_view said =
      std::string_view(line.text).substr(line.text.find_first_not_of(' ', message));
  for (const std::string& prefix : stage.hidden) {
    if (said.starts_with(prefix)) return true;
  }
  return false;
}

std::string print(const Line& line) {
  return describe_time(line.at) + " " + line.text + (line.lost ? "  lost" : "");
}

// Runs the commands of a block; an error ends the script.
std::optional<std::string> run(Stage& stage, const Block& block, std::vector<std::string>& said) {
  for (const std::string& text : block.head) {
    if (text.empty() || text.front() == '#') continue;
    const Command command = parse_command(text);
    const Verb verb = find_verb(command.verb);
    if (verb == nullptr) return "no such command: " + text;
    if (stage.world == nullptr && command.verb != "cluster")
      return "the first command is 'cluster'";
    const Answer answer = verb(stage, command);
    if (answer.error.has_value()) return *answer.error + " in: " + text;
    for (const Line& line : stage.world->take_lines()) {
      if (!hidden(stage, line)) said.push_back(print(line));
    }
    said.insert(said.end(), answer.lines.begin(), answer.lines.end());
  }
  return std::nullopt;
}

void report(const char* path, const Block& block, const std::vector<std::string>& said) {
  std::printf("%s: not what was said after:\n", path);
  for (const std::string& line : block.head)
    std::printf("    %s\n", line.c_str());
  for (std::size_t i = 0; i < std::max(block.expected.size(), said.size()); ++i) {
    const char* expected = i < block.expected.size() ? block.expected[i].c_str() : "(nothing)";
    const char* now = i < said.size() ? said[i].c_str() : "(nothing)";
    if (std::string_view(expected) == now) continue;
    std::printf("  expected: %s\n  said now: %s\n", expected, now);
    break;
  }
}

bool run_file(const char* path, bool rewrite) {
  std::ifstream in(path);
  if (!in) {
    std::printf("%s: cannot be read\n", path);
    return false;
  }
  std::vector<Block> blocks = parse(in);
  Stage stage;
  bool good = true;
  std::ostringstream rewritten;
  for (const Block& block : blocks) {
    std::vector<std::string> said;
    if (const std::optional<std::string> error = run(stage, block, said)) {
      std::printf("%s: %s\n", path, error->c_str());
      return false;
    }
    if (said != block.expected && !rewrite) {
      if (good) report(path, block, said);
      good = false;
    }
    for (const std::string& line : block.head)
      rewritten << line << '\n';
    rewritten << "----\n";
    for (const std::string& line : said)
      rewritten << line << '\n';
    rewritten << '\n';
  }
  if (rewrite) {
    std::string text = rewritten.str();
    text.pop_back();
    std::ofstream(path) << text;
  }
  return good;
}

}  // namespace
}  // namespace gossip::script

int main(int argc, char** argv) {
  bool rewrite = false;
  int failed = 0;
  int passed = 0;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--rewrite") {
      rewrite = true;
    } else {
      gossip::script::run_file(argv[i], rewrite) ? ++passed : ++failed;
    }
  }
  std::printf("scripts: %d passed, %d failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}
