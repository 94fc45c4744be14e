// From exec to an agent that answers, again and again, without an interpreter in the way.
#include <csignal>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <spawn.h>

#include "bench/observer/modes.h"
#include "bench/observer/observer.h"

namespace gossip::bench {

namespace {

// Words as exec wants them.
class Arguments {
 public:
  explicit Arguments(Words words) : words_(words.begin(), words.end()) {
    for (std::string& word : words_)
      pointers_.push_back(word.data());
    pointers_.push_back(nullptr);
  }
  [[nodiscard]] char* const* get() const { return pointers_.data(); }

 private:
  std::vector<std::string> words_;
  std::vector<char*> pointers_;
};

pid_t spawn(Words command) {
  const Arguments arguments(command);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_RDWR, 0);
  pid_t pid = 0;
  const int failed =
      ::posix_spawn(&pid, command.front().c_str(), &files, nullptr, arguments.get(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (failed != 0) give_up(command.front() + " does not start");
  return pid;
}

long long resident_kb(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/smaps_rollup");
  std::string word;
  while (file >> word) {
    long long kb = 0;
    if (word == "Rss:" && file >> kb) return kb;
  }
  give_up("no Rss in smaps_rollup");
}

// Every 100 µs until somebody listens, then until the handshake is answered.
void wait_for_answer(const std::string& address) {
  Link link(address);
  while (!link.try_connect())
    ::usleep(100);
  std::vector<rpc::Arrival> arrivals;
  while (arrivals.empty()) {
    pollfd answer{.fd = link.fd(), .events = POLLIN, .revents = 0};
    ::poll(&answer, 1, -1);
    if (!link.receive(arrivals)) give_up("the agent hangs up on a handshake");
  }
}

// What a command held at most, in kB. Not by posix_spawn: the kernel counts what the parent holds until exec, of a
// fork only what is the parent's own.
long peak_kb(Words command) {
  const Arguments arguments(command);
  const pid_t pid = ::fork();
  if (pid == 0) {
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
      ::dup2(null, fd);
    ::execv(command.front().c_str(), arguments.get());
    ::_exit(127);
  }
  rusage usage{};
  ::wait4(pid, nullptr, 0, &usage);
  return usage.ru_maxrss;
}

}  // namespace

int run_starts(Words words) {
  for (long long left = number(words[0]); left > 0; --left) {
    const std::int64_t began = now_ns();
    const pid_t pid = spawn(words.subspan(2));
    wait_for_answer(words[1]);
    const std::int64_t took = now_ns() - began;
    std::printf("%lld %lld\n", static_cast<long long>(took), resident_kb(pid));
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
  return 0;
}

int run_commands(Words words) {
  const Words command = words.subspan(1);
  for (long long left = number(words[0]); left > 0; --left) {
    const std::int64_t began = now_ns();
    const pid_t pid = spawn(command);
    int status = 0;
    ::waitpid(pid, &status, 0);
    const std::int64_t took = now_ns() - began;
    if (status != 0) give_up(command.front() + " fails");
    std::printf("%lld %ld\n", static_cast<long long>(took), peak_kb(command));
  }
  return 0;
}

}  // namespace gossip::bench
