// One client's socket on libuv: reads while its session wants input, sends what the session says, and closes
// so that the last words arrive. The rules of the conversation are the session's.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include <uv.h>

#include "gossip/bytes.h"
#include "gossip/event.h"
#include "gossip/time.h"

#include "agent/rpc/session.h"
#include "agent/system/stream_handle.h"
#include "runtime/handle.h"

namespace gossip::agent::rpc {

class Connection;

// The listener as its connections see it.
class ConnectionOwner {
 public:
  ConnectionOwner() = default;
  ConnectionOwner(const ConnectionOwner&) = delete;
  ConnectionOwner& operator=(const ConnectionOwner&) = delete;
  ConnectionOwner(ConnectionOwner&&) = delete;
  ConnectionOwner& operator=(ConnectionOwner&&) = delete;
  virtual ~ConnectionOwner() = default;

  // The socket is closed. The connection may still be on the stack: destroy it later.
  virtual void ended(Connection& connection) = 0;
  // Where any connection reads into; it is empty again when the read is over.
  [[nodiscard]] virtual std::span<char> read_buffer() = 0;
};

class Connection final : private SessionPeer {
 public:
  // How long a client on TCP may take to authenticate, where a key is asked for, and one that is not
  // permitted may take to say anything.
  static constexpr Duration kAdmissionTime = std::chrono::seconds(5);
  // After our last words: how long they may take to leave, and how long we wait for the client's end.
  static constexpr Duration kFlushTime = std::chrono::seconds(30);
  static constexpr Duration kHangUpTime = std::chrono::milliseconds(250);  // HangUp::ClientFirst
  static constexpr Duration kLingerTime = std::chrono::seconds(1);

  Connection(ConnectionOwner& owner, SessionWorld world);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  Connection(Connection&&) = delete;
  Connection& operator=(Connection&&) = delete;
  ~Connection() override = default;

  // Takes the client that waits at `server`; libuv's code, 0 is success. `count` outlives the handles.
  [[nodiscard]] int accept(const StreamHandle& door, runtime::HandleCount& count);
  // For asking who is there.
  [[nodiscard]] int descriptor() const;
  // `name` is the client in log lines; `refusal` as in Session.
  void start(std::string name, std::string refusal);

  // As Session's.
  bool published(const Event& event) { return session_->published(event); }
  bool published_coalesced(const Event& event) { return session_->published_coalesced(event); }
  // The agent ends: send what is unsent, then close, and wait for the client no longer than kHangUpTime.
  void shut_down();
  void close();
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  enum class Ending : std::uint8_t { No, Linger, AtOnce };
  struct Write {
    uv_write_t request{};
    Bytes bytes;
  };

  void send(ByteView bytes) override;
  [[nodiscard]] std::size_t unsent_bytes() const override {
    return sending_bytes_ + waiting_.size();
  }
  void finish(HangUp first) override;
  void input_wanted() override;

  void read(ssize_t count);
  void input_ended();
  void flush();
  void written(int status);
  void last_words_sent();
  [[nodiscard]] bool is_waiting_for_client() const;
  void set_reading(bool wanted);
  void arm_timer(Duration wait);
  void time_over();

  ConnectionOwner* owner_;
  SessionWorld world_;
  StreamHandle stream_;
  runtime::Handle<uv_timer_t> timer_;
  std::string name_;
  std::unique_ptr<Session> session_;
  Bytes waiting_;                  // behind the write under way
  std::size_t sending_bytes_ = 0;  // of it
  Ending ending_ = Ending::No;
  bool reading_ = false;
  bool input_over_ = false;
  bool client_first_ = false;  // it may still hang up before us
  bool said_goodbye_ = false;  // our side is shut
  bool closed_ = false;
};

}  // namespace gossip::agent::rpc
