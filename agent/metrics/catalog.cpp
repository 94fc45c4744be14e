#include "agent/metrics/catalog.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>

namespace gossip::agent::metrics {
namespace {

using gossip::metrics::Family;
using gossip::metrics::Kind;
using gossip::metrics::Labels;
using gossip::metrics::Sample;
using enum gossip::metrics::Kind;

template <typename Number>
double number(Number value) {
  return static_cast<double>(value);
}

double in_seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// The samples of one family on their way in.
class Out {
 public:
  explicit Out(std::vector<Sample>& samples) : samples_(samples) {}

  void is(double value) { samples_.push_back({"", {}, value}); }
  void is(std::uint64_t value) { is(number(value)); }
  void with(std::string_view label, std::string_view value, std::uint64_t count) {
    samples_.push_back({"", {{std::string(label), std::string(value)}}, number(count)});
  }
  void part(std::string_view suffix, Labels labels, double value) {
    samples_.push_back({std::string(suffix), std::move(labels), value});
  }

 private:
  std::vector<Sample>& samples_;
};

struct Row {
  std::string_view name;
  Kind kind;
  std::string_view help;
  void (*fill)(const Figures& figures, Out out);
};

void fill_round_trips(const Figures& figures, Out out) {
  const RoundTripHistogram& trips = figures.stats.counters.round_trips;
  std::uint64_t up_to = 0;
  for (std::size_t i = 0; i < RoundTripHistogram::kBoundCount; ++i) {
    up_to += trips.counts[i];
    const double bound = in_seconds(RoundTripHistogram::bounds()[i]);
    std::string text = std::to_string(bound);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text += '0';  // OpenMetrics wants a canonical 1.0
    out.part("_bucket", {{"le", text}}, number(up_to));
  }
  out.part("_bucket", {{"le", "+Inf"}}, number(trips.all.count));
  out.part("_count", {}, number(trips.all.count));
  out.part("_sum", {}, in_seconds(trips.all.sum));
}

void fill_drops(const Figures& figures, Out out) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(Drop::Count); ++i) {
    std::string reason(to_string(static_cast<Drop>(i)));
    for (char& c : reason)
      c = c == '-' ? '_' : c;
    out.with("reason", reason, figures.stats.counters.dropped[i]);
  }
}

void fill_member_events(const Figures& figures, Out out) {
  constexpr std::array<std::string_view, kMemberEventKinds> kNames{"join", "leave", "failed",
                                                                   "update", "reap"};
  for (std::size_t i = 0; i < kNames.size(); ++i)
    out.with("event", kNames[i], figures.member_events[i]);
}

void fill_seeds(const Figures& figures, Out out) {
  constexpr std::array<std::string_view, 6> kStates{"looking up", "joining", "met",
                                                    "missing",    "only us", "waiting"};
  for (const std::string_view state : kStates) {
    const auto count = std::count_if(figures.seeds.begin(), figures.seeds.end(),
                                     [state](const auto& seed) { return seed.state == state; });
    std::string value(state);
    std::replace(value.begin(), value.end(), ' ', '_');
    out.with("state", value, static_cast<std::uint64_t>(count));
  }
}

std::uint64_t sum_of(const std::vector<gossip::rpc::SeedStatus>& seeds,
                     std::uint64_t gossip::rpc::SeedStatus::*member) {
  std::uint64_t sum = 0;
  for (const gossip::rpc::SeedStatus& seed : seeds)
    sum += seed.*member;
  return sum;
}

void fill_http_responses(const Figures& figures, Out out) {
  if (!figures.http) return;
  for (const HttpCounters::OfStatus& one : figures.http->responses)
    out.with("code", std::to_string(static_cast<int>(one.status)), one.count);
}

void fill_http_closed(const Figures& figures, Out out) {
  if (!figures.http) return;
  out.with("reason", "full", figures.http->connections_refused);
  out.with("reason", "slow", figures.http->connections_timed_out);
}

