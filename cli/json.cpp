#include "cli/json.h"

#include <utility>

#include "base/ascii.h"
#include "cli/utf8.h"

namespace gossip::cli {
namespace {

// Go 1.19, encoding/json encode.go: what its encodeState.string escapes, and how.
void append_code_point(char32_t c, std::string_view bytes, std::string& out) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    case 0x2028: out += "\\u2028"; return;
    case 0x2029: out += "\\u2029"; return;
    default: break;
  }
  // DEL and what follows it, which some terminals obey, stand as they are in Go's: to a reader of JSON it is the same.
  const bool is_control = c < 0x20 || (c >= 0x7f && c < 0xa0);
  if (is_control || c == '<' || c == '>' || c == '&') {
    out += "\\u00";
    base::append_hex(static_cast<std::uint8_t>(c), out);
    return;
  }
  out += bytes;
}

}  // namespace

void JsonWriter::key(std::string_view name) {
  begin_value();
  append_text(name);
  out_ += layout_ == JsonLayout::Indented ? ": " : ":";
  after_key_ = true;
}

void JsonWriter::text(std::string_view value) {
  begin_value();
  append_text(value);
}

void JsonWriter::texts(const std::vector<std::string>& values) {
  begin_array();
  for (const std::string& value : values) {
    text(value);
  }
  end_array();
}

void JsonWriter::number(std::uint64_t value) {
  begin_value();
  out_ += std::to_string(value);
}

void JsonWriter::number_as(std::string_view digits) {
  begin_value();
  out_ += digits;
}

void JsonWriter::null() {
  begin_value();
  out_ += "null";
}

void JsonWriter::truth(bool value) {
  begin_value();
  out_ += value ? "true" : "false";
}

std::string JsonWriter::take() {
  out_ += '\n';
  first_ = true;
  return std::exchange(out_, {});
}

void JsonWriter::begin(char bracket) {
  begin_value();
  out_ += bracket;
  ++depth_;
  first_ = true;
}

void JsonWriter::end(char bracket) {
  --depth_;
  if (!first_) {
    break_line();
  }
  out_ += bracket;
  first_ = false;
}

void JsonWriter::begin_value() {
  if (std::exchange(after_key_, false) || depth_ == 0) {
    first_ = false;
    return;
  }
  if (!std::exchange(first_, false)) {
    out_ += ',';
  }
  break_line();
}

void JsonWriter::break_line() {
  if (layout_ == JsonLayout::Indented) {
    out_ += '\n';
    out_.append(std::size_t{2} * depth_, ' ');
  }
}

void JsonWriter::append_text(std::string_view value) {
  out_ += '"';
  while (!value.empty()) {
    const CodePoint point = decode_utf8(value);
    if (point.value) {
      append_code_point(*point.value, value.substr(0, point.byte_count), out_);
    } else {
      out_ += "\\ufffd";
    }
    value.remove_prefix(point.byte_count);
  }
  out_ += '"';
}

}  // namespace gossip::cli
