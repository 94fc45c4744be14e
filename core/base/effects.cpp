#include "gossip/effects.h"

namespace gossip {

std::string_view to_string(StreamEnd end) {
  switch (end) {
    case StreamEnd::Closed: return "connection closed";
    case StreamEnd::Refused: return "connection refused";
    case StreamEnd::Unreachable: return "host unreachable";
    case StreamEnd::TimedOut: return "connection timed out";
    case StreamEnd::Reset: return "connection reset";
  }
  return "connection closed";
}

}  // namespace gossip
