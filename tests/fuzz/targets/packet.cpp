// wire/packet: datagrams opened as by a plain node, a labelled one and one with the key of the golden vectors.
#include "wire/packet.h"

#include "base/check.h"
#include "fuzz/entry.h"
#include "fuzz/keys.h"

namespace {

using gossip::ByteView;
using gossip::wire::Wrapping;

void check_open(ByteView datagram, const Wrapping& wrapping) {
  gossip::wire::PacketOpener opener;
  const auto opened = opener.open(datagram, wrapping);
  if (!opened.has_value()) return;
  GOSSIP_CHECK(!opened->empty());
  std::size_t total = 0;
  for (const ByteView message : *opened) {
    GOSSIP_CHECK(!message.empty());
    total += message.size();
  }
  GOSSIP_CHECK(total <= datagram.size() + gossip::wire::kMaxInflatedPacketBytes);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const gossip::wire::Cipher kCipher(gossip::fuzz::golden_keyring());
  const ByteView datagram(data, size);
  check_open(datagram, {});
  check_open(datagram, {.label = gossip::fuzz::kGoldenLabel});
  check_open(datagram, {.label = {}, .cipher = &kCipher});
  check_open(datagram, {.label = gossip::fuzz::kGoldenLabel, .cipher = &kCipher});
  return 0;
}
