// The real Serf as a process of this test, on an address of this run alone.
#pragma once

#include <csignal>
#include <cstdlib>
#include <string>
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
  // Runs `serf COMMAND… -rpc-addr=…`; its exit code.
  int command(std::vector<std::string> words) const {
    words.insert(words.begin(), program_);
    words.push_back(rpc_);
    int status = -1;
    const pid_t pid = spawn(words);
    if (pid > 0) waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  static pid_t spawn(const std::vector<std::string>& words) {
    std::vector<char*> arguments;
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
