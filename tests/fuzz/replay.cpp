// Runs one fuzz target over the files of its corpus, for compilers without libFuzzer: each file whole, and its
// first prefixes each in memory of its own, where a sanitizer sees a read beyond the end.
#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string_view>
#include <vector>

#include "fuzz/targets.h"

namespace {

using gossip::Bytes;
using gossip::ByteView;

struct Target {
  std::string_view name;
  void (*run)(ByteView input);
};

constexpr auto kTargets = std::to_array<Target>({
#define GOSSIP_FUZZ_ENTRY(name) {#name, gossip::fuzz::target::name},
    GOSSIP_FUZZ_TARGETS(GOSSIP_FUZZ_ENTRY)
#undef GOSSIP_FUZZ_ENTRY
});

constexpr std::size_t kMaxPrefixes = 256;

Bytes bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void replay(const Target& target, const Bytes& input) {
  target.run(input);
  for (std::size_t size = 0; size < input.size() && size < kMaxPrefixes; ++size) {
    const Bytes prefix(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(size));
    target.run(prefix);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> words(argv, argv + argc);
  if (words.size() != 3) {
    std::cerr << "usage: " << words[0] << " TARGET CORPUS-FOLDER\n";
    return 2;
  }
  const auto* const target = std::ranges::find(kTargets, words[1], &Target::name);
  if (target == kTargets.end()) {
    std::cerr << words[1] << " does not stand in targets.h\n";
    return 2;
  }
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(words[2])) {
    std::cout << entry.path().filename().string()
              << std::endl;  // the last one named is the guilty one
    replay(*target, bytes_of(entry.path()));
    ++count;
  }
  std::cout << count << " inputs\n";
  return count == 0 ? 1 : 0;
}
