#include "cluster/own_queries.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/earlier.h"
#include "wire/tags_codec.h"

namespace gossip::cluster {
namespace {

// Until then gossip has reached nearly all, also through members that are slower to pass things on.
constexpr int kTicksBeforeAskingAgain = 2;

}  // namespace

Duration default_query_timeout(Duration gossip_interval, std::size_t n) {
  constexpr int kQueryTimeoutMult = 16;
  // ⌈log10(n + 1)⌉ is the number of digits of n.
  int digits = 0;
  for (; n > 0; n /= 10)
    ++digits;
  return gossip_interval * kQueryTimeoutMult * digits;
}

OwnQueries::OwnQueries(const members::Table& table, Duration gossip_interval, Counters& counters)
    : table_(&table), gossip_interval_(gossip_interval), counters_(&counters) {}

void OwnQueries::ask(TimePoint now, OwnQuery query, const QueryFilter& filter,
                     std::string_view own_name, const Tags& own_tags) {
  GOSSIP_CHECK(!is_full());
  const QueryToken token = query.token;
  Running running{std::move(query), {}, 0, false, {}};
  for (members::Index index = 0; index < table_->end_index(); ++index) {
    if (!table_->holds(index)) continue;
    const members::Record& record = table_->at(index);
    if (!record.is_live() || !record.is_member()) continue;
    const std::string_view name = record.name.view();
    if (!filter.matches_name(name)) continue;
    if (filter.has_patterns()) {
      const bool matches =
          name == own_name ? filter.matches(name, own_tags)
                           : filter.matches(name, wire::decode_tags(as_bytes(record.meta.view())));
      if (!matches) continue;
    }
    running.audience.push_back({record.name, {}});
  }
  std::ranges::sort(running.audience, {}, [](const Listener& who) { return who.name.view(); });
  running.open_count = running.audience.size();
  ++counters_->queries_asked;

  timers_.arm(running.query.end, {Kind::End, token});
  if (!running.query.repeat.empty()) {
    timers_.arm(now + kTicksBeforeAskingAgain * gossip_interval_, {Kind::AskAgain, token});
  }
  asked_at_ = now;
  running_.emplace(token, std::move(running));
}

void OwnQueries::withdraw(QueryToken token) {
  running_.erase(token);
  timers_.cancel_if([token](const Timer& timer) { return timer.query == token; });
}

// `heard` is of the audience.
template <typename Change>
void OwnQueries::update(Running& running, Heard& heard, Change change) {
  const auto is_open = [&] { return !heard.gone && !is_settled(running.query, heard); };
  const bool was_open = is_open();
  change(heard);
  if (was_open && !is_open()) --running.open_count;
}

bool OwnQueries::receive(TimePoint now, const wire::QueryResponse& reply, Outputs& out) {
  Running* const running = find(reply.time, reply.id);
  if (running == nullptr) {
    receive_late(reply, out);
    return false;
  }
  bool is_new = false;
  if (Listener* const listener = find(*running, reply.from)) {
    update(*running, listener->heard, [&](Heard& heard) {
      is_new = hear(running->query, reply, heard);
      // Dead or not, it has had its say.
      if (is_settled(running->query, heard)) heard.gone = false;
    });
  } else if (Heard* const heard = stranger(*running, reply.from)) {
    is_new = hear(running->query, reply, *heard);
  } else {
    counters_->drop(Drop::TableFull);
    return false;
  }
  if (!is_new) count_duplicate(reply);
  if (is_complete(*running)) complete(now, running->query.token);
  return is_new;
}

void OwnQueries::count_duplicate(const wire::QueryResponse& reply) {
  ++counters_->query_duplicates;
  if ((reply.flags & wire::kResponseIsAck) != 0) ++counters_->query_duplicate_acks;
}

// Notes what it says, and tells of a first ack or a first answer.
bool OwnQueries::hear(const OwnQuery& query, const wire::QueryResponse& reply, Heard& heard) {
  const auto tell = [&](QueryReplyKind kind, ByteView payload) {
    told_.push_back({query.owner, QueryReply{query.token, kind, std::string(reply.from),
                                             Bytes(payload.begin(), payload.end())}});
  };
  if ((reply.flags & wire::kResponseIsAck) == 0) {
    if (std::exchange(heard.answered, true)) return false;
    ++counters_->query_responses;
    tell(QueryReplyKind::Response, reply.payload);
    return true;
  }
  // Nobody has been asked for one.
  if (query.acks == Acks::None) return false;
  const bool declines = (reply.flags & wire::kResponseNoAnswer) != 0;
  const bool is_news = declines && !std::exchange(heard.declined, true);
  if (std::exchange(heard.acked, true)) return is_news;
  ++counters_->query_acks;
  tell(QueryReplyKind::Ack, {});
  return true;
}

// A query that is over is still known for a while: a late reply says that somebody was slow, or unknown to us.
void OwnQueries::receive_late(const wire::QueryResponse& reply, Outputs& out) {
  const auto known = std::ranges::find_if(over_, [&](const Running& running) {
    return running.query.time == reply.time && running.query.id == reply.id;
  });
  if (known == over_.end()) {
    counters_->drop(Drop::NotForUs);
    return;
  }
  Listener* const listener = find(*known, reply.from);
  Heard* const heard = listener != nullptr ? &listener->heard : stranger(*known, reply.from);
  const bool is_ack = (reply.flags & wire::kResponseIsAck) != 0;
  if (heard == nullptr || std::exchange(is_ack ? heard->acked : heard->answered, true)) {
    count_duplicate(reply);
    return;
  }
  ++counters_->query_late_replies;
  std::string line = is_ack ? "serf: late ack from '" : "serf: late answer from '";
  line.append(reply.from).append("' to query '").append(known->query.name);
  line.append("', which is over (LTime: ").append(std::to_string(reply.time)).append(")");
  out.push_back(Log{LogLevel::Debug, std::move(line)});
}

void OwnQueries::member_gone(TimePoint now, std::string_view name) {
  for (auto& [token, running] : running_) {
    Listener* const listener = find(running, name);
    if (listener == nullptr || is_settled(running.query, listener->heard)) continue;
    update(running, listener->heard, [](Heard& heard) { heard.gone = true; });
  }
  finish_complete(now);
}

void OwnQueries::advance(TimePoint now, Outputs& out) {
  if (asked_at_.has_value() && *asked_at_ <= now) {
    asked_at_.reset();
    finish_complete(now);
  }
  while (const std::optional<Timer> timer = timers_.take_due(now)) {
    const auto running = running_.find(timer->query);
    if (running == running_.end()) continue;
    if (timer->kind == Kind::AskAgain) {
      ask_again(now, running->second, out);
    } else {
      finish(timer->query,
             running->second.open_count == 0 ? QueryEnd::Complete : QueryEnd::TimedOut);
    }
  }
}

std::optional<TimePoint> OwnQueries::next_deadline() const {
  return base::earlier(timers_.next_deadline(), asked_at_);
}

// Each at most once: what is lost twice on the way is lost.
void OwnQueries::ask_again(TimePoint now, Running& running, Outputs& out) {
  std::size_t asked = 0;
  for (Listener& listener : running.audience) {
    Heard& heard = listener.heard;
    if (heard.acked || heard.answered || heard.gone || heard.asked_again) continue;
    if (asked == kMaxAskedAgainAtOnce) {
      timers_.arm(now + gossip_interval_, {Kind::AskAgain, running.query.token});
      return;
    }
    const std::optional<members::Index> member = table_->find(listener.name.view());
    if (!member || !table_->at(*member).is_live()) continue;
    heard.asked_again = true;
    ++asked;
    ++counters_->queries_asked_again;
    out.push_back(SendDirect{table_->at(*member).address(), running.query.repeat});
  }
}

void OwnQueries::finish_complete(TimePoint now) {
  std::vector<QueryToken> complete_now;
  for (const auto& [token, running] : running_) {
    if (is_complete(running)) complete_now.push_back(token);
  }
  for (const QueryToken token : complete_now)
    complete(now, token);
}

void OwnQueries::complete(TimePoint now, QueryToken token) {
  Running& running = running_.at(token);
  if (running.query.settle <= Duration::zero()) return finish(token, QueryEnd::Complete);
  if (std::exchange(running.is_settling, true)) return;
  // Its own end may come first.
  timers_.arm(now + running.query.settle, {Kind::End, token});
}

void OwnQueries::finish(QueryToken token, QueryEnd end) {
  auto node = running_.extract(token);
  Running& running = node.mapped();
  QueryDone done;
  done.query = token;
  done.end = end;
  for (const Listener& listener : running.audience) {
    const Heard& heard = listener.heard;
    if (heard.gone) continue;
    ++done.asked;
    const bool by_ack = running.query.settled_by == SettledBy::Ack && heard.acked;
    if (heard.answered || by_ack) {
      ++done.answered;
    } else if (heard.declined) {
      ++done.declined;
    } else {
      done.silent.emplace_back(listener.name.view());
    }
  }
  told_.push_back({running.query.owner, std::move(done)});
  timers_.cancel_if([token](const Timer& timer) { return timer.query == token; });
  over_.push_back(std::move(running));
  if (over_.size() > kMaxRemembered) over_.pop_front();
}

bool OwnQueries::is_settled(const OwnQuery& query, const Heard& heard) {
  if (heard.answered || heard.declined) return true;
  return query.settled_by == SettledBy::Ack && heard.acked;
}

bool OwnQueries::is_complete(const Running& running) {
  return running.open_count == 0 && running.query.wait == QueryWait::UntilComplete;
}

OwnQueries::Listener* OwnQueries::find(Running& running, std::string_view name) {
  const auto place = std::ranges::lower_bound(
      running.audience, name, {}, [](const Listener& listener) { return listener.name.view(); });
  if (place == running.audience.end() || place->name.view() != name) return nullptr;
  return &*place;
}

OwnQueries::Running* OwnQueries::find(LamportTime time, std::uint32_t id) {
  const auto place = std::ranges::find_if(running_, [&](const auto& entry) {
    return entry.second.query.time == time && entry.second.query.id == id;
  });
  return place == running_.end() ? nullptr : &place->second;
}

OwnQueries::Heard* OwnQueries::stranger(Running& running, std::string_view name) {
  const auto known = running.strangers.find(name);
  if (known != running.strangers.end()) return &known->second;
  if (running.strangers.size() >= kMaxStrangers || name.size() > kMaxNameBytes) return nullptr;
  return &running.strangers.emplace(std::string(name), Heard{}).first->second;
}

}  // namespace gossip::cluster
