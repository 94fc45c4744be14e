#include "agent/daemon.h"

#include <ctime>
#include <utility>
#include <variant>

#include <unistd.h>

#include "agent/prepare.h"
#include "agent/reload.h"
#include "agent/system/tags_file.h"
#include "agent/system/telemetry.h"
#include "config/host_name.h"
#include "config/load.h"

namespace gossip::agent {
namespace {

// The engine ends every leave within the broadcast timeout; this is for one that hangs.
Duration leave_limit(const Timing& timing) {
  return timing.broadcast_timeout + std::chrono::seconds(1);
}

// What handlers may take after a leave that went well, so that they can act on it.
constexpr Duration kHandlerPatience = std::chrono::seconds(5);
// And what else ends with the agent: sockets, files.
constexpr Duration kClosing = std::chrono::seconds(5);

// Of those who ask while one is under way. More are refused: one that will read the files as they are now waits already.
constexpr std::size_t kMaxReloadsWaiting = 64;

tl::unexpected<Error> too_late_to_reload() {
  return fail(ErrorCode::WrongState, "the agent is about to end");
}

}  // namespace

void Daemon::close_handles() {
  metrics_->close();
  if (seeding_ != nullptr) seeding_->close();
  if (discovery_ != nullptr) discovery_->close();
  leave_limit_.close();
  name_check_.close();
  const bool left = phase_ == Phase::Leaving && exit_ == Exit::Asked;
  events_->close(left ? kHandlerPatience : Duration::zero());
  signals_.close();
  orphans_.close();
  supervision_.close();
  spare_memory_.close();
}

int Daemon::run() {
  uv_run(loop_, UV_RUN_DEFAULT);
  return exit_ == Exit::Asked ? 0 : 1;
}

void Daemon::caught(int signal) {
  if (signal == SIGUSR1) return print_telemetry();
  if (signal == SIGUSR2) {
    log_.write(LogLevel::Info, "agent: ignored signal: " + std::string(signal_name(signal)));
    return;
  }
  output_.write("==> Caught signal: " + std::string(signal_name(signal)));
  if (phase_ == Phase::Stopping) return;
  if (phase_ == Phase::Leaving) {
    log_.write(LogLevel::Warn, "agent: stopping without waiting for the leave");
    return stop(Exit::Trouble);
  }
  if (signal == SIGHUP) {
    // The log says what became of it. One that waits already is for this signal, too.
    if (reload_next_.empty()) reload([](const auto&) {});
    return;
  }
  const bool graceful =
      signal == SIGINT ? !config_.skip_leave_on_interrupt : config_.leave_on_terminate;
  if (graceful) return leave_for(signal_name(signal));
  log_.write(LogLevel::Warn, "serf: Shutdown without a Leave");
  stop(Exit::Asked);
}

void Daemon::print_telemetry() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  const std::string host = config::host_name().value_or("");
  LineWriter to_stderr(STDERR_FILENO);
  // The log's own writer, where that is stderr: it may hold the rest of a line.
  LineWriter& out = config_.log_output == config::LogOutput::Stderr ? output_ : to_stderr;
  for (const std::string& line : telemetry_lines(host_->engine().stats(), utc, host)) {
    out.write(line);
  }
}

void Daemon::leave_for(std::string_view why) {
  output_.write("==> Gracefully shutting down agent...");
  const Expected<void> leaving = leave([](const Expected<void>&) {});
  if (!leaving) {
    log_.write(LogLevel::Error,
               "agent: cannot leave at " + std::string(why) + ": " + leaving.error().message);
    return stop(Exit::Trouble);
  }
}

Expected<void> Daemon::leave(Control::LeaveDone done) {
  if (phase_ != Phase::Running) {
    return fail(ErrorCode::WrongState, "Leave already in progress");
  }
  log_.write(LogLevel::Info, "agent: requesting graceful leave from Serf");
  Expected<void> begun = host_->leave([this](const LeaveResult& result) {
    if (!result.spread) {
      log_.write(LogLevel::Warn,
                 "agent: left, but the news did not spread within the broadcast timeout");
    }
    std::exchange(leave_done_, nullptr)({});
    stop(Exit::Asked);
  });
  if (begun) {
    phase_ = Phase::Leaving;
    leave_done_ = std::move(done);
    const Duration limit = leave_limit(config_.node.timing);
    leave_limit_.arm(runtime::loop_now() + limit);
    supervision_.stopping("leaving the cluster", limit + kHandlerPatience + kClosing);
    seeding_->close();  // an attempt under way that fails is no reason to stop any more
    events_->stop_coalescing();
    if (discovery_ != nullptr) discovery_->close();
  }
  return begun;
}

void Daemon::leave_took_too_long() {
  log_.write(LogLevel::Error, "agent: the leave took too long, stopping without it");
  std::exchange(leave_done_,
                nullptr)(fail(ErrorCode::TimedOut, "timeout while waiting for graceful leave"));
  stop(Exit::Trouble);
}

