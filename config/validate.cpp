#include "config/validate.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "base/go_duration.h"
#include "config/files.h"
#include "config/options.h"
#include "config/origins.h"
#include "config/profile.h"
#include "config/secrets.h"
#include "config/seeds.h"
#include "config/text.h"

namespace gossip::config {
namespace {

constexpr Duration kShortestRetry = std::chrono::seconds(1);
constexpr Duration kShortestRun = std::chrono::seconds(1);
constexpr std::int64_t kMaxHandlerQueue = 65536;
constexpr std::int64_t kMostRpcClients = 65536;

// A name to resolve: letters, digits, dots, hyphens, underscores, and not only digits and dots.
bool is_host_name(std::string_view text) {
  const auto allowed = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
  };
  const auto letter = [](unsigned char c) { return std::isalpha(c) != 0; };
  return std::all_of(text.begin(), text.end(), allowed) &&
         std::any_of(text.begin(), text.end(), letter);
}

// "ip[:port]", "[v6][:port]", "host[:port]".
Expected<void> check_address(const Settings& settings, std::string_view key,
                             const std::string& text) {
  const Expected<Address> address = Address::parse(text, kDefaultPort);
  if (address && key == "advertise" && address->ip.is_unspecified()) {
    return refuse(settings, key,
                  "nobody can reach \"" + text + "\", write the address that others use");
  }
  if (address) return {};
  const std::size_t colon = text.find(':');
  const std::string_view host = std::string_view(text).substr(0, colon);
  const bool named = is_host_name(host) && (colon == std::string::npos ||
                                            port_in(std::string_view(text).substr(colon + 1)));
  if (named) return {};
  return refuse(settings, key,
                address.error().message + " (write " + std::string(kGossipForms) + ")");
}

void check_addresses(const Settings& settings, Mistakes& mistakes) {
  const std::array<std::pair<std::string_view, const std::string*>, 2> addresses{
      {{"bind", &settings.bind}, {"advertise", &settings.advertise}}};
  for (const auto& [key, text] : addresses) {
    if (!text->empty()) mistakes.add_from(check_address(settings, key, *text));
  }
  const std::array<std::pair<std::string_view, const std::vector<std::string>*>, 3> lists{
      {{"start_join", &settings.start_join},
       {"retry_join", &settings.retry_join},
       {"rpc_addr", &settings.rpc_addr}}};
  for (const auto& [key, list] : lists) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      if ((*list)[i].empty()) {
        mistakes.add_from(refuse_element(settings, key, i, "an address is empty"));
      }
    }
  }
}

// Checks one part of the configuration at a time, so that an error can say whose it is.
template <typename Set>
Expected<void> check_part(const Settings& settings, std::string_view key, Set set) {
  Config alone;
  set(alone);
  const Expected<void> checked = check(alone);
  if (checked) return {};
  return tl::unexpected<Error>(
      Error{checked.error().code, origin_of(settings, key) + ": " + checked.error().message});
}

struct Count {
  std::string_view key;
  std::int64_t value;
  std::int64_t least;
  std::int64_t most;
};

void check_counts(const Settings& settings, Mistakes& mistakes) {
  constexpr std::int64_t kMaxInt = std::numeric_limits<std::int32_t>::max();
  const std::array<Count, 8> counts{{
      {"retry_max_attempts", settings.retry_max_attempts, 0, kMaxInt},
      {"query_size_limit", settings.query_size_limit, 1, kMaxQueryBytes},
      {"query_response_size_limit", settings.query_response_size_limit, 1, kMaxQueryBytes},
      {"max_members", settings.max_members, 1, kMostMembers},
      {"max_queue_depth", settings.max_queue_depth, 1, kMaxQueueDepth},
      {"event_buffer", settings.event_buffer, 1, kMaxEventBuffer},
      {"rpc_max_clients", settings.rpc_max_clients, 1, kMostRpcClients},
      {"handler_queue", settings.handler_queue, 1, kMaxHandlerQueue},
  }};
  for (const Count& count : counts) {
    if (count.value >= count.least && count.value <= count.most) continue;
    mistakes.add_from(refuse(
        settings, count.key,
        "must be between " + std::to_string(count.least) + " and " + std::to_string(count.most)));
  }
}

Expected<void> check_protocol(const Settings& settings) {
  if (settings.protocol < 0 || settings.protocol > 255) {
    return refuse(settings, "protocol",
                  "protocol version " + std::to_string(settings.protocol) +
                      " is not supported, only 2 to 5 are");
  }
  return check_part(settings, "protocol",
                    [&](Config& c) { c.protocol = static_cast<std::uint8_t>(settings.protocol); });
}

Expected<void> check_event_size(const Settings& settings) {
  const std::int64_t limit = settings.user_event_size_limit;
  if (limit < 0 || limit > std::numeric_limits<std::int32_t>::max()) {
    return refuse(settings, "user_event_size_limit", "must not be negative");
  }
  return check_part(settings, "user_event_size_limit",
                    [&](Config& c) { c.user_event_size_limit = static_cast<std::size_t>(limit); });
}

