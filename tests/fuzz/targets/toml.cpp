// config/toml: any text is a configuration or an error that names its line.
#include "config/toml.h"

#include "fuzz/settings_check.h"
#include "fuzz/targets.h"

void gossip::fuzz::target::toml(ByteView input) {
  config::Settings settings;
  const auto applied = config::apply_toml(settings, as_text(input), "f.toml");
  if (!applied) {
    check_message(applied.error());
    GOSSIP_CHECK(applied.error().message.starts_with("f.toml:"));
  }
  check_settings(std::move(settings));
}
