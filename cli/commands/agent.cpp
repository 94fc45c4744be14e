#include "cli/commands/agent.h"

#include <array>
#include <cerrno>
#include <climits>
#include <string>
#include <system_error>
#include <vector>

#include <unistd.h>

namespace gossip::cli {
namespace {

constexpr const char* kDaemon = "gossipd";

// "" if the kernel does not tell where this program is.
std::string path_beside_us() {
  std::array<char, PATH_MAX> path{};
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  if (length <= 0 || static_cast<std::size_t>(length) == path.size()) {
    return {};
  }
  const std::string self(path.data(), static_cast<std::size_t>(length));
  return self.substr(0, self.rfind('/') + 1) + kDaemon;
}

}  // namespace

ExitCode run(const DaemonOptions& options, ProgramName name, Output& /*out*/) {
  // gossipd has the habits of the name that it is called by.
  std::vector<std::string> words{name == ProgramName::Serf ? "serf" : kDaemon};
  words.insert(words.end(), options.arguments.begin(), options.arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  if (const std::string beside = path_beside_us(); !beside.empty()) {
    execv(beside.c_str(), pointers.data());
  }
  execvp(kDaemon, pointers.data());
  return Output::report({ErrorCode::System,
                         "cannot run gossipd, neither beside gossipctl nor from "
                         "PATH: " +
                             std::generic_category().message(errno)});
}

}  // namespace gossip::cli
