#include "cli/table.h"

#include <algorithm>
#include <numeric>

#include "cli/text.h"

namespace gossip::cli {
namespace {

constexpr std::size_t kGap = 2;

using Widths = std::vector<std::size_t>;

Widths widths_of(const std::vector<TableRow>& rows) {
  Widths widths;
  for (const TableRow& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], text_width(row[i]));
    }
  }
  return widths;
}

void fit(Widths& widths, std::size_t room, std::optional<std::size_t> gives_way) {
  if (widths.empty()) return;
  const std::size_t used =
      std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1));
  std::size_t excess = used - std::min(used, room);
  if (gives_way && *gives_way < widths.size()) {
    std::size_t& first = widths[*gives_way];
    const std::size_t given = std::min(excess, first - std::min(first, kLeastColumn));
    first -= given;
    excess -= given;
  }
  for (; excess > 0; --excess) {
    const auto widest = std::max_element(widths.rbegin(), widths.rend());
    if (*widest <= kLeastColumn) return;
    --*widest;
  }
}

}  // namespace

std::string format_table(const std::vector<TableRow>& rows, std::optional<std::size_t> width,
                         std::optional<std::size_t> gives_way) {
  Widths widths = widths_of(rows);
  if (width) fit(widths, *width, gives_way);
  std::string out;
  for (const TableRow& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = cut_with_mark(row[i], widths[i]);
      line += cell;
      line.append(widths[i] - text_width(cell) + kGap, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line;
    out += '\n';
  }
  return out;
}

}  // namespace gossip::cli
