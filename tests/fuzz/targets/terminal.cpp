// cli/text, cli/json and agent/system/logging: whatever a member calls itself, a terminal gets printable UTF-8 in one line.
#include "agent/system/logging.h"
#include "base/check.h"
#include "cli/json.h"
#include "cli/text.h"
#include "cli/utf8.h"
#include "fuzz/targets.h"

namespace {

void check_printable(std::string_view line) {
  for (std::string_view rest = line; !rest.empty();) {
    const gossip::cli::CodePoint point = gossip::cli::decode_utf8(rest);
    GOSSIP_CHECK(point.value.has_value());
    const char32_t c = *point.value;
    GOSSIP_CHECK(c == '\t' || (c >= 0x20 && (c < 0x7f || c >= 0xa0)));
    rest.remove_prefix(point.byte_count);
  }
}

// Its bytes need not be UTF-8.
void check_logged(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    GOSSIP_CHECK(byte >= 0x20 && byte != 0x7f);
    if (byte == 0xc2 && i + 1 < line.size())
      GOSSIP_CHECK(static_cast<unsigned char>(line[i + 1]) >= 0xa0 ||
                   static_cast<unsigned char>(line[i + 1]) < 0x80);
  }
}

}  // namespace

void gossip::fuzz::target::terminal(ByteView input) {
  const std::string_view text = as_text(input);
  const std::string line = cli::escape_line(text);
  check_printable(line);
  GOSSIP_CHECK(cli::escape_line(line) == line);
  const std::string word = cli::quote_word(text, ",=");
  check_printable(word);
  GOSSIP_CHECK(word.find('\t') == std::string::npos);
  GOSSIP_CHECK(cli::text_width(word) <= word.size());
  cli::JsonWriter json(cli::JsonLayout::OneLine);
  json.text(text);
  std::string value = json.take();
  GOSSIP_CHECK(value.ends_with("\"\n"));
  value.pop_back();
  check_printable(value);
  check_logged(agent::without_control_characters(text));
}
