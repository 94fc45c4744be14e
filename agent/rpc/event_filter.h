// Which events a stream wants, as its client wrote it: "member-join,user:deploy,query" (rpc.md §6.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/event.h"

namespace gossip::agent::rpc {

class EventFilter {
 public:
  // Comma-separated, no spaces; empty is all. Nothing if any part is no filter.
  [[nodiscard]] static std::optional<EventFilter> parse(std::string_view text);

  [[nodiscard]] bool wants(const Event& event) const;

 private:
  struct Part {
    std::string kind;  // as kind_of says it, or "*", or "query"
    std::string name;  // of user events and queries; empty is any
  };

  [[nodiscard]] static std::optional<Part> parse_part(std::string_view text);

  std::vector<Part> parts_;
};

}  // namespace gossip::agent::rpc
