#include "config/load.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "config/files.h"
#include "config/mistakes.h"
#include "config/text.h"
#include "config/validate.h"

namespace gossip::config {
namespace {

// Going on without it could mean an agent without encryption.
Error unreadable(const ConfigSource& source, Error error) {
  const bool optional = source.presence == ConfigSource::Presence::Optional;
  if (optional && error.code == ErrorCode::PermissionDenied) {
    error.message += " (--config-file names another, or none)";
  }
  return error;
}

void apply_source(Settings& settings, const ConfigSource& source, Mistakes& mistakes) {
  Expected<std::vector<std::string>> paths = std::vector<std::string>{source.path};
  if (source.kind == ConfigSource::Kind::Folder) paths = list_folder(source.path);
  const auto failed = [&](const Error& error) {
    const bool may_be_away = source.presence == ConfigSource::Presence::Optional;
    if (may_be_away && error.code == ErrorCode::NotFound) return;
    mistakes.add(unreadable(source, error));
  };
  if (!paths) return failed(paths.error());
  for (const std::string& path : *paths) {
    const Expected<void> read = apply_file(settings, path, mistakes);
    if (!read) failed(read.error());
  }
}

std::vector<ConfigSource> default_sources(const CommandLine& line, const std::string& folder) {
  using Kind = ConfigSource::Kind;
  constexpr auto kOptional = ConfigSource::Presence::Optional;
  // Serf's agent reads nothing that it is not told to.
  if (folder.empty() || line.habits == Habits::Serf) return {};
  if (line.understood == Understood::NotAll) return {};
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

void apply_flags(Settings& settings, const CommandLine& line, Mistakes& mistakes) {
  for (const CommandLine::Flag& flag : line.flags) {
    const std::string origin = "--" + std::string(flag.option->flag);
    const Expected<Value> value = value_from_text(*flag.option, flag.text, origin);
    if (value) {
      mistakes.add_from(apply(settings, *flag.option, *value, origin));
    } else {
      mistakes.add(value.error());
    }
  }
}

}  // namespace

AgentConfig load(const CommandLine& line, Environment& environment, Mistakes& mistakes) {
  Settings settings;
  if (line.habits == Habits::Serf) settings.log_output = "stdout";
  // To the others Serf's default is a crash.
  settings.leave_on_terminate = environment.supervised;
  for (const ConfigSource& source : all_sources(line, environment))
    apply_source(settings, source, mistakes);
  apply_environment(settings, environment, mistakes);
  apply_flags(settings, line, mistakes);
  AgentConfig config = validate(settings, environment, mistakes);
  mistakes.sort(settings.files);
  if (mistakes.empty()) environment.may_read_descriptors = false;
  return config;
}

std::string check_command(const CommandLine& line, const Environment& environment) {
  std::string command = "gossipd --check-config";
  const std::vector<ConfigSource> sources = all_sources(line, environment);
  if (sources.empty()) return command + " --config-file " + std::string(kNoFile);
  for (const ConfigSource& source : sources) {
    // The default ones, which are read where no other is named.
    if (source.presence == ConfigSource::Presence::Optional) return command;
    std::error_code failed;
    const std::filesystem::path absolute = std::filesystem::absolute(source.path, failed);
    command += source.kind == ConfigSource::Kind::File ? " --config-file " : " --config-dir ";
    command += shell_word(failed ? source.path : absolute.string());
  }
  return command;
}

}  // namespace gossip::config
