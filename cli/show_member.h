// A member as text and as JSON, the same in every command that shows one.
#pragma once

#include <string>

#include "gossip/member.h"

#include "cli/json.h"

namespace gossip::cli {

// "k=v,k=v" by key; keys and values that could be misread stand in quotes (text.h).
[[nodiscard]] std::string format_tags(const Tags& tags);

// "k=v".
[[nodiscard]] std::string format_tag(const std::string& key, const std::string& value);

// "127.0.0.1:7946", "[::1]:7946".
[[nodiscard]] std::string format_address(const Member& member);

// Serf's object, in Serf's order of keys.
void write_member(const Member& member, JsonWriter& json);
// The same without its brackets, for one that has more keys behind these.
void write_member_keys(const Member& member, JsonWriter& json);

// {"max": 5, "min": 2, "version": 5}: the Serf protocol, not memberlist's.
void write_protocol(const Versions& versions, JsonWriter& json);

void write_tags(const Tags& tags, JsonWriter& json);

}  // namespace gossip::cli
