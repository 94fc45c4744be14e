// bench-observer: the clock and the ears of tests/bench (modes.h).
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "bench/observer/link.h"
#include "bench/observer/modes.h"

namespace gossip::bench {

long long number(const std::string& word) {
  char* end = nullptr;
  const long long value = std::strtoll(word.c_str(), &end, 10);
  if (word.empty() || *end != '\0') give_up("\"" + word + "\" is no number");
  return value;
}

namespace {

struct Mode {
  const char* name;
  std::size_t least_words;
  int (*run)(Words words);
};

constexpr auto kModes = std::to_array<Mode>({
    {"events", 6, run_events},
    {"changes", 0, run_changes},
    {"converge", 1, run_converge},
    {"count", 1, run_count},
    {"respond", 0, run_respond},
    {"starts", 3, run_starts},
    {"commands", 2, run_commands},
});

int run(const std::vector<std::string>& words) {
  for (const Mode& mode : kModes) {
    if (words.empty() || words.front() != mode.name) continue;
    if (words.size() - 1 < mode.least_words) break;
    return mode.run(Words(words).subspan(1));
  }
  give_up("a mode of tests/bench/observer/modes.h, with its arguments, is needed");
}

}  // namespace

}  // namespace gossip::bench

int main(int argc, char** argv) {
  return gossip::bench::run(std::vector<std::string>(argv + 1, argv + argc));
}
