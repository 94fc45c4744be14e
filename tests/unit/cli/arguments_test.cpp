#include "cli/arguments.h"

#include <array>

#include <doctest/doctest.h>

namespace gossip::cli {
namespace {

using base::FlagKind;
using base::FlagName;
using Words = std::vector<std::string>;

constexpr std::array kFlags{FlagName{"name"}, FlagName{"tag"},
                            FlagName{"detailed", FlagKind::Switch}};
constexpr std::array kEarly{FlagName{"rpc-addr"}};

TEST_CASE(
    "flags stand anywhere, with one dash or two, with the value behind or after an equals sign") {
  const Words words{"a", "-name=x", "b", "--tag", "k=v", "-tag", "-dash", "--detailed", "c"};
  const Expected<Arguments> sorted = sort_arguments(words, kFlags);
  REQUIRE(sorted);
  CHECK(sorted->flags == Words{"--name", "x", "--tag", "k=v", "--tag", "-dash", "--detailed"});
  CHECK(sorted->positionals == Words{"a", "b", "c"});
  CHECK_FALSE(sorted->help);
}

TEST_CASE("two dashes end the flags") {
  const Words words{"--", "-name", "--help", "--"};
  const Expected<Arguments> sorted = sort_arguments(words, kFlags);
  REQUIRE(sorted);
  CHECK(sorted->flags.empty());
  CHECK(sorted->positionals == Words{"-name", "--help", "--"});
  CHECK_FALSE(sorted->help);
}

TEST_CASE("an empty value is a value") {
  const Words words{"-name=", "--tag", ""};
  const Expected<Arguments> sorted = sort_arguments(words, kFlags);
  REQUIRE(sorted);
  CHECK(sorted->flags == Words{"--name", "", "--tag", ""});
}

TEST_CASE("the last word on a switch counts") {
  const Words off{"-detailed", "-detailed=F"};
  CHECK(sort_arguments(off, kFlags)->flags.empty());
  const Words on{"-detailed=false", "--detailed=1"};
  CHECK(sort_arguments(on, kFlags)->flags == Words{"--detailed"});
}

TEST_CASE("each way to ask for help is known, among other flags too") {
  for (const char* help : {"-h", "--h", "-help", "--help"}) {
    const Words words{"-name", "x", help};
    CAPTURE(help);
    CHECK(sort_arguments(words, kFlags)->help);
  }
}

TEST_CASE("flags that make no sense are refused by name") {
  const auto error = [](const Words& words) {
    const Expected<Arguments> sorted = sort_arguments(words, kFlags);
    return sorted ? "" : sorted.error().message;
  };
  CHECK(error({"-nonsense"}) == "unknown flag --nonsense");
  CHECK(error({"--nonsense=1"}) == "unknown flag --nonsense");
  CHECK(error({"-x"}) == "unknown flag --x");
  CHECK(error({"a", "-name"}) == "flag --name needs a value");
  CHECK(error({"-detailed=maybe"}) == "flag --detailed is true or false, not 'maybe'");
  CHECK(error({"-detailed="}) == "flag --detailed is true or false, not ''");
}

TEST_CASE("the command is the first word that belongs to no flag") {
  const Words words{"-rpc-addr", "x", "--rpc-addr=y", "members", "-name", "z"};
  const Expected<CommandWords> found = find_command(words, kEarly);
  REQUIRE(found);
  CHECK(found->command == "members");
  CHECK(found->arguments == Words{"-rpc-addr", "x", "--rpc-addr=y", "-name", "z"});
}

TEST_CASE("no command is found where there is none") {
  CHECK(find_command(Words{}, kEarly)->command.empty());
  CHECK(find_command(Words{"-h"}, kEarly)->command.empty());
  CHECK_FALSE(find_command(Words{"-rpc-addr"}, kEarly));
  CHECK_FALSE(find_command(Words{"-name", "members"}, kEarly));
}

}  // namespace
}  // namespace gossip::cli
