#include "wire/keyring.h"

#include <algorithm>

#include "gossip/keys.h"

namespace gossip::wire {

namespace {

auto find(std::vector<Bytes>& keys, ByteView key) {
  return std::find_if(keys.begin(), keys.end(),
                      [&](const Bytes& known) { return std::ranges::equal(known, key); });
}

}  // namespace

Expected<void> Keyring::add(ByteView key) {
  if (!is_key_size(key.size())) {
    return fail(ErrorCode::InvalidArgument, "key size must be 16, 24 or 32 bytes");
  }
  if (find(keys_, key) == keys_.end()) keys_.emplace_back(key.begin(), key.end());
  return {};
}

Expected<void> Keyring::use(ByteView key) {
  const auto place = find(keys_, key);
  if (place == keys_.end()) {
    return fail(ErrorCode::NotFound, "Requested key is not in the keyring");
  }
  std::rotate(keys_.begin(), place, place + 1);
  return {};
}

Expected<void> Keyring::remove(ByteView key) {
  const auto place = find(keys_, key);
  if (place == keys_.end()) return {};
  if (place == keys_.begin()) {
    return fail(ErrorCode::InvalidArgument, "Removing the primary key is not allowed");
  }
  keys_.erase(place);
  return {};
}

}  // namespace gossip::wire
