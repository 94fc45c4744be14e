// config/serf_json: any text is a configuration or mistakes that name their lines.
#include "config/serf_json.h"

#include "fuzz/settings_check.h"
#include "fuzz/targets.h"

void gossip::fuzz::target::serf_json(ByteView input) {
  config::Settings settings;
  config::Mistakes mistakes;
  config::apply_serf_json(settings, as_text(input), "f.json", mistakes);
  for (const Error& mistake : mistakes.told())
    GOSSIP_CHECK(mistake.message.starts_with("f.json:"));
  check_settings(std::move(settings));
}
