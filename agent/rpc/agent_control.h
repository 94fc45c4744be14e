// What the RPC server asks of the agent behind it. The daemon implements it on the runtime's host; everything
// is called on the loop's thread, and nothing here waits.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/effects.h"
#include "gossip/engine.h"
#include "gossip/error.h"
#include "gossip/member.h"

#include "rpc/protocol.h"

namespace gossip::agent::rpc {

class AgentControl {
 public:
  AgentControl() = default;
  AgentControl(const AgentControl&) = delete;
  AgentControl& operator=(const AgentControl&) = delete;
  AgentControl(AgentControl&&) = delete;
  AgentControl& operator=(AgentControl&&) = delete;
  virtual ~AgentControl() = default;

  using JoinDone = std::function<void(const JoinResult&)>;
  using LeaveDone = std::function<void(const Expected<void>&)>;
  using KeysDone = std::function<void(const KeyResult&)>;
  using Replied = std::function<void(const QueryReply&)>;
  using QueryOver = std::function<void(const QueryDone&)>;
  using ReloadDone = std::function<void(const Expected<gossip::rpc::ReloadResponse>&)>;

  [[nodiscard]] virtual std::vector<Member> members()
      const = 0;  // sorted by name, ourselves included
  [[nodiscard]] virtual const Tags& tags() const = 0;

  // As runtime::Host::join: `done` is called once, later, never from inside this call, or not at all if
  // the agent ends before.
  virtual Expected<void> join(std::vector<std::string> addresses, Replay replay, JoinDone done) = 0;

  // Leaves the cluster and then ends the agent, whatever became of the leave. `done` is called before the
  // end, so that the one who asked gets an answer; the agent then calls Listener::close, which sends what
  // is still unsent. An error that comes at once ("Leave already in progress") ends nothing new.
  virtual Expected<void> leave(LeaveDone done) = 0;

  // Tells the cluster, and writes the tags file if there is one; the old tags come back if that fails. The
  // error's message goes to the client as it is.
  virtual Expected<void> set_tags(Tags tags) = 0;
  virtual Expected<void> force_leave(std::string_view name, Prune prune) = 0;

  // As the engine's functions of these names; callbacks as runtime::Host's.
  virtual Expected<void> send_event(std::string_view name, ByteView payload, Coalesce coalesce) = 0;
  virtual Expected<QueryToken> query(const QueryParams& params, Replied replied,
                                     QueryOver over) = 0;
  virtual Expected<void> respond(QueryToken query, ByteView payload) = 0;
  virtual Expected<void> change_keys(const KeyCommand& command, KeysDone done) = 0;
  [[nodiscard]] virtual std::optional<Coordinate> coordinate(std::string_view name) const = 0;

  // Reads the configuration again and takes over what can be. `done` is called once, in this call or, where names are
  // looked up, later; or not at all if the agent ends before. An Error: nothing has changed.
  virtual void reload(ReloadDone done) = 0;

  [[nodiscard]] virtual gossip::rpc::SeedsResponse seeds() const = 0;

  [[nodiscard]] virtual gossip::rpc::MetricsResponse metrics() const = 0;

  // The sections of rpc.md §5.11; the server adds its own counters.
  [[nodiscard]] virtual gossip::rpc::StatsSections stats() const = 0;

  // A line for the agent's log: "agent.ipc: …" stands in front of it already.
  virtual void log(LogLevel level, std::string_view text) = 0;
};

}  // namespace gossip::agent::rpc
