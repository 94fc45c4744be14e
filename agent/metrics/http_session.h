// One client's HTTP/1 conversation: bytes in, bytes out, one request after the other. It knows no socket and no clock; the
// connection carries the bytes and ends what takes too long.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "agent/metrics/http_request.h"

namespace gossip::agent::metrics {

struct HttpResponse {
  HttpStatus status = HttpStatus::Ok;
  std::string_view content_type = "text/plain; charset=utf-8";
  std::string body;
};

// Since the start, of all clients.
struct HttpCounters {
  struct OfStatus {
    HttpStatus status = HttpStatus::Ok;
    std::uint64_t count = 0;
  };
  std::array<OfStatus, 8> responses{{{HttpStatus::Ok},
                                     {HttpStatus::BadRequest},
                                     {HttpStatus::NotFound},
                                     {HttpStatus::MethodNotAllowed},
                                     {HttpStatus::ContentTooLarge},
                                     {HttpStatus::HeadTooLarge},
                                     {HttpStatus::Unavailable},
                                     {HttpStatus::VersionNotSupported}}};
  std::uint64_t connections_refused = 0;  // as many as there may be were busy
  std::uint64_t connections_timed_out = 0;

  void responded(HttpStatus status);
};

// What a request is answered with.
using HttpPages = std::function<HttpResponse(const HttpRequest&)>;

class HttpSession {
 public:
  // Both outlive the session.
  HttpSession(const HttpPages& pages, HttpCounters& counters)
      : pages_(pages), counters_(counters) {}

  // As it comes. While a response is on its way it is kept, so stop reading.
  void receive(std::string_view bytes);
  // What is to be sent now, if anything. The next request waits until `sent`.
  [[nodiscard]] std::string take_output() { return std::exchange(output_, {}); }
  // All that was taken has left.
  void sent();

  // The last response stands; close once it has left.
  [[nodiscard]] bool is_over() const { return over_; }
  // A request has begun and is not whole yet.
  [[nodiscard]] bool in_request() const { return !input_.empty(); }

 private:
  void work();
  void respond(const HttpResponse& response, HttpMethod method, HttpKeep keep);
  void refuse(HttpStatus status);

  const HttpPages& pages_;
  HttpCounters& counters_;
  std::string input_;  // at most kMaxHeadBytes and one read
  std::string output_;
  bool answering_ = false;
  bool over_ = false;
};

}  // namespace gossip::agent::metrics
