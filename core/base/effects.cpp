#include "gossip/effects.h"

namespace gossip {

std::string_view to_string(StreamEnd end) {
  switch (end) {
    case StreamEnd::kClosed: return "connection closed";
    case StreamEnd::kRefused: return "connection refused";
    case StreamEnd::kUnreachable: return "host unreachable";
    case StreamEnd::kTimedOut: return "connection timed out";
    case StreamEnd::kReset: return "connection reset";
  }
  return "connection closed";
}

}  // namespace gossip
