#include "config/secrets.h"

#include <optional>

#include "base/base64.h"
#include "config/files.h"
#include "config/serf_json.h"

namespace gossip::config {
namespace {

tl::unexpected<Error> refuse(const std::string& where, const std::string& what) {
  return fail(ErrorCode::InvalidArgument, where + ": " + what);
}

// The text itself is never shown.
Expected<Bytes> decode_key(const std::string& text, const std::string& where) {
  std::optional<Bytes> key = base::decode_base64(text);
  if (!key) return refuse(where, "the encryption key is not base64 (gossipctl keygen makes one)");
  const std::size_t bytes = key->size();
  if (bytes != 16 && bytes != 24 && bytes != 32) {
    return refuse(where, "the encryption key is " + std::to_string(bytes) +
                             " bytes long, it must be 16, 24 or 32");
  }
  return std::move(*key);
}

Expected<std::vector<Bytes>> one_key(const std::string& text, const std::string& where) {
  Expected<Bytes> key = decode_key(text, where);
  if (!key) return tl::unexpected<Error>(std::move(key.error()));
  return std::vector<Bytes>{std::move(*key)};
}

Expected<std::vector<Bytes>> keyring(const std::string& path) {
  const Expected<std::string> text = read_file(path);
  if (!text) return tl::unexpected<Error>(text.error());
  const Expected<std::vector<std::string>> items = parse_json_list(*text, path);
  if (!items) return tl::unexpected<Error>(items.error());
  if (items->empty()) return refuse(path, "the keyring file contains no keys");
  std::vector<Bytes> keys;
  for (const std::string& item : *items) {
    Expected<Bytes> key = decode_key(item, path + ": key " + std::to_string(keys.size() + 1));
    if (!key) return tl::unexpected<Error>(std::move(key.error()));
    keys.push_back(std::move(*key));
  }
  return keys;
}

}  // namespace

Expected<std::vector<Bytes>> encryption_keys(const Settings& settings,
                                             const std::string& environment_key) {
  const bool from_file = !settings.encrypt_key_file.empty();
  const bool from_setting = !settings.encrypt_key.empty();
  const bool from_environment = !from_file && !from_setting && !environment_key.empty();
  const std::string where = from_environment ? std::string(kEncryptKeyVariable)
                            : from_file      ? origin_of(settings, "encrypt_key_file")
                                             : origin_of(settings, "encrypt_key");
  if (from_file && from_setting) {
    return refuse(where, "encrypt_key and encrypt_key_file are both set, choose one");
  }
  const bool any_key = from_file || from_setting || from_environment;
  if (!settings.keyring_file.empty()) {
    if (any_key) return refuse(where, "an encryption key is not allowed beside a keyring file");
    return keyring(settings.keyring_file);
  }
  if (!any_key) return std::vector<Bytes>{};
  if (from_setting) return one_key(settings.encrypt_key, where);
  if (from_environment) return one_key(environment_key, where);
  const Expected<std::string> line = read_first_line(settings.encrypt_key_file);
  if (!line) return tl::unexpected<Error>(line.error());
  return one_key(*line, settings.encrypt_key_file);
}

Expected<std::string> rpc_auth_key(const Settings& settings) {
  if (settings.rpc_auth_file.empty()) return settings.rpc_auth;
  if (!settings.rpc_auth.empty()) {
    return refuse(origin_of(settings, "rpc_auth_file"),
                  "rpc_auth and rpc_auth_file are both set, choose one");
  }
  return read_first_line(settings.rpc_auth_file);
}

}  // namespace gossip::config
