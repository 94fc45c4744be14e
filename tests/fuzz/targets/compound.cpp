// wire/compound: parts lie within the body, and those that could be sent make a compound that splits into them.
#include "wire/compound.h"

#include <algorithm>
#include <vector>

#include "base/check.h"
#include "fuzz/targets.h"
#include "wire/packet.h"

namespace {

using gossip::ByteView;
using gossip::wire::Compound;

void check_rejoined(const std::vector<ByteView>& parts) {
  gossip::Bytes packed;
  gossip::wire::append_compound(parts, packed);
  std::vector<ByteView> again;
  GOSSIP_CHECK(gossip::wire::split_compound(ByteView(packed).subspan(1), again) == Compound::Whole);
  GOSSIP_CHECK(std::ranges::equal(parts, again,
                                  [](ByteView a, ByteView b) { return std::ranges::equal(a, b); }));
}

}  // namespace

void gossip::fuzz::target::compound(ByteView input) {
  std::vector<ByteView> parts;
  const Compound result = gossip::wire::split_compound(input, parts);
  if (result == Compound::Damaged) GOSSIP_CHECK(parts.empty());
  std::size_t total = 0;
  for (const ByteView part : parts)
    total += part.size();
  GOSSIP_CHECK(total <= input.size() && parts.size() <= 255);
  std::erase_if(parts, [](ByteView part) { return part.empty(); });
  parts.resize(std::min(parts.size(), gossip::wire::kMaxCompoundParts));
  check_rejoined(parts);
}
