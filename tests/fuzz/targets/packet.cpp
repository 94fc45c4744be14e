// wire/packet: datagrams opened as by a plain node, a labelled one and one with the key of the golden vectors.
#include "wire/packet.h"

#include "base/check.h"
#include "fuzz/keys.h"
#include "fuzz/targets.h"

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

void gossip::fuzz::target::packet(ByteView input) {
  static const gossip::wire::Cipher kCipher(gossip::fuzz::golden_keyring());
  check_open(input, {});
  check_open(input, {.label = gossip::fuzz::kGoldenLabel});
  check_open(input, {.label = {}, .cipher = &kCipher});
  check_open(input, {.label = gossip::fuzz::kGoldenLabel, .cipher = &kCipher});
}
