// wire/stream: a conversation gives the same whether it arrives at once or byte by byte.
#include "wire/stream.h"

#include "base/check.h"
#include "fuzz/keys.h"
#include "fuzz/targets.h"

namespace {

using gossip::ByteView;
using gossip::wire::StreamReader;
using gossip::wire::StreamSide;
using gossip::wire::Wrapping;
using Status = StreamReader::Status;

constexpr std::size_t kMaxByteByByte = 2048;

void check_feed(ByteView bytes, StreamSide writer, const Wrapping& wrapping) {
  StreamReader at_once(writer);
  const Status whole = at_once.feed(bytes, wrapping);
  if (bytes.size() > kMaxByteByByte) return;
  StreamReader slowly(writer);
  Status last = Status::More;
  for (std::size_t i = 0; i < bytes.size() && last == Status::More; ++i) {
    last = slowly.feed(bytes.subspan(i, 1), wrapping);
  }
  GOSSIP_CHECK(last == whole);
  if (whole == Status::Broken) GOSSIP_CHECK(slowly.why() == at_once.why());
  if (whole == Status::Message) {
    GOSSIP_CHECK(slowly.message().index() == at_once.message().index());
  }
}

}  // namespace

void gossip::fuzz::target::stream(ByteView input) {
  static const gossip::wire::Cipher kCipher(gossip::fuzz::golden_keyring());
  check_feed(input, StreamSide::Dialler, {});
  check_feed(input, StreamSide::Dialler, {.label = gossip::fuzz::kGoldenLabel});
  check_feed(input, StreamSide::Acceptor, {.label = {}, .cipher = &kCipher});
  check_feed(input, StreamSide::Dialler, {.label = gossip::fuzz::kGoldenLabel, .cipher = &kCipher});
}
