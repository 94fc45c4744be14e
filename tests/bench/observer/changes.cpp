// Member events, as each agent logs them at the moment it knows: streams are batched for up to three seconds
// by Serf, its log is not. Both programs write the same lines.
#include <cstdio>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bench/observer/modes.h"
#include "bench/observer/observer.h"

namespace gossip::bench {

namespace {

constexpr std::string_view kMark = "serf: EventMember";

struct Change {
  std::string_view kind;  // "Join", "Failed" …
  std::string_view name;
};

// "… [INFO] serf: EventMemberFailed: name 127.0.0.1", nothing in other lines.
bool find_change(std::string_view line, Change& change) {
  const std::size_t mark = line.find(kMark);
  if (mark == std::string_view::npos) return false;
  line.remove_prefix(mark + kMark.size());
  const std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos) return false;
  change.kind = line.substr(0, colon);
  const std::string_view rest = line.substr(colon + 2);
  change.name = rest.substr(0, rest.find(' '));
  return true;
}

const rpc::LogLine* log_line(const rpc::Arrival& arrival) {
  const auto* record = std::get_if<rpc::StreamRecord>(&arrival);
  return record != nullptr ? std::get_if<rpc::LogLine>(&record->record) : nullptr;
}

}  // namespace

int run_changes(Words /*words*/) {
  Observer agents(read_agents());
  const std::int64_t began = now_ns();
  const auto monitor = [&](std::size_t agent) {
    agents.link(agent).send(rpc::MonitorRequest{"INFO"});
  };
  agents.connect_all(monitor);
  std::puts("ready");
  (void)std::fflush(stdout);
  const auto heard = [](std::size_t agent, const rpc::Arrival& arrival, std::int64_t at_ns) {
    const rpc::LogLine* const line = log_line(arrival);
    Change change;
    if (line == nullptr || !find_change(line->text, change)) return;
    std::printf("%lld %zu %.*s %.*s\n", static_cast<long long>(at_ns), agent,
                static_cast<int>(change.kind.size()), change.kind.data(),
                static_cast<int>(change.name.size()), change.name.data());
  };
  // One that was killed comes back at its address; nobody else needs to be asked.
  while (agents.wait(20, heard, [](std::size_t /*agent*/) {})) {
    (void)std::fflush(stdout);
    if (!agents.all_connected()) agents.try_connect(monitor);
  }
  report_own_cost(began);
  return 0;
}

int run_converge(Words words) {
  const auto wanted = static_cast<std::size_t>(number(words[0]));
  Observer agents(read_agents());
  const auto monitor = [&](std::size_t agent) {
    agents.link(agent).send(rpc::MonitorRequest{"INFO"});
  };
  std::vector<std::size_t> joined(agents.size(), 0);
  std::size_t complete = 0;
  std::int64_t last_ns = 0;
  const auto heard = [&](std::size_t agent, const rpc::Arrival& arrival, std::int64_t at_ns) {
    const rpc::LogLine* const line = log_line(arrival);
    Change change;
    if (line == nullptr || !find_change(line->text, change) || change.kind != "Join") return;
    if (++joined[agent] != wanted) return;
    ++complete;
    last_ns = at_ns;
  };
  while (complete < agents.size()) {
    if (!agents.all_connected()) agents.try_connect(monitor);
    if (!agents.wait(2, heard, [](std::size_t /*agent*/) { give_up("an agent has hung up"); })) {
      give_up(std::to_string(agents.size() - complete) + " agents do not know all others");
    }
  }
  std::printf("%lld\n", static_cast<long long>(last_ns));
  return 0;
}

}  // namespace gossip::bench
