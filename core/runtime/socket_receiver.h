// What the sockets hand on. A receiver only takes note while it is told; `flush` is the last thing that a
// socket calls in a callback, and only there may the receiver call the sockets, close streams, or call others.
#pragma once

#include <optional>
#include <string>

#include "gossip/address.h"
#include "gossip/bytes.h"
#include "gossip/effects.h"

namespace gossip::runtime {

class SocketReceiver {
 public:
  SocketReceiver() = default;
  SocketReceiver(const SocketReceiver&) = delete;
  SocketReceiver& operator=(const SocketReceiver&) = delete;
  SocketReceiver(SocketReceiver&&) = delete;
  SocketReceiver& operator=(SocketReceiver&&) = delete;
  virtual ~SocketReceiver() = default;

  virtual void packet_received(const Address& from, ByteView datagram) = 0;
  virtual void packet_refused(const Address& to) = 0;

  // The id under which all that follows about this stream is told; none refuses it.
  [[nodiscard]] virtual std::optional<StreamId> stream_accepted(const Address& from) = 0;
  virtual void stream_opened(StreamId id) = 0;
  virtual void stream_received(StreamId id, ByteView bytes) = 0;
  // The stream is gone: the id is free for the next one.
  virtual void stream_ended(StreamId id, StreamEnd why) = 0;

  // One line for the log: something that goes on in spite of it.
  virtual void warned(std::string text) = 0;
  // A socket is of no use any more; one line that says why.
  virtual void socket_lost(std::string why) = 0;

  virtual void flush() = 0;
};

}  // namespace gossip::runtime
