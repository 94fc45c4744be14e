#include "agent/prepare.h"

#include <utility>

#include "agent/handlers/spec.h"
#include "agent/system/interface.h"
#include "agent/system/tags_file.h"
#include "config/settings.h"
#include "rpc/endpoint.h"
#include "runtime/resolver.h"
#include "wire/tags_codec.h"

namespace gossip::agent {
namespace {

tl::unexpected<Error> blame(const std::string& where, const Error& error) {
  return fail(error.code, where + ": " + error.message);
}

Expected<void> check_sink(const config::AgentConfig& config, std::string_view key,
                          const std::string& address) {
  if (address.empty()) return {};
  const auto target = runtime::parse_target(address, 0);
  if (target && target->port != 0) return {};
  return fail(ErrorCode::InvalidArgument, config::origin_of(config.settings, key) + ": \"" +
                                              address + "\" is not of the form host:port");
}

Expected<void> check_metrics(const config::AgentConfig& config) {
  const config::MetricsConfig& metrics = config.metrics;
  if (!metrics.http_address.empty()) {
    const auto endpoint = gossip::rpc::parse_endpoint(metrics.http_address, std::nullopt);
    if (!endpoint) {
      return blame(config::origin_of(config.settings, "metrics_addr"), endpoint.error());
    }
  }
  Expected<void> checked = check_sink(config, "statsd_addr", metrics.statsd_address);
  return checked ? check_sink(config, "statsite_addr", metrics.statsite_address) : checked;
}

}  // namespace

Expected<void> prepare(config::AgentConfig& config) {
  const Expected<std::vector<HandlerSpec>> handlers = parse_handlers(config.events.handlers);
  if (!handlers) {
    return blame(config::origin_of(config.settings, "event_handlers"), handlers.error());
  }
  Expected<void> metrics = check_metrics(config);
  if (!metrics) return metrics;
  std::string tags_from = config::origin_of(config.settings, "tags");
  if (!config.tags_file.empty()) {
    tags_from = config.tags_file;
    Expected<Tags> tags = read_tags_file(config.tags_file);
    if (!tags) return tl::unexpected<Error>(std::move(tags.error()));
    config.node.tags = std::move(*tags);
  }
  const Expected<Bytes> encoded = wire::encode_tags(config.node.tags, config.node.protocol);
  if (!encoded) return blame(tags_from, encoded.error());
  if (config.interface.empty()) return {};
  Expected<std::string> bind = bind_on_interface(config.interface, config.node.bind_addr);
  if (!bind) return blame(config::origin_of(config.settings, "interface"), bind.error());
  config.node.bind_addr = std::move(*bind);
  return {};
}

}  // namespace gossip::agent
