#include "agent/supervision.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include "base/utf8.h"

namespace gossip::agent {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

// A join brings many members at once; a status line is for people.
constexpr Duration kPauseUntilReady = milliseconds(20);
constexpr Duration kPause = seconds(1);
// While seeds do not answer yet, the manager must not take the start for one that hangs.
constexpr Duration kExtendEvery = seconds(10);
constexpr Duration kExtendBy = seconds(30);

// Once it cannot be reached, the manager is tried again after the first, then twice as long, up to the last.
constexpr Duration kFirstRetry = seconds(1);
constexpr Duration kLastRetry = seconds(60);
// Of a status, which systemctl shows on one line.
constexpr std::size_t kMaxTrouble = 200;

std::string in_usec(Duration duration) {
  return std::to_string(std::chrono::duration_cast<microseconds>(duration).count());
}

std::string first_line(const std::string& text) {
  std::size_t end = std::min({text.find('\n'), kMaxTrouble, text.size()});
  while (end > 0 && end < text.size() && base::continues_character(text[end]))
    --end;
  return end < text.size() ? text.substr(0, end) + "…" : text;
}

std::string status_line(const MemberCounts& counts) {
  return "alive " + std::to_string(counts.alive) + ", failed " + std::to_string(counts.failed) +
         ", left " + std::to_string(counts.left);
}

std::string waiting_for(const config::ReadyWhen& when) {
  if (when.kind == config::ReadyWhen::Kind::Joined) return "waiting for another member; ";
  return "waiting for " + std::to_string(when.members) + " members; ";
}

}  // namespace

bool is_ready(const config::ReadyWhen& when, const MemberCounts& counts) {
  switch (when.kind) {
    case config::ReadyWhen::Kind::Started: return true;
    case config::ReadyWhen::Kind::Joined: return counts.alive > 1;
    case config::ReadyWhen::Kind::Members: return counts.alive >= when.members;
  }
  return true;
}

Supervision::Supervision(SdNotify notify, config::ReadyWhen ready_when, Count count, Log log)
    : notify_(std::move(notify)),
      ready_when_(ready_when),
      count_(std::move(count)),
      log_(std::move(log)) {}

Expected<void> Supervision::open(uv_loop_t* loop, runtime::HandleCount& handles) {
  if (!notify_.is_heard()) return {};
  const auto rang = [](void* self) { static_cast<Supervision*>(self)->look_rang(); };
  const auto extend = [](void* self) { static_cast<Supervision*>(self)->extend(); };
  const auto live = [](void* self) { static_cast<Supervision*>(self)->sign_of_life(); };
  if (look_.open(loop, handles, rang, this) != 0 ||
      extend_.open(loop, handles, extend, this) != 0 ||
      watchdog_.open(loop, handles, live, this) != 0) {
    return fail(ErrorCode::System, "cannot open a timer");
  }
  sign_of_life();
  return {};
}

void Supervision::close() {
  look_.close();
  extend_.close();
  watchdog_.close();
}

void Supervision::judge() {
  ready_ = ready_ || (running_ && agent::is_ready(ready_when_, count_()));
}

void Supervision::started() {
  running_ = true;
  judge();
  if (!notify_.is_heard()) return;
  look();
  if (!told_ready_) extend();
}

void Supervision::members_changed() {
  judge();
  if (!notify_.is_heard() || looking_) return;
  looking_ = true;
  look_.arm(runtime::loop_now() + (told_ready_ ? kPause : kPauseUntilReady));
}

void Supervision::look_rang() {
  retry_pause_ = std::min(retry_pause_ * 2, kLastRetry);
  look();
}

void Supervision::look() {
  looking_ = false;
  if (stopping_) return say("");
  const MemberCounts counts = count_();
  judge();
  const bool ready_now = ready_ && !std::exchange(told_ready_, ready_);
  std::string status = trouble_ + (ready_ ? "" : waiting_for(ready_when_)) + status_line(counts);
  if (!ready_now && status == last_status_) return say("");
  if (ready_now) extend_.arm(std::nullopt);
  say((ready_now ? "READY=1\nSTATUS=" : "STATUS=") + status);
  last_status_ = std::move(status);
}

void Supervision::extend() {
  if (told_ready_ || stopping_) return;
  say("EXTEND_TIMEOUT_USEC=" + in_usec(kExtendBy));
  extend_.arm(runtime::loop_now() + kExtendEvery);
}

// The timer rings only if the loop turns.
void Supervision::sign_of_life() {
  if (!notify_.watchdog()) return;
  say("WATCHDOG=1");
  watchdog_.arm(runtime::loop_now() + *notify_.watchdog() / 2);
}

void Supervision::reload_begins() {
  if (told_ready_) {
    say("RELOADING=1\nMONOTONIC_USEC=" + in_usec(runtime::loop_now().time_since_epoch()));
  }
}

void Supervision::reload_over(const std::string& trouble) {
  trouble_ = trouble.empty() ? "" : "reload failed: " + first_line(trouble) + "; ";
  if (told_ready_) say("READY=1");
  if (running_ && notify_.is_heard()) look();
}

void Supervision::stopping(std::string_view status, Duration at_most) {
  say((stopping_ ? "" : "STOPPING=1\n") + ("STATUS=" + std::string(status)) +
      "\nEXTEND_TIMEOUT_USEC=" + in_usec(at_most));
  stopping_ = true;
}

void Supervision::say(const std::string& lines) {
  if (const int error = notify_.say(lines); error != 0) return unheard(error);
  if (std::exchange(retry_pause_, Duration::zero()) != Duration::zero()) {
    log_(LogLevel::Info, "the service manager hears us again");
    // What has happened meanwhile waits for the next try.
    if (looking_) look_.arm(runtime::loop_now() + kPauseUntilReady);
  }
}

// A manager that has no time now takes what is left in a moment; one that is being replaced, or gone, later.
void Supervision::unheard(int error) {
  Duration pause = kPauseUntilReady;
  if (error != EAGAIN && error != EINTR && error != ENOBUFS) {
    if (retry_pause_ == Duration::zero()) {
      retry_pause_ = kFirstRetry;
      log_(LogLevel::Warn, "cannot tell the service manager how we are (NOTIFY_SOCKET): " +
                               std::generic_category().message(error) + "; trying again");
    }
    pause = retry_pause_;
  }
  if (std::exchange(looking_, true)) return;
  look_.arm(runtime::loop_now() + pause);
}

}  // namespace gossip::agent
