// The way into a loop from other threads: functions that the loop's thread then calls, in order. The only place
// of the library with a lock on the way of the loop, held for no longer than a swap.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include <uv.h>

#include "runtime/handle.h"

namespace gossip::runtime {

class PostQueue {
 public:
  // On the loop's thread. libuv's code; 0 is success. `count` outlives the handle's memory.
  [[nodiscard]] int open(uv_loop_t* loop, HandleCount& count);
  // On the loop's thread: what was posted and not called yet is dropped.
  void close();

  // From any thread. `task` is called on the loop's thread, never from inside this call; false if the queue is
  // closed, or closes before its turn comes: the caller then waits for something else.
  [[nodiscard]] bool post(std::function<void()> task);

  [[nodiscard]] bool on_loop_thread() const { return loop_thread_ == std::this_thread::get_id(); }
  // The calling thread runs the loop.
  void adopt_thread() { loop_thread_ = std::this_thread::get_id(); }

 private:
  void run_tasks();

  std::atomic<std::thread::id> loop_thread_{};
  std::mutex lock_;  // guards what follows, and that nobody wakes a closed handle
  Handle<uv_async_t> wake_;
  std::vector<std::function<void()>> tasks_;
};

}  // namespace gossip::runtime
