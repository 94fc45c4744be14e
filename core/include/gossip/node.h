// A member of the cluster inside your program: membership, tags, failure detection, user events, queries and
// keys, no daemon needed.
// It runs in a thread of its own or on a libuv loop of yours, installs no signal handler, prints nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/config.h"
#include "gossip/coordinate.h"
#include "gossip/effects.h"
#include "gossip/engine.h"
#include "gossip/error.h"
#include "gossip/event.h"
#include "gossip/keys.h"
#include "gossip/member.h"
#include "gossip/query.h"

struct uv_loop_s;

namespace gossip {

enum class LeaveReason : std::uint8_t { Left, Failed };

// What a handler makes of a query: its answer, a promise to call Node::respond or Node::decline with the
// query's token before `answer_by`, or no answer at all, which lets the asker go on at once.
struct NoAnswer {};
struct AnswerLater {};
using QueryAnswer = std::variant<NoAnswer, AnswerLater, Bytes>;

// Told of every member but ourselves, and of what is sent to all. Calls come on the loop's thread, one at a time, at
// once; any Node function may be called from inside them, and the Node may be destroyed there. They must not throw.
// Join and leave of a member alternate: one that failed and is then forced to leave is one leave, and one that is about
// to leave (status leaving) has not left yet.
class MembershipHandler {
 public:
  MembershipHandler() = default;
  MembershipHandler(const MembershipHandler&) = delete;
  MembershipHandler& operator=(const MembershipHandler&) = delete;
  MembershipHandler(MembershipHandler&&) = delete;
  MembershipHandler& operator=(MembershipHandler&&) = delete;
  virtual ~MembershipHandler() = default;

  virtual void member_join(const Member& member) = 0;
  virtual void member_leave(const Member& member, LeaveReason reason) = 0;
  virtual void member_update(const Member& /*member*/) {}  // new tags or another address
  // Our own user events and queries too, as all members get them.
  virtual void user_event(const UserEvent& /*event*/) {}
  virtual QueryAnswer query(const Query& /*query*/) { return NoAnswer{}; }
  virtual void stopped(const Error& /*why*/) {
  }  // socket lost, name taken, nobody to join; nothing follows
  virtual void log(LogLevel /*level*/, std::string_view /*line*/) {}
};

class Node {
 public:
  // Checks `config` and touches nothing else: what this host has to say to it, names and addresses to be bound and files,
  // is told by `start`. `handler` (may be null) outlives the node.
  // Errors: InvalidArgument, TooLarge.
  [[nodiscard]] static Expected<Node> create(Config config, MembershipHandler* handler = nullptr);

  Node(Node&&) noexcept;
  Node& operator=(Node&&) noexcept;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  // Without a leave before it, stops without a word: the cluster sees a failure. No handler call comes after
  // it. Waits for the loop's thread; on that thread it does not, and the loop lets go in its next rounds.
  // With a loop of yours: destroy the Node on its thread (then run the loop until it is done before you close
  // it), or on another one while the loop runs.
  ~Node();

  // Binds, runs, and joins `start_join_addrs`, in a thread of its own, to which no signal is delivered.
  // Returns once the join is over; the handler may be called before. An error leaves the node stopped.
  // Errors: AddressInUse, PermissionDenied, InvalidArgument, NotFound (no such name, or not an address of
  // this host), Unreachable (nobody of start_join_addrs answered; the message names each with its reason),
  // WrongState (started before, also if that failed), System.
  Expected<void> start();
  // The same on a loop of yours, which this call does not run: it returns after binding, the join goes on
  // while the loop runs. Call it on the thread that runs the loop, which outlives the node. When nobody can
  // be joined, `stopped` is called. A bind address that is a host name is waited for.
  Expected<void> start_on(uv_loop_s* loop);

  // From any thread, also inside handler calls; neither waits for the loop. Before `start` ourselves alone,
  // after the end what was known last. A thread that was told something by the handler sees it here.
  [[nodiscard]] std::vector<Member> members()
      const;                                  // every status, ourselves included, sorted by name
  [[nodiscard]] Member local_member() const;  // with the real port where 0 was asked for
  // Does not wait. TooLarge beyond kMaxTagsBytes, WrongState if not running; then nothing is changed.
  Expected<void> set_tags(Tags tags);

  // Asks these hosts ("host", "host:port", "[v6]:port", "name/host:port"), one after the other. Waits for
  // the result, but not on the loop's thread: there it returns at once with `joined` 0, and the news comes
  // by the handler. Unreachable if none answered (the message names each with its reason),
  // InvalidArgument for no address at all, WrongState if not running.
  Expected<JoinResult> join(std::span<const std::string> addresses);

  // These wait for the loop to take them over, not for the cluster; do not call them with a lock held that
  // the handler takes. WrongState if not running.

  // To every member, ourselves included. TooLarge beyond user_event_size_limit.
  Expected<void> send_event(std::string_view name, ByteView payload,
                            Coalesce coalesce = Coalesce::No);
  // `replied` (may be null) is called for each ack and answer, then `done` once, both as the handler is; neither
  // if the node stops before. TooLarge beyond query_size_limit, InvalidArgument for a reserved name, a pattern
  // that RE2 refuses or a relay factor beyond kMaxRelayFactor, WrongState below protocol 4.
  using QueryReplied = std::function<void(const QueryReply&)>;
  using QueryOver = std::function<void(const QueryDone&)>;
  Expected<QueryToken> query(QueryParams params, QueryReplied replied, QueryOver done);
  // For a query that the handler wants to answer later. NotFound after its time or for no such token,
  // WrongState if it is answered already, TooLarge beyond query_response_size_limit.
  Expected<void> respond(QueryToken query, ByteView payload);
  Expected<void> decline(QueryToken query);
  // Of the whole cluster; `done` is called as the handler is, once, not if the node stops before.
  // InvalidArgument for a key of another length than 16, 24 or 32 bytes.
  using KeysChanged = std::function<void(const KeyResult&)>;
  Expected<void> change_keys(KeyCommand command, KeysChanged done);
  // Where this node or another member stands among the others' round trips, as far as our probes have shown.
  [[nodiscard]] std::optional<Coordinate> coordinate(std::string_view name) const;

  // Tells the cluster and stops; waits until that is done (about a second), but on the loop's thread returns
  // at once. Further calls are successes, from several threads at once too. TimedOut: it has left and
  // stopped, but the news may not have reached all; WrongState: never started, or stopped by itself.
  Expected<void> leave();

 private:
  class Shared;
  explicit Node(std::unique_ptr<Shared> shared);
  std::unique_ptr<Shared> shared_;
};

}  // namespace gossip
