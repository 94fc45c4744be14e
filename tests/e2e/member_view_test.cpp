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

Member member(std::string name, MemberStatus status = MemberStatus::Alive) {
  Member result;
  result.name = std::move(name);
  result.status = status;
  return result;
}

const Member kAlive = member("b");
const Member kLeft = member("b", MemberStatus::Left);
const Member kFailed = member("b", MemberStatus::Failed);

}  // namespace

TEST_CASE("joins and leaves of a member alternate") {
  MemberView view;
  view.begin(member("a"));
  CHECK(view.apply(Kind::Join, kAlive) == News::Joined);
  SUBCASE("failed and then forced to leave is one leave") {
    CHECK(view.apply(Kind::Failed, kFailed) == News::Failed);
    CHECK(view.apply(Kind::Leave, kLeft) == News::Nothing);
    CHECK(view.apply(Kind::Reap, kLeft) == News::Nothing);
    CHECK(view.members().size() == 1);
    CHECK(view.apply(Kind::Join, kAlive) == News::Joined);
  }
  SUBCASE("left, reaped, and back") {
    CHECK(view.apply(Kind::Leave, kLeft) == News::Left);
    CHECK(view.apply(Kind::Reap, kLeft) == News::Nothing);
    CHECK(view.apply(Kind::Join, kAlive) == News::Joined);
  }
  SUBCASE("one that was there and joins again was restarted quickly") {
    CHECK(view.apply(Kind::Join, kAlive) == News::Updated);
    CHECK(view.apply(Kind::Update, kAlive) == News::Updated);
  }
  SUBCASE("pruned while it was there") {
    CHECK(view.apply(Kind::Reap, kFailed) == News::Failed);
    CHECK(view.apply(Kind::Leave, kLeft) == News::Nothing);
  }
  SUBCASE("new tags of one that is gone are no news") {
    CHECK(view.apply(Kind::Failed, kFailed) == News::Failed);
    CHECK(view.apply(Kind::Update, kFailed) == News::Nothing);
  }
}

TEST_CASE("nothing is told about ourselves, but the copy has us") {
  MemberView view;
  view.begin(member("a"));
  Member ours = member("a");
  ours.tags = {{"role", "web"}};
  CHECK(view.apply(Kind::Join, ours) == News::Nothing);
  CHECK(view.apply(Kind::Update, ours) == News::Nothing);
  CHECK(view.local().tags == ours.tags);
  CHECK(view.apply(Kind::Leave, member("a", MemberStatus::Left)) == News::Nothing);
  CHECK(view.local().status == MemberStatus::Left);
}

TEST_CASE("the copy is sorted by name and keeps each member's last state") {
  MemberView view;
  view.begin(member("m"));
  (void)view.apply(Kind::Join, member("z"));
  (void)view.apply(Kind::Join, kAlive);
  (void)view.apply(Kind::Failed, kFailed);
  const std::vector<Member> members = view.members();
  REQUIRE(members.size() == 3);
  CHECK(members[0].name == "b");
  CHECK(members[0].status == MemberStatus::Failed);
  CHECK(members[1].name == "m");
  CHECK(members[2].name == "z");
}
