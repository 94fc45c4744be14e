// Serf's JSON files: configuration and tags (base/keyring_text.h reads keys). Errors tell line and column.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gossip/error.h"
#include "gossip/member.h"

#include "config/mistakes.h"
#include "config/settings.h"

namespace gossip::config {

// One object; keys match without regard to case, null is as good as absent; of equal keys the last one counts, also a
// null or a section, and there is a warning: of many the first ones and their number. `path` is for the mistakes:
// InvalidArgument, "path:line:column: …", of an element of a list that one's place. What is right has been taken, up to
// where the text ceases to be JSON.
void apply_serf_json(Settings& settings, std::string_view text, const std::string& path,
                     Mistakes& mistakes);

// A JSON object of texts. Errors: the first mistake, as above.
[[nodiscard]] Expected<Tags> parse_json_map(std::string_view text, const std::string& path);

// As Go's MarshalIndent writes a map with two spaces: sorted keys, <, > and & escaped, bytes that are no
// UTF-8 replaced by U+FFFD, no final newline.
[[nodiscard]] std::string json_map(const Tags& map);

}  // namespace gossip::config
