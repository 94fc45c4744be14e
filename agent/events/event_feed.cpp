#include "agent/events/event_feed.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/overloaded.h"

namespace gossip::agent {
namespace {

// As Serf's agent logs it, and as scripts look for it.
std::string event_line(const Event& event) {
  return "agent: Received event: " +
         std::visit(
             base::Overloaded{
                 [](const MemberEvent& member) { return std::string(to_string(member.kind)); },
                 [](const UserEvent& user) { return "user-event: " + user.name; },
                 [](const Query& query) { return "query: " + query.name; },
             },
             event);
}

}  // namespace

EventFeed::EventFeed(uv_loop_t* loop, runtime::HandleCount& handles, Logging& log,
                     runtime::Host& host)
    : loop_(loop),
      handles_(handles),
      log_(log),
      host_(host),
      handlers_(loop, handles, log, static_cast<HandlerSurroundings&>(*this)) {}

Expected<void> EventFeed::open(const config::AgentConfig& config) {
  const auto ring = [](void* self) { static_cast<EventFeed*>(self)->time_passed(); };
  if (timer_.open(loop_, handles_, ring, this) != 0) {
    return fail(ErrorCode::System, "cannot open a timer");
  }
  Expected<void> opened = handlers_.open();
  if (opened) reload(config);
  return opened;
}

void EventFeed::reload(const config::AgentConfig& config) {
  const config::EventConfig& events = config.events;
  config::Mistakes mistakes;
  std::vector<HandlerSpec> specs = handlers_of(config, mistakes);
  GOSSIP_CHECK(mistakes.empty());
  HandlerLimits limits;
  limits.run_time = events.handler_timeout;
  limits.queue_length = events.handler_queue;
  // Room for every answer that may be given.
  limits.output_bytes = std::max(limits.output_bytes, config.node.query_response_size_limit);
  handlers_.replace(std::move(specs), limits);
  const bool held =
      coalesce_members_ != events.coalesce_members || coalesce_users_ != events.coalesce_events;
  if (held) flush();
  coalesce_members_ = events.coalesce_members;
  coalesce_users_ = events.coalesce_events;
}

void EventFeed::published(const Event& event) {
  if (const auto* query = std::get_if<Query>(&event)) return asked(event, *query);
  if (listener_ != nullptr) listener_->published(event);
  std::vector<Event> ready;
  const auto* member = std::get_if<MemberEvent>(&event);
  const auto* user = std::get_if<UserEvent>(&event);
  if (member != nullptr && coalesce_members_) {
    members_.receive(runtime::loop_now(), *member, ready);
  } else if (user != nullptr && user->coalesce == Coalesce::Yes && coalesce_users_) {
    users_.receive(runtime::loop_now(), *user, ready);
  } else {
    ready.push_back(event);
  }
  deliver(ready);
  arm_timer();
}

// Queries wait for nobody. Who may answer is settled before the first handler can be over.
void EventFeed::asked(const Event& event, const Query& query) {
  log_.write(LogLevel::Info, event_line(event));
  const bool streams = listener_ != nullptr && listener_->published(event);
  if (queries_.asked(query.token, handlers_.wanted_by(event),
                     streams ? Streams::Some : Streams::None)) {
    return host_.decline(query.token);
  }
  handlers_.take(event);
}

void EventFeed::query_handled(const Query& query, std::optional<ByteView> answer) {
  Answer given = Answer::None;
  if (answer) {
    const Expected<void> sent = host_.respond(query.token, *answer);
    if (sent) {
      given = Answer::Given;
    } else {
      log_.write(LogLevel::Warn, "agent: Failed to respond to query 'query: " + query.name +
                                     "': " + sent.error().message);
    }
  }
  if (queries_.run_over(query.token, given)) host_.decline(query.token);
}

Self EventFeed::self() const {
  return {host_.engine().name(), host_.engine().tags()};
}

void EventFeed::deliver(const std::vector<Event>& events) {
  for (const Event& event : events) {
    log_.write(LogLevel::Info, event_line(event));
    if (listener_ != nullptr) listener_->published_coalesced(event);
    handlers_.take(event);
  }
}

void EventFeed::flush() {
  std::vector<Event> ready;
  members_.flush(ready);
  users_.flush(ready);
  deliver(ready);
  arm_timer();
}

void EventFeed::time_passed() {
  std::vector<Event> ready;
  members_.advance(runtime::loop_now(), ready);
  users_.advance(runtime::loop_now(), ready);
  deliver(ready);
  arm_timer();
}

void EventFeed::arm_timer() {
  std::optional<TimePoint> next = members_.next_deadline();
  const std::optional<TimePoint> users = users_.next_deadline();
  if (users && (!next || *users < *next)) next = users;
  timer_.arm(next);
}

void EventFeed::stop_coalescing() {
  flush();
  coalesce_members_ = false;
  coalesce_users_ = false;
}

void EventFeed::close(Duration patience) {
  flush();
  timer_.close();
  handlers_.close(patience);
}

}  // namespace gossip::agent
