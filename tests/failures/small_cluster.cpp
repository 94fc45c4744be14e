#include "failures/small_cluster.h"

#include <utility>
#include <variant>

#include "agent/system/tags_file.h"
#include "base/check.h"
#include "rpc/request_codec.h"
#include "runtime/files.h"

namespace gossip::failures {

namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{1024} * 1024;
constexpr const char* kPeerAddress = "127.0.0.2:7946";
constexpr const char* kNewKey = "AQEBAQEBAQEBAQEBAQEBAQ==";

Config config_of(const std::string& name, const Files& files) {
  Config config;
  config.node_name = name;
  config.encryption_keys = {Bytes(16, 0)};
  config.snapshot_path = files.snapshot;
  config.keyring_path = files.keyring;
  return config;
}

LocalAddress address_of(std::uint8_t host) {
  return {{IpAddress::v4({127, 0, 0, host}), kDefaultPort}, kDefaultPort};
}

}  // namespace

Nonce SmallCluster::Nonces::next() {
  Nonce nonce{};
  nonce[0] = ++count_;
  return nonce;
}

SmallCluster::SmallCluster(Files files) : files_(std::move(files)) {
  Expected<runtime::AppendedFile> opened = runtime::open_to_append(files_.snapshot, kMaxFileBytes);
  GOSSIP_CHECK(opened.has_value());
  snapshot_ = std::move(opened->descriptor);
  last_run_ = std::move(opened->text);
  engines_[0] =
      std::make_unique<Engine>(config_of("us", files_), address_of(1), Seed{1}, nonces_, texts_);
  engines_[1] =
      std::make_unique<Engine>(config_of("peer", {}), address_of(2), Seed{2}, nonces_, texts_);
  session_ = std::make_unique<agent::rpc::Session>(
      agent::rpc::SessionWorld{*this, ring, settings_, counters_}, *this, "client");
}

void SmallCluster::live() {
  using namespace gossip::rpc;  // NOLINT(google-build-using-namespace): a dozen requests
  act(Who::Peer, [](Engine& engine, TimePoint now, Effects& out) { engine.start(now, out); });
  act(Who::Us,
      [this](Engine& engine, TimePoint now, Effects& out) { engine.start(now, last_run_, out); });
  ask(HandshakeRequest{});
  ask(StreamRequest{"*", false});
  ask(MonitorRequest{"debug"});
  ask(JoinRequest{{kPeerAddress}, false});
  step(std::chrono::seconds(1));
  ask(MembersRequest{});
  ask(MembersFilteredRequest{{{"role", ".*"}}, "alive", "p.*"});
  ask(EventRequest{"deploy", Bytes{1, 2, 3}, true});
  ask(QueryRequest{.filter_nodes = {},
                   .filter_tags = {},
                   .request_ack = true,
                   .name = "q",
                   .payload = {},
                   .wait = {}});
  step(std::chrono::seconds(1));
  ask(gossip::rpc::KeyRequest{gossip::rpc::KeyChange::Install, kNewKey});
  step(std::chrono::seconds(1));
  ask(ListKeysRequest{});
  ask(TagsRequest{{{"role", "web"}}, {"none"}});
  ask(GetCoordinateRequest{"us"});
  ask(StatsRequest{});
  ask(MembersFilteredRequest{{}, "", "("});
  step(std::chrono::seconds(1));
  ask(LeaveRequest{});
  step(std::chrono::seconds(2));
  GOSSIP_CHECK(heard_bytes_ > 0 && ops_.empty() && queries_.empty());
  GOSSIP_CHECK(engine(Who::Peer).member("us")->status == MemberStatus::Left);
}

template <typename Input>
void SmallCluster::act(Who who, Input input) {
  Effects out;
  input(engine(who), now_, out);
  for (Effect& effect : out)
    std::visit([&](auto& each) { carry_out(who, each); }, effect);
}

void SmallCluster::ask(const gossip::rpc::Request& request) {
  Bytes bytes;
  gossip::rpc::encode_request(++last_seq_, request, bytes);
  session_->receive(bytes);
  deliver_all();
}

