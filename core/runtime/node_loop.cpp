// The part of Node that runs on the loop's thread.
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/overloaded.h"
#include "runtime/loop_timer.h"
#include "runtime/node_shared.h"

namespace gossip {

void Node::Shared::run_own_loop() {
  uv_loop_t loop;
  if (const int code = uv_loop_init(&loop); code != 0) {
    start_failed({ErrorCode::System, std::string("cannot make a loop: ") + uv_strerror(code)});
  } else {
    if (const Expected<void> opened = open(&loop); opened) {
      join_at_start();
    } else {
      start_failed(opened.error());
    }
    uv_run(&loop, UV_RUN_DEFAULT);  // until everything is closed and no lookup is left
    GOSSIP_CHECK(uv_loop_close(&loop) == 0);
  }
  bool is_last = false;
  {
    const std::lock_guard guard(lock_);
    thread_done_ = true;
    is_last = node_gone_;
  }
  if (is_last) delete this;
}

Expected<void> Node::Shared::open(uv_loop_t* loop) {
  Expected<std::unique_ptr<runtime::Host>> host = runtime::Host::create(loop, config_, *this);
  if (!host) return tl::unexpected(host.error());
  if (const int code = queue_.open(loop, handles_); code != 0) {
    return fail(ErrorCode::System, std::string("cannot wake the loop: ") + uv_strerror(code));
  }
  loop_ = loop;
  host_ = std::move(*host);
  const runtime::BoundAddress& address = host_->address();
  Member local;
  local.name = host_->engine().name();
  local.address = address.local.advertised;
  local.tags = config_.tags;
  local.status = MemberStatus::Alive;
  view_.begin(std::move(local));
  host_->start();
  if (!address.note.empty()) logged(LogLevel::Warn, address.note);
  return {};
}

void Node::Shared::start_failed(const Error& why) {
  const std::lock_guard guard(lock_);
  failure_ = why;
  phase_ = Phase::Stopped;
  changed_.notify_all();
}

void Node::Shared::join_at_start() {
  if (config_.start_join_addrs.empty()) return start_joined({});
  const Expected<void> begun = host_->join(config_.start_join_addrs, config_.replay_on_join,
                                           [this](const JoinResult& result) {
                                             if (result.joined == 0)
                                               return stop_for(nobody_joined(result));
                                             start_joined(result);
                                           });
  if (!begun) stop_for(begun.error());
}

void Node::Shared::start_joined(const JoinResult& result) {
  for (const JoinFailure& failure : result.failures) {
    logged(LogLevel::Warn, "cannot join " + failure.address + ": " + failure.reason);
  }
  const std::lock_guard guard(lock_);
  if (phase_ == Phase::Starting) phase_ = Phase::Running;
  changed_.notify_all();
}

// A failure of our own. `start` returns it if it still waits; else the handler hears of it.
void Node::Shared::stop_for(const Error& why) {
  if (is_stopping_) return;
  bool is_news = false;
  {
    const std::lock_guard guard(lock_);
    failure_ = why;
    is_news = phase_ == Phase::Running;
  }
  // The handler may destroy the Node.
  if (is_news && handler_ != nullptr) std::exchange(handler_, nullptr)->stopped(why);
  stop_host();
}

void Node::Shared::begin_leave() {
  if (is_stopping_ || host_ == nullptr) return;
  {
    const std::lock_guard guard(lock_);
    if (std::exchange(is_leaving_, true)) return;
  }
  const Expected<void> begun = host_->leave([this](const LeaveResult& result) {
    {
      const std::lock_guard guard(lock_);
      left_ = result.spread;
    }
    stop_host();
  });
  if (!begun) stop_for(begun.error());
}

void Node::Shared::stop_host() {
  if (std::exchange(is_stopping_, true)) return;
  host_->close([this] {
    host_.reset();
    queue_.close();
    handles_.when_none_left([this] { finished(); });
  });
}

// The last thing on the loop; from here on others may free this.
void Node::Shared::finished() {
  bool is_last = false;
  {
    const std::lock_guard guard(lock_);
    phase_ = Phase::Stopped;
    lookups_remain_ = uv_loop_alive(loop_) != 0;
    is_last = node_gone_ && !owns_loop_;
    changed_.notify_all();
  }
  if (is_last) delete this;
}

void Node::Shared::published(const Event& event) {
  std::visit(base::Overloaded{
                 [this](const MemberEvent& change) {
                   for (const Member& member : change.members) {
                     tell(view_.apply(change.kind, member), member);
                   }
                 },
                 [this](const UserEvent& user) {
                   if (handler_ != nullptr) handler_->user_event(user);
                 },
                 [this](const Query& query) { put_to_handler(query); },
             },
             event);
}

void Node::Shared::put_to_handler(const Query& query) {
  QueryAnswer answer = NoAnswer{};
  if (handler_ != nullptr) answer = handler_->query(query);
  // The handler may have destroyed the Node.
  if (is_stopping_ || std::holds_alternative<AnswerLater>(answer)) return;
  const Bytes* const payload = std::get_if<Bytes>(&answer);
  if (payload == nullptr) return host_->decline(query.token);
  const Expected<void> sent = host_->respond(query.token, *payload);
  if (sent) return;
  host_->decline(query.token);
  logged(LogLevel::Warn, "cannot answer query \"" + query.name + "\": " + sent.error().message);
}

void Node::Shared::tell(runtime::MemberView::News news, const Member& member) {
  using News = runtime::MemberView::News;
  if (handler_ == nullptr) return;
  switch (news) {
    case News::Nothing: return;
    case News::Joined: return handler_->member_join(member);
    case News::Left: return handler_->member_leave(member, LeaveReason::Left);
    case News::Failed: return handler_->member_leave(member, LeaveReason::Failed);
    case News::Updated: return handler_->member_update(member);
  }
}

void Node::Shared::logged(LogLevel level, std::string_view text) {
  if (handler_ != nullptr) handler_->log(level, text);
}

void Node::Shared::stopped(const Error& why) {
  stop_for(why);
}

void Node::Shared::turned() {
  queue_.adopt_thread();
  if (host_ != nullptr) view_.refresh(runtime::loop_now(), host_->engine());
}

}  // namespace gossip
