#include "config/secrets.h"

#include <charconv>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/keyring_text.h"
#include "config/files.h"
#include "config/origins.h"

namespace gossip::config {
namespace {

// A path alone does not say which of the settings names it.
Error named(std::string_view where, Error error) {
  error.message.insert(0, std::string(where) + ": ");
  return error;
}

Expected<FoundKeys> one_key(const std::string& text, const std::string& where) {
  Expected<Bytes> key = base::parse_key(text);
  if (!key) return tl::unexpected(named(where, std::move(key.error())));
  return FoundKeys{{std::move(*key)}, where};
}

Expected<FoundKeys> keyring(const Settings& settings) {
  const std::string& path = settings.keyring_file;
  const Expected<std::string> text = read_file(path);
  if (!text) return tl::unexpected(named(origin_of(settings, "keyring_file"), text.error()));
  Expected<std::vector<Bytes>> keys = base::parse_keyring(*text, path);
  if (!keys) return tl::unexpected<Error>(std::move(keys.error()));
  return FoundKeys{std::move(*keys), path};
}

// None is no error: a unit can name the credential for all hosts, and only some have one.
Expected<FoundKeys> key_in_credential(const std::string& folder) {
  if (folder.empty()) return FoundKeys{};
  const std::string path = folder + "/" + kEncryptKeyCredential;
  const Expected<std::string> line = read_first_line(path);
  if (line) return one_key(*line, path);
  if (line.error().code == ErrorCode::NotFound) return FoundKeys{};
  return tl::unexpected<Error>(line.error());
}

constexpr std::string_view kDescriptor = "fd:";

std::optional<int> descriptor_in(std::string_view path) {
  if (path.substr(0, kDescriptor.size()) != kDescriptor) return std::nullopt;
  path.remove_prefix(kDescriptor.size());
  int number = -1;
  const auto [end, failed] = std::from_chars(path.data(), path.data() + path.size(), number);
  if (failed != std::errc{} || end != path.data() + path.size()) return -1;
  return number;
}

// The standard streams stay taken, or the next file that is opened becomes one of them.
void close_descriptor(int number) {
  if (number > STDERR_FILENO) {
    ::close(number);
    return;
  }
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing < 0) return;
  ::dup2(nothing, number);
  ::close(nothing);
}

}  // namespace

Expected<std::string> read_secret(const std::string& path, Environment& environment) {
  const std::optional<int> descriptor = descriptor_in(path);
  if (!descriptor) return read_first_line(path);
  if (*descriptor < 0) {
    return fail(ErrorCode::InvalidArgument, path + ": a descriptor is written fd:3");
  }
  const auto known = environment.descriptor_lines.find(path);
  if (known != environment.descriptor_lines.end()) return known->second;
  if (!environment.may_read_descriptors) {
    return fail(ErrorCode::InvalidArgument, path + ": descriptors are read at the start alone");
  }
  Expected<std::string> text = read_descriptor(*descriptor, path);
  if (!text) return text;
  close_descriptor(*descriptor);
  Expected<std::string> line = first_line(std::move(*text), path);
  if (line) environment.descriptor_lines.emplace(path, *line);
  return line;
}

Expected<FoundKeys> encryption_keys(const Settings& settings, Environment& environment) {
  const std::string environment_key = environment.variable(kEncryptKeyVariable);
  const bool from_file = !settings.encrypt_key_file.empty();
  const bool from_setting = !settings.encrypt_key.empty();
  const bool from_environment = !from_file && !from_setting && !environment_key.empty();
  const std::string where = from_environment ? std::string(kEncryptKeyVariable)
                            : from_file      ? origin_of(settings, "encrypt_key_file")
                                             : origin_of(settings, "encrypt_key");
  if (from_file && from_setting) {
    return fail(ErrorCode::InvalidArgument,
                where + ": encrypt_key and encrypt_key_file are both set, choose one");
  }
  const bool any_key = from_file || from_setting || from_environment;
  if (!settings.keyring_file.empty()) {
    if (any_key) {
      return fail(ErrorCode::InvalidArgument,
                  where + ": an encryption key is not allowed beside a keyring file");
    }
    return keyring(settings);
  }
  if (!any_key) return key_in_credential(environment.credentials_directory);
  if (from_setting) return one_key(settings.encrypt_key, where);
  if (from_environment) return one_key(environment_key, where);
  const Expected<std::string> line = read_secret(settings.encrypt_key_file, environment);
  if (!line) return tl::unexpected(named(where, line.error()));
  return one_key(*line, settings.encrypt_key_file);
}

Expected<std::string> rpc_auth_key(const Settings& settings, Environment& environment) {
  if (settings.rpc_auth_file.empty()) return settings.rpc_auth;
  if (!settings.rpc_auth.empty()) {
    return refuse(settings, "rpc_auth_file", "rpc_auth and rpc_auth_file are both set, choose one");
  }
  return read_secret(settings.rpc_auth_file, environment).map_error([&](Error error) {
    return named(origin_of(settings, "rpc_auth_file"), std::move(error));
  });
}

}  // namespace gossip::config
