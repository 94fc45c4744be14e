#include "cluster/key_answer.h"

#include <algorithm>

#include "wire/cluster_codec.h"

namespace gossip::cluster {
namespace {

// No encoded key takes less, so more of them cannot fit.
constexpr std::size_t kLeastKeyBytes = 25;

bool fits(ByteView payload, const ResponseFrame& frame) {
  const wire::QueryResponse response{
      .time = frame.time, .id = frame.id, .from = frame.from, .flags = 0, .payload = payload};
  return wire::encode(response).size() <= frame.limit_bytes;
}

}  // namespace

Bytes encode_key_answer(const KeyAnswer& answer, const ResponseFrame& frame) {
  wire::KeyResponse response{.result = answer.done,
                             .message = answer.message,
                             .keys = {answer.keys.begin(), answer.keys.end()},
                             .primary_key = {}};
  if (!answer.keys.empty()) response.primary_key = answer.keys.front();
  Bytes payload = wire::encode(response);
  std::string message;
  const std::size_t whole = response.keys.size();
  std::size_t shown = std::min(whole, frame.limit_bytes / kLeastKeyBytes);
  while (!fits(payload, frame) && shown > 0) {
    response.keys.resize(shown);
    message = "truncated key list response, showing first " + std::to_string(shown) + " of " +
              std::to_string(whole) + " keys";
    response.message = message;
    payload = wire::encode(response);
    --shown;
  }
  return payload;
}

}  // namespace gossip::cluster
