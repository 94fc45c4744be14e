// Writes JSON as Go's encoding/json does, so that what was made for Serf's output reads ours: two spaces of
// indent, <, > and & escaped, bytes that are no UTF-8 replaced by U+FFFD; only that no control character stands as it
// is. The caller gives the order of keys.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gossip::cli {

enum class JsonLayout : std::uint8_t { Indented, OneLine };

class JsonWriter {
 public:
  explicit JsonWriter(JsonLayout layout) : layout_(layout) {}

  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }
  // Inside an object, before each value.
  void key(std::string_view name);
  void text(std::string_view value);
  void texts(const std::vector<std::string>& values);  // an array
  void number(std::uint64_t value);
  void number_as(std::string_view digits);  // a number that is text already: 0.619
  void null();
  void truth(bool value);  // "true" or "false"

  // The whole value and a newline. The writer is empty afterwards.
  [[nodiscard]] std::string take();

 private:
  void begin(char bracket);
  void end(char bracket);
  void begin_value();
  void break_line();
  void append_text(std::string_view value);

  JsonLayout layout_;
  std::string out_;
  unsigned depth_ = 0;
  bool first_ = true;       // nothing stands yet in the innermost object or array
  bool after_key_ = false;  // the next value belongs to the key just written
};

}  // namespace gossip::cli
