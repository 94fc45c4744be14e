// A service manager's socket as tests hear it: nothing before it listens.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include <sys/socket.h>
#include <sys/un.h>

#include <doctest/doctest.h>

#include "runtime/descriptor.h"
#include "unit/temporary_folder.h"

namespace gossip::agent {

class NotifySocket {
 public:
  [[nodiscard]] std::string name() const { return folder_.path_of("notify"); }

  void listen() {
    const std::string path = name();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(path.size() < sizeof address.sun_path);
    std::copy(path.begin(), path.end(), std::begin(address.sun_path));
    socket_ = runtime::Descriptor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    REQUIRE(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
            0);
  }

  // All that has been said and not been taken yet, a line each; "" for nothing.
  [[nodiscard]] std::string heard() const {
    std::string lines;
    std::array<char, 4096> text{};
    for (;;) {
      const ssize_t size = ::recv(socket_.get(), text.data(), text.size(), MSG_DONTWAIT);
      if (size < 0) return lines;
      lines +=
          (lines.empty() ? "" : "\n") + std::string(text.data(), static_cast<std::size_t>(size));
    }
  }

 private:
  TemporaryFolder folder_;
  runtime::Descriptor socket_;
};

}  // namespace gossip::agent
