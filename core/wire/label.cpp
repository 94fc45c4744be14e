#include "wire/label.h"

#include "gossip/config.h"

#include "base/ascii.h"
#include "base/bytes.h"
#include "base/check.h"
#include "wire/swim_messages.h"

namespace gossip::wire {

namespace {

constexpr auto kLabelType = static_cast<std::uint8_t>(MessageType::Label);
constexpr std::size_t kMaxShownBytes = 64;

std::string quoted_label(std::string_view label) {
  std::string text = "\"";
  for (const char c : label.substr(0, kMaxShownBytes)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f || c == '"' || c == '\\') {
      text += "\\x";
      base::append_hex(byte, text);
    } else {
      text += c;
    }
  }
  return text + (label.size() > kMaxShownBytes ? "…\"" : "\"");
}

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

std::string describe_mismatch(ByteView packet, std::string_view ours) {
  const std::optional<Labelled> theirs = split_label(packet);
  std::string text = !theirs ? "begins like a cluster label and holds none"
                     : theirs->label.empty()
                         ? "carries no cluster label"
                         : "carries the cluster label " + quoted_label(theirs->label);
  text += ours.empty() ? ", this node has none" : ", this node's is " + quoted_label(ours);
  return text +
         ": give both the same label, or, if these are two clusters, take the other's addresses "
         "out "
         "of the seeds";
}

}  // namespace gossip::wire
