#include "agent/rpc/log_ring.h"

#include <algorithm>
#include <utility>

namespace gossip::agent::rpc {

void LogRing::append(LogLevel level, std::string_view text) {
  untold_.push_back({level, std::string(text.substr(0, kMaxLogLineBytes))});
  if (telling_) return;
  telling_ = true;
  while (!untold_.empty()) {
    const LogRecord record = std::move(untold_.front());
    untold_.pop_front();
    tell(record);
  }
  telling_ = false;
}

void LogRing::tell(const LogRecord& record) {
  if (lines_.size() == kMaxLogLines) lines_.pop_front();
  lines_.push_back(record);
  // By index: a listener may leave or bring another from inside.
  for (std::size_t i = 0; i < listeners_.size(); ++i) {  // NOLINT(modernize-loop-convert): may grow
    if (listeners_[i] != nullptr) listeners_[i]->logged(record);
  }
  std::erase(listeners_, nullptr);
}

void LogRing::subscribe(Listener& listener) {
  listeners_.push_back(&listener);
}

void LogRing::unsubscribe(Listener& listener) {
  std::replace(listeners_.begin(), listeners_.end(), &listener, static_cast<Listener*>(nullptr));
}

}  // namespace gossip::agent::rpc
