// Process 1 of a container inherits every process whose parent has ended, and has to reap them. Only then does this
// do anything; children that the loop itself waits for are left to it.
#pragma once

#include <uv.h>

#include "gossip/error.h"

#include "runtime/handle.h"

namespace gossip::agent {

class Orphans {
 public:
  // Errors: System.
  [[nodiscard]] Expected<void> open(uv_loop_t* loop, runtime::HandleCount& handles);
  void close();

 private:
  void reap();

  runtime::Handle<uv_signal_t> child_ended_;
  runtime::Handle<uv_timer_t> soon_;
};

}  // namespace gossip::agent
