#include "agent/system/line_writer.h"

#include <array>

#include <fcntl.h>
#include <sys/socket.h>

#include <doctest/doctest.h>

#include "runtime/descriptor.h"

namespace gossip::agent {
namespace {

using runtime::Descriptor;

struct Ends {
  Descriptor read;
  Descriptor write;
};

Ends make_pipe() {
  std::array<int, 2> both{};
  REQUIRE(::pipe2(both.data(), O_CLOEXEC) == 0);
  return {Descriptor(both[0]), Descriptor(both[1])};
}

Ends make_sockets() {
  std::array<int, 2> both{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both.data()) == 0);
  return {Descriptor(both[0]), Descriptor(both[1])};
}

// What is there now.
std::string drain(const Descriptor& from) {
  ::fcntl(from.get(), F_SETFL, O_NONBLOCK);
  std::string text;
  std::array<char, 65536> block;
  for (ssize_t n = 0; (n = ::read(from.get(), block.data(), block.size())) > 0;) {
    text.append(block.data(), static_cast<std::size_t>(n));
  }
  return text;
}

TEST_CASE("a line goes out with its newline") {
  const Ends ends = make_pipe();
  LineWriter writer(ends.write.get());
  writer.write("one");
  writer.write("");
  CHECK(drain(ends.read) == "one\n\n");
}

TEST_CASE("a line that is too long is cut") {
  const Ends ends = make_pipe();
  LineWriter writer(ends.write.get());
  writer.write(std::string(10000, 'x'));
  CHECK(drain(ends.read) == std::string(kMaxLineBytes, 'x') + "\n");
}

TEST_CASE("a pipe or socket that nobody reads costs lines, and never blocks") {
  for (const bool socket : {false, true}) {
    const Ends ends = socket ? make_sockets() : make_pipe();
    LineWriter writer(ends.write.get());
    const std::string line(1000, 'x');
    while (writer.lost() < 3)
      writer.write(line);
    const std::string before = drain(ends.read);
    CHECK(before.size() > 1000);
    writer.write("again");
    const std::string after = drain(ends.read);
    CHECK(after.find("    (3 lines lost: nobody read them)\nagain\n") != std::string::npos);
    // Whatever a socket took in part is completed: only whole lines arrive.
    const std::string all = before + after;
    for (std::size_t at = 0; at < all.size(); at = all.find('\n', at) + 1) {
      const std::size_t length = all.find('\n', at) - at;
      const bool whole = length == 1000 || length < 50;
      CHECK(whole);
    }
    writer.write("more");
    CHECK(drain(ends.read) == "more\n");
  }
}

TEST_CASE("a reader that has gone is no signal and no error") {
  Ends ends = make_sockets();
  LineWriter writer(ends.write.get());
  ends.read.reset();
  writer.write("x");
  CHECK(writer.lost() == 1);
}

}  // namespace
}  // namespace gossip::agent
