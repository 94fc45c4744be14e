#include "config/environment.h"

#include <algorithm>
#include <array>

#include <unistd.h>

#include "base/ascii.h"
#include "base/nearest.h"
#include "config/secrets.h"

namespace gossip::config {
namespace {

constexpr std::string_view kPrefix = "GOSSIP_";
constexpr std::string_view kCredentials = "CREDENTIALS_DIRECTORY";
constexpr std::string_view kNotifySocket = "NOTIFY_SOCKET";

// Lists in variables may be broken into lines.
constexpr std::string_view kBlanks = " \t\r\n";

Strings split(std::string_view text, char separator) {
  Strings items;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    const std::string_view item = base::trimmed(text.substr(0, end), kBlanks);
    if (!item.empty()) items.emplace_back(item);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return items;
}

bool has_many(const Option& option) {
  return std::holds_alternative<List>(option.target) ||
         std::holds_alternative<TagMap>(option.target);
}

Strings texts_for(const Option& option, const std::string& text) {
  if (!has_many(option)) return {text};
  // Commas part the events of a handler.
  return option.key == "event_handlers" ? split(text, '\n') : list_in_variable(text);
}

void apply_variable(Settings& settings, const Option& option, const std::string& name,
                    const std::string& text, Mistakes& mistakes) {
  for (const std::string& one : texts_for(option, text)) {
    const Expected<Value> value = value_from_text(option, one, name);
    if (value) {
      mistakes.add_from(apply(settings, option, *value, name));
    } else {
      mistakes.add(value.error());
    }
  }
}

// Handlers are given the first five, and so is an agent that one of them starts; Kubernetes makes the others
// of a service that is called "gossip".
bool is_of_others(std::string_view name) {
  constexpr auto kBegins = std::to_array<std::string_view>(
      {"EVENT", "SELF_", "TAG_", "USER_", "QUERY_", "SERVICE_", "PORT"});
  return std::any_of(kBegins.begin(), kBegins.end(),
                     [name](std::string_view begin) { return name.starts_with(begin); });
}

void warn_of_typos(const Environment& environment, std::span<const std::string> names,
                   std::vector<std::string>& warnings) {
  const std::vector<std::string_view> known(names.begin(), names.end());
  for (const auto& [variable, value] : environment.variables) {
    const std::string_view name = std::string_view(variable).substr(kPrefix.size());
    const std::string_view meant = is_of_others(name) ? "" : base::nearest(name, known);
    if (meant.empty() || meant == name) continue;
    warnings.push_back(variable + ": no option has this name, did you mean " +
                       std::string(kPrefix) + std::string(meant) + "?");
  }
}

}  // namespace

std::string Environment::variable(std::string_view name) const {
  const auto found = variables.find(name);
  return found == variables.end() ? std::string() : found->second;
}

Environment read_environment(const char* const* entries) {
  Environment environment;
  environment.default_folder = kDefaultFolder;
  environment.supervised = ::getpid() == 1;
  for (; *entries != nullptr; ++entries) {
    const std::string_view entry = *entries;
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos || equals + 1 == entry.size()) continue;
    const std::string_view name = entry.substr(0, equals);
    const std::string_view value = entry.substr(equals + 1);
    if (name == kNotifySocket) environment.supervised = true;
    if (name == kCredentials) environment.credentials_directory = value;
    if (name.substr(0, kPrefix.size()) == kPrefix) environment.variables.emplace(name, value);
  }
  return environment;
}

std::string variable_of(const Option& option) {
  if (option.key.empty()) return {};
  std::string name(kPrefix);
  for (const char c : option.key) {
    const bool lower = c >= 'a' && c <= 'z';
    name += lower ? static_cast<char>(c - 'a' + 'A') : c == '.' ? '_' : c;
  }
  return name;
}

Strings list_in_variable(std::string_view text) {
  return split(text, text.find('\n') == std::string_view::npos ? ',' : '\n');
}

void apply_environment(Settings& settings, const Environment& environment, Mistakes& mistakes) {
  std::vector<std::string> names{"CONFIG_FILE", "CONFIG_DIR"};
  for (const Option& option : options()) {
    if (option.key.empty()) continue;
    const std::string name = variable_of(option);
    names.push_back(name.substr(kPrefix.size()));
    const auto found = environment.variables.find(name);
    // The key has rules of its own: secrets.h.
    if (found == environment.variables.end() || found->first == kEncryptKeyVariable) continue;
    apply_variable(settings, option, found->first, found->second, mistakes);
  }
  warn_of_typos(environment, names, settings.warnings);
}

}  // namespace gossip::config
