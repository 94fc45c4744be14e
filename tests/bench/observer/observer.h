// Many agents under one epoll and one clock: who said what, and when. It costs a few microseconds a record,
// so that it can stand beside fifty agents on two cores without being what is measured.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "bench/observer/link.h"

namespace gossip::bench {

class Observer {
 public:
  // Each "ADDRESS:PORT" of an agent's RPC.
  explicit Observer(const std::vector<std::string>& agents);
  ~Observer();
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  Observer(Observer&&) = delete;
  Observer& operator=(Observer&&) = delete;

  [[nodiscard]] std::size_t size() const { return links_.size(); }
  [[nodiscard]] Link& link(std::size_t agent) { return links_[agent]; }

  // One attempt for each agent that is not connected; `connected` is told of those that are now.
  void try_connect(const std::function<void(std::size_t agent)>& connected);
  [[nodiscard]] bool all_connected() const;
  // Until all are; gives up after half a minute.
  void connect_all(const std::function<void(std::size_t agent)>& connected);

  // What arrived, with the time at which it was read. `ended` is told of an agent that hung up; it may be
  // connected again.
  using Heard = std::function<void(std::size_t agent, rpc::Arrival& arrival, std::int64_t at_ns)>;
  using Ended = std::function<void(std::size_t agent)>;
  // Waits `timeout_ms` at most, once. False: standard input has ended, nobody wants to know more.
  bool wait(int timeout_ms, const Heard& heard, const Ended& ended);

 private:
  void drop(std::size_t agent);

  std::vector<Link> links_;
  std::vector<rpc::Arrival> arrivals_;
  int epoll_ = -1;
  bool input_ended_ = false;
};

// The address of each agent, from the first line of standard input.
[[nodiscard]] std::vector<std::string> read_agents();

// Standard error gets what this program itself has cost: "observer CPU_NS WALL_NS".
void report_own_cost(std::int64_t since_ns);

}  // namespace gossip::bench