void SmallCluster::step(Duration by) {
  const TimePoint end = now_ + by;
  for (;;) {
    deliver_all();
    TimePoint next = end;
    for (const auto& each : engines_)
      next = std::min(next, each->next_deadline().value_or(end));
    if (next >= end) break;
    now_ = std::max(now_, next);
    for (const Who who : {Who::Us, Who::Peer})
      act(who, [](Engine& engine, TimePoint now, Effects& out) { engine.advance(now, out); });
  }
  now_ = end;
}

void SmallCluster::deliver_all() {
  while (!on_the_way_.empty()) {
    const Delivery delivery = std::move(on_the_way_.front());
    on_the_way_.pop_front();
    delivery();
  }
}

void SmallCluster::carry_out(Who who, SendPacket& packet) {
  const Address from = engine(who).local_address().advertised;
  const Who to = who == Who::Us ? Who::Peer : Who::Us;
  on_the_way_.emplace_back([this, to, from, bytes = std::move(packet.datagram)] {
    act(to, [&](Engine& engine, TimePoint now, Effects& out) {
      engine.receive_packet(now, from, bytes, out);
    });
  });
}

void SmallCluster::carry_out(Who who, const OpenStream& stream) {
  on_the_way_.emplace_back([this, ours = End{who, stream.id}] {
    const Address from = engine(ours.first).local_address().advertised;
    End theirs{ours.first == Who::Us ? Who::Peer : Who::Us, 0};
    act(theirs.first, [&](Engine& engine, TimePoint now, Effects& out) {
      theirs.second = engine.accept_stream(now, from, out);
    });
    streams_[ours] = theirs;
    streams_[theirs] = ours;
    act(ours.first, [&](Engine& engine, TimePoint now, Effects& out) {
      engine.stream_opened(now, ours.second, out);
    });
  });
}

void SmallCluster::carry_out(Who who, WriteStream& write) {
  on_the_way_.emplace_back([this, from = End{who, write.id}, bytes = std::move(write.bytes)] {
    const auto to = streams_.find(from);
    if (to == streams_.end()) return;
    act(to->second.first, [&, id = to->second.second](Engine& engine, TimePoint now, Effects& out) {
      engine.receive_stream(now, id, bytes, out);
    });
  });
}

void SmallCluster::carry_out(Who who, const CloseStream& close) {
  on_the_way_.emplace_back([this, from = End{who, close.id}] {
    const auto found = streams_.find(from);
    if (found == streams_.end()) return;
    const End to = found->second;
    streams_.erase(from);
    streams_.erase(to);
    act(to.first, [&](Engine& engine, TimePoint now, Effects& out) {
      engine.stream_ended(now, to.second, StreamEnd::Closed, out);
    });
  });
}

void SmallCluster::carry_out(Who who, const Publish& publish) {
  if (who == Who::Us) session_->published(publish.event);
  const auto* query = std::get_if<Query>(&publish.event);
  if (query == nullptr) return;
  on_the_way_.emplace_back([this, who, token = query->token] {
    act(who, [&](Engine& engine, TimePoint now, Effects& out) {
      (void)engine.respond(now, token, as_bytes("yes"), out);
    });
  });
}

void SmallCluster::carry_out(Who /*who*/, const QueryReply& reply) {
  const auto asked = queries_.find(reply.query);
  if (asked != queries_.end()) asked->second.first(reply);
}

void SmallCluster::carry_out(Who /*who*/, const QueryDone& done) {
  const auto asked = queries_.extract(done.query);
  if (!asked.empty()) asked.mapped().second(done);
}

void SmallCluster::carry_out(Who who, const Finish& finish) {
  if (who == Who::Peer) return;
  on_the_way_.emplace_back([this, finish] {
    const auto op = ops_.extract(finish.op);
    if (!op.empty()) op.mapped()(finish.result);
  });
}

