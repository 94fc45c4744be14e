// What an engine is made of. Each file of this folder implements the methods of one idea; engine.cpp decides
// the order of a turn: input → swim → cluster → effects.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/engine.h"

#include "base/rng.h"
#include "base/text_pool.h"
#include "cluster/cluster.h"
#include "engine/complaints.h"
#include "engine/conversations.h"
#include "engine/coordinates.h"
#include "engine/join.h"
#include "engine/keys.h"
#include "engine/leave.h"
#include "engine/outbox.h"
#include "engine/snapshot_keeper.h"
#include "members/table.h"
#include "swim/swim.h"
#include "wire/cipher.h"
#include "wire/keyring.h"
#include "wire/packet.h"

namespace gossip {

struct Engine::Parts {
  using Conversation = engine::Conversation;
  using JoinCommand = engine::JoinCommand;
  using JoinFlag = engine::JoinFlag;
  using JoinKind = engine::JoinKind;
  using LeavePhase = engine::LeavePhase;
  using Purpose = engine::Purpose;

  Parts(Config config_in, LocalAddress local_in, const Seed& seed, NonceSource& nonces_in,
        base::TextPool& texts);

  // engine.cpp: the order of things.
  // Passes on what the layers have put out, until nothing is left, then lets packets go.
  void settle(TimePoint now, Effects& out);
  void route(TimePoint now, swim::Output& output, Effects& out);
  void route(TimePoint now, cluster::Output& output, Effects& out);
  void drain_swim(TimePoint now, Effects& out);
  void drain_cluster(TimePoint now, Effects& out);
  void forget_if_unused(members::Index member);
  void learn_coordinate(TimePoint now, const swim::RoundTrip& trip, Effects& out);

  // dropped_input.cpp: what was dropped, and whose it was.
  // `detail` as in Complaints.
  void complain(TimePoint now, Drop why, std::string_view source, Effects& out,
                std::string_view detail = {});
  // The same from an address; named after the member that has it, if one is known.
  void complain(TimePoint now, Drop why, const Address& from, Effects& out,
                std::string_view detail = {});
  [[nodiscard]] std::string source_of(const Address& from) const;
  // `bytes`: a packet, or the beginning of a stream, whose label is not ours.
  void complain_of_label(TimePoint now, const Address& from, ByteView bytes, Effects& out);

  // dispatch.cpp: which layer takes which message.
  void dispatch(TimePoint now, const Address& from, ByteView message, Effects& out);
  void dispatch_user(TimePoint now, const Address& from, ByteView body, Effects& out);

  // exchange.cpp: what is said in a TCP conversation.
  void open_push_pull(TimePoint now, Purpose purpose, const Address& to, std::uint32_t owner,
                      Effects& out);
  void speak_first(TimePoint now, StreamId id, Conversation& conversation, Effects& out);
  void hear(TimePoint now, StreamId id, ByteView bytes, Effects& out);
  void close_fullest(TimePoint now, Effects& out);
  void answer(TimePoint now, StreamId id, Conversation& conversation, Effects& out);
  void conclude(TimePoint now, StreamId id, Conversation& conversation, Effects& out);
  void refuse_stream(TimePoint now, StreamId id, Conversation& conversation, Effects& out);
  // Merges a peer's state; the error says why it was refused as a whole.
  Expected<void> merge(TimePoint now, const Address& peer, const wire::PushPull& theirs,
                       cluster::MergeKind kind, Effects& out);
  [[nodiscard]] Bytes local_push_pull(JoinFlag join) const;
  // The conversation is over without what we wanted; whoever began it hears why.
  void stream_failed(TimePoint now, StreamId id, std::string reason, Effects& out);
  void refused(TimePoint now, Purpose purpose, std::uint32_t owner);
  void expire_streams(TimePoint now, Effects& out);
  void schedule_push_pull(TimePoint now);
  void run_push_pull(TimePoint now, Effects& out);

  // join.cpp
  void ask_next_contact(TimePoint now, JoinCommand& join, Effects& out);
  void contact_answered(TimePoint now, OpId op, const Address& contact,
                        const Expected<void>& result, Effects& out);
  [[nodiscard]] JoinCommand* find_join(OpId op);

  // rejoin.cpp
  void begin_rejoin(TimePoint now, JoinKind kind, Effects& out);
  static void rejoin_begins(const JoinCommand& join, Effects& out);
  static void rejoin_tried(JoinCommand& join, const Expected<void>& result, Effects& out);
  void rejoin_over(const JoinCommand& join, Effects& out) const;
  void forget_those_who_left();
  void run_rejoin_timer(TimePoint now, Effects& out);
  // Remembered from the last run, and no member here.
  [[nodiscard]] std::vector<engine::SnapshotKeeper::Contact> missing_peers() const;

  // keys.cpp
  void ask_for_keys(TimePoint now, Effects& out);
  void keys_answered(TimePoint now, KeyResult result, Effects& out);
  void key_requested(TimePoint now, cluster::KeyRequested& request, Effects& out);
  void serve_key_requests(TimePoint now, Effects& out);
  void answer_key_request(TimePoint now, const cluster::KeyAnswer& answer);
  void keyring_saved(TimePoint now, const Expected<void>& result, Effects& out);
  void rekey(const std::vector<Bytes>& before);
  // Says once for each primary key when it has sealed too much.
  void watch_key(Effects& out);

  // leave.cpp
  void begin_leave(TimePoint now, OpId op, Effects& out);
  void enter(LeavePhase phase);
  void enter_departure(TimePoint now);
  void departed(TimePoint now);
  void joins_over(TimePoint now);
  void announce_leave(TimePoint now);
  void intent_spread(TimePoint now, std::uint32_t ticket);
  void run_leave_timer(TimePoint now, Effects& out);

  Config config;
  LocalAddress local;
  Stats stats;
  base::Rng rng;
  NonceSource& nonces;
  members::Table table;
  wire::Keyring keyring;
  std::optional<wire::Cipher> cipher;
  wire::Wrapping wrapping;
  wire::PacketOpener opener;

  swim::Swim swim;
  cluster::Cluster cluster;
  engine::Outbox outbox;
  engine::Conversations conversations;
  engine::Complaints complaints;
  engine::SnapshotKeeper snapshot;
  engine::Coordinates coordinates;

  // What the layers have put out and nobody has passed on yet.
  swim::Outputs swim_out;
  swim::Outputs swim_routed;  // what drain_swim is at
  cluster::Outputs cluster_out;

  std::optional<TimePoint> push_pull_at;
  std::vector<JoinCommand> joins;
  OpId last_op = 0;
  std::optional<TimePoint> rejoin_at;
  TimePoint started_at;

  engine::KeyRequests key_requests;
  engine::KeyCommands key_commands;
  bool told_of_worn_key = false;

  LeavePhase leave_phase = LeavePhase::None;
  std::optional<TimePoint> leave_at;  // when the present phase ends at the latest
  OpId leave_op = 0;
  TimePoint leave_began;
  Bytes leave_intent;  // as others are to hear it once more, in the packet of the good-bye
  bool leave_spread = true;
};

}  // namespace gossip
