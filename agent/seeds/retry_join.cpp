#include "agent/seeds/retry_join.h"

#include "base/go_duration.h"

namespace gossip::agent {

Expected<void> RetryJoin::start(uv_loop_t* loop, runtime::HandleCount& count) {
  const auto ring = [](void* self) { static_cast<RetryJoin*>(self)->attempt(); };
  const int code = timer_.open(loop, count, ring, this);
  if (code != 0) {
    return fail(ErrorCode::System, std::string("cannot open a timer: ") + uv_strerror(code));
  }
  attempt();
  return {};
}

void RetryJoin::close() {
  closed_ = true;
  timer_.close();
}

void RetryJoin::attempt() {
  if (closed_) return;
  const Expected<void> begun =
      around_.join_seeds(plan_, [this](const JoinResult& result) { attempted(result); });
  if (!begun) attempted(JoinResult{0, {{"join", begun.error().message}}});
}

void RetryJoin::attempted(const JoinResult& result) {
  if (closed_) return;
  if (result.joined > 0) {
    around_.log_seeds(LogLevel::Info, "Join completed. Synced with " +
                                          std::to_string(result.joined) + " initial agents");
    close();
    return;
  }
  if (plan_.max_retries > 0 && retries_ == plan_.max_retries) {
    around_.log_seeds(LogLevel::Error, "maximum retry join attempts made, exiting");
    close();
    around_.seeds_exhausted();
    return;
  }
  ++retries_;
  around_.log_seeds(LogLevel::Warn,
                    "Join failed, retrying in " + base::format_go_duration(plan_.interval));
  timer_.arm(runtime::loop_now() + plan_.interval);
}

std::string describe(const std::vector<JoinFailure>& failures) {
  std::string text;
  for (const JoinFailure& failure : failures) {
    if (!text.empty()) text += "; ";
    text += failure.address + ": " + failure.reason;
  }
  return text.empty() ? "nobody to join" : text;
}

}  // namespace gossip::agent
