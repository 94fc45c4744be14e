#include "cli/commands/stats.h"

#include <cmath>
#include <variant>
#include <vector>

#include "cli/json.h"
#include "cli/table.h"
#include "cli/text.h"
#include "metrics/exposition.h"

namespace gossip::cli {
namespace {

using metrics::Family;
using metrics::Kind;
using metrics::Sample;

// A histogram in a table: how often and how long; its buckets are for programs.
void append_histogram(const Family& family, std::vector<TableRow>& rows) {
  double count = 0;
  double sum = 0;
  for (const Sample& sample : family.samples) {
    if (sample.suffix == "_count") count = sample.value;
    if (sample.suffix == "_sum") sum = sample.value;
  }
  rows.push_back({family.name + " count", metrics::format_value(count)});
  if (count > 0) rows.push_back({family.name + " mean", metrics::format_value(sum / count)});
}

std::string as_table(std::span<const Family> families, std::optional<std::size_t> width) {
  std::vector<TableRow> rows;
  for (const Family& family : families) {
    if (family.kind == Kind::Histogram) {
      append_histogram(family, rows);
      continue;
    }
    for (const Sample& sample : family.samples) {
      rows.push_back(
          {escape_line(metrics::series(family, sample)), metrics::format_value(sample.value)});
    }
  }
  return format_table(rows, width);
}

void write_sample(const Family& family, const Sample& sample, JsonWriter& json) {
  json.begin_object();
  json.key("name");
  json.text(family.name + sample.suffix);
  json.key("labels");
  json.begin_object();
  for (const auto& [name, value] : sample.labels) {
    json.key(name);
    json.text(value);
  }
  json.end_object();
  json.key("value");
  if (std::isfinite(sample.value)) {
    json.number_as(metrics::format_value(sample.value));
  } else {
    json.null();
  }
  json.end_object();
}

std::string as_json(std::span<const Family> families) {
  JsonWriter json(JsonLayout::Indented);
  json.begin_object();
  json.key("metrics");
  json.begin_array();
  for (const Family& family : families) {
    json.begin_object();
    json.key("name");
    json.text(family.name);
    json.key("type");
    json.text(metrics::to_string(family.kind));
    json.key("help");
    json.text(family.help);
    json.key("samples");
    json.begin_array();
    for (const Sample& sample : family.samples)
      write_sample(family, sample, json);
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

std::string as_exposition(std::span<const Family> families) {
  std::vector<Family> safe(families.begin(), families.end());
  for (Family& family : safe) {
    family.help = escape_line(family.help);
    for (Sample& sample : family.samples) {
      for (auto& [name, value] : sample.labels)
        value = escape_line(value);
    }
  }
  return metrics::expose(safe, metrics::Exposition::Prometheus);
}

}  // namespace

std::string format_stats(std::span<const Family> families, StatsFormat format,
                         std::optional<std::size_t> width) {
  switch (format) {
    case StatsFormat::Text: return as_table(families, width);
    case StatsFormat::Json: return as_json(families);
    case StatsFormat::Prometheus: return as_exposition(families);
  }
  return {};
}

ExitCode run(const StatsOptions& options, Connection& agent, Output& out) {
  const Expected<rpc::Response> response = agent.call(rpc::MetricsRequest{});
  if (!response && is_unknown_command(response.error())) {
    return Output::report(
        "error querying agent",
        {ErrorCode::Refused, "this agent has no such command; 'gossipctl info' asks any agent"});
  }
  if (!response) return Output::report("error querying agent", response.error());
  if (const auto* const told = std::get_if<rpc::MetricsResponse>(&response->body)) {
    out.print(format_stats(told->families, options.format, Output::terminal_width()));
  }
  return ExitCode::Done;
}

}  // namespace gossip::cli
