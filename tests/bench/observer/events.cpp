// How long a user event takes from one agent to each of the others.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "bench/observer/modes.h"
#include "bench/observer/observer.h"

namespace gossip::bench {

namespace {

constexpr std::string_view kName = "bench";
constexpr std::size_t kIndexBytes = 8;

struct Plan {
  std::size_t count = 0;
  std::int64_t gap_ns = 0;
  std::size_t payload_bytes = 0;
  std::int64_t patience_ns = 0;
};

struct Fired {
  std::int64_t at_ns = 0;
  std::size_t origin = 0;
  std::vector<std::int64_t> heard_ns;  // by listener; 0: not yet
};

// The event's number stands in front of its payload, the rest is filling.
Bytes payload_of(std::size_t event, std::size_t bytes) {
  std::string text = std::to_string(event);
  text.insert(0, kIndexBytes - std::min(kIndexBytes, text.size()), '0');
  text.resize(std::max(bytes, kIndexBytes), 'x');
  return {text.begin(), text.end()};
}

std::optional<std::size_t> event_of(const UserEvent& event) {
  if (event.name != kName || event.payload.size() < kIndexBytes) return std::nullopt;
  const auto* const text = reinterpret_cast<const char*>(event.payload.data());
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text, text + kIndexBytes, number);
  if (error != std::errc() || end != text + kIndexBytes) return std::nullopt;
  return number;
}

class Measurement {
 public:
  Measurement(Observer& agents, const Plan& plan, std::size_t listeners, std::size_t origins)
      : agents_(agents), plan_(plan), listeners_(listeners), origins_(origins) {}

  void run() {
    agents_.connect_all([this](std::size_t agent) {
      if (agent < listeners_) agents_.link(agent).send(rpc::StreamRequest{"user:bench", true});
    });
    while (opened_ < listeners_)
      wait(100);
    std::minstd_rand chance(static_cast<std::uint32_t>(now_ns()));
    std::int64_t next = now_ns();
    while (fired_.size() < plan_.count) {
      if (now_ns() < next) {
        wait(static_cast<int>(std::max<std::int64_t>((next - now_ns()) / 1'000'000, 0)));
        continue;
      }
      fire(chance() % origins_);
      next += plan_.gap_ns;
    }
    const std::int64_t end = now_ns() + plan_.patience_ns;
    while (missing_ > 0 && now_ns() < end)
      wait(10);
  }

  void print() const {
    for (const Fired& event : fired_) {
      std::string line;
      for (std::size_t listener = 0; listener < listeners_; ++listener) {
        if (listener == event.origin) continue;
        const std::int64_t heard = event.heard_ns[listener];
        line += heard == 0 ? "-" : std::to_string((heard - event.at_ns) / 1000);
        line += ' ';
      }
      std::puts(line.c_str());
    }
  }

 private:
  void fire(std::size_t origin) {
    const std::size_t number = fired_.size();
    Bytes payload = payload_of(number, plan_.payload_bytes);
    missing_ += listeners_ - (origin < listeners_ ? 1 : 0);
    fired_.push_back({now_ns(), origin, std::vector<std::int64_t>(listeners_, 0)});
    agents_.link(origin).send(rpc::EventRequest{std::string(kName), std::move(payload), false});
  }

  void wait(int timeout_ms) {
    agents_.wait(
        timeout_ms,
        [this](std::size_t agent, rpc::Arrival& arrival, std::int64_t at_ns) {
          hear(agent, arrival, at_ns);
        },
        [](std::size_t /*agent*/) { give_up("an agent has hung up"); });
  }

  void hear(std::size_t agent, const rpc::Arrival& arrival, std::int64_t at_ns) {
    if (const auto* response = std::get_if<rpc::Response>(&arrival)) {
      if (!response->error.empty()) give_up("an agent refuses: " + response->error);
      if (response->command == rpc::Command::Stream) ++opened_;
      return;
    }
    const auto& record = std::get<rpc::StreamRecord>(arrival).record;
    const auto* event = std::get_if<UserEvent>(&record);
    const std::optional<std::size_t> number = event != nullptr ? event_of(*event) : std::nullopt;
    if (!number || *number >= fired_.size()) return;
    Fired& fired = fired_[*number];
    if (fired.heard_ns[agent] != 0) return;
    fired.heard_ns[agent] = at_ns;
    if (agent != fired.origin) --missing_;
  }

  Observer& agents_;
  Plan plan_;
  std::size_t listeners_;
  std::size_t origins_;
  std::size_t opened_ = 0;
  std::size_t missing_ = 0;  // deliveries that are still to come
  std::vector<Fired> fired_;
};

}  // namespace

int run_events(Words words) {
  Observer agents(read_agents());
  const auto positive = [&](std::size_t word) {
    return static_cast<std::size_t>(std::max(number(words[word]), 1LL));
  };
  const Plan plan{.count = positive(0),
                  .gap_ns = 1'000'000'000 / static_cast<std::int64_t>(positive(1)),
                  .payload_bytes = positive(2),
                  .patience_ns = number(words[3]) * 1'000'000};
  Measurement measurement(agents, plan, std::min(positive(4), agents.size()),
                          std::min(positive(5), agents.size()));
  const std::int64_t began = now_ns();
  measurement.run();
  report_own_cost(began);
  measurement.print();
  return 0;
}

}  // namespace gossip::bench
