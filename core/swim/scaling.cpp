#include "swim/scaling.h"

#include <algorithm>

#include "base/logarithm.h"

namespace gossip::swim {

std::uint32_t retransmit_limit(std::uint32_t mult, std::size_t n) {
  std::uint32_t digits = 0;
  for (std::size_t power = 1; power < n + 1; power *= 10)
    ++digits;
  return mult * digits;
}

Duration suspicion_timeout(std::uint32_t mult, std::size_t n, Duration probe_interval) {
  const double scale = std::max(1.0, base::decimal_log(std::max<std::size_t>(n, 1)));
  const auto thousandths = static_cast<std::int64_t>(scale * 1000);
  return std::int64_t{mult} * thousandths * probe_interval / 1000;
}

Duration push_pull_interval(Duration interval, std::size_t n) {
  std::int64_t factor = 1;
  for (std::size_t nodes = 32; nodes < n; nodes *= 2)
    ++factor;
  return interval * factor;
}

}  // namespace gossip::swim
