// What gossipctl's exit status says. Scripts branch on it, so a number never changes its meaning.
#pragma once

#include <cstdint>

#include "gossip/error.h"

namespace gossip::cli {

enum class ExitCode : std::uint8_t {
  Done = 0,
  Failed = 1,      // refused, or tried and failed
  Usage = 2,       // the command line makes no sense; nothing was tried
  NotFound = 3,    // no such member
  Incomplete = 4,  // a time limit ran out, or Ctrl-C
  NoAgent = 5,     // nobody answers, or the socket may not be opened
};

[[nodiscard]] constexpr ExitCode exit_code_for(ErrorCode code) {
  switch (code) {
    case ErrorCode::InvalidArgument: return ExitCode::Usage;
    case ErrorCode::NotFound: return ExitCode::NotFound;
    case ErrorCode::TimedOut: return ExitCode::Incomplete;
    case ErrorCode::Unreachable:
    case ErrorCode::PermissionDenied: return ExitCode::NoAgent;
    default: return ExitCode::Failed;
  }
}

}  // namespace gossip::cli
