#include "agent/metrics/http_request.h"

#include <algorithm>
#include <optional>

#include "base/ascii.h"

namespace gossip::agent::metrics {
namespace {

using base::is_digit;
using base::trimmed;
using gossip::metrics::Exposition;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

// RFC 9110 §5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view kSigns = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [kSigns](char c) {
    const char l = lower(c);
    return (l >= 'a' && l <= 'z') || is_digit(c) || kSigns.find(c) != std::string_view::npos;
  });
}

// A tab, visible characters and bytes beyond ASCII.
bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return c == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

// Up to `mark`, which is left out on both sides; all of the rest where there is none.
std::string_view take_until(std::string_view& rest, char mark) {
  const std::size_t end = rest.find(mark);
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return taken;
}

std::string_view take_line(std::string_view& rest) {
  std::string_view line = take_until(rest, '\n');
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool lists(std::string_view value, std::string_view word) {
  while (!value.empty()) {
    if (same_word(trimmed(take_until(value, ',')), word)) return true;
  }
  return false;
}

// A server has to understand a whole URL as well as a path (RFC 9112 §3.2.2).
std::optional<std::string_view> path_of(std::string_view target) {
  if (target.starts_with("http://")) {
    target.remove_prefix(std::string_view("http://").size());
    const std::size_t slash = target.find('/');
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  if (!target.starts_with('/')) return std::nullopt;
  return target.substr(0, target.find('?'));
}

struct RequestLine {
  HttpMethod method = HttpMethod::Get;
  std::string_view path;
  bool is_first_version = false;  // HTTP/1.0
};

std::variant<RequestLine, HttpStatus> read_request_line(std::string_view line) {
  const std::string_view method = take_until(line, ' ');
  const std::string_view target = take_until(line, ' ');
  constexpr std::string_view kVersion = "HTTP/";
  if (!is_token(method) || !line.starts_with(kVersion)) return HttpStatus::BadRequest;
  line.remove_prefix(kVersion.size());
  if (line.size() != 3 || !is_digit(line[0]) || line[1] != '.' || !is_digit(line[2])) {
    return HttpStatus::BadRequest;
  }
  if (line[0] != '1') return HttpStatus::VersionNotSupported;
  const std::optional<std::string_view> path = path_of(target);
  if (!path || !is_field_value(target)) return HttpStatus::BadRequest;
  if (method != "GET" && method != "HEAD") return HttpStatus::MethodNotAllowed;
  return RequestLine{method == "GET" ? HttpMethod::Get : HttpMethod::Head, *path, line[2] == '0'};
}

// What the headers say that matters here.
struct Headers {
  std::size_t hosts = 0;
  bool closes = false;
  bool keeps = false;
  std::string accept;
};

HttpStatus read_header(std::string_view line, Headers& headers) {
  // Neither a line that goes on with the one before it nor a blank before the colon: both have been used to smuggle.
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return HttpStatus::BadRequest;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (!is_token(name) || !is_field_value(value)) return HttpStatus::BadRequest;
  if (same_word(name, "host")) {
    ++headers.hosts;
  } else if (same_word(name, "connection")) {
    headers.closes = headers.closes || lists(value, "close");
    headers.keeps = headers.keeps || lists(value, "keep-alive");
  } else if (same_word(name, "accept")) {
    headers.accept += (headers.accept.empty() ? "" : ",") + std::string(value);
  } else if (same_word(name, "transfer-encoding")) {
    return HttpStatus::ContentTooLarge;
  } else if (same_word(name, "content-length")) {
    if (value.empty() || !std::all_of(value.begin(), value.end(), is_digit)) {
      return HttpStatus::BadRequest;
    }
    if (value.find_first_not_of('0') != std::string_view::npos) return HttpStatus::ContentTooLarge;
  }
  return HttpStatus::Ok;
}

// In thousandths; what is no weight counts as none at all. RFC 9110 §12.4.2: 0 or 1, and up to three decimals.
int weight(std::string_view text) {
  constexpr std::size_t kMaxWeightBytes = 5;
  if (text.empty() || text.size() > kMaxWeightBytes || (text[0] != '0' && text[0] != '1')) return 0;
  if (text.size() > 1 && text[1] != '.') return 0;
  int value = text[0] == '1' ? 1000 : 0;
  int place = 100;
  for (const char c : text.substr(std::min<std::size_t>(text.size(), 2))) {
    if (!is_digit(c)) return 0;
    value += place * (c - '0');
    place /= 10;
  }
  return value <= 1000 ? value : 0;
}

struct MediaRange {
  std::string_view type;
  std::string_view version;  // "" for any
  int weight = 1000;
};

MediaRange read_range(std::string_view text) {
  MediaRange range;
  range.type = trimmed(take_until(text, ';'));
  while (!text.empty()) {
    std::string_view value = text.substr(0, text.find(';'));
    take_until(text, ';');
    const std::string_view name = trimmed(take_until(value, '='));
    value = trimmed(value);
    if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) {
      value = value.substr(1, value.size() - 2);
    }
    if (same_word(name, "q")) range.weight = weight(value);
    if (same_word(name, "version")) range.version = value;
  }
  return range;
}

}  // namespace

