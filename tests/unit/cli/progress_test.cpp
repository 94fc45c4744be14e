#include "cli/progress.h"

#include <doctest/doctest.h>

namespace gossip::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Progress::TimePoint kBegin{seconds(100)};

TEST_CASE("who waits is told after a second, and again at each further one") {
  Progress progress;
  progress.begin("joining", kBegin);
  CHECK_FALSE(progress.line(kBegin));
  CHECK_FALSE(progress.line(kBegin + milliseconds(999)));
  CHECK(progress.next_change(kBegin + milliseconds(1)) == kBegin + seconds(1));
  CHECK(progress.line(kBegin + seconds(1)) == "joining (1 s)");
  CHECK(progress.next_change(kBegin + seconds(1)) == kBegin + seconds(2));
  CHECK(progress.line(kBegin + milliseconds(61'500)) == "joining (61 s)");
}

TEST_CASE("the line says how far it has come, until something else begins") {
  Progress progress;
  progress.begin("asking", kBegin);
  progress.note("2 of 5 answered");
  CHECK(progress.line(kBegin + seconds(3)) == "asking: 2 of 5 answered (3 s)");
  progress.begin("checking", kBegin + seconds(3));
  CHECK_FALSE(progress.line(kBegin + milliseconds(3'900)));
  CHECK(progress.line(kBegin + seconds(4)) == "checking (1 s)");
}

TEST_CASE("before anything has begun, and of what has no end, nothing is said") {
  Progress progress;
  CHECK_FALSE(progress.line(kBegin));
  CHECK_FALSE(progress.next_change(kBegin));
  progress.begin("joining", kBegin);
  progress.hide();
  CHECK_FALSE(progress.line(kBegin + seconds(5)));
  CHECK_FALSE(progress.next_change(kBegin + seconds(5)));
}

}  // namespace
}  // namespace gossip::cli
