#include "sim/disk.h"

#include <doctest/doctest.h>

#include "sim/chance.h"

namespace gossip::sim {
namespace {

using namespace std::chrono_literals;

Save append(std::string text) {
  return {SavedFile::Snapshot, SaveMode::Append, std::move(text)};
}

TEST_CASE("what was appended a moment ago may be lost with the power, what is older is not") {
  bool was_lost = false;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    base::Rng rng = chance(seed, Purpose::Disks);
    Disk disk;
    CHECK(disk.save(TimePoint{}, append("old\n")));
    CHECK(disk.save(TimePoint{} + 6s, append("new\n")));
    disk.lose_power(TimePoint{} + 7s, rng);
    const std::string left = disk.read_snapshot();
    CHECK((left == "old\n" || left == "old\nnew\n"));
    CHECK(disk.is_whole() == (left != "old\n"));
    was_lost = was_lost || left == "old\n";
  }
  CHECK(was_lost);
}

TEST_CASE("a full disk keeps nothing, and a replacement makes it whole again") {
  Disk disk;
  CHECK(disk.save(TimePoint{}, append("a\n")));
  disk.set_full(true);
  CHECK_FALSE(disk.save(TimePoint{}, append("b\n")));
  CHECK_FALSE(disk.is_whole());
  disk.set_full(false);
  CHECK(disk.save(TimePoint{}, {SavedFile::Snapshot, SaveMode::Replace, "c\n"}));
  CHECK(disk.is_whole());
  CHECK(disk.read_snapshot() == "c\n");
}

}  // namespace
}  // namespace gossip::sim
