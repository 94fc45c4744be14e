#include "runtime/stored_file.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "e2e/socket_loop.h"
#include "unit/temporary_folder.h"

using namespace gossip;       // NOLINT(google-build-using-namespace)
using namespace gossip::e2e;  // NOLINT(google-build-using-namespace)
using runtime::loop_now;
using runtime::StoredFile;

namespace {

constexpr std::size_t kMaxBytes = 1000;

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

unsigned mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777U;
}

// A file whose reports are kept, and which is closed before the loop ends.
struct Kept {
  Kept(SocketLoop& loop_in, std::string path)
      : loop(loop_in), file(std::move(path), [this](const Expected<void>& result) {
          reports.push_back(result ? "saved" : result.error().message);
        }) {}
  ~Kept() { close(); }
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;
  Kept(Kept&&) = delete;
  Kept& operator=(Kept&&) = delete;

  std::string open() {
    Expected<std::string> text = file.open(kMaxBytes);
    REQUIRE(text.has_value());
    file.begin(loop.get(), count);
    return std::move(*text);
  }
  void close() {
    if (is_closed) return;
    file.close();
    count.when_none_left([this] { is_closed = true; });
    CHECK(loop.run_until([this] { return is_closed; }));
  }
  void wait_reports(std::size_t number) {
    REQUIRE(loop.run_until([this, number] { return reports.size() >= number; }));
  }

  SocketLoop& loop;
  runtime::HandleCount count;
  StoredFile file;
  std::vector<std::string> reports;
  bool is_closed = false;
};

TEST_CASE("what is appended is in the file at once, and reaches the disk later") {
  const TemporaryFolder folder;
  SocketLoop loop;
  Kept kept(loop, folder.path_of("f"));
  CHECK(kept.open().empty());
  CHECK(mode_of(folder.path_of("f")) == 0600);
  CHECK_FALSE(kept.file.next_deadline().has_value());
  const TimePoint now = loop_now();
  kept.file.append(now, "one\n");
  kept.file.append(now + std::chrono::seconds(1), "two\n");
  CHECK(text_of(folder.path_of("f")) == "one\ntwo\n");
  CHECK(kept.file.next_deadline() == now + StoredFile::kSyncInterval);
  kept.file.advance(now + StoredFile::kSyncInterval);
  CHECK_FALSE(kept.file.next_deadline().has_value());
  kept.close();
  CHECK(kept.reports.empty());
}

TEST_CASE("a last line without its end is read, and gone from the file") {
  const TemporaryFolder folder;
  const std::string path = folder.write("f", "whole\ntor");
  SocketLoop loop;
  Kept kept(loop, path);
  CHECK(kept.open() == "whole\ntor");
  CHECK(text_of(path) == "whole\n");
  kept.file.append(loop_now(), "next\n");
  CHECK(text_of(path) == "whole\nnext\n");
}

TEST_CASE("a replacement takes the place of the file, and of what was appended before") {
  const TemporaryFolder folder;
  const std::string path = folder.write("f", "old\n");
  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  const std::string link = folder.path_of("link");
  REQUIRE(::symlink(path.c_str(), link.c_str()) == 0);
  SocketLoop loop;
  Kept kept(loop, link);
  CHECK(kept.open() == "old\n");
  kept.file.append(loop_now(), "older\n");
  kept.file.replace("new\n");
  // The thread is at work: these lines are in the old file at once, and in the new one as well.
  kept.file.append(loop_now(), "later\n");
  CHECK(text_of(path) == "old\nolder\nlater\n");
  kept.wait_reports(1);
  CHECK(kept.reports == std::vector<std::string>{"saved"});
  CHECK(text_of(path) == "new\nlater\n");
  CHECK(mode_of(path) == 0640);
  kept.file.append(loop_now(), "last\n");
  CHECK(text_of(link) == "new\nlater\nlast\n");
  CHECK(::access((path + ".new").c_str(), F_OK) != 0);
}

TEST_CASE("each of several replacements is told of, and the last one stays") {
  const TemporaryFolder folder;
  SocketLoop loop;
  Kept kept(loop, folder.path_of("ring"));
  kept.file.begin(loop.get(), kept.count);
  for (const char* text : {"1", "2", "3"})
    kept.file.replace(text);
  kept.wait_reports(3);
  CHECK(kept.reports == std::vector<std::string>{"saved", "saved", "saved"});
  CHECK(text_of(folder.path_of("ring")) == "3");
  CHECK(mode_of(folder.path_of("ring")) == 0600);
}

TEST_CASE("a close waits for what is under way") {
  const TemporaryFolder folder;
  SocketLoop loop;
  Kept kept(loop, folder.path_of("f"));
  CHECK(kept.open().empty());
  kept.file.replace("first\n");
  kept.file.replace("second\n");
  kept.file.append(loop_now(), "line\n");
  kept.close();
  CHECK(text_of(folder.path_of("f")) == "second\nline\n");
  CHECK(kept.reports.empty());
}

TEST_CASE("a replacement that cannot be written leaves the file as it is") {
  const TemporaryFolder folder;
  const std::string path = folder.write("f", "old\n");
  SocketLoop loop;
  Kept kept(loop, path);
  CHECK(kept.open() == "old\n");
  REQUIRE(::mkdir((path + ".new").c_str(), 0700) == 0);
  kept.file.replace("new\n");
  kept.wait_reports(1);
  CHECK(kept.reports[0] == path + ".new: File exists");
  CHECK(text_of(path) == "old\n");
  kept.file.append(loop_now(), "line\n");
  CHECK(text_of(path) == "old\nline\n");
}

TEST_CASE("a file that somebody has removed is missed at the next sync") {
  const TemporaryFolder folder;
  const std::string path = folder.path_of("f");
  SocketLoop loop;
  Kept kept(loop, path);
  CHECK(kept.open().empty());
  REQUIRE(::unlink(path.c_str()) == 0);
  const TimePoint now = loop_now();
  kept.file.append(now, "lost\n");
  kept.file.advance(now + StoredFile::kSyncInterval);
  kept.wait_reports(1);
  CHECK(kept.reports[0] == path + ": somebody has removed it");
  kept.file.replace("found\n");
  kept.wait_reports(2);
  CHECK(kept.reports[1] == "saved");
  CHECK(text_of(path) == "found\n");
}

TEST_CASE("a sync for which there is no descriptor is no success") {
  const TemporaryFolder folder;
  const std::string path = folder.path_of("f");
  SocketLoop loop;
  Kept kept(loop, path);
  CHECK(kept.open().empty());
  const TimePoint now = loop_now();
  kept.file.append(now, "line\n");
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{0, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
  kept.file.advance(now + StoredFile::kSyncInterval);
  setrlimit(RLIMIT_NOFILE, &before);
  kept.wait_reports(1);
  CHECK(kept.reports[0].starts_with(path + ": cannot be synced: "));
}

TEST_CASE("a file beyond the limit is refused") {
  const TemporaryFolder folder;
  const std::string path = folder.write("f", std::string(kMaxBytes + 1, 'x'));
  StoredFile file(path, [](const Expected<void>&) {});
  const Expected<std::string> text = file.open(kMaxBytes);
  REQUIRE_FALSE(text.has_value());
  CHECK(text.error().code == ErrorCode::TooLarge);
  CHECK(text.error().message == path + ": longer than 1000 bytes");
}

}  // namespace
