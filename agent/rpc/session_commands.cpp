// The part of Session that carries out what is not over at once: joins, leaves, reloads, keys, queries and their answers.
#include <string>
#include <string_view>
#include <utility>

#include "agent/rpc/key_commands.h"
#include "agent/rpc/query_command.h"
#include "agent/rpc/session.h"
#include "rpc/record_codec.h"

namespace gossip::agent::rpc {

void Session::join(std::uint64_t seq, const gossip::rpc::JoinRequest& request) {
  if (request.existing.empty()) {
    answer(seq, {}, gossip::rpc::JoinResponse{});
    return;
  }
  busy_ = true;
  const std::weak_ptr<Session*> alive = alive_;
  const Expected<void> begun =
      world_.agent.join(request.existing, request.replay ? Replay::DeliverOld : Replay::IgnoreOld,
                        [alive, seq](const JoinResult& result) {
                          const std::shared_ptr<Session*> session = alive.lock();
                          if (!session) return;
                          const Reply reply = reply_to(result);
                          (*session)->end_slow_command(seq, reply);
                        });
  if (begun) return;
  busy_ = false;
  answer(seq, join_refusal(begun.error()), gossip::rpc::JoinResponse{});
}

void Session::leave(std::uint64_t seq) {
  busy_ = true;
  const std::weak_ptr<Session*> alive = alive_;
  const Expected<void> begun = world_.agent.leave([alive, seq](const Expected<void>& left) {
    const std::shared_ptr<Session*> session = alive.lock();
    if (!session) return;
    (*session)->answer(seq, left ? std::string() : left.error().message);
    (*session)->finish(HangUp::ClientFirst);
  });
  if (begun) return;
  busy_ = false;
  answer(seq, begun.error().message);
}

void Session::reload(std::uint64_t seq) {
  busy_ = true;
  const std::weak_ptr<Session*> alive = alive_;
  world_.agent.reload([alive, seq](const Expected<gossip::rpc::ReloadResponse>& report) {
    const std::shared_ptr<Session*> session = alive.lock();
    if (session) (*session)->end_slow_command(seq, reply_to(report));
  });
}

void Session::change_key(std::uint64_t seq, const gossip::rpc::KeyRequest& request) {
  const Expected<KeyCommand> command = to_command(request);
  if (!command) return answer(seq, command.error().message, gossip::rpc::KeyResponse{});
  change_keys(seq, *command);
}

void Session::change_keys(std::uint64_t seq, const KeyCommand& command) {
  busy_ = true;
  const std::weak_ptr<Session*> alive = alive_;
  const Expected<void> begun = world_.agent.change_keys(
      command, [alive, seq, action = command.action](const KeyResult& result) {
        const std::shared_ptr<Session*> session = alive.lock();
        if (session) (*session)->end_slow_command(seq, reply_to(action, result));
      });
  if (begun) return;
  busy_ = false;
  answer(seq, begun.error().message, gossip::rpc::KeyResponse{});
}

void Session::end_slow_command(std::uint64_t seq, const Reply& reply) {
  answer(seq, reply.error, reply.body);
  busy_ = false;
  work();
}

// Records come by callbacks, and so after this answer.
void Session::ask(std::uint64_t seq, const gossip::rpc::QueryRequest& request) {
  if (queries_ == kMaxQueries) {
    return answer(
        seq, "too many queries run on one connection, the limit is " + std::to_string(kMaxQueries));
  }
  const Expected<QueryParams> params = to_params(request);
  if (!params) return answer(seq, params.error().message);
  const std::weak_ptr<Session*> alive = alive_;
  const Expected<QueryToken> begun = world_.agent.query(
      *params,
      [alive, seq](const QueryReply& reply) {
        const std::shared_ptr<Session*> session = alive.lock();
        if (session) (*session)->replied(seq, reply);
      },
      [alive, seq](const QueryDone& done) {
        const std::shared_ptr<Session*> session = alive.lock();
        if (session) (*session)->query_over(seq, done);
      });
  if (begun) ++queries_;
  answer(seq, begun ? std::string() : begun.error().message);
}

void Session::replied(std::uint64_t seq, const QueryReply& reply) {
  if (finished_) return;
  send_record(seq, to_record(reply));
  if (dropped_ > 0) report_drops();
}

// However slow the client is: without it, it would wait for ever.
void Session::query_over(std::uint64_t seq, const QueryDone& done) {
  --queries_;
  if (finished_) return;
  Bytes bytes;
  gossip::rpc::encode_record(seq, to_record(done), bytes);
  peer_->send(bytes);
}

std::string Session::respond(const gossip::rpc::RespondRequest& request) {
  constexpr std::string_view kUnknown = "No pending queries matching ID";
  const std::optional<QueryToken> query = questions_.find(request.id);
  if (!query) return std::string(kUnknown);
  const Expected<void> done = world_.agent.respond(*query, request.payload);
  if (done) return {};
  if (done.error().code != ErrorCode::NotFound) {
    return "failed to respond to key query: " + done.error().message;
  }
  questions_.forget(request.id);
  return std::string(kUnknown);
}

}  // namespace gossip::agent::rpc
