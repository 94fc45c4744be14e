#include "config/secrets.h"

#include "base/keyring_text.h"
#include "config/files.h"

namespace gossip::config {
namespace {

tl::unexpected<Error> refuse(const std::string& where, const std::string& what) {
  return fail(ErrorCode::InvalidArgument, where + ": " + what);
}

Expected<std::vector<Bytes>> one_key(const std::string& text, const std::string& where) {
  Expected<Bytes> key = base::parse_key(text);
  if (!key) return refuse(where, key.error().message);
  return std::vector<Bytes>{std::move(*key)};
}

Expected<std::vector<Bytes>> keyring(const std::string& path) {
  const Expected<std::string> text = read_file(path);
  if (!text) return tl::unexpected<Error>(text.error());
  return base::parse_keyring(*text, path);
}

// None is no error: a unit can name the credential for all hosts, and only some have one.
Expected<std::vector<Bytes>> key_in_credential(const std::string& folder) {
  if (folder.empty()) return std::vector<Bytes>{};
  const std::string path = folder + "/" + kEncryptKeyCredential;
  const Expected<std::string> line = read_first_line(path);
  if (line) return one_key(*line, path);
  if (line.error().code == ErrorCode::NotFound) return std::vector<Bytes>{};
  return tl::unexpected<Error>(line.error());
}

}  // namespace

Expected<std::vector<Bytes>> encryption_keys(const Settings& settings,
                                             const Environment& environment) {
  const std::string environment_key = environment.variable(kEncryptKeyVariable);
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
  if (!any_key) return key_in_credential(environment.credentials_directory);
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
