#include "config/load.h"

#include <sys/stat.h>

#include <doctest/doctest.h>

#include "config/files.h"
#include "config/options.h"
#include "unit/config/loading.h"
#include "unit/temporary_folder.h"

namespace gossip::config {
namespace {

TEST_CASE("without flags the configuration is Serf's defaults") {
  const AgentConfig config = good({});
  CHECK(config.node.bind_addr == "0.0.0.0");
  CHECK(config.node.node_name.empty());
  CHECK(config.node.protocol == 5);
  CHECK(config.node.compression == Compression::On);
  CHECK(config.node.timing.probe_interval == std::chrono::seconds(1));
  CHECK(config.retry_interval == std::chrono::seconds(30));
  CHECK(config.retry_max_attempts == 0);
  CHECK(config.rpc.max_clients == 256);
  CHECK(config.log_level == LogLevel::Info);
  CHECK(config.rpc.addresses.empty());
  CHECK(config.rpc.socket_mode == 0600);
  CHECK(config.warnings.empty());
}

TEST_CASE("event handlers add up over files and flags, their limits do not") {
  const TemporaryFolder folder;
  const std::string file = folder.write(
      "h.toml",
      "event_handlers = [\"a\", \"user=b\"]\nhandler_timeout = \"5s\"\ncoalesce_events = false\n");
  const AgentConfig config = good({"--config-file", file, "-event-handler=c", "--event-handler",
                                   "*=d", "--handler-timeout=9s", "--handler-queue=7"});
  CHECK(config.events.handlers == std::vector<std::string>{"a", "user=b", "c", "*=d"});
  CHECK(config.events.handler_timeout == std::chrono::seconds(9));
  CHECK(config.events.handler_queue == 7);
  CHECK(config.events.coalesce_members);
  CHECK_FALSE(config.events.coalesce_events);
  CHECK(good({}).events.coalesce_events);
}

TEST_CASE("every flag of a session reaches the configuration, with one dash or two") {
  const AgentConfig config = good({"agent",
                                   "-node=g1",
                                   "-bind",
                                   "127.0.3.2:7000",
                                   "--advertise=192.0.2.1",
                                   "-iface=lo",
                                   "--tag",
                                   "role=web",
                                   "-tag=empty=",
                                   "--join=127.0.3.1",
                                   "-join",
                                   "host:7946",
                                   "--retry-join",
                                   "127.0.3.3",
                                   "-retry-interval=1m30s",
                                   "-retry-max=2",
                                   "-replay",
                                   "--rpc-addr",
                                   "/tmp/g1.sock",
                                   "-rpc-addr=127.0.0.1:7373",
                                   "--rpc-mode=0660",
                                   "--rpc-group",
                                   "gossipd",
                                   "-log-level=DEBUG",
                                   "--leave-on-terminate",
                                   "--skip-leave-on-interrupt=true",
                                   "-profile=wan",
                                   "-protocol=4",
                                   "-disable-compression",
                                   "--broadcast-timeout=7s",
                                   "--reconnect-interval=10s",
                                   "--reconnect-timeout=1h",
                                   "--tombstone-timeout=2h",
                                   "--restart-grace=3s",
                                   "--rpc-max-clients=8",
                                   "--log-output=stdout",
                                   "--label=blue"});
  CHECK(config.node.node_name == "g1");
  CHECK(config.node.bind_addr == "127.0.3.2:7000");
  CHECK(config.node.advertise_addr == "192.0.2.1");
  CHECK(config.interface == "lo");
  CHECK(config.node.tags == Tags{{"empty", ""}, {"role", "web"}});
  CHECK(config.node.start_join_addrs == Args{"127.0.3.1", "host:7946"});
  CHECK(config.retry_join == Args{"127.0.3.3"});
  CHECK(config.retry_interval == std::chrono::seconds(90));
  CHECK(config.retry_max_attempts == 2);
  CHECK(config.node.replay_on_join == Replay::DeliverOld);
  CHECK(config.rpc.addresses == Args{"/tmp/g1.sock", "127.0.0.1:7373"});
  CHECK(config.rpc.socket_mode == 0660);
  CHECK(config.rpc.max_clients == 8);
  CHECK(config.rpc.socket_group == "gossipd");
  CHECK(config.log_level == LogLevel::Debug);
  CHECK(config.leave_on_terminate);
  CHECK(config.skip_leave_on_interrupt);
  CHECK(config.profile == "wan");
  CHECK(config.node.timing.probe_interval == std::chrono::seconds(5));
  CHECK(config.node.timing.broadcast_timeout == std::chrono::seconds(7));
  CHECK(config.node.timing.reconnect_interval == std::chrono::seconds(10));
  CHECK(config.node.timing.reconnect_timeout == std::chrono::hours(1));
  CHECK(config.node.timing.tombstone_timeout == std::chrono::hours(2));
  CHECK(config.node.timing.restart_grace == std::chrono::seconds(3));
  CHECK(config.node.protocol == 4);
  CHECK(config.node.compression == Compression::Off);
  CHECK(config.log_output == LogOutput::Stdout);
  CHECK(config.node.label == "blue");
}

TEST_CASE("IPv6 addresses in brackets and repeated flags arrive as written") {
  const AgentConfig config = good({"--join=[::1]:7946", "--join", "[::1]", "--node=[a,b]",
                                   "--bind=[::1]:7946", "--node", "last"});
  CHECK(config.node.start_join_addrs == Args{"[::1]:7946", "[::1]"});
  CHECK(config.node.node_name == "last");
  CHECK(config.node.bind_addr == "[::1]:7946");
}

TEST_CASE("Serf's JSON and TOML say the same") {
  const TemporaryFolder folder;
  const std::string json = folder.write("a.json", R"({
    "Node_Name": "g2", "tags": {"role": "db", "dc": "east"}, "retry_join": ["h1", "h2"],
    "retry_max_attempts": 3, "leave_on_terminate": true, "broadcast_timeout": "8s",
    "rpc_addr": "127.0.0.1:7373", "bind": null
  })");
  const std::string toml = folder.write("a.toml", R"(
node_name = "g2"
retry_join = ["h1", "h2"]
retry_max_attempts = 3
leave_on_terminate = true
broadcast_timeout = "8s"
rpc_addr = ["127.0.0.1:7373"]
[tags]
role = "db"
dc = "east"
)");
  for (const std::string& file : {json, toml}) {
    const AgentConfig config = good({"-config-file", file});
    CHECK(config.node.node_name == "g2");
    CHECK(config.node.tags == Tags{{"dc", "east"}, {"role", "db"}});
    CHECK(config.retry_join == Args{"h1", "h2"});
    CHECK(config.retry_max_attempts == 3);
    CHECK(config.leave_on_terminate);
    CHECK(config.node.timing.broadcast_timeout == std::chrono::seconds(8));
    CHECK(config.rpc.addresses == Args{"127.0.0.1:7373"});
  }
}

TEST_CASE("the last source wins, false over true and empty over text, and lists add up") {
  const TemporaryFolder folder;
  const std::string first = folder.write("1.json", R"({"replay_on_join": true, "node_name": "x",
      "retry_join": ["a"], "leave_on_terminate": true, "tags": {"k": "1", "l": "1"},
      "rpc_addr": "/a.sock", "advertise": "192.0.2.1", "enable_compression": false})");
  const std::string second = folder.write("2.toml", R"(
replay_on_join = false
advertise = ""
retry_join = ["b"]
rpc_addr = ["/b.sock", "/c.sock"]
enable_compression = true
[tags]
k = "2"
)");
  AgentConfig config = good({"--config-file", first, "--leave-on-terminate=false", "-config-dir",
                             folder.path(), "-tag=l=3", "-retry-join=c"});
  CHECK(config.node.replay_on_join == Replay::IgnoreOld);
  CHECK(config.node.advertise_addr.empty());
  CHECK_FALSE(config.leave_on_terminate);
  CHECK(config.retry_join == Args{"a", "a", "b", "c"});  // 1.json was named twice
  CHECK(config.node.tags == Tags{{"k", "2"}, {"l", "3"}});
  CHECK(config.rpc.addresses == Args{"/b.sock", "/c.sock"});
  CHECK(config.node.compression == Compression::On);
  config = good({"-config-dir", folder.path(), "-rpc-addr=/d.sock"});
  CHECK(config.rpc.addresses == Args{"/d.sock"});
}

