// C++ values as C sees them. A view borrows: it is valid as long as the value and itself.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "gossip/bytes.h"
#include "gossip/gossip.h"
#include "gossip/member.h"

namespace gossip::capi {

[[nodiscard]] inline gossip_bytes view(std::string_view text) {
  return {text.data(), text.size()};
}
[[nodiscard]] inline gossip_bytes view(const Bytes& bytes) {
  return {bytes.data(), bytes.size()};
}

[[nodiscard]] inline ByteView bytes_of(gossip_bytes bytes) {
  return {static_cast<const std::uint8_t*>(bytes.data), bytes.length};
}
[[nodiscard]] inline std::string text_of(gossip_bytes bytes) {
  return std::string(as_text(bytes_of(bytes)));
}

// The last value of a key counts.
[[nodiscard]] inline Tags tags_of(const gossip_tag* tags, std::size_t count) {
  Tags all;
  std::for_each_n(tags, count, [&all](const gossip_tag& tag) {
    all.insert_or_assign(text_of(tag.key), text_of(tag.value));
  });
  return all;
}

[[nodiscard]] inline std::vector<std::string> texts_of(const gossip_bytes* texts,
                                                       std::size_t count) {
  std::vector<std::string> all(count);
  std::transform(texts, texts + count, all.begin(), text_of);
  return all;
}

[[nodiscard]] std::vector<gossip_tag> views_of(const std::map<std::string, std::string>& map);
[[nodiscard]] std::vector<gossip_bytes> views_of(const std::vector<std::string>& texts);

class MemberView {
 public:
  explicit MemberView(const Member& member);
  MemberView(const MemberView&) = delete;
  MemberView& operator=(const MemberView&) = delete;
  ~MemberView() = default;
  [[nodiscard]] const gossip_member* get() const { return &view_; }

 private:
  std::string address_;
  std::vector<gossip_tag> tags_;
  gossip_member view_;
};

}  // namespace gossip::capi
