#include "agent/handlers/output_tail.h"

#include <doctest/doctest.h>

namespace gossip::agent {
namespace {

TEST_CASE("of a long output the end is kept") {
  OutputTail tail(4);
  CHECK(tail.text().empty());
  CHECK(tail.is_whole());
  tail.append("abcd");
  CHECK(tail.text() == "abcd");
  CHECK(tail.is_whole());
  tail.append("e");
  CHECK(tail.text() == "bcde");
  CHECK_FALSE(tail.is_whole());
  tail.append("0123456789");
  CHECK(tail.text() == "6789");
  CHECK(tail.total_bytes() == 15);
}

TEST_CASE("the end is the same however the output came in pieces") {
  std::string whole;
  OutputTail tail(8);
  for (int i = 0; i < 100; ++i) {
    const std::string piece(static_cast<std::size_t>(i % 7), static_cast<char>('a' + i % 26));
    whole += piece;
    tail.append(piece);
    CHECK(tail.text() ==
          std::string_view(whole).substr(whole.size() - std::min<std::size_t>(8, whole.size())));
  }
  CHECK(tail.total_bytes() == whole.size());
}

}  // namespace
}  // namespace gossip::agent
