#include "cli/agent_address.h"

#include <string>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "runtime/descriptor.h"
#include "unit/temporary_folder.h"

namespace gossip::cli {
namespace {

Surroundings nowhere() {
  return {.rpc_addr = {},
          .rpc_auth = {},
          .default_sockets = {"/no/such/a.sock", "/no/such/b.sock"},
          .folder = "/no/such"};
}

// What `text` means; "" if nothing.
std::string endpoint_of(const std::string& text, const Surroundings& around) {
  AgentOptions options;
  options.rpc_addr = text;
  const Expected<rpc::Endpoint> chosen = choose_endpoint(options, around);
  return chosen ? rpc::to_string(*chosen) : "";
}

runtime::Descriptor make_socket(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  REQUIRE(path.size() < sizeof address.sun_path);
  path.copy(address.sun_path, path.size());
  runtime::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return socket;
}

TEST_CASE("the flag beats the environment, and the environment the default sockets") {
  Surroundings around = nowhere();
  around.rpc_addr = {"/gossip.sock", "127.0.0.1:7373"};
  CHECK(rpc::to_string(choose_endpoint({}, around).value()) == "unix:///gossip.sock");
  AgentOptions options;
  options.rpc_addr = "127.0.0.1:1";
  CHECK(rpc::to_string(choose_endpoint(options, around).value()) == "127.0.0.1:1");
}

TEST_CASE("an empty flag is no address, rather than none") {
  AgentOptions options;
  options.rpc_addr = "";
  const Expected<rpc::Endpoint> chosen = choose_endpoint(options, nowhere());
  REQUIRE_FALSE(chosen);
  CHECK(chosen.error().code == ErrorCode::InvalidArgument);
}

TEST_CASE("a path may begin where one stands, and a name alone is one if it ends or exists so") {
  const TemporaryFolder folder;
  Surroundings around = nowhere();
  around.folder = folder.path();
  const std::string here = "unix://" + around.folder;
  CHECK(endpoint_of("gossipd.sock", around) == here + "/gossipd.sock");
  CHECK(endpoint_of("./a", around) == here + "/a");
  CHECK(endpoint_of("./a:1", around) == here + "/a:1");
  CHECK(endpoint_of("../a", around) == here + "/../a");
  CHECK(endpoint_of("run/a", around) == here + "/run/a");
  CHECK(endpoint_of("db", around) == "db:7373");
  const runtime::Descriptor socket = make_socket(folder.path_of("db"));
  CHECK(endpoint_of("db", around) == here + "/db");
  CHECK(endpoint_of("db:7373", around) == "db:7373");
  around.rpc_addr = {"db"};
  CHECK(rpc::to_string(choose_endpoint({}, around).value()) == here + "/db");
  // Anybody may put a link to a socket of root's where we stand.
  REQUIRE(::symlink(folder.path_of("db").c_str(), folder.path_of("web").c_str()) == 0);
  CHECK(endpoint_of("web", around) == "web:7373");
  if (::geteuid() == 0) {  // anybody may put one where we stand
    REQUIRE(::chown(folder.path_of("db").c_str(), 65534, 65534) == 0);
    CHECK(endpoint_of("db", around) == "db:7373");
  }
}

TEST_CASE("what is neither a path nor an address stays none") {
  for (const char* text : {"", "host:port", "host:80/x", "unix://a.sock", "http://host"}) {
    CAPTURE(text);
    CHECK(endpoint_of(text, nowhere()).empty());
  }
  AgentOptions options;
  options.rpc_addr = "host:port";
  CHECK(
      choose_endpoint(options, nowhere()).error().message ==
      "\"host:port\" is no address of a socket: write unix:///path, /path or host:port; a path in "
      "this folder is written ./path");
  Surroundings lost = nowhere();
  lost.folder.clear();  // the folder in which we stand has been removed
  CHECK(endpoint_of("./a", lost).empty());
}

TEST_CASE("without any agent the message names the sockets and says how to start one") {
  const Expected<rpc::Endpoint> chosen = choose_endpoint({}, nowhere());
  REQUIRE_FALSE(chosen);
  CHECK(chosen.error().code == ErrorCode::Unreachable);
  CHECK(chosen.error().message ==
        "no agent answers at unix:///no/such/a.sock or unix:///no/such/b.sock: start one with "
        "'gossipd', or "
        "name another with --rpc-addr");
}

TEST_CASE("a default socket in /tmp counts only in a folder that is ours and nobody else's") {
  const TemporaryFolder folder;  // in /tmp
  const std::string place = folder.path_of("place");
  REQUIRE(::mkdir(place.c_str(), 0700) == 0);
  const std::string path = place + "/g.sock";
  const runtime::Descriptor socket = make_socket(path);
  Surroundings around = nowhere();
  around.default_sockets.push_back(path);
  const auto is_found = [&around] { return choose_endpoint({}, around).has_value(); };
  CHECK(is_found());
  for (const mode_t open_to_others : {mode_t{0720}, mode_t{0702}}) {
    REQUIRE(::chmod(place.c_str(), open_to_others) == 0);
    CHECK_FALSE(is_found());
  }
  REQUIRE(::chmod(place.c_str(), 0755) == 0);  // they may look in, and put nothing there
  CHECK(is_found());
  REQUIRE(::symlink(place.c_str(), folder.path_of("link").c_str()) == 0);
  around.default_sockets.back() = folder.path_of("link") + "/g.sock";
  CHECK_FALSE(is_found());
}

TEST_CASE("the token is the flag's, else the environment's, else none") {
  Surroundings around = nowhere();
  CHECK_FALSE(choose_token({}, around).value().has_value());
  around.rpc_auth = {"first", "second"};
  CHECK(choose_token({}, around).value() == "first");
  AgentOptions options;
  options.rpc_auth = "flag";
  CHECK(choose_token(options, around).value() == "flag");
  options.rpc_auth = "";  // to do without the environment's
  CHECK_FALSE(choose_token(options, around).value().has_value());
}

TEST_CASE("a token file that cannot be read is an error") {
  AgentOptions options;
  options.rpc_auth_file = "/no/such/file";
  const auto token = choose_token(options, nowhere());
  REQUIRE_FALSE(token);
  CHECK(token.error().message ==
        "cannot read the token from /no/such/file: No such file or directory");
}

}  // namespace
}  // namespace gossip::cli
