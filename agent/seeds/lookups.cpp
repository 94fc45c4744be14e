#include "agent/seeds/lookups.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <unistd.h>

#include "agent/handlers/script_input.h"
#include "agent/seeds/gather.h"
#include "base/earlier.h"

namespace gossip::agent::seeds {
namespace {

using Kind = config::SeedSpec::Kind;

std::string first_line(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
    text.remove_suffix(1);
  std::string line(text.substr(0, kMaxErrorBytes));
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

}  // namespace

// What one thread does.
struct Lookups::Job {
  uv_work_t work{};
  Lookups* owner = nullptr;  // null: nobody waits any more
  SeedId seed = 0;
  config::SeedSpec spec;
  std::optional<std::string> list;  // a script's output, instead of what the seed names
  std::uint16_t default_port = 0;
  Expected<SeedAnswer> result;

  void run() {
    result = list ? answer_of_list(*list, default_port) : answer_of(spec, default_port);
  }
};

Lookups::Lookups(uv_loop_t* loop, runtime::HandleCount& handles) : loop_(loop), handles_(handles) {}

Lookups::~Lookups() {
  close();
}

Expected<void> Lookups::open(std::uint16_t default_port, Answered answered) {
  default_port_ = default_port;
  answered_ = std::move(answered);
  const auto ring = [](void* self) { static_cast<Lookups*>(self)->ring(); };
  if (timer_.open(loop_, handles_, ring, this) != 0) {
    return fail(ErrorCode::System, "cannot open a timer");
  }
  return {};
}

void Lookups::close() {
  timer_.close();
  for (Job* const job : std::exchange(running_, {})) {
    job->owner = nullptr;
    uv_cancel(reinterpret_cast<uv_req_t*>(&job->work));
  }
  for (const Script& script : scripts_)
    script.run->abandon();
  scripts_.clear();
  queued_.clear();
  waiting_.clear();
}

void Lookups::begin(SeedId seed, const config::SeedSpec& spec) {
  const bool is_script = spec.kind == Kind::Script;
  // Scripts are ended by their own limit, which says more.
  waiting_[seed] = runtime::loop_now() + (is_script ? script_time_ + 2 * kTermToKill : kLookUpTime);
  if (is_busy(seed)) {
    return answer_soon(seed, fail(ErrorCode::TimedOut, "the look-up before this one still hangs"));
  }
  if (is_script) return start_script(seed, spec);
  // Nothing blocks there, and libuv's threads begin with the first work that they are given.
  if (spec.kind == Kind::Address) return answer_soon(seed, answer_of(spec, default_port_));
  auto job = std::make_unique<Job>();
  job->seed = seed;
  job->spec = spec;
  queue(std::move(job));
}

bool Lookups::is_busy(SeedId seed) const {
  const auto is_its = [seed](const auto& job) { return job->seed == seed; };
  return std::any_of(running_.begin(), running_.end(), is_its) ||
         std::any_of(queued_.begin(), queued_.end(), is_its) ||
         std::any_of(scripts_.begin(), scripts_.end(),
                     [seed](const Script& script) { return script.seed == seed && !script.over; });
}

void Lookups::queue(std::unique_ptr<Job> job) {
  job->owner = this;
  job->default_port = default_port_;
  job->work.data = job.get();
  queued_.push_back(std::move(job));
  start_jobs();
  arm();
}

void Lookups::start_jobs() {
  while (!queued_.empty() && running_.size() < kMaxThreads) {
    std::unique_ptr<Job> job = std::move(queued_.front());
    queued_.pop_front();
    const int code = uv_queue_work(
        loop_, &job->work, [](uv_work_t* work) { static_cast<Job*>(work->data)->run(); }, &done);
    if (code != 0) {
      answer_soon(job->seed, fail(ErrorCode::System, uv_strerror(code)));
      continue;
    }
    running_.insert(job.release());  // `done` takes it back
  }
}

void Lookups::done(uv_work_t* work, int /*status*/) {
  const std::unique_ptr<Job> job(static_cast<Job*>(work->data));
  Lookups* const self = job->owner;
  if (self == nullptr) return;
  self->running_.erase(job.get());
  self->start_jobs();
  self->answer(job->seed, std::move(job->result));
}

void Lookups::start_script(SeedId seed, const config::SeedSpec& spec) {
  ScriptTask task;
  task.command = spec.target;
  task.environment = script_environment(environ, {});
  task.time_limit = script_time_;
  task.output_limit = kMaxListBytes;
  task.excess = ScriptTask::Excess::End;
  auto run = std::make_unique<ScriptRun>(static_cast<ScriptRun::Owner&>(*this), std::move(task));
  const Expected<void> started = run->start(loop_, handles_);
  if (!started) {
    return answer_soon(seed,
                       fail(ErrorCode::System, "cannot start it: " + started.error().message));
  }
  scripts_.push_back({seed, std::move(run)});
}

void Lookups::run_over(ScriptRun& run) {
  const auto script = std::find_if(scripts_.begin(), scripts_.end(),
                                   [&](const Script& s) { return s.run.get() == &run; });
  if (script == scripts_.end()) return;
  script->over = true;
  const SeedId seed = script->seed;
  const std::string failure = run.failure();
  const std::string said = first_line(run.errors().text());
  // What it has left in the background has no purpose.
  run.terminate();
  if (!failure.empty()) {
    return answer_soon(seed, fail(ErrorCode::System, "the script failed: " + failure +
                                                         (said.empty() ? "" : ": " + said)));
  }
  auto job = std::make_unique<Job>();
  job->seed = seed;
  job->list = std::string(run.output().text());
  queue(std::move(job));
}

void Lookups::run_gone(ScriptRun& run) {
  std::erase_if(scripts_, [&](const Script& script) { return script.run.get() == &run; });
}

void Lookups::answer(SeedId seed, Expected<SeedAnswer> result) {
  if (waiting_.erase(seed) == 0) return;  // it took too long, or the seed is gone
  arm();
  answered_(seed, std::move(result));
}

void Lookups::answer_soon(SeedId seed, Expected<SeedAnswer> result) {
  soon_.emplace_back(seed, std::move(result));
  arm();
}

void Lookups::ring() {
  for (auto& [seed, result] : std::exchange(soon_, {}))
    answer(seed, std::move(result));
  std::vector<SeedId> late;
  for (const auto& [seed, give_up_at] : waiting_) {
    if (give_up_at <= runtime::loop_now()) late.push_back(seed);
  }
  for (const SeedId seed : late)
    answer(seed, fail(ErrorCode::TimedOut, "no answer within the time limit"));
  arm();
}

void Lookups::arm() {
  std::optional<TimePoint> next;
  if (!soon_.empty()) next = runtime::loop_now();
  for (const auto& [seed, give_up_at] : waiting_)
    next = base::earlier(next, give_up_at);
  timer_.arm(next);
}

}  // namespace gossip::agent::seeds
