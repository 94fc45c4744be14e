#include "agent/banner.h"

#include "agent/system/logging.h"

namespace gossip::agent {
namespace {

// Labels end in one column, as wide as the longest.
std::string row(std::string_view label, const std::string& value) {
  constexpr std::size_t kWidth = 24;
  std::string line(kWidth > label.size() ? kWidth - label.size() : 0, ' ');
  line += label;
  line += ": ";
  return line + value;
}

std::string quoted(const std::string& text) {
  return "'" + text + "'";
}

}  // namespace

std::vector<std::string> banner(std::string_view name, const runtime::BoundAddress& address,
                                const std::vector<std::string>& rpc_addresses,
                                const config::AgentConfig& config) {
  const Address& advertised = address.local.advertised;
  std::string advertise = quoted(Address{advertised.ip.shortest(), advertised.port}.to_string());
  if (!address.note.empty()) advertise += " (" + address.note + ")";
  std::vector<std::string> lines{
      "==> gossipd running!",
      row("Node name", quoted(without_control_characters(name))),
      row("Bind addr", quoted(address.bound.to_string())),
      row("Advertise addr", advertise),
  };
  for (const std::string& rpc : rpc_addresses)
    lines.push_back(row("RPC addr", quoted(rpc)));
  lines.push_back(row("Encrypted", config.node.encryption_keys.empty() ? "false" : "true"));
  lines.push_back(row("Snapshot", config.node.snapshot_path.empty() ? "false" : "true"));
  lines.push_back(row("Profile", config.profile));
  lines.push_back(
      row("Message Compression", config.node.compression == Compression::On ? "true" : "false"));
  if (!config.discovery.cluster.empty()) {
    lines.push_back(row("mDNS cluster", config.discovery.cluster));
  }
  lines.emplace_back();
  return lines;
}

}  // namespace gossip::agent
