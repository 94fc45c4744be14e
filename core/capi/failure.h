// From errors as values, and from exceptions of the C++ library, to C's code and sentence.
#pragma once

#include <exception>
#include <new>
#include <string>
#include <utility>

#include "gossip/error.h"
#include "gossip/gossip.h"

namespace gossip::capi {

[[nodiscard]] gossip_code code_of(ErrorCode code);

// Keeps the sentence for gossip_last_error.
gossip_code failed(const Error& error);
gossip_code failed(gossip_code code, const char* message) noexcept;

template <typename T>
gossip_code result_of(const Expected<T>& expected) {
  return expected ? GOSSIP_OK : failed(expected.error());
}

// No exception leaves a function that C calls.
template <typename Function>
gossip_code guarded(Function&& function) noexcept {
  try {
    return std::forward<Function>(function)();
  } catch (const std::bad_alloc&) {
    return failed(GOSSIP_NO_MEMORY, "no memory");
  } catch (const std::exception& exception) {
    return failed(GOSSIP_SYSTEM, exception.what());
  }
}

}  // namespace gossip::capi
