// config/serf_json: any text is a map of tags or an error of one line; the map written is the map read.
#include "base/check.h"
#include "config/serf_json.h"
#include "fuzz/targets.h"

void gossip::fuzz::target::tags_file(ByteView input) {
  const auto tags = config::parse_json_map(as_text(input), "tags");
  if (!tags) {
    const std::string& message = tags.error().message;
    GOSSIP_CHECK(message.starts_with("tags:") && message.find('\n') == std::string::npos);
    return;
  }
  const auto again = config::parse_json_map(config::json_map(*tags), "tags");
  GOSSIP_CHECK(again && *again == *tags);
}