// As StoredFile does it, without its thread.
void SmallCluster::carry_out(Who who, const Save& save) {
  if (who == Who::Peer) {
    // It has no files, and the engine wants to hear of each.
    if (save.mode == SaveMode::Append) return;
  } else if (save.mode == SaveMode::Append) {
    GOSSIP_CHECK(runtime::append_to(snapshot_, files_.snapshot, save.text).has_value());
    return;
  } else {
    const std::string& path = save.file == SavedFile::Keyring ? files_.keyring : files_.snapshot;
    Expected<runtime::Descriptor> written = runtime::write_replacement(path, save.text);
    GOSSIP_CHECK(written && runtime::put_in_place(path).has_value());
    if (save.file == SavedFile::Snapshot) snapshot_ = std::move(*written);
  }
  on_the_way_.emplace_back([this, who, file = save.file] {
    act(who,
        [&](Engine& engine, TimePoint now, Effects& out) { engine.saved(now, file, {}, out); });
  });
}

void SmallCluster::carry_out(Who /*who*/, const Stop& /*stop*/) {
  GOSSIP_CHECK(false);  // nobody takes a name here
}

void SmallCluster::carry_out(Who who, const Log& line) {
  if (who == Who::Us) log(line.level, line.text);
}

Expected<void> SmallCluster::join(std::vector<std::string> addresses, Replay replay,
                                  JoinDone done) {
  const Expected<Address> contact = Address::parse(addresses.front(), kDefaultPort);
  if (!contact) return tl::unexpected(contact.error());
  act(Who::Us, [&](Engine& engine, TimePoint now, Effects& out) {
    const auto op = engine.join(now, std::span(&*contact, 1), replay, out);
    GOSSIP_CHECK(op.has_value());
    ops_[*op] = [done = std::move(done)](const OpResult& result) {
      done(std::get<JoinResult>(result));
    };
  });
  return {};
}

Expected<void> SmallCluster::leave(LeaveDone done) {
  act(Who::Us, [&](Engine& engine, TimePoint now, Effects& out) {
    const auto op = engine.leave(now, out);
    GOSSIP_CHECK(op.has_value());
    ops_[*op] = [done = std::move(done)](const OpResult& /*result*/) { done({}); };
  });
  return {};
}

Expected<void> SmallCluster::set_tags(Tags tags) {
  Expected<void> result = agent::write_tags_file(files_.tags, tags);
  if (!result) return result;
  act(Who::Us, [&](Engine& engine, TimePoint now, Effects& out) {
    result = engine.set_tags(now, std::move(tags), out);
  });
  return result;
}

Expected<void> SmallCluster::force_leave(std::string_view name, Prune prune) {
  Expected<void> result;
  act(Who::Us, [&](Engine& engine, TimePoint now, Effects& out) {
    result = engine.force_leave(now, name, prune, out);
  });
  return result;
}

Expected<void> SmallCluster::send_event(std::string_view name, ByteView payload,
                                        Coalesce coalesce) {
  Expected<void> result;
  act(Who::Us, [&](Engine& engine, TimePoint now, Effects& out) {
    result = engine.send_event(now, name, payload, coalesce, out);
  });
  return result;
}

Expected<QueryToken> SmallCluster::query(const QueryParams& params, Replied replied,
                                         QueryOver over) {
  Expected<QueryToken> token = 0;
  act(Who::Us, [&](Engine& engine, TimePoint now, Effects& out) {
    token = engine.send_query(now, params, out);
    if (token) queries_[*token] = {std::move(replied), std::move(over)};
  });
  return token;
}

Expected<void> SmallCluster::respond(QueryToken query, ByteView payload) {
  Expected<void> result;
  act(Who::Us, [&](Engine& engine, TimePoint now, Effects& out) {
    result = engine.respond(now, query, payload, out);
  });
  return result;
}

Expected<void> SmallCluster::change_keys(const KeyCommand& command, KeysDone done) {
  act(Who::Us, [&](Engine& engine, TimePoint now, Effects& out) {
    const auto op = engine.change_keys(now, command, out);
    GOSSIP_CHECK(op.has_value());
    ops_[*op] = [done = std::move(done)](const OpResult& result) {
      done(std::get<KeyResult>(result));
    };
  });
  return {};
}

void SmallCluster::send(ByteView bytes) {
  heard_bytes_ += bytes.size();
}

}  // namespace gossip::failures
