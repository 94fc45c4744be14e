// config/serf_json: any text is a configuration or an error that names its line.
#include "config/serf_json.h"

#include "fuzz/settings_check.h"
#include "fuzz/targets.h"

void gossip::fuzz::target::serf_json(ByteView input) {
  config::Settings settings;
  const auto applied = config::apply_serf_json(settings, as_text(input), "f.json");
  if (!applied) {
    check_message(applied.error());
    GOSSIP_CHECK(applied.error().message.starts_with("f.json:"));
  }
  check_settings(std::move(settings));
}
