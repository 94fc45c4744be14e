#include "rpc/endpoint.h"

#include <algorithm>
#include <charconv>

namespace gossip::rpc {
namespace {

constexpr std::string_view kUnixScheme = "unix://";

Expected<Endpoint> unix_endpoint(std::string_view path) {
  if (path.empty() || path.front() != '/') {
    return fail(ErrorCode::InvalidArgument,
                "the socket path \"" + std::string(path) + "\" is not absolute");
  }
  if (path.size() > kMaxSocketPathBytes) {
    return fail(ErrorCode::TooLarge, "the socket path " + std::string(path) + " has " +
                                         std::to_string(path.size()) + " bytes, the limit is " +
                                         std::to_string(kMaxSocketPathBytes));
  }
  return UnixEndpoint{std::string(path)};
}

tl::unexpected<Error> bad_address(std::string_view text) {
  return fail(ErrorCode::InvalidArgument,
              "\"" + std::string(text) +
                  "\" is no address of a socket: write unix:///path, /path or host:port");
}

bool is_relative_path(std::string_view text) {
  if (text.starts_with("./") || text.starts_with("../")) return true;
  if (text.starts_with('/') || text.find(':') != std::string_view::npos) return false;
  return text.find('/') != std::string_view::npos || text.ends_with(".sock");
}

struct HostAndPort {
  std::string_view host;
  std::optional<std::string_view> port;
};

// "host", "host:port", "[v6]", "[v6]:port", or a bare IPv6 address, which has two colons at least.
std::optional<HostAndPort> split(std::string_view text) {
  HostAndPort parts{text, std::nullopt};
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    parts.host = text.substr(1, end - 1);
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') return std::nullopt;
    if (!rest.empty()) parts.port = rest.substr(1);
  } else if (std::count(text.begin(), text.end(), ':') == 1) {
    const std::size_t colon = text.find(':');
    parts = {text.substr(0, colon), text.substr(colon + 1)};
  }
  if (parts.host.empty() || parts.host.find('/') != std::string_view::npos) return std::nullopt;
  return parts;
}

}  // namespace

Expected<Endpoint> parse_endpoint(std::string_view text,
                                  std::optional<std::uint16_t> default_port) {
  if (text.starts_with(kUnixScheme)) return unix_endpoint(text.substr(kUnixScheme.size()));
  if (text.starts_with('/')) return unix_endpoint(text);

  const std::optional<HostAndPort> parts = split(text);
  if (!parts || (!parts->port && !default_port)) return bad_address(text);
  std::uint16_t number = default_port.value_or(0);
  if (parts->port) {
    const char* const last = parts->port->data() + parts->port->size();
    const auto [end, error] = std::from_chars(parts->port->data(), last, number);
    if (error != std::errc() || end != last) return bad_address(text);
  }
  return TcpEndpoint{std::string(parts->host), number};
}

Expected<Endpoint> parse_endpoint_in(std::string_view folder, std::string_view text,
                                     std::optional<std::uint16_t> default_port) {
  if (folder.empty() || !is_relative_path(text)) {
    return parse_endpoint(text, default_port).map_error([](Error error) {
      if (error.code == ErrorCode::InvalidArgument)
        error.message += "; a path in this folder is written ./path";
      return error;
    });
  }
  if (text.starts_with("./")) text.remove_prefix(2);
  return unix_endpoint(std::string(folder) + '/' + std::string(text));
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
