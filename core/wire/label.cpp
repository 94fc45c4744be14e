#include "wire/label.h"

#include "gossip/config.h"

#include "base/bytes.h"
#include "base/check.h"
#include "wire/swim_messages.h"

namespace gossip::wire {

namespace {
constexpr auto kLabelType = static_cast<std::uint8_t>(MessageType::Label);
}  // namespace

void append_label(std::string_view label, Bytes& out) {
  if (label.empty()) return;
  GOSSIP_CHECK(label.size() <= kMaxLabelBytes);
  out.push_back(kLabelType);
  out.push_back(static_cast<std::uint8_t>(label.size()));
  base::append(as_bytes(label), out);
}

std::optional<Labelled> split_label(ByteView packet) {
  if (packet.empty() || packet.front() != kLabelType) return Labelled{{}, packet};
  base::Reader reader(packet.subspan(1));
  const std::optional<std::uint8_t> length = reader.u8();
  if (!length || *length == 0) return std::nullopt;
  const std::optional<ByteView> label = reader.take(*length);
  if (!label) return std::nullopt;
  return Labelled{as_text(*label), reader.rest()};
}

}  // namespace gossip::wire
