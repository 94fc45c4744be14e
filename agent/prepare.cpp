#include "agent/prepare.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "agent/handlers/spec.h"
#include "agent/rpc/peer_access.h"
#include "agent/system/interface.h"
#include "agent/system/tags_file.h"
#include "config/origins.h"
#include "config/validate.h"
#include "rpc/endpoint.h"
#include "runtime/resolver.h"
#include "wire/tags_codec.h"

namespace gossip::agent {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSocketForms = "unix:///path, /path, ./path or host:port";

Error blame(const std::string& where, const Error& error) {
  return {error.code, where + ": " + error.message};
}

// Leaves `address` as it was written, or makes a path that begins where we stand a whole one.
Expected<void> take_socket(std::string& address, std::optional<std::uint16_t> default_port) {
  std::error_code unknown;
  const std::string here = fs::current_path(unknown).string();
  const auto endpoint = gossip::rpc::parse_endpoint_in(here, address, default_port);
  if (!endpoint) return tl::unexpected<Error>(endpoint.error());
  if (std::holds_alternative<gossip::rpc::UnixEndpoint>(*endpoint))
    address = gossip::rpc::to_string(*endpoint);
  return {};
}

// Empty ones are told of already (validate).
void take_rpc(config::AgentConfig& config, config::Mistakes& mistakes) {
  std::vector<std::string>& addresses = config.rpc.addresses;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (addresses[i].empty()) continue;
    const Expected<void> taken = take_socket(addresses[i], gossip::rpc::kDefaultPort);
    if (taken) continue;
    mistakes.add_from(
        config::refuse_element(config.settings, "rpc_addr", i, taken.error().message));
  }
}

void check_sink(const config::AgentConfig& config, std::string_view key, const std::string& address,
                config::Mistakes& mistakes) {
  if (address.empty()) return;
  const auto target = runtime::parse_target(address, 0);
  if (target && target->port != 0) return;
  mistakes.add_from(
      config::refuse(config.settings, key, "\"" + address + "\" is not of the form host:port"));
}

void take_metrics(config::AgentConfig& config, config::Mistakes& mistakes) {
  config::MetricsConfig& metrics = config.metrics;
  if (!metrics.http_address.empty()) {
    const Expected<void> taken = take_socket(metrics.http_address, std::nullopt);
    if (!taken) {
      mistakes.add_from(config::refuse(config.settings, "metrics_addr", taken.error().message));
    }
  }
  check_sink(config, "statsd_addr", metrics.statsd_address, mistakes);
  check_sink(config, "statsite_addr", metrics.statsite_address, mistakes);
}

// Whom the RPC settings name, each under its own name. A directory server may be asked (NSS).
void check_accounts(const config::AgentConfig& config, config::Mistakes& mistakes) {
  const config::Settings& settings = config.settings;
  const auto check = [&mistakes](const auto& found, const std::string& origin) {
    if (!found) mistakes.add(blame(origin, found.error()));
  };
  const config::RpcConfig& rpc = config.rpc;
  if (!rpc.socket_group.empty()) {
    check(rpc::find_group(rpc.socket_group), config::origin_of(settings, "rpc_group"));
  }
  for (std::size_t i = 0; i < rpc.allowed_users.size(); ++i) {
    check(rpc::find_user(rpc.allowed_users[i]), config::origin_of_element(settings, "rpc_uids", i));
  }
  for (std::size_t i = 0; i < rpc.allowed_groups.size(); ++i) {
    check(rpc::find_group(rpc.allowed_groups[i]),
          config::origin_of_element(settings, "rpc_gids", i));
  }
}

// What the kernel says of a path; `none` where it does not say, as the agent may run as a user who may ask.
fs::file_type type_of(const fs::path& path) {
  std::error_code ignored;
  return fs::status(path, ignored).type();
}

// The unit makes this one before it starts the agent for the first time (StateDirectory=).
constexpr std::string_view kStateFolder = "/var/lib/gossipd";

// The start makes the file, and no folder.
Expected<void> check_snapshot(const config::AgentConfig& config) {
  const fs::path path = config.node.snapshot_path;
  if (path.empty()) return {};
  const auto refuse = [&config](const std::string& what) {
    return config::refuse(config.settings, "snapshot_path", what);
  };
  const fs::file_type file = type_of(path);
  const bool may_be_one = file == fs::file_type::regular || file == fs::file_type::none;
  if (may_be_one) return {};
  if (file != fs::file_type::not_found)
    return refuse("\"" + path.string() + "\" is no regular file");
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const fs::file_type parent = type_of(folder);
  if (parent == fs::file_type::not_found && folder != kStateFolder)
    return refuse("there is no folder \"" + folder.string() + "\"");
  if (parent == fs::file_type::regular) return refuse("\"" + folder.string() + "\" is no folder");
  return {};
}

Expected<void> take_tags(config::AgentConfig& config) {
  std::string tags_from = config::origin_of(config.settings, "tags");
  if (!config.tags_file.empty()) {
    tags_from = config.tags_file;
    Expected<Tags> tags = read_tags_file(config.tags_file);
    if (!tags) return tl::unexpected<Error>(std::move(tags.error()));
    config.node.tags = std::move(*tags);
  }
  const Expected<Bytes> encoded = wire::encode_tags(config.node.tags, config.node.protocol);
  if (!encoded) return tl::unexpected<Error>(blame(tags_from, encoded.error()));
  return {};
}

