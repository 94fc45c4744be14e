#include "agent/metrics/push.h"

#include <utility>

#include "config/host_name.h"

namespace gossip::agent::metrics {

Push::Push(uv_loop_t* loop, runtime::HandleCount& handles, Logging& log,
           std::function<Figures()> figures)
    : loop_(loop),
      handles_(handles),
      log_(log),
      figures_(std::move(figures)),
      go_metrics_(config::host_name().value_or("localhost")) {}

void Push::add(SinkKind kind, std::string address) {
  sinks_.push_back(std::make_unique<Sink>(loop_, handles_, log_, kind, std::move(address)));
}

Expected<void> Push::open() {
  const auto ring = [](void* self) { static_cast<Push*>(self)->report(); };
  if (timer_.open(loop_, handles_, ring, this) != 0) {
    return fail(ErrorCode::System, "cannot open a timer");
  }
  timer_.arm(runtime::loop_now() + kInterval);
  // So that the first report finds somebody.
  for (const std::unique_ptr<Sink>& sink : sinks_)
    sink->try_to_reach();
  return {};
}

void Push::report() {
  for (const std::unique_ptr<Sink>& sink : sinks_)
    sink->try_to_reach();
  tell();
  timer_.arm(runtime::loop_now() + kInterval);
}

void Push::tell() {
  const std::vector<std::string> lines = go_metrics_.report(figures_());
  for (const std::unique_ptr<Sink>& sink : sinks_)
    sink->send(lines);
}

// The last report goes where one is connected; a look-up now would only hold up the end.
void Push::close() {
  tell();
  timer_.close();
  for (const std::unique_ptr<Sink>& sink : sinks_)
    sink->close();
}

std::vector<SinkFigures> Push::sinks() const {
  std::vector<SinkFigures> all;
  for (const std::unique_ptr<Sink>& sink : sinks_)
    all.push_back({sink->kind(), sink->counters()});
  return all;
}

}  // namespace gossip::agent::metrics
