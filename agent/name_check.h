// Looks up the names of a configuration that was read again, beside the loop: a name server that does not answer must not
// stop an agent that runs.
#pragma once

#include <functional>

#include <uv.h>

#include "config/agent_config.h"
#include "config/mistakes.h"

namespace gossip::agent {

class NameCheck {
 public:
  // With the warnings and mistakes that were found besides.
  using Done = std::function<void(const config::AgentConfig&, const config::Mistakes&)>;

  // `loop` outlives the check, and also a look-up that is under way when this object goes.
  explicit NameCheck(uv_loop_t* loop) : loop_(loop) {}
  NameCheck(const NameCheck&) = delete;
  NameCheck& operator=(const NameCheck&) = delete;
  NameCheck(NameCheck&&) = delete;
  NameCheck& operator=(NameCheck&&) = delete;
  ~NameCheck() { close(); }

  // Calls `done` once, at once where there is no name. One at a time.
  void begin(config::AgentConfig config, config::Mistakes mistakes, Done done);
  // `done` is not called any more.
  void close();

 private:
  struct Job;

  static void over(uv_work_t* work, int status);

  uv_loop_t* loop_;
  Job* job_ = nullptr;  // its own owner, as the system's resolver cannot be stopped
};

}  // namespace gossip::agent
