#include "cli/commands/info.h"

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

}  // namespace

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
