// The head of one HTTP/1 request (RFC 9110, RFC 9112): total, and no more than a scraper or a probe needs. Bodies are
// not read: whoever announces one is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "metrics/exposition.h"

namespace gossip::agent::metrics {

// Request line and headers together; a longer head is answered with 431.
inline constexpr std::size_t kMaxHeadBytes = std::size_t{8} * 1024;

// What we answer, as the status line has it.
enum class HttpStatus : std::uint16_t {
  Ok = 200,
  BadRequest = 400,
  NotFound = 404,
  MethodNotAllowed = 405,
  ContentTooLarge = 413,
  HeadTooLarge = 431,
  Unavailable = 503,
  VersionNotSupported = 505,
};

// "Not Found".
[[nodiscard]] std::string_view reason_phrase(HttpStatus status);

enum class HttpMethod : std::uint8_t { Get, Head };
// Whether another request may follow on the connection.
enum class HttpKeep : std::uint8_t { Open, Close };

struct HttpRequest {
  HttpMethod method = HttpMethod::Get;
  std::string path;    // without what follows a question mark
  std::string accept;  // of several headers, joined by commas
  HttpKeep keep = HttpKeep::Open;
};

// Where the head ends that begins here, behind its empty line; npos if not yet. Lines may end in a bare newline.
[[nodiscard]] std::size_t find_head_end(std::string_view input);

// `head` with its empty line. A status other than Ok says why it is none, or none that we serve.
[[nodiscard]] std::variant<HttpRequest, HttpStatus> parse_head(std::string_view head);

// OpenMetrics for whoever takes its version 1.0.0 as gladly as plain text, else Prometheus' own (RFC 9110 §12.5.1).
[[nodiscard]] gossip::metrics::Exposition exposition_for(std::string_view accept);

}  // namespace gossip::agent::metrics
