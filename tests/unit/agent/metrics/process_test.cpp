#include "agent/metrics/process.h"

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

TEST_CASE("the system's start has a line of its own") {
  CHECK(parse_boot_time("cpu 1 2\nbtime 1795000000\nprocesses 7\n") == 1795000000U);
  CHECK_FALSE(parse_boot_time("cpu 1 2\nxbtime 5\n"));
  CHECK_FALSE(parse_boot_time("cpu 1 2\nbtime soon\n"));
}

TEST_CASE("this process uses memory and has files open") {
  const auto figures = process_figures();
  REQUIRE(figures);
  CHECK(figures->resident_bytes > 100'000);
  CHECK(figures->virtual_bytes >= figures->resident_bytes);
  CHECK(figures->open_descriptors >= 3);
  CHECK(figures->max_descriptors >= figures->open_descriptors);
  CHECK(figures->start_time_seconds > 1.7e9);
}

}  // namespace
}  // namespace gossip::agent::metrics
