// config/seed_spec: any text is a seed or an error that quotes it; what was understood is understood again.
#include "base/check.h"
#include "config/seed_spec.h"
#include "fuzz/targets.h"

void gossip::fuzz::target::seed(ByteView input) {
  namespace config = gossip::config;
  const auto spec = config::parse_seed(gossip::as_text(input));
  if (!spec) {
    GOSSIP_CHECK(spec.error().code == gossip::ErrorCode::InvalidArgument);
    GOSSIP_CHECK(!spec.error().message.empty());
    return;
  }
  GOSSIP_CHECK(!spec->text.empty() && !spec->target.empty());
  GOSSIP_CHECK(gossip::as_text(input).find(spec->text) != std::string_view::npos);
  GOSSIP_CHECK(spec->target.find('\0') == std::string::npos);
  GOSSIP_CHECK(!config::to_string(spec->kind).empty());
  const auto again = config::parse_seed(spec->text);
  GOSSIP_CHECK(again && *again == *spec);
}
