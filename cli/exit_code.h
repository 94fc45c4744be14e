// What gossipctl's exit status says. Scripts branch on it, so a number never changes its meaning.
#pragma once

#include <cstdint>

#include "gossip/error.h"

namespace gossip::cli {

enum class ExitCode : std::uint8_t {
  kDone = 0,
  kFailed = 1,      // refused, or tried and failed
  kUsage = 2,       // the command line makes no sense; nothing was tried
  kNotFound = 3,    // no such member
  kIncomplete = 4,  // a time limit ran out, or Ctrl-C
  kNoAgent = 5,     // nobody answers, or the socket may not be opened
};

[[nodiscard]] constexpr ExitCode exit_code_for(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return ExitCode::kUsage;
    case ErrorCode::kNotFound: return ExitCode::kNotFound;
    case ErrorCode::kTimedOut: return ExitCode::kIncomplete;
    case ErrorCode::kUnreachable:
    case ErrorCode::kPermissionDenied: return ExitCode::kNoAgent;
    default: return ExitCode::kFailed;
  }
}

}  // namespace gossip::cli
