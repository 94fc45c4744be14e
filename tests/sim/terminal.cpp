#include "sim/terminal.h"

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

#include "sim/report.h"

namespace gossip::sim {
namespace {

constexpr auto kProgressInterval = std::chrono::seconds(5);
constexpr int kNotWritten = 1;

}  // namespace

void Progress::operator()(Duration so_far, std::uint64_t turns) {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < kProgressInterval) return;
  last_ = now;
  std::string line = round_time(so_far);
  if (whole_) {
    line += " of " + round_time(*whole_);
    if (so_far > *whole_) line += ", waiting until all agree";
  }
  std::fprintf(stderr, "%s, %llu turns\n", line.c_str(), static_cast<unsigned long long>(turns));
}

int written(std::string_view program, int code) {
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  const std::string why = errno != 0 ? ": " + std::generic_category().message(errno) : "";
  std::fprintf(stderr, "%s: cannot write the result%s\n", std::string(program).c_str(),
               why.c_str());
  return kNotWritten;
}

}  // namespace gossip::sim
