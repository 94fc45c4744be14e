#include "engine/complaints.h"

#include <string>
#include <utility>

namespace gossip::engine {

namespace {

struct Advice {
  LogLevel level;
  std::string_view text;
};

Advice advice_for(Drop why) {
  switch (why) {
    case Drop::Undecryptable:
      return {LogLevel::Warn, "cannot be decrypted: compare the encryption keys of both members"};
    case Drop::Plaintext:
      return {LogLevel::Warn,
              "is not encrypted, but this node requires it: give that member the key"};
    case Drop::WrongLabel: return {LogLevel::Warn, "carries another cluster label"};
    case Drop::BadVersions: return {LogLevel::Warn, "its protocol versions do not fit ours"};
    default: return {LogLevel::Debug, to_string(why)};
  }
}

}  // namespace

bool Complaints::is_due(TimePoint now, Drop why) const {
  const Kind& kind = kinds_[static_cast<std::size_t>(why)];
  return !kind.logged_at.has_value() || now - *kind.logged_at >= kRest;
}

std::optional<Log> Complaints::note(TimePoint now, Drop why, std::string_view source,
                                    std::string_view detail) {
  Kind& kind = kinds_[static_cast<std::size_t>(why)];
  ++kind.unsaid;
  if (!is_due(now, why)) return std::nullopt;
  kind.logged_at = now;
  const std::uint64_t count = std::exchange(kind.unsaid, 0);
  const Advice advice = advice_for(why);
  std::string text = "memberlist: dropped input from ";
  text.append(source).append(": ").append(detail.empty() ? advice.text : detail);
  if (count > 1)
    text.append(" (").append(std::to_string(count)).append(" such since the last report)");
  return Log{advice.level, std::move(text)};
}

}  // namespace gossip::engine
