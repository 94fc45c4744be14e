#include "cli/commands/join.h"

#include <string>
#include <string_view>

#include "cli/json.h"

namespace gossip::cli {
namespace {

constexpr std::string_view kJoining = "error joining the cluster";
constexpr std::string_view kItem = " * ";

// Serf's list of failures ("2 errors occurred: * Failed to join A: … * Failed to join B: …") one a line.
void complain_of_each(std::string_view text) {
  std::size_t item = text.find(kItem);
  if (item == std::string_view::npos) {
    Output::complain(std::string(kJoining) + ": " + std::string(text));
    return;
  }
  while (item != std::string_view::npos) {
    text.remove_prefix(item + kItem.size());
    item = text.find(kItem);
    Output::complain(std::string(kJoining) + ": " + std::string(text.substr(0, item)));
  }
}

}  // namespace

ExitCode run(const JoinOptions& options, Connection& agent, Output& out) {
  agent.begins("joining " + std::to_string(options.addresses.size()) +
               (options.addresses.size() == 1 ? " address" : " addresses"));
  const Expected<rpc::Response> response =
      agent.call(rpc::JoinRequest{.existing = options.addresses, .replay = options.replay});
  if (!response) {
    complain_of_each(response.error().message);
    return exit_code_for(response.error().code);
  }
  const auto* const body = std::get_if<rpc::JoinResponse>(&response->body);
  const std::int32_t joined = body != nullptr ? body->joined : 0;
  if (options.format == Format::Json) {
    JsonWriter json(JsonLayout::Indented);
    json.begin_object();
    json.key("joined");
    json.number(static_cast<std::uint64_t>(joined));
    json.end_object();
    out.print(json.take());
  } else {
    out.print("Successfully joined cluster by contacting " + std::to_string(joined) + " nodes.\n");
  }
  if (joined >= 0 && static_cast<std::size_t>(joined) < options.addresses.size()) {
    Output::complain("only " + std::to_string(joined) + " of " +
                     std::to_string(options.addresses.size()) +
                     " addresses could be joined; the agent's log says which failed, and why");
  }
  return ExitCode::Done;
}

}  // namespace gossip::cli
