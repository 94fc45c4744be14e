#include "bench/observer/observer.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <iostream>
#include <sstream>

#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

namespace gossip::bench {

namespace {

constexpr std::int64_t kConnectPatienceNs = 30'000'000'000;
constexpr std::uint64_t kStandardInput = UINT64_MAX;

}  // namespace

Observer::Observer(const std::vector<std::string>& agents)
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) give_up("epoll: " + last_error());
  links_.reserve(agents.size());
  for (const std::string& agent : agents)
    links_.emplace_back(agent);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kStandardInput;
  // Refused for a plain file, which has ended anyway.
  (void)::epoll_ctl(epoll_, EPOLL_CTL_ADD, STDIN_FILENO, &event);
}

Observer::~Observer() {
  ::close(epoll_);
}

void Observer::try_connect(const std::function<void(std::size_t agent)>& connected) {
  for (std::size_t agent = 0; agent < links_.size(); ++agent) {
    Link& link = links_[agent];
    if (link.is_connected() || !link.try_connect()) continue;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = agent;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, link.fd(), &event) != 0) {
      give_up("epoll: " + last_error());
    }
    connected(agent);
  }
}

bool Observer::all_connected() const {
  return std::all_of(links_.begin(), links_.end(),
                     [](const Link& link) { return link.is_connected(); });
}

void Observer::connect_all(const std::function<void(std::size_t agent)>& connected) {
  const std::int64_t begin = now_ns();
  while (!all_connected()) {
    try_connect(connected);
    if (now_ns() - begin > kConnectPatienceNs) give_up("an agent does not answer for 30 s");
    ::usleep(1000);
  }
}

bool Observer::wait(int timeout_ms, const Heard& heard, const Ended& ended) {
  std::array<epoll_event, 64> events;  // NOLINT(*-member-init): filled by epoll_wait
  const int count =
      ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout_ms);
  if (count < 0 && errno != EINTR) give_up("epoll: " + last_error());
  for (int i = 0; i < count; ++i) {
    const std::uint64_t source = events[static_cast<std::size_t>(i)].data.u64;
    if (source == kStandardInput) {
      std::array<char, 64> ignored;  // NOLINT(*-member-init): filled by read
      if (::read(STDIN_FILENO, ignored.data(), ignored.size()) > 0) continue;
      input_ended_ = true;
      (void)::epoll_ctl(epoll_, EPOLL_CTL_DEL, STDIN_FILENO, nullptr);
      continue;
    }
    const auto agent = static_cast<std::size_t>(source);
    if (!links_[agent].is_connected()) continue;
    arrivals_.clear();
    const bool open = links_[agent].receive(arrivals_);
    const std::int64_t at_ns = now_ns();
    for (rpc::Arrival& arrival : arrivals_)
      heard(agent, arrival, at_ns);
    if (!open) {
      links_[agent].close();
      ended(agent);
    }
  }
  return !input_ended_;
}

std::vector<std::string> read_agents() {
  std::string line;
  if (!std::getline(std::cin, line)) give_up("no line with the agents' addresses");
  std::istringstream words(line);
  std::vector<std::string> agents;
  for (std::string agent; words >> agent;)
    agents.push_back(agent);
  if (agents.empty()) give_up("no agents");
  return agents;
}

void report_own_cost(std::int64_t since_ns) {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto ns = [](const timeval& time) {
    return static_cast<long long>(time.tv_sec) * 1'000'000'000 + time.tv_usec * 1'000LL;
  };
  (void)std::fprintf(stderr, "observer %lld %lld\n", ns(usage.ru_utime) + ns(usage.ru_stime),
                     static_cast<long long>(now_ns() - since_ns));
}

}  // namespace gossip::bench
