#include "rpc/client.h"

#include <utility>

#include "rpc/record_codec.h"
#include "rpc/request_codec.h"
#include "rpc/response_codec.h"

namespace gossip::rpc {
namespace {

bool starts_records(Command command) {
  return command == Command::Stream || command == Command::Monitor || command == Command::Query;
}

tl::unexpected<Error> not_the_protocol(std::string_view what) {
  return fail(ErrorCode::Refused,
              "what answers there does not speak Serf's RPC protocol: " + std::string(what));
}

}  // namespace

std::uint64_t Client::send(const Request& request, Bytes& out) {
  const std::uint64_t seq = ++last_seq_;
  pending_.emplace(seq, command_of(request));
  if (const auto* stop = std::get_if<StopRequest>(&request)) {
    if (open_.erase(stop->stop) > 0) ended_.insert(stop->stop);
  }
  encode_request(seq, request, out);
  return seq;
}

Expected<void> Client::receive(ByteView bytes, std::vector<Arrival>& out) {
  reader_.feed(bytes);
  for (;;) {
    const bool header = expecting_ == Expecting::Header;
    const Reader::Result result =
        reader_.next(header ? kMaxResponseHeaderBytes : kMaxResponseBodyBytes);
    switch (result.status) {
      case Reader::Status::Complete: break;
      case Reader::Status::More: return {};
      case Reader::Status::TooLarge: return not_the_protocol("an object is too large");
      case Reader::Status::TooDeep: return not_the_protocol("an object is nested too deeply");
      case Reader::Status::Broken: return not_the_protocol("no MessagePack");
    }
    if (Expected<void> taken = take(result.object, out); !taken) return taken;
  }
}

Expected<void> Client::take(ByteView object, std::vector<Arrival>& out) {
  switch (std::exchange(expecting_, Expecting::Header)) {
    case Expecting::Header: break;
    case Expecting::BodyOfResponse: return take_response_body(object, out);
    case Expecting::BodyOfRecord: take_record(object, out); return {};
    case Expecting::Unknown:
      // Whether a body follows the header of somebody else's Seq, only the object itself can tell.
      if (!decode_response_header(object)) return {};
      break;
  }
  return take_header(object, out);
}

Expected<void> Client::take_header(ByteView object, std::vector<Arrival>& out) {
  std::optional<ResponseHeader> header = decode_response_header(object);
  if (!header) return not_the_protocol("a response's header is none");
  header_ = *std::move(header);

  const auto awaited = pending_.find(header_.seq);
  if (awaited == pending_.end()) {
    const bool ours = open_.contains(header_.seq) || ended_.contains(header_.seq);
    expecting_ = ours ? Expecting::BodyOfRecord : Expecting::Unknown;
    return {};
  }
  if (body_follows(awaited->second, header_.error)) {
    expecting_ = Expecting::BodyOfResponse;
    return {};
  }
  finish_response(NoBody{}, out);
  return {};
}

Expected<void> Client::take_response_body(ByteView object, std::vector<Arrival>& out) {
  std::optional<ResponseBody> body = decode_response_body(pending_.at(header_.seq), object);
  if (!body) {
    return not_the_protocol("the body of the response to " +
                            std::string(to_string(pending_.at(header_.seq))) + " is unreadable");
  }
  finish_response(*std::move(body), out);
  return {};
}

void Client::finish_response(ResponseBody body, std::vector<Arrival>& out) {
  const auto awaited = pending_.find(header_.seq);
  const Command command = awaited->second;
  pending_.erase(awaited);
  if (header_.error.empty() && starts_records(command)) open_.emplace(header_.seq, command);
  out.emplace_back(Response{header_.seq, command, std::move(header_.error), std::move(body)});
}

void Client::take_record(ByteView object, std::vector<Arrival>& out) {
  const auto open = open_.find(header_.seq);
  if (open == open_.end()) return;  // of a stream that was stopped
  // A kind of record that is newer than this client is no reason to give up.
  std::optional<Record> record = decode_record(open->second, object);
  if (!record) return;
  if (const auto* reply = std::get_if<QueryReply>(&*record)) {
    if (reply->kind == QueryReplyKind::Done) {
      open_.erase(open);
    } else if (reply->from.empty()) {
      return;
    }
  }
  out.emplace_back(StreamRecord{header_.seq, *std::move(record)});
}

}  // namespace gossip::rpc