std::string_view reason_phrase(HttpStatus status) {
  switch (status) {
    case HttpStatus::Ok: return "OK";
    case HttpStatus::BadRequest: return "Bad Request";
    case HttpStatus::NotFound: return "Not Found";
    case HttpStatus::MethodNotAllowed: return "Method Not Allowed";
    case HttpStatus::ContentTooLarge: return "Content Too Large";
    case HttpStatus::HeadTooLarge: return "Request Header Fields Too Large";
    case HttpStatus::Unavailable: return "Service Unavailable";
    case HttpStatus::VersionNotSupported: return "HTTP Version Not Supported";
  }
  return "";
}

std::size_t find_head_end(std::string_view input) {
  for (std::size_t newline = input.find('\n'); newline != std::string_view::npos;
       newline = input.find('\n', newline + 1)) {
    const std::string_view next = input.substr(newline + 1);
    if (next.starts_with('\n')) return newline + 2;
    if (next.starts_with("\r\n")) return newline + 3;
  }
  return std::string_view::npos;
}

std::variant<HttpRequest, HttpStatus> parse_head(std::string_view head) {
  const auto read = read_request_line(take_line(head));
  if (const auto* const bad = std::get_if<HttpStatus>(&read)) return *bad;
  const auto& first_line = std::get<RequestLine>(read);
  Headers headers;
  for (std::string_view line = take_line(head); !line.empty(); line = take_line(head)) {
    const HttpStatus status = read_header(line, headers);
    if (status != HttpStatus::Ok) return status;
  }
  if (headers.hosts > 1 || (headers.hosts == 0 && !first_line.is_first_version)) {
    return HttpStatus::BadRequest;
  }
  const bool keeps = first_line.is_first_version ? headers.keeps : true;
  HttpRequest request;
  request.method = first_line.method;
  request.path = first_line.path;
  request.keep = keeps && !headers.closes ? HttpKeep::Open : HttpKeep::Close;
  request.accept = std::move(headers.accept);
  return request;
}

Exposition exposition_for(std::string_view accept) {
  int open_metrics = 0;
  int plain = 0;
  while (!accept.empty()) {
    const MediaRange range = read_range(take_until(accept, ','));
    if (same_word(range.type, "application/openmetrics-text") &&
        (range.version.empty() || range.version == "1.0.0")) {
      open_metrics = std::max(open_metrics, range.weight);
    } else if (same_word(range.type, "text/plain")) {
      plain = std::max(plain, range.weight);
    }
  }
  return open_metrics > 0 && open_metrics >= plain ? Exposition::OpenMetrics
                                                   : Exposition::Prometheus;
}

}  // namespace gossip::agent::metrics
