#include "config/load.h"

#include <utility>

#include "config/files.h"
#include "config/validate.h"

namespace gossip::config {
namespace {

Expected<void> apply_source(Settings& settings, const ConfigSource& source) {
  if (source.kind == ConfigSource::Kind::File) return apply_file(settings, source.path);
  const Expected<std::vector<std::string>> paths = list_folder(source.path);
  if (!paths) return tl::unexpected<Error>(paths.error());
  for (const std::string& path : *paths) {
    Expected<void> done = apply_file(settings, path);
    if (!done) return done;
  }
  return {};
}

std::vector<ConfigSource> default_sources(const CommandLine& line, const std::string& folder) {
  using Kind = ConfigSource::Kind;
  constexpr auto kOptional = ConfigSource::Presence::Optional;
  // Serf's agent reads nothing that it is not told to.
  if (folder.empty() || line.habits == Habits::Serf) return {};
  return {{Kind::File, folder + "/gossipd.toml", kOptional},
          {Kind::Folder, folder + "/conf.d", kOptional}};
}

std::vector<ConfigSource> all_sources(const CommandLine& line, const Environment& environment) {
  std::vector<ConfigSource> sources;
  for (std::string& path : list_in_variable(environment.variable(kConfigFileVariable)))
    sources.push_back({ConfigSource::Kind::File, std::move(path)});
  for (std::string& path : list_in_variable(environment.variable(kConfigFolderVariable)))
    sources.push_back({ConfigSource::Kind::Folder, std::move(path)});
  sources.insert(sources.end(), line.sources.begin(), line.sources.end());
  if (sources.empty()) return default_sources(line, environment.default_folder);
  std::erase_if(sources, [](const ConfigSource& source) { return source.path == kNoFile; });
  return sources;
}

Expected<void> apply_sources(Settings& settings, const std::vector<ConfigSource>& sources) {
  for (const ConfigSource& source : sources) {
    Expected<void> done = apply_source(settings, source);
    if (done) continue;
    if (source.presence == ConfigSource::Presence::Required) return done;
    if (done.error().code == ErrorCode::NotFound) continue;
    // Going on without it could mean an agent without encryption.
    if (done.error().code == ErrorCode::PermissionDenied) {
      done.error().message += " (--config-file names another, or none)";
    }
    return done;
  }
  return {};
}

Expected<void> apply_flags(Settings& settings, const CommandLine& line) {
  for (const CommandLine::Flag& flag : line.flags) {
    const std::string origin = "--" + std::string(flag.option->flag);
    const Expected<Value> value = value_from_text(*flag.option, flag.text, origin);
    if (!value) return tl::unexpected<Error>(value.error());
    Expected<void> done = apply(settings, *flag.option, *value, origin);
    if (!done) return done;
  }
  return {};
}

}  // namespace

Expected<AgentConfig> load(const CommandLine& line, Environment& environment) {
  Settings settings;
  if (line.habits == Habits::Serf) settings.log_output = "stdout";
  // To the others Serf's default is a crash.
  settings.leave_on_terminate = environment.supervised;
  Expected<void> applied = apply_sources(settings, all_sources(line, environment));
  if (applied) applied = apply_environment(settings, environment);
  if (applied) applied = apply_flags(settings, line);
  if (!applied) return tl::unexpected<Error>(std::move(applied.error()));
  Expected<AgentConfig> config = validate(settings, environment);
  if (config) environment.may_read_descriptors = false;
  return config;
}

}  // namespace gossip::config
