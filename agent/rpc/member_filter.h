// The patterns of members-filtered (rpc.md §5.4): RE2, each bound by ^ and $ as text, all of them must match.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gossip/error.h"
#include "gossip/member.h"

#include "rpc/protocol.h"

namespace re2 {
class RE2;
}

namespace gossip::agent::rpc {

// What one pattern's program may take; a pattern that needs more does not compile.
inline constexpr std::int64_t kMaxPatternMemory = std::int64_t{256} * 1024;
inline constexpr std::size_t kMaxTagPatterns = 64;

class MemberFilter {
 public:
  // InvalidArgument with Serf's text "Failed to compile regex: …", TooLarge.
  [[nodiscard]] static Expected<MemberFilter> compile(
      const gossip::rpc::MembersFilteredRequest& request);
  MemberFilter(MemberFilter&&) noexcept;
  MemberFilter& operator=(MemberFilter&&) noexcept;
  MemberFilter(const MemberFilter&) = delete;
  MemberFilter& operator=(const MemberFilter&) = delete;
  ~MemberFilter();

  [[nodiscard]] bool matches(const Member& member) const;

 private:
  struct TagPattern {
    std::string tag;
    std::unique_ptr<re2::RE2> pattern;
  };

  MemberFilter();

  // Null: no condition.
  std::unique_ptr<re2::RE2> name_;
  std::unique_ptr<re2::RE2> status_;
  std::vector<TagPattern> tags_;
};

}  // namespace gossip::agent::rpc
