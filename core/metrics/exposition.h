// Families as the text that scrapers read: Prometheus' own format 0.0.4, or OpenMetrics 1.0.0
// (prometheus.io, exposition formats; openmetrics.io). Both name the same samples.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "metrics/family.h"

namespace gossip::metrics {

enum class Exposition : std::uint8_t { Prometheus, OpenMetrics };

// The value of Content-Type.
[[nodiscard]] std::string_view content_type(Exposition exposition);

// Families without samples are left out. Names are taken to be names, all else is escaped.
[[nodiscard]] std::string expose(std::span<const Family> families, Exposition exposition);

// "name{label=\"value\"}", or the bare name.
[[nodiscard]] std::string series(const Family& family, const Sample& sample);

// Whole numbers as such, others with as many digits as tell them apart; "NaN", "+Inf", "-Inf".
[[nodiscard]] std::string format_value(double value);

}  // namespace gossip::metrics
