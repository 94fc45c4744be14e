// wire/swim_codec: structs of streams. The first byte chooses the struct as the type byte would; 255 a row.
#include "base/check.h"
#include "fuzz/targets.h"
#include "wire/swim_codec.h"

namespace {

using gossip::Bytes;
using gossip::ByteView;
using gossip::wire::MessageType;
using gossip::wire::Parse;

template <typename Message>
std::size_t check_parse(ByteView body) {
  Message message;
  std::size_t size = 0;
  const Parse parsed = parse(body, size, message);
  GOSSIP_CHECK(size <= body.size());
  GOSSIP_CHECK((parsed == Parse::Done) == (size > 0));
  if (parsed != Parse::Done) return 0;
  std::size_t again = 0;
  GOSSIP_CHECK(parse(body.first(size), again, message) == Parse::Done && again == size);
  std::size_t cut = 0;
  GOSSIP_CHECK(parse(body.first(size - 1), cut, message) == Parse::More && cut == 0);
  return size;
}

template <typename Message>
void check_append(ByteView body) {
  if (check_parse<Message>(body) == 0) return;
  Message message;
  std::size_t offset = 0;
  static_cast<void>(parse(body, offset, message));
  Bytes once;
  append(message, once);
  offset = 0;
  GOSSIP_CHECK(parse(once, offset, message) == Parse::Done && offset == once.size());
  Bytes twice;
  append(message, twice);
  GOSSIP_CHECK(once == twice);
}

}  // namespace

void gossip::fuzz::target::swim_stream(ByteView input) {
  if (input.empty()) return;
  const ByteView body = input.subspan(1);
  if (input[0] == 255) {
    check_append<gossip::wire::NodeState>(body);
    return;
  }
  switch (static_cast<MessageType>(input[0])) {
    case MessageType::Ping: check_parse<gossip::wire::Ping>(body); break;
    case MessageType::Ack: check_parse<gossip::wire::Ack>(body); break;
    case MessageType::Error: check_parse<gossip::wire::ErrorReply>(body); break;
    case MessageType::PushPull: check_append<gossip::wire::PushPullHeader>(body); break;
    case MessageType::User: check_append<gossip::wire::UserMessageHeader>(body); break;
    case MessageType::Compress: check_append<gossip::wire::CompressHeader>(body); break;
    default: break;
  }
}
