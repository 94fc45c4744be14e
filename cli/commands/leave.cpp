#include "cli/commands/leave.h"

#include "cli/json.h"

namespace gossip::cli {

ExitCode run(const LeaveOptions& options, Connection& agent, Output& out) {
  agent.begins("leaving the cluster");
  const Expected<rpc::Response> response = agent.call(rpc::LeaveRequest{});
  if (!response) {
    return Output::report("error leaving", response.error());
  }
  if (options.format == Format::Json) {
    JsonWriter json(JsonLayout::Indented);
    json.begin_object();
    json.key("left");
    json.truth(true);
    json.end_object();
    out.print(json.take());
    return ExitCode::Done;
  }
  out.print("Graceful leave complete\n");
  return ExitCode::Done;
}

}  // namespace gossip::cli
