// Figures under a name, as Prometheus sees them: what they are called, what they mean, and one sample for each set of
// labels. Who measures is left to the agent, how they are written to `exposition.h` and the RPC codec.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gossip::metrics {

enum class Kind : std::uint8_t {
  Counter,    // only grows; its name ends in _total
  Gauge,      // of the moment
  Histogram,  // samples "_bucket" with the label "le", "_count" and "_sum"
  Info,       // a gauge that is 1, for its labels; its name ends in _info
};

// "counter" …
[[nodiscard]] std::string_view to_string(Kind kind);

using Labels = std::vector<std::pair<std::string, std::string>>;

struct Sample {
  std::string suffix;  // of a histogram's, behind the family's name; else empty
  Labels labels;
  double value = 0;

  friend bool operator==(const Sample&, const Sample&) = default;
};

struct Family {
  std::string name;  // whole, in base units: seconds, bytes
  Kind kind = Kind::Gauge;
  std::string help;  // one sentence, without the full stop
  std::vector<Sample> samples;

  friend bool operator==(const Family&, const Family&) = default;
};

// Letters, digits, underscores and colons, no digit first (prometheus.io, data model).
[[nodiscard]] bool is_metric_name(std::string_view name);
// The same without colons.
[[nodiscard]] bool is_label_name(std::string_view name);

}  // namespace gossip::metrics
