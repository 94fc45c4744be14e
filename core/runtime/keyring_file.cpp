#include "runtime/keyring_file.h"

#include <cstddef>

#include "base/keyring_text.h"
#include "runtime/files.h"

namespace gossip::runtime {
namespace {

constexpr std::size_t kMaxKeyringBytes = std::size_t{1024} * 1024;

}  // namespace

Expected<std::vector<Bytes>> read_keyring_file(const std::string& path) {
  const Expected<std::string> text = read_file(path, kMaxKeyringBytes);
  if (!text) return tl::unexpected<Error>(text.error());
  return base::parse_keyring(*text, path);
}

}  // namespace gossip::runtime
