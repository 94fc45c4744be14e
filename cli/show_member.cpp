#include "cli/show_member.h"

#include "cli/text.h"

namespace gossip::cli {

std::string format_tag(const std::string& key, const std::string& value) {
  return quote_word(key, "=,") + '=' + (value.empty() ? "" : quote_word(value, ","));
}

std::string format_tags(const Tags& tags) {
  std::string text;
  for (const auto& [key, value] : tags) {
    text += text.empty() ? "" : ",";
    text += format_tag(key, value);
  }
  return text;
}

std::string format_address(const Member& member) {
  return Address{member.address.ip.shortest(), member.address.port}.to_string();
}

void write_tags(const Tags& tags, JsonWriter& json) {
  json.begin_object();
  for (const auto& [key, value] : tags) {
    json.key(key);
    json.text(value);
  }
  json.end_object();
}

void write_protocol(const Versions& versions, JsonWriter& json) {
  json.begin_object();
  json.key("max");
  json.number(versions.delegate_max);
  json.key("min");
  json.number(versions.delegate_min);
  json.key("version");
  json.number(versions.delegate_current);
  json.end_object();
}

void write_member(const Member& member, JsonWriter& json) {
  json.begin_object();
  write_member_keys(member, json);
  json.end_object();
}

void write_member_keys(const Member& member, JsonWriter& json) {
  json.key("name");
  json.text(member.name);
  json.key("addr");
  json.text(format_address(member));
  json.key("port");
  json.number(member.address.port);
  json.key("tags");
  write_tags(member.tags, json);
  json.key("status");
  json.text(to_string(member.status));
  json.key("protocol");
  write_protocol(member.versions, json);
}

}  // namespace gossip::cli
