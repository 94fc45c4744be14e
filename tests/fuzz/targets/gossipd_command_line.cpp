// config/flags: any words are a command line or an error, and the settings that it makes a configuration or one.
#include "config/flags.h"
#include "fuzz/settings_check.h"
#include "fuzz/targets.h"
#include "fuzz/words.h"

namespace {

namespace config = gossip::config;

// As config::load does it, without any file.
gossip::Expected<void> apply_flags(const config::CommandLine& line, config::Settings& settings) {
  for (const config::CommandLine::Flag& flag : line.flags) {
    const std::string origin = "--" + std::string(flag.option->flag);
    const auto value = config::value_from_text(*flag.option, flag.text, origin);
    if (!value) return tl::unexpected(value.error());
    auto applied = config::apply(settings, *flag.option, *value, origin);
    if (!applied) return applied;
  }
  return {};
}

}  // namespace

void gossip::fuzz::target::gossipd_command_line(ByteView input) {
  const std::vector<std::string> words = words_of(input);
  config::Mistakes mistakes;
  const config::CommandLine line = config::parse_command_line(words, mistakes);
  for (const Error& mistake : mistakes.told())
    check_message(mistake);
  if (!mistakes.empty()) return;
  GOSSIP_CHECK(line.flags.size() + line.sources.size() <= words.size());
  config::Settings settings;
  const auto applied = apply_flags(line, settings);
  if (!applied) return check_message(applied.error());
  check_settings(std::move(settings));
}
