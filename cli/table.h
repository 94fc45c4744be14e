// Rows of cells as aligned text: columns as wide as their widest cell, two spaces between them.
#pragma once

#include <string>
#include <vector>

namespace gossip::cli {

using TableRow = std::vector<std::string>;

// One line a row, without trailing spaces; nothing for no rows. Cells are printed as they are: whoever fills
// them makes them safe (text.h).
[[nodiscard]] std::string format_table(const std::vector<TableRow>& rows);

}  // namespace gossip::cli
