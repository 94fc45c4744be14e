#include "config/load.h"

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

}  // namespace

Expected<AgentConfig> load(const CommandLine& line, const std::string& environment_key) {
  Settings settings;
  if (line.habits == Habits::Serf) settings.log_output = "stdout";
  for (const ConfigSource& source : line.sources) {
    const Expected<void> done = apply_source(settings, source);
    if (!done) return tl::unexpected<Error>(done.error());
  }
  for (const CommandLine::Flag& flag : line.flags) {
    const Expected<Value> value = value_from_flag(*flag.option, flag.text);
    if (!value) return tl::unexpected<Error>(value.error());
    const Expected<void> done =
        apply(settings, *flag.option, *value, "--" + std::string(flag.option->flag));
    if (!done) return tl::unexpected<Error>(done.error());
  }
  return validate(settings, environment_key);
}

}  // namespace gossip::config
