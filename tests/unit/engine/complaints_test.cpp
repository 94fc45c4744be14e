#include "engine/complaints.h"

#include <doctest/doctest.h>

namespace gossip::engine {
namespace {

constexpr TimePoint kStart{};

TEST_CASE("a kind of trouble is reported once, then rests while it is counted") {
  Complaints complaints;
  CHECK(complaints.note(kStart, Drop::Malformed, "192.0.2.1:7946").has_value());
  for (int i = 0; i < 100; ++i) {
    CHECK_FALSE(
        complaints.note(kStart + std::chrono::seconds(1), Drop::Malformed, "x").has_value());
  }
  const std::optional<Log> next = complaints.note(kStart + Complaints::kRest, Drop::Malformed, "x");
  REQUIRE(next.has_value());
  CHECK(next->text.find("101 such since the last report") != std::string::npos);
}

TEST_CASE("kinds rest on their own") {
  Complaints complaints;
  CHECK(complaints.note(kStart, Drop::Malformed, "x").has_value());
  CHECK(complaints.note(kStart, Drop::Truncated, "x").has_value());
}

TEST_CASE("a wrong key or label is a warning that says what to check, the rest is for debugging") {
  Complaints complaints;
  const std::optional<Log> key = complaints.note(kStart, Drop::Undecryptable, "192.0.2.1:7946");
  REQUIRE(key.has_value());
  CHECK(key->level == LogLevel::Warn);
  CHECK(key->text.find("192.0.2.1:7946") != std::string::npos);
  CHECK(key->text.find("compare the encryption keys") != std::string::npos);
  const std::optional<Log> label = complaints.note(kStart, Drop::WrongLabel, "192.0.2.1:7946");
  REQUIRE(label.has_value());
  CHECK(label->level == LogLevel::Warn);
  const std::optional<Log> malformed = complaints.note(kStart, Drop::Malformed, "192.0.2.1:7946");
  REQUIRE(malformed.has_value());
  CHECK(malformed->level == LogLevel::Debug);
}

TEST_CASE("what is known of one case is said instead of what holds for all") {
  Complaints complaints;
  const std::optional<Log> line = complaints.note(kStart, Drop::WrongLabel, "192.0.2.1:7946",
                                                  "carries the cluster label \"x\"");
  REQUIRE(line.has_value());
  CHECK(line->text ==
        "memberlist: dropped input from 192.0.2.1:7946: carries the cluster label \"x\"");
}

}  // namespace
}  // namespace gossip::engine
