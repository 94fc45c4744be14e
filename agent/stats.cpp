#include "agent/stats.h"

#include <cctype>
#include <string>

#include <unistd.h>

namespace gossip::agent {
namespace {

using Section = std::map<std::string, std::string>;

template <typename Number>
std::string text(Number number) {
  return std::to_string(number);
}

Section runtime_section() {
  const std::string cpus = text(::sysconf(_SC_NPROCESSORS_ONLN));
  Section section;
  section["os"] = "linux";
#if defined(__x86_64__)
  section["arch"] = "amd64";
#elif defined(__aarch64__)
  section["arch"] = "arm64";
#else
  section["arch"] = "unknown";
#endif
  section["version"] = "gossipd " GOSSIP_VERSION;
  section["max_procs"] = cpus;
  section["goroutines"] = "1";  // the loop's thread
  section["cpu_count"] = cpus;
  return section;
}

Section serf_section(const Stats& stats) {
  const Gauges& gauges = stats.gauges;
  Section section{{"members", text(gauges.members)},
                  {"failed", text(gauges.failed)},
                  {"left", text(gauges.left)},
                  {"health_score", text(gauges.health_score)},
                  {"member_time", text(gauges.member_time)},
                  {"event_time", text(gauges.event_time)},
                  {"query_time", text(gauges.query_time)},
                  {"intent_queue", text(gauges.intent_queue)},
                  {"event_queue", text(gauges.event_queue)},
                  {"query_queue", text(gauges.query_queue)},
                  {"encrypted", gauges.encrypted ? "true" : "false"}};
  if (gauges.coordinates) section["coordinate_resets"] = text(stats.counters.coordinate_resets);
  return section;
}

Section network_section(const Stats& stats) {
  const Counters& counters = stats.counters;
  return {{"packets_received", text(counters.packets_received)},
          {"packets_sent", text(counters.packets_sent)},
          {"packet_bytes_received", text(counters.packet_bytes_received)},
          {"packet_bytes_sent", text(counters.packet_bytes_sent)},
          {"streams_accepted", text(counters.streams_accepted)},
          {"streams_opened", text(counters.streams_opened)},
          {"open_streams", text(stats.gauges.open_streams)},
          {"stream_bytes_received", text(counters.stream_bytes_received)},
          {"stream_bytes_sent", text(counters.stream_bytes_sent)},
          {"probes", text(counters.probes)},
          {"probes_failed", text(counters.probes_failed)},
          {"suspicions", text(counters.suspicions)},
          {"refutations", text(counters.refutations)},
          {"evidence_checks", text(counters.evidence_checks)},
          {"evidence_contradicted", text(counters.evidence_contradicted)},
          {"evidence_brakes", text(counters.evidence_brakes)},
          {"deaths_proven", text(counters.deaths_proven)},
          {"push_pulls", text(counters.push_pulls)},
          {"conflicts", text(counters.conflicts)},
          {"open_votes", text(counters.open_votes)},
          {"broadcasts_shed", text(counters.broadcasts_shed)},
          {"swim_queue", text(stats.gauges.swim_queue)}};
}

Section events_section(const Counters& counters) {
  return {{"user_events", text(counters.user_events)},
          {"queries", text(counters.queries)},
          {"queries_asked", text(counters.queries_asked)},
          {"queries_asked_again", text(counters.queries_asked_again)},
          {"query_acks", text(counters.query_acks)},
          {"query_responses", text(counters.query_responses)},
          {"query_duplicates", text(counters.query_duplicates)},
          {"query_late_replies", text(counters.query_late_replies)}};
}

Section dropped_section(const Counters& counters) {
  Section section;
  for (std::size_t i = 0; i < counters.dropped.size(); ++i) {
    std::string name(to_string(static_cast<Drop>(i)));
    for (char& c : name)
      c = c == '-' ? '_' : c;  // as all other keys
    section[name] = text(counters.dropped[i]);
  }
  return section;
}

}  // namespace

gossip::rpc::StatsSections stats_sections(const Engine& engine) {
  gossip::rpc::StatsSections sections;
  sections["agent"]["name"] = engine.name();
  sections["runtime"] = runtime_section();
  sections["serf"] = serf_section(engine.stats());
  sections["tags"] = Section(engine.tags().begin(), engine.tags().end());
  sections["network"] = network_section(engine.stats());
  sections["events"] = events_section(engine.stats().counters);
  sections["dropped"] = dropped_section(engine.stats().counters);
  return sections;
}

}  // namespace gossip::agent
