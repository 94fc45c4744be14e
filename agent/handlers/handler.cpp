#include "agent/handlers/handler.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include <unistd.h>

namespace gossip::agent {
namespace {

void strip_newline(std::string& text) {
  if (!text.empty() && text.back() == '\n') text.pop_back();
}

std::string shown(const OutputTail& output) {
  std::string text(output.text());
  strip_newline(text);
  return text;
}

}  // namespace

void Handler::take(const Event& event) {
  if (queue_.size() >= world_.limits.queue_length) make_room();
  queue_.push_back(event);
  run_next();
}

// The newest events tell how things stand, so the oldest give way.
void Handler::make_room() {
  if (!std::exchange(overflowing_, true)) {
    world_.log.write(LogLevel::Warn, "agent: Script '" + spec_.command + "' is too slow, " +
                                         std::to_string(queue_.size()) +
                                         " events wait for it: dropping the oldest");
  }
  drop(queue_.front());
  queue_.pop_front();
}

void Handler::drop(const Event& event) {
  ++world_.counters.dropped;
  if (const auto* query = std::get_if<Query>(&event)) {
    world_.around.query_handled(*query, std::nullopt);
  }
}

void Handler::drop_queue() {
  if (queue_.empty()) return;
  world_.log.write(LogLevel::Warn, "agent: " + std::to_string(queue_.size()) +
                                       " events that waited for script '" + spec_.command +
                                       "' are dropped");
  for (const Event& event : std::exchange(queue_, {}))
    drop(event);
}

// A run that fails at once tells its owner before `start` is back: then the outer call goes on.
void Handler::run_next() {
  if (starting_) return;
  starting_ = true;
  while (!current_ && !queue_.empty()) {
    Event event = std::move(queue_.front());
    queue_.pop_front();
    if (queue_.empty()) overflowing_ = false;
    ScriptTask task{spec_.command,
                    script_environment(environ, script_variables(world_.around.self(), event)),
                    script_input(event), world_.limits.run_time, world_.limits.output_bytes};
    current_ =
        Running{std::move(event),
                std::make_unique<ScriptRun>(static_cast<ScriptRun::Owner&>(*this), std::move(task)),
                runtime::loop_now()};
    ++world_.counters.runs;
    const Expected<void> started = current_->run->start(world_.loop, world_.handles);
    if (started) continue;
    ++world_.counters.failed;
    world_.log.write(LogLevel::Error, "agent: Error invoking script '" + spec_.command +
                                          "': cannot start it: " + started.error().message);
    const std::optional<Running> failed = std::exchange(current_, std::nullopt);
    if (const auto* query = std::get_if<Query>(&failed->event)) {
      world_.around.query_handled(*query, std::nullopt);
    }
  }
  starting_ = false;
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): current_ owns what is started

void Handler::run_slow(ScriptRun& /*run*/) {
  world_.log.write(LogLevel::Warn,
                   "agent: Script '" + spec_.command + "' slow, execution exceeding 1s");
}

void Handler::run_over(ScriptRun& run) {
  const std::string failure = run.failure();
  report(run, failure);
  std::optional<Running> ended = std::exchange(current_, std::nullopt);
  const Duration took = runtime::loop_now() - ended->since;
  run_times_.add(took);
  world_.counters.run_times.add(took);
  if (const auto* query = std::get_if<Query>(&ended->event)) {
    world_.around.query_handled(*query, failure.empty() ? answer_of(run, *query) : std::nullopt);
  }
  left_.push_back(std::move(ended->run));
  if (left_.size() > kMaxLeftBehind) {
    world_.log.write(LogLevel::Warn, "agent: Script '" + spec_.command + "' left " +
                                         std::to_string(left_.size()) +
                                         " processes behind: killing the oldest");
    left_.front()->abandon();
    left_.erase(left_.begin());
  }
  run_next();
  world_.changed();
}

void Handler::run_gone(ScriptRun& run) {
  const auto found = std::find_if(left_.begin(), left_.end(),
                                  [&](const auto& left) { return left.get() == &run; });
  if (found == left_.end()) return;
  left_.erase(found);
  world_.changed();
}

// Serf's lines, but what a failed script had to say is not only for those who debug.
void Handler::report(const ScriptRun& run, const std::string& failure) {
  const LogLevel level = failure.empty() ? LogLevel::Debug : LogLevel::Warn;
  const std::string event = "agent: Event '" + std::string(kind_of(current_->event)) + "' script ";
  for (const auto& [name, output] :
       {std::pair("output", &run.output()), {"errors", &run.errors()}}) {
    if (!output->is_whole()) {
      world_.log.write(LogLevel::Warn, "agent: Script '" + spec_.command + "' generated " +
                                           std::to_string(output->total_bytes()) +
                                           " bytes of output, truncated to " +
                                           std::to_string(output->text().size()));
    }
    const bool said = output == &run.output() || output->total_bytes() > 0;
    if (said) world_.log.write(level, event + name + ": " + shown(*output));
  }
  if (failure.empty()) return;
  ++world_.counters.failed;
  if (run.timed_out()) ++world_.counters.timed_out;
  world_.log.write(LogLevel::Error,
                   "agent: Error invoking script '" + spec_.command + "': " + failure);
}

// A cut answer would be a wrong one.
std::optional<ByteView> Handler::answer_of(const ScriptRun& run, const Query& query) const {
  const OutputTail& output = run.output();
  if (output.total_bytes() == 0) return std::nullopt;
  if (output.is_whole()) return as_bytes(output.text());
  world_.log.write(LogLevel::Warn, "agent: Failed to respond to query '" + query.name +
                                       "': script '" + spec_.command + "' wrote " +
                                       std::to_string(output.total_bytes()) +
                                       " bytes, which is more than any answer may have");
  return std::nullopt;
}

void Handler::terminate() {
  if (current_) current_->run->terminate();
  for (const std::unique_ptr<ScriptRun>& left : left_)
    left->terminate();
}

void Handler::abandon() {
  queue_.clear();
  if (current_) current_->run->abandon();
  for (const std::unique_ptr<ScriptRun>& left : left_)
    left->abandon();
  current_.reset();
  left_.clear();
}

}  // namespace gossip::agent
