// What may be meant where a text is no TOML: its parser says what it expected, not what people forget.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gossip::config {

// For an error of the parser's at a line and a column, which counts characters: " (a text needs quotes: node_name =
// \"web1\")" where a value without them stands there, with the value of an option alone that is no secret; or "".
[[nodiscard]] std::string hint_about(std::string_view file, std::size_t line, std::size_t column,
                                     std::string_view description);

}  // namespace gossip::config
