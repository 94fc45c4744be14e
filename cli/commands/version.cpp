#include "cli/commands/version.h"

#include <string>
#include <string_view>

#include "gossip/member.h"

#include "cli/json.h"
#include "cli/show_member.h"

namespace gossip::cli {
namespace {

constexpr std::string_view kVersion = GOSSIP_VERSION;

}  // namespace

ExitCode run(const VersionOptions& options, Output& out) {
  const Versions versions;
  if (options.format == Format::Json) {
    JsonWriter json(JsonLayout::Indented);
    json.begin_object();
    json.key("version");
    json.text(kVersion);
    json.key("protocol");
    write_protocol(versions, json);
    json.end_object();
    out.print(json.take());
    return ExitCode::Done;
  }
  out.print("gossipctl " + std::string(kVersion) +
            "\nAgent Protocol: " + std::to_string(versions.delegate_current) +
            " (Understands back to: " + std::to_string(versions.delegate_min) + ")\n");
  return ExitCode::Done;
}

}  // namespace gossip::cli
