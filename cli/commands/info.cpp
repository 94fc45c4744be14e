#include "cli/commands/info.h"

#include <array>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "base/go_duration.h"
#include "cli/json.h"
#include "cli/text.h"

namespace gossip::cli {
namespace {

std::string format_json(const rpc::StatsSections& sections) {
  JsonWriter json(JsonLayout::Indented);
  json.begin_object();
  for (const auto& [name, values] : sections) {
    json.key(name);
    json.begin_object();
    for (const auto& [key, value] : values) {
      json.key(key);
      json.text(value);
    }
    json.end_object();
  }
  json.end_object();
  return json.take();
}

std::string seconds(std::int64_t milliseconds) {
  return base::format_go_duration(std::chrono::seconds(milliseconds / 1000));
}

// When it will be tried again, or since when it is: "looking up since 3s".
std::string next_of(const rpc::SeedStatus& seed) {
  if (seed.since_ms) return seed.state + " since " + seconds(*seed.since_ms);
  return seed.next_ms ? "in " + seconds(*seed.next_ms) : "when a member is lost";
}

// What is known of a seed, for people: key and value.
std::vector<std::pair<std::string_view, std::string>> facts_of(const rpc::SeedStatus& seed) {
  constexpr std::size_t kMostAddresses = 10;  // a name may have a thousand
  std::vector<std::pair<std::string_view, std::string>> facts{
      {"kind", seed.kind},
      {"state", seed.state},
      {"answer", list_some(seed.answer, kMostAddresses, " ")},
      {"looked_up", seed.looked_up_ms ? seconds(*seed.looked_up_ms) + " ago" : "never"},
      {"joined", seed.joined_ms ? seconds(*seed.joined_ms) + " ago" : "never"},
      {"next", next_of(seed)},
      {"attempts", std::to_string(seed.attempts)},
      {"joins", std::to_string(seed.joins)}};
  if (!seed.error.empty()) facts.emplace_back("error", seed.error);
  if (!seed.note.empty()) facts.emplace_back("note", seed.note);
  return facts;
}

void append_number(JsonWriter& json, std::string_view key, std::uint64_t number) {
  json.key(key);
  json.number(number);
}

void append_age(JsonWriter& json, std::string_view key, std::optional<std::int64_t> milliseconds) {
  if (milliseconds) append_number(json, key, static_cast<std::uint64_t>(*milliseconds));
}

std::string seeds_as_json(const std::vector<rpc::SeedStatus>& seeds) {
  JsonWriter json(JsonLayout::Indented);
  json.begin_object();
  json.key("seeds");
  json.begin_array();
  for (const rpc::SeedStatus& seed : seeds) {
    json.begin_object();
    const std::array<std::pair<std::string_view, const std::string*>, 5> texts{
        {{"seed", &seed.seed},
         {"kind", &seed.kind},
         {"state", &seed.state},
         {"error", &seed.error},
         {"note", &seed.note}}};
    for (const auto& [key, text] : texts) {
      json.key(key);
      json.text(*text);
    }
    json.key("answer");
    json.begin_array();
    for (const std::string& address : seed.answer)
      json.text(address);
    json.end_array();
    append_number(json, "attempts", seed.attempts);
    append_number(json, "joins", seed.joins);
    append_age(json, "looked_up_ms_ago", seed.looked_up_ms);
    append_age(json, "joined_ms_ago", seed.joined_ms);
    append_age(json, "next_in_ms", seed.next_ms);
    append_age(json, "under_way_ms", seed.since_ms);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

ExitCode show_seeds(const InfoOptions& options, Connection& agent, Output& out) {
  const Expected<rpc::Response> response = agent.call(rpc::SeedsRequest{});
  if (!response && is_unknown_command(response.error())) {
    return Output::report("error querying agent",
                          {ErrorCode::Refused, "this agent does not tell its seeds"});
  }
  if (!response) return Output::report("error querying agent", response.error());
  if (const auto* const told = std::get_if<rpc::SeedsResponse>(&response->body)) {
    out.print(format_seeds(told->seeds, options.format));
  }
  return ExitCode::Done;
}

}  // namespace

std::string format_seeds(const std::vector<rpc::SeedStatus>& seeds, Format format) {
  if (format == Format::Json) return seeds_as_json(seeds);
  if (seeds.empty()) return "This agent has no seeds.\n";
  std::string text;
  for (const rpc::SeedStatus& seed : seeds) {
    text += escape_line(seed.seed) + ":\n";
    for (const auto& [key, value] : facts_of(seed))
      text += '\t' + std::string(key) + " = " + escape_line(value) + '\n';
  }
  return text;
}

std::string format_info(const rpc::StatsSections& sections, Format format) {
  if (format == Format::Json) {
    return format_json(sections);
  }
  std::string text;
  for (const auto& [name, values] : sections) {
    text += escape_line(name) + ":\n";
    for (const auto& [key, value] : values) {
      text += '\t' + escape_line(key) + " = " + escape_line(value) + '\n';
    }
  }
  return text;
}

ExitCode run(const InfoOptions& options, Connection& agent, Output& out) {
  if (options.seeds) return show_seeds(options, agent, out);
  const Expected<rpc::Response> response = agent.call(rpc::StatsRequest{});
  if (!response) {
    return Output::report("error querying agent", response.error());
  }
  if (const auto* const stats = std::get_if<rpc::StatsResponse>(&response->body)) {
    out.print(format_info(stats->sections, options.format));
  }
  return ExitCode::Done;
}

}  // namespace gossip::cli
