// One scraper's socket on libuv: reads while its session wants input, sends what the session says, one response in a
// round of the loop, and closes whoever takes too long, to ask or to read.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include <uv.h>

#include "gossip/time.h"

#include "agent/metrics/http_session.h"
#include "agent/system/stream_handle.h"
#include "runtime/handle.h"
#include "runtime/loop_timer.h"

namespace gossip::agent::metrics {

class HttpConnection;

// The server as its connections see it.
class HttpConnectionOwner {
 public:
  HttpConnectionOwner() = default;
  HttpConnectionOwner(const HttpConnectionOwner&) = delete;
  HttpConnectionOwner& operator=(const HttpConnectionOwner&) = delete;
  HttpConnectionOwner(HttpConnectionOwner&&) = delete;
  HttpConnectionOwner& operator=(HttpConnectionOwner&&) = delete;
  virtual ~HttpConnectionOwner() = default;

  // The socket is closed. The connection may still be on the stack: destroy it later.
  virtual void ended(HttpConnection& connection) = 0;
  // Where any connection reads into; it is empty again when the read is over.
  [[nodiscard]] virtual std::span<char> read_buffer() = 0;
};

class HttpConnection {
 public:
  // From the first byte of a request to its last, from a new connection to its first request, and for a response
  // to leave.
  static constexpr Duration kPatience = std::chrono::seconds(10);
  // Between two requests: longer than scrapers pause.
  static constexpr Duration kIdleTime = std::chrono::minutes(3);
  // After our last words: how long we wait for the client's end.
  static constexpr Duration kLingerTime = std::chrono::seconds(1);

  // All of these outlive the connection.
  HttpConnection(HttpConnectionOwner& owner, const HttpPages& pages, HttpCounters& counters);
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;
  HttpConnection(HttpConnection&&) = delete;
  HttpConnection& operator=(HttpConnection&&) = delete;
  ~HttpConnection() = default;

  // Takes the client that waits at `server`; libuv's code, 0 is success. `count` outlives the handles.
  [[nodiscard]] int accept(const StreamHandle& door, runtime::HandleCount& count);
  void start();
  void close();
  // Has been answered and asks nothing now: the first to give way.
  [[nodiscard]] bool is_idle() const;
  [[nodiscard]] TimePoint quiet_since() const { return quiet_since_; }

 private:
  struct Write {
    uv_write_t request{};
    std::string bytes;
  };

  void read(ssize_t count);
  void go_on();
  void send(std::string bytes);
  void flush(std::string bytes);
  void written(int status);
  void response_left();
  void watch_request();
  void last_words_sent();
  void set_reading(bool wanted);
  void time_over();

  HttpConnectionOwner* owner_;
  HttpCounters* counters_;
  HttpSession session_;
  StreamHandle stream_;
  runtime::LoopTimer timer_;
  runtime::Handle<uv_idle_t> next_round_;  // started once a response has left
  TimePoint quiet_since_;
  bool answered_ = false;  // at least once
  bool in_request_ = false;
  bool sending_ = false;
  bool reading_ = false;
  bool said_goodbye_ = false;  // our side is shut
  bool closed_ = false;
};

}  // namespace gossip::agent::metrics
