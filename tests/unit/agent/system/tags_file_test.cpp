#include "agent/system/tags_file.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <sys/stat.h>
#include <unistd.h>

#include <dirent.h>
#include <doctest/doctest.h>

namespace gossip::agent {
namespace {

class Folder {
 public:
  Folder() {
    char name[] = "/tmp/gossip-tags-XXXXXX";
    path_ = ::mkdtemp(name);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  Folder(Folder&&) = delete;
  Folder& operator=(Folder&&) = delete;
  ~Folder() {
    ::unlink(file().c_str());
    ::rmdir(path_.c_str());
  }
  [[nodiscard]] std::string file() const { return path_ + "/tags.json"; }
  [[nodiscard]] int entries() const {
    int count = 0;
    DIR* folder = ::opendir(path_.c_str());
    while (::readdir(folder) != nullptr)
      ++count;
    ::closedir(folder);
    return count - 2;
  }

 private:
  std::string path_;
};

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

std::string contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST_CASE("a tags file that is not there holds no tags") {
  const Folder folder;
  CHECK(read_tags_file(folder.file()).value().empty());
}

TEST_CASE("tags are written in Serf's format and read back") {
  const Folder folder;
  const Tags tags{{"role", "web"}, {"note", "a<b"}};
  REQUIRE(write_tags_file(folder.file(), tags).has_value());
  CHECK(contents(folder.file()) == "{\n  \"note\": \"a\\u003cb\",\n  \"role\": \"web\"\n}");
  CHECK(mode_of(folder.file()) == 0600);
  CHECK(read_tags_file(folder.file()).value() == tags);
  REQUIRE(write_tags_file(folder.file(), {}).has_value());
  CHECK(contents(folder.file()) == "{}");
  CHECK(folder.entries() == 1);
}

TEST_CASE("a tags file keeps its mode") {
  const Folder folder;
  REQUIRE(write_tags_file(folder.file(), {}).has_value());
  REQUIRE(::chmod(folder.file().c_str(), 0640) == 0);
  REQUIRE(write_tags_file(folder.file(), {{"a", "b"}}).has_value());
  CHECK(mode_of(folder.file()) == 0640);
}

TEST_CASE("what cannot be written or read says which file") {
  const Folder folder;
  const std::string nowhere = folder.file() + "/x";
  CHECK(write_tags_file(nowhere, {}).error().message ==
        "cannot write " + nowhere + ": No such file or directory");
  std::ofstream(folder.file()) << "{\n\"a\": 1}";
  CHECK(read_tags_file(folder.file()).error().message ==
        folder.file() + ":2: expected an object of texts");
}

}  // namespace
}  // namespace gossip::agent
