#include "config/effective.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "base/go_duration.h"
#include "base/overloaded.h"
#include "config/host_name.h"
#include "config/options.h"
#include "config/text.h"

namespace gossip::config {
namespace {

constexpr std::string_view kMask = "********";

struct Effective {
  Value value;
  std::string origin;
};

std::string joined(const std::vector<std::string>& origins) {
  std::string text;
  for (const std::string& origin : origins)
    text += (text.empty() ? "" : ", ") + origin;
  return text;
}

std::string ready_words(const ReadyWhen& when) {
  switch (when.kind) {
    case ReadyWhen::Kind::Started: return "started";
    case ReadyWhen::Kind::Joined: return "joined";
    case ReadyWhen::Kind::Members: return "members>=" + std::to_string(when.members);
  }
  return {};
}

Value duration_value(Duration duration) {
  return base::format_go_duration(duration);
}

// As it was said, or by default; nothing for what this version does not do.
std::optional<Value> said(const Option& option, const AgentConfig& config) {
  const Settings& settings = config.settings;
  const Timing& timing = config.node.timing;
  return std::visit(
      base::Overloaded{
          [](const Unsupported&) -> std::optional<Value> { return std::nullopt; },
          [](const InverseSwitch&) -> std::optional<Value> { return std::nullopt; },
          [&](const List& list) -> std::optional<Value> { return settings.*list.member; },
          [&](Period member) -> std::optional<Value> { return duration_value(settings.*member); },
          [&](const ProtocolPeriod& period) -> std::optional<Value> {
            return duration_value(timing.*period.member);
          },
          [&](const ProtocolCount& count) -> std::optional<Value> {
            return std::int64_t{timing.*count.member};
          },
          [&](auto member) -> std::optional<Value> { return settings.*member; },
      },
      option.target);
}

bool is_timing(const Option& option) {
  return std::holds_alternative<ProtocolPeriod>(option.target) ||
         std::holds_alternative<ProtocolCount>(option.target);
}

std::string origin_in(const AgentConfig& config, const Option& option) {
  const auto found = config.settings.origins.find(name_of(option));
  if (found != config.settings.origins.end()) return joined(found->second);
  return is_timing(option) && config.profile != "lan" ? "profile " + config.profile : "default";
}

// What other settings, the surroundings or limits make of a setting.
void adjust(const Option& option, const AgentConfig& config, Effective& effective) {
  const bool is_default = effective.origin == "default";
  if (option.key == "node_name" && config.node.node_name.empty()) {
    effective = {host_name().value_or("localhost"), "default: this host's name"};
  } else if (option.key == "bind") {
    effective.value = config.node.bind_addr;
    if (is_default && !config.interface.empty()) effective.origin = "interface";
  } else if (option.key == "tags") {
    effective.value = config.node.tags;
    if (!config.settings.role.empty()) effective.origin += ", role";
    if (!config.tags_file.empty()) effective.origin = config.tags_file;
  } else if (option.key == "retry_interval") {
    effective.value = duration_value(config.retry_interval);
  } else if (option.key == "ready_when") {
    effective.value = ready_words(config.ready_when);
  } else if (option.key == "leave_on_terminate" && is_default && config.leave_on_terminate) {
    effective.origin = "default where supervised";
  } else if (option.key == "rpc_addr" && is_default) {
    effective.origin = "default: the socket of gossipd(8)";
  } else if (option.key == "encrypt_key" && config.settings.keyring_file.empty() &&
             !config.keys_from.empty()) {
    effective = {std::string(kMask), config.keys_from};
  }
}

void mask(const Option& option, Value& value) {
  auto* text = std::get_if<std::string>(&value);
  if (option.shown == Shown::Masked && text != nullptr && !text->empty()) *text = kMask;
}

std::string literal(const Value& value, PrintFormat format) {
  return std::visit(base::Overloaded{
                        [](const std::string& text) { return quoted(text); },
                        [](bool on) { return std::string(on ? "true" : "false"); },
                        [](std::int64_t number) { return std::to_string(number); },
                        [](const Strings& list) {
                          std::string text = "[";
                          for (const std::string& item : list)
                            text += (text.size() == 1 ? "" : ", ") + quoted(item);
                          return text + "]";
                        },
                        [&](const Tags& tags) {
                          std::string text = "{";
                          for (const auto& [key, item] : tags) {
                            text += text.size() == 1 ? "" : ", ";
                            text += quoted(key) + (format == PrintFormat::Toml ? " = " : ": ") +
                                    quoted(item);
                          }
                          return text + "}";
                        },
                        [](const Other& other) { return quoted(other.description); },
                    },
                    value);
}

std::string toml_line(const Option& option, const Effective& effective) {
  constexpr std::size_t kColumn = 44;
  std::string line = std::string(option.key) + " = " + literal(effective.value, PrintFormat::Toml);
  line.resize(std::max(line.size() + 2, kColumn), ' ');
  // A path may hold anything; a comment ends with its line.
  std::string origin = quoted(effective.origin);
  return line + "# " + origin.substr(1, origin.size() - 2) + "\n";
}

std::string json_entry(const Option& option, const Effective& effective) {
  return "  " + quoted(option.key) +
         ": {\"value\": " + literal(effective.value, PrintFormat::Json) +
         ", \"origin\": " + quoted(effective.origin) + "}";
}

}  // namespace

std::string print_effective(const AgentConfig& config, PrintFormat format) {
  std::string text = format == PrintFormat::Json ? "{" : "";
  for (const Option& option : options()) {
    std::optional<Value> value = said(option, config);
    if (!value || option.key.empty()) continue;
    Effective effective{std::move(*value), origin_in(config, option)};
    mask(option, effective.value);
    adjust(option, config, effective);
    if (format == PrintFormat::Toml) {
      text += toml_line(option, effective);
    } else {
      text += (text.size() == 1 ? "\n" : ",\n") + json_entry(option, effective);
    }
  }
  return format == PrintFormat::Json ? text + "\n}\n" : text;
}

}  // namespace gossip::config
