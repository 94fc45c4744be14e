// An agent whose members, tags and answers a test sets, and a client's end of a session's connection.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gossip/bytes.h"

#include "agent/rpc/agent_control.h"
#include "agent/rpc/session.h"

namespace gossip::agent::rpc {

class ScriptedAgent : public AgentControl {
 public:
  [[nodiscard]] std::vector<Member> members() const override { return member_list; }
  [[nodiscard]] const Tags& tags() const override { return own_tags; }
  Expected<void> join(std::vector<std::string> addresses, Replay replay, JoinDone done) override {
    if (join_refusal) return tl::unexpected(*join_refusal);
    joins.push_back({std::move(addresses), replay, std::move(done)});
    return {};
  }
  Expected<void> leave(LeaveDone done) override {
    if (leave_refusal) return tl::unexpected(*leave_refusal);
    leave_done = std::move(done);
    return {};
  }
  Expected<void> set_tags(Tags tags) override {
    if (tags_refusal) return tl::unexpected(*tags_refusal);
    own_tags = std::move(tags);
    return {};
  }
  Expected<void> force_leave(std::string_view name, Prune prune) override {
    forced.emplace_back(name, prune);
    return {};
  }
  Expected<void> send_event(std::string_view name, ByteView payload, Coalesce coalesce) override {
    if (refusal) return tl::unexpected(*refusal);
    events.push_back({std::string(name), Bytes(payload.begin(), payload.end()), coalesce});
    return {};
  }
  Expected<QueryToken> query(const QueryParams& params, Replied replied, QueryOver over) override {
    if (refusal) return tl::unexpected(*refusal);
    queries.push_back({params, std::move(replied), std::move(over)});
    return QueryToken{queries.size()};
  }
  Expected<void> respond(QueryToken query, ByteView payload) override {
    if (refusal) return tl::unexpected(*refusal);
    responses.emplace_back(query, Bytes(payload.begin(), payload.end()));
    return {};
  }
  Expected<void> change_keys(const KeyCommand& command, KeysDone done) override {
    if (refusal) return tl::unexpected(*refusal);
    key_changes.push_back({command, std::move(done)});
    return {};
  }
  [[nodiscard]] std::optional<Coordinate> coordinate(std::string_view name) const override {
    const auto found = coordinates.find(name);
    if (found == coordinates.end()) return std::nullopt;
    return found->second;
  }
  void reload(ReloadDone done) override {
    if (reload_is_slow) {
      reload_done = std::move(done);
    } else if (refusal) {
      done(tl::unexpected(*refusal));
    } else {
      done(reload_report);
    }
  }
  [[nodiscard]] gossip::rpc::SeedsResponse seeds() const override { return seed_report; }
  [[nodiscard]] gossip::rpc::MetricsResponse metrics() const override { return metrics_report; }
  [[nodiscard]] gossip::rpc::StatsSections stats() const override {
    return {{"agent", {{"name", "alpha"}}}};
  }
  void log(LogLevel level, std::string_view text) override {
    log_lines.emplace_back(text);
    ring.append(level, text);
  }

  struct Join {
    std::vector<std::string> addresses;
    Replay replay;
    JoinDone done;
  };
  struct SentEvent {
    std::string name;
    Bytes payload;
    Coalesce coalesce;
  };
  struct AskedQuery {
    QueryParams params;
    Replied replied;
    QueryOver over;
  };
  struct KeyChange {
    KeyCommand command;
    KeysDone done;
  };

  std::vector<Member> member_list;
  Tags own_tags;
  std::vector<Join> joins;
  LeaveDone leave_done;
  std::vector<std::pair<std::string, Prune>> forced;
  std::optional<Error> join_refusal;
  std::optional<Error> leave_refusal;
  std::optional<Error> tags_refusal;
  std::optional<Error> refusal;  // of events, queries, responses, key changes and reloads
  std::vector<SentEvent> events;
  std::vector<AskedQuery> queries;  // the token of each is its place, from 1
  std::vector<std::pair<QueryToken, Bytes>> responses;
  std::vector<KeyChange> key_changes;
  std::map<std::string, Coordinate, std::less<>> coordinates;
  gossip::rpc::ReloadResponse reload_report;
  bool reload_is_slow = false;
  ReloadDone reload_done;
  gossip::rpc::SeedsResponse seed_report;
  gossip::rpc::MetricsResponse metrics_report;
  std::vector<std::string> log_lines;
  LogRing ring;
};

// What the session sent, kept until the test reads it: a client that reads only when told to.
class ReadingClient final : public SessionPeer {
 public:
  void send(ByteView bytes) override {
    unread.insert(unread.end(), bytes.begin(), bytes.end());
    if (counts_as_unsent) unsent += bytes.size();
  }
  [[nodiscard]] std::size_t unsent_bytes() const override { return unsent; }
  void finish(HangUp first) override {
    finished = true;
    hang_up = first;
  }
  void input_wanted() override {}

  Bytes unread;
  std::size_t unsent = 0;
  bool counts_as_unsent = false;  // the socket takes nothing
  bool finished = false;
  HangUp hang_up = HangUp::Ours;
};

// A session with all that it needs.
struct Conversation {
  explicit Conversation(SessionSettings with = {}, std::string refusal = {})
      : settings(std::move(with)),
        session({agent, agent.ring, settings, counters}, client, "test", std::move(refusal)) {}

  ScriptedAgent agent;
  ReadingClient client;
  SessionSettings settings;
  SessionCounters counters;
  Session session;
};

}  // namespace gossip::agent::rpc
