#include "cli/commands/doctor.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <string_view>
#include <utility>
#include <variant>

#include "cli/agent_stats.h"
#include "cli/commands/reachability.h"
#include "cli/json.h"
#include "cli/text.h"

namespace gossip::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kConnectPatience{3000};
constexpr std::size_t kMostRelays = 3;
// Of the 1,024 bytes that a query may have, the rest is for its other fields. A name's header has at most three.
constexpr std::size_t kMostNameBytes = 512;
constexpr std::size_t kNameHeaderBytes = 3;
// At one time. Where more are silent than these hold, it is no matter of single links.
constexpr std::size_t kMostQueries = 8;

bool is_alive(const Member& member) {
  return member.status == MemberStatus::Alive;
}

// One request whose response has a body of this type.
template <typename Body>
Expected<Body> ask(Connection& agent, const rpc::Request& request) {
  Expected<rpc::Response> response = agent.call(request);
  if (!response) return tl::unexpected(response.error());
  auto* const body = std::get_if<Body>(&response->body);
  return body == nullptr ? Body{} : std::move(*body);
}

// The lines that the agent has kept. They come before the answer to whatever is asked next.
Expected<rpc::StatsSections> read_log_and_stats(Connection& agent, RecentLog& log) {
  const Expected<rpc::Response> opened = agent.call(rpc::MonitorRequest{"debug"});
  if (!opened) return tl::unexpected(opened.error());
  Expected<rpc::StatsResponse> stats = ask<rpc::StatsResponse>(agent, rpc::StatsRequest{});
  if (!stats) return tl::unexpected(stats.error());
  if (const Expected<rpc::Response> closed = agent.call(rpc::StopRequest{opened->seq}); !closed) {
    return tl::unexpected(closed.error());
  }
  std::vector<std::string> lines;
  for (;;) {
    const Expected<rpc::StreamRecord> record = agent.next_record_within(milliseconds(0));
    if (!record) break;
    if (const auto* const line = std::get_if<rpc::LogLine>(&record->record)) {
      lines.push_back(line->text);
    }
  }
  log = read_log(lines);
  return std::move(stats->sections);
}

rpc::QueryRequest ping() {
  rpc::QueryRequest question;
  question.name = kPingQuery;
  question.request_ack = true;
  return question;
}

// Who of `wanted` acknowledges one of these questions, until all have or all questions are over.
Expected<Names> acks_of(std::span<const rpc::QueryRequest> questions,
                        const std::vector<std::string>& wanted, Connection& agent) {
  std::set<std::uint64_t> open;
  for (const rpc::QueryRequest& question : questions) {
    const Expected<rpc::Response> asked = agent.call(question);
    if (!asked) return tl::unexpected(asked.error());
    open.insert(asked->seq);
  }
  std::set<std::string_view> missing(wanted.begin(), wanted.end());
  Names acks;
  while (!missing.empty() && !open.empty()) {
    const Expected<rpc::StreamRecord> record = agent.next_record();
    if (!record) return tl::unexpected(record.error());
    const auto* const reply = std::get_if<rpc::QueryReply>(&record->record);
    if (reply == nullptr || !open.contains(record->seq)) continue;
    if (reply->kind == rpc::QueryReplyKind::Done) open.erase(record->seq);
    if (reply->kind != rpc::QueryReplyKind::Ack) continue;
    acks.insert(reply->from);
    missing.erase(reply->from);
  }
  return acks;
}

// The agent refuses the question itself; the rest of the examination goes on.
bool is_refusal(const Error& error) {
  return error.code == ErrorCode::Refused || error.code == ErrorCode::TooLarge;
}

// Everybody is asked: a list of all names would not fit into a query. The silent are asked again, by name.
Expected<void> ask_members(Connection& agent, Facts& facts) {
  std::vector<std::string> others;
  for (const Member& member : facts.members) {
    if (is_alive(member) && member.name != facts.self) others.push_back(member.name);
  }
  if (others.empty()) return {};
  // Nobody relays where there is nobody beside the one and us.
  const std::size_t relays = std::min(kMostRelays, others.size());
  Expected<Names> acks = acks_of(std::vector{ping()}, others, agent);
  if (acks) {
    std::erase_if(others, [&](const std::string& name) { return acks->contains(name); });
    facts.acks = std::move(*acks);
    if (others.empty() || relays < 2) return {};
    std::vector<rpc::QueryRequest> again;
    for (std::vector<std::string>& names : names_for_queries(others)) {
      again.push_back(ping());
      again.back().filter_nodes = std::move(names);
      again.back().relay_factor = static_cast<std::uint8_t>(relays);
    }
    acks = acks_of(again, others, agent);
    if (acks) facts.relayed_acks = std::move(*acks);
  }
  if (acks) return {};
  if (!is_refusal(acks.error())) return tl::unexpected(acks.error());
  facts.query_error = acks.error().message;
  return {};
}

