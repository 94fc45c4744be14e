#include "cli/commands/force_leave.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "cli/json.h"

namespace gossip::cli {
namespace {

constexpr std::string_view kForcing = "error force leaving";

// The agent says success for a name that nobody has, and spreads a leave in the name of the living.
ExitCode check_name(const ForceLeaveOptions& options, Connection& agent) {
  const Expected<rpc::Response> listed = agent.call(rpc::MembersRequest{});
  if (!listed) {
    return Output::report(kForcing, listed.error());
  }
  const auto* const body = std::get_if<rpc::MembersResponse>(&listed->body);
  const std::vector<Member> members = body != nullptr ? body->members : std::vector<Member>{};
  const auto member = std::find_if(members.begin(), members.end(),
                                   [&options](const Member& m) { return m.name == options.name; });
  if (member == members.end()) {
    return Output::report({ErrorCode::NotFound, "no member is called '" + options.name + "'"});
  }
  if (member->status == MemberStatus::Alive && !options.force) {
    return Output::report(
        {ErrorCode::WrongState, "'" + options.name +
                                    "' is alive: it would only show as leaving until it "
                                    "contradicts, and its later death would pass "
                                    "for a leave; stop it first ('gossipctl leave' on its "
                                    "machine), or insist with --force"});
  }
  return ExitCode::Done;
}

}  // namespace

ExitCode run(const ForceLeaveOptions& options, Connection& agent, ProgramName name, Output& out) {
  if (name != ProgramName::Serf) {  // whose scripts expect its success
    if (const ExitCode checked = check_name(options, agent); checked != ExitCode::Done) {
      return checked;
    }
  }
  agent.begins("telling the cluster that '" + options.name + "' has left");
  const Expected<rpc::Response> done =
      agent.call(rpc::ForceLeaveRequest{.node = options.name, .prune = options.prune});
  if (!done) return Output::report(kForcing, done.error());
  if (options.format == Format::Json) {  // in text success is silent, as Serf's
    JsonWriter json(JsonLayout::Indented);
    json.begin_object();
    json.key("name");
    json.text(options.name);
    json.key("prune");
    json.truth(options.prune);
    json.end_object();
    out.print(json.take());
  }
  return ExitCode::Done;
}

}  // namespace gossip::cli
