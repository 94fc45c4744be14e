// Runs a fuzz target over the files of its corpus, for compilers without libFuzzer: each file whole, and its
// first prefixes each in memory of its own, where a sanitizer sees a read beyond the end.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

#include "fuzz/entry.h"

namespace {

constexpr std::size_t kMaxPrefixes = 256;

std::vector<std::uint8_t> bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void replay(const std::vector<std::uint8_t>& input) {
  LLVMFuzzerTestOneInput(input.data(), input.size());
  for (std::size_t size = 0; size < input.size() && size < kMaxPrefixes; ++size) {
    const std::vector<std::uint8_t> prefix(input.begin(),
                                           input.begin() + static_cast<std::ptrdiff_t>(size));
    LLVMFuzzerTestOneInput(prefix.data(), prefix.size());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: " << argv[0] << " CORPUS-FOLDER\n";
    return 2;
  }
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    std::cout << entry.path().filename().string()
              << std::endl;  // the last one named is the guilty one
    replay(bytes_of(entry.path()));
    ++count;
  }
  std::cout << count << " inputs\n";
  return count == 0 ? 1 : 0;
}