Expected<void> take_interface(config::AgentConfig& config, const config::Mistakes& mistakes) {
  const bool has_bind = !mistakes.blames(config::origin_of(config.settings, "bind"));
  if (config.interface.empty() || !has_bind) return {};
  Expected<std::string> bind = bind_on_interface(config.interface, config.node.bind_addr);
  if (!bind) {
    return tl::unexpected<Error>(
        blame(config::origin_of(config.settings, "interface"), bind.error()));
  }
  config.node.bind_addr = std::move(*bind);
  return {};
}

// Without a name of its own it is an interface that has an address of ours.
Expected<void> check_mdns_interface(const config::AgentConfig& config) {
  const std::string& name = config.settings.mdns_interface;
  if (config.discovery.cluster.empty() || name.empty()) return {};
  const Expected<unsigned> found = index_of_interface(name);
  if (found) return {};
  return tl::unexpected<Error>(
      blame(config::origin_of(config.settings, "mdns.interface"), found.error()));
}

struct Name {
  std::string origin;
  runtime::HostAndPort target;
  std::string_view instead;  // what to write
};

std::vector<Name> names_to_listen_on(const config::AgentConfig& config) {
  const config::Settings& settings = config.settings;
  std::vector<Name> names;
  const auto add_gossip = [&](std::string_view key, const std::string& text) {
    const auto target = runtime::parse_target(text, kDefaultPort);
    if (target) names.push_back({config::origin_of(settings, key), *target, config::kGossipForms});
  };
  const auto add_socket = [&](const std::string& origin, const std::string& text) {
    const auto endpoint = gossip::rpc::parse_endpoint(text);
    if (!endpoint) return;
    if (const auto* const tcp = std::get_if<gossip::rpc::TcpEndpoint>(&*endpoint)) {
      names.push_back({origin, {tcp->host, tcp->port}, kSocketForms});
    }
  };
  add_gossip("bind", config.node.bind_addr);
  add_gossip("advertise", config.node.advertise_addr);
  for (std::size_t i = 0; i < config.rpc.addresses.size(); ++i)
    add_socket(config::origin_of_element(settings, "rpc_addr", i), config.rpc.addresses[i]);
  add_socket(config::origin_of(settings, "metrics_addr"), config.metrics.http_address);
  return names;
}

void check_handlers(config::AgentConfig& config, config::Mistakes& mistakes) {
  (void)handlers_of(config, mistakes);
  const std::vector<std::string>& texts = config.events.handlers;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string doubt = doubt_about_handler(texts[i]);
    if (doubt.empty()) continue;
    config.warnings.push_back(config::origin_of_element(config.settings, "event_handlers", i) +
                              ": " + doubt);
  }
}

}  // namespace

bool has_names(const config::AgentConfig& config) {
  const auto is_name = [](const std::string& account) { return !rpc::is_account_number(account); };
  const config::RpcConfig& accounts = config.rpc;
  const auto& users = accounts.allowed_users;
  const auto& groups = accounts.allowed_groups;
  if (!accounts.socket_group.empty() && is_name(accounts.socket_group)) return true;
  if (std::any_of(users.begin(), users.end(), is_name)) return true;
  if (std::any_of(groups.begin(), groups.end(), is_name)) return true;
  const std::vector<Name> names = names_to_listen_on(config);
  return std::any_of(names.begin(), names.end(), [](const Name& name) {
    return !IpAddress::parse(name.target.host).has_value();
  });
}

// As the start will look them up, one after the other, with their origins; each host once, and where the name server
// must answer, none after it has not: every further one would take as long.
void look_up_names(config::AgentConfig& config, NameServer name_server,
                   config::Mistakes& mistakes) {
  check_accounts(config, mistakes);
  std::map<std::string, Expected<void>> answers;  // by host
  std::vector<Name> names = names_to_listen_on(config);
  std::erase_if(names, [&mistakes](const Name& name) { return mistakes.blames(name.origin); });
  for (const Name& name : names) {
    if (mistakes.is_full()) break;
    auto answer = answers.find(name.target.host);
    if (answer == answers.end()) {
      const auto found = runtime::resolve_now(name.target);
      Expected<void> outcome;
      if (!found) outcome = tl::unexpected<Error>(found.error());
      answer = answers.emplace(name.target.host, std::move(outcome)).first;
    }
    const Expected<void>& found = answer->second;
    if (found) continue;
    const Error& error = found.error();
    const bool is_answer = error.code == ErrorCode::NotFound;
    std::string text = name.origin + ": " + error.message;
    if (is_answer) text += " (write " + std::string(name.instead) + ")";
    if (is_answer || name_server == NameServer::MustAnswer) {
      mistakes.add({error.code, std::move(text)});
      if (!is_answer) break;
    } else {
      config.warnings.push_back(std::move(text));
    }
  }
  mistakes.sort(config.settings.files);
}

void prepare_here(config::AgentConfig& config, config::Mistakes& mistakes) {
  check_handlers(config, mistakes);
  take_rpc(config, mistakes);
  take_metrics(config, mistakes);
  mistakes.add_from(check_snapshot(config));
  mistakes.add_from(take_tags(config));
  mistakes.add_from(take_interface(config, mistakes));
  mistakes.add_from(check_mdns_interface(config));
  mistakes.sort(config.settings.files);
}

void prepare(config::AgentConfig& config, NameServer name_server, config::Mistakes& mistakes) {
  prepare_here(config, mistakes);
  look_up_names(config, name_server, mistakes);
}

}  // namespace gossip::agent
