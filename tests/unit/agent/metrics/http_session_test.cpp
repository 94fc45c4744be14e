#include "agent/metrics/http_session.h"

#include <string>

#include <doctest/doctest.h>

#include "agent/metrics/pages.h"

namespace gossip::agent::metrics {
namespace {

// An agent that is asked; what it says is kept until the test looks.
struct Asked {
  bool ready = true;
  HttpCounters counters;
  HttpPages pages = [this](const HttpRequest& request) {
    return page(request, {[] {
                            return std::vector<gossip::metrics::Family>{
                                {"x", gossip::metrics::Kind::Gauge, "X", {{"", {}, 1}}}};
                          },
                          [this] { return ready; }});
  };
  HttpSession session{pages, counters};

  std::string ask(const std::string& bytes) {
    session.receive(bytes);
    return session.take_output();
  }
  std::string get(const std::string& path, const std::string& headers = "") {
    std::string said = ask("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
    session.sent();
    return said;
  }
  std::uint64_t count(HttpStatus status) const {
    for (const auto& one : counters.responses) {
      if (one.status == status) return one.count;
    }
    return 0;
  }
};

TEST_CASE("each page, with its length and its type") {
  Asked agent;
  const std::string text = "# HELP x X\n# TYPE x gauge\nx 1\n";
  CHECK(agent.get("/metrics") ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
        "Content-Length: 30\r\nCache-Control: no-store\r\n\r\n" +
            text);
  CHECK(agent.get("/metrics", "Accept: application/openmetrics-text\r\n") ==
        "HTTP/1.1 200 OK\r\n"
        "Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"
        "Content-Length: 36\r\nCache-Control: no-store\r\n\r\n" +
            text + "# EOF\n");
  CHECK(agent.get("/healthz").ends_with("\r\n\r\nok\n"));
  CHECK(agent.get("/readyz").starts_with("HTTP/1.1 200 OK\r\n"));
  agent.ready = false;
  CHECK(agent.get("/readyz").starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
  CHECK(agent.get("/healthz").starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(agent.get("/metrics/").starts_with("HTTP/1.1 404 Not Found\r\n"));
  CHECK(agent.count(HttpStatus::Ok) == 5);
  CHECK(agent.count(HttpStatus::Unavailable) == 1);
  CHECK(agent.count(HttpStatus::NotFound) == 1);
  CHECK_FALSE(agent.session.is_over());
}

TEST_CASE("HEAD gets the head alone") {
  Asked agent;
  CHECK(agent.ask("HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            .ends_with("Content-Length: 3\r\nCache-Control: no-store\r\n\r\n"));
}

TEST_CASE(
    "requests in one piece are answered one after the other, those in many when they are whole") {
  Asked agent;
  const std::string request = "\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
  CHECK(agent.ask(request + request + "GET /re").ends_with("ok\n"));
  CHECK(agent.session.take_output().empty());
  agent.session.sent();
  CHECK(agent.session.take_output().ends_with("ok\n"));
  CHECK(agent.session.in_request());
  agent.session.sent();
  CHECK(agent.session.take_output().empty());
  for (const char c : std::string("adyz HTTP/1.1\r\nHost: a\r\n\r"))
    CHECK(agent.ask(std::string(1, c)).empty());
  CHECK(agent.ask("\n").starts_with("HTTP/1.1 200 OK"));
  agent.session.sent();
  CHECK_FALSE(agent.session.in_request());
  CHECK(agent.count(HttpStatus::Ok) == 3);
}

TEST_CASE("one response waits for the other, however many requests came at once") {
  Asked agent;
  std::string three;
  for (int i = 0; i < 3; ++i)
    three += "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";
  agent.session.receive(three);
  for (std::uint64_t answered = 1; answered <= 3; ++answered) {
    CHECK(agent.count(HttpStatus::Ok) == answered);
    agent.session.receive("");
    CHECK(agent.session.take_output().starts_with("HTTP/1.1 200 OK"));
    CHECK(agent.session.take_output().empty());
    agent.session.sent();
  }
  CHECK(agent.count(HttpStatus::Ok) == 3);
}

TEST_CASE("after close, or what cannot be read, nothing more is answered") {
  for (const std::string first :
       {"GET /healthz HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "nonsense\r\n\r\n", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"}) {
    INFO(first);
    Asked agent;
    const std::string said = agent.ask(first + "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(said.find("\r\nConnection: close\r\n") != std::string::npos);
    CHECK(agent.session.is_over());
    agent.session.sent();
    CHECK(agent.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").empty());
  }
}

TEST_CASE("405 says what is allowed") {
  Asked agent;
  CHECK(agent.ask("DELETE /metrics HTTP/1.1\r\nHost: a\r\n\r\n").find("\r\nAllow: GET, HEAD\r\n") !=
        std::string::npos);
}

TEST_CASE("a head that does not end is refused once it is too long, however it came") {
  Asked agent;
  const std::string begin = "GET / HTTP/1.1\r\nHost: a\r\n";
  CHECK(agent.ask(begin + "X: " + std::string(kMaxHeadBytes - begin.size() - 4, 'x')).empty());
  CHECK(agent.ask("x").starts_with("HTTP/1.1 431 "));
  CHECK(agent.session.is_over());
  Asked other;
  CHECK(other.ask(begin + "X: " + std::string(3 * kMaxHeadBytes, 'x') + "\r\n\r\n")
            .starts_with("HTTP/1.1 431 "));
}

}  // namespace
}  // namespace gossip::agent::metrics
