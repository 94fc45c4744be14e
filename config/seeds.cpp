#include "config/seeds.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/origins.h"
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
Expected<void> take_mdns_seed(const SeedSpec& seed, DiscoveryConfig& discovery) {
  if (!discovery.cluster.empty() && discovery.cluster != seed.target) {
    return fail(ErrorCode::InvalidArgument, "seed \"" + seed.text +
                                                "\": there is one mDNS cluster, and \"" +
                                                discovery.cluster + "\" is named already");
  }
  discovery.cluster = seed.target;
  discovery.seed = seed.text;
  return check_discovery_name(seed.target);
}

void warn_of(const SeedSpec& seed, std::vector<std::string>& warnings) {
  std::string doubt = doubt_about(seed);
  if (!doubt.empty()) warnings.push_back(std::move(doubt));
}

Expected<void> take_seed(const std::string& text, AgentConfig& config) {
  Expected<SeedSpec> seed = parse_seed(text);
  if (!seed) return tl::unexpected<Error>(std::move(seed.error()));
  warn_of(*seed, config.warnings);
  if (seed->kind == SeedSpec::Kind::Mdns) return take_mdns_seed(*seed, config.discovery);
  config.seeds.push_back(std::move(*seed));
  return {};
}

Expected<void> check_start_join(const std::string& text, std::vector<std::string>& warnings) {
  const Expected<SeedSpec> seed = parse_seed(text);
  if (!seed) return tl::unexpected<Error>(seed.error());
  warn_of(*seed, warnings);
  if (seed->target == seed->text) return {};
  return fail(ErrorCode::InvalidArgument,
              "\"" + text + "\" is no address; seeds of this kind stand in retry_join");
}

// What `take` finds wrong with the elements of a list; empty ones are told already (validate).
template <typename Take>
void take_each(const Settings& settings, std::string_view key, const std::vector<std::string>& list,
               Take take, Mistakes& mistakes) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].empty()) continue;
    const Expected<void> taken = take(list[i]);
    if (!taken) mistakes.add_from(refuse_element(settings, key, i, taken.error().message));
  }
}

}  // namespace

void take_seeds(const Settings& settings, AgentConfig& config, Mistakes& mistakes) {
  config.discovery = {
      settings.discover,
      settings.mdns_interface.empty() ? settings.interface : settings.mdns_interface,
      !settings.mdns_disable_ipv4, !settings.mdns_disable_ipv6, ""};
  if (!settings.discover.empty()) {
    const Expected<void> checked = check_discovery_name(settings.discover);
    if (!checked) mistakes.add_from(refuse(settings, "discover", checked.error().message));
  }
  take_each(
      settings, "retry_join", settings.retry_join,
      [&](const std::string& text) { return take_seed(text, config); }, mistakes);
  take_each(
      settings, "start_join", settings.start_join,
      [&](const std::string& text) { return check_start_join(text, config.warnings); }, mistakes);
  if (config.discovery.cluster.empty() || config.discovery.ipv4 || config.discovery.ipv6) return;
  mistakes.add_from(refuse(settings, "discover", "with IPv4 and IPv6 disabled mDNS finds nobody"));
}

}  // namespace gossip::config