void check_parts(const Settings& settings, const Timing& timing, Mistakes& mistakes) {
  check_counts(settings, mistakes);
  mistakes.add_from(
      check_part(settings, "node_name", [&](Config& c) { c.node_name = settings.node_name; }));
  mistakes.add_from(check_part(settings, "label", [&](Config& c) { c.label = settings.label; }));
  mistakes.add_from(check_protocol(settings));
  mistakes.add_from(check_event_size(settings));
  mistakes.add_from(
      check_part(settings, "reconnect_interval", [&](Config& c) { c.timing = timing; }));
}

std::optional<std::uint32_t> parse_mode(std::string_view text) {
  if (text.substr(0, 2) == "0o") text.remove_prefix(2);
  std::uint32_t mode = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  if (failed != std::errc{} || end != text.data() + text.size() || mode > 0777) return std::nullopt;
  return mode;
}

void take_rpc(const Settings& settings, Environment& environment, RpcConfig& rpc,
              Mistakes& mistakes) {
  const std::optional<std::uint32_t> mode = parse_mode(settings.rpc_mode);
  if (!mode) {
    mistakes.add_from(
        refuse(settings, "rpc_mode",
               "\"" + settings.rpc_mode + R"(" is no file mode (for example "0660"))"));
  }
  Expected<std::string> auth = rpc_auth_key(settings, environment);
  if (!auth) mistakes.add(auth.error());
  rpc.addresses = settings.rpc_addr;
  rpc.auth_key = std::move(auth).value_or("");
  rpc.socket_mode = mode.value_or(0);
  rpc.socket_group = settings.rpc_group;
  rpc.allowed_users = settings.rpc_uids;
  rpc.allowed_groups = settings.rpc_gids;
  rpc.max_clients = static_cast<std::size_t>(settings.rpc_max_clients);
}

Expected<void> take_events(const Settings& settings, EventConfig& events) {
  events.handlers = settings.event_handlers;
  events.handler_timeout = settings.handler_timeout;
  events.handler_queue = static_cast<std::size_t>(settings.handler_queue);
  events.coalesce_members = settings.coalesce_members;
  events.coalesce_events = settings.coalesce_events;
  if (settings.handler_timeout >= kShortestRun) return {};
  return refuse(settings, "handler_timeout",
                base::format_go_duration(settings.handler_timeout) + " is too short, at least 1s");
}

Expected<void> take_tags(const Settings& settings, AgentConfig& config) {
  config.node.tags = settings.tags;
  if (!settings.role.empty()) {
    config.warnings.push_back(origin_of(settings, "role") +
                              R"(: "role" is deprecated, set the tag "role")");
    config.node.tags["role"] = settings.role;
  }
  config.tags_file = settings.tags_file;
  if (config.tags_file.empty() || config.node.tags.empty()) return {};
  return refuse(settings, settings.tags.empty() ? "role" : "tags",
                "tags are not allowed beside a tags file");
}

void take_logging(const Settings& settings, AgentConfig& config, Mistakes& mistakes) {
  const Expected<LogLevel> level = parse_log_level(settings.log_level);
  if (!level) mistakes.add_from(refuse(settings, "log_level", level.error().message));
  config.log_level = level.value_or(config.log_level);
  if (settings.log_output != "stderr" && settings.log_output != "stdout") {
    mistakes.add_from(refuse(settings, "log_output",
                             "\"" + settings.log_output + "\" is neither stderr nor stdout"));
  }
  config.log_output = settings.log_output == "stdout" ? LogOutput::Stdout : LogOutput::Stderr;
  const Expected<SyslogFacility> facility = parse_syslog_facility(settings.syslog_facility);
  if (!facility) mistakes.add_from(refuse(settings, "syslog_facility", facility.error().message));
  if (settings.syslog && facility) config.syslog = *facility;
}

void take_joining(const Settings& settings, AgentConfig& config) {
  config.node.start_join_addrs = settings.start_join;
  config.node.replay_on_join = settings.replay_on_join ? Replay::DeliverOld : Replay::IgnoreOld;
  config.retry_join = settings.retry_join;
  config.seed_refresh = settings.seed_refresh;
  config.retry_max_attempts = static_cast<std::uint32_t>(settings.retry_max_attempts);
  config.retry_interval = settings.retry_interval;
  if (config.retry_interval < kShortestRetry) {
    config.warnings.push_back(origin_of(settings, "retry_interval") + ": " +
                              base::format_go_duration(config.retry_interval) +
                              " is too low, set to 1s");
    config.retry_interval = kShortestRetry;
  }
  config.node.snapshot_path = settings.snapshot_path;
  if (settings.rejoin_after_leave) config.node.rejoin_after_leave = RejoinAfterLeave::Yes;
  if (settings.rejoin_after_leave && settings.snapshot_path.empty()) {
    config.warnings.push_back(origin_of(settings, "rejoin_after_leave") +
                              ": enabled without snapshot file, there is nothing to rejoin");
  }
}

Expected<void> take_ready_when(const Settings& settings, AgentConfig& config) {
  if (settings.ready_when.empty()) {
    const bool has_seeds = !settings.start_join.empty() || !settings.retry_join.empty();
    config.ready_when.kind = has_seeds ? ReadyWhen::Kind::Joined : ReadyWhen::Kind::Started;
    return {};
  }
  const Expected<ReadyWhen> when = parse_ready_when(settings.ready_when);
  if (!when) return refuse(settings, "ready_when", when.error().message);
  config.ready_when = *when;
  return {};
}

// Who reads this may be root, who cannot tell which user the agent will run as; the package's files are root's with
// the agent's group, and 0600 would lock it out of them.
constexpr std::string_view kOpenSecret =
    ": others on this host can read this secret (chmod 600 if the agent's user owns the file, else "
    "chmod 640 with the agent's group)";

// A secret that stands in a configuration file itself.
void warn_of_open_setting(const Settings& settings, const Option& option,
                          std::vector<std::string>& warnings) {
  const auto* const text = std::get_if<Text>(&option.target);
  const auto found = settings.origins.find(option.key);
  if (text == nullptr || (settings.*(*text)).empty() || found == settings.origins.end()) return;
  for (const std::string& path : settings.files) {
    if (!found->second.back().starts_with(path + ":") || !is_open_to_others(path)) continue;
    warnings.push_back(blame(found->second.back(), option.key) + std::string(kOpenSecret));
    return;
  }
}

void warn_of_open_secrets(const Settings& settings, std::vector<std::string>& warnings) {
  for (const std::string& path :
       {settings.encrypt_key_file, settings.keyring_file, settings.rpc_auth_file}) {
    if (path.empty() || !is_open_to_others(path)) continue;
    warnings.push_back(path + std::string(kOpenSecret));
  }
  for (const Option& option : options()) {
    if (option.shown == Shown::Masked) warn_of_open_setting(settings, option, warnings);
  }
}

}  // namespace

