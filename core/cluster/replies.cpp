#include "cluster/replies.h"

#include <algorithm>
#include <string>
#include <utility>

#include "wire/cluster_codec.h"

namespace gossip::cluster {

Replies::Replies(const Config& config, const members::Table& table, base::Rng& rng,
                 Counters& counters)
    : config_(&config), table_(&table), rng_(&rng), counters_(&counters) {}

void Replies::send(TimePoint now, const AskedQuery& query, ByteView response, Outputs& out) {
  if (!may_send(now, query)) return;
  out.push_back(SendDirect{*query.reply_to, Bytes(response.begin(), response.end())});
  if (query.relay_factor > 0) relay(query, response, out);
}

bool Replies::may_send(TimePoint now, const AskedQuery& query) {
  if (!query.reply_to) {
    counters_->drop(Drop::UnknownTarget);
    return false;
  }
  // The buckets come before the walk over the members.
  if (all_.take(now) == 0) {
    counters_->drop(Drop::RateLimited);
    return false;
  }
  if (is_member_at(*table_, query.asker, *query.reply_to)) return true;
  if (to_strangers_.take(now) == 1) return true;
  counters_->drop(Drop::UnknownTarget);
  return false;
}

void Replies::relay(const AskedQuery& query, ByteView response, Outputs& out) {
  const std::size_t count = std::min(query.relay_factor, kMaxRelayFactor);
  wire::Relay envelope;
  envelope.address = query.reply_to->ip.bytes();
  envelope.port = query.reply_to->port;
  envelope.node = query.asker;
  envelope.message = response;
  const Bytes message = wire::encode(envelope);
  if (message.size() > config_->query_response_size_limit) {
    out.push_back(Log{LogLevel::Warn, "serf: relayed response exceeds limit of " +
                                          std::to_string(config_->query_response_size_limit) +
                                          " bytes; it goes to '" + query.asker +
                                          "' directly only"});
    return;
  }
  for (const members::Index member : relays(count))
    out.push_back(SendDirect{table_->at(member).address(), message});
}

bool Replies::can_relay(members::Index member) const {
  // By memberlist's version, which upstream takes for Serf's (serf query.go, relayResponse).
  constexpr std::uint8_t kFirstProtocolWithRelay = 5;
  if (!table_->holds(member)) return false;
  const members::Record& record = table_->at(member);
  return record.status == MemberStatus::Alive &&
         record.versions.protocol_max >= kFirstProtocolWithRelay &&
         record.name.view() != config_->node_name;
}

// Drawn at random where nearly every draw fits, as it does in a healthy cluster; else by a walk from a random
// place on.
std::vector<members::Index> Replies::relays(std::size_t count) {
  const members::Index end = table_->end_index();
  std::vector<members::Index> chosen;
  // As upstream: with fewer than that it is not worth it.
  if (table_->size() < count + 1) return chosen;
  const auto consider = [&](members::Index member) {
    if (can_relay(member) && std::ranges::find(chosen, member) == chosen.end())
      chosen.push_back(member);
  };
  for (std::size_t draw = 0; draw < 4 * count && chosen.size() < count; ++draw)
    consider(static_cast<members::Index>(rng_->uniform(end)));
  const auto start = static_cast<members::Index>(rng_->uniform(end));
  for (members::Index step = 0; step < end && chosen.size() < count; ++step)
    consider((start + step) % end);
  return chosen;
}

bool is_member_at(const members::Table& table, std::string_view name, const Address& address) {
  if (const auto named = table.find(name);
      named && same_endpoint(table.at(*named).address(), address)) {
    return true;
  }
  for (members::Index index = 0; index < table.end_index(); ++index) {
    if (table.holds(index) && same_endpoint(table.at(index).address(), address)) return true;
  }
  return false;
}

}  // namespace gossip::cluster
