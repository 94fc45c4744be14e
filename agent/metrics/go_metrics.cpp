#include "agent/metrics/go_metrics.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <map>
#include <string_view>
#include <utility>
#include <variant>

namespace gossip::agent::metrics {
namespace {

// As go-metrics with service "serf-agent": what would take a line apart becomes an underscore.
std::string flat(std::string_view name) {
  std::string out(name);
  std::replace_if(
      out.begin(), out.end(),
      [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= ' ' || byte == 0x7f || c == ':' || c == '|' || c == '@' || c == '#';
      },
      '_');
  return out;
}

double milliseconds(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

class Report {
 public:
  void counter(std::string_view name, std::uint64_t before, std::uint64_t now) {
    if (now > before) line(name, static_cast<double>(now - before), "c");
  }
  void sample(std::string_view name, double value) { line(name, value, "ms"); }
  void gauge(std::string_view name, double value) { line(name, value, "g"); }
  // The mean of what has come to a sum.
  void mean(std::string_view name, const Durations& before, const Durations& now) {
    if (now.count <= before.count) return;
    sample(name,
           milliseconds(now.sum - before.sum) / static_cast<double>(now.count - before.count));
  }
  [[nodiscard]] std::vector<std::string> take() { return std::move(lines_); }

 private:
  void line(std::string_view name, double value, const char* type) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), ":%f|%s", value, type);
    lines_.push_back("serf-agent." + flat(name) + text.data());
  }

  std::vector<std::string> lines_;
};

void report_memberlist(const Counters& was, const Counters& now, Report& report) {
  report.counter("memberlist.udp.received", was.packet_bytes_received, now.packet_bytes_received);
  report.counter("memberlist.udp.sent", was.packet_bytes_sent, now.packet_bytes_sent);
  report.counter("memberlist.tcp.accept", was.streams_accepted, now.streams_accepted);
  report.counter("memberlist.tcp.connect", was.streams_opened, now.streams_opened);
  report.counter("memberlist.tcp.sent", was.stream_bytes_sent, now.stream_bytes_sent);
  report.counter("memberlist.msg.alive", was.alive_claims, now.alive_claims);
  report.counter("memberlist.msg.suspect", was.suspicions, now.suspicions);
  report.counter("memberlist.msg.dead", was.death_claims, now.death_claims);
  report.mean("memberlist.probeNode", was.probe_times, now.probe_times);
}

// The mean size of messages, in a timer as Serf's.
void report_sizes(std::string_view name, std::uint64_t count, std::uint64_t bytes, Report& report) {
  if (count > 0) report.sample(name, static_cast<double>(bytes) / static_cast<double>(count));
}

void report_serf(const Counters& was, const Counters& now, Report& report) {
  report.counter("serf.events", was.user_events, now.user_events);
  report.counter("serf.queries", was.queries, now.queries);
  report.counter("serf.query_acks", was.query_acks, now.query_acks);
  report.counter("serf.query_responses", was.query_responses, now.query_responses);
  report.counter("serf.query_duplicate_acks", was.query_duplicate_acks, now.query_duplicate_acks);
  report.counter("serf.query_duplicate_responses", was.query_duplicates - was.query_duplicate_acks,
                 now.query_duplicates - now.query_duplicate_acks);
  report.counter("serf.coordinate.rejected", was.coordinates_refused, now.coordinates_refused);
  report.mean("serf.coordinate.adjustment-ms", was.coordinate_moves, now.coordinate_moves);
  report_sizes("serf.msgs.received", now.cluster_messages_received - was.cluster_messages_received,
               now.cluster_bytes_received - was.cluster_bytes_received, report);
  report_sizes("serf.msgs.sent", now.cluster_messages_sent - was.cluster_messages_sent,
               now.cluster_bytes_sent - was.cluster_bytes_sent, report);
}

void report_members(const MemberEventCounts& was, const MemberEventCounts& now, Report& report) {
  constexpr std::array<std::pair<MemberEventKind, std::string_view>, 4> kKinds{
      {{MemberEventKind::Join, "serf.member.join"},
       {MemberEventKind::Update, "serf.member.update"},
       {MemberEventKind::Failed, "serf.member.failed"},
       {MemberEventKind::Leave, "serf.member.left"}}};
  for (const auto& [kind, name] : kKinds) {
    const auto at = static_cast<std::size_t>(kind);
    report.counter(name, was[at], now[at]);
  }
}

// Serf has one timer for all handlers of one command.
std::map<std::string, Durations> times_of_commands(const HandlerFigures& handlers) {
  std::map<std::string, Durations> times;
  for (const HandlerFigures::OfOne& handler : handlers.each) {
    Durations& all = times[handler.command];
    all.count += handler.run_times.count;
    all.sum += handler.run_times.sum;
  }
  return times;
}

void report_agent(const Figures& was, const Figures& now, Report& report) {
  report.counter("agent.ipc.accept", was.rpc.clients_accepted, now.rpc.clients_accepted);
  report.counter("agent.ipc.command", was.rpc.requests, now.rpc.requests);
  const std::map<std::string, Durations> before = times_of_commands(was.handlers);
  for (const auto& [command, times] : times_of_commands(now.handlers)) {
    const auto known = before.find(command);
    report.mean("agent.invoke." + command, known == before.end() ? Durations{} : known->second,
                times);
  }
}

}  // namespace

void GoMetrics::published(const Event& event) {
  std::string name;
  if (const auto* const user = std::get_if<UserEvent>(&event)) {
    name = "serf.events." + user->name;
  } else if (const auto* const query = std::get_if<Query>(&event)) {
    name = "serf.queries." + query->name;
  } else {
    return;
  }
  const auto known = names_.find(name);
  if (known != names_.end()) {
    ++known->second;
  } else if (names_.size() < kMaxReportedNames) {
    names_.emplace(std::move(name), 1);
  }
}

std::vector<std::string> GoMetrics::report(const Figures& now) {
  Report report;
  report_memberlist(last_.stats.counters, now.stats.counters, report);
  report_serf(last_.stats.counters, now.stats.counters, report);
  report_members(last_.member_events, now.member_events, report);
  report_agent(last_, now, report);
  for (const auto& [name, count] : std::exchange(names_, {}))
    report.counter(name, 0, count);
  const Gauges& gauges = now.stats.gauges;
  if (reports_++ % kQueueEvery == 0) {
    report.sample("serf.queue.Intent", gauges.intent_queue);
    report.sample("serf.queue.Event", gauges.event_queue);
    report.sample("serf.queue.Query", gauges.query_queue);
  }
  if (gauges.health_score != last_.stats.gauges.health_score) {
    report.gauge(host_ + ".memberlist.health.score", gauges.health_score);
  }
  last_ = now;
  return report.take();
}

}  // namespace gossip::agent::metrics