AgentConfig validate(const Settings& settings, Environment& environment, Mistakes& mistakes) {
  AgentConfig config;
  config.warnings = settings.warnings;
  config.settings = settings;
  config.interface = settings.interface;
  config.metrics = {settings.metrics_addr, settings.statsd_addr, settings.statsite_addr};
  config.profile = lower(settings.profile);
  config.node.keyring_path = settings.keyring_file;
  config.leave_on_terminate = settings.leave_on_terminate;
  config.skip_leave_on_interrupt = settings.skip_leave_on_interrupt;
  config.node.node_name = settings.node_name;
  config.node.bind_addr = settings.bind.empty() ? Settings{}.bind : settings.bind;
  config.node.advertise_addr = settings.advertise;
  config.node.label = settings.label;
  config.node.compression = settings.compression ? Compression::On : Compression::Off;

  config.node.timing = timing_of(settings, config.warnings, mistakes);
  check_addresses(settings, mistakes);
  check_parts(settings, config.node.timing, mistakes);
  mistakes.add_from(take_tags(settings, config));
  take_logging(settings, config, mistakes);
  take_seeds(settings, config, mistakes);
  mistakes.add_from(take_ready_when(settings, config));
  config.node.protocol = static_cast<std::uint8_t>(settings.protocol);
  config.node.user_event_size_limit = static_cast<std::size_t>(settings.user_event_size_limit);
  config.node.query_size_limit = static_cast<std::size_t>(settings.query_size_limit);
  config.node.query_response_size_limit =
      static_cast<std::size_t>(settings.query_response_size_limit);
  config.node.max_members = static_cast<std::uint32_t>(settings.max_members);
  config.node.max_queue_depth = static_cast<std::uint32_t>(settings.max_queue_depth);
  config.node.event_buffer = static_cast<std::uint32_t>(settings.event_buffer);
  config.node.first_push = settings.eager_push ? FirstPush::Eager : FirstPush::OnTick;
  config.node.dead_member_address =
      settings.take_new_address ? DeadMemberAddress::TakeNew : DeadMemberAddress::KeepOld;
  config.node.name_conflict =
      settings.disable_name_resolution ? NameConflict::LogOnly : NameConflict::Vote;
  config.node.coordinates = settings.disable_coordinates ? Coordinates::Off : Coordinates::On;
  take_joining(settings, config);

  Expected<FoundKeys> keys = encryption_keys(settings, environment);
  if (!keys) mistakes.add(keys.error());
  FoundKeys found = std::move(keys).value_or(FoundKeys{});
  config.node.encryption_keys = std::move(found.keys);
  config.keys_from = std::move(found.from);
  take_rpc(settings, environment, config.rpc, mistakes);
  mistakes.add_from(take_events(settings, config.events));
  warn_of_open_secrets(settings, config.warnings);
  return config;
}

}  // namespace gossip::config
