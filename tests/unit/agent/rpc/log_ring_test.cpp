#include "agent/rpc/log_ring.h"

#include <functional>

#include <doctest/doctest.h>

#include "agent/rpc/log_level.h"

namespace gossip::agent::rpc {
namespace {

// Hears lines until it has had enough.
class Ear final : public LogRing::Listener {
 public:
  void logged(const LogRecord& record) override {
    heard.push_back(record.text);
    if (then) then();
  }
  std::vector<std::string> heard;
  std::function<void()> then;
};

TEST_CASE("the ring keeps the newest lines of all levels") {
  LogRing ring;
  for (std::size_t i = 0; i < kMaxLogLines + 3; ++i)
    ring.append(LogLevel::Trace, std::to_string(i));
  REQUIRE(ring.lines().size() == kMaxLogLines);
  CHECK(ring.lines().front().text == "3");
  CHECK(ring.lines().back().text == std::to_string(kMaxLogLines + 2));
}

TEST_CASE("a line is cut at its limit") {
  LogRing ring;
  ring.append(LogLevel::Info, std::string(kMaxLogLineBytes + 1, 'x'));
  CHECK(ring.lines().back().text.size() == kMaxLogLineBytes);
}

TEST_CASE("a listener may leave, or bring another, while it is told") {
  LogRing ring;
  Ear first;
  Ear second;
  Ear third;
  ring.subscribe(first);
  ring.subscribe(second);
  first.then = [&] {
    ring.unsubscribe(first);
    ring.unsubscribe(second);
    ring.subscribe(third);
  };
  ring.append(LogLevel::Info, "a");
  ring.append(LogLevel::Info, "b");
  CHECK(first.heard == std::vector<std::string>{"a"});
  CHECK(second.heard.empty());
  CHECK(third.heard.back() == "b");
}

TEST_CASE("a line that a listener logs comes after the one it was told") {
  LogRing ring;
  Ear first;
  Ear second;
  ring.subscribe(first);
  ring.subscribe(second);
  first.then = [&] {
    if (first.heard.size() == 1) {
      ring.unsubscribe(first);
      ring.append(LogLevel::Warn, "b");
    }
  };
  ring.append(LogLevel::Info, "a");
  CHECK(first.heard == std::vector<std::string>{"a"});
  CHECK(second.heard == std::vector<std::string>{"a", "b"});
  CHECK(ring.lines().back().text == "b");
}

TEST_CASE("levels are named as in Serf, in any case") {
  CHECK(level_from("trace") == LogLevel::Trace);
  CHECK(level_from("DEBUG") == LogLevel::Debug);
  CHECK(level_from("Info") == LogLevel::Info);
  CHECK(level_from("warn") == LogLevel::Warn);
  CHECK(level_from("err") == LogLevel::Error);
  for (const std::string_view none : {"", "warning", "error", "info "})
    CHECK_FALSE(level_from(none));
  CHECK(bracket_name(LogLevel::Error) == "ERR");
}

}  // namespace
}  // namespace gossip::agent::rpc
