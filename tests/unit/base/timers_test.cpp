#include "base/timers.h"

#include <string>

#include <doctest/doctest.h>

namespace gossip::base {
namespace {

TimePoint at(int seconds) {
  return TimePoint(std::chrono::seconds(seconds));
}

// All that is due, in the order in which it comes.
std::string due(Timers<char>& timers, TimePoint now) {
  std::string fired;
  while (const std::optional<char> kind = timers.take_due(now))
    fired += *kind;
  return fired;
}

TEST_CASE("timers fire in the order of their deadlines, those of one moment in that of arming") {
  Timers<char> timers;
  CHECK_FALSE(timers.next_deadline().has_value());
  timers.arm(at(3), 'd');
  timers.arm(at(1), 'a');
  timers.arm(at(2), 'b');
  timers.arm(at(2), 'c');
  timers.arm(at(3), 'e');
  CHECK(timers.next_deadline() == at(1));
  CHECK(due(timers, at(0)).empty());
  CHECK(due(timers, at(2)) == "abc");
  CHECK(timers.next_deadline() == at(3));
  CHECK(due(timers, at(9)) == "de");
  CHECK(timers.empty());
}

TEST_CASE("what is cancelled does not fire, and the others keep their order") {
  Timers<char> timers;
  for (const char kind : {'a', 'x', 'b', 'x', 'c', 'd'})
    timers.arm(at(kind == 'd' ? 1 : 2), kind);
  timers.cancel_if([](char kind) { return kind == 'x'; });
  timers.cancel_if([](char kind) { return kind == 'y'; });
  CHECK(due(timers, at(2)) == "dabc");
  timers.arm(at(3), 'x');
  timers.cancel_if([](char kind) { return kind == 'x'; });
  CHECK(timers.empty());
  CHECK_FALSE(timers.next_deadline().has_value());
}

}  // namespace
}  // namespace gossip::base
