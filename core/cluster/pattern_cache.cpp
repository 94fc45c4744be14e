#include "cluster/pattern_cache.h"

#include <cstdint>
#include <utility>

#include <re2/re2.h>

namespace gossip::cluster {

PatternCache::PatternCache() = default;
PatternCache::~PatternCache() = default;

tl::expected<const re2::RE2*, std::string> PatternCache::find(std::string_view expression) {
  if (const auto known = by_text_.find(expression); known != by_text_.end()) {
    kept_.splice(kept_.begin(), kept_, known->second);
    return known->second->compiled.get();
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(static_cast<std::int64_t>(kPatternMemoryBytes));
  auto compiled =
      std::make_unique<re2::RE2>(re2::StringPiece(expression.data(), expression.size()), options);
  if (!compiled->ok()) return tl::unexpected(compiled->error());
  if (kept_.size() >= kMaxKept) {
    by_text_.erase(kept_.back().text);
    kept_.pop_back();
  }
  kept_.push_front({std::string(expression), std::move(compiled)});
  by_text_.emplace(kept_.front().text, kept_.begin());
  return kept_.front().compiled.get();
}

}  // namespace gossip::cluster
