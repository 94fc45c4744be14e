// agent/rpc/session: whatever a client sends and however slowly it reads, it gets whole MessagePack objects, never
// more than its backlog holds, and nothing after the end.
#include <algorithm>

#include "base/check.h"
#include "fuzz/decisions.h"
#include "fuzz/targets.h"
#include "rpc/reader.h"
#include "unit/agent/rpc/scripted_agent.h"

namespace {

using gossip::Bytes;
using gossip::ByteView;
using gossip::fuzz::Decisions;
namespace agent_rpc = gossip::agent::rpc;

constexpr std::size_t kMaxBacklogBytes = 4096;
// One answer may begin below the limit, and each query's end is always told.
constexpr std::size_t kMaxBeyondBytes = 16384;

agent_rpc::SessionSettings settings_of(std::uint8_t choice) {
  agent_rpc::SessionSettings settings;
  settings.max_backlog_bytes = kMaxBacklogBytes;
  if ((choice & 1U) != 0) settings.auth_key = "secret";
  return settings;
}

struct Scene {
  explicit Scene(std::uint8_t choice)
      : talk(settings_of(choice), (choice & 2U) != 0 ? "Permission denied" : "") {
    talk.client.counts_as_unsent = true;
    talk.agent.member_list.push_back({.name = "alpha", .address = {}, .tags = {}, .versions = {}});
    talk.agent.coordinates["alpha"] = {};
    const gossip::Error no{gossip::ErrorCode::WrongState, "no"};
    if ((choice & 4U) != 0) talk.agent.refusal = no;
    if ((choice & 8U) != 0) talk.agent.join_refusal = talk.agent.leave_refusal = no;
  }

  void act(Decisions& decisions) {
    switch (decisions.one_of(8)) {
      case 0: read(talk.client.unsent); break;
      case 1: read(decisions.byte()); break;
      case 2: talk.agent.log(gossip::LogLevel::Warn, decisions.text()); break;
      case 3: publish(decisions); break;
      case 4: end_slow_command(); break;
      case 5: reply(decisions); break;
      case 6: talk.session.end_of_input(); break;
      default: talk.session.receive(decisions.many_bytes()); break;
    }
  }

  // The client has taken so many bytes off the socket.
  void read(std::size_t byte_count) {
    talk.client.unsent -= std::min(byte_count, talk.client.unsent);
    talk.session.drained();
  }

  void publish(Decisions& decisions) {
    gossip::Event event = gossip::UserEvent{1, decisions.text(), {}, gossip::Coalesce::No};
    if (decisions.yes()) event = gossip::Query{++last_query, 1, "q", {}, "alpha", {}};
    talk.session.published(event);
    talk.session.published_coalesced(event);
  }

  void end_slow_command() {
    for (auto& join : std::exchange(talk.agent.joins, {}))
      join.done({.joined = 1, .failures = {{"b", "refused"}}});
    for (auto& change : std::exchange(talk.agent.key_changes, {}))
      change.done({});
    if (auto done = std::exchange(talk.agent.leave_done, {})) done({});
  }

  void reply(Decisions& decisions) {
    if (talk.agent.queries.empty()) return;
    auto& asked =
        talk.agent.queries[decisions.one_of(std::min<std::size_t>(talk.agent.queries.size(), 256))];
    if (!asked.over) return;
    if (decisions.yes()) {
      asked.replied({1, gossip::QueryReplyKind::Response, decisions.text(), {}});
    } else {
      std::exchange(asked.over, {})({});
    }
  }

  void check() {
    GOSSIP_CHECK(talk.client.unsent <= kMaxBacklogBytes + kMaxBeyondBytes);
    answers.feed(std::exchange(talk.client.unread, {}));
    gossip::rpc::Reader::Result result;
    do {
      result = answers.next(kMaxBeyondBytes);
    } while (result.status == gossip::rpc::Reader::Status::Complete);
    GOSSIP_CHECK(result.status == gossip::rpc::Reader::Status::More);
    GOSSIP_CHECK(answers.buffered_bytes() == 0);
  }

  agent_rpc::Conversation talk;
  gossip::rpc::Reader answers;
  gossip::QueryToken last_query = 0;
};

}  // namespace

void gossip::fuzz::target::rpc_session(ByteView input) {
  Decisions decisions(input);
  Scene scene(decisions.byte());
  bool finished = false;
  while (!decisions.are_over()) {
    scene.act(decisions);
    if (finished) GOSSIP_CHECK(scene.talk.client.unread.empty());
    finished = scene.talk.client.finished;
    scene.check();
  }
}
