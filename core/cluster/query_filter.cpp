#include "cluster/query_filter.h"

#include <algorithm>
#include <utility>

#include <re2/re2.h>

#include "wire/cluster_codec.h"

namespace gossip::cluster {

Expected<QueryFilter> QueryFilter::make(const std::vector<std::string>& nodes, const Tags& tags,
                                        PatternCache& patterns) {
  QueryFilter filter;
  if (!nodes.empty()) {
    filter.names_.push_back(nodes);
    std::ranges::sort(filter.names_.back());
  }
  for (const auto& [tag, expression] : tags) {
    if (const std::optional<std::string> reason = filter.add_pattern(tag, expression, patterns)) {
      return fail(ErrorCode::InvalidArgument, "bad pattern for tag '" + tag + "': " + *reason);
    }
  }
  return filter;
}

std::optional<QueryFilter> QueryFilter::read(const std::vector<ByteView>& filters,
                                             PatternCache& patterns) {
  QueryFilter whole;
  for (const ByteView filter : filters) {
    if (!whole.read_one(filter, patterns)) return std::nullopt;
  }
  return whole;
}

bool QueryFilter::read_one(ByteView filter, PatternCache& patterns) {
  if (filter.empty()) return false;
  const ByteView body = filter.subspan(1);
  switch (static_cast<wire::FilterType>(filter[0])) {
    case wire::FilterType::Nodes: {
      const std::optional<wire::NodeFilter> nodes = wire::decode_node_filter(body);
      if (!nodes) return false;
      Names names(nodes->nodes.begin(), nodes->nodes.end());
      std::ranges::sort(names);
      names_.push_back(std::move(names));
      return true;
    }
    case wire::FilterType::Tag: {
      const std::optional<wire::TagFilter> tag = wire::decode_tag_filter(body);
      return tag && !add_pattern(tag->tag, tag->expression, patterns);
    }
  }
  return false;
}

std::optional<std::string> QueryFilter::add_pattern(std::string_view tag,
                                                    std::string_view expression,
                                                    PatternCache& patterns) {
  pattern_bytes_ += expression.size();
  if (pattern_bytes_ > kMaxPatternBytes || patterns_.size() >= kMaxPatterns) {
    return "a query has at most " + std::to_string(kMaxPatterns) + " patterns and " +
           std::to_string(kMaxPatternBytes) + " bytes of them";
  }
  const tl::expected<const re2::RE2*, std::string> compiled = patterns.find(expression);
  if (!compiled) return compiled.error();
  patterns_.push_back({std::string(tag), *compiled});
  return std::nullopt;
}

bool QueryFilter::matches_name(std::string_view name) const {
  return std::ranges::all_of(
      names_, [name](const Names& names) { return std::ranges::binary_search(names, name); });
}

bool QueryFilter::matches(std::string_view name, const Tags& tags) const {
  if (!matches_name(name)) return false;
  return std::ranges::all_of(patterns_, [&tags](const Pattern& pattern) {
    const auto tag = tags.find(pattern.tag);
    const std::string_view value = tag == tags.end() ? std::string_view() : tag->second;
    return re2::RE2::PartialMatch(re2::StringPiece(value.data(), value.size()),
                                  *pattern.expression);
  });
}

bool bears_pattern(const std::vector<ByteView>& filters) {
  return std::ranges::any_of(filters, [](ByteView filter) {
    return !filter.empty() && filter.front() == static_cast<std::uint8_t>(wire::FilterType::Tag);
  });
}

std::vector<Bytes> encode_filters(const std::vector<std::string>& nodes, const Tags& tags) {
  std::vector<Bytes> filters;
  if (!nodes.empty()) {
    const std::vector<std::string_view> names(nodes.begin(), nodes.end());
    filters.push_back(wire::encode(wire::NodeFilter{names}));
  }
  for (const auto& [tag, expression] : tags)
    filters.push_back(wire::encode(wire::TagFilter{tag, expression}));
  return filters;
}

}  // namespace gossip::cluster
