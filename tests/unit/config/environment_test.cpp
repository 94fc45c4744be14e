// Settings from the environment: GOSSIP_* variables, a service manager's credentials, process 1.
#include "config/environment.h"

#include <algorithm>
#include <array>

#include <doctest/doctest.h>

#include "config/load.h"
#include "config/secrets.h"
#include "unit/config/loading.h"
#include "unit/temporary_folder.h"

namespace gossip::config {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

Expected<AgentConfig> loaded_with(const Variables& variables, const Args& args = {}) {
  Environment environment;
  environment.variables = variables;
  return loaded_in(environment, args);
}

AgentConfig good_with(const Variables& variables, const Args& args = {}) {
  const Expected<AgentConfig> config = loaded_with(variables, args);
  REQUIRE_MESSAGE(config.has_value(), (config ? "" : config.error().message));
  return *config;
}

std::string complaint_about(const Variables& variables) {
  const Expected<AgentConfig> config = loaded_with(variables);
  REQUIRE_FALSE(config.has_value());
  return config.error().message;
}

TEST_CASE("a variable for each key, of whatever kind") {
  const AgentConfig config = good_with({{"GOSSIP_NODE_NAME", "web-1"},
                                        {"GOSSIP_RETRY_INTERVAL", "3s"},
                                        {"GOSSIP_RETRY_MAX_ATTEMPTS", "7"},
                                        {"GOSSIP_LEAVE_ON_TERMINATE", "true"},
                                        {"GOSSIP_ENABLE_COMPRESSION", "false"},
                                        {"GOSSIP_DISCOVER", "home"},
                                        {"GOSSIP_MDNS_INTERFACE", "eth1"},
                                        {"GOSSIP_RPC_ADDR", "/run/a.sock, 127.0.0.1:7373"},
                                        {"GOSSIP_TAGS", "role=web,zone=a b"},
                                        {"GOSSIP_RETRY_JOIN", "a:1, b"}});
  CHECK(config.node.node_name == "web-1");
  CHECK(config.retry_interval == std::chrono::seconds(3));
  CHECK(config.retry_max_attempts == 7);
  CHECK(config.leave_on_terminate);
  CHECK(config.node.compression == Compression::Off);
  CHECK(config.discovery.interface == "eth1");
  CHECK(config.rpc.addresses == Args{"/run/a.sock", "127.0.0.1:7373"});
  CHECK(config.node.tags == Tags{{"role", "web"}, {"zone", "a b"}});
  CHECK(config.retry_join == Args{"a:1", "b"});
  CHECK(config.warnings.empty());
}

TEST_CASE("every key has a variable of its own") {
  std::vector<std::string> names;
  for (const Option& option : options()) {
    if (!option.key.empty()) names.push_back(variable_of(option));
  }
  std::sort(names.begin(), names.end());
  CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
}

TEST_CASE("lists whose entries have commas stand one a line, handlers always") {
  const AgentConfig config = good_with(
      {{"GOSSIP_RETRY_JOIN", "a\n exec=/bin/x \"b,c\" \n\n"},
       {"GOSSIP_EVENT_HANDLERS", "member-join,member-leave=./members.sh\nuser:deploy=./deploy.sh"},
       {"GOSSIP_TAGS", "list=a,b,c\nk=v"}});
  CHECK(config.retry_join == Args{"a", "exec=/bin/x \"b,c\""});
  CHECK(config.events.handlers ==
        Args{"member-join,member-leave=./members.sh", "user:deploy=./deploy.sh"});
  CHECK(config.node.tags == Tags{{"list", "a,b,c"}, {"k", "v"}});
}

TEST_CASE("variables win over files, flags over variables") {
  const TemporaryFolder folder;
  const std::string file = folder.write("a.toml", "profile = \"wan\"\nnode_name = \"file\"\n");
  const Variables variables{{"GOSSIP_CONFIG_FILE", file}, {"GOSSIP_NODE_NAME", "variable"}};
  CHECK(good_with(variables).profile == "wan");
  CHECK(good_with(variables).node.node_name == "variable");
  CHECK(good_with(variables, {"--node=flag"}).node.node_name == "flag");
  CHECK(good_with({{"GOSSIP_CONFIG_DIR", folder.path()}}).node.node_name == "file");
}

TEST_CASE("errors name the variable") {
  CHECK(complaint_about({{"GOSSIP_RETRY_INTERVAL", "soon"}}).find("GOSSIP_RETRY_INTERVAL: ") == 0);
  CHECK(complaint_about({{"GOSSIP_PROTOCOL", "x"}}) ==
        "GOSSIP_PROTOCOL: \"x\" is not a whole number");
  CHECK(complaint_about({{"GOSSIP_TAGS", "role"}}) ==
        "GOSSIP_TAGS: \"role\" is not a tag in the form key=value");
  CHECK(complaint_about({{"GOSSIP_PROFILE", "moon"}}).find("GOSSIP_PROFILE: unknown profile") == 0);
}

TEST_CASE("what Kubernetes and handlers put there is nobody's option, a typo is warned about") {
  CHECK(good_with({{"GOSSIP_PORT", "tcp://10.0.0.1:7946"},
                   {"GOSSIP_SERVICE_HOST", "10.0.0.1"},
                   {"GOSSIP_PORT_7946_UDP_ADDR", "10.0.0.1"},
                   {"GOSSIP_EVENT", "user"},
                   {"GOSSIP_TAG_ROLE", "web"},
                   {"GOSSIP_SELF_NAME", "web-1"}})
            .warnings.empty());
  const AgentConfig config = good_with({{"GOSSIP_RETRY_JION", "a"}});
  REQUIRE(config.warnings.size() == 1);
  CHECK(config.warnings[0] ==
        "GOSSIP_RETRY_JION: no option has this name, did you mean GOSSIP_RETRY_JOIN?");
}

TEST_CASE("the environment is read as it stands in the process") {
  std::array<const char*, 6> entries{
      "GOSSIP_NODE_NAME=a=b",         "GOSSIP_BIND=", "GOSSIP_LABEL", "HOME=/root",
      "CREDENTIALS_DIRECTORY=/run/c", nullptr};
  const Environment environment = read_environment(entries.data());
  CHECK(environment.variables == Variables{{"GOSSIP_NODE_NAME", "a=b"}});
  CHECK(environment.credentials_directory == "/run/c");
  CHECK_FALSE(environment.supervised);
  entries[3] = "NOTIFY_SOCKET=/run/systemd/notify";
  CHECK(read_environment(entries.data()).supervised);
}

TEST_CASE("under supervision it leaves on terminate unless it is told otherwise") {
  Environment environment;
  environment.supervised = true;
  const auto leaves = [&](const Args& args) {
    return loaded_in(environment, args).value().leave_on_terminate;
  };
  CHECK(leaves({}));
  CHECK_FALSE(leaves({"--leave-on-terminate=false"}));
  environment.variables["GOSSIP_LEAVE_ON_TERMINATE"] = "false";
  CHECK_FALSE(leaves({}));
}

TEST_CASE("the key may be a credential, where there is no other") {
  const TemporaryFolder folder;
  const std::string ring =
      folder.write("ring", R"(["ZWTL+bgjHyQPhJRKcFe3ccirc2SFHmc/Nw67l8NQfdk="])");
  Environment environment;
  environment.credentials_directory = folder.path();
  const auto keys = [&](const Args& args) {
    return loaded_in(environment, args).value().node.encryption_keys;
  };
  CHECK(keys({}).empty());
  static_cast<void>(folder.write("gossip.key", std::string(kKey) + "\n"));
  CHECK(keys({}) == good({"--encrypt", kKey}).node.encryption_keys);
  CHECK(keys({"--keyring-file", ring}) == good({"--keyring-file", ring}).node.encryption_keys);
  CHECK(keys({"--encrypt", "MTIzNDU2Nzg5MDEyMzQ1Ng=="}).at(0).size() == 16);
  static_cast<void>(folder.write("gossip.key", "no key\n"));
  const Expected<AgentConfig> bad = loaded_in(environment);
  REQUIRE_FALSE(bad.has_value());
  CHECK(bad.error().message.find(folder.path() + "/gossip.key: ") == 0);
}

}  // namespace
}  // namespace gossip::config
