#include "base/keyring_text.h"

#include <algorithm>
#include <optional>

#include "gossip/keys.h"

#include "base/base64.h"

namespace gossip::base {
namespace {

// Base64 needs no escape but "\/", which some writers use; other escapes make texts that are no keys.
class ListReader {
 public:
  explicit ListReader(std::string_view text) : text_(text) {}

  // Nothing if this is no JSON list of texts; line() tells where.
  std::optional<std::vector<std::string>> read() {
    std::vector<std::string> items;
    if (!take('[')) return std::nullopt;
    if (!take(']')) {
      do {
        std::optional<std::string> item = read_text();
        if (!item) return std::nullopt;
        items.push_back(*std::move(item));
      } while (take(','));
      if (!take(']')) return std::nullopt;
    }
    skip_space();
    if (at_ != text_.size()) return std::nullopt;
    return items;
  }

  [[nodiscard]] std::size_t line() const {
    const auto before = text_.substr(0, at_);
    return 1 + static_cast<std::size_t>(std::ranges::count(before, '\n'));
  }

 private:
  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  bool take(char wanted) {
    skip_space();
    if (at_ == text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  std::optional<std::string> read_text() {
    if (!take('"')) return std::nullopt;
    std::string item;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        return item;
      }
      if (static_cast<unsigned char>(text_[at_]) < 0x20) return std::nullopt;
      if (text_[at_] == '\\' && text_.substr(at_).starts_with("\\/")) ++at_;
      item += text_[at_];
    }
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Expected<Bytes> parse_key(std::string_view text) {
  std::optional<Bytes> key = decode_base64(text);
  if (!key) {
    return fail(ErrorCode::InvalidArgument,
                "the encryption key is not base64 (gossipctl keygen makes one)");
  }
  const std::size_t bytes = key->size();
  if (!is_key_size(bytes)) {
    return fail(ErrorCode::InvalidArgument, "the encryption key is " + std::to_string(bytes) +
                                                " bytes long, it must be 16, 24 or 32");
  }
  return std::move(*key);
}

Expected<std::vector<Bytes>> parse_keyring(std::string_view text, std::string_view path) {
  ListReader reader(text);
  const std::optional<std::vector<std::string>> items = reader.read();
  std::string where(path);
  if (!items) {
    where += ":" + std::to_string(reader.line());
    return fail(ErrorCode::InvalidArgument, where + ": expected a list of texts");
  }
  if (items->empty()) {
    return fail(ErrorCode::InvalidArgument, where + ": the keyring file contains no keys");
  }
  std::vector<Bytes> keys;
  for (const std::string& item : *items) {
    Expected<Bytes> key = parse_key(item);
    if (!key) {
      where += ": key " + std::to_string(keys.size() + 1);
      return fail(ErrorCode::InvalidArgument, where + ": " + key.error().message);
    }
    keys.push_back(std::move(*key));
  }
  return keys;
}

std::string format_keyring(const std::vector<Bytes>& keys) {
  std::string text = "[";
  for (const Bytes& key : keys) {
    text += text.size() > 1 ? ",\n  \"" : "\n  \"";
    text += encode_base64(key) + "\"";
  }
  return text + (keys.empty() ? "]" : "\n]");
}

}  // namespace gossip::base
