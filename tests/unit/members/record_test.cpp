#include "members/record.h"

#include <doctest/doctest.h>

#include "members/table.h"

namespace gossip::members {
namespace {

TEST_CASE("applications see tags for the meta bytes") {
  base::TextPool texts;
  Table table(texts, 10, 1);
  Record& record = table.at(table.insert("a").value());
  record.meta = table.intern("web");
  record.ip = IpAddress::v4({192, 0, 2, 1});
  record.port = 7946;
  record.status = MemberStatus::Alive;
  Member member = to_member(record);
  CHECK(member.name == "a");
  CHECK(member.address.to_string() == "192.0.2.1:7946");
  CHECK(member.tags == Tags{{"role", "web"}});
  CHECK(member.status == MemberStatus::Alive);
}

}  // namespace
}  // namespace gossip::members
