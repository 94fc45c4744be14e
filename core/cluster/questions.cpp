// Queries: asked by us, asked of us, on their way through us (gossip-wire §9).
#include <algorithm>
#include <string>
#include <utility>

#include "cluster/parts.h"
#include "cluster/query_filter.h"
#include "wire/cluster_codec.h"

namespace gossip::cluster {
namespace {

// Longer is taken as this, here and from others: nobody waits that long, and times stay far from overflow.
constexpr Duration kMaxQueryTimeout = std::chrono::hours(24);

constexpr std::uint8_t kFirstProtocolWithQueries = 4;

Duration bounded(Duration timeout) {
  return std::clamp(timeout, Duration::zero(), kMaxQueryTimeout);
}

Expected<void> check_asked_here(const QueryParams& params) {
  if (is_internal(params.name) && !(params.name == kPingQuery && params.payload.empty())) {
    return fail(ErrorCode::InvalidArgument, "Queries cannot contain the '_serf_' prefix");
  }
  if (params.relay_factor > kMaxRelayFactor) {
    return fail(ErrorCode::InvalidArgument, "a relay factor is at most " +
                                                std::to_string(kMaxRelayFactor) + ", not " +
                                                std::to_string(params.relay_factor));
  }
  return {};
}

wire::QueryResponse reply_to(const AskedQuery& asked, std::string_view own_name) {
  wire::QueryResponse reply;
  reply.time = asked.time;
  reply.id = asked.id;
  reply.from = own_name;
  return reply;
}

}  // namespace

Expected<QueryToken> Cluster::send_query(TimePoint now, const QueryParams& params, Outputs& out) {
  const Expected<void> allowed = check_asked_here(params);
  if (!allowed.has_value()) return tl::unexpected(allowed.error());
  return parts_->ask(now, params, QueryOwner::Application, out);
}

Expected<void> Cluster::respond(TimePoint now, QueryToken query, ByteView payload, Outputs& out) {
  Expected<void> done = parts_->respond(now, query, payload, out);
  parts_->tell(out);
  return done;
}

void Cluster::decline(TimePoint now, QueryToken query, Outputs& out) {
  parts_->decline(now, query, out);
  parts_->tell(out);
}

Expected<QueryToken> Cluster::Parts::ask(TimePoint now, const QueryParams& params, QueryOwner owner,
                                         Outputs& out) {
  if (config.protocol < kFirstProtocolWithQueries) {
    return fail(ErrorCode::WrongState, "queries need Serf protocol 4 or later, this node speaks " +
                                           std::to_string(config.protocol));
  }
  Expected<QueryFilter> filter = QueryFilter::make(params.nodes, params.tags, patterns);
  if (!filter.has_value()) return tl::unexpected(std::move(filter.error()));
  const std::vector<Bytes> filters = encode_filters(params.nodes, params.tags);
  const Duration timeout =
      params.timeout == Duration::zero()
          ? default_query_timeout(config.timing.gossip_interval, statuses.live_count())
          : bounded(params.timeout);

  wire::QueryMessage message;
  message.time = query_clock.time();
  message.id = static_cast<std::uint32_t>(rng.next() >> 33);  // 31 bits, as upstream's
  message.address = local.advertised.ip.bytes();
  message.port = local.advertised.port;
  message.source_node = config.node_name;
  message.filters.assign(filters.begin(), filters.end());
  message.flags = params.acks == Acks::Wanted ? wire::kQueryAckWanted : 0;
  message.relay_factor = params.relay_factor;
  message.timeout_ns = timeout.count();
  message.name = params.name;
  message.payload = params.payload;
  Bytes encoded = wire::encode(message);
  if (encoded.size() > config.query_size_limit) {
    return fail(ErrorCode::TooLarge,
                "query exceeds limit of " + std::to_string(config.query_size_limit) + " bytes");
  }
  if (own_queries.is_full()) {
    return fail(ErrorCode::LimitReached,
                "this node has " + std::to_string(OwnQueries::kMaxRunning) +
                    " queries under way, which is the limit: wait until some are over");
  }

  OwnQuery record{.token = ++last_token,
                  .owner = owner,
                  .name = params.name,
                  .time = message.time,
                  .id = message.id,
                  .acks = params.acks,
                  .wait = params.wait,
                  .settle = params.settle,
                  .settled_by = params.name == kPingQuery ? SettledBy::Ack : SettledBy::Answer,
                  .end = now + timeout,
                  .repeat = {}};
  const QueryToken token = record.token;
  if (params.acks == Acks::Wanted) {
    wire::QueryMessage repeat = message;
    repeat.flags |= wire::kQueryNoBroadcast;
    record.repeat = wire::encode(repeat);
  }
  own_queries.ask(now, std::move(record), *filter, config.node_name, config.tags);
  if (query(now, message, AskedBy::Ourselves, out) != Verdict::Taken) {
    own_queries.withdraw(token);
    return fail(ErrorCode::LimitReached, "the cluster's query clock is exhausted");
  }
  out.push_back(Broadcast{Queue::Queries, std::move(encoded), 0});
  return token;
}

Verdict Cluster::Parts::query(TimePoint now, const wire::QueryMessage& message, AskedBy by,
                              Outputs& out) {
  if (!are_well_formed(message.filters) || !is_harmless(message.name, message.payload)) {
    return Verdict::Malformed;
  }
  if (message.source_node.size() > kMaxNameBytes) return drop(Drop::TooLarge);
  if (!query_clock.is_plausible(message.time)) return drop(Drop::Implausible);
  query_clock.witness(message.time);
  switch (queries.record(query_clock.time(), message.time, message.id)) {
    case Queries::Outcome::New: break;
    case Queries::Outcome::Old: return Verdict::Old;
    case Queries::Outcome::Full: return drop(Drop::TableFull);
  }
  ++counters.queries;
  // What is not for us is passed on all the same, and so is what we have no time to look at.
  if (by == AskedBy::Another && bears_pattern(message.filters) && patterned.take(now) == 0) {
    counters.drop(Drop::RateLimited);
    return Verdict::Taken;
  }
  const std::optional<QueryFilter> filter = QueryFilter::read(message.filters, patterns);
  if (!filter) {
    counters.drop(Drop::Malformed);
    out.push_back(Log{LogLevel::Debug, "serf: a query has a filter that cannot be applied"});
  }
  if (!filter || !filter->matches(config.node_name, config.tags)) return Verdict::Taken;

  AskedQuery asked;
  asked.time = message.time;
  asked.id = message.id;
  asked.by = by;
  asked.asker = message.source_node;
  if (const std::optional<IpAddress> ip = IpAddress::from_bytes(message.address);
      ip && !ip->is_unspecified() && message.port != 0) {
    asked.reply_to = Address{*ip, message.port};
  }
  asked.relay_factor = message.relay_factor;
  asked.answer_by = now + bounded(Duration(message.timeout_ns));
  if ((message.flags & wire::kQueryAckWanted) != 0) asked.ack = AckState::Held;
  const QueryToken token = ++last_token;
  asked_queries.open(now, token, std::move(asked));
  serve(now, token, message, out);
  return Verdict::Taken;
}

// Internal queries are answered here, all others by whoever listens.
void Cluster::Parts::serve(TimePoint now, QueryToken token, const wire::QueryMessage& message,
                           Outputs& out) {
  if (!is_internal(message.name)) {
    out.push_back(Published{Query{.token = token,
                                  .time = message.time,
                                  .name = std::string(message.name),
                                  .payload = Bytes(message.payload.begin(), message.payload.end()),
                                  .asker = std::string(message.source_node),
                                  .answer_by = asked_queries.find(token)->answer_by}});
    return;
  }
  const InternalAnswer answer = internal_queries.answer(
      {.token = token, .name = message.name, .payload = message.payload}, out);
  if (std::holds_alternative<AnswersLater>(answer)) return;
  const auto* const payload = std::get_if<Bytes>(&answer);
  if (payload == nullptr) {
    decline(now, token, out);
    return;
  }
  if (const Expected<void> sent = respond(now, token, *payload, out); !sent.has_value()) {
    out.push_back(Log{LogLevel::Error, "serf: Failed to respond to query '" +
                                           std::string(message.name) +
                                           "': " + sent.error().message});
  }
}

Verdict Cluster::Parts::response(TimePoint now, const wire::QueryResponse& message, Outputs& out) {
  return own_queries.receive(now, message, out) ? Verdict::Taken : Verdict::Old;
}

void Cluster::Parts::send_ack(TimePoint now, AskedQuery& asked, Outputs& out) {
  asked.ack = AckState::Sent;
  wire::QueryResponse ack = reply_to(asked, config.node_name);
  ack.flags = wire::kResponseIsAck;
  if (asked.declined) ack.flags |= wire::kResponseNoAnswer;
  send_reply(now, asked, ack, out);
}

void Cluster::Parts::send_held_acks(TimePoint now, Outputs& out) {
  for (const QueryToken token : asked_queries.take_held(now)) {
    AskedQuery* const asked = asked_queries.find(token);
    if (asked != nullptr && asked->ack == AckState::Held) send_ack(now, *asked, out);
  }
}

void Cluster::Parts::send_reply(TimePoint now, const AskedQuery& asked,
                                const wire::QueryResponse& reply, Outputs& out) {
  if (asked.by == AskedBy::Ourselves) {
    response(now, reply, out);
  } else {
    replies.send(now, asked, wire::encode(reply), out);
  }
}

Expected<void> Cluster::Parts::respond(TimePoint now, QueryToken token, ByteView payload,
                                       Outputs& out) {
  AskedQuery* const asked = asked_queries.find(token);
  if (asked == nullptr) return fail(ErrorCode::NotFound, "response is past the deadline");
  wire::QueryResponse reply = reply_to(*asked, config.node_name);
  reply.payload = payload;
  if (wire::encode(reply).size() > config.query_response_size_limit) {
    return fail(
        ErrorCode::TooLarge,
        "response exceeds limit of " + std::to_string(config.query_response_size_limit) + " bytes");
  }
  if (asked->answered) return fail(ErrorCode::WrongState, "response already sent");
  if (now > asked->answer_by) return fail(ErrorCode::NotFound, "response is past the deadline");
  asked->answered = true;
  // The ack first, as in Serf; what has been answered was not declined.
  asked->declined = false;
  if (asked->ack == AckState::Held) send_ack(now, *asked, out);
  send_reply(now, *asked, reply, out);
  return {};
}

void Cluster::Parts::decline(TimePoint now, QueryToken token, Outputs& out) {
  AskedQuery* const asked = asked_queries.find(token);
  if (asked == nullptr || asked->answered || asked->declined || now > asked->answer_by) return;
  asked->declined = true;
  // Once more, with that word: Serf takes it for a duplicate.
  if (asked->ack == AckState::Sent) send_ack(now, *asked, out);
}

void Cluster::Parts::tell(Outputs& out) {
  for (Told& told : own_queries.take_told()) {
    switch (told.owner) {
      case QueryOwner::Application:
        std::visit([&out](auto& what) { out.push_back(std::move(what)); }, told.what);
        break;
      case QueryOwner::KeyChange: tell_key_change(told, out); break;
      case QueryOwner::NameVote: tell_name_vote(told, out); break;
    }
  }
}

Verdict Cluster::Parts::relay(TimePoint now, const wire::Relay& message, Outputs& out) {
  Queries::Relayed relayed = queries.relay(now, message);
  if (relayed.send) {
    out.push_back(*std::move(relayed.send));
    return Verdict::Taken;
  }
  return relayed.why_not == Drop::Malformed ? Verdict::Malformed : drop(relayed.why_not);
}

}  // namespace gossip::cluster
