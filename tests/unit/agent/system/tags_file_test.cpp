#include "agent/system/tags_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <sys/stat.h>

#include <doctest/doctest.h>

#include "unit/temporary_folder.h"

namespace gossip::agent {
namespace {

constexpr const char* kName = "tags.json";

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
  const TemporaryFolder folder;
  CHECK(read_tags_file(folder.path_of(kName)).value().empty());
}

TEST_CASE("tags are written in Serf's format and read back") {
  const TemporaryFolder folder;
  const Tags tags{{"role", "web"}, {"note", "a<b"}};
  REQUIRE(write_tags_file(folder.path_of(kName), tags).has_value());
  CHECK(contents(folder.path_of(kName)) == "{\n  \"note\": \"a\\u003cb\",\n  \"role\": \"web\"\n}");
  CHECK(mode_of(folder.path_of(kName)) == 0600);
  CHECK(read_tags_file(folder.path_of(kName)).value() == tags);
  REQUIRE(write_tags_file(folder.path_of(kName), {}).has_value());
  CHECK(contents(folder.path_of(kName)) == "{}");
  // No temporary file stays.
  const std::filesystem::directory_iterator all(folder.path());
  CHECK(std::distance(begin(all), end(all)) == 1);
}

TEST_CASE("a tags file keeps its mode") {
  const TemporaryFolder folder;
  REQUIRE(write_tags_file(folder.path_of(kName), {}).has_value());
  REQUIRE(::chmod(folder.path_of(kName).c_str(), 0640) == 0);
  REQUIRE(write_tags_file(folder.path_of(kName), {{"a", "b"}}).has_value());
  CHECK(mode_of(folder.path_of(kName)) == 0640);
}

TEST_CASE("a tags file that is a symbolic link stays one") {
  const TemporaryFolder folder;
  const std::string there = folder.write("there.json", "{}");
  std::filesystem::create_symlink(there, folder.path_of(kName));
  REQUIRE(write_tags_file(folder.path_of(kName), {{"a", "b"}}).has_value());
  CHECK(std::filesystem::is_symlink(folder.path_of(kName)));
  CHECK(read_tags_file(there).value() == Tags{{"a", "b"}});
}

TEST_CASE("what cannot be written or read says which file") {
  const TemporaryFolder folder;
  const std::string nowhere = folder.path_of(kName) + "/x";
  CHECK(write_tags_file(nowhere, {}).error().message ==
        "cannot write " + nowhere + ".new: No such file or directory");
  const std::string wrong = folder.write(kName, "{\n\"a\": 1}");
  CHECK(read_tags_file(wrong).error().message ==
        folder.path_of(kName) + ":2:1: expected an object of texts");
}

}  // namespace
}  // namespace gossip::agent
