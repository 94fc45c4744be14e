// config/toml: any text is a configuration or mistakes that name their lines.
#include "config/toml.h"

#include "fuzz/settings_check.h"
#include "fuzz/targets.h"

void gossip::fuzz::target::toml(ByteView input) {
  config::Settings settings;
  config::Mistakes mistakes;
  config::apply_toml(settings, as_text(input), "f.toml", mistakes);
  for (const Error& mistake : mistakes.told())
    GOSSIP_CHECK(mistake.message.starts_with("f.toml:"));
  check_settings(std::move(settings));
}
