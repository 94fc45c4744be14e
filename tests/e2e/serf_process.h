// The real Serf as a process of this test, on an address of this run alone.
#pragma once

#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <spawn.h>

namespace gossip::e2e {

// Null if nobody names a Serf: an empty GOSSIP_SERF counts as unset.
inline const char* named_serf() {
  const char* const named =
      std::getenv("GOSSIP_SERF");  // NOLINT(concurrency-mt-unsafe): no thread yet
  return named != nullptr && *named != '\0' ? named : nullptr;
}

inline std::string serf_program() {
  const char* const named = named_serf();
  return named != nullptr ? named : GOSSIP_UNPACKED_SERF;
}

inline bool can_run(const std::string& program) {
  return access(program.c_str(), X_OK) == 0;
}

// For doctest::skip. Somebody who names a Serf wants these tests: with a wrong name they fail.
inline bool lacks_serf() {
  return named_serf() == nullptr && !can_run(GOSSIP_UNPACKED_SERF);
}

class SerfProcess {
 public:
  // `serf agent` on ip:7946, with RPC on ip:7373.
  SerfProcess(const std::string& program, const std::string& name, const std::string& ip)
      : program_(program), rpc_("-rpc-addr=" + ip + ":7373") {
    pid_ = spawn({program, "agent", "-node=" + name, "-bind=" + ip, rpc_, "-profile=local"});
  }
  SerfProcess(const SerfProcess&) = delete;
  SerfProcess& operator=(const SerfProcess&) = delete;
  SerfProcess(SerfProcess&&) = delete;
  SerfProcess& operator=(SerfProcess&&) = delete;
  ~SerfProcess() { kill(); }

  // Without a word to the cluster.
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  // Runs `serf COMMAND… -rpc-addr=…`; its exit code, and what it prints on stdout.
  struct Outcome {
    int code = -1;
    std::string text;
  };
  [[nodiscard]] Outcome command(std::vector<std::string> words) const {
    words.insert(words.begin(), program_);
    words.push_back(rpc_);
    Outcome outcome;
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return outcome;
    const pid_t pid = spawn(words, ends[1]);
    close(ends[1]);
    std::array<char, 4096> part{};
    for (ssize_t count = 0; (count = read(ends[0], part.data(), part.size())) > 0;) {
      outcome.text.append(part.data(), static_cast<std::size_t>(count));
    }
    close(ends[0]);
    int status = -1;
    if (pid > 0) waitpid(pid, &status, 0);
    if (WIFEXITED(status)) outcome.code = WEXITSTATUS(status);
    return outcome;
  }
  // Until `serf COMMAND… -rpc-addr=…` prints `text`; false if it never does.
  [[nodiscard]] bool shows(const std::vector<std::string>& words, std::string_view text) const {
    for (int i = 0; i < 600; ++i) {
      if (command(words).text.find(text) != std::string::npos) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
  }

 private:
  // With stdout in a descriptor, or nowhere.
  static pid_t spawn(const std::vector<std::string>& words, int out = -1) {
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (const std::string& word : words) {
      arguments.push_back(
          const_cast<char*>(word.c_str()));  // NOLINT(*-const-cast): posix_spawn's type
    }
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t silent;
    posix_spawn_file_actions_init(&silent);
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
      posix_spawn_file_actions_addopen(&silent, stream, "/dev/null", O_WRONLY, 0);
    }
    if (out >= 0) posix_spawn_file_actions_adddup2(&silent, out, STDOUT_FILENO);
    pid_t pid = -1;
    if (posix_spawn(&pid, arguments[0], &silent, nullptr, arguments.data(), environ) != 0) pid = -1;
    posix_spawn_file_actions_destroy(&silent);
    return pid;
  }

  std::string program_;
  std::string rpc_;
  pid_t pid_ = 0;
};

}  // namespace gossip::e2e