TEST_CASE("the encryption key comes from a flag, a file, the environment or a keyring") {
  const TemporaryFolder folder;
  const std::string file = folder.write("key", std::string(kKey) + "\nmore\n");
  const std::string ring = folder.write(
      "ring",
      R"(["HvY8ubRZMgafUOWvrOadwOckVa1wN3QWAo46FVKbVN8=", "ZWTL+bgjHyQPhJRKcFe3ccirc2SFHmc/Nw67l8NQfdk="])");
  CHECK(good({}).node.encryption_keys.empty());
  CHECK(good({"--encrypt", kKey}).node.encryption_keys.at(0).size() == 32);
  CHECK(good({"--encrypt-file", file}).node.encryption_keys == good({}, kKey).node.encryption_keys);
  CHECK(good({"--encrypt", "MTIzNDU2Nzg5MDEyMzQ1Ng=="}, kKey).node.encryption_keys.at(0).size() ==
        16);
  CHECK(good({"--keyring-file", ring}).node.encryption_keys.size() == 2);
  CHECK(good({"--keyring-file", ring}).node.encryption_keys[0] ==
        good({"--encrypt", kKey}).node.encryption_keys[0]);
}

TEST_CASE("the RPC token comes from its file or from a configuration file") {
  const TemporaryFolder folder;
  const std::string token = folder.write("token", "secret\n");
  const std::string json = folder.write("a.json", "{\"rpc_auth\": \"other\"}");
  CHECK(good({"--rpc-auth-file", token}).rpc.auth_key == "secret");
  CHECK(good({"--config-file", json}).rpc.auth_key == "other");
  CHECK(complaint({"--config-file", json, "--rpc-auth-file", token}) ==
        "--rpc-auth-file: rpc_auth and rpc_auth_file are both set, choose one");
}

