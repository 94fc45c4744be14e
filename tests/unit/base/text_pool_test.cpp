#include "base/text_pool.h"

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

namespace gossip::base {

TEST_CASE("equal texts are stored once") {
  TextPool pool;
  const std::string bytes("node\0a", 6);
  const Text first = pool.intern(bytes);
  const Text second = pool.intern(std::string(bytes));
  const Text other = pool.intern("node");
  CHECK(first == second);
  CHECK(first.view().data() == second.view().data());
  CHECK(first.view() == bytes);
  CHECK_FALSE(first == other);
  CHECK(pool.size() == 2);
}

TEST_CASE("a text goes with its last holder") {
  TextPool pool;
  {
    Text first = pool.intern("a");
    Text copy = first;
    CHECK(pool.size() == 1);
    first = pool.intern("b");
    CHECK(copy.view() == "a");
    CHECK(pool.size() == 2);
    copy = std::move(first);
    CHECK(copy.view() == "b");
    CHECK(pool.size() == 1);
    const Text& same = copy;
    copy = same;
    CHECK(copy.view() == "b");
  }
  CHECK(pool.size() == 0);
}

TEST_CASE("the empty text needs no pool") {
  TextPool pool;
  CHECK(pool.intern("") == Text());
  CHECK(Text().view().empty());
  CHECK(pool.size() == 0);
}

TEST_CASE("many texts are found again") {
  TextPool pool;
  std::vector<Text> texts;
  for (int i = 0; i < 1000; ++i)
    texts.push_back(pool.intern("node-" + std::to_string(i)));
  CHECK(pool.size() == 1000);
  for (int i = 0; i < 1000; ++i) {
    CHECK(pool.intern("node-" + std::to_string(i)) == texts[static_cast<std::size_t>(i)]);
  }
  CHECK(pool.size() == 1000);
}

TEST_CASE("those that stay are found when others have gone from between them") {
  TextPool pool;
  std::vector<Text> texts;
  for (int i = 0; i < 1000; ++i)
    texts.push_back(pool.intern("node-" + std::to_string(i)));
  for (std::size_t i = 0; i < texts.size(); i += 3)
    texts[i] = Text();
  CHECK(pool.size() == 666);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i % 3 != 0) CHECK(pool.intern("node-" + std::to_string(i)) == texts[i]);
  }
  CHECK(pool.size() == 666);
}

}  // namespace gossip::base
