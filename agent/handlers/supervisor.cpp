#include "agent/handlers/supervisor.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gossip::agent {
namespace {

constexpr int kCannotExecute = 127;  // as a shell says it

void run_shell(const char* command, const sigset_t& signals) {
  pthread_sigmask(SIG_SETMASK, &signals, nullptr);
  execl("/bin/sh", "/bin/sh", "-c", command, static_cast<char*>(nullptr));  // NOLINT: POSIX's way
  std::perror("/bin/sh");
  _exit(kCannotExecute);
}

enum class Children : std::uint8_t { Some, None };

// Reaps all that have ended, also those that the shell left behind, and reports the shell.
Children reap(pid_t shell) {
  for (;;) {
    ShellEnd end;
    const pid_t child = waitpid(-1, &end.wait_status, WNOHANG);
    if (child == 0) return Children::Some;
    if (child < 0 && errno == EINTR) continue;
    if (child < 0) return Children::None;
    if (child == shell) send(kLifelineDescriptor, &end, sizeof end, MSG_NOSIGNAL);
  }
}

int watch(pid_t shell, int signals) {
  std::array<pollfd, 2> watched{{{kLifelineDescriptor, POLLIN, 0}, {signals, POLLIN, 0}}};
  for (;;) {
    if (poll(watched.data(), watched.size(), -1) < 0) {
      if (errno == EINTR) continue;
      kill(0, SIGKILL);
    }
    if (watched[0].revents != 0) kill(0, SIGKILL);  // the group, ourselves too
    if (watched[1].revents == 0) continue;
    signalfd_siginfo info{};
    if (read(signals, &info, sizeof info) < 0 && errno != EINTR && errno != EAGAIN) {
      kill(0, SIGKILL);
    }
    if (reap(shell) == Children::None) return EXIT_SUCCESS;
  }
}

}  // namespace

int supervise(const char* command) {
  if (fcntl(kLifelineDescriptor, F_SETFD, FD_CLOEXEC) != 0 || getpgrp() != getpid()) {
    std::fputs("gossipd: --run-handler is for gossipd itself\n", stderr);
    return EXIT_FAILURE;
  }
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  const int signals = signalfd(-1, &children, SFD_CLOEXEC);
  if (signals < 0) return EXIT_FAILURE;
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t shell = fork();
  if (shell < 0) return EXIT_FAILURE;
  if (shell == 0) run_shell(command, before);
  // The agent waits for the end of what the handler writes, and the handler for the end of its input.
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    close(standard);
  return watch(shell, signals);
}

}  // namespace gossip::agent
