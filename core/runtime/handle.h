// The only owner of a libuv handle. libuv lets go of a handle some time after it was closed, so its memory
// lives in a block of its own, which outlasts the owner until then; HandleCount knows when all have gone.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include <uv.h>

#include "base/check.h"

namespace gossip::runtime {

// How many handles a loop still holds for one host. Lives until that is none.
class HandleCount {
 public:
  HandleCount() = default;
  HandleCount(const HandleCount&) = delete;
  HandleCount& operator=(const HandleCount&) = delete;
  HandleCount(HandleCount&&) = delete;
  HandleCount& operator=(HandleCount&&) = delete;
  ~HandleCount() { GOSSIP_CHECK(count_ == 0); }

  void opened() { ++count_; }
  // May destroy this object: `none_left` is called last.
  void closed() {
    if (--count_ == 0 && none_left_) std::exchange(none_left_, nullptr)();
  }
  // Called once, when the last handle has gone; at once if there is none.
  void when_none_left(std::function<void()> none_left) {
    if (count_ == 0) return none_left();
    none_left_ = std::move(none_left);
  }

 private:
  int count_ = 0;
  std::function<void()> none_left_;
};

template <typename T>
class Handle {
 public:
  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  Handle(Handle&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      close();
      block_ = std::exchange(other.block_, nullptr);
    }
    return *this;
  }
  ~Handle() { close(); }

  // `init` is called with the new T* and returns libuv's code, which is passed on; 0 is success.
  // `owner` is what callbacks find by owner_of. `count` outlives the handle's memory.
  template <typename Init>
  [[nodiscard]] int open(HandleCount& count, void* owner, Init init) {
    close();
    auto block = std::make_unique<Block>();
    block->handle.data = owner;
    const int code = init(&block->handle);
    if (code != 0) return code;
    block->count = &count;
    count.opened();
    block_ = block.release();
    return 0;
  }

  // No callback comes after this; the loop lets go of the memory later.
  void close() {
    if (block_ == nullptr) return;
    Block* const block = std::exchange(block_, nullptr);
    uv_close(reinterpret_cast<uv_handle_t*>(&block->handle), [](uv_handle_t* handle) {
      const std::unique_ptr<Block> gone(reinterpret_cast<Block*>(handle));
      gone->count->closed();
    });
  }

  [[nodiscard]] bool is_open() const { return block_ != nullptr; }
  [[nodiscard]] T* get() const { return &block_->handle; }

 private:
  struct Block {
    T handle{};  // first, so that the handle's address is the block's
    HandleCount* count = nullptr;
  };
  Block* block_ = nullptr;
};

// The `owner` that the handle was opened with.
template <typename Owner, typename T>
[[nodiscard]] Owner& owner_of(T* handle) {
  return *static_cast<Owner*>(handle->data);
}

}  // namespace gossip::runtime
