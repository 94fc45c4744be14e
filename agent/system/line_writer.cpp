#include "agent/system/line_writer.h"

#include <algorithm>
#include <cerrno>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace gossip::agent {
namespace {

// How much was taken; 0 if it would have blocked or nobody can take it any more.
std::size_t write_now(int descriptor, std::string_view bytes) {
  ssize_t taken = ::send(descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (taken < 0 && errno == ENOTSOCK) {
    // The descriptor is shared with other processes, so its mode is not ours to change. A pipe that polls
    // as writable has room for a whole line (pipe(7), PIPE_BUF).
    pollfd ready{descriptor, POLLOUT, 0};
    if (::poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0) return 0;
    taken = ::write(descriptor, bytes.data(), bytes.size());
  }
  return taken < 0 ? 0 : static_cast<std::size_t>(taken);
}

}  // namespace

bool LineWriter::flush_rest() {
  if (rest_.empty()) return true;
  rest_.erase(0, write_now(descriptor_, rest_));
  return rest_.empty();
}

bool LineWriter::try_write(std::string_view line) {
  if (!flush_rest()) return false;
  std::string bytes(line.substr(0, kMaxLineBytes));
  bytes += '\n';
  const std::size_t taken = write_now(descriptor_, bytes);
  if (taken == 0) return false;
  rest_ = bytes.substr(taken);
  return true;
}

void LineWriter::write(std::string_view line) {
  if (lost_ > 0 && try_write("    (" + std::to_string(lost_) + " lines lost: nobody read them)")) {
    lost_ = 0;
  }
  if (lost_ == 0 && try_write(line)) return;
  ++lost_;
  ++lost_in_all_;
}

}  // namespace gossip::agent
