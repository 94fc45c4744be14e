// Somebody behind each agent who answers every query at once, so that no shell is what is measured.
#include <cstdio>
#include <string_view>
#include <variant>

#include "bench/observer/modes.h"
#include "bench/observer/observer.h"

namespace gossip::bench {

int run_respond(Words /*words*/) {
  Observer agents(read_agents());
  const std::int64_t began = now_ns();
  agents.connect_all([&](std::size_t agent) {
    agents.link(agent).send(rpc::StreamRequest{"query", true});
  });
  std::size_t opened = 0;
  const auto heard = [&](std::size_t agent, const rpc::Arrival& arrival, std::int64_t /*at_ns*/) {
    if (const auto* response = std::get_if<rpc::Response>(&arrival)) {
      if (response->command == rpc::Command::Stream && ++opened == agents.size()) {
        std::puts("ready");
        (void)std::fflush(stdout);
      }
      return;
    }
    const auto& record = std::get<rpc::StreamRecord>(arrival).record;
    if (const auto* query = std::get_if<rpc::QueryEvent>(&record)) {
      constexpr std::string_view kAnswer = "up";
      agents.link(agent).send(
          rpc::RespondRequest{query->id, Bytes(kAnswer.begin(), kAnswer.end())});
    }
  };
  while (agents.wait(1000, heard, [](std::size_t /*agent*/) {})) {
  }
  report_own_cost(began);
  return 0;
}

}  // namespace gossip::bench
