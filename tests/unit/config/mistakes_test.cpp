#include "config/mistakes.h"

#include <doctest/doctest.h>

namespace gossip::config {
namespace {

Error numbered(std::size_t number) {
  return {ErrorCode::InvalidArgument, "mistake " + std::to_string(number)};
}

TEST_CASE("without a mistake there is nothing to tell") {
  Mistakes mistakes;
  mistakes.add_from({});
  CHECK(mistakes.empty());
  CHECK_FALSE(mistakes.is_full());
  CHECK(mistakes.lines().empty());
}

TEST_CASE("several mistakes are one error, under the code of the first") {
  Mistakes mistakes;
  mistakes.add_from(fail(ErrorCode::NotFound, "mistake 1"));
  CHECK(mistakes.joined("; ").code == ErrorCode::NotFound);
  CHECK(mistakes.joined("; ").message == "mistake 1");
  mistakes.add(numbered(2));
  CHECK(mistakes.count() == 2);
  CHECK(mistakes.lines() == std::vector<std::string>{"mistake 1", "mistake 2"});
  CHECK(mistakes.joined("; ").code == ErrorCode::NotFound);
  CHECK(mistakes.joined("; ").message == "mistake 1; mistake 2");
}

TEST_CASE("the first twenty are told in their order, and how many more there are") {
  Mistakes mistakes;
  for (std::size_t i = 1; i <= Mistakes::kMostTold; ++i) {
    CHECK_FALSE(mistakes.is_full());
    mistakes.add(numbered(i));
  }
  CHECK(mistakes.is_full());
  CHECK(mistakes.lines().size() == Mistakes::kMostTold);
  mistakes.add(numbered(21));
  mistakes.add(numbered(22));
  CHECK(mistakes.count() == 22);
  CHECK(mistakes.told().size() == Mistakes::kMostTold);
  CHECK(mistakes.lines().front() == "mistake 1");
  CHECK(mistakes.lines()[Mistakes::kMostTold - 1] == "mistake 20");
  CHECK(mistakes.lines().back() == "and 2 more mistakes");
  mistakes.add_untold(5);
  CHECK(mistakes.lines().back() == "and 7 more mistakes");
}

TEST_CASE("whose fault a mistake is can be asked") {
  Mistakes mistakes;
  mistakes.add({ErrorCode::InvalidArgument, "a.toml:1:1: bind: no address"});
  CHECK(mistakes.blames("a.toml:1:1: bind"));
  CHECK_FALSE(mistakes.blames("a.toml:1:1: bin"));
  CHECK_FALSE(mistakes.blames("--bind"));
}

TEST_CASE("mistakes are sorted by file, line and column, then come variables and flags") {
  const std::vector<std::string> files{"b.toml", "a.toml", "b"};
  Mistakes mistakes;
  for (const char* message :
       {"--bind: x", "GOSSIP_BIND: x", "a.toml:2:1: x", "b.toml:10:1: x", "/keys: empty",
        "--advertise: x", "b:1:1: x", "b.toml:9:12: x", "b.toml:9:2: x", "b.toml:9: no place"}) {
    mistakes.add({ErrorCode::InvalidArgument, message});
  }
  mistakes.sort(files);
  CHECK(mistakes.lines() ==
        std::vector<std::string>{"b.toml:9:2: x", "b.toml:9:12: x", "b.toml:10:1: x",
                                 "a.toml:2:1: x", "b:1:1: x", "/keys: empty", "b.toml:9: no place",
                                 "GOSSIP_BIND: x", "--bind: x", "--advertise: x"});
}

}  // namespace
}  // namespace gossip::config
