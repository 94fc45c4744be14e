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
                                const config::AgentConfig& config, config::Habits habits) {
  const Address& advertised = address.local.advertised;
  std::string advertise = quoted(Address{advertised.ip.shortest(), advertised.port}.to_string());
  if (!address.note.empty()) advertise += " (" + address.note + ")";
  const bool as_serf = habits == config::Habits::Serf;
  std::vector<std::string> lines;
  if (as_serf) lines = {"==> Starting Serf agent...", "==> Starting Serf agent RPC..."};
  lines.emplace_back(as_serf ? "==> Serf agent running!" : "==> gossipd running!");
  lines.push_back(row("Node name", quoted(without_control_characters(name))));
  lines.push_back(row("Bind addr", quoted(address.bound.to_string())));
  lines.push_back(row("Advertise addr", advertise));
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
  if (as_serf) {
    lines.emplace_back("==> Log data will now stream in as it occurs:");
    lines.emplace_back();
  }
  return lines;
}

}  // namespace gossip::agent
