#include "rpc/endpoint.h"

#include <algorithm>
#include <charconv>

#include "rpc/protocol.h"

namespace gossip::rpc {
namespace {

constexpr std::string_view kUnixScheme = "unix://";

Expected<Endpoint> unix_endpoint(std::string_view path) {
  if (path.empty() || path.front() != '/') {
    return fail(ErrorCode::kInvalidArgument,
                "the socket path \"" + std::string(path) + "\" is not absolute");
  }
  if (path.size() > kMaxSocketPathBytes) {
    return fail(ErrorCode::kTooLarge, "the socket path " + std::string(path) + " has " +
                                          std::to_string(path.size()) + " bytes, the limit is " +
                                          std::to_string(kMaxSocketPathBytes));
  }
  return UnixEndpoint{std::string(path)};
}

tl::unexpected<Error> bad_address(std::string_view text) {
  return fail(
      ErrorCode::kInvalidArgument,
      "\"" + std::string(text) + "\" is no RPC address: write unix:///path, /path or host:port");
}

}  // namespace

Expected<Endpoint> parse_endpoint(std::string_view text) {
  if (text.starts_with(kUnixScheme)) return unix_endpoint(text.substr(kUnixScheme.size()));
  if (text.starts_with('/')) return unix_endpoint(text);

  std::string_view host = text;
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return bad_address(text);
    host = text.substr(1, end - 1);
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && !rest.starts_with(':')) return bad_address(text);
    port = rest.empty() ? rest : rest.substr(1);
    if (!rest.empty() && port.empty()) return bad_address(text);
  } else if (std::count(text.begin(), text.end(), ':') == 1) {
    const std::size_t colon = text.find(':');
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    if (port.empty()) return bad_address(text);
  }
  if (host.empty() || host.find('/') != std::string_view::npos) return bad_address(text);

  std::uint16_t number = kDefaultPort;
  if (!port.empty()) {
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (error != std::errc() || end != port.data() + port.size()) return bad_address(text);
  }
  return TcpEndpoint{std::string(host), number};
}

std::string to_string(const Endpoint& endpoint) {
  if (const auto* local = std::get_if<UnixEndpoint>(&endpoint)) {
    return std::string(kUnixScheme) + local->path;
  }
  const auto& tcp = std::get<TcpEndpoint>(endpoint);
  const bool v6 = tcp.host.find(':') != std::string::npos;
  return (v6 ? "[" + tcp.host + "]" : tcp.host) + ":" + std::to_string(tcp.port);
}

std::vector<std::string> default_socket_paths(std::uint64_t uid, std::string_view runtime_dir) {
  std::vector<std::string> paths{"/run/gossipd/gossipd.sock"};
  if (!runtime_dir.empty()) paths.push_back(std::string(runtime_dir) + "/gossipd.sock");
  paths.push_back("/tmp/gossipd-" + std::to_string(uid) + "/gossipd.sock");
  return paths;
}

}  // namespace gossip::rpc
