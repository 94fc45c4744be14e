#include "cli/agent_address.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <fstream>
#include <system_error>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace gossip::cli {
namespace {

constexpr std::size_t kMaxTokenBytes = 4096;

std::optional<std::string> environment(const char* name) {
  const char* const value =
      std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody changes them
  if (value == nullptr || *value == '\0') {
    return std::nullopt;
  }
  return value;
}

std::vector<std::string> environment_of(std::initializer_list<const char*> names) {
  std::vector<std::string> values;
  for (const char* name : names) {
    if (std::optional<std::string> value = environment(name)) {
      values.push_back(std::move(*value));
    }
  }
  return values;
}

// Also true when the folder may not be looked into: connecting then says why.
bool may_exist(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? S_ISSOCK(status.st_mode) : errno == EACCES;
}

// Anybody may make a folder in /tmp and wait there for our token: ours is our own, and closed to others.
bool is_trusted(const std::string& path) {
  if (!path.starts_with("/tmp/")) {
    return true;
  }
  struct stat folder {};
  return lstat(path.substr(0, path.rfind('/')).c_str(), &folder) == 0 && S_ISDIR(folder.st_mode) &&
         folder.st_uid == geteuid() && (folder.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

// A socket called like a host is meant only if nobody else can have put it there, nor a link to it: it would be given our
// token.
bool is_own_socket(const std::string& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode) &&
         (status.st_uid == geteuid() || status.st_uid == 0);
}

Expected<rpc::Endpoint> read_endpoint(const std::string& text, const std::string& folder) {
  const bool is_name =
      !folder.empty() && !text.empty() && text.find_first_of(":/") == std::string::npos;
  if (is_name && is_own_socket(folder + '/' + text))
    return rpc::parse_endpoint(folder + '/' + text);
  return rpc::parse_endpoint_in(folder, text);
}

std::string current_folder() {
  std::array<char, PATH_MAX> path{};
  return getcwd(path.data(), path.size()) != nullptr ? path.data() : "";
}

std::string list_sockets(const std::vector<std::string>& paths) {
  std::string text;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (i > 0) {
      text += i + 1 == paths.size() ? " or " : ", ";
    }
    text += rpc::to_string(rpc::UnixEndpoint{paths[i]});
  }
  return text;
}

Expected<std::string> read_token(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string token;
  if (!file || (!std::getline(file, token) && !file.eof())) {
    return fail(ErrorCode::System, "cannot read the token from " + path + ": " +
                                       std::generic_category().message(errno));
  }
  token.erase(token.find_last_not_of(" \t\r") + 1);
  if (token.empty() || token.size() > kMaxTokenBytes) {
    return fail(ErrorCode::System, "the first line of " + path + " is no token: it has " +
                                       std::to_string(token.size()) + " bytes, a token has 1 to " +
                                       std::to_string(kMaxTokenBytes));
  }
  return token;
}

}  // namespace

Surroundings read_surroundings() {
  return {.rpc_addr = environment_of({"GOSSIP_RPC_ADDR", "SERF_RPC_ADDR"}),
          .rpc_auth = environment_of({"GOSSIP_RPC_AUTH", "SERF_RPC_AUTH"}),
          .default_sockets =
              rpc::default_socket_paths(geteuid(), environment("XDG_RUNTIME_DIR").value_or("")),
          .folder = current_folder()};
}

Expected<rpc::Endpoint> choose_endpoint(const AgentOptions& options, const Surroundings& around) {
  if (options.rpc_addr) {
    return read_endpoint(*options.rpc_addr, around.folder);
  }
  if (!around.rpc_addr.empty()) {
    return read_endpoint(around.rpc_addr.front(), around.folder);
  }
  const auto found =
      std::find_if(around.default_sockets.begin(), around.default_sockets.end(),
                   [](const std::string& path) { return may_exist(path) && is_trusted(path); });
  if (found == around.default_sockets.end()) {
    return tl::unexpected(no_agent_at(list_sockets(around.default_sockets), ""));
  }
  return rpc::parse_endpoint(*found);
}

Expected<std::optional<std::string>> choose_token(const AgentOptions& options,
                                                  const Surroundings& around) {
  if (options.rpc_auth) {
    return options.rpc_auth->empty() ? std::nullopt : options.rpc_auth;
  }
  if (options.rpc_auth_file) {
    return read_token(*options.rpc_auth_file).map([](std::string token) {
      return std::optional(std::move(token));
    });
  }
  return around.rpc_auth.empty() ? std::nullopt : std::optional(around.rpc_auth.front());
}

Error no_agent_at(std::string_view where, std::string_view reason) {
  std::string message = "no agent answers at " + std::string(where);
  if (!reason.empty()) {
    message += " (" + std::string(reason) + ")";
  }
  return {ErrorCode::Unreachable,
          message + ": start one with 'gossipd', or name another with --rpc-addr"};
}

}  // namespace gossip::cli
