#include "agent/prepare.h"

#include <doctest/doctest.h>

#include "unit/config/loading.h"
#include "unit/temporary_folder.h"

namespace gossip::agent {
namespace {

using config::Args;

// All that a start or a check would tell, a line each. Names are not looked up as long as none is among the arguments.
std::vector<std::string> told(const Args& args) {
  config::Mistakes mistakes;
  const config::CommandLine line = config::parse_command_line(args, mistakes);
  config::Environment environment;
  config::AgentConfig config = config::load(line, environment, mistakes);
  prepare(config, NameServer::MayBeAway, mistakes);
  return mistakes.lines();
}

TEST_CASE("no mistake hides one that has nothing to do with it") {
  const TemporaryFolder folder;
  const std::string tags = folder.write("tags.json", "{\"role\": 1}");
  const std::string toml = folder.write(
      "a.toml", "log_level = \"loud\"\ninterface = \"nope0\"\ntags_file = \"" + tags + "\"\n");
  CHECK(told({"--config-file", toml, "--rpc-group=no-such-group", "--retry-max=x", "--nodee",
              "--node"}) ==
        Args{toml + ":1:1: log_level: unknown log level \"loud\", there are trace, debug, info, "
                    "warn and err",
             toml + ":2:1: interface: there is no network interface \"nope0\"",
             "unknown flag --nodee, did you mean --node?",
             tags + ":1:2: expected an object of texts", "--node: a value is missing",
             "--retry-max: \"x\" is not a whole number",
             "--rpc-group: there is no group \"no-such-group\""});
}

TEST_CASE("an interface for mDNS has to be there, where there is mDNS") {
  CHECK(told({"--bind=127.0.0.1", "--discover=zz", "--mdns-iface=nope0"}) ==
        Args{"--mdns-iface: there is no network interface \"nope0\""});
  CHECK(told({"--bind=127.0.0.1", "--mdns-iface=nope0"}).empty());
  CHECK(told({"--bind=127.0.0.1", "--discover=zz", "--mdns-iface=lo"}).empty());
}

TEST_CASE("what follows from a mistake is no mistake of its own") {
  CHECK(told({"--bind=300.1.2.3", "--iface=nope0"}).size() == 1);
  CHECK(told({"--advertise=1.2.3"}).size() == 1);
  CHECK(told({"--rpc-addr=127.0.0.1:x"}).size() == 1);
  CHECK(told({"--metrics-addr=nonsense"}).size() == 1);
}

TEST_CASE("what a server may be asked for is the second half: names of hosts, groups and users") {
  const auto asks = [](const Args& args) { return has_names(config::good(args)); };
  CHECK_FALSE(asks({"--bind=127.0.0.1", "--rpc-addr=/x", "--metrics-addr=127.0.0.1:80"}));
  CHECK_FALSE(asks({"--rpc-group=0", "--rpc-uid=0", "--rpc-gid=0"}));
  CHECK(asks({"--bind=localhost"}));
  CHECK(asks({"--rpc-group=no-such-group"}));
  CHECK(asks({"--rpc-uid=no-such-user"}));
  CHECK(asks({"--rpc-gid=no-such-group"}));

  config::AgentConfig config = config::good({"--rpc-group=no-such-group"});
  config::Mistakes mistakes;
  prepare_here(config, mistakes);
  CHECK(mistakes.empty());
  look_up_names(config, NameServer::MayBeAway, mistakes);
  CHECK(mistakes.lines() == Args{"--rpc-group: there is no group \"no-such-group\""});
}

TEST_CASE("a snapshot needs a folder, and a place where a file can be") {
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "");
  CHECK(told({"--snapshot", folder.path() + "/new"}).empty());
  CHECK(told({"--snapshot=new"}).empty());
  CHECK(told({"--snapshot", file}).empty());
  CHECK(told({"--snapshot=/no/such/snapshot"}) ==
        Args{"--snapshot: there is no folder \"/no/such\""});
  CHECK(told({"--snapshot", file + "/snapshot"}) ==
        Args{"--snapshot: \"" + file + "\" is no folder"});
  CHECK(told({"--snapshot", folder.path()}) ==
        Args{"--snapshot: \"" + folder.path() + "\" is no regular file"});
  CHECK(told({"--snapshot=/dev/null"}) == Args{"--snapshot: \"/dev/null\" is no regular file"});
  // Whether the unit has made it yet or not.
  CHECK(told({"--snapshot=/var/lib/gossipd/snapshot"}).empty());
}

TEST_CASE("the default files are not read where an argument may have been meant to name another") {
  const TemporaryFolder folder;
  (void)folder.write("gossipd.toml", "bogus = 1\n");
  config::Mistakes mistakes;
  const config::CommandLine line =
      config::parse_command_line(Args{"--config-fil=/a.toml"}, mistakes);
  config::Environment environment;
  environment.default_folder = folder.path();
  (void)config::load(line, environment, mistakes);
  CHECK(mistakes.lines() == Args{"unknown flag --config-fil, did you mean --config-file?"});
}

}  // namespace
}  // namespace gossip::agent
