// base/keyring_text: any text is a ring of keys or an error of one line that shows none of them.
#include "base/check.h"
#include "base/keyring_text.h"
#include "fuzz/targets.h"

void gossip::fuzz::target::keyring_file(ByteView input) {
  const auto keys = base::parse_keyring(as_text(input), "ring");
  if (!keys) {
    const std::string& message = keys.error().message;
    GOSSIP_CHECK(message.starts_with("ring:") && message.find('\n') == std::string::npos);
    GOSSIP_CHECK(message.size() < 200);
    return;
  }
  GOSSIP_CHECK(!keys->empty());
  for (const Bytes& key : *keys)
    GOSSIP_CHECK(key.size() == 16 || key.size() == 24 || key.size() == 32);
  const auto again = base::parse_keyring(base::format_keyring(*keys), "ring");
  GOSSIP_CHECK(again && *again == *keys);
}
