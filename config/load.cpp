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

std::vector<ConfigSource> all_sources(const CommandLine& line, const Environment& environment) {
  std::vector<ConfigSource> sources;
  for (std::string& path : list_in_variable(environment.variable(kConfigFileVariable)))
    sources.push_back({ConfigSource::Kind::File, std::move(path)});
  for (std::string& path : list_in_variable(environment.variable(kConfigFolderVariable)))
    sources.push_back({ConfigSource::Kind::Folder, std::move(path)});
  sources.insert(sources.end(), line.sources.begin(), line.sources.end());
  return sources;
}

}  // namespace

Expected<AgentConfig> load(const CommandLine& line, const Environment& environment) {
  Settings settings;
  if (line.habits == Habits::Serf) settings.log_output = "stdout";
  // To the others Serf's default is a crash.
  settings.leave_on_terminate = environment.supervised;
  for (const ConfigSource& source : all_sources(line, environment)) {
    const Expected<void> done = apply_source(settings, source);
    if (!done) return tl::unexpected<Error>(done.error());
  }
  const Expected<void> applied = apply_environment(settings, environment);
  if (!applied) return tl::unexpected<Error>(applied.error());
  for (const CommandLine::Flag& flag : line.flags) {
    const std::string origin = "--" + std::string(flag.option->flag);
    const Expected<Value> value = value_from_text(*flag.option, flag.text, origin);
    if (!value) return tl::unexpected<Error>(value.error());
    const Expected<void> done = apply(settings, *flag.option, *value, origin);
    if (!done) return tl::unexpected<Error>(done.error());
  }
  return validate(settings, environment);
}

}  // namespace gossip::config
