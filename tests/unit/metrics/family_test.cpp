#include "metrics/family.h"

#include <doctest/doctest.h>

namespace gossip::metrics {
namespace {

TEST_CASE("names are letters, digits and underscores, of metrics colons too") {
  for (const char* name : {"a", "_a", "gossipd_members_total", "A9"}) {
    CHECK(is_metric_name(name));
    CHECK(is_label_name(name));
  }
  for (const char* name : {"", "9a", "a-b", "a b", "a\n", "\xc3\xa4"}) {
    CHECK_FALSE(is_metric_name(name));
    CHECK_FALSE(is_label_name(name));
  }
  CHECK(is_metric_name("job:rate"));
  CHECK_FALSE(is_label_name("job:rate"));
}

}  // namespace
}  // namespace gossip::metrics
