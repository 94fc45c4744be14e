// Starts a thread that no signal is delivered to: the program's handlers run in the program's own threads.
#pragma once

#include <functional>
#include <thread>

#include "gossip/error.h"

namespace gossip::runtime {

// System when the system gives no thread.
[[nodiscard]] Expected<std::thread> start_own_thread(std::function<void()> body);

}  // namespace gossip::runtime
