#include "swim/versions.h"

#include <array>
#include <vector>

#include <doctest/doctest.h>

#include "unit/swim/world.h"

namespace gossip::swim {
namespace {

constexpr Versions kFive{1, 5, 2, 2, 5, 5};
constexpr Versions kFour{1, 5, 2, 2, 5, 4};
constexpr Versions kFiveAlone{1, 5, 2, 5, 5, 5};
constexpr Versions kFourAtMost{1, 5, 2, 2, 4, 4};

TEST_CASE("six bytes are versions, fewer are none, more are cut") {
  const Bytes bytes = {1, 5, 2, 2, 5, 4, 9};
  CHECK(parse_versions(bytes) == kFour);
  CHECK(parse_versions(ByteView(bytes).first(6)) == kFour);
  CHECK_FALSE(parse_versions(ByteView(bytes).first(5)).has_value());
  CHECK(as_text(bytes_of(kFour)) == as_text(ByteView(bytes).first(6)));
}

TEST_CASE("a range has a lowest version, and one that is not below it") {
  CHECK(make_sense({}));
  CHECK(make_sense(Bytes{1, 5}));
  CHECK(make_sense(Bytes{5, 5, 5}));
  CHECK_FALSE(make_sense(Bytes{0, 5, 2}));
  CHECK_FALSE(make_sense(Bytes{1, 0, 2}));
  CHECK_FALSE(make_sense(Bytes{5, 4, 2}));
}

TEST_CASE("two fit together if each understands what the other speaks") {
  CHECK(fit_together(kFive, kFour));
  CHECK(fit_together(kFive, kFiveAlone));
  CHECK_FALSE(fit_together(kFour, kFiveAlone));
  CHECK_FALSE(fit_together(kFourAtMost, kFive));
  CHECK_FALSE(fit_together(kNoVersions, kFive));
}

struct Row {
  std::string_view name;
  Versions versions;
  wire::NodeStateKind state = wire::NodeStateKind::Alive;
};

std::vector<wire::NodeState> rows(const std::vector<Row>& of) {
  static constexpr std::array<std::uint8_t, 4> kIp{192, 0, 2, 1};
  std::vector<wire::NodeState> made;
  for (const Row& row : of) {
    made.push_back({.name = row.name,
                    .address = kIp,
                    .port = 7946,
                    .meta = {},
                    .incarnation = 1,
                    .state = row.state,
                    .versions = bytes_of(row.versions)});
  }
  return made;
}

TEST_CASE("one member that does not fit is left out of a push/pull, the others are taken") {
  World world;
  world.table.at(world.swim.self()).versions = kFour;
  const std::vector<Row> theirs = {{"p1", kFiveAlone}, {"p2", kFive}, {"p3", kNoVersions}};
  REQUIRE(world.swim.check_versions(rows(theirs)).has_value());
  world.swim.merge(world.now, rows(theirs), world.out);
  CHECK(world.state("p2") == members::SwimState::Alive);
  CHECK_FALSE(world.table.find("p1").has_value());
  CHECK_FALSE(world.table.find("p3").has_value());
  CHECK(world.counters.dropped_for(Drop::BadVersions) == 2);
}

TEST_CASE("one in our table that does not fit the others keeps us from no push/pull") {
  World world;
  world.alive("p1",
              {.incarnation = 1, .address = {}, .meta = "m0", .versions = {1, 5, 2, 5, 5, 5}});
  REQUIRE(world.state("p1") == members::SwimState::Alive);
  const std::vector<Row> theirs = {{"p2", kFour}};
  CHECK(world.swim.check_versions(rows(theirs)).has_value());
}

TEST_CASE("who left long ago keeps nobody from a push/pull, where one that does not fit would") {
  World world;
  world.alive("p1",
              {.incarnation = 1, .address = {}, .meta = "m0", .versions = {1, 5, 2, 2, 5, 5}});
  world.table.at(world.swim.self()).versions = kFour;
  members::Record& gone = world.table.at(world.table.find("p1").value());
  gone.state = members::SwimState::Left;
  const std::vector<Row> theirs = {{"p2", kFourAtMost}};
  CHECK_FALSE(check_compatible(rows(theirs), world.table).has_value());
  gone.retired = true;
  CHECK(check_compatible(rows(theirs), world.table).has_value());
}

TEST_CASE("a push/pull in which nobody fits is refused, with the first of them") {
  World world;
  const std::vector<Row> theirs = {
      {"dead", kFive, wire::NodeStateKind::Dead}, {"p1", kFourAtMost}, {"p2", {1, 5, 6, 2, 5, 5}}};
  const Expected<void> fits = world.swim.check_versions(rows(theirs));
  REQUIRE_FALSE(fits.has_value());
  CHECK(fits.error().code == ErrorCode::Refused);
  CHECK(fits.error().message == "Node 'me' delegate protocol version (5) is incompatible: [2, 4]");
  CHECK(world.swim.check_versions({}).has_value());
}

}  // namespace
}  // namespace gossip::swim
