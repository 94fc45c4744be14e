#include "agent/rpc/session.h"

#include <utility>
#include <variant>

#include <nettle/memops.h>

#include "rpc/request_codec.h"
#include "rpc/response_codec.h"

namespace gossip::agent::rpc {
namespace {

using gossip::rpc::Command;
using gossip::rpc::Reader;
using gossip::rpc::Request;

// In constant time for keys of one length; the length itself is no secret worth hiding.
bool same_key(std::string_view a, std::string_view b) {
  return a.size() == b.size() && memeql_sec(a.data(), b.data(), a.size()) != 0;
}

}  // namespace

Session::Session(SessionWorld world, SessionPeer& peer, std::string name, std::string refusal)
    : world_(world),
      peer_(&peer),
      name_(std::move(name)),
      refusal_(std::move(refusal)),
      authenticated_(world.settings.auth_key.empty()),
      alive_(std::make_shared<Session*>(this)) {}

Session::~Session() {
  if (monitor_) world_.log.unsubscribe(*this);
}

void Session::receive(ByteView bytes) {
  if (finished_) return;
  reader_.feed(bytes);
  work();
}

void Session::end_of_input() {
  input_ended_ = true;
  work();
}

void Session::drained() {
  if (dropped_ > 0 && peer_->unsent_bytes() <= world_.settings.max_backlog_bytes / 2) {
    caught_up();
  }
  work();
}

bool Session::wants_input() const {
  return !finished_ && !busy_ && peer_->unsent_bytes() < world_.settings.max_backlog_bytes;
}

// Answers what can be answered now. Re-entered when an answer makes the peer drain at once: then the outer
// call goes on.
void Session::work() {
  if (working_) return;
  working_ = true;
  bool more = true;
  while (more && wants_input())
    more = take_next();
  working_ = false;
  if (input_ended_ && !more && !busy_ && !finished_) finish();
  peer_->input_wanted();
}

bool Session::take_next() {
  const std::size_t max_body =
      is_admitted() ? gossip::rpc::kMaxRequestBodyBytes : kMaxStrangerBodyBytes;
  const Reader::Result result =
      reader_.next(pending_ ? max_body : gossip::rpc::kMaxRequestHeaderBytes);
  if (result.status == Reader::Status::More) return false;
  if (result.status != Reader::Status::Complete) {
    ++world_.counters.broken_streams;
    finish();
    return false;
  }
  if (pending_) {
    take_body(result.object);
  } else {
    take_header(result.object);
  }
  return true;
}

void Session::take_header(ByteView object) {
  const std::optional<gossip::rpc::RequestHeader> header =
      gossip::rpc::decode_request_header(object);
  if (!header) {
    ++world_.counters.broken_streams;
    finish();
    return;
  }
  ++world_.counters.requests;
  const std::optional<Command> command = gossip::rpc::command_from(header->command);
  std::string_view last_word;
  if (!refusal_.empty()) {
    last_word = refusal_;
  } else if (!handshaken_ && command != Command::Handshake) {
    last_word = gossip::rpc::kHandshakeRequired;
  } else if (authenticated_ && !command) {
    last_word = gossip::rpc::kUnsupportedCommand;
  }
  if (!last_word.empty()) {
    answer(header->seq, last_word);
    finish();
    return;
  }
  const bool dropped = !authenticated_ && command != Command::Handshake && command != Command::Auth;
  // Whether an unknown command has a body, nobody can know: it is taken for none, as Serf does.
  if (command && gossip::rpc::has_request_body(*command)) {
    pending_ = Pending{*command, header->seq, dropped};
  } else if (dropped) {
    answer(header->seq, gossip::rpc::kAuthenticationRequired);
  } else {
    const std::optional<Request> request = gossip::rpc::decode_request(*command, {});
    run(header->seq, *request);
  }
}

void Session::take_body(ByteView object) {
  const Pending pending = *std::exchange(pending_, std::nullopt);
  if (pending.dropped) {
    answer(pending.seq, gossip::rpc::kAuthenticationRequired);
    return;
  }
  const std::optional<Request> request = gossip::rpc::decode_request(pending.command, object);
  if (!request) {
    answer(pending.seq,
           "Invalid request body of " + std::string(gossip::rpc::to_string(pending.command)),
           gossip::rpc::zero_body(pending.command));
    return;
  }
  run(pending.seq, *request);
}

void Session::run(std::uint64_t seq, const Request& request) {
  if (const auto* hello = std::get_if<gossip::rpc::HandshakeRequest>(&request)) {
    answer(seq, handshake(*hello));
  } else if (const auto* key = std::get_if<gossip::rpc::AuthRequest>(&request)) {
    answer(seq, authenticate(*key));
  } else if (const auto* stream = std::get_if<gossip::rpc::StreamRequest>(&request)) {
    answer(seq, open_stream(seq, *stream));
  } else if (const auto* monitor = std::get_if<gossip::rpc::MonitorRequest>(&request)) {
    open_monitor(seq, *monitor);
  } else if (const auto* ended = std::get_if<gossip::rpc::StopRequest>(&request)) {
    stop(ended->stop);
    answer(seq, {});
  } else if (const auto* contacts = std::get_if<gossip::rpc::JoinRequest>(&request)) {
    join(seq, *contacts);
  } else if (std::holds_alternative<gossip::rpc::LeaveRequest>(request)) {
    leave(seq);
  } else if (std::holds_alternative<gossip::rpc::ReloadRequest>(request)) {
    reload(seq);
  } else if (const auto* question = std::get_if<gossip::rpc::QueryRequest>(&request)) {
    ask(seq, *question);
  } else if (const auto* response = std::get_if<gossip::rpc::RespondRequest>(&request)) {
    answer(seq, respond(*response));
  } else if (const auto* change = std::get_if<gossip::rpc::KeyRequest>(&request)) {
    change_key(seq, *change);
  } else if (std::holds_alternative<gossip::rpc::ListKeysRequest>(request)) {
    change_keys(seq, KeyCommand{});
  } else {
    Reply reply = execute(world_.agent, request);
    if (auto* stats = std::get_if<gossip::rpc::StatsResponse>(&reply.body)) add_counters(*stats);
    answer(seq, reply.error, reply.body);
  }
}

void Session::add_counters(gossip::rpc::StatsResponse& stats) const {
  const SessionCounters& counters = world_.counters;
  stats.sections["rpc"] = {{"requests", std::to_string(counters.requests)},
                           {"broken_streams", std::to_string(counters.broken_streams)},
                           {"records_dropped", std::to_string(counters.records_dropped)}};
}

std::string Session::handshake(const gossip::rpc::HandshakeRequest& request) {
  if (request.version != gossip::rpc::kProtocolVersion) return "Unsupported IPC version";
  if (handshaken_) return "Handshake already performed";
  handshaken_ = true;
  return {};
}

std::string Session::authenticate(const gossip::rpc::AuthRequest& request) {
  const std::string& key = world_.settings.auth_key;
  if (!key.empty() && !same_key(request.key, key)) return "Invalid authentication token";
  authenticated_ = true;
  return {};
}

void Session::answer(std::uint64_t seq, std::string_view error,
                     const gossip::rpc::ResponseBody& body) {
  if (finished_) return;
  Bytes bytes;
  gossip::rpc::encode_response_header({seq, std::string(error)}, bytes);
  gossip::rpc::encode_response_body(body, bytes);
  peer_->send(bytes);
}

void Session::finish(HangUp first) {
  if (finished_) return;
  finished_ = true;
  peer_->finish(first);
}

}  // namespace gossip::agent::rpc
