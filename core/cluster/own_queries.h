// Queries that we have asked (gossip-wire §9.1): who is to have a say, who has had it, when it is over. A query
// ends early, once each member that was alive and matched when it was asked has answered or declined;
// members that die meanwhile are waited for no longer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "gossip/config.h"
#include "gossip/lamport_time.h"
#include "gossip/query.h"
#include "gossip/stats.h"
#include "gossip/time.h"

#include "base/text_pool.h"
#include "base/timers.h"
#include "cluster/outputs.h"
#include "cluster/query_filter.h"
#include "members/table.h"
#include "wire/cluster_messages.h"

namespace gossip::cluster {

// Who wants the replies: somebody outside, or a rule of this layer.
enum class QueryOwner : std::uint8_t { Application, KeyChange, NameVote };

// What settles a member: its answer, or a word that none will follow; or, where nobody ever answers
// (a ping), its ack.
enum class SettledBy : std::uint8_t { Answer, Ack };

struct OwnQuery {
  QueryToken token = 0;
  QueryOwner owner = QueryOwner::Application;
  std::string name;
  LamportTime time = 0;
  std::uint32_t id = 0;
  Acks acks = Acks::None;
  QueryWait wait = QueryWait::UntilComplete;
  Duration settle{};
  SettledBy settled_by = SettledBy::Answer;
  TimePoint end;
  // The message for those from whom nothing is heard, with kQueryNoBroadcast. Empty: nobody is asked again.
  Bytes repeat;
};

// A reply to one of our queries, or its end.
struct Told {
  QueryOwner owner = QueryOwner::Application;
  std::variant<QueryReply, QueryDone> what;
};

class OwnQueries {
 public:
  static constexpr std::size_t kMaxRunning = 256;
  // From whom replies to one query are taken though we did not expect them to answer: members that we do not
  // know yet, or whose tags we know too old.
  static constexpr std::size_t kMaxStrangers = 1024;
  // Queries that are over, to tell a late reply from a stray one.
  static constexpr std::size_t kMaxRemembered = 16;
  // In one gossip interval, so that a large cluster which is slow to hear is not asked twice at once.
  static constexpr std::size_t kMaxAskedAgainAtOnce = 64;

  // All references outlive this.
  OwnQueries(const members::Table& table, Duration gossip_interval, Counters& counters);

  [[nodiscard]] bool is_full() const { return running_.size() >= kMaxRunning; }
  // The members that are alive and match are the audience from now on, ourselves among them;
  // `own_tags` are ours. `is_full` is false.
  void ask(TimePoint now, OwnQuery query, const QueryFilter& filter, std::string_view own_name,
           const Tags& own_tags);
  // It could not be asked after all; nothing is told of it.
  void withdraw(QueryToken token);

  // A reply, direct or relayed. Says whether it was the first of its kind from its sender; what was not is
  // counted.
  bool receive(TimePoint now, const wire::QueryResponse& reply, Outputs& out);
  // swim has given the member up.
  void member_gone(TimePoint now, std::string_view name);

  void advance(TimePoint now, Outputs& out);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;

  // What there is to tell since the last call, in order.
  [[nodiscard]] std::vector<Told> take_told() { return std::exchange(told_, {}); }

  [[nodiscard]] std::size_t running_count() const { return running_.size(); }

 private:
  enum class Kind : std::uint8_t { AskAgain, End };
  struct Timer {
    Kind kind = Kind::End;
    QueryToken query = 0;
  };
  // What has been heard of one member.
  struct Heard {
    bool acked = false;
    bool answered = false;
    bool declined = false;
    bool asked_again = false;
    bool gone = false;  // dead before it had its say
  };
  struct Listener {
    base::Text name;
    Heard heard;
  };
  struct Running {
    OwnQuery query;
    std::vector<Listener> audience;  // sorted by name
    std::size_t open_count = 0;      // of the audience: neither settled nor gone
    bool is_settling = false;        // all have had their say, and its end is near
    std::map<std::string, Heard, std::less<>> strangers;
  };

  [[nodiscard]] static bool is_settled(const OwnQuery& query, const Heard& heard);
  [[nodiscard]] static bool is_complete(const Running& running);
  [[nodiscard]] static Listener* find(Running& running, std::string_view name);
  // Of somebody outside the audience; null if there are too many of them.
  [[nodiscard]] static Heard* stranger(Running& running, std::string_view name);
  [[nodiscard]] Running* find(LamportTime time, std::uint32_t id);
  template <typename Change>
  static void update(Running& running, Heard& heard, Change change);
  void count_duplicate(const wire::QueryResponse& reply);
  bool hear(const OwnQuery& query, const wire::QueryResponse& reply, Heard& heard);
  void receive_late(const wire::QueryResponse& reply, Outputs& out);
  void ask_again(TimePoint now, Running& running, Outputs& out);
  void finish(QueryToken token, QueryEnd end);
  // All have had their say: over, or so after its time to settle.
  void complete(TimePoint now, QueryToken token);
  void finish_complete(TimePoint now);

  const members::Table* table_;
  Duration gossip_interval_;
  Counters* counters_;
  base::Timers<Timer> timers_;
  // A query that is over at once still lets its asker hear its token first.
  std::optional<TimePoint> asked_at_;
  std::map<QueryToken, Running> running_;
  std::deque<Running> over_;  // oldest first
  std::vector<Told> told_;
};

// How long a query waits that says nothing of it (gossip-wire §9.1): `n` nodes are not dead, ourselves included.
[[nodiscard]] Duration default_query_timeout(Duration gossip_interval, std::size_t n);

}  // namespace gossip::cluster
