// What the layer is made of. Each file of this folder that implements methods of it has one idea: cluster.cpp
// the inputs, receive.cpp which rule takes which message, state.cpp push/pull, questions.cpp queries.
#pragma once

#include <string_view>

#include "cluster/cluster.h"
#include "cluster/conflict.h"
#include "cluster/intents.h"
#include "cluster/lamport.h"
#include "cluster/queries.h"
#include "cluster/reaper.h"
#include "cluster/status.h"
#include "cluster/user_events.h"
#include "wire/cluster_messages.h"

namespace gossip::cluster {

// How an intent or event reached us: only what was gossiped is told on, and limited in number.
enum class Source : std::uint8_t { Gossip, PushPull };

struct Cluster::Parts {
  Parts(const Config& config_in, members::Table& table_in, base::Rng& rng, Counters& counters_in)
      : config(config_in),
        table(table_in),
        counters(counters_in),
        reaper(config_in.timing, rng),
        statuses(config_in, table_in, reaper),
        events(config_in.event_buffer),
        queries(table_in, config_in.event_buffer) {
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
  Verdict join_intent(TimePoint now, const wire::JoinIntent& intent, Source source);
  Verdict leave_intent(TimePoint now, const wire::LeaveIntent& intent, Source source, Outputs& out);
  Verdict buffer(TimePoint now, std::string_view name, RecentIntent intent, Source source);
  Verdict user_event(const wire::UserEventMessage& event, Outputs& out);
  Verdict query(const wire::QueryMessage& message);
  Verdict relay(TimePoint now, const wire::Relay& message, Outputs& out);
  void merge_clock(LamportClock& clock, LamportTime theirs);
  void merge_statuses(TimePoint now, wire::ClusterState& state, Outputs& out);
  void merge_events(const wire::ClusterState& state, Outputs& out);
  // A join intent of our own, so that all know we are here to stay.
  void announce(Outputs& out);

  const Config& config;
  members::Table& table;
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
  ConflictNotices conflicts;
};

}  // namespace gossip::cluster
