// The part of Node that hands commands of the Serf layer to the loop's thread.
#include <optional>
#include <string>
#include <utility>

#include "runtime/node_shared.h"

namespace gossip {

template <typename Ask>
auto Node::Shared::on_loop(Ask ask) -> std::invoke_result_t<Ask&, runtime::Host&> {
  using Result = std::invoke_result_t<Ask&, runtime::Host&>;
  if (queue_.on_loop_thread()) {
    if (host_ == nullptr) return tl::unexpected(why_stopped());
    return ask(*host_);
  }
  std::unique_lock guard(lock_);
  if (phase_ == Phase::New) return tl::unexpected(not_started());
  if (phase_ == Phase::Stopped) return tl::unexpected(why_stopped());
  // Outlives its use: the tasks are gone before the phase becomes Stopped.
  std::optional<Result> result;
  const bool is_posted = queue_.post([this, &result, ask = std::move(ask)]() mutable {
    if (host_ == nullptr) return;
    Result value = ask(*host_);
    const std::lock_guard holder(lock_);
    result.emplace(std::move(value));
    changed_.notify_all();
  });
  if (!is_posted) return tl::unexpected(unavailable());
  changed_.wait(guard, [this, &result] { return result || phase_ == Phase::Stopped; });
  if (!result) return tl::unexpected(why_stopped());
  return *std::move(result);
}

Expected<void> Node::Shared::send_event(std::string_view name, ByteView payload,
                                        Coalesce coalesce) {
  return on_loop([name, payload, coalesce](runtime::Host& host) {
    return host.send_event(name, payload, coalesce);
  });
}

Expected<QueryToken> Node::Shared::query(QueryParams params, QueryReplied replied, QueryOver done) {
  if (!replied) replied = [](const QueryReply&) {};
  if (!done) done = [](const QueryDone&) {};
  return on_loop([params = std::move(params), replied = std::move(replied),
                  done = std::move(done)](runtime::Host& host) {
    return host.query(params, {replied, done});
  });
}

Expected<void> Node::Shared::respond(QueryToken query, ByteView payload) {
  return on_loop([query, payload](runtime::Host& host) { return host.respond(query, payload); });
}

Expected<void> Node::Shared::decline(QueryToken query) {
  return on_loop([query](runtime::Host& host) -> Expected<void> {
    host.decline(query);
    return {};
  });
}

Expected<void> Node::Shared::change_keys(KeyCommand command, KeysChanged done) {
  if (!done) done = [](const KeyResult&) {};
  return on_loop([command = std::move(command), done = std::move(done)](runtime::Host& host) {
    return host.change_keys(command, done);
  });
}

std::optional<Coordinate> Node::Shared::coordinate(std::string_view name) {
  const Expected<std::optional<Coordinate>> found =
      on_loop([name](runtime::Host& host) -> Expected<std::optional<Coordinate>> {
        return host.engine().coordinate(name);
      });
  return found ? *found : std::nullopt;
}

}  // namespace gossip
