#include "agent/system/spare_memory.h"

#include <doctest/doctest.h>

namespace gossip::agent {
namespace {

constexpr std::size_t kMuch = Leftovers::kWorthwhile;
constexpr std::uint64_t kPages = kMuch / Leftovers::kPageBytes;

TEST_CASE("little that is free is kept, however much was touched") {
  Leftovers leftovers;
  CHECK_FALSE(leftovers.worth_returning(kMuch - 1, 100 * kPages));
  CHECK(leftovers.worth_returning(kMuch, 100 * kPages));
}

TEST_CASE("what was returned is not returned again until as much was touched") {
  Leftovers leftovers;
  CHECK(leftovers.worth_returning(4 * kMuch, kPages));
  CHECK_FALSE(leftovers.worth_returning(4 * kMuch, kPages));
  CHECK_FALSE(leftovers.worth_returning(2 * kMuch, 2 * kPages - 1));
  CHECK(leftovers.worth_returning(2 * kMuch, 2 * kPages));
}

TEST_CASE("what was in use and has become free since is returned, though nothing was touched") {
  Leftovers leftovers;
  CHECK(leftovers.worth_returning(4 * kMuch, kPages));
  CHECK_FALSE(leftovers.worth_returning(5 * kMuch - 1, kPages));
  CHECK(leftovers.worth_returning(5 * kMuch, kPages));
  CHECK_FALSE(leftovers.worth_returning(5 * kMuch, kPages));
}

}  // namespace
}  // namespace gossip::agent
