#include "cli/input.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include <doctest/doctest.h>

namespace gossip::cli {
namespace {

TEST_CASE("a word is itself unless it names a file") {
  CHECK(read_word("v1", 8).value() == "v1");
  CHECK(read_word("", 8).value().empty());
  const std::string path =
      (std::filesystem::temp_directory_path() / "gossip-unit-input-").string() +
      std::to_string(getpid());
  std::ofstream(path, std::ios::binary) << std::string("a\0\xff\n", 4);
  CHECK(read_word("@" + path, 8).value() == std::string("a\0\xff\n", 4));
  CHECK(read_word("@" + path, 3).error().code == ErrorCode::InvalidArgument);
  CommandOptions keys = KeysOptions{
      .format = Format::Text, .action = KeyAction::Install, .key = "@" + path, .dry_run = false};
  std::ofstream(path, std::ios::binary) << "AAAA \r\nrest";
  REQUIRE(read_inputs(keys));
  CHECK(std::get<KeysOptions>(keys).key == "AAAA");
  std::remove(path.c_str());
  CHECK(read_word("@" + path, 8).error().message.find(path) != std::string::npos);
}

TEST_CASE("a literal payload is no file") {
  CommandOptions event = EventOptions{
      .format = Format::Text, .name = "e", .payload = "@x", .literal = true, .coalesce = true};
  REQUIRE(read_inputs(event));
  CHECK(std::get<EventOptions>(event).payload == "@x");
}

}  // namespace
}  // namespace gossip::cli
