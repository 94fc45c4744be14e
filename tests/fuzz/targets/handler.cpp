// agent/handlers/spec: any text is a handler or an error that names it; a handler's parts make the text again.
#include "agent/handlers/spec.h"
#include "base/check.h"
#include "fuzz/targets.h"

void gossip::fuzz::target::handler(ByteView input) {
  const std::string_view text = gossip::as_text(input);
  const auto specs = gossip::agent::parse_handler(text);
  if (!specs) {
    GOSSIP_CHECK(!specs.error().message.empty());
    return;
  }
  GOSSIP_CHECK(!specs->empty());
  for (const gossip::agent::HandlerSpec& spec : *specs) {
    const auto again = gossip::agent::parse_handler(spec.events + "=" + spec.command);
    GOSSIP_CHECK(again && again->size() == 1 && again->front().key() == spec.key());
    GOSSIP_CHECK(again->front().command == spec.command && text.ends_with(spec.command));
  }
}
