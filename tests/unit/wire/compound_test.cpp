#include "wire/compound.h"

#include <vector>

#include <doctest/doctest.h>

#include "wire/packet.h"

namespace gossip::wire {

TEST_CASE("a compound is count, lengths, parts") {
  const Bytes a = {11, 1};
  const Bytes b(300, 8);
  const std::vector<ByteView> parts = {a, b};
  Bytes out = {99};
  append_compound(parts, out);
  CHECK(out.size() == 1 + kCompoundHeaderBytes + 2 * kCompoundPerPartBytes + a.size() + b.size());
  CHECK(Bytes(out.begin(), out.begin() + 9) == Bytes{99, 7, 2, 0, 2, 1, 44, 11, 1});

  std::vector<ByteView> found = {a};
  CHECK(split_compound(ByteView(out).subspan(2), found) == Compound::Whole);
  REQUIRE(found.size() == 3);  // behind what was there
  CHECK(as_text(found[1]) == as_text(a));
  CHECK(as_text(found[2]) == as_text(b));
}

TEST_CASE("a compound cut anywhere keeps the parts before the cut") {
  const Bytes part = {1, 2, 3};
  const std::vector<ByteView> parts = {part, part, part};
  Bytes whole;
  append_compound(parts, whole);
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const Bytes cut(whole.begin() + 1, whole.begin() + static_cast<std::ptrdiff_t>(size));
    std::vector<ByteView> found;
    const Compound result = split_compound(cut, found);
    const bool in_lengths = size < kCompoundHeaderBytes + 3 * kCompoundPerPartBytes;
    CHECK(result == (in_lengths ? Compound::Damaged : Compound::TailLost));
    CHECK(found.size() == (in_lengths ? 0 : (size - 8) / part.size()));
  }
}

}  // namespace gossip::wire
