// A conversation with an agent: handshake, token, then one request after the other, each waiting for its
// response; records of streams are kept aside until they are asked for. Time limits are one deadline for all.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gossip/error.h"

#include "cli/progress.h"
#include "cli/socket.h"
#include "rpc/client.h"
#include "rpc/endpoint.h"

namespace gossip::cli {

// Whether an error says that the agent has no such command: it is Serf's, or an older gossipd.
[[nodiscard]] bool is_unknown_command(const Error& error);

class Connection {
 public:
  // Connects and introduces itself. Unreachable: no agent; Refused: it does not accept the token or the user.
  static Expected<Connection> open(const rpc::Endpoint& endpoint,
                                   const std::optional<std::string>& token, Deadline deadline);

  // Refused: the agent's own error text. System: the connection is gone.
  Expected<rpc::Response> call(const rpc::Request& request);
  // The same, but an agent's error stays in the response, where a body may tell more of it.
  Expected<rpc::Response> exchange(const rpc::Request& request);

  // The next record of any stream that was opened here.
  Expected<rpc::StreamRecord> next_record();
  // The same, but TimedOut after `patience`, which may be sooner than the time limit.
  Expected<rpc::StreamRecord> next_record_within(std::chrono::nanoseconds patience);
  [[nodiscard]] bool is_late() const;
  void forget_records() { records_.clear(); }
  // From now on waits last as long as they must: for streams.
  void wait_without_limit() {
    deadline_.reset();
    progress_.hide();
  }
  // What is waited for from now on, and how far it has come: shown while it takes long, where a person watches.
  void begins(std::string what);
  void note(std::string how_far) { progress_.note(std::move(how_far)); }
  [[nodiscard]] bool is_watched() const { return watched_; }
  // The same line during a wait of the command's own, and its end.
  void show_progress();
  void wipe_progress();
  // The last error was Ctrl-C.
  [[nodiscard]] bool interrupted() const { return socket_.interrupted(); }
  // For waits of a command's own: when to give up, and what can be read once Ctrl-C was pressed.
  [[nodiscard]] Deadline deadline() const { return deadline_; }
  [[nodiscard]] int interrupts() const { return socket_.interrupts(); }
  [[nodiscard]] const std::string& where() const { return where_; }

 private:
  Connection(Socket socket, std::string where, Deadline deadline);
  Expected<void> introduce(const std::optional<std::string>& token);
  Expected<rpc::StreamRecord> next_record_by(Deadline deadline);
  Expected<void> receive_more(Deadline deadline);
  Expected<void> receive_bytes(Bytes& bytes, Deadline deadline);

  Socket socket_;
  rpc::Client client_;
  std::string where_;
  Deadline deadline_;
  Progress progress_;
  bool watched_;
  bool shown_ = false;  // the line stands there
  std::deque<rpc::Response> responses_;
  std::deque<rpc::StreamRecord> records_;
  std::optional<Error> broken_;  // what came last cannot be read, and nothing behind it
};

}  // namespace gossip::cli
