#include "agent/handlers/handlers.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace gossip::agent {
namespace {

// After it even what SIGKILL has not ended is not waited for.
constexpr Duration kLongestEnd = kTermToKill + std::chrono::milliseconds(500);

bool is_idle(const Handler& handler) {
  return !handler.is_running() && handler.queued() == 0;
}

bool is_gone(const Handler& handler) {
  return handler.is_gone();
}

}  // namespace

Handlers::Handlers(uv_loop_t* loop, runtime::HandleCount& handles, Logging& log,
                   HandlerSurroundings& around)
    : loop_(loop),
      handles_(handles),
      world_{loop, handles, log, around, counters_, limits_, [this] { runs_changed(); }} {}

Expected<void> Handlers::open() {
  const auto ring = [](void* self) { static_cast<Handlers*>(self)->time_passed(); };
  if (timer_.open(loop_, handles_, ring, this) != 0) {
    return fail(ErrorCode::System, "cannot open a timer");
  }
  return {};
}

void Handlers::replace(std::vector<HandlerSpec> specs, const HandlerLimits& limits) {
  sweep_retired();
  limits_ = limits;
  Owned before = std::exchange(handlers_, {});
  for (HandlerSpec& spec : specs) {
    const auto same = std::find_if(before.begin(), before.end(), [&](const auto& handler) {
      return handler && handler->spec().events == spec.events &&
             handler->spec().command == spec.command;
    });
    handlers_.push_back(same != before.end() ? std::move(*same)
                                             : std::make_unique<Handler>(world_, std::move(spec)));
  }
  for (std::unique_ptr<Handler>& handler : before) {
    if (!handler) continue;
    handler->drop_queue();
    if (!handler->is_gone()) retired_.push_back(std::move(handler));
  }
}

std::size_t Handlers::wanted_by(const Event& event) const {
  if (phase_ != Phase::Running) return 0;
  return static_cast<std::size_t>(
      std::count_if(handlers_.begin(), handlers_.end(),
                    [&](const auto& handler) { return handler->spec().filter.wants(event); }));
}

void Handlers::take(const Event& event) {
  if (phase_ != Phase::Running) return;
  sweep_retired();
  for (const std::unique_ptr<Handler>& handler : handlers_) {
    if (handler->spec().filter.wants(event)) handler->take(event);
  }
}

// Not when they tell that they are gone: they are still on the stack then.
void Handlers::sweep_retired() {
  std::erase_if(retired_, [](const auto& handler) { return handler->is_gone(); });
}

HandlerFigures Handlers::figures() const {
  HandlerFigures figures;
  figures.counters = counters_;
  for (const std::unique_ptr<Handler>& handler : handlers_)
    figures.each.push_back({handler->spec().command, handler->run_times()});
  for (const Owned* owned : {&handlers_, &retired_}) {
    for (const std::unique_ptr<Handler>& handler : *owned) {
      figures.queued += handler->queued();
      figures.running += handler->is_running() ? 1 : 0;
    }
  }
  return figures;
}

void Handlers::add_stats(gossip::rpc::StatsSections& sections) const {
  auto& named = sections["event_handlers"];
  for (const std::unique_ptr<Handler>& handler : handlers_)
    named[handler->spec().key()] = handler->spec().command;
  const HandlerFigures now = figures();
  sections["handlers"] = {{"runs", std::to_string(now.counters.runs)},
                          {"running", std::to_string(now.running)},
                          {"queued", std::to_string(now.queued)},
                          {"failed", std::to_string(now.counters.failed)},
                          {"timed_out", std::to_string(now.counters.timed_out)},
                          {"events_dropped", std::to_string(now.counters.dropped)}};
}

void Handlers::close(Duration patience) {
  if (phase_ != Phase::Running) return;
  phase_ = Phase::Patient;
  timer_.arm(runtime::loop_now() + patience);
  if (patience == Duration::zero()) return terminate();
  runs_changed();
}

bool Handlers::all_of_them(bool (*holds)(const Handler&)) const {
  const auto each = [holds](const Owned& owned) {
    return std::all_of(owned.begin(), owned.end(),
                       [holds](const auto& handler) { return holds(*handler); });
  };
  return each(handlers_) && each(retired_);
}

void Handlers::runs_changed() {
  if (phase_ == Phase::Patient && all_of_them(is_idle)) return terminate();
  end_if_all_gone();
}

void Handlers::end_if_all_gone() {
  if (phase_ != Phase::Terminating || !all_of_them(is_gone)) return;
  phase_ = Phase::Closed;
  timer_.close();
}

void Handlers::terminate() {
  phase_ = Phase::Terminating;
  timer_.arm(runtime::loop_now() + kLongestEnd);
  for (Owned* owned : {&handlers_, &retired_}) {
    for (const std::unique_ptr<Handler>& handler : *owned) {
      handler->drop_queue();
      handler->terminate();
    }
  }
  end_if_all_gone();
}

void Handlers::time_passed() {
  if (phase_ == Phase::Patient) return terminate();
  phase_ = Phase::Closed;
  for (Owned* owned : {&handlers_, &retired_}) {
    for (const std::unique_ptr<Handler>& handler : *owned)
      handler->abandon();
  }
  timer_.close();
}

}  // namespace gossip::agent
