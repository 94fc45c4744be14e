// rpc: what a client may send, as the agent reads it: objects out of the bytes, then headers and bodies.
#include "base/check.h"
#include "fuzz/targets.h"
#include "rpc/reader.h"
#include "rpc/request_codec.h"

namespace {

using gossip::Bytes;
using gossip::ByteView;
namespace rpc = gossip::rpc;

// What was decoded encodes to bytes that give the same bytes again.
void check_request(std::uint64_t seq, const rpc::Request& request) {
  Bytes once;
  rpc::encode_request(seq, request, once);
  rpc::Reader reader;
  reader.feed(once);
  const auto header_object = reader.next(rpc::kMaxRequestHeaderBytes);
  GOSSIP_CHECK(header_object.status == rpc::Reader::Status::Complete);
  const auto header = rpc::decode_request_header(header_object.object);
  GOSSIP_CHECK(header.has_value() && header->seq == seq);
  const auto command = rpc::command_from(header->command);
  GOSSIP_CHECK(command.has_value());
  ByteView body;
  rpc::Reader::Result result;
  if (rpc::has_request_body(*command)) {
    result = reader.next(rpc::kMaxRequestBodyBytes);
    GOSSIP_CHECK(result.status == rpc::Reader::Status::Complete);
    body = result.object;
  }
  const auto again = rpc::decode_request(*command, body);
  GOSSIP_CHECK(again.has_value());
  Bytes twice;
  rpc::encode_request(seq, *again, twice);
  GOSSIP_CHECK(once == twice);
}

}  // namespace

void gossip::fuzz::target::rpc_request(ByteView input) {
  rpc::Reader reader;
  reader.feed(input);
  for (;;) {
    const auto object = reader.next(rpc::kMaxRequestHeaderBytes);
    if (object.status != rpc::Reader::Status::Complete) return;
    const auto header = rpc::decode_request_header(object.object);
    if (!header.has_value()) return;
    const auto command = rpc::command_from(header->command);
    if (!command.has_value()) return;
    rpc::Reader::Result body;
    if (rpc::has_request_body(*command)) {
      body = reader.next(rpc::kMaxRequestBodyBytes);
      if (body.status != rpc::Reader::Status::Complete) return;
    }
    const auto request = rpc::decode_request(*command, body.object);
    if (!request.has_value()) return;
    check_request(header->seq, *request);
  }
}
