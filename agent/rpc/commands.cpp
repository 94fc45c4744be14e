#include "agent/rpc/commands.h"

#include <utility>
#include <variant>
#include <vector>

#include "gossip/address.h"
#include "gossip/member.h"

#include "agent/rpc/member_filter.h"

namespace gossip::agent::rpc {
namespace {

using gossip::rpc::ResponseBody;

Reply filtered_members(const AgentControl& agent,
                       const gossip::rpc::MembersFilteredRequest& request) {
  const Expected<MemberFilter> filter = MemberFilter::compile(request);
  if (!filter) return {filter.error().message, gossip::rpc::MembersResponse{}};
  std::vector<Member> members = agent.members();
  std::erase_if(members, [&filter](const Member& member) { return !filter->matches(member); });
  return {{}, gossip::rpc::MembersResponse{std::move(members)}};
}

Reply change_tags(AgentControl& agent, const gossip::rpc::TagsRequest& request) {
  Tags tags = agent.tags();
  for (const std::string& key : request.remove)
    tags.erase(key);
  for (const auto& [key, value] : request.set)
    tags.insert_or_assign(key, value);
  const Expected<void> done = agent.set_tags(std::move(tags));
  if (done) return {};
  if (done.error().code == ErrorCode::TooLarge) {
    return {"Encoded length of tags exceeds limit of " + std::to_string(kMaxTagsBytes) + " bytes",
            {}};
  }
  return {done.error().message, {}};
}

Reply force_leave(AgentControl& agent, const gossip::rpc::ForceLeaveRequest& request) {
  const Expected<void> done =
      agent.force_leave(request.node, request.prune ? Prune::Yes : Prune::No);
  return {done ? std::string() : done.error().message, {}};
}

// Serf names the peer by its IP alone, and what could not be resolved as it was written; the port is in its reason.
std::string describe(const JoinFailure& failure) {
  const Expected<Address> address = Address::parse(failure.address, kDefaultPort);
  if (!address) return "Failed to resolve " + failure.address + ": " + failure.reason;
  return "Failed to join " + address->ip.to_string() + ": " + address->to_string() + ": " +
         failure.reason;
}

}  // namespace

Reply execute(AgentControl& agent, const gossip::rpc::Request& request) {
  if (std::holds_alternative<gossip::rpc::MembersRequest>(request)) {
    return {{}, gossip::rpc::MembersResponse{agent.members()}};
  }
  if (const auto* members = std::get_if<gossip::rpc::MembersFilteredRequest>(&request)) {
    return filtered_members(agent, *members);
  }
  if (const auto* tags = std::get_if<gossip::rpc::TagsRequest>(&request)) {
    return change_tags(agent, *tags);
  }
  if (const auto* force = std::get_if<gossip::rpc::ForceLeaveRequest>(&request)) {
    return force_leave(agent, *force);
  }
  if (std::holds_alternative<gossip::rpc::StatsRequest>(request)) {
    return {{}, gossip::rpc::StatsResponse{agent.stats()}};
  }
  if (const auto* event = std::get_if<gossip::rpc::EventRequest>(&request)) {
    const Expected<void> sent = agent.send_event(event->name, event->payload,
                                                 event->coalesce ? Coalesce::Yes : Coalesce::No);
    return {sent ? std::string() : sent.error().message, {}};
  }
  if (std::holds_alternative<gossip::rpc::SeedsRequest>(request)) return {{}, agent.seeds()};
  if (std::holds_alternative<gossip::rpc::MetricsRequest>(request)) return {{}, agent.metrics()};
  if (const auto* place = std::get_if<gossip::rpc::GetCoordinateRequest>(&request)) {
    return {{}, gossip::rpc::CoordinateResponse{agent.coordinate(place->node)}};
  }
  const gossip::rpc::Command command = gossip::rpc::command_of(request);
  return {std::string(gossip::rpc::kUnsupportedCommand), gossip::rpc::zero_body(command)};
}

Reply reply_to(const JoinResult& result) {
  const gossip::rpc::JoinResponse body{static_cast<std::int32_t>(result.joined)};
  if (result.joined > 0 || result.failures.empty()) return {{}, body};
  const std::size_t count = result.failures.size();
  std::string text = std::to_string(count) + (count == 1 ? " error" : " errors") + " occurred:";
  for (const JoinFailure& failure : result.failures)
    text += "\n\t* " + describe(failure);
  return {text + "\n\n", body};
}

Reply reply_to(const Expected<gossip::rpc::ReloadResponse>& report) {
  if (!report) return {report.error().message, gossip::rpc::ReloadResponse{}};
  return {{}, *report};
}

std::string join_refusal(const Error& error) {
  if (error.code == ErrorCode::WrongState) return "Serf can't Join after Leave or Shutdown";
  return error.message;
}

}  // namespace gossip::agent::rpc
