#include "config/seeds.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "config/seed_spec.h"

namespace gossip::config {
namespace {

// "_serf_NAME._tcp.local." must be a DNS name; dots in NAME divide it, as they do in Serf.
Expected<void> check_discovery_name(std::string_view name) {
  constexpr std::size_t kMaxLabel = 63;
  constexpr std::size_t kMaxName = 180;  // leaves room for a member's name in front
  std::size_t label = std::string_view("_serf_").size();
  std::size_t longest = label;
  for (const char c : name) {
    label = c == '.' ? 0 : label + 1;
    longest = std::max(longest, label);
  }
  // ".x" would leave "_serf_" alone, which is a label, but nobody means it.
  const bool empty_label =
      name.front() == '.' || name.back() == '.' || name.find("..") != std::string_view::npos;
  if (longest <= kMaxLabel && name.size() <= kMaxName && !empty_label) return {};
  return fail(ErrorCode::InvalidArgument,
              "\"" + std::string(name) +
                  "\" makes no DNS name: at most 57 bytes up to the first dot, 63 between dots");
}

// Seeds of mDNS name the cluster that `discover` may name, too.
Expected<void> take_mdns_seed(const Settings& settings, const SeedSpec& seed,
                              DiscoveryConfig& discovery) {
  if (!discovery.cluster.empty() && discovery.cluster != seed.target) {
    return refuse(settings, "retry_join",
                  "seed \"" + seed.text + "\": there is one mDNS cluster, and \"" +
                      discovery.cluster + "\" is named already");
  }
  discovery.cluster = seed.target;
  return {};
}

Expected<void> take_retry_join(const Settings& settings, AgentConfig& config) {
  for (const std::string& text : settings.retry_join) {
    Expected<SeedSpec> seed = parse_seed(text);
    if (!seed) return refuse(settings, "retry_join", seed.error().message);
    if (seed->kind != SeedSpec::Kind::Mdns) {
      config.seeds.push_back(std::move(*seed));
      continue;
    }
    Expected<void> taken = take_mdns_seed(settings, *seed, config.discovery);
    if (!taken) return taken;
  }
  return {};
}

Expected<void> check_start_join(const Settings& settings) {
  for (const std::string& text : settings.start_join) {
    const Expected<SeedSpec> seed = parse_seed(text);
    if (!seed) return refuse(settings, "start_join", seed.error().message);
    if (seed->target == seed->text) continue;
    return refuse(settings, "start_join",
                  "\"" + text + "\" is no address; seeds of this kind stand in retry_join");
  }
  return {};
}

}  // namespace

Expected<void> take_seeds(const Settings& settings, AgentConfig& config) {
  config.discovery = {
      settings.discover,
      settings.mdns_interface.empty() ? settings.interface : settings.mdns_interface,
      !settings.mdns_disable_ipv4, !settings.mdns_disable_ipv6};
  Expected<void> taken = take_retry_join(settings, config);
  if (taken) taken = check_start_join(settings);
  if (!taken) return taken;
  if (config.discovery.cluster.empty()) return {};
  if (!config.discovery.ipv4 && !config.discovery.ipv6) {
    return refuse(settings, "discover", "with IPv4 and IPv6 disabled mDNS finds nobody");
  }
  const Expected<void> checked = check_discovery_name(config.discovery.cluster);
  if (checked) return {};
  return refuse(settings, settings.discover.empty() ? "retry_join" : "discover",
                checked.error().message);
}

}  // namespace gossip::config
