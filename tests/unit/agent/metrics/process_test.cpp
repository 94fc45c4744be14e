#include "agent/metrics/process.h"

#include <chrono>

#include <doctest/doctest.h>

namespace gossip::agent::metrics {
namespace {

TEST_CASE("a process's line is read behind a name that may be anything") {
  const auto stat = parse_process_stat(
      "4711 (a) b (c) S 1 4711 4711 0 -1 4194560 900 0 3 0 12 34 0 0 20 0 5 0 98765 7204864 1098 "
      "18446744073709551615 1 1 0\n");
  REQUIRE(stat);
  CHECK(stat->user_ticks == 12);
  CHECK(stat->system_ticks == 34);
  CHECK(stat->start_ticks == 98765);
  CHECK(stat->virtual_bytes == 7204864);
  CHECK(stat->resident_pages == 1098);
  for (const char* bad : {"", "4711 (a", "4711 (a) S 1 2 3"})
    CHECK_FALSE(parse_process_stat(bad));
}

TEST_CASE("this process uses memory and has files open") {
  const auto figures = process_figures();
  REQUIRE(figures);
  CHECK(figures->resident_bytes > 100'000);
  CHECK(figures->virtual_bytes >= figures->resident_bytes);
  CHECK(figures->open_descriptors >= 3);
  CHECK(figures->max_descriptors >= figures->open_descriptors);
  const auto started = process_start_time();
  REQUIRE(started);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  CHECK(*started > 1.7e9);
  CHECK(*started <= std::chrono::duration<double>(now).count());
}

}  // namespace
}  // namespace gossip::agent::metrics
