#include "config/text.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/ascii.h"
#include "base/utf8.h"

namespace gossip::config {
namespace {

// The length of the valid UTF-8 sequence at the start of `text`, 0 if there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!base::continues_character(text[i])) return 0;
  }
  const bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool beyond = (first == 0xed && byte(1) > 0x9f) || (first == 0xf4 && byte(1) > 0x8f);
  return overlong || beyond ? 0 : length;
}

void append_escape(std::string& out, unsigned code) {
  out += "\\u";
  base::append_hex(static_cast<std::uint8_t>(code >> 8U), out);
  base::append_hex(static_cast<std::uint8_t>(code), out);
}

bool needs_escape(char c, Angles angles) {
  if (angles == Angles::Escaped && (c == '<' || c == '>' || c == '&')) return true;
  // TOML wants DEL escaped; Go does not.
  return static_cast<unsigned char>(c) < 0x20 || (angles == Angles::Plain && c == 0x7f);
}

// One character of one byte.
void append_ascii(std::string& out, char c, Angles angles) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  if (needs_escape(c, angles)) return append_escape(out, static_cast<unsigned char>(c));
  out += c;
}

}  // namespace

std::optional<std::uint16_t> port_in(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, failed] = std::from_chars(text.data(), end, port);
  if (failed != std::errc{} || stopped != end) return std::nullopt;
  return port;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string quoted(std::string_view text, Angles angles) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const std::string_view letter = text.substr(0, std::max<std::size_t>(length, 1));
    text.remove_prefix(letter.size());
    if (length == 0) {
      append_escape(out, 0xfffd);
    } else if (length == 1) {
      append_ascii(out, letter.front(), angles);
    } else if (letter == "\u2028" || letter == "\u2029") {  // JavaScript's line ends
      append_escape(out, letter == "\u2028" ? 0x2028 : 0x2029);
    } else {
      out += letter;
    }
  }
  return out + '"';
}

std::string shell_word(std::string_view text) {
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '/' || c == '.' || c == '-' || c == '_' || c == '=';
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word += c;
    }
  }
  return word + "'";
}

}  // namespace gossip::config
