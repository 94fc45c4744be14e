#include "agent/metrics/http_session.h"

#include <algorithm>

namespace gossip::agent::metrics {

void HttpCounters::responded(HttpStatus status) {
  for (OfStatus& one : responses) {
    if (one.status == status) ++one.count;
  }
}

void HttpSession::receive(std::string_view bytes) {
  if (over_) return;
  input_ += bytes;
  work();
}

void HttpSession::sent() {
  answering_ = false;
  work();
}

void HttpSession::work() {
  if (answering_ || over_) return;
  // Empty lines before a request are let pass (RFC 9112 §2.2).
  input_.erase(0, std::min(input_.find_first_not_of("\r\n"), input_.size()));
  if (input_.empty()) return;
  const std::size_t end = find_head_end(std::string_view(input_).substr(0, kMaxHeadBytes));
  if (end == std::string::npos) {
    if (input_.size() >= kMaxHeadBytes) refuse(HttpStatus::HeadTooLarge);
    return;
  }
  const auto head = parse_head(std::string_view(input_).substr(0, end));
  if (const auto* const bad = std::get_if<HttpStatus>(&head)) return refuse(*bad);
  input_.erase(0, end);
  const auto& request = std::get<HttpRequest>(head);
  respond(pages_(request), request.method, request.keep);
}

// Where the next request begins is not known any more.
void HttpSession::refuse(HttpStatus status) {
  HttpResponse response;
  response.status = status;
  response.body = std::string(reason_phrase(status)) + '\n';
  respond(response, HttpMethod::Get, HttpKeep::Close);
}

void HttpSession::respond(const HttpResponse& response, HttpMethod method, HttpKeep keep) {
  counters_.responded(response.status);
  output_ = "HTTP/1.1 " + std::to_string(static_cast<int>(response.status)) + ' ' +
            std::string(reason_phrase(response.status)) +
            "\r\nContent-Type: " + std::string(response.content_type) +
            "\r\nContent-Length: " + std::to_string(response.body.size()) +
            "\r\nCache-Control: no-store\r\n";
  if (response.status == HttpStatus::MethodNotAllowed) output_ += "Allow: GET, HEAD\r\n";
  output_ += keep == HttpKeep::Close ? "Connection: close\r\n\r\n" : "\r\n";
  if (method == HttpMethod::Get) output_ += response.body;
  answering_ = true;
  over_ = keep == HttpKeep::Close;
  if (over_) input_.clear();
}

}  // namespace gossip::agent::metrics
