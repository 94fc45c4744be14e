#include <charconv>
#include <string>

#include "config/agent_config.h"

namespace gossip::config {

Expected<ReadyWhen> parse_ready_when(std::string_view text) {
  using Kind = ReadyWhen::Kind;
  if (text == "started") return ReadyWhen{Kind::Started};
  if (text == "joined") return ReadyWhen{Kind::Joined};
  constexpr std::string_view kMembers = "members>=";
  ReadyWhen when{Kind::Members};
  const char* const end = text.data() + text.size();
  if (text.substr(0, kMembers.size()) == kMembers) {
    const auto [stopped, failed] =
        std::from_chars(text.data() + kMembers.size(), end, when.members);
    if (failed == std::errc{} && stopped == end && when.members > 0) return when;
  }
  return fail(ErrorCode::InvalidArgument,
              "\"" + std::string(text) + "\" is none of started, joined and members>=N");
}

}  // namespace gossip::config
