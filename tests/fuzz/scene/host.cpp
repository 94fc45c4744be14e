#include "fuzz/scene/host.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/keyring_text.h"
#include "cluster/snapshot.h"
#include "engine/conversations.h"
#include "wire/cluster_codec.h"
#include "wire/swim_codec.h"

namespace gossip::fuzz {

namespace {

// Streams that the engine opens itself: one for each probe, join, reconnect and sync under way.
constexpr std::size_t kMaxOwnStreams = 64;
constexpr std::size_t kCrcHeaderBytes = 5;

}  // namespace

Nonce CountingNonces::next() {
  Nonce nonce{};
  std::uint64_t count = ++count_;
  for (std::size_t i = 0; i < sizeof count; ++i)
    nonce[i] = static_cast<std::uint8_t>(count >> (8 * i));
  return nonce;
}

Host::Host(Config config, const wire::Cipher* cipher)
    : config_(std::move(config)),
      wrapping_{.label = config_.label, .compression = config_.compression, .cipher = cipher} {}

void Host::start() {
  streams_.clear();
  ops_.clear();
  queries_.clear();
  questions_.clear();
  last_event_.clear();
  user_events_.clear();
  outcomes_.clear();
  last_ = {};
  last_question_ = 0;
  check_snapshot();
  const Address local{IpAddress::v4({127, 0, 0, kHostByte}), kDefaultPort};
  engine_ =
      std::make_unique<Engine>(config_, LocalAddress{local, local.port}, Seed{1}, nonces_, texts_);
  const std::string last_run = snapshot_;
  act([&](Engine& engine, TimePoint now, Effects& out) { engine.start(now, last_run, out); });
}

void Host::begun(OpId op) {
  GOSSIP_CHECK(ops_.insert(op).second);
}

void Host::asked(QueryToken query) {
  GOSSIP_CHECK(query != 0 && queries_.emplace(query, Asked{}).second);
}

void Host::accept_stream(const Address& from) {
  act([&](Engine& engine, TimePoint now, Effects& out) {
    GOSSIP_CHECK(streams_.insert(engine.accept_stream(now, from, out)).second);
  });
}

void Host::end_stream(StreamId id, StreamEnd why) {
  act([&](Engine& engine, TimePoint now, Effects& out) { engine.stream_ended(now, id, why, out); });
  streams_.erase(id);
}

StreamId Host::stream(std::size_t index) const {
  if (streams_.empty()) return 0;
  return *std::next(streams_.begin(), static_cast<std::ptrdiff_t>(index % streams_.size()));
}

void Host::step(Duration by) {
  const TimePoint end = now_ + by;
  for (auto due = engine_->next_deadline(); due && *due <= end; due = engine_->next_deadline()) {
    if (turns_left_ == 0) break;
    --turns_left_;
    now_ = std::max(now_, *due);
    freeze({});
  }
  freeze(end - now_);
}

void Host::freeze(Duration by) {
  now_ += by;
  act([](Engine& engine, TimePoint now, Effects& out) { engine.advance(now, out); });
  // A deadline that advance leaves in the past would spin the real loop.
  const auto next = engine_->next_deadline();
  GOSSIP_CHECK(!next || *next > now_);
}

void Host::carry_out(const Effects& effects) {
  for (const Effect& effect : effects)
    std::visit([this](const auto& each) { this->carry_out(each); }, effect);
}

void Host::carry_out(const SendPacket& packet) {
  GOSSIP_CHECK(packet.to.ip.is_set() && !packet.datagram.empty());
  GOSSIP_CHECK(packet.datagram.size() <= wire::kPacketBytes + kCrcHeaderBytes);
  const auto messages = opener_.open(packet.datagram, wrapping_);
  // The cluster may have been told to use a key that we do not have.
  if (wrapping_.cipher == nullptr) GOSSIP_CHECK(messages && !opener_.damage());
  if (!messages) return;
  for (const ByteView message : *messages)
    overhear(message);
}

void Host::overhear(ByteView message) {
  const auto type = static_cast<wire::MessageType>(message[0]);
  if (type == wire::MessageType::Ping) {
    if (const auto ping = wire::decode_ping(message.subspan(1))) overheard_.ping = ping->sequence;
  }
  if (type != wire::MessageType::User || message.size() < 2) return;
  if (static_cast<wire::ClusterType>(message[1]) != wire::ClusterType::Query) return;
  if (const auto query = wire::decode_query(message.subspan(2))) {
    overheard_.query_time = query->time;
    overheard_.query_id = query->id;
  }
}

void Host::carry_out(const OpenStream& stream) {
  GOSSIP_CHECK(stream.to.ip.is_set() && stream.give_up_at >= now_);
  GOSSIP_CHECK(streams_.insert(stream.id).second);
}

void Host::carry_out(const WriteStream& write) {
  GOSSIP_CHECK(streams_.contains(write.id) && !write.bytes.empty());
}

void Host::carry_out(const CloseStream& close) {
  GOSSIP_CHECK(streams_.erase(close.id) == 1);
}

void Host::carry_out(const Publish& publish) {
  std::visit([this](const auto& event) { published(event); }, publish.event);
}

// A member's status moves along the edges of the state machine alone.
void Host::published(const MemberEvent& event) {
  GOSSIP_CHECK(!event.members.empty());
  for (const Member& member : event.members) {
    const auto last = last_event_.find(member.name);
    const bool is_known = last != last_event_.end();
    const bool is_here = is_known && last->second == MemberEventKind::Join;
    switch (event.kind) {
      case MemberEventKind::Join: GOSSIP_CHECK(!is_here); break;
      case MemberEventKind::Update: GOSSIP_CHECK(is_here); continue;
      case MemberEventKind::Failed: GOSSIP_CHECK(is_here); break;
      case MemberEventKind::Leave:
        GOSSIP_CHECK(is_here || (is_known && last->second == MemberEventKind::Failed));
        break;
      case MemberEventKind::Reap: GOSSIP_CHECK(is_known && !is_here); break;
    }
    if (event.kind == MemberEventKind::Reap) {
      last_event_.erase(member.name);
    } else {
      last_event_.insert_or_assign(member.name, event.kind);
    }
  }
}

void Host::published(const UserEvent& event) {
  GOSSIP_CHECK(user_events_.emplace(event.time, event.name, event.payload).second);
}

void Host::published(const Query& query) {
  GOSSIP_CHECK(query.token != 0 && questions_.insert(query.token).second);
  GOSSIP_CHECK(!query.name.starts_with("_serf_"));
  last_question_ = query.token;
}

void Host::carry_out(const QueryReply& reply) {
  const auto query = queries_.find(reply.query);
  GOSSIP_CHECK(query != queries_.end() && !query->second.is_over);
  GOSSIP_CHECK(query->second.replies.emplace(reply.kind, reply.from).second);
}

void Host::carry_out(const QueryDone& done) {
  const auto query = queries_.find(done.query);
  GOSSIP_CHECK(query != queries_.end() && !query->second.is_over);
  GOSSIP_CHECK(done.answered + done.declined + done.silent.size() <= done.asked);
  query->second.is_over = true;
}

void Host::carry_out(const Finish& finish) {
  GOSSIP_CHECK(ops_.erase(finish.op) == 1);
}

void Host::carry_out(const Save& save) {
  if (save.file == SavedFile::Keyring) {
    GOSSIP_CHECK(save.mode == SaveMode::Replace);
    GOSSIP_CHECK(base::parse_keyring(save.text, "ring").has_value());
  } else {
    GOSSIP_CHECK(save.text.empty() || save.text.back() == '\n');
    if (disk_is_full_) {
      snapshot_is_damaged_ = true;
    } else if (save.mode == SaveMode::Append) {
      snapshot_ += save.text;
    } else {
      snapshot_ = save.text;
      snapshot_is_damaged_ = false;
    }
  }
  // An append is told of only if it failed.
  if (save.mode == SaveMode::Replace || disk_is_full_)
    outcomes_.push_back({save.file, !disk_is_full_});
}

void Host::finish_save() {
  if (outcomes_.empty()) return;
  const Outcome oldest = outcomes_.front();
  outcomes_.pop_front();
  const Expected<void> result =
      oldest.is_saved ? Expected<void>() : fail(ErrorCode::System, "No space left on device");
  act([&](Engine& engine, TimePoint now, Effects& out) {
    engine.saved(now, oldest.file, result, out);
  });
}

void Host::carry_out(const Stop& stop) {
  GOSSIP_CHECK(stop.reason == StopReason::NameTaken && config_.name_conflict == NameConflict::Vote);
  has_stopped_ = true;
}

void Host::carry_out(const Log& log) {
  GOSSIP_CHECK(!log.text.empty());
}

void Host::check() {
  check_members();
  check_figures();
}

// Whoever followed the events knows the members.
void Host::check_members() const {
  const std::vector<Member> members = engine_->members();
  GOSSIP_CHECK(members.size() == last_event_.size() && members.size() <= config_.max_members);
  for (const Member& member : members) {
    const auto last = last_event_.find(member.name);
    GOSSIP_CHECK(last != last_event_.end());
    switch (member.status) {
      case MemberStatus::None: GOSSIP_CHECK(false); break;
      case MemberStatus::Alive:
      case MemberStatus::Leaving: GOSSIP_CHECK(last->second == MemberEventKind::Join); break;
      case MemberStatus::Left: GOSSIP_CHECK(last->second == MemberEventKind::Leave); break;
      case MemberStatus::Failed: GOSSIP_CHECK(last->second == MemberEventKind::Failed); break;
    }
  }
}

void Host::check_figures() {
  const Gauges& figures = engine_->stats().gauges;
  GOSSIP_CHECK(figures.member_time >= last_.member_time);
  GOSSIP_CHECK(figures.event_time >= last_.event_time);
  GOSSIP_CHECK(figures.query_time >= last_.query_time);
  for (const std::uint32_t length :
       {figures.intent_queue, figures.event_queue, figures.query_queue, figures.swim_queue})
    GOSSIP_CHECK(length <= config_.max_queue_depth);
  GOSSIP_CHECK(figures.open_streams == streams_.size());
  GOSSIP_CHECK(streams_.size() <= engine::Conversations::kMaxAccepted + kMaxOwnStreams);
  GOSSIP_CHECK(figures.health_score < config_.timing.awareness_max_multiplier);
  last_ = figures;
}

// As long as the disk took everything, the next run can use every line.
void Host::check_snapshot() const {
  if (snapshot_is_damaged_) return;
  cluster::Snapshot read(config_.max_members);
  GOSSIP_CHECK(!read.read(snapshot_, RejoinAfterLeave::No).flaws.any());
}

}  // namespace gossip::fuzz
