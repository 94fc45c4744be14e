#include "agent/rpc/member_filter.h"

#include <algorithm>
#include <string_view>

#include <re2/re2.h>

namespace gossip::agent::rpc {
namespace {

Expected<std::unique_ptr<re2::RE2>> compile_pattern(std::string_view pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxPatternMemory);
  // The anchors are text, so that "a|b" is "^a|b$", as it is in Serf.
  auto compiled = std::make_unique<re2::RE2>("^" + std::string(pattern) + "$", options);
  if (!compiled->ok()) {
    return fail(ErrorCode::InvalidArgument, "Failed to compile regex: " + compiled->error());
  }
  return compiled;
}

bool finds(const re2::RE2& pattern, std::string_view text) {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

}  // namespace

MemberFilter::MemberFilter() = default;
MemberFilter::MemberFilter(MemberFilter&&) noexcept = default;
MemberFilter& MemberFilter::operator=(MemberFilter&&) noexcept = default;
MemberFilter::~MemberFilter() = default;

Expected<MemberFilter> MemberFilter::compile(const gossip::rpc::MembersFilteredRequest& request) {
  if (request.tags.size() > kMaxTagPatterns) {
    return fail(ErrorCode::TooLarge, std::to_string(request.tags.size()) +
                                         " tag patterns, the limit is " +
                                         std::to_string(kMaxTagPatterns));
  }
  MemberFilter filter;
  if (!request.name.empty()) {
    Expected<std::unique_ptr<re2::RE2>> name = compile_pattern(request.name);
    if (!name) return tl::unexpected(name.error());
    filter.name_ = *std::move(name);
  }
  if (!request.status.empty()) {
    Expected<std::unique_ptr<re2::RE2>> status = compile_pattern(request.status);
    if (!status) return tl::unexpected(status.error());
    filter.status_ = *std::move(status);
  }
  for (const auto& [tag, text] : request.tags) {
    Expected<std::unique_ptr<re2::RE2>> pattern = compile_pattern(text);
    if (!pattern) return tl::unexpected(pattern.error());
    filter.tags_.push_back({tag, *std::move(pattern)});
  }
  return filter;
}

bool MemberFilter::matches(const Member& member) const {
  if (name_ && !finds(*name_, member.name)) return false;
  if (status_ && !finds(*status_, to_string(member.status))) return false;
  return std::all_of(tags_.begin(), tags_.end(), [&member](const TagPattern& condition) {
    const auto tag = member.tags.find(condition.tag);
    return finds(*condition.pattern,
                 tag == member.tags.end() ? std::string_view() : std::string_view(tag->second));
  });
}

}  // namespace gossip::agent::rpc
