// Text from the cluster made safe to print: members choose their names and tags, and a terminal obeys
// control characters.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace gossip::cli {

// Control characters, invisible and direction-changing ones become \n, \x1b, \u202e, bytes that are no UTF-8
// \xff. Tabs and backslashes stay: this is for lines that are read, not taken apart.
[[nodiscard]] std::string escape_line(std::string_view text);

// For a cell or an element of a list: as it is, or, when it is empty, contains white space, a quote, one of
// `separators`, or anything that escape_line would escape, "in quotes" with \" and \\ as well.
[[nodiscard]] std::string quote_word(std::string_view text, std::string_view separators);

// Has the functions below take characters for as wide as a terminal shows them, from then on and for the whole program: until
// then each has one column. False if this system's locales do not tell; then nothing has changed.
bool know_wide_characters();

// The first `most` of them with `between` in between, and how many others there are: "a, b … and 1,014 more".
[[nodiscard]] std::string list_some(std::span<const std::string> texts, std::size_t most,
                                    std::string_view between);

// Columns on a terminal.
[[nodiscard]] std::size_t text_width(std::string_view text);

// So much of the beginning as fits into so many columns.
[[nodiscard]] std::string_view cut_to_width(std::string_view text, std::size_t columns);

// All of it, or what fits with "…" behind it.
[[nodiscard]] std::string cut_with_mark(std::string_view text, std::size_t columns);

}  // namespace gossip::cli
