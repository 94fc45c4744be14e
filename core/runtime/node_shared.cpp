#include "runtime/node_shared.h"

#include <utility>

#include "runtime/own_thread.h"
#include "wire/tags_codec.h"

namespace gossip {

Node::Shared::Shared(Config config, MembershipHandler* handler)
    : handler_(handler), config_(std::move(config)) {
  Member local;
  local.name = config_.node_name;
  local.tags = config_.tags;
  view_.begin(std::move(local));
}

// --- What callers ask for ---

// The loop takes no orders: just before it runs, or at its end.
Error Node::Shared::unavailable() {
  return {ErrorCode::WrongState, "the node is only just starting, or is stopping"};
}

Error Node::Shared::not_started() {
  return {ErrorCode::WrongState, "the node has not been started"};
}

Error Node::Shared::nobody_joined(const JoinResult& result) {
  std::string message = "nobody could be joined";
  const char* separator = ": ";
  for (const JoinFailure& failure : result.failures) {
    message.append(separator).append(failure.address).append(": ").append(failure.reason);
    separator = "; ";
  }
  return {ErrorCode::Unreachable, std::move(message)};
}

Expected<void> Node::Shared::claim_start() {
  const std::lock_guard guard(lock_);
  if (phase_ != Phase::New) {
    return fail(ErrorCode::WrongState, "the node was started before");
  }
  phase_ = Phase::Starting;
  return {};
}

Expected<void> Node::Shared::start() {
  if (Expected<void> claimed = claim_start(); !claimed) return claimed;
  owns_loop_ = true;
  Expected<std::thread> thread = runtime::start_own_thread([this] { run_own_loop(); });
  if (!thread) {
    const std::lock_guard guard(lock_);
    phase_ = Phase::Stopped;
    failure_ = thread.error();
    return tl::unexpected(thread.error());
  }
  std::unique_lock guard(lock_);
  thread_ = std::move(*thread);
  changed_.wait(guard, [this] { return phase_ != Phase::Starting; });
  if (phase_ == Phase::Running) return {};
  return tl::unexpected(why_stopped());
}

Expected<void> Node::Shared::start_on(uv_loop_t* loop) {
  if (Expected<void> claimed = claim_start(); !claimed) return claimed;
  Expected<void> opened = open(loop);
  {
    const std::lock_guard guard(lock_);
    phase_ = opened ? Phase::Running : Phase::Stopped;
    if (!opened) failure_ = opened.error();
  }
  if (opened) join_at_start();
  return opened;
}

std::vector<Member> Node::Shared::members() const {
  if (queue_.on_loop_thread() && host_ != nullptr) return host_->engine().members();
  return view_.members();
}

Member Node::Shared::local_member() const {
  return view_.local();
}

Expected<void> Node::Shared::set_tags(Tags tags) {
  {
    const std::lock_guard guard(lock_);
    if (phase_ == Phase::New) return tl::unexpected(not_started());
    if (phase_ == Phase::Stopped) return tl::unexpected(why_stopped());
    if (is_leaving_) return fail(ErrorCode::WrongState, "the node is leaving");
  }
  const Expected<Bytes> encoded = wire::encode_tags(tags, config_.protocol);
  if (!encoded) return tl::unexpected(encoded.error());
  if (queue_.on_loop_thread()) {
    if (host_ == nullptr) return tl::unexpected(why_stopped());
    Expected<void> result = host_->set_tags(tags);
    if (result) view_.set_local_tags(tags);
    return result;
  }
  // Only the queue can still refuse them, so there is nothing to wait for. Others see the new tags before the
  // loop takes them over, or the loop's own news could be overwritten; one thread at a time puts them back.
  const std::lock_guard guard(lock_);
  const Tags before = view_.local().tags;
  view_.set_local_tags(tags);
  const bool is_posted = queue_.post([this, tags = std::move(tags)] {
    if (host_ != nullptr) (void)host_->set_tags(tags);
  });
  if (is_posted) return {};
  view_.set_local_tags(before);
  return tl::unexpected(unavailable());
}

Expected<JoinResult> Node::Shared::join(std::span<const std::string> addresses) {
  std::vector<std::string> wanted(addresses.begin(), addresses.end());
  if (queue_.on_loop_thread()) {
    if (host_ == nullptr) return tl::unexpected(why_stopped());
    const Expected<void> begun =
        host_->join(wanted, config_.replay_on_join, [](const JoinResult&) {});
    if (!begun) return tl::unexpected(begun.error());
    return JoinResult{};
  }
  std::unique_lock guard(lock_);
  if (phase_ == Phase::New) return tl::unexpected(not_started());
  if (phase_ == Phase::Stopped) return tl::unexpected(why_stopped());
  // Outlives its use: the tasks and the host are gone before the phase becomes Stopped.
  std::optional<Expected<JoinResult>> result;
  const auto set = [this, &result](Expected<JoinResult> value) {
    const std::lock_guard holder(lock_);
    result = std::move(value);
    changed_.notify_all();
  };
  const bool is_posted = queue_.post([this, wanted = std::move(wanted), set] {
    if (host_ == nullptr) return;
    const Expected<void> begun =
        host_->join(wanted, config_.replay_on_join, [set](const JoinResult& joined) {
          if (joined.joined > 0) return set(joined);
          set(tl::unexpected(nobody_joined(joined)));
        });
    if (!begun) set(tl::unexpected(begun.error()));
  });
  if (!is_posted) return tl::unexpected(unavailable());
  changed_.wait(guard, [this, &result] { return result || phase_ == Phase::Stopped; });
  if (!result) return tl::unexpected(why_stopped());
  return std::move(*result);
}

Expected<void> Node::Shared::leave() {
  std::unique_lock guard(lock_);
  if (phase_ == Phase::New) return tl::unexpected(not_started());
  if (phase_ != Phase::Stopped && queue_.on_loop_thread()) {
    if (failure_) return tl::unexpected(*failure_);
    guard.unlock();
    begin_leave();
    return {};
  }
  if (phase_ != Phase::Stopped) {
    if (!queue_.post([this] { begin_leave(); }) && phase_ == Phase::Starting) {
      return tl::unexpected(unavailable());
    }
    wait_until_stopped(guard);
  }
  if (!left_) return tl::unexpected(why_stopped());
  if (!*left_) {
    return fail(ErrorCode::TimedOut,
                "the node has left and stopped, but the news may not have reached all");
  }
  return {};
}

// With lock_ held, or on the loop's thread.
Error Node::Shared::why_stopped() const {
  if (failure_) return *failure_;
  return {ErrorCode::WrongState, left_ ? "the node has left" : "the node has stopped"};
}

void Node::Shared::wait_until_stopped(std::unique_lock<std::mutex>& guard) {
  changed_.wait(guard, [this] { return phase_ == Phase::Stopped; });
}

// --- The end ---

void Node::Shared::let_go(std::unique_ptr<Shared> shared) {
  Shared* const self = shared.release();
  if (self->thread_.joinable()) return self->let_go_of_own_thread();
  self->let_go_of_callers_loop();
}

void Node::Shared::let_go_of_own_thread() {
  std::unique_lock guard(lock_);
  if (phase_ != Phase::Stopped && queue_.on_loop_thread()) {
    handler_ = nullptr;
    node_gone_ = true;
    thread_.detach();
    guard.unlock();
    return stop_host();  // and run_own_loop frees this
  }
  if (phase_ != Phase::Stopped) {
    (void)queue_.post([this] {
      handler_ = nullptr;
      stop_host();
    });
    wait_until_stopped(guard);
  }
  if (lookups_remain_ && !thread_done_) {
    // The system's resolver may take half a minute; nobody is called in that time.
    node_gone_ = true;
    thread_.detach();
    return;
  }
  guard.unlock();
  thread_.join();
  delete this;
}

void Node::Shared::let_go_of_callers_loop() {
  std::unique_lock guard(lock_);
  if (phase_ == Phase::New || phase_ == Phase::Stopped) {
    guard.unlock();
    delete this;
    return;
  }
  if (queue_.on_loop_thread()) {
    handler_ = nullptr;
    node_gone_ = true;
    guard.unlock();
    return stop_host();  // and `finished` frees this
  }
  (void)queue_.post([this] {
    handler_ = nullptr;
    stop_host();
  });
  wait_until_stopped(guard);
  guard.unlock();
  delete this;
}

}  // namespace gossip