TEST_CASE("a file with a secret among its settings is warned about if others can read it") {
  const TemporaryFolder folder;
  const std::string toml =
      folder.write("a.toml", "bind = \"127.0.0.1\"\nencrypt_key = \"" + std::string(kKey) + "\"\n");
  REQUIRE(::chmod(toml.c_str(), 0604) == 0);
  const AgentConfig open = good({"--config-file", toml});
  REQUIRE(open.warnings.size() == 1);
  CHECK(open.warnings[0].starts_with(toml + ":2:1: encrypt_key: others on this host can read"));
  CHECK(open.warnings[0].find(kKey) == std::string::npos);
  REQUIRE(::chmod(toml.c_str(), 0600) == 0);
  CHECK(good({"--config-file", toml}).warnings.empty());
  const std::string json = folder.write("a.json", R"({"rpc_auth": "t"})");
  REQUIRE(::chmod(json.c_str(), 0644) == 0);
  CHECK(good({"--config-file", json}).warnings.size() == 1);
  REQUIRE(::chmod(json.c_str(), 0640) == 0);  // our own group may
  CHECK(good({"--config-file", json}).warnings.empty());
  const std::string none = folder.write("none.toml", "encrypt_key = \"\"\n");
  REQUIRE(::chmod(none.c_str(), 0644) == 0);
  CHECK(good({"--config-file", none}).warnings.empty());
}

TEST_CASE("a file is open to others by its group only if that is none of the reader's") {
  const std::vector<gid_t> groups{20, 21};
  CHECK_FALSE(is_open_to_others(0600, 30, 7, groups));
  CHECK_FALSE(is_open_to_others(0640, 20, 7, groups));
  CHECK_FALSE(is_open_to_others(0640, 21, 7, groups));
  CHECK(is_open_to_others(0640, 30, 7, groups));
  CHECK(is_open_to_others(0604, 20, 7, groups));
  // Root checks what is lent to the agent's user, as the package does: 0640 root:gossipd.
  CHECK_FALSE(is_open_to_others(0640, 30, 0, groups));
  CHECK(is_open_to_others(0644, 30, 0, groups));
}

TEST_CASE("a secret that everybody can read is warned about") {
  const TemporaryFolder folder;
  const std::string token = folder.write("token", "secret\n");
  REQUIRE(::chmod(token.c_str(), 0644) == 0);
  // 600 alone would lock the package's agent out of a file that is root's.
  CHECK(good({"--rpc-auth-file", token}).warnings ==
        std::vector<std::string>{
            token +
            ": others on this host can read this secret (chmod 600 if the agent's user owns the "
            "file, else chmod 640 with the agent's group)"});
  REQUIRE(::chmod(token.c_str(), 0640) == 0);
  CHECK(good({"--rpc-auth-file", token}).warnings.empty());
}

