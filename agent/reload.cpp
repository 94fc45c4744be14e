#include "agent/reload.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "config/options.h"

namespace gossip::agent {
namespace {

bool is_taken_over(std::string_view name) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"log_level", "tags", "role", "leave_on_terminate", "skip_leave_on_interrupt",
       "event_handlers", "handler_queue", "handler_timeout", "coalesce_events", "coalesce_members",
       "retry_join", "retry_interval", "retry_max_attempts", "seed_refresh"});
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

Tags merge_tags(const Tags& current, const Tags& configured_before, const Tags& configured_now) {
  Tags merged = current;
  for (const auto& [key, value] : configured_before) {
    if (configured_now.count(key) == 0) merged.erase(key);
  }
  for (const auto& [key, value] : configured_now) {
    const auto before = configured_before.find(key);
    if (before == configured_before.end() || before->second != value) merged[key] = value;
  }
  return merged;
}

std::vector<std::string_view> waiting_for_restart(const config::AgentConfig& before,
                                                  const config::AgentConfig& now) {
  std::vector<std::string_view> names = config::changed(before.settings, now.settings);
  names.erase(std::remove_if(names.begin(), names.end(), is_taken_over), names.end());
  // A seed may name it, too.
  if (before.discovery.cluster != now.discovery.cluster &&
      std::find(names.begin(), names.end(), "discover") == names.end()) {
    names.emplace_back("discover");
  }
  // Files of keys keep their names when their contents change.
  const auto has_any = [&names](std::initializer_list<std::string_view> wanted) {
    return std::find_first_of(names.begin(), names.end(), wanted.begin(), wanted.end()) !=
           names.end();
  };
  // Except the keyring file, which follows the keys in use.
  if (before.settings.keyring_file.empty() &&
      before.node.encryption_keys != now.node.encryption_keys &&
      !has_any({"encrypt_key", "encrypt_key_file", "keyring_file"})) {
    names.emplace_back("encryption keys");
  }
  if (before.rpc.auth_key != now.rpc.auth_key && !has_any({"rpc_auth", "rpc_auth_file"})) {
    names.emplace_back("RPC token");
  }
  return names;
}

gossip::rpc::ReloadResponse changes_between(const config::Settings& last,
                                            const config::AgentConfig& start,
                                            const config::AgentConfig& now) {
  gossip::rpc::ReloadResponse changes;
  for (const std::string_view name : config::changed(last, now.settings)) {
    if (is_taken_over(name)) changes.taken.emplace_back(name);
  }
  for (const std::string_view name : waiting_for_restart(start, now))
    changes.restart.emplace_back(name);
  return changes;
}

std::string trouble_in(const Expected<gossip::rpc::ReloadResponse>& report) {
  if (!report) return report.error().message.substr(0, report.error().message.rfind(kCheckWith));
  return report->failed.empty() ? "" : report->failed.front();
}

std::vector<std::pair<LogLevel, std::string>> lines_about(
    const Expected<gossip::rpc::ReloadResponse>& report) {
  std::vector<std::pair<LogLevel, std::string>> lines;
  if (!report) {
    for (const std::string_view line : lines_of(report.error().message))
      lines.emplace_back(LogLevel::Error, "nothing reloaded: " + std::string(line));
    return lines;
  }
  for (const std::string& warning : report->warnings)
    lines.emplace_back(LogLevel::Warn, warning);
  for (const std::string& failed : report->failed)
    lines.emplace_back(LogLevel::Error, failed);
  if (!report->taken.empty()) {
    lines.emplace_back(LogLevel::Info, "changed: " + joined(report->taken));
  }
  if (!report->restart.empty()) {
    lines.emplace_back(LogLevel::Warn,
                       "changed, but only taken over by a restart: " + joined(report->restart));
  }
  return lines;
}

}  // namespace gossip::agent
