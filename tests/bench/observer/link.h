// One agent as the observer sees it: a non-blocking RPC connection over TCP, Serf's and gossipd's alike.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <netinet/in.h>

#include "rpc/client.h"

namespace gossip::bench {

class Link {
 public:
  explicit Link(const std::string& host_and_port);
  ~Link();
  Link(Link&& other) noexcept;
  Link& operator=(Link&&) = delete;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // One attempt; a handshake follows at once. False: nobody listens yet.
  bool try_connect();
  [[nodiscard]] bool is_connected() const { return fd_ >= 0; }
  [[nodiscard]] int fd() const { return fd_; }

  // Blocks while the agent does not read. Returns the request's sequence number.
  std::uint64_t send(const rpc::Request& request);
  // Appends what has arrived. False: the agent has hung up.
  bool receive(std::vector<rpc::Arrival>& out);
  void close();

 private:
  sockaddr_in address_{};
  int fd_ = -1;
  rpc::Client client_;
};

// CLOCK_MONOTONIC, as Python's time.monotonic_ns().
[[nodiscard]] std::int64_t now_ns();

// What errno says.
[[nodiscard]] std::string last_error();

// Ends the program with a line on standard error.
[[noreturn]] void give_up(const std::string& why);

}  // namespace gossip::bench
