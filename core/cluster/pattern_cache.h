// The patterns that were asked for last, compiled: a query that comes again, and our own, which we both ask and
// answer, cost no second compilation.
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace re2 {
class RE2;
}

namespace gossip::cluster {

class PatternCache {
 public:
  // At the limit the one that has not been asked for longest goes. Enough for all patterns of one query.
  static constexpr std::size_t kMaxKept = 64;
  // For each compiled pattern, its program included: some thousand states.
  static constexpr std::size_t kPatternMemoryBytes = std::size_t{128} * 1024;

  PatternCache();
  PatternCache(const PatternCache&) = delete;
  PatternCache& operator=(const PatternCache&) = delete;
  PatternCache(PatternCache&&) = delete;
  PatternCache& operator=(PatternCache&&) = delete;
  ~PatternCache();

  // Valid until kMaxKept others have been asked for. The error is RE2's reason; such a pattern is not kept.
  [[nodiscard]] tl::expected<const re2::RE2*, std::string> find(std::string_view expression);

  [[nodiscard]] std::size_t size() const { return by_text_.size(); }

 private:
  struct Kept {
    std::string text;
    std::unique_ptr<re2::RE2> compiled;
  };
  using Newest = std::list<Kept>;  // the one asked for last comes first

  Newest kept_;
  // Keys view the entries' texts.
  std::map<std::string_view, Newest::iterator> by_text_;
};

}  // namespace gossip::cluster
