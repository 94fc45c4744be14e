// Errors as values: a code to branch on and one sentence for the person who reads it.
#pragma once

#include <cstdint>
#include <string>

#include <tl/expected.hpp>

namespace gossip {

enum class ErrorCode : std::uint8_t {
  kInvalidArgument,   // the request can never work: bad address, bad key length, bad pattern
  kTooLarge,          // a limit is exceeded; the message names both numbers
  kNotFound,          // no such member, key, file or interface
  kAlreadyDone,       // the request was fulfilled before and cannot be repeated
  kWrongState,        // not now: leaving, stopped, not started
  kAddressInUse,      // another process holds the address
  kPermissionDenied,  // the system or the agent refuses
  kUnreachable,       // nobody answered, or the connection broke
  kTimedOut,          // the time limit ran out
  kRefused,           // the peer answered with an error of its own
  kLimitReached,      // a table or queue is full
  kSystem,            // another error of the operating system
};

// What was tried, on what, and what to do. `message` is one line without a final full stop.
struct Error {
  ErrorCode code = ErrorCode::kSystem;
  std::string message;
};

template <typename T>
using Expected = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

}  // namespace gossip
