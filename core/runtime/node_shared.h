// Inside of Node: what the caller's threads and the loop's thread share. The loop's side may outlast the Node
// (its thread or its handles end a little later), so the last of the two frees it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

#include <uv.h>

#include "gossip/node.h"

#include "runtime/handle.h"
#include "runtime/host.h"
#include "runtime/member_view.h"
#include "runtime/post_queue.h"

namespace gossip {

class Node::Shared final : public runtime::HostListener {
 public:
  Shared(Config config, MembershipHandler* handler);

  // What Node's functions of the same names do; from any thread.
  Expected<void> start();
  Expected<void> start_on(uv_loop_t* loop);
  [[nodiscard]] std::vector<Member> members() const;
  [[nodiscard]] Member local_member() const;
  Expected<void> set_tags(Tags tags);
  Expected<JoinResult> join(std::span<const std::string> addresses);
  Expected<void> send_event(std::string_view name, ByteView payload, Coalesce coalesce);
  Expected<QueryToken> query(QueryParams params, QueryReplied replied, QueryOver done);
  Expected<void> respond(QueryToken query, ByteView payload);
  Expected<void> decline(QueryToken query);
  Expected<void> change_keys(KeyCommand command, KeysChanged done);
  [[nodiscard]] std::optional<Coordinate> coordinate(std::string_view name);
  Expected<void> leave();
  // The Node goes: ends everything without a word, and frees `shared` now or, where the loop's thread is what
  // calls, as soon as the loop has let go.
  static void let_go(std::unique_ptr<Shared> shared);

 private:
  enum class Phase : std::uint8_t {
    New,
    Starting,  // our own thread binds and joins, `start` waits
    Running,
    Stopped  // everything closed; nothing is called any more
  };

  // HostListener
  void published(const Event& event) override;
  void logged(LogLevel level, std::string_view text) override;
  void stopped(const Error& why) override;
  void turned() override;

  // On the loop's thread.
  void run_own_loop();
  Expected<void> open(uv_loop_t* loop);
  void start_failed(const Error& why);
  void join_at_start();
  void start_joined(const JoinResult& result);
  void stop_for(const Error& why);
  void begin_leave();
  void stop_host();
  void finished();
  void tell(runtime::MemberView::News news, const Member& member);
  void put_to_handler(const Query& query);

  [[nodiscard]] static Error unavailable();
  [[nodiscard]] static Error not_started();
  [[nodiscard]] static Error nobody_joined(const JoinResult& result);
  [[nodiscard]] Expected<void> claim_start();
  // Has the loop's thread call `ask(host)`, and waits for the Expected that this returns.
  template <typename Ask>
  auto on_loop(Ask ask) -> std::invoke_result_t<Ask&, runtime::Host&>;
  [[nodiscard]] Error why_stopped() const;
  void wait_until_stopped(std::unique_lock<std::mutex>& guard);
  void let_go_of_own_thread();
  void let_go_of_callers_loop();

  // Set by the loop's thread, read there only.
  std::unique_ptr<runtime::Host> host_;
  MembershipHandler* handler_;  // null once the Node is gone
  bool is_stopping_ = false;
  uv_loop_t* loop_ = nullptr;
  runtime::HandleCount handles_;  // the queue's

  const Config config_;
  runtime::PostQueue queue_;
  runtime::MemberView view_;
  std::thread thread_;  // where the loop is our own
  bool owns_loop_ = false;

  mutable std::mutex lock_;  // guards what follows; the loop's thread never waits while it holds it
  std::condition_variable changed_;
  Phase phase_ = Phase::New;
  bool is_leaving_ = false;
  std::optional<bool> left_;      // after a leave; whether the news had time to spread
  std::optional<Error> failure_;  // why it stopped by itself
  bool lookups_remain_ = false;   // when stopped: name lookups hold our own loop up
  bool thread_done_ = false;      // our own loop has ended
  bool node_gone_ = false;        // the loop's side is the last
};

}  // namespace gossip
