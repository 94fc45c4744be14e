#include "runtime/member_view.h"

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace gossip;  // NOLINT(google-build-using-namespace)
using runtime::MemberView;
using News = runtime::MemberView::News;
using Kind = MemberEventKind;

namespace {

Member member(std::string name, MemberStatus status = MemberStatus::kAlive) {
  Member result;
  result.name = std::move(name);
  result.status = status;
  return result;
}

const Member kAlive = member("b");
const Member kLeft = member("b", MemberStatus::kLeft);
const Member kFailed = member("b", MemberStatus::kFailed);

}  // namespace

TEST_CASE("joins and leaves of a member alternate") {
  MemberView view;
  view.begin(member("a"));
  CHECK(view.apply(Kind::kJoin, kAlive) == News::kJoined);
  SUBCASE("failed and then forced to leave is one leave") {
    CHECK(view.apply(Kind::kFailed, kFailed) == News::kFailed);
    CHECK(view.apply(Kind::kLeave, kLeft) == News::kNothing);
    CHECK(view.apply(Kind::kReap, kLeft) == News::kNothing);
    CHECK(view.members().size() == 1);
    CHECK(view.apply(Kind::kJoin, kAlive) == News::kJoined);
  }
  SUBCASE("left, reaped, and back") {
    CHECK(view.apply(Kind::kLeave, kLeft) == News::kLeft);
    CHECK(view.apply(Kind::kReap, kLeft) == News::kNothing);
    CHECK(view.apply(Kind::kJoin, kAlive) == News::kJoined);
  }
  SUBCASE("one that was there and joins again was restarted quickly") {
    CHECK(view.apply(Kind::kJoin, kAlive) == News::kUpdated);
    CHECK(view.apply(Kind::kUpdate, kAlive) == News::kUpdated);
  }
  SUBCASE("pruned while it was there") {
    CHECK(view.apply(Kind::kReap, kFailed) == News::kFailed);
    CHECK(view.apply(Kind::kLeave, kLeft) == News::kNothing);
  }
  SUBCASE("new tags of one that is gone are no news") {
    CHECK(view.apply(Kind::kFailed, kFailed) == News::kFailed);
    CHECK(view.apply(Kind::kUpdate, kFailed) == News::kNothing);
  }
}

TEST_CASE("nothing is told about ourselves, but the copy has us") {
  MemberView view;
  view.begin(member("a"));
  Member ours = member("a");
  ours.tags = {{"role", "web"}};
  CHECK(view.apply(Kind::kJoin, ours) == News::kNothing);
  CHECK(view.apply(Kind::kUpdate, ours) == News::kNothing);
  CHECK(view.local().tags == ours.tags);
  CHECK(view.apply(Kind::kLeave, member("a", MemberStatus::kLeft)) == News::kNothing);
  CHECK(view.local().status == MemberStatus::kLeft);
}

TEST_CASE("the copy is sorted by name and keeps each member's last state") {
  MemberView view;
  view.begin(member("m"));
  (void)view.apply(Kind::kJoin, member("z"));
  (void)view.apply(Kind::kJoin, kAlive);
  (void)view.apply(Kind::kFailed, kFailed);
  const std::vector<Member> members = view.members();
  REQUIRE(members.size() == 3);
  CHECK(members[0].name == "b");
  CHECK(members[0].status == MemberStatus::kFailed);
  CHECK(members[1].name == "m");
  CHECK(members[2].name == "z");
}
