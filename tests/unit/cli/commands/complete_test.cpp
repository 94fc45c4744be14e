#include "cli/commands/complete.h"

#include <doctest/doctest.h>

namespace gossip::cli {
namespace {

using What = CompleteOptions::What;
using Texts = std::vector<std::string>;

std::vector<Member> members() {
  std::vector<Member> all(4);
  all[0].name = "lives";
  all[0].tags = {{"role", "db"}};
  all[1].name = "failed";
  all[1].status = MemberStatus::Failed;
  all[1].tags = {{"role", "web"}, {"dc", "a"}};
  all[2].name = "left";
  all[2].status = MemberStatus::Left;
  all[3].name = "bad\nname";
  all[3].status = MemberStatus::Failed;
  return all;
}

TEST_CASE("names are offered sorted, without those that no shell should see") {
  CHECK(candidates(members(), What::Members) == Texts{"failed", "left", "lives"});
  CHECK(candidates(members(), What::Tags) == Texts{"dc", "role"});
}

TEST_CASE("who may be forced out is who has failed or left") {
  CHECK(candidates(members(), What::Gone) == Texts{"failed", "left"});
}

}  // namespace
}  // namespace gossip::cli
