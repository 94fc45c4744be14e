#include "capi/handler.h"

#include <cstring>

#include "capi/failure.h"
#include "capi/views.h"

struct gossip_answer {
  gossip::QueryAnswer value;
};

gossip_code gossip_answer_now(gossip_answer* answer, gossip_bytes payload) {
  return gossip::capi::guarded([&] {
    const gossip::ByteView bytes = gossip::capi::bytes_of(payload);
    answer->value = gossip::Bytes(bytes.begin(), bytes.end());
    return GOSSIP_OK;
  });
}

void gossip_answer_later(gossip_answer* answer) {
  answer->value = gossip::AnswerLater{};
}

namespace gossip::capi {

static_assert(static_cast<int>(LeaveReason::Left) == GOSSIP_MEMBER_LEFT);
static_assert(static_cast<int>(LeaveReason::Failed) == GOSSIP_MEMBER_FAILED);
static_assert(static_cast<int>(LogLevel::Trace) == GOSSIP_TRACE);
static_assert(static_cast<int>(LogLevel::Error) == GOSSIP_ERROR);

Calls::Calls(const gossip_handler* handler) {
  if (handler != nullptr) std::memcpy(&handler_, handler, std::min(handler->size, sizeof handler_));
}

// The node, and this with it, may be gone when a call returns.

void Calls::member_join(const Member& member) {
  if (handler_.member_join != nullptr)
    handler_.member_join(handler_.context, MemberView(member).get());
}

void Calls::member_leave(const Member& member, LeaveReason reason) {
  if (handler_.member_leave != nullptr) {
    handler_.member_leave(handler_.context, MemberView(member).get(),
                          static_cast<gossip_leave_reason>(reason));
  }
}

void Calls::member_update(const Member& member) {
  if (handler_.member_update != nullptr)
    handler_.member_update(handler_.context, MemberView(member).get());
}

void Calls::user_event(const UserEvent& event) {
  if (handler_.user_event == nullptr) return;
  const gossip_user_event seen{.lamport_time = event.time,
                               .name = view(event.name),
                               .payload = view(event.payload),
                               .coalesce = event.coalesce == gossip::Coalesce::Yes ? 1 : 0};
  handler_.user_event(handler_.context, &seen);
}

QueryAnswer Calls::query(const Query& query) {
  if (handler_.query == nullptr) return NoAnswer{};
  const gossip_query seen{.token = query.token,
                          .lamport_time = query.time,
                          .name = view(query.name),
                          .payload = view(query.payload),
                          .asker = view(query.asker),
                          .answer_by = query.answer_by.time_since_epoch().count()};
  gossip_answer answer;
  handler_.query(handler_.context, &seen, &answer);
  return std::move(answer.value);
}

void Calls::stopped(const Error& why) {
  if (handler_.stopped != nullptr)
    handler_.stopped(handler_.context, code_of(why.code), why.message.c_str());
}

void Calls::log(LogLevel level, std::string_view line) {
  if (handler_.log != nullptr)
    handler_.log(handler_.context, static_cast<gossip_log_level>(level), view(line));
}

}  // namespace gossip::capi
