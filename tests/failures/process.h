// A piece of a process's life in a child of its own, so that it may end in any way.
#pragma once

#include <string>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

namespace gossip::failures {

struct Ending {
  int status = 0;    // as waitpid has it
  std::string said;  // to standard error

  [[nodiscard]] bool is_done() const { return WIFEXITED(status) && WEXITSTATUS(status) == 0; }
  [[nodiscard]] bool died_of(int signal) const {
    return WIFSIGNALED(status) && WTERMSIG(status) == signal;
  }
};

template <typename Life>
Ending run_in_child(Life life) {
  int ends[2] = {};
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    life();
    ::_exit(0);
  }
  ::close(ends[1]);
  Ending ending;
  char block[512];
  for (ssize_t count = ::read(ends[0], block, sizeof block); count > 0;
       count = ::read(ends[0], block, sizeof block))
    ending.said.append(block, static_cast<std::size_t>(count));
  ::close(ends[0]);
  REQUIRE(::waitpid(child, &ending.status, 0) == child);
  return ending;
}

}  // namespace gossip::failures
