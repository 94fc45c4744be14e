#include "config/toml.h"

#include <algorithm>
#include <sstream>
#include <vector>

// NOLINTBEGIN(readability-identifier-naming): the library's names
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
// NOLINTEND(readability-identifier-naming)
#include <toml++/toml.h>

#include "config/files.h"
#include "config/options.h"

namespace gossip::config {
namespace {

std::string place(const std::string& path, const toml::source_position& at) {
  return path + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

std::string describe(const toml::node& node) {
  std::ostringstream type;
  type << node.type();
  return "a value of type " + type.str();
}

std::string place(const std::string& path, const toml::node& node) {
  return place(path, node.source().begin);
}

Value list_value(const toml::array& array, const std::string& path) {
  Strings items;
  for (const toml::node& item : array) {
    const auto* text = item.as_string();
    if (text == nullptr) return Other{"a list with " + describe(item), place(path, item)};
    items.push_back(text->get());
  }
  return items;
}

Value table_value(const toml::table& table, const std::string& path) {
  Tags entries;
  for (const auto& [key, item] : table) {
    const auto* text = item.as_string();
    if (text == nullptr) {
      return Other{"a table with " + describe(item) + " at \"" + std::string(key.str()) + "\"",
                   place(path, item)};
    }
    entries.emplace(key.str(), text->get());
  }
  return entries;
}

Value value_of(const toml::node& node, const std::string& path) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* on = node.as_boolean()) return on->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* array = node.as_array()) return list_value(*array, path);
  if (const auto* table = node.as_table()) return table_value(*table, path);
  return Other{describe(node)};
}

Strings element_places(const toml::node& node, const std::string& path) {
  Strings places;
  if (const auto* array = node.as_array()) {
    for (const toml::node& item : *array)
      places.push_back(place(path, item));
  }
  return places;
}

struct KeyAndNode {
  std::string name;  // "mdns.interface" in the table "mdns"
  const toml::key* key = nullptr;
  const toml::node* node = nullptr;
};

// Those of tables that are sections stand for themselves.
std::vector<KeyAndNode> entries_of(const toml::table& table) {
  std::vector<KeyAndNode> entries;
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    const toml::table* inner = is_section(name) ? node.as_table() : nullptr;
    if (inner == nullptr) {
      entries.push_back({name, &key, &node});
      continue;
    }
    for (const auto& [inner_key, inner_node] : *inner)
      entries.push_back({name + "." + std::string(inner_key.str()), &inner_key, &inner_node});
  }
  // The tables are sorted by key; errors and repeated settings follow the file.
  std::sort(entries.begin(), entries.end(), [](const KeyAndNode& x, const KeyAndNode& y) {
    return x.key->source().begin < y.key->source().begin;
  });
  return entries;
}

}  // namespace

void apply_toml(Settings& settings, std::string_view text, const std::string& path,
                Mistakes& mistakes) {
  const toml::parse_result parsed = toml::parse(text, path);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return mistakes.add({ErrorCode::InvalidArgument, place(path, error.source().begin) + ": " +
                                                         std::string(error.description())});
  }
  for (const KeyAndNode& entry : entries_of(parsed.table())) {
    const std::string origin = place(path, entry.key->source().begin);
    const Option* option = find_key(entry.name);
    if (option == nullptr) {
      mistakes.add(unknown_key(origin, entry.name, mistakes));
      continue;
    }
    mistakes.add_from(apply(settings, *option, value_of(*entry.node, path), origin,
                            element_places(*entry.node, path)));
  }
}

}  // namespace gossip::config