Expected<void> try_links(Connection& agent, Facts& facts) {
  std::vector<Address> addresses;
  std::vector<std::string> names;
  for (const Member& member : facts.members) {
    if (!is_alive(member) || member.name == facts.self) continue;
    addresses.push_back(member.address);
    names.push_back(member.name);
  }
  const Patience patience{kConnectPatience, agent.deadline(), agent.interrupts(),
                          [&agent] { agent.show_progress(); }};
  agent.begins("trying the way to " + std::to_string(names.size()) + " members");
  for (std::size_t i = 0; i < addresses.size(); i += kMaxLinksAtOnce) {
    agent.note(std::to_string(i) + " done");
    agent.show_progress();
    const auto some =
        std::span(addresses).subspan(i, std::min(kMaxLinksAtOnce, addresses.size() - i));
    Expected<std::vector<Link>> links = check_links(some, patience);
    agent.wipe_progress();
    if (!links) return tl::unexpected(links.error());
    for (std::size_t k = 0; k < links->size(); ++k)
      facts.links.emplace(names[i + k], std::move((*links)[k]));
  }
  return {};
}

Expected<Facts> gather(Connection& agent) {
  Facts facts;
  const Expected<rpc::StatsSections> stats = read_log_and_stats(agent, facts.log);
  if (!stats) return tl::unexpected(stats.error());
  facts.self = stat_of(*stats, "agent", "name");
  // A Serf agent would end the conversation.
  const bool has_metrics = stat_of(*stats, "runtime", "version").starts_with("gossipd");
  Expected<rpc::MetricsResponse> before = rpc::MetricsResponse{};
  if (has_metrics) before = ask<rpc::MetricsResponse>(agent, rpc::MetricsRequest{});
  if (!before) return tl::unexpected(before.error());
  Expected<rpc::MembersResponse> members = ask<rpc::MembersResponse>(agent, rpc::MembersRequest{});
  if (!members) return tl::unexpected(members.error());
  facts.members = std::move(members->members);
  std::sort(facts.members.begin(), facts.members.end(),
            [](const Member& a, const Member& b) { return a.name < b.name; });
  if (const Expected<void> tried = try_links(agent, facts); !tried) {
    return tl::unexpected(tried.error());
  }
  agent.begins("asking all members for a sign of life");
  if (const Expected<void> asked = ask_members(agent, facts); !asked) {
    return tl::unexpected(asked.error());
  }
  if (stat_of(*stats, "serf", "encrypted") == "true") {
    agent.begins("asking all members for their keys");
    // What the others have told is in the body, beside the error.
    const Expected<rpc::Response> keys = agent.exchange(rpc::ListKeysRequest{});
    if (!keys) return tl::unexpected(keys.error());
    facts.keys_error = keys->error;
    if (const auto* const body = std::get_if<rpc::KeyResponse>(&keys->body)) facts.keys = *body;
  }
  if (!has_metrics) return facts;
  Expected<rpc::MetricsResponse> metrics = ask<rpc::MetricsResponse>(agent, rpc::MetricsRequest{});
  if (!metrics) return tl::unexpected(metrics.error());
  facts.families = std::move(metrics->families);
  constexpr std::string_view kShed = "gossipd_broadcasts_shed_total";
  facts.messages_shed = figure(facts.families, kShed) - figure(before->families, kShed);
  Expected<rpc::SeedsResponse> seeds = ask<rpc::SeedsResponse>(agent, rpc::SeedsRequest{});
  if (!seeds) return tl::unexpected(seeds.error());
  facts.seeds = std::move(seeds->seeds);
  return facts;
}

std::size_t count_alive(const Facts& facts) {
  return static_cast<std::size_t>(
      std::count_if(facts.members.begin(), facts.members.end(), is_alive));
}

std::string as_json(std::span<const Finding> findings, const Facts& facts) {
  JsonWriter json(JsonLayout::Indented);
  json.begin_object();
  json.key("healthy");
  json.truth(findings.empty());
  json.key("members");
  json.number(facts.members.size());
  json.key("live");
  json.number(count_alive(facts));
  json.key("findings");
  json.begin_array();
  for (const Finding& finding : findings) {
    json.begin_object();
    json.key("kind");
    json.text(finding.kind);
    json.key("member");
    json.text(finding.member);
    json.key("finding");
    json.text(finding.what);
    json.key("remedy");
    json.text(finding.remedy);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace

std::vector<std::vector<std::string>> names_for_queries(const std::vector<std::string>& names) {
  std::vector<std::vector<std::string>> queries;
  std::size_t bytes = kMostNameBytes;
  for (const std::string& name : names) {
    bytes += name.size() + kNameHeaderBytes;
    if (bytes > kMostNameBytes) {
      if (queries.size() == kMostQueries) break;
      queries.emplace_back();
      bytes = name.size() + kNameHeaderBytes;
    }
    queries.back().push_back(name);
  }
  return queries;
}

std::string format_findings(std::span<const Finding> findings, const Facts& facts, Format format) {
  if (format == Format::Json) return as_json(findings, facts);
  if (findings.empty()) {
    return "Nothing found: " + std::to_string(facts.members.size()) + " members, " +
           std::to_string(count_alive(facts)) + " of them alive\n";
  }
  std::string text;
  for (const Finding& finding : findings) {
    text += std::string(finding.kind) + ": " + escape_line(finding.what) +
            (finding.what.ends_with('?') ? " " : ". ") + escape_line(finding.remedy) + ".\n";
  }
  return text;
}

ExitCode run(const DoctorOptions& options, Connection& agent, Output& out) {
  const Expected<Facts> facts = gather(agent);
  if (!facts) return Output::report("error examining the cluster", facts.error());
  const std::vector<Finding> findings = find_trouble(*facts);
  out.print(format_findings(findings, *facts, options.format));
  return findings.empty() ? ExitCode::Done : ExitCode::Failed;
}

}  // namespace gossip::cli
