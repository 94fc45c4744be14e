// rpc: what an agent may send, as gossipctl reads it. The first byte is the number of the command asked.
#include "base/check.h"
#include "fuzz/targets.h"
#include "rpc/reader.h"
#include "rpc/record_codec.h"
#include "rpc/response_codec.h"

namespace {

using gossip::Bytes;
using gossip::ByteView;
namespace rpc = gossip::rpc;

void check_body(rpc::Command command, ByteView object) {
  const auto body = rpc::decode_response_body(command, object);
  if (!body.has_value()) return;
  Bytes once;
  rpc::encode_response_body(*body, once);
  if (once.empty()) return;
  const auto again = rpc::decode_response_body(command, once);
  GOSSIP_CHECK(again.has_value());
  Bytes twice;
  rpc::encode_response_body(*again, twice);
  GOSSIP_CHECK(once == twice);
}

}  // namespace

void gossip::fuzz::target::rpc_response(ByteView input) {
  if (input.empty()) return;
  const auto command = static_cast<rpc::Command>(input[0] % rpc::kCommandCount);
  rpc::Reader reader;
  reader.feed(input.subspan(1));
  for (;;) {
    const auto found = reader.next(rpc::kMaxResponseBodyBytes);
    if (found.status != rpc::Reader::Status::Complete) return;
    static_cast<void>(rpc::decode_response_header(found.object));
    check_body(command, found.object);
    for (const rpc::Command starter :
         {rpc::Command::Stream, rpc::Command::Query, rpc::Command::Monitor}) {
      const auto record = rpc::decode_record(starter, found.object);
      if (!record.has_value()) continue;
      Bytes encoded;
      rpc::encode_record(1, *record, encoded);
      GOSSIP_CHECK(!encoded.empty());
    }
  }
}