void fill_sinks(const Figures& figures, Out out) {
  for (const SinkFigures& sink : figures.sinks) {
    const auto one = [&](std::string_view result, std::uint64_t count) {
      out.part("", {{"sink", std::string(to_string(sink.kind))}, {"result", std::string(result)}},
               number(count));
    };
    one("sent", sink.counters.lines_sent);
    one("lost", sink.counters.lines_lost);
  }
}

template <std::uint64_t Counters::*Member>
void counter(const Figures& figures, Out out) {
  out.is(figures.stats.counters.*Member);
}

template <auto Member>
void process(const Figures& figures, Out out) {
  if (figures.process) out.is(number((*figures.process).*Member));
}

using F = const Figures&;
using C = Counters;
using P = ProcessFigures;

// clang-format off
constexpr auto kCatalog = std::to_array<Row>({
    {"gossipd_build_info", Info, "The running version", [](F, Out out) { out.part("", {{"version", GOSSIP_VERSION}}, 1); }},
    {"gossipd_ready", Gauge, "Whether this agent is ready as ready_when has it", [](F f, Out out) { out.is(number(f.ready)); }},
    {"gossipd_encrypted", Gauge, "Whether gossip is encrypted", [](F f, Out out) { out.is(number(f.stats.gauges.encrypted)); }},

    {"gossipd_members", Gauge, "Members that this agent knows, itself included; who is about to leave is alive", [](F f, Out out) {
       const Gauges& g = f.stats.gauges;
       out.with("status", "alive", g.members - g.failed - g.left);
       out.with("status", "failed", g.failed);
       out.with("status", "left", g.left);
     }},
    {"gossipd_member_events_total", Counter, "Members that joined, left, failed, changed or were forgotten", fill_member_events},
    {"gossipd_health_score", Gauge, "How badly this agent hears others, 0 for well (Lifeguard)", [](F f, Out out) { out.is(number(f.stats.gauges.health_score)); }},
    {"gossipd_lamport_time", Gauge, "Serf's logical clocks", [](F f, Out out) {
       out.with("clock", "member", f.stats.gauges.member_time);
       out.with("clock", "event", f.stats.gauges.event_time);
       out.with("clock", "query", f.stats.gauges.query_time);
     }},

    {"gossipd_probes_total", Counter, "Probes of other members begun", counter<&C::probes>},
    {"gossipd_probes_failed_total", Counter, "Probes that nothing answered, neither directly, through others nor over TCP", counter<&C::probes_failed>},
    {"gossipd_probe_rtt_seconds", Histogram, "Round trips of probes that were answered directly", fill_round_trips},
    {"gossipd_claims_total", Counter, "Claims about members that were believed", [](F f, Out out) {
       out.with("claim", "alive", f.stats.counters.alive_claims);
       out.with("claim", "suspect", f.stats.counters.suspicions);
       out.with("claim", "dead", f.stats.counters.death_claims);
     }},
    {"gossipd_refutations_total", Counter, "Claims about this agent that it contradicted", counter<&C::refutations>},
    {"gossipd_evidence_checks_total", Counter, "Connections to suspects, to see whether they are refused", counter<&C::evidence_checks>},
    {"gossipd_evidence_contradicted_total", Counter, "Members that were heard of after their host had refused a connection", counter<&C::evidence_contradicted>},
    {"gossipd_evidence_brakes_total", Counter, "Times that too many members were silent at once for any proof", counter<&C::evidence_brakes>},
    {"gossipd_deaths_proven_total", Counter, "Members declared dead by refused connections", counter<&C::deaths_proven>},
    {"gossipd_push_pulls_total", Counter, "Full exchanges of state completed", counter<&C::push_pulls>},
    {"gossipd_name_conflicts_total", Counter, "Claims of a member's name from another address", counter<&C::conflicts>},
    {"gossipd_open_votes_total", Counter, "Votes about this agent's name without a majority", counter<&C::open_votes>},

    {"gossipd_packets_total", Counter, "Datagrams of gossip", [](F f, Out out) {
       out.with("direction", "received", f.stats.counters.packets_received);
       out.with("direction", "sent", f.stats.counters.packets_sent);
     }},
    {"gossipd_packet_bytes_total", Counter, "Bytes in datagrams of gossip", [](F f, Out out) {
       out.with("direction", "received", f.stats.counters.packet_bytes_received);
       out.with("direction", "sent", f.stats.counters.packet_bytes_sent);
     }},
    {"gossipd_streams_total", Counter, "TCP conversations with members", [](F f, Out out) {
       out.with("direction", "accepted", f.stats.counters.streams_accepted);
       out.with("direction", "opened", f.stats.counters.streams_opened);
     }},
    {"gossipd_stream_bytes_total", Counter, "Bytes in TCP conversations with members", [](F f, Out out) {
       out.with("direction", "received", f.stats.counters.stream_bytes_received);
       out.with("direction", "sent", f.stats.counters.stream_bytes_sent);
     }},
    {"gossipd_open_streams", Gauge, "TCP conversations with members that are open", [](F f, Out out) { out.is(number(f.stats.gauges.open_streams)); }},
    {"gossipd_cluster_messages_total", Counter, "Intents, user events, queries and answers; sent are copies out of the queues", [](F f, Out out) {
       out.with("direction", "received", f.stats.counters.cluster_messages_received);
       out.with("direction", "sent", f.stats.counters.cluster_messages_sent);
     }},
    {"gossipd_dropped_total", Counter, "Input that changed nothing, by reason", fill_drops},
    {"gossipd_queue_messages", Gauge, "Messages that wait to be spread", [](F f, Out out) {
       out.with("queue", "swim", f.stats.gauges.swim_queue);
       out.with("queue", "intent", f.stats.gauges.intent_queue);
       out.with("queue", "event", f.stats.gauges.event_queue);
       out.with("queue", "query", f.stats.gauges.query_queue);
     }},
    {"gossipd_broadcasts_shed_total", Counter, "Messages given up, by a full queue or because no packet holds them", counter<&C::broadcasts_shed>},
    {"gossipd_primary_key_packets", Gauge, "Packets sealed with the present primary key", [](F f, Out out) { out.is(number(f.stats.gauges.packets_sealed)); }},

    {"gossipd_user_events_total", Counter, "User events, those of this agent included", counter<&C::user_events>},
    {"gossipd_queries_total", Counter, "Queries, those of this agent included", counter<&C::queries>},
    {"gossipd_queries_asked_total", Counter, "Queries that this agent asked", counter<&C::queries_asked>},
    {"gossipd_queries_asked_again_total", Counter, "Single members that were asked again for their silence", counter<&C::queries_asked_again>},
    {"gossipd_query_replies_total", Counter, "Replies to queries of this agent", [](F f, Out out) {
       const Counters& c = f.stats.counters;
       out.with("reply", "ack", c.query_acks);
       out.with("reply", "response", c.query_responses);
       out.with("reply", "duplicate", c.query_duplicates);
       out.with("reply", "late", c.query_late_replies);
     }},
    {"gossipd_coordinates_refused_total", Counter, "Network coordinates of others that cannot be", counter<&C::coordinates_refused>},
    {"gossipd_coordinate_resets_total", Counter, "Times that this agent's own network coordinate began anew", counter<&C::coordinate_resets>},

    {"gossipd_snapshot_failures_total", Counter, "Writes of the snapshot that failed", counter<&C::snapshot_failures>},
    {"gossipd_snapshot_failing", Gauge, "Whether the snapshot lacks what has happened, since it cannot be written", [](F f, Out out) { out.is(number(f.stats.gauges.snapshot_failing)); }},

    {"gossipd_seeds", Gauge, "Configured seeds, by how they stand", fill_seeds},
    {"gossipd_seed_attempts_total", Counter, "Attempts to meet seeds that are configured now: look-ups, joins or both, and questions by mDNS", [](F f, Out out) { out.is(sum_of(f.seeds, &gossip::rpc::SeedStatus::attempts)); }},
    {"gossipd_seed_joins_total", Counter, "Addresses that were joined by them", [](F f, Out out) { out.is(sum_of(f.seeds, &gossip::rpc::SeedStatus::joins)); }},

    {"gossipd_handler_runs_total", Counter, "Runs of event handlers", [](F f, Out out) { out.is(f.handlers.counters.runs); }},
    {"gossipd_handler_runs_failed_total", Counter, "Runs that could not start, exited otherwise than with 0, or took too long", [](F f, Out out) { out.is(f.handlers.counters.failed); }},
    {"gossipd_handler_timeouts_total", Counter, "Runs that took too long", [](F f, Out out) { out.is(f.handlers.counters.timed_out); }},
    {"gossipd_handler_run_seconds_total", Counter, "Time that runs took", [](F f, Out out) { out.is(in_seconds(f.handlers.counters.run_times.sum)); }},
    {"gossipd_handler_events_dropped_total", Counter, "Events that no handler took, by a full queue or a reload", [](F f, Out out) { out.is(f.handlers.counters.dropped); }},
    {"gossipd_handlers_running", Gauge, "Handlers that run", [](F f, Out out) { out.is(number(f.handlers.running)); }},
    {"gossipd_handler_queue_events", Gauge, "Events that wait for a handler", [](F f, Out out) { out.is(number(f.handlers.queued)); }},

    {"gossipd_rpc_clients", Gauge, "RPC clients connected", [](F f, Out out) { out.is(number(f.rpc.clients)); }},
    {"gossipd_rpc_connections_total", Counter, "RPC clients that came", [](F f, Out out) {
       out.with("result", "accepted", f.rpc.clients_accepted);
       out.with("result", "refused", f.rpc.clients_refused);
     }},
    {"gossipd_rpc_requests_total", Counter, "RPC requests", [](F f, Out out) { out.is(f.rpc.requests); }},
    {"gossipd_rpc_broken_streams_total", Counter, "RPC clients closed for bytes that are no request", [](F f, Out out) { out.is(f.rpc.broken_streams); }},
    {"gossipd_rpc_records_dropped_total", Counter, "Records of streams and monitors that a slow client did not get", [](F f, Out out) { out.is(f.rpc.records_dropped); }},

    {"gossipd_http_responses_total", Counter, "Answers at the metrics address, by status", fill_http_responses},
    {"gossipd_http_connections_closed_total", Counter, "Connections to the metrics address closed, since all were busy or for slowness", fill_http_closed},
    {"gossipd_sink_lines_total", Counter, "Figures told to statsd and statsite", fill_sinks},

    {"process_cpu_seconds_total", Counter, "Processor time, user and system", process<&P::cpu_seconds>},
    {"process_start_time_seconds", Gauge, "When the process started, since 1970", [](F f, Out out) { if (f.process_start_time) out.is(*f.process_start_time); }},
    {"process_resident_memory_bytes", Gauge, "Memory in use", process<&P::resident_bytes>},
    {"process_virtual_memory_bytes", Gauge, "Address space in use", process<&P::virtual_bytes>},
    {"process_open_fds", Gauge, "Open file descriptors", process<&P::open_descriptors>},
    {"process_max_fds", Gauge, "How many may be open", process<&P::max_descriptors>},
});
// clang-format on

}  // namespace

std::vector<Family> families(const Figures& figures) {
  std::vector<Family> all;
  all.reserve(kCatalog.size());
  for (const Row& row : kCatalog) {
    Family family{std::string(row.name), row.kind, std::string(row.help), {}};
    row.fill(figures, Out(family.samples));
    if (!family.samples.empty()) all.push_back(std::move(family));
  }
  return all;
}

}  // namespace gossip::agent::metrics
