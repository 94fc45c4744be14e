// Letters, ports and quotes, for everything here that reads or writes text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gossip::config {

// A port written out, 0 among them; nothing for anything else.
[[nodiscard]] std::optional<std::uint16_t> port_in(std::string_view text);

// ASCII letters alone.
[[nodiscard]] std::string lower(std::string text);

// How Go's JSON writes texts: <, > and & as \u escapes, or as they are.
enum class Angles : std::uint8_t { Escaped, Plain };

// `text` in double quotes as JSON has it, and as TOML would read it too; bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string quoted(std::string_view text, Angles angles = Angles::Plain);

// `text` as one word of a shell's command line: as it is, or in single quotes.
[[nodiscard]] std::string shell_word(std::string_view text);

}  // namespace gossip::config
