// The life of a small agent: one engine with files and an RPC client, and a second engine to talk to. The network has
// no delay and time passes only in `step`, so each life is the same, allocation for allocation.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "gossip/engine.h"

#include "agent/rpc/session.h"
#include "base/text_pool.h"
#include "runtime/descriptor.h"
#include "unit/agent/rpc/scripted_agent.h"

namespace gossip::failures {

// Where the agent keeps what must survive it.
struct Files {
  std::string snapshot;
  std::string keyring;
  std::string tags;
};

class SmallCluster final : public agent::rpc::ScriptedAgent, public agent::rpc::SessionPeer {
 public:
  explicit SmallCluster(Files files);
  ~SmallCluster() override = default;

  // From its start to its leave: a join, events, a query, a key change, new tags, all asked for over RPC.
  void live();

 private:
  enum class Who : std::uint8_t { Us, Peer };
  using Delivery = std::function<void()>;
  using End = std::pair<Who, StreamId>;

  class Nonces final : public NonceSource {
   public:
    [[nodiscard]] Nonce next() override;

   private:
    std::uint8_t count_ = 0;
  };

  // What the daemon does, with the engine at hand; the rest is the script's.
  [[nodiscard]] std::vector<Member> members() const override { return ours().members(); }
  [[nodiscard]] const Tags& tags() const override { return ours().tags(); }
  Expected<void> join(std::vector<std::string> addresses, Replay replay, JoinDone done) override;
  Expected<void> leave(LeaveDone done) override;
  Expected<void> set_tags(Tags tags) override;
  Expected<void> force_leave(std::string_view name, Prune prune) override;
  Expected<void> send_event(std::string_view name, ByteView payload, Coalesce coalesce) override;
  Expected<QueryToken> query(const QueryParams& params, Replied replied, QueryOver over) override;
  Expected<void> respond(QueryToken query, ByteView payload) override;
  Expected<void> change_keys(const KeyCommand& command, KeysDone done) override;

  // agent::rpc::SessionPeer: a client that reads everything.
  void send(ByteView bytes) override;
  [[nodiscard]] std::size_t unsent_bytes() const override { return 0; }
  void finish(agent::rpc::HangUp /*first*/) override {}
  void input_wanted() override {}

  [[nodiscard]] Engine& engine(Who who) { return *engines_.at(static_cast<std::size_t>(who)); }
  [[nodiscard]] const Engine& ours() const { return *engines_.front(); }
  template <typename Input>
  void act(Who who, Input input);
  void ask(const gossip::rpc::Request& request);
  void step(Duration by);
  void deliver_all();

  void carry_out(Who who, SendPacket& packet);
  void carry_out(Who who, const OpenStream& stream);
  void carry_out(Who who, WriteStream& write);
  void carry_out(Who who, const CloseStream& close);
  void carry_out(Who who, const Publish& publish);
  void carry_out(Who who, const QueryReply& reply);
  void carry_out(Who who, const QueryDone& done);
  void carry_out(Who who, const Finish& finish);
  void carry_out(Who who, const Save& save);
  void carry_out(Who who, const Stop& stop);
  void carry_out(Who who, const Log& log);

  Files files_;
  runtime::Descriptor snapshot_;
  std::string last_run_;
  Nonces nonces_;
  base::TextPool texts_;
  std::array<std::unique_ptr<Engine>, 2> engines_;
  TimePoint now_{};
  std::deque<Delivery> on_the_way_;
  std::map<End, End> streams_;

  std::map<OpId, std::function<void(const OpResult&)>> ops_;
  std::map<QueryToken, std::pair<Replied, QueryOver>> queries_;

  agent::rpc::SessionSettings settings_;
  agent::rpc::SessionCounters counters_;
  std::unique_ptr<agent::rpc::Session> session_;
  std::size_t heard_bytes_ = 0;
  std::uint64_t last_seq_ = 0;
};

}  // namespace gossip::failures
