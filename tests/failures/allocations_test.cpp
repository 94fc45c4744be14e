// Every allocation in the life of a small agent fails once: there is one line, an abort, and files that are whole.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>

#include "agent/system/tags_file.h"
#include "base/out_of_memory.h"
#include "cluster/snapshot.h"
#include "failures/failing_allocations.h"
#include "failures/process.h"
#include "failures/small_cluster.h"
#include "runtime/keyring_file.h"
#include "unit/temporary_folder.h"

namespace gossip::failures {
namespace {

constexpr const char* kOldSnapshot =
    "alive: peer 127.0.0.2:7946\nclock: 3\nevent-clock: 2\nquery-clock: 1\n";
const Tags kOldTags{{"role", "db"}};
const Tags kNewTags{{"role", "web"}};

// A sanitizer makes each child slow; there a sample is enough.
std::uint64_t stride() {
  const char* const given =
      std::getenv("GOSSIP_ALLOCATION_STRIDE");  // NOLINT(concurrency-mt-unsafe)
  return given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Files old_files(const TemporaryFolder& folder) {
  const Files files{folder.write("snapshot", kOldSnapshot),
                    folder.write("keyring", "[\"AAAAAAAAAAAAAAAAAAAAAA==\"]"),
                    folder.path_of("tags")};
  REQUIRE(agent::write_tags_file(files.tags, kOldTags).has_value());
  return files;
}

void check_whole(const Files& files) {
  cluster::Snapshot snapshot(100);
  const std::string lines = text_of(files.snapshot);
  CHECK(lines.size() >= std::string_view(kOldSnapshot).size());
  CHECK_FALSE(snapshot.read(lines, RejoinAfterLeave::Yes).flaws.any());
  CHECK(snapshot.peers().contains("peer"));
  const auto keys = runtime::read_keyring_file(files.keyring);
  REQUIRE(keys.has_value());
  CHECK(keys->front() == Bytes(16, 0));
  CHECK(keys->size() <= 2);
  const auto tags = agent::read_tags_file(files.tags);
  REQUIRE(tags.has_value());
  CHECK((*tags == kOldTags || *tags == kNewTags));
}

std::uint64_t allocations_of_a_life() {
  const TemporaryFolder folder;
  const Files files = old_files(folder);
  const std::uint64_t before = allocation_count();
  SmallCluster(files).live();
  const std::uint64_t all = allocation_count() - before;
  CHECK(agent::read_tags_file(files.tags).value() == kNewTags);
  CHECK(runtime::read_keyring_file(files.keyring)->size() == 2);
  return all;
}

TEST_CASE("whichever allocation fails, there is one line, an abort, and whole files") {
  (void)allocations_of_a_life();  // what is made once and kept is no part of a life
  const std::uint64_t all = allocations_of_a_life();
  CHECK(all > 1000);
  const TemporaryFolder folder;
  for (std::uint64_t number = 1; number <= all; number += stride()) {
    CAPTURE(number);
    const Files files = old_files(folder);
    const Ending ending = run_in_child([&] {
      base::abort_when_out_of_memory();
      fail_allocations_from(allocation_count() + number);
      SmallCluster(files).live();
    });
    CHECK(ending.died_of(SIGABRT));
    CHECK(ending.said == "gossip-failures: out of memory\n");
    check_whole(files);
  }
}

}  // namespace
}  // namespace gossip::failures