void Daemon::stop(Exit exit) {
  if (phase_ == Phase::Stopping) return;
  exit_ = exit;
  supervision_.stopping("stopping", kHandlerPatience + kClosing);
  close_handles();
  log_.write(LogLevel::Info, "agent: shutdown complete");
  phase_ = Phase::Stopping;
  open_parts_ = 3;
  const auto closed = [this] { part_closed(); };
  listener_->close(closed);
  host_->close(closed);
  handles_.when_none_left(closed);
}

// A name that is still being looked up would hold uv_run; nobody waits for it any more.
void Daemon::part_closed() {
  if (--open_parts_ == 0) uv_stop(loop_);
}

void Daemon::reload(Control::ReloadDone done) {
  if (phase_ != Phase::Running) return done(too_late_to_reload());
  if (reload_next_.size() == kMaxReloadsWaiting) {
    return done(fail(ErrorCode::LimitReached,
                     "too many reloads wait, the limit is " + std::to_string(kMaxReloadsWaiting)));
  }
  reload_next_.push_back(std::move(done));
  run_reloads();
}

// Who asks while one is under way gets a new one, as the files may be other ones by now.
void Daemon::run_reloads() {
  while (!reload_next_.empty() && reloading_.empty()) {
    reloading_ = std::exchange(reload_next_, {});
    begin_reload();
  }
}

// What a start would look at is looked at in a copy: most of it waits for a restart.
void Daemon::begin_reload() {
  if (phase_ != Phase::Running) return answer_reload(too_late_to_reload());
  output_.write("==> Reloading configuration...");
  supervision_.reload_begins();
  config::Mistakes mistakes;
  config::AgentConfig now = config::load(origin_.line, origin_.environment, mistakes);
  config::AgentConfig copy = now;
  prepare_here(copy, mistakes);
  name_check_.begin(std::move(copy), std::move(mistakes),
                    [this, now = std::move(now)](const config::AgentConfig& checked,
                                                 const config::Mistakes& found) {
                      end_reload(now, checked.warnings, found);
                      run_reloads();
                    });
}

void Daemon::end_reload(const config::AgentConfig& now, const std::vector<std::string>& warnings,
                        const config::Mistakes& mistakes) {
  if (phase_ != Phase::Running) return answer_reload(too_late_to_reload());
  using Report = Expected<gossip::rpc::ReloadResponse>;
  const Report report =
      mistakes.empty() ? Report(take_over(now, warnings)) : refused_reload(mistakes);
  for (const auto& [level, line] : lines_about(report))
    log_.write(level, "agent: " + line);
  supervision_.reload_over(trouble_in(report));
  answer_reload(report);
}

void Daemon::answer_reload(const Expected<gossip::rpc::ReloadResponse>& report) {
  for (const Control::ReloadDone& done : std::exchange(reloading_, {}))
    done(report);
}

tl::unexpected<Error> Daemon::refused_reload(const config::Mistakes& mistakes) const {
  Error error = mistakes.joined("\n");
  error.message += kCheckWith;
  error.message += config::check_command(origin_.line, origin_.environment);
  return tl::unexpected<Error>(std::move(error));
}

gossip::rpc::ReloadResponse Daemon::take_over(const config::AgentConfig& now,
                                              const std::vector<std::string>& warnings) {
  gossip::rpc::ReloadResponse report = changes_between(last_settings_, config_, now);
  report.warnings = warnings;
  log_.set_level(now.log_level);
  config_.leave_on_terminate = now.leave_on_terminate;
  config_.skip_leave_on_interrupt = now.skip_leave_on_interrupt;
  seeding_->set(now);
  events_->reload(now);
  const Expected<void> tags = reload_tags(now);
  if (!tags) report.failed.push_back("tags not reloaded: " + tags.error().message);
  last_settings_ = now.settings;
  return report;
}

Expected<void> Daemon::reload_tags(const config::AgentConfig& now) {
  const Tags& current = control_->tags();
  Tags wanted = merge_tags(current, config_.node.tags, now.node.tags);
  if (!config_.tags_file.empty()) {
    // The file holds what RPC has set; it differs only if somebody has edited it.
    Expected<Tags> file = read_tags_file(config_.tags_file);
    if (!file) return tl::unexpected<Error>(std::move(file.error()));
    wanted = std::move(*file);
  }
  if (wanted != current) {
    Expected<void> set = control_->set_tags(std::move(wanted));
    if (!set) return set;
  }
  config_.node.tags = now.node.tags;
  return {};
}

MemberCounts Daemon::count_members() const {
  const Gauges& gauges = host_->engine().stats().gauges;
  return {gauges.members - gauges.failed - gauges.left, gauges.failed, gauges.left};
}

void Daemon::published(const Event& event) {
  metrics_->published(event);
  if (const auto* members = std::get_if<MemberEvent>(&event)) {
    supervision_.members_changed();
    seeding_->published(*members);
  }
  events_->published(event);
}

void Daemon::logged(LogLevel level, std::string_view text) {
  log_.write(level, text);
}

void Daemon::stopped(const Error& why) {
  log_.write(LogLevel::Error, "agent: stopping: " + why.message);
  stop(Exit::Trouble);
}

}  // namespace gossip::agent
