#include "agent/name_check.h"

#include <memory>
#include <utility>

#include "agent/prepare.h"

namespace gossip::agent {

struct NameCheck::Job {
  uv_work_t work{};
  NameCheck* check = nullptr;  // null: nobody waits any more
  config::AgentConfig config;
  config::Mistakes mistakes;
  Done done;

  // An agent that runs goes on with its old addresses, so that a name server may be away.
  void run() { look_up_names(config, NameServer::MayBeAway, mistakes); }
};

void NameCheck::begin(config::AgentConfig config, config::Mistakes mistakes, Done done) {
  auto job = std::make_unique<Job>();
  job->check = this;
  job->config = std::move(config);
  job->mistakes = std::move(mistakes);
  job->done = std::move(done);
  job->work.data = job.get();
  // libuv's threads begin with the first work that they are given.
  if (!has_names(job->config)) return job->done(job->config, job->mistakes);
  const int code = uv_queue_work(
      loop_, &job->work, [](uv_work_t* work) { static_cast<Job*>(work->data)->run(); }, &over);
  if (code != 0) {
    job->mistakes.add(
        {ErrorCode::System, std::string("cannot look names up: ") + uv_strerror(code)});
    return job->done(job->config, job->mistakes);
  }
  job_ = job.release();  // `over` takes it back
}

void NameCheck::over(uv_work_t* work, int /*status*/) {
  const std::unique_ptr<Job> job(static_cast<Job*>(work->data));
  if (job->check == nullptr) return;
  job->check->job_ = nullptr;
  job->done(job->config, job->mistakes);
}

void NameCheck::close() {
  Job* const job = std::exchange(job_, nullptr);
  if (job == nullptr) return;
  job->check = nullptr;
  uv_cancel(reinterpret_cast<uv_req_t*>(&job->work));
}

}  // namespace gossip::agent
