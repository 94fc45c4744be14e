// What RPC clients may ask of this agent, done on the runtime's host.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/events/event_feed.h"
#include "agent/metrics/metrics.h"
#include "agent/rpc/agent_control.h"
#include "agent/seeds/seeding.h"
#include "agent/system/logging.h"
#include "runtime/host.h"

namespace gossip::agent {

class Control final : public rpc::AgentControl {
 public:
  // Leaves and ends the agent; the error comes at once if that is under way already.
  using Leave = std::function<Expected<void>(LeaveDone)>;
  using Reload = std::function<void(ReloadDone)>;

  // `host`, `log` and `events` outlive the control. `tags_file` is "" for none.
  Control(runtime::Host& host, Logging& log, const EventFeed& events, std::string tags_file,
          Leave leave, Reload reload);

  // Before any client comes; outlives the control's clients.
  void attach(const seeds::Seeding& seeding) { seeding_ = &seeding; }
  void attach(const metrics::Metrics& metrics) { metrics_ = &metrics; }

  [[nodiscard]] std::vector<Member> members() const override;
  [[nodiscard]] const Tags& tags() const override;
  Expected<void> join(std::vector<std::string> addresses, Replay replay, JoinDone done) override;
  // For the agent itself: where nobody could be joined it is for `done` to tell why, as the agent ends then.
  Expected<void> join_at_start(const std::vector<std::string>& addresses, Replay replay,
                               JoinDone done);
  Expected<void> leave(LeaveDone done) override;
  Expected<void> set_tags(Tags tags) override;
  Expected<void> force_leave(std::string_view name, Prune prune) override;
  Expected<void> send_event(std::string_view name, ByteView payload, Coalesce coalesce) override;
  Expected<QueryToken> query(const QueryParams& params, Replied replied, QueryOver over) override;
  Expected<void> respond(QueryToken query, ByteView payload) override;
  Expected<void> change_keys(const KeyCommand& command, KeysDone done) override;
  [[nodiscard]] std::optional<Coordinate> coordinate(std::string_view name) const override;
  void reload(ReloadDone done) override;
  [[nodiscard]] gossip::rpc::SeedsResponse seeds() const override;
  [[nodiscard]] gossip::rpc::MetricsResponse metrics() const override;
  [[nodiscard]] gossip::rpc::StatsSections stats() const override;
  void log(LogLevel level, std::string_view text) override;

 private:
  enum class NobodyJoined : std::uint8_t { Warn, LeaveToDone };

  Expected<void> begin_join(const std::vector<std::string>& addresses, Replay replay,
                            NobodyJoined nobody, JoinDone done);
  void warn_of(const std::vector<JoinFailure>& failures);

  runtime::Host& host_;
  Logging& log_;
  const EventFeed& events_;
  std::string tags_file_;
  Leave leave_;
  Reload reload_;
  const seeds::Seeding* seeding_ = nullptr;
  const metrics::Metrics* metrics_ = nullptr;
};

}  // namespace gossip::agent
