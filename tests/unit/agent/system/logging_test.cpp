#include "agent/system/logging.h"

#include <array>

#include <fcntl.h>

#include <doctest/doctest.h>

#include "runtime/descriptor.h"

namespace gossip::agent {
namespace {

class Output {
 public:
  Output() {
    std::array<int, 2> both{};
    REQUIRE(::pipe2(both.data(), O_CLOEXEC | O_NONBLOCK) == 0);
    read_ = runtime::Descriptor(both[0]);
    write_ = runtime::Descriptor(both[1]);
  }
  [[nodiscard]] int descriptor() const { return write_.get(); }
  [[nodiscard]] std::string text() const {
    std::array<char, 65536> block;
    const ssize_t n = ::read(read_.get(), block.data(), block.size());
    return n > 0 ? std::string(block.data(), static_cast<std::size_t>(n)) : "";
  }

 private:
  runtime::Descriptor read_;
  runtime::Descriptor write_;
};

// "2026/11/23 20:21:48" with every digit as 9.
std::string shape(std::string text) {
  for (char& c : text) {
    if (c >= '0' && c <= '9') c = '9';
  }
  return text;
}

TEST_CASE("a log line looks like Serf's") {
  const Output output;
  LineWriter writer(output.descriptor());
  rpc::LogRing ring;
  Logging log(writer, LogLevel::Trace, ring);
  log.write(LogLevel::Info, "agent: Serf agent starting");
  log.write(LogLevel::Error, "serf: {} %v");
  log.write(LogLevel::Warn, "x");
  log.write(LogLevel::Debug, "x");
  log.write(LogLevel::Trace, "x");
  CHECK(shape(output.text()) ==
        "9999/99/99 99:99:99 [INFO] agent: Serf agent starting\n"
        "9999/99/99 99:99:99 [ERR] serf: {} %v\n"
        "9999/99/99 99:99:99 [WARN] x\n"
        "9999/99/99 99:99:99 [DEBUG] x\n"
        "9999/99/99 99:99:99 [TRACE] x\n");
}

TEST_CASE("what is below the level is kept for monitors alone") {
  const Output output;
  LineWriter writer(output.descriptor());
  rpc::LogRing ring;
  Logging log(writer, LogLevel::Warn, ring);
  log.write(LogLevel::Info, "agent: quiet");
  CHECK(output.text().empty());
  log.set_level(LogLevel::Info);
  log.write(LogLevel::Info, "agent: loud");
  CHECK(shape(output.text()) == "9999/99/99 99:99:99 [INFO] agent: loud\n");
  REQUIRE(ring.lines().size() == 2);
  CHECK(ring.lines().front().level == LogLevel::Info);
  CHECK(shape(ring.lines().front().text) == "9999/99/99 99:99:99 [INFO] agent: quiet");
}

TEST_CASE("a name from the network cannot begin a line or steer a terminal") {
  CHECK(without_control_characters("a\nb\tc\rd\x1b[2J\x7f\xc3\xbc") ==
        "a\\nb\\tc\\rd\\x1b[2J\\x7f\xc3\xbc");
  CHECK(without_control_characters("a\u009b2J\u0080\u009f\u00a0\xc2") ==
        "a\\u009b2J\\u0080\\u009f\u00a0\xc2");
  const Output output;
  LineWriter writer(output.descriptor());
  rpc::LogRing ring;
  Logging log(writer, LogLevel::Info, ring);
  log.write(LogLevel::Info, "serf: EventMemberJoin: x\ny");
  CHECK(shape(output.text()) == "9999/99/99 99:99:99 [INFO] serf: EventMemberJoin: x\\ny\n");
}

}  // namespace
}  // namespace gossip::agent
