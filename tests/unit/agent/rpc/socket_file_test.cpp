#include "agent/rpc/socket_file.h"

#include <filesystem>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "unit/temporary_folder.h"

namespace gossip::agent::rpc {
namespace {

constexpr uid_t kRoot = 0;
constexpr uid_t kNobody = 65534;

// A place for each of the default folders, none of which is there.
struct Places {
  TemporaryFolder folder;
  std::vector<std::string> paths{folder.path_of("run/g.sock"), folder.path_of("session/g.sock"),
                                 folder.path_of("tmp/g.sock")};

  void make(const std::string& name, mode_t mode = 0700) const {
    REQUIRE(::mkdir(folder.path_of(name).c_str(), mode) == 0);
    REQUIRE(::chmod(folder.path_of(name).c_str(), mode) == 0);
  }
  // What becomes of the last one, where the others are not there.
  [[nodiscard]] bool takes_the_last() const {
    const Expected<std::string> chosen = usable_socket_path(paths, kNobody);
    if (chosen) return *chosen == paths[2];
    CHECK(chosen.error().code == ErrorCode::PermissionDenied);
    CHECK(chosen.error().message == folder.path_of("tmp") +
                                        " is not a folder of ours alone (mode 0700); remove it or "
                                        "set --rpc-addr");
    return false;
  }
};

TEST_CASE("the first default socket with a folder is taken") {
  const Places places;
  places.make("session");
  CHECK(usable_socket_path(places.paths, kNobody).value() == places.paths[1]);
  places.make("run");
  CHECK(usable_socket_path(places.paths, kNobody).value() == places.paths[0]);
}

TEST_CASE("root makes the system's folder, which others may enter") {
  const Places places;
  places.make("session");
  CHECK(usable_socket_path(places.paths, kRoot).value() == places.paths[0]);
  struct stat made {};
  REQUIRE(::stat(places.folder.path_of("run").c_str(), &made) == 0);
  CHECK((made.st_mode & 0700U) == 0700U);
}

TEST_CASE("the last folder is made, for us alone, and found again") {
  const Places places;
  CHECK(places.takes_the_last());
  struct stat made {};
  REQUIRE(::stat(places.folder.path_of("tmp").c_str(), &made) == 0);
  CHECK((made.st_mode & 0777U) == 0700U);
  CHECK(places.takes_the_last());
}

TEST_CASE("a last folder that others may look into, or that is none, is refused") {
  const Places places;
  SUBCASE("open to the group") {
    places.make("tmp", 0710);
  }
  SUBCASE("open to all") {
    places.make("tmp", 0701);
  }
  SUBCASE("a link to a folder of ours") {
    places.make("elsewhere");
    std::filesystem::create_symlink(places.folder.path_of("elsewhere"),
                                    places.folder.path_of("tmp"));
  }
  SUBCASE("a file") {
    (void)places.folder.write("tmp", "");
  }
  CHECK_FALSE(places.takes_the_last());
}

TEST_CASE("a last folder of somebody else is refused") {
  if (::geteuid() != kRoot) {
    MESSAGE("not checked: only root can give a folder away");
    return;
  }
  const Places places;
  places.make("tmp");
  REQUIRE(::chown(places.folder.path_of("tmp").c_str(), kNobody, kNobody) == 0);
  CHECK_FALSE(places.takes_the_last());
}

}  // namespace
}  // namespace gossip::agent::rpc
