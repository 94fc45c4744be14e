#include "cli/commands/rtt.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "cli/json.h"
#include "cli/table.h"
#include "cli/text.h"

namespace gossip::cli {
namespace {

struct Pair {
  Duration rtt;
  const std::string* a;
  const std::string* b;
};

std::vector<std::string> placed(const std::vector<std::string>& names, const Places& places) {
  std::vector<std::string> with_place;
  std::copy_if(names.begin(), names.end(), std::back_inserter(with_place),
               [&places](const std::string& name) { return places.contains(name); });
  return with_place;
}

std::vector<Pair> all_pairs(const std::vector<std::string>& names, const Places& places) {
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (std::size_t j = i + 1; j < names.size(); ++j) {
      if (const std::optional<Duration> rtt = round_trip(names[i], names[j], places)) {
        pairs.push_back({*rtt, &names[i], &names[j]});
      }
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& one, const Pair& other) { return one.rtt < other.rtt; });
  return pairs;
}

std::string format_matrix(const std::vector<std::string>& names, const Places& places) {
  std::vector<TableRow> rows(1, TableRow{"MS"});
  for (const std::string& a : names) {
    rows.front().push_back(quote_word(a, ""));
    rows.push_back({quote_word(a, "")});
    for (const std::string& b : names) {
      rows.back().push_back(format_milliseconds(round_trip(a, b, places).value_or(Duration{})));
    }
  }
  return format_table(rows);
}

std::size_t widest_line(std::string_view text) {
  std::size_t widest = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    widest = std::max(widest, text_width(text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
  return widest;
}

std::string format_list(const std::vector<std::string>& names, const Places& places,
                        std::optional<std::size_t> width) {
  std::vector<TableRow> rows;
  for (const Pair& pair : all_pairs(names, places)) {
    rows.push_back(
        {quote_word(*pair.a, ""), quote_word(*pair.b, ""), format_milliseconds(pair.rtt) + " ms"});
  }
  return format_table(rows, width);
}

void write_pair(const std::string& a, const std::string& b, Duration rtt, JsonWriter& json) {
  json.begin_object();
  json.key("a");
  json.text(a);
  json.key("b");
  json.text(b);
  json.key("rtt_ms");
  json.number_as(format_milliseconds(rtt));
  json.end_object();
}

ExitCode run_one(const RttOptions& options, Connection& agent, Output& out) {
  const Expected<std::string> to =
      options.to ? Expected<std::string>(*options.to) : own_name(agent);
  if (!to) {
    return Output::report("error getting the agent's name", to.error());
  }
  Places places;
  for (const std::string& name : {options.from, *to}) {
    const Expected<Coordinate> place = find_place(name, agent);
    if (!place) {
      return Output::report(place.error());
    }
    places[name] = *place;
  }
  const Duration rtt = round_trip(options.from, *to, places).value_or(Duration{});
  if (options.format == Format::Json) {
    JsonWriter json(JsonLayout::Indented);
    write_pair(options.from, *to, rtt, json);
    out.print(json.take());
  } else {
    out.print("Estimated " + escape_line(options.from) + " <-> " + escape_line(*to) +
              " rtt: " + format_milliseconds(rtt) + " ms\n");
  }
  return ExitCode::Done;
}

void complain_of(const std::vector<std::string>& without_place) {
  std::string list;
  for (const std::string& name : without_place) {
    list += (list.empty() ? "" : ", ") + quote_word(name, ",");
  }
  if (!list.empty()) {
    Output::complain("no coordinate yet of " + list);
  }
}

ExitCode run_all(const RttOptions& options, Connection& agent, Output& out) {
  const Expected<rpc::Response> response = agent.call(rpc::MembersRequest{});
  if (!response) {
    return Output::report("error getting members", response.error());
  }
  std::vector<Member> living;
  if (const auto* const body = std::get_if<rpc::MembersResponse>(&response->body)) {
    std::copy_if(body->members.begin(), body->members.end(), std::back_inserter(living),
                 [](const Member& member) { return member.status == MemberStatus::Alive; });
  }
  const Expected<Places> places = find_places(living, agent);
  if (!places) {
    return Output::report("error getting coordinates", places.error());
  }
  std::vector<std::string> names;
  names.reserve(living.size());
  for (const Member& member : living) {
    names.push_back(member.name);
  }
  std::sort(names.begin(), names.end());
  if (options.format == Format::Json) {
    out.print(format_all_rtts_json(names, *places));
    return ExitCode::Done;
  }
  out.print(format_all_rtts(names, *places, Output::terminal_width()));
  std::erase_if(names, [&places](const std::string& name) { return places->contains(name); });
  complain_of(names);
  return ExitCode::Done;
}

}  // namespace

std::string format_all_rtts(const std::vector<std::string>& names, const Places& places,
                            std::optional<std::size_t> width) {
  const std::vector<std::string> known = placed(names, places);
  if (width && known.size() < *width) {
    std::string matrix = format_matrix(known, places);
    if (widest_line(matrix) <= *width) {
      return matrix;
    }
  }
  return format_list(known, places, width);
}

std::string format_all_rtts_json(const std::vector<std::string>& names, const Places& places) {
  JsonWriter json(JsonLayout::Indented);
  json.begin_object();
  json.key("rtts");
  json.begin_array();
  for (const Pair& pair : all_pairs(names, places)) {
    write_pair(*pair.a, *pair.b, pair.rtt, json);
  }
  json.end_array();
  json.key("unknown");
  json.begin_array();
  for (const std::string& name : names) {
    if (!places.contains(name)) {
      json.text(name);
    }
  }
  json.end_array();
  json.end_object();
  return json.take();
}

ExitCode run(const RttOptions& options, Connection& agent, Output& out) {
  return options.all ? run_all(options, agent, out) : run_one(options, agent, out);
}

}  // namespace gossip::cli
