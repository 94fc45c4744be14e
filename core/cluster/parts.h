// What the layer is made of. Each file of this folder that implements methods of it has one idea: cluster.cpp
// the inputs, receive.cpp which rule takes which message, state.cpp push/pull, questions.cpp queries.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/token_bucket.h"
#include "cluster/asked_queries.h"
#include "cluster/cluster.h"
#include "cluster/conflict.h"
#include "cluster/intents.h"
#include "cluster/internal_queries.h"
#include "cluster/key_change.h"
#include "cluster/lamport.h"
#include "cluster/own_queries.h"
#include "cluster/pattern_cache.h"
#include "cluster/queries.h"
#include "cluster/reaper.h"
#include "cluster/replies.h"
#include "cluster/status.h"
#include "cluster/user_events.h"
#include "wire/cluster_messages.h"

namespace gossip::cluster {

// How an intent or event reached us: only what was gossiped is told on, and limited in number.
enum class Source : std::uint8_t { Gossip, PushPull };

// More than an honest cluster asks; a query beyond that is passed on, but not for us.
inline constexpr double kPatternedPerSecond = 250;

struct Cluster::Parts {
  Parts(const Config& config_in, const LocalAddress& local_in, members::Table& table_in,
        base::Rng& rng_in, Counters& counters_in)
      : config(config_in),
        local(local_in),
        table(table_in),
        rng(rng_in),
        counters(counters_in),
        reaper(config_in.timing, rng_in),
        statuses(config_in, table_in, reaper),
        events(config_in.event_buffer),
        queries(table_in, config_in.event_buffer),
        own_queries(table_in, config_in.timing.gossip_interval, counters_in),
        internal_queries(config_in, table_in),
        replies(config_in, table_in, rng_in, counters_in),
        conflicts(config_in.name_conflict) {
    // No message has time 0, so that an empty field says nothing.
    member_clock.increment();
    event_clock.increment();
    query_clock.increment();
  }

  Verdict drop(Drop why) {
    counters.drop(why);
    return Verdict::Old;
  }

  Verdict receive(TimePoint now, ByteView message, Outputs& out);
  Verdict join_intent(TimePoint now, const wire::JoinIntent& intent, Source source, Outputs& out);
  Verdict leave_intent(TimePoint now, const wire::LeaveIntent& intent, Source source, Outputs& out);
  Verdict buffer(TimePoint now, std::string_view name, RecentIntent intent, Source source);
  Verdict user_event(const wire::UserEventMessage& event, Outputs& out);

  // questions.cpp
  // Asks the cluster, ourselves included; replies and the end go to `owner` (see tell). LimitReached with
  // kMaxRunning of them under way; else as Engine::send_query.
  Expected<QueryToken> ask(TimePoint now, const QueryParams& params, QueryOwner owner,
                           Outputs& out);
  Verdict query(TimePoint now, const wire::QueryMessage& message, AskedBy by, Outputs& out);
  void serve(TimePoint now, QueryToken token, const wire::QueryMessage& message, Outputs& out);
  Verdict response(TimePoint now, const wire::QueryResponse& message, Outputs& out);
  void send_ack(TimePoint now, AskedQuery& asked, Outputs& out);
  void send_held_acks(TimePoint now, Outputs& out);
  void send_reply(TimePoint now, const AskedQuery& asked, const wire::QueryResponse& reply,
                  Outputs& out);
  Expected<void> respond(TimePoint now, QueryToken token, ByteView payload, Outputs& out);
  void decline(TimePoint now, QueryToken token, Outputs& out);
  // Passes on what queries of ours have heard; at the end of every input but `ask`.
  void tell(Outputs& out);

  // internal_asking.cpp
  void tell_key_change(const Told& told, Outputs& out);
  void tell_name_vote(const Told& told, Outputs& out);
  void tell_name_vote_of_death();
  [[nodiscard]] bool is_alive(std::string_view name) const;
  // Members that are up, without ourselves.
  [[nodiscard]] std::size_t other_live_count() const;

  Verdict relay(TimePoint now, const wire::Relay& message, Outputs& out);
  void merge_clock(LamportClock& clock, LamportTime theirs);
  void merge_statuses(TimePoint now, wire::ClusterState& state, Outputs& out);
  void merge_events(const wire::ClusterState& state, Outputs& out);
  // It is another member, shown as leaving because of an intent that it may have outlived, or may never have heard of.
  [[nodiscard]] bool may_refute(members::Index member) const;
  // Such a member is told of that intent, now and later: if it means to stay, it refutes.
  void let_refute(TimePoint now, members::Index member, Outputs& out);
  // A join intent of our own, so that all know we are here to stay.
  void announce(Outputs& out);

  const Config& config;
  const LocalAddress& local;
  members::Table& table;
  base::Rng& rng;
  Counters& counters;
  LamportClock member_clock;
  LamportClock event_clock;
  LamportClock query_clock;
  OwnCourse own = OwnCourse::Staying;
  Reaper reaper;
  Statuses statuses;
  RecentIntents intents;
  UserEvents events;
  Queries queries;
  PatternCache patterns;
  // Others' queries that bear patterns: each may ask for some milliseconds of compiling.
  base::TokenBucket patterned{kPatternedPerSecond, kPatternedPerSecond};
  OwnQueries own_queries;
  AskedQueries asked_queries;
  InternalQueries internal_queries;
  Replies replies;
  QueryToken last_token = 0;  // of our own queries and of those that we are asked
  ConflictNotices conflicts;
  NameVote name_vote;
  std::optional<KeyTally> key_tally;  // while a key command of ours is under way
};

}  // namespace gossip::cluster