TEST_CASE("what is done otherwise than asked is warned about") {
  const AgentConfig config = good(
      {"-rejoin", "-retry-interval=100ms", "-broadcast-timeout=10ms", "-role=web", "-tag=role=db"});
  CHECK(config.retry_interval == std::chrono::seconds(1));
  CHECK(config.node.timing.broadcast_timeout == std::chrono::seconds(1));
  CHECK(config.node.tags == Tags{{"role", "web"}});
  CHECK(config.warnings.size() == 4);
}

TEST_CASE("seeds of all kinds are understood, and one of mDNS names the cluster to discover") {
  const AgentConfig config = good({"--retry-join=10.0.0.1", "--retry-join", "exec=/bin/x a",
                                   "--retry-join=mdns:home", "--retry-join=dns+a.example"});
  REQUIRE(config.seeds.size() == 3);
  CHECK(config.seeds[1].target == "/bin/x a");
  CHECK(config.seeds[2].kind == SeedSpec::Kind::Name);
  CHECK(config.discovery.cluster == "home");
  CHECK(config.seed_refresh == std::chrono::minutes(1));
  CHECK(good({"--retry-join=mdns:home", "--discover=home"}).seeds.empty());
  CHECK(complaint({"--retry-join=mdns:home", "--discover=other"}) ==
        "--retry-join: seed \"mdns:home\": there is one mDNS cluster, and \"other\" is named "
        "already");
  CHECK(complaint({"--retry-join=provider=dns"}) ==
        "--retry-join: seed \"provider=dns\": \"name\" is missing");
  CHECK(complaint({"--join=dns+a.example"}) ==
        "--join: \"dns+a.example\" is no address; seeds of this kind stand in retry_join");
}

TEST_CASE("an agent with seeds is ready when it has joined, unless told otherwise") {
  using Kind = ReadyWhen::Kind;
  CHECK(good({}).ready_when == ReadyWhen{Kind::Started});
  CHECK(good({"--join=a"}).ready_when == ReadyWhen{Kind::Joined});
  CHECK(good({"--retry-join=a"}).ready_when == ReadyWhen{Kind::Joined});
  CHECK(good({"--retry-join=a", "--ready-when=started"}).ready_when == ReadyWhen{Kind::Started});
  CHECK(good({"--ready-when=joined"}).ready_when == ReadyWhen{Kind::Joined});
  CHECK(good({"--ready-when", "members>=3"}).ready_when == ReadyWhen{Kind::Members, 3});
  for (const char* bad : {"soon", "members>=", "members>=0", "members>=x", "members=3"}) {
    CHECK(complaint({"--ready-when", bad}) ==
          "--ready-when: \"" + std::string(bad) + "\" is none of started, joined and members>=N");
  }
}

TEST_CASE("help, version and check are requests of their own") {
  const auto request = [](const Args& args) { return parsed_line(args).value().request; };
  CHECK(request({}) == Request::Run);
  CHECK(request({"--help", "--bogus"}) == Request::Help);
  CHECK(request({"-h"}) == Request::Help);
  CHECK(request({"-help"}) == Request::Help);
  CHECK(request({"--version"}) == Request::Version);
  CHECK(request({"-v"}) == Request::Version);
  CHECK(request({"-check-config"}) == Request::CheckConfig);
  CHECK(parsed_line(Args{"-node", "--help"}).value().flags.at(0).text == "--help");
  for (const Option& option : options()) {
    if (option.flag.empty() || option.help.empty()) continue;
    CHECK(help_text().find("--" + std::string(option.flag)) != std::string::npos);
  }
}

TEST_CASE("what differs between two configurations is named") {
  const Settings before = good({"--tag=a=b", "--join=h", "--bind=127.0.0.1"}).settings;
  const Settings after = good({"--tag=a=c", "--join=h", "--disable-compression"}).settings;
  using Names = std::vector<std::string_view>;
  CHECK(changed(before, before).empty());
  CHECK(changed(before, after) == Names{"bind", "tags", "enable_compression"});
}

TEST_CASE("keys and flags of the table are unique") {
  for (const Option& option : options()) {
    if (!option.key.empty()) CHECK(find_key(option.key) == &option);
    if (!option.flag.empty()) CHECK(find_flag(option.flag) == &option);
  }
}

}  // namespace
}  // namespace gossip::config
