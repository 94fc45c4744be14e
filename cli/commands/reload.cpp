#include "cli/commands/reload.h"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/json.h"
#include "cli/text.h"

namespace gossip::cli {
namespace {

using Names = std::vector<std::string>;

std::string format_json(const rpc::ReloadResponse& report) {
  const std::array<std::pair<std::string_view, const Names*>, 4> lists{
      {{"taken", &report.taken},
       {"restart", &report.restart},
       {"warnings", &report.warnings},
       {"failed", &report.failed}}};
  JsonWriter json(JsonLayout::Indented);
  json.begin_object();
  for (const auto& [name, list] : lists) {
    json.key(name);
    json.begin_array();
    for (const std::string& text : *list)
      json.text(text);
    json.end_array();
  }
  json.end_object();
  return json.take();
}

std::string line_of(std::string_view what, const Names& names) {
  std::string line;
  for (const std::string& name : names) {
    line += line.empty() ? what : ", ";
    line += escape_line(name);
  }
  return line.empty() ? line : line + '\n';
}

// An agent has a line for each mistake.
ExitCode report_lines(const Error& error) {
  const std::size_t end = error.message.find('\n');
  const ExitCode code =
      Output::report("error reloading", {error.code, error.message.substr(0, end)});
  for (std::size_t begin = end; begin != std::string::npos;) {
    const std::size_t next = error.message.find('\n', begin + 1);
    Output::complain(error.message.substr(begin + 1, next - begin - 1));
    begin = next;
  }
  return code;
}

}  // namespace

std::string format_reload(const rpc::ReloadResponse& report, Format format) {
  if (format == Format::Json) return format_json(report);
  std::string text;
  for (const std::string& warning : report.warnings)
    text += "Warning: " + escape_line(warning) + '\n';
  for (const std::string& failed : report.failed)
    text += "Failed: " + escape_line(failed) + '\n';
  text += line_of("Taken over: ", report.taken);
  text += line_of("Waiting for a restart: ", report.restart);
  return text.empty() ? "Nothing has changed.\n" : text;
}

ExitCode run(const ReloadOptions& options, Connection& agent, Output& out) {
  const Expected<rpc::Response> response = agent.call(rpc::ReloadRequest{});
  if (!response && is_unknown_command(response.error())) {
    return Output::report("error reloading",
                          {ErrorCode::Refused, "this agent has no such command; send it SIGHUP"});
  }
  if (!response) return report_lines(response.error());
  const auto* const report = std::get_if<rpc::ReloadResponse>(&response->body);
  if (report == nullptr) return ExitCode::Done;
  out.print(format_reload(*report, options.format));
  return report->failed.empty() ? ExitCode::Done : ExitCode::Failed;
}

}  // namespace gossip::cli
