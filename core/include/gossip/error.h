// Errors as values: a code to branch on and one sentence for the person who reads it.
#pragma once

#include <cstdint>
#include <string>

#include <tl/expected.hpp>

namespace gossip {

enum class ErrorCode : std::uint8_t {
  InvalidArgument,   // the request can never work: bad address, bad key length, bad pattern
  TooLarge,          // a limit is exceeded; the message names both numbers
  NotFound,          // no such member, key, file or interface
  AlreadyDone,       // the request was fulfilled before and cannot be repeated
  WrongState,        // not now: leaving, stopped, not started
  AddressInUse,      // another process holds the address
  PermissionDenied,  // the system or the agent refuses
  Unreachable,       // nobody answered, or the connection broke
  TimedOut,          // the time limit ran out
  Refused,           // the peer answered with an error of its own
  LimitReached,      // a table or queue is full
  System,            // another error of the operating system
};

// What was tried, on what, and what to do. `message` is one line without a final full stop.
struct Error {
  ErrorCode code = ErrorCode::System;
  std::string message;
};

template <typename T>
using Expected = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

}  // namespace gossip
