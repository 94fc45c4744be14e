#include "agent/rpc/query_command.h"

#include <algorithm>
#include <chrono>
#include <string_view>

namespace gossip::agent::rpc {
namespace {

constexpr std::string_view kReservedPrefix = "_serf_";
constexpr std::string_view kPing = "_serf_ping";  // nobody answers it, everybody acks: reachability

// Serf's own client has two queues, for acks and for answers, closes both at a query's end, and stops printing at the
// first that it finds closed: what still stands in the other is lost. Serf's agent never ends a query soon
// after an answer, so it takes a busy machine and our early end to see it.
constexpr std::chrono::milliseconds kSettle{500};

}  // namespace

Expected<QueryParams> to_params(const gossip::rpc::QueryRequest& request) {
  const bool is_ping = request.name == kPing && request.payload.empty();
  if (request.name.starts_with(kReservedPrefix) && !is_ping) {
    return fail(ErrorCode::InvalidArgument, "Queries cannot contain the '_serf_' prefix");
  }
  QueryParams params;
  params.name = request.name;
  params.payload = request.payload;
  params.nodes = request.filter_nodes;
  params.tags = request.filter_tags;
  params.acks = request.request_ack ? Acks::Wanted : Acks::None;
  params.relay_factor = request.relay_factor;
  params.timeout = std::min(Duration(request.timeout_ns), kMaxQueryTimeout);
  params.wait = request.wait.value_or(false) ? QueryWait::FullTime : QueryWait::UntilComplete;
  if (!request.wait.has_value()) params.settle = kSettle;
  return params;
}

gossip::rpc::QueryReply to_record(const QueryReply& reply) {
  const gossip::rpc::QueryReplyKind kind = reply.kind == QueryReplyKind::Ack
                                               ? gossip::rpc::QueryReplyKind::Ack
                                               : gossip::rpc::QueryReplyKind::Response;
  return {kind, reply.from, reply.payload};
}

gossip::rpc::QueryReply to_record(const QueryDone& done) {
  return {gossip::rpc::QueryReplyKind::Done,
          {},
          {},
          gossip::rpc::QuerySummary{done.asked, done.answered, done.declined, done.silent}};
}

}  // namespace gossip::agent::rpc
