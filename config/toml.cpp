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

Value list_value(const toml::array& array) {
  Strings items;
  for (const toml::node& item : array) {
    const auto* text = item.as_string();
    if (text == nullptr) return Other{"a list with " + describe(item)};
    items.push_back(text->get());
  }
  return items;
}

Value table_value(const toml::table& table) {
  Tags entries;
  for (const auto& [key, item] : table) {
    const auto* text = item.as_string();
    if (text == nullptr) {
      return Other{"a table with " + describe(item) + " at \"" + std::string(key.str()) + "\""};
    }
    entries.emplace(key.str(), text->get());
  }
  return entries;
}

Value value_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* on = node.as_boolean()) return on->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* array = node.as_array()) return list_value(*array);
  if (const auto* table = node.as_table()) return table_value(*table);
  return Other{describe(node)};
}

Expected<void> apply_table(Settings& settings, const toml::table& table, const std::string& section,
                           const std::string& path) {
  // The table is sorted by key; errors and repeated settings follow the file.
  using Entry = std::pair<const toml::key*, const toml::node*>;
  std::vector<Entry> entries;
  for (const auto& [key, node] : table)
    entries.emplace_back(&key, &node);
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.first->source().begin < b.first->source().begin;
  });
  for (const auto& [key, node] : entries) {
    const std::string origin = place(path, key->source().begin);
    const std::string name = section + std::string(key->str());
    const toml::table* inner = node->as_table();
    const bool is_inner = inner != nullptr && section.empty() && is_section(name);
    const Option* option = find_key(name);
    if (option == nullptr && !is_inner) return tl::unexpected<Error>(unknown_key(origin, name));
    Expected<void> done = is_inner ? apply_table(settings, *inner, name + ".", path)
                                   : apply(settings, *option, value_of(*node), origin);
    if (!done) return done;
  }
  return {};
}

}  // namespace

Expected<void> apply_toml(Settings& settings, std::string_view text, const std::string& path) {
  const toml::parse_result parsed = toml::parse(text, path);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    return fail(ErrorCode::InvalidArgument,
                place(path, error.source().begin) + ": " + std::string(error.description()));
  }
  return apply_table(settings, parsed.table(), "", path);
}

}  // namespace gossip::config
