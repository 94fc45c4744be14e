// Whom a query is for (gossip-wire §9.3): names, and patterns that tags must match. The same test says on the
// asking side who will answer and on the other side whether we do. Patterns are RE2's, so that none takes
// more than linear time, and small, so that a stranger's packet costs little.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/error.h"
#include "gossip/member.h"
#include "gossip/query.h"

#include "cluster/pattern_cache.h"

namespace gossip::cluster {

class QueryFilter {
 public:
  // Of all filters of a query together; Serf's limit for a whole query is 1,024 bytes.
  static constexpr std::size_t kMaxPatternBytes = 4096;
  static constexpr std::size_t kMaxPatterns = 64;
  static_assert(kMaxPatterns <= PatternCache::kMaxKept);

  // What somebody here asks for. InvalidArgument names the tag and gives RE2's reason. The filter holds as long as
  // the cache is asked for nothing else, here and below.
  [[nodiscard]] static Expected<QueryFilter> make(const std::vector<std::string>& nodes,
                                                  const Tags& tags, PatternCache& patterns);
  // What came in a query. Nothing if any filter is of no known type, damaged, refused by RE2 or beyond a limit:
  // the query is not for us then, as in Serf.
  [[nodiscard]] static std::optional<QueryFilter> read(const std::vector<ByteView>& filters,
                                                       PatternCache& patterns);

  // A tag that is not there counts as an empty one. Patterns match anywhere in the value.
  [[nodiscard]] bool matches(std::string_view name, const Tags& tags) const;
  [[nodiscard]] bool matches_name(std::string_view name) const;
  // Whether `matches` looks at tags at all.
  [[nodiscard]] bool has_patterns() const { return !patterns_.empty(); }

 private:
  struct Pattern {
    std::string tag;
    const re2::RE2* expression;  // the cache's
  };
  using Names = std::vector<std::string>;  // sorted

  QueryFilter() = default;
  // Why it cannot be, or nothing.
  std::optional<std::string> add_pattern(std::string_view tag, std::string_view expression,
                                         PatternCache& patterns);
  bool read_one(ByteView filter, PatternCache& patterns);

  std::vector<Names> names_;  // the name must be in each
  std::vector<Pattern> patterns_;
  std::size_t pattern_bytes_ = 0;
};

// Whether any of them asks for a pattern, which must be compiled.
[[nodiscard]] bool bears_pattern(const std::vector<ByteView>& filters);

// The filters as they travel: the names first, then the tags in order; nothing for what is empty.
[[nodiscard]] std::vector<Bytes> encode_filters(const std::vector<std::string>& nodes,
                                                const Tags& tags);

}  // namespace gossip::cluster
