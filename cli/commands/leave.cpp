#include "cli/commands/leave.h"

namespace gossip::cli {

ExitCode run(const LeaveOptions& /*options*/, Connection& agent, Output& out) {
  agent.begins("leaving the cluster");
  const Expected<rpc::Response> response = agent.call(rpc::LeaveRequest{});
  if (!response) {
    return Output::report("error leaving", response.error());
  }
  out.print("Graceful leave complete\n");
  return ExitCode::Done;
}

}  // namespace gossip::cli
