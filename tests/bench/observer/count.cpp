// When a large cluster has come together: its agents are asked in turn, each until it is done, so that the asking
// costs next to nothing.
#include <cstdio>
#include <optional>
#include <string>
#include <variant>

#include <unistd.h>

#include "bench/observer/modes.h"
#include "bench/observer/observer.h"

namespace gossip::bench {

namespace {

constexpr useconds_t kPauseUs = 5000;

// How many members the agent knows: its own count, as text.
std::optional<long long> member_count(const rpc::Arrival& arrival) {
  const auto* response = std::get_if<rpc::Response>(&arrival);
  const auto* stats =
      response != nullptr ? std::get_if<rpc::StatsResponse>(&response->body) : nullptr;
  if (stats == nullptr) return std::nullopt;
  const auto section = stats->sections.find("serf");
  if (section == stats->sections.end()) return std::nullopt;
  const auto entry = section->second.find("members");
  if (entry == section->second.end()) return std::nullopt;
  return number(entry->second);
}

// Asks until the agent knows so many.
void wait_for(const std::string& address, long long wanted) {
  Observer agent({address});
  agent.connect_all([](std::size_t /*agent*/) {});
  for (long long known = 0; known < wanted;) {
    agent.link(0).send(rpc::StatsRequest{});
    std::optional<long long> answer;
    const auto heard = [&](std::size_t /*agent*/, const rpc::Arrival& arrival,
                           std::int64_t /*at*/) {
      if (!answer) answer = member_count(arrival);
    };
    while (!answer) {
      if (!agent.wait(1000, heard, [](std::size_t /*agent*/) { give_up("an agent has hung up"); }))
        give_up(address + " knows " + std::to_string(known) + " members");
    }
    known = *answer;
    if (known < wanted) ::usleep(kPauseUs);
  }
}

}  // namespace

int run_count(Words words) {
  for (const std::string& address : read_agents())
    wait_for(address, number(words[0]));
  std::printf("%lld\n", static_cast<long long>(now_ns()));
  return 0;
}

}  // namespace gossip::bench
