#include "base/go_duration.h"

#include <doctest/doctest.h>

namespace gossip::base {
namespace {

using namespace std::chrono_literals;

Duration parsed(std::string_view text) {
  const Expected<Duration> result = parse_go_duration(text);
  REQUIRE_MESSAGE(result.has_value(), text);
  return *result;
}

TEST_CASE("durations are read in Go's notation") {
  CHECK(parsed("300ms") == 300ms);
  CHECK(parsed("1.5s") == 1500ms);
  CHECK(parsed("1m30s") == 90s);
  CHECK(parsed("2h") == 2h);
  CHECK(parsed("0") == 0s);
  CHECK(parsed("-5s") == -5s);
  CHECK(parsed("+5s") == 5s);
  CHECK(parsed("7us") == 7us);
  CHECK(parsed("7\u00b5s") == 7us);
  CHECK(parsed("1h0.001s2ns") == 1h + 1ms + 2ns);
  CHECK(parsed("0.3s") == 300ms);
  CHECK(parsed(".5s") == 500ms);
  CHECK(parsed("2562047h") == 2562047h);
}

TEST_CASE("what is no duration says why") {
  for (const std::string_view text : {"", "5", "s", "often", "1x", "1s5", "-", ".", ".s", "1 s",
                                      "2562048h", "99999999999999999999s", "1e3s"}) {
    const Expected<Duration> result = parse_go_duration(text);
    CHECK_MESSAGE(!result.has_value(), text);
  }
  CHECK(parse_go_duration("5").error().message ==
        "\"5\" is no duration: the unit is missing (for example 500ms, 30s, 1m30s)");
}

TEST_CASE("durations are printed as Go prints them") {
  CHECK(format_go_duration(0s) == "0s");
  CHECK(format_go_duration(1500ms) == "1.5s");
  CHECK(format_go_duration(90s) == "1m30s");
  CHECK(format_go_duration(24h) == "24h0m0s");
  CHECK(format_go_duration(200ms) == "200ms");
  CHECK(format_go_duration(1500us) == "1.5ms");
  CHECK(format_go_duration(1001ns) == "1.001\u00b5s");
  CHECK(format_go_duration(3ns) == "3ns");
  CHECK(format_go_duration(-90s) == "-1m30s");
}

}  // namespace
}  // namespace gossip::base
