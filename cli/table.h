// Rows of cells as aligned text: columns as wide as their widest cell, two spaces between them; where a screen is
// narrower than that, some of its columns give way.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace gossip::cli {

using TableRow = std::vector<std::string>;

// One line a row, without trailing spaces; nothing for no rows. Cells are printed as they are: whoever fills
// them makes them safe (text.h). With `width` lines have at most so many columns, as far as that goes: cells are cut
// and end in "…", first those of the column `gives_way`, then those of the widest, of equal ones the last; but none
// below kLeastColumn.
inline constexpr std::size_t kLeastColumn = 8;
[[nodiscard]] std::string format_table(const std::vector<TableRow>& rows,
                                       std::optional<std::size_t> width = std::nullopt,
                                       std::optional<std::size_t> gives_way = std::nullopt);

}  // namespace gossip::cli
