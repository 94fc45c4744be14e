#include "wire/compound.h"

#include <limits>
#include <optional>

#include "base/bytes.h"
#include "base/check.h"
#include "wire/packet.h"
#include "wire/swim_messages.h"

namespace gossip::wire {

void append_compound(std::span<const ByteView> parts, Bytes& out) {
  GOSSIP_CHECK(parts.size() <= kMaxCompoundParts);
  out.push_back(static_cast<std::uint8_t>(MessageType::Compound));
  out.push_back(static_cast<std::uint8_t>(parts.size()));
  for (const ByteView part : parts) {
    // 0.9.4 crashes on an empty part.
    GOSSIP_CHECK(!part.empty() && part.size() <= std::numeric_limits<std::uint16_t>::max());
    base::append_u16(static_cast<std::uint16_t>(part.size()), out);
  }
  for (const ByteView part : parts)
    base::append(part, out);
}

Compound split_compound(ByteView body, std::vector<ByteView>& parts) {
  base::Reader head(body);
  const std::optional<std::uint8_t> count = head.u8();
  if (!count) return Compound::Damaged;
  const std::optional<ByteView> length_bytes = head.take(2 * std::size_t{*count});
  if (!length_bytes) return Compound::Damaged;
  base::Reader lengths(*length_bytes);
  base::Reader messages(head.rest());
  while (const std::optional<std::uint16_t> length = lengths.u16()) {
    const std::optional<ByteView> part = messages.take(*length);
    if (!part) return Compound::TailLost;
    parts.push_back(*part);
  }
  return Compound::Whole;
}

}  // namespace gossip::wire
