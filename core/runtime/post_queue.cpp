#include "runtime/post_queue.h"

#include <utility>

namespace gossip::runtime {

int PostQueue::open(uv_loop_t* loop, HandleCount& count) {
  adopt_thread();
  const std::lock_guard guard(lock_);
  return wake_.open(count, this, [loop](uv_async_t* wake) {
    return uv_async_init(loop, wake,
                         [](uv_async_t* handle) { owner_of<PostQueue>(handle).run_tasks(); });
  });
}

void PostQueue::close() {
  std::vector<std::function<void()>> dropped;
  const std::lock_guard guard(lock_);
  wake_.close();
  dropped.swap(tasks_);
}

bool PostQueue::post(std::function<void()> task) {
  const std::lock_guard guard(lock_);
  if (!wake_.is_open()) return false;
  tasks_.push_back(std::move(task));
  uv_async_send(wake_.get());
  return true;
}

void PostQueue::run_tasks() {
  adopt_thread();
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard guard(lock_);
    tasks.swap(tasks_);
  }
  for (const std::function<void()>& task : tasks) {
    task();
  }
}

}  // namespace gossip::runtime
