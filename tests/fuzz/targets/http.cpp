// agent: what a client may send to the metrics address, in pieces; the first byte says how long they are. Whatever comes,
// each response has a length that is right, and input is not kept without bound.
#include <string>
#include <string_view>

#include "agent/metrics/http_session.h"
#include "agent/metrics/pages.h"
#include "base/check.h"
#include "fuzz/targets.h"

namespace {

using namespace gossip::agent::metrics;  // NOLINT: a target of its own

std::vector<gossip::metrics::Family> families() {
  return {{"x", gossip::metrics::Kind::Gauge, "X", {{"", {{"y", "z"}}, 1}}}};
}

void check_response(std::string_view said) {
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  GOSSIP_CHECK(said.starts_with("HTTP/1.1 "));
  const std::size_t head = said.find("\r\n\r\n");
  const std::size_t length = said.find(kLength);
  GOSSIP_CHECK(head != std::string_view::npos && length < head);
  const std::size_t body = said.size() - head - 4;
  const auto announced = std::stoul(std::string(said.substr(length + kLength.size(), 9)));
  GOSSIP_CHECK(body == announced || body == 0);
}

}  // namespace

void gossip::fuzz::target::http(ByteView input) {
  if (input.empty()) return;
  const std::size_t piece = std::size_t{input[0]} + 1;
  const HttpPages pages = [](const HttpRequest& request) {
    GOSSIP_CHECK(request.path.starts_with('/'));
    return page(request, {families, [] { return true; }});
  };
  HttpCounters counters;
  HttpSession session(pages, counters);
  std::string_view rest = as_text(input.subspan(1));
  while (!rest.empty() && !session.is_over()) {
    session.receive(rest.substr(0, piece));
    rest.remove_prefix(std::min(piece, rest.size()));
    for (std::string said = session.take_output(); !said.empty(); said = session.take_output()) {
      check_response(said);
      if (session.is_over()) break;
      session.sent();
    }
  }
}
