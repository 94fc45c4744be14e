#include "members/table.h"

#include <map>
#include <string>

#include <doctest/doctest.h>

#include "base/rng.h"

namespace gossip::members {
namespace {

TEST_CASE("a member is found by its name and by its index") {
  base::TextPool texts;
  Table table(texts, 10, 1);
  CHECK_FALSE(table.find("a").has_value());
  Index a = table.insert("a").value();
  Index b = table.insert("b").value();
  CHECK(table.find("a") == a);
  CHECK(table.find("b") == b);
  CHECK_FALSE(table.find("c").has_value());
  CHECK(table.at(a).name.view() == "a");
  CHECK_FALSE(table.at(a).is_node());
  CHECK_FALSE(table.at(a).is_member());
  CHECK(table.size() == 2);
  CHECK(table.end_index() == 2);
}

TEST_CASE("a full table takes nobody until somebody goes") {
  base::TextPool texts;
  Table table(texts, 2, 1);
  Index a = table.insert("a").value();
  CHECK(table.insert("b").has_value());
  CHECK_FALSE(table.insert("c").has_value());
  table.erase(a);
  CHECK_FALSE(table.holds(a));
  CHECK(table.insert("c") == a);
  CHECK_FALSE(table.find("a").has_value());
}

TEST_CASE("room for many changes nothing of what is there, nor of how many may be") {
  base::TextPool texts;
  Table table(texts, 100, 1);
  const Record* a = &table.at(table.insert("a").value());
  table.make_room(1'000'000'000);
  CHECK(table.size() == 1);
  CHECK(table.end_index() == 1);
  CHECK(&table.at(table.find("a").value()) == a);
  for (int i = 1; i < 100; ++i)
    CHECK(table.insert("m" + std::to_string(i)) == Index(i));
  CHECK_FALSE(table.insert("one too many").has_value());
}

TEST_CASE("an index that is used again shows nothing of the member before") {
  base::TextPool texts;
  Table table(texts, 2, 1);
  Index a = table.insert("a").value();
  table.at(a).state = SwimState::Dead;
  table.at(a).status = MemberStatus::Failed;
  table.at(a).meta = table.intern("tags");
  table.erase(a);
  CHECK(texts.size() == 0);
  const Record& again = table.at(table.insert("b").value());
  CHECK_FALSE(again.is_node());
  CHECK_FALSE(again.is_member());
  CHECK(again.meta.view().empty());
}

TEST_CASE(
    "names are bytes: empty, with zeros, and ones that differ only in length are told apart") {
  base::TextPool texts;
  Table table(texts, 10, 1);
  for (const std::string& name : {std::string(), std::string(1, '\0'), std::string(2, '\0'),
                                  std::string(8, '\0'), std::string("\xFF\xFE")}) {
    CHECK_FALSE(table.find(name).has_value());
    CHECK(table.insert(name).has_value());
  }
  CHECK(table.size() == 5);
}

TEST_CASE("ten thousand inserts and erases in random order agree with a plain map") {
  base::TextPool texts;
  base::Rng rng({7});
  Table table(texts, 300, 99);
  std::map<std::string, Index> model;
  for (int step = 0; step < 10'000; ++step) {
    std::string name = "member-" + std::to_string(rng.uniform(400));
    auto known = model.find(name);
    if (known == model.end()) {
      auto index = table.insert(name);
      REQUIRE(index.has_value() == (model.size() < 300));
      if (index) model.emplace(name, *index);
    } else if (rng.uniform(2) == 0) {
      table.erase(known->second);
      model.erase(known);
    }
    REQUIRE(table.size() == model.size());
  }
  for (const auto& [name, index] : model)
    CHECK(table.find(name) == index);
  for (int i = 0; i < 400; ++i) {
    std::string name = "member-" + std::to_string(i);
    CHECK(table.find(name).has_value() == model.contains(name));
  }
}

}  // namespace
}  // namespace gossip::members
