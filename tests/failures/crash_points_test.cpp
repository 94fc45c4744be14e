// A process is killed in each call that changes a file it must keep, in a write with half of it done: what is there
// afterwards is whole, and the next save goes as if nothing had been.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <uv.h>

#include "agent/system/tags_file.h"
#include "base/check.h"
#include "failures/file_calls.h"
#include "failures/process.h"
#include "runtime/files.h"
#include "runtime/handle.h"
#include "runtime/stored_file.h"
#include "unit/temporary_folder.h"

namespace gossip::failures {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t files_in(const TemporaryFolder& folder) {
  const std::filesystem::directory_iterator all(folder.path());
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

// Kills `life` in its first file call, in its second, and so on, until it gets through; calls `check` after each.
// Returns how many calls there are.
template <typename Life, typename Prepare, typename Check>
std::uint32_t kill_everywhere(Prepare prepare, Life life, Check check) {
  for (std::uint32_t call = 1;; ++call) {
    CAPTURE(call);
    REQUIRE(call < 100);
    prepare();
    const Ending ending = run_in_child([&] {
      die_in_file_call(call);
      life();
    });
    CHECK(ending.said.empty());
    check();
    if (ending.is_done()) return call - 1;
    REQUIRE(ending.died_of(SIGKILL));
  }
}

// A stored file and the loop that it works on.
struct Kept {
  explicit Kept(const std::string& path)
      : file(path, [this](const Expected<void>& result) {
          GOSSIP_CHECK(result.has_value());
          is_saved = true;
        }) {
    GOSSIP_CHECK(uv_loop_init(&loop) == 0);
  }
  void begin() { file.begin(&loop, count); }
  void wait_saved() {
    while (!is_saved)
      uv_run(&loop, UV_RUN_ONCE);
  }
  void close() {
    file.close();
    uv_run(&loop, UV_RUN_DEFAULT);
  }

  uv_loop_t loop{};
  runtime::HandleCount count;
  bool is_saved = false;
  runtime::StoredFile file;
};

// Lines before, during and after a rewrite.
void snapshot_life(const std::string& path) {
  Kept kept(path);
  GOSSIP_CHECK(kept.file.open(1000).has_value());
  kept.begin();
  const TimePoint now{};
  kept.file.append(now, "one\n");
  kept.file.replace("new\n");
  kept.file.append(now, "two\n");
  kept.wait_saved();
  kept.file.append(now, "three\n");
  kept.close();
}

TEST_CASE(
    "P8: a snapshot is whole after a crash at any point, and no line that was there is lost") {
  const TemporaryFolder folder;
  const std::string path = folder.path_of("snapshot");
  const std::vector<std::string> states{"old\n", "old\none\n", "old\none\ntwo\n", "new\ntwo\n",
                                        "new\ntwo\nthree\n"};
  std::size_t last = 0;
  const std::uint32_t calls = kill_everywhere(
      [&] {
        std::filesystem::remove(path + ".new");
        (void)folder.write("snapshot", "old\n");
      },
      [&] { snapshot_life(path); },
      [&] {
        const auto opened = runtime::open_to_append(path, 1000);
        REQUIRE(opened.has_value());
        const std::string whole = text_of(path);
        const auto state = std::find(states.begin(), states.end(), whole);
        REQUIRE_MESSAGE(state != states.end(), whole);
        const auto now = static_cast<std::size_t>(state - states.begin());
        // The rewrite runs beside the appends, so the n-th call is not the same one in each run.
        last = now;
        // What open_to_append has cut off is the beginning of the next line.
        if (opened->text != whole) {
          REQUIRE(now + 1 < states.size());
          CHECK(states[now + 1].starts_with(opened->text));
        }
      });
  CHECK(last + 1 == states.size());
  CHECK(calls >= 8);
}

TEST_CASE("P8: a keyring is the old one or the new one after a crash at any point") {
  const TemporaryFolder folder;
  const std::string path = folder.path_of("keyring");
  const std::uint32_t calls =
      kill_everywhere([&] { (void)folder.write("keyring", "old"); },
                      [&] {
                        Kept kept(path);
                        kept.begin();
                        kept.file.replace("new");
                        kept.wait_saved();
                        kept.close();
                      },
                      [&] { CHECK((text_of(path) == "old" || text_of(path) == "new")); });
  CHECK(text_of(path) == "new");
  CHECK(files_in(folder) == 1);  // what crashes have left beside it went with the next save
  CHECK(calls >= 4);
}

TEST_CASE("P8: a tags file is the old one or the new one after a crash at any point") {
  const TemporaryFolder folder;
  const std::string path = folder.path_of("tags");
  const Tags old_tags{{"role", "db"}};
  const Tags new_tags{{"role", "web"}};
  const std::uint32_t calls =
      kill_everywhere([&] { REQUIRE(agent::write_tags_file(path, old_tags).has_value()); },
                      [&] { GOSSIP_CHECK(agent::write_tags_file(path, new_tags).has_value()); },
                      [&] {
                        const auto tags = agent::read_tags_file(path);
                        REQUIRE(tags.has_value());
                        CHECK((*tags == old_tags || *tags == new_tags));
                      });
  CHECK(agent::read_tags_file(path).value() == new_tags);
  CHECK(files_in(folder) == 1);
  CHECK(calls >= 4);
}

}  // namespace
}  // namespace gossip::failures
