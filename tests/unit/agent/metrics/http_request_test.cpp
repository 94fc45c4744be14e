#include "agent/metrics/http_request.h"

#include <string>

#include <doctest/doctest.h>

namespace gossip::agent::metrics {
namespace {

using gossip::metrics::Exposition;

// As text: "GET /path accept keep" or the status.
std::string read(const std::string& head) {
  const auto parsed = parse_head(head);
  if (const auto* const status = std::get_if<HttpStatus>(&parsed)) {
    return std::to_string(static_cast<int>(*status));
  }
  const auto& request = std::get<HttpRequest>(parsed);
  return (request.method == HttpMethod::Get ? "GET " : "HEAD ") + request.path + " [" +
         request.accept + "] " + (request.keep == HttpKeep::Open ? "open" : "close");
}

TEST_CASE("a head ends with its empty line, whichever kind of newline is used") {
  CHECK(find_head_end("GET / HTTP/1.1\r\nHost: a\r\n\r\nrest") == 27);
  CHECK(find_head_end("GET / HTTP/1.1\nHost: a\n\nrest") == 24);
  CHECK(find_head_end("GET / HTTP/1.1\r\n\r\n") == 18);
  CHECK(find_head_end("GET / HTTP/1.1\r\nHost: a\r\n") == std::string::npos);
  CHECK(find_head_end("") == std::string::npos);
}

TEST_CASE("what scrapers and probes ask is understood") {
  CHECK(read("GET /metrics HTTP/1.1\r\nHost: a:9107\r\nAccept: text/plain\r\nAccept: */*;q=0.1\r\n"
             "User-Agent: Prometheus/2.42.0\r\n\r\n") ==
        "GET /metrics [text/plain,*/*;q=0.1] open");
  CHECK(read("HEAD /healthz?verbose HTTP/1.1\nhost:\tb \n\n") == "HEAD /healthz [] open");
  CHECK(read("GET http://a:9107/readyz HTTP/1.1\r\nHost: a\r\n\r\n") == "GET /readyz [] open");
  CHECK(read("GET http://a HTTP/1.1\r\nHost: a\r\n\r\n") == "GET / [] open");
  CHECK(read("GET /metrics HTTP/1.1\r\nHost:\r\nContent-Length: 0\r\n\r\n") ==
        "GET /metrics [] open");
}

TEST_CASE("a connection stays open as the version and the client have it") {
  CHECK(read("GET / HTTP/1.0\r\n\r\n") == "GET / [] close");
  CHECK(read("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n") == "GET / [] open");
  CHECK(read("GET / HTTP/1.1\r\nHost: a\r\nConnection: te , CLOSE\r\n\r\n") == "GET / [] close");
  CHECK(read("GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n") == "GET / [] open");
  CHECK(read("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n") == "GET / [] close");
}

TEST_CASE("what is no request is refused by its kind") {
  const std::string host = "Host: a\r\n\r\n";
  for (const char* line :
       {"", "GET", "GET /", "GET / HTTP/1", "GET / HTTP/1.1 ", "GET  / HTTP/1.1", " GET / HTTP/1.1",
        "G\"T / HTTP/1.1", "GET metrics HTTP/1.1", "GET * HTTP/1.1", "GET /\x01 HTTP/1.1",
        "GET / http/1.1", "GET / HTTP/1.11", "GET / HTTP/x.1"}) {
    INFO(line);
    CHECK(read(std::string(line) + "\r\n" + host) == "400");
  }
  CHECK(read("GET / HTTP/2.0\r\n" + host) == "505");
  CHECK(read("POST /metrics HTTP/1.1\r\n" + host) == "405");
  CHECK(read("get /metrics HTTP/1.1\r\n" + host) == "405");
  for (const char* header : {"", "Host: a\r\nHost: a", "Host: a\r\nno colon", "Host: a\r\n: x",
                             "Host: a\r\nA b: c", "Host : a", "Host: a\r\n folded", "Host: a\x01",
                             "Host: a\rb", "Host: a\r\nContent-Length: x",
                             "Host: a\r\nContent-Length: ", "Host: a\r\nContent-Length: -1"}) {
    INFO(header);
    CHECK(read("GET / HTTP/1.1\r\n" + std::string(header) + "\r\n\r\n") == "400");
  }
  CHECK(read("GET / HTTP/1.1\r\nContent-Length: 01\r\n" + host) == "413");
  CHECK(read("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + host) == "413");
}

TEST_CASE("OpenMetrics is for whoever takes its version as gladly as text") {
  const auto open = [](std::string_view accept) {
    return exposition_for(accept) == Exposition::OpenMetrics;
  };
  CHECK(
      open("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
           "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"));
  CHECK(open("application/openmetrics-text"));
  CHECK(open("text/plain, APPLICATION/OpenMetrics-Text ; Version=\"1.0.0\" ; q=1"));
  CHECK_FALSE(open(""));
  CHECK_FALSE(open("*/*"));
  CHECK_FALSE(open("text/html, text/plain"));
  CHECK_FALSE(open("application/openmetrics-text; version=0.0.1, text/plain;q=0.1"));
  CHECK_FALSE(open("application/openmetrics-text;q=0"));
  CHECK_FALSE(open("application/openmetrics-text;q=2"));
  CHECK_FALSE(open("application/openmetrics-text;q=nan"));
  CHECK_FALSE(open("application/openmetrics-text;q=0.5,text/plain"));
  CHECK(open("application/openmetrics-text;q=0.501,text/plain;q=0.5"));
  CHECK(open("application/openmetrics-text;q=1.000,text/plain;q=0.999"));
  for (const char* const wrong : {"", "1.001", "0.1234", "0,5", "0.5x", "01", "-1", "1e0", ".5"}) {
    CHECK_FALSE(open("application/openmetrics-text;q=" + std::string(wrong)));
  }
}

}  // namespace
}  // namespace gossip::agent::metrics
