// What this layer asks the cluster by itself: for changes of keys, and whose our name is (gossip-wire §8.10, §9.6).
#include <string>
#include <utility>

#include "base/check.h"
#include "cluster/parts.h"
#include "wire/cluster_codec.h"

namespace gossip::cluster {

Expected<QueryToken> Cluster::ask_keys(TimePoint now, const KeyCommand& command, Outputs& out) {
  Parts& p = *parts_;
  GOSSIP_CHECK(!p.key_tally);
  QueryParams params;
  params.name = query_name(command.action);
  params.payload = wire::encode(wire::KeyRequest{.key = command.key});
  params.relay_factor = command.relay_factor;
  p.key_tally.emplace();
  Expected<QueryToken> asked = p.ask(now, params, QueryOwner::KeyChange, out);
  if (!asked.has_value()) p.key_tally.reset();
  return asked;
}

void Cluster::answer_keys(TimePoint now, QueryToken query, const KeyAnswer& answer, Outputs& out) {
  Parts& p = *parts_;
  const AskedQuery* const asked = p.asked_queries.find(query);
  if (asked == nullptr) return;
  const ResponseFrame frame{.time = asked->time,
                            .id = asked->id,
                            .from = p.config.node_name,
                            .limit_bytes = p.config.query_response_size_limit};
  const Expected<void> sent = p.respond(now, query, encode_key_answer(answer, frame), out);
  if (!sent.has_value()) {
    out.push_back(
        Log{LogLevel::Error, "serf: Failed to respond to key query: " + sent.error().message});
  }
  p.tell(out);
}

void Cluster::name_contested(TimePoint now, Outputs& out) {
  Parts& p = *parts_;
  if (p.config.name_conflict != NameConflict::Vote || p.own != OwnCourse::Staying ||
      !p.name_vote.is_due(now)) {
    return;
  }
  QueryParams params;
  params.name = kConflictQuery;
  params.payload = Bytes(p.config.node_name.begin(), p.config.node_name.end());
  const std::size_t others = p.other_live_count();
  const Expected<QueryToken> asked = p.ask(now, params, QueryOwner::NameVote, out);
  if (!asked.has_value()) {
    out.push_back(Log{LogLevel::Error,
                      "serf: Failed to start name resolution query: " + asked.error().message});
    return;
  }
  p.name_vote.begin(now, *asked, others, p.local.advertised);
}

// We are one of those who are up, until we have left.
std::size_t Cluster::Parts::other_live_count() const {
  const std::optional<members::Index> us = statuses.find(config.node_name);
  const bool has_left = !us || table.at(*us).status == MemberStatus::Left;
  return statuses.live_count() - (has_left ? 0 : 1);
}

void Cluster::Parts::tell_key_change(const Told& told, Outputs& out) {
  if (!key_tally) return;
  if (const auto* reply = std::get_if<QueryReply>(&told.what)) return key_tally->receive(*reply);
  KeyTally tally = *std::exchange(key_tally, std::nullopt);
  out.push_back(KeysAnswered{std::move(tally).finish(std::get<QueryDone>(told.what))});
}

bool Cluster::Parts::is_alive(std::string_view name) const {
  const std::optional<members::Index> member = table.find(name);
  return member && table.at(*member).is_live();
}

// Not at each answer, of which there are as many as members.
void Cluster::Parts::tell_name_vote_of_death() {
  if (!name_vote.is_running()) return;
  name_vote.shrink_to(other_live_count(), [this](std::string_view name) { return is_alive(name); });
}

// Only who is alive has a vote. A majority decides at once; who is silent changes nothing about it.
void Cluster::Parts::tell_name_vote(const Told& told, Outputs& out) {
  if (!name_vote.is_running()) return;
  if (const auto* reply = std::get_if<QueryReply>(&told.what)) {
    if (!is_alive(reply->from)) return;
    name_vote.receive(*reply);
    if (name_vote.verdict() != NameVote::Verdict::Open) name_vote.finish(out);
  } else if (name_vote.query() == std::get<QueryDone>(told.what).query) {
    if (name_vote.finish(out) == NameVote::Verdict::Open) ++counters.open_votes;
  }
}

}  // namespace gossip::cluster
