#include "cli/text.h"

#include <algorithm>
#include <clocale>
#include <cstdint>
#include <cwchar>

#include "base/ascii.h"
#include "cli/utf8.h"

namespace gossip::cli {
namespace {

bool is_hidden(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) ||  // C0, DEL, C1
         (c >= 0x200b && c <= 0x200f) ||         // zero width, direction marks
         (c >= 0x2028 && c <= 0x202e) ||         // line ends, embeddings and overrides
         (c >= 0x2060 && c <= 0x2069) || c == 0xfeff;
}

bool is_space(char32_t c) {
  return c == ' ' || c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x3000;
}

void append_escaped(char32_t c, std::string& out) {
  switch (c) {
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  out += c < 0x80 ? "\\x" : "\\u";
  if (c >= 0x80) base::append_hex(static_cast<std::uint8_t>(c >> 8U), out);
  base::append_hex(static_cast<std::uint8_t>(c), out);
}

void append_bad_byte(char byte, std::string& out) {
  out += "\\x";
  base::append_hex(static_cast<std::uint8_t>(byte), out);
}

std::string grouped(std::size_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;)
    digits.insert(at -= 3, 1, ',');
  return digits;
}

// One also for what the locale does not know.
std::size_t columns_of(const CodePoint& point) {
  const int columns = point.value ? ::wcwidth(static_cast<wchar_t>(*point.value)) : 1;
  return columns < 0 ? 1 : static_cast<std::size_t>(columns);
}

}  // namespace

std::string escape_line(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = decode_utf8(text);
    if (!point.value) {
      append_bad_byte(text[0], out);
    } else if (is_hidden(*point.value) && *point.value != '\t') {
      append_escaped(*point.value, out);
    } else {
      out += text.substr(0, point.byte_count);
    }
    text.remove_prefix(point.byte_count);
  }
  return out;
}

std::string quote_word(std::string_view text, std::string_view separators) {
  bool odd = text.empty();
  std::string quoted = "\"";
  for (std::string_view rest = text; !rest.empty();) {
    const CodePoint point = decode_utf8(rest);
    if (!point.value) {
      odd = true;
      append_bad_byte(rest[0], quoted);
    } else if (is_hidden(*point.value)) {
      odd = true;
      append_escaped(*point.value, quoted);
    } else {
      odd = odd || *point.value == '"' || is_space(*point.value) ||
            (point.byte_count == 1 && separators.find(rest[0]) != std::string_view::npos);
      if (*point.value == '"' || *point.value == '\\') {
        quoted += '\\';
      }
      quoted += rest.substr(0, point.byte_count);
    }
    rest.remove_prefix(point.byte_count);
  }
  return odd ? quoted + '"' : std::string(text);
}

std::string list_some(std::span<const std::string> texts, std::size_t most,
                      std::string_view between) {
  std::string list;
  for (const std::string& text : texts.first(std::min(texts.size(), most))) {
    if (&text != texts.data()) list += between;
    list += text;
  }
  if (texts.size() > most) list += " … and " + grouped(texts.size() - most) + " more";
  return list;
}

// The C library tells only of characters that its locale has. Ours are UTF-8 whatever the user's locale is.
bool know_wide_characters() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): before there is a second thread
  return std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr;
}

std::size_t text_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const CodePoint point = decode_utf8(text);
    width += columns_of(point);
    text.remove_prefix(point.byte_count);
  }
  return width;
}

std::string_view cut_to_width(std::string_view text, std::size_t columns) {
  std::string_view rest = text;
  std::size_t width = 0;
  while (!rest.empty()) {
    const CodePoint point = decode_utf8(rest);
    width += columns_of(point);
    if (width > columns) break;
    rest.remove_prefix(point.byte_count);
  }
  return text.substr(0, text.size() - rest.size());
}

std::string cut_with_mark(std::string_view text, std::size_t columns) {
  if (text_width(text) <= columns) return std::string(text);
  return columns == 0 ? "" : std::string(cut_to_width(text, columns - 1)) + "…";
}

}  // namespace gossip::cli
