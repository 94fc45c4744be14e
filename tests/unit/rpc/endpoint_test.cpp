#include "rpc/endpoint.h"

#include <doctest/doctest.h>

namespace gossip::rpc {
namespace {

std::string again(std::string_view text) {
  const Expected<Endpoint> endpoint = parse_endpoint(text);
  return endpoint ? to_string(*endpoint) : "";
}

TEST_CASE("an RPC address is a path or a host with a port") {
  CHECK(again("unix:///run/a.sock") == "unix:///run/a.sock");
  CHECK(again("/run/a.sock") == "unix:///run/a.sock");
  CHECK(again("127.0.0.1:7000") == "127.0.0.1:7000");
  CHECK(again("localhost") == "localhost:7373");
  CHECK(again("[::1]:7000") == "[::1]:7000");
  CHECK(again("::1") == "[::1]:7373");
  CHECK(again("[::1]") == "[::1]:7373");
}

TEST_CASE("where there is no default a host needs its port") {
  CHECK_FALSE(parse_endpoint("127.0.0.1", std::nullopt).has_value());
  CHECK_FALSE(parse_endpoint("[::1]", std::nullopt).has_value());
  CHECK(to_string(parse_endpoint("127.0.0.1:0", std::nullopt).value()) == "127.0.0.1:0");
  CHECK(to_string(parse_endpoint("/run/a", std::nullopt).value()) == "unix:///run/a");
}

TEST_CASE("what cannot be an RPC address is refused") {
  for (const std::string_view text : {"", ":7373", "host:", "host:70000", "host:7x", "unix://run/a",
                                      "[::1", "[::1]x", "[::1]:", "a/b"}) {
    CAPTURE(text);
    const Expected<Endpoint> endpoint = parse_endpoint(text);
    REQUIRE_FALSE(endpoint);
    CHECK(endpoint.error().code == ErrorCode::InvalidArgument);
  }
}

TEST_CASE("a path may begin where somebody stands, if that is known") {
  const auto here = [](std::string_view text) {
    const Expected<Endpoint> endpoint = parse_endpoint_in("/work", text);
    return endpoint ? to_string(*endpoint) : "";
  };
  CHECK(here("./a") == "unix:///work/a");
  CHECK(here("./a:1") == "unix:///work/a:1");
  CHECK(here("../a") == "unix:///work/../a");
  CHECK(here("run/a") == "unix:///work/run/a");
  CHECK(here("a.sock") == "unix:///work/a.sock");
  CHECK(here("/a.sock") == "unix:///a.sock");
  CHECK(here("a") == "a:7373");
  CHECK(here("a.sock:80") == "a.sock:80");
  CHECK(here("host:80/x").empty());
  CHECK(parse_endpoint_in("/work", "unix://a.sock").error().message ==
        "the socket path \"a.sock\" is not absolute; a path in this folder is written ./path");
  CHECK_FALSE(parse_endpoint_in("", "./a").has_value());
  CHECK_FALSE(parse_endpoint_in("/work", "host", std::nullopt).has_value());
}

TEST_CASE("a socket path longer than the system's limit is refused, not cut") {
  CHECK(parse_endpoint("/" + std::string(kMaxSocketPathBytes - 1, 'a')));
  const Expected<Endpoint> longer = parse_endpoint("/" + std::string(kMaxSocketPathBytes, 'a'));
  REQUIRE_FALSE(longer);
  CHECK(longer.error().code == ErrorCode::TooLarge);
}

TEST_CASE("the default sockets go from the system's to the user's") {
  CHECK(default_socket_paths(1000, "/run/user/1000") ==
        std::vector<std::string>{"/run/gossipd/gossipd.sock", "/run/user/1000/gossipd.sock",
                                 "/tmp/gossipd-1000/gossipd.sock"});
  CHECK(default_socket_paths(7, "").size() == 2);
}

}  // namespace
}  // namespace gossip::rpc
