#include "config/load.h"

#include <cstdlib>
#include <fstream>

#include <unistd.h>

#include <doctest/doctest.h>

namespace gossip::config {
namespace {

// A folder that is gone with its files at the end of the test.
class Folder {
 public:
  Folder() {
    char name[] = "/tmp/gossip-config-XXXXXX";
    path_ = ::mkdtemp(name);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  Folder(Folder&&) = delete;
  Folder& operator=(Folder&&) = delete;
  ~Folder() {
    for (const std::string& file : files_)
      ::unlink(file.c_str());
    ::rmdir(path_.c_str());
  }
  std::string write(const std::string& name, const std::string& text) {
    files_.push_back(path_ + "/" + name);
    std::ofstream(files_.back()) << text;
    return files_.back();
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::vector<std::string> files_;
};

using Args = std::vector<std::string>;

Expected<AgentConfig> loaded(const Args& args, const std::string& environment_key = "") {
  const Expected<CommandLine> line = parse_command_line(args);
  if (!line) return tl::unexpected<Error>(line.error());
  return load(*line, environment_key);
}

AgentConfig good(const Args& args, const std::string& environment_key = "") {
  const Expected<AgentConfig> config = loaded(args, environment_key);
  REQUIRE_MESSAGE(config.has_value(), (config ? "" : config.error().message));
  return *config;
}

std::string complaint(const Args& args, const std::string& environment_key = "") {
  const Expected<AgentConfig> config = loaded(args, environment_key);
  REQUIRE_FALSE(config.has_value());
  CHECK(config.error().message.find('\n') == std::string::npos);
  return config.error().message;
}

constexpr const char* kKey = "HvY8ubRZMgafUOWvrOadwOckVa1wN3QWAo46FVKbVN8=";  // 32 bytes
constexpr const char* kShortKey = "T9jncgl9mbLus+baTTa7q7nPSUrXwbDi2dhbtqir37s";

TEST_CASE("without flags the configuration is Serf's defaults") {
  const AgentConfig config = good({});
  CHECK(config.node.bind_addr == "0.0.0.0");
  CHECK(config.node.node_name.empty());
  CHECK(config.node.protocol == 5);
  CHECK(config.node.compression == Compression::kOn);
  CHECK(config.node.timing.probe_interval == std::chrono::seconds(1));
  CHECK(config.retry_interval == std::chrono::seconds(30));
  CHECK(config.retry_max_attempts == 0);
  CHECK(config.log_level == LogLevel::kInfo);
  CHECK(config.rpc.addresses.empty());
  CHECK(config.rpc.socket_mode == 0600);
  CHECK(config.warnings.empty());
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
  CHECK(config.node.replay_on_join == Replay::kDeliverOld);
  CHECK(config.rpc.addresses == Args{"/tmp/g1.sock", "127.0.0.1:7373"});
  CHECK(config.rpc.socket_mode == 0660);
  CHECK(config.rpc.socket_group == "gossipd");
  CHECK(config.log_level == LogLevel::kDebug);
  CHECK(config.leave_on_terminate);
  CHECK(config.skip_leave_on_interrupt);
  CHECK(config.profile == "wan");
  CHECK(config.node.timing.probe_interval == std::chrono::seconds(5));
  CHECK(config.node.timing.broadcast_timeout == std::chrono::seconds(7));
  CHECK(config.node.timing.reconnect_interval == std::chrono::seconds(10));
  CHECK(config.node.timing.reconnect_timeout == std::chrono::hours(1));
  CHECK(config.node.timing.tombstone_timeout == std::chrono::hours(2));
  CHECK(config.node.protocol == 4);
  CHECK(config.node.compression == Compression::kOff);
  CHECK(config.log_output == LogOutput::kStdout);
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
  Folder folder;
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
  Folder folder;
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
  CHECK(config.node.replay_on_join == Replay::kIgnoreOld);
  CHECK(config.node.advertise_addr.empty());
  CHECK_FALSE(config.leave_on_terminate);
  CHECK(config.retry_join == Args{"a", "a", "b", "c"});  // 1.json was named twice
  CHECK(config.node.tags == Tags{{"k", "2"}, {"l", "3"}});
  CHECK(config.rpc.addresses == Args{"/b.sock", "/c.sock"});
  CHECK(config.node.compression == Compression::kOn);
  config = good({"-config-dir", folder.path(), "-rpc-addr=/d.sock"});
  CHECK(config.rpc.addresses == Args{"/d.sock"});
}

TEST_CASE("an unknown key is told with its place and the key that was meant") {
  Folder folder;
  const std::string json =
      folder.write("a.json", "{\n  \"bind\": \"127.0.0.1\",\n  \"node_nam\": \"x\"\n}");
  CHECK(complaint({"--config-file", json}) ==
        json + ":3: unknown key \"node_nam\", did you mean \"node_name\"?");
  const std::string toml = folder.write("a.toml", "bind = \"127.0.0.1\"\n  zzz = 1\n");
  CHECK(complaint({"--config-file", toml}) == toml + ":2:3: unknown key \"zzz\"");
  CHECK(complaint({"--nodee=x"}) == "unknown flag --nodee, did you mean --node?");
  CHECK(complaint({"-qqqqq"}) == "unknown flag --qqqqq (gossipd --help lists them)");
  CHECK(complaint({"stray"}) == "unexpected argument \"stray\" (gossipd takes flags only)");
}

TEST_CASE("a file that cannot be read or understood is told with its place") {
  Folder folder;
  CHECK(complaint({"--config-file=/nonexistent.json"}) ==
        "/nonexistent.json: No such file or directory");
  CHECK(complaint({"--config-dir=/nonexistent"}) == "/nonexistent: No such file or directory");
  CHECK(complaint({"--config-file", folder.path()}) == folder.path() + ": Is a directory");
  const auto begins = [](const std::string& text, const std::string& start) {
    CHECK_MESSAGE(text.substr(0, start.size()) == start, text);
  };
  const std::string broken = folder.write("b.json", "{\n\"bind\": \n");
  begins(complaint({"--config-file", broken}), broken + ":3: syntax error");
  const std::string list = folder.write("l.json", "[\"x\"]");
  begins(complaint({"--config-file", list}), list + ":1: expected an object");
  const std::string text = folder.write("t.json", "\"x\"");
  begins(complaint({"--config-file", text}), text + ":1: expected an object");
  const std::string toml = folder.write("b.toml", "a = 1\nbind = [\n");
  begins(complaint({"--config-file", toml}), toml + ":");
  const std::string deep = folder.write("d.json", "{\"tags\": " + std::string(5000, '['));
  begins(complaint({"--config-file", deep}), deep + ":1: nested too deep");
  const std::string big = folder.write("big.json", std::string(1100000, ' '));
  begins(complaint({"--config-file", big}), big + ": longer than 1048576 bytes");
}

TEST_CASE("a value of the wrong kind says what was expected") {
  Folder folder;
  const auto json = [&](const std::string& text) {
    const std::string path = folder.write("w.json", text);
    const std::string message = complaint({"--config-file", path});
    REQUIRE(message.substr(0, path.size()) == path);
    return message.substr(path.size());
  };
  CHECK(json(R"({"node_name": 5})") == ":1: node_name: expected text in quotes, got the number 5");
  CHECK(json(R"({"node_name": 1.5})") ==
        ":1: node_name: expected text in quotes, got the number 1.5");
  CHECK(json(R"({"replay_on_join": "yes"})") ==
        ":1: replay_on_join: expected true or false, got the text \"yes\"");
  CHECK(json("{\"tags\":\n {\"a\": 1}}") ==
        ":1: tags: expected a table of texts, got a table with a number in it");
  CHECK(json(R"({"retry_join": ["a", null]})") ==
        ":1: retry_join: expected a list of texts, got a list with null in it");
  CHECK(json(R"({"retry_interval": "5"})").find("unit is missing") != std::string::npos);
  CHECK(json(R"({"retry_interval": 5})") ==
        ":1: retry_interval: expected a duration such as \"30s\", got the number 5");
  CHECK(json(R"({"protocol": 18446744073709551615})") ==
        ":1: protocol: expected a whole number, got a huge number");
  const std::string toml = folder.write("w.toml", "retry_join = [1]\n");
  CHECK(complaint({"--config-file", toml}) ==
        toml +
            ":1:1: retry_join: expected a list of texts, got a list with a value of type integer");
  CHECK(complaint({"--retry-max=x"}) == "--retry-max: \"x\" is not a whole number");
  CHECK(complaint({"--tag=x"}) == "--tag: \"x\" is not a tag in the form key=value");
  CHECK(complaint({"--tag==x"}) == "--tag: \"=x\" is not a tag in the form key=value");
  CHECK(complaint({"--replay=maybe"}) == "--replay: \"maybe\" is not true or false");
  CHECK(complaint({"--retry-interval=often"}).substr(0, 35) ==
        "--retry-interval: \"often\" is no dur");
  CHECK(complaint({"--retry-interval=-5s"}) == "--retry-interval: \"-5s\" is negative");
  CHECK(complaint({"-replay", "-node"}) == "--node: a value is missing");
}

TEST_CASE("what cannot work is refused with the flag or the place that said it") {
  Folder folder;
  const std::string toml = folder.write("v.toml", "\nbind = \"300.1.2.3\"\n");
  CHECK(complaint({"--config-file", toml}).substr(0, toml.size() + 11) == toml + ":2:1: bind:");
  for (const char* bad : {"127.0.0.1:x", "127.0.0.1:70000", "1.2.3", "a b", "host:x", "[::1"}) {
    CHECK(complaint({"--bind", bad}).substr(0, 7) == "--bind:");
    CHECK(complaint({"--advertise", bad}).substr(0, 12) == "--advertise:");
  }
  CHECK(good({"--bind=localhost:0"}).node.bind_addr == "localhost:0");
  CHECK(complaint({"--join="}) == "--join: an address is empty");
  CHECK(complaint({"--profile=fast"}) ==
        "--profile: unknown profile \"fast\", there are lan, wan and local");
  CHECK(complaint({"--protocol=6"}) ==
        "--protocol: protocol version 6 is not supported, only 2 to 5 are");
  CHECK(complaint({"--protocol=-1"}).substr(0, 11) == "--protocol:");
  CHECK(complaint({"--retry-max=-1"}).substr(0, 12) == "--retry-max:");
  CHECK(complaint({"--log-level=LOUD"}) ==
        "--log-level: unknown log level \"LOUD\", there are trace, debug, info, warn and err");
  CHECK(complaint({"--log-output=syslog"}) ==
        "--log-output: \"syslog\" is neither stderr nor stdout");
  CHECK(complaint({"--rpc-mode=999"}) ==
        "--rpc-mode: \"999\" is no file mode (for example \"0660\")");
  CHECK(complaint({"--reconnect-interval=0"}).substr(0, 21) == "--reconnect-interval:");
  CHECK(complaint({"--label", std::string(256, 'x')}).substr(0, 8) == "--label:");
  CHECK(complaint({"--node", std::string(513, 'x')}).substr(0, 7) == "--node:");
  CHECK(complaint({"--tags-file=/x", "--tag=a=b"}) ==
        "--tag: tags are not allowed beside a tags file");
  CHECK(complaint({"--tags-file=/x", "--role=b"}) ==
        "--role: tags are not allowed beside a tags file");
  const std::string json = folder.write("s.json", "{\"user_event_size_limit\": 9217}");
  CHECK(complaint({"--config-file", json}).substr(0, json.size() + 26) ==
        json + ":1: user_event_size_limit:");
}

TEST_CASE("the encryption key comes from a flag, a file, the environment or a keyring") {
  Folder folder;
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

TEST_CASE("a bad key is told without showing it") {
  Folder folder;
  const std::string empty = folder.write("empty", "");
  const std::string none = folder.write("none", "[]");
  const std::string text = folder.write("text", "{\"a\": 1}");
  const std::string wrong = folder.write("wrong", "[\"MTIzNDU=\"]");
  const std::string ring = folder.write("ring", "[\"" + std::string(kKey) + "\"]");
  CHECK(complaint({"--encrypt", kShortKey}) ==
        "--encrypt: the encryption key is not base64 (gossipctl keygen makes one)");
  CHECK(complaint({"--encrypt=MTIzNDU="}) ==
        "--encrypt: the encryption key is 5 bytes long, it must be 16, 24 or 32");
  CHECK(complaint({}, "MTIzNDU=") ==
        "GOSSIP_ENCRYPT_KEY: the encryption key is 5 bytes long, it must be 16, 24 or 32");
  CHECK(complaint({"--encrypt-file", empty}) == empty + ": the first line is empty");
  CHECK(complaint({"--encrypt", kKey, "--encrypt-file", empty}) ==
        "--encrypt-file: encrypt_key and encrypt_key_file are both set, choose one");
  CHECK(complaint({"--keyring-file", none}) == none + ": the keyring file contains no keys");
  CHECK(complaint({"--keyring-file", text}) == text + ":1: expected a list of texts");
  CHECK(complaint({"--keyring-file", wrong}) ==
        wrong + ": key 1: the encryption key is 5 bytes long, it must be 16, 24 or 32");
  CHECK(complaint({"--keyring-file", ring, "--encrypt", kKey}) ==
        "--encrypt: an encryption key is not allowed beside a keyring file");
  CHECK(complaint({"--keyring-file", ring}, kKey) ==
        "GOSSIP_ENCRYPT_KEY: an encryption key is not allowed beside a keyring file");
}

TEST_CASE("the RPC token comes from its file or from a configuration file") {
  Folder folder;
  const std::string token = folder.write("token", "secret\n");
  const std::string json = folder.write("a.json", "{\"rpc_auth\": \"other\"}");
  CHECK(good({"--rpc-auth-file", token}).rpc.auth_key == "secret");
  CHECK(good({"--config-file", json}).rpc.auth_key == "other");
  CHECK(complaint({"--config-file", json, "--rpc-auth-file", token}) ==
        "--rpc-auth-file: rpc_auth and rpc_auth_file are both set, choose one");
}

TEST_CASE("what this version does not do is refused or warned about, never ignored") {
  Folder folder;
  CHECK(complaint({"-event-handler=x.sh"}) ==
        "--event-handler: this version runs no event handlers");
  CHECK(complaint({"-snapshot", "/s"}) == "--snapshot: this version keeps no snapshot");
  CHECK(complaint({"-discover=x"}) == "--discover: this version has no mDNS discovery");
  CHECK(complaint({"-syslog"}) == "--syslog: this version does not log to syslog");
  const std::string refused = folder.write("r.json", "{\n\"event_handlers\": [\"x.sh\"]}");
  CHECK(complaint({"--config-file", refused}) ==
        refused + ":2: event_handlers: this version runs no event handlers");
  const std::string mdns = folder.write("m.toml", "[mdns]\ndisable_ipv4 = true\n");
  CHECK(complaint({"--config-file", mdns}).find("mDNS") != std::string::npos);
  const std::string warned =
      folder.write("w.json", R"({"statsd_addr": "127.0.0.1:8125", "query_size_limit": 2048,
                    "disable_coordinates": true, "disable_name_resolution": false,
                    "event_handlers": [], "snapshot_path": "", "enable_syslog": false})");
  const AgentConfig config = good({"--config-file", warned});
  REQUIRE(config.warnings.size() == 3);
  CHECK(config.warnings[0] == warned + ":1: statsd_addr: this version sends no metrics");
}

TEST_CASE("what is done otherwise than asked is warned about") {
  const AgentConfig config = good(
      {"-rejoin", "-retry-interval=100ms", "-broadcast-timeout=10ms", "-role=web", "-tag=role=db"});
  CHECK(config.retry_interval == std::chrono::seconds(1));
  CHECK(config.node.timing.broadcast_timeout == std::chrono::seconds(1));
  CHECK(config.node.tags == Tags{{"role", "web"}});
  CHECK(config.warnings.size() == 4);
}

TEST_CASE("help, version and check are requests of their own") {
  const auto request = [](const Args& args) { return parse_command_line(args).value().request; };
  CHECK(request({}) == Request::kRun);
  CHECK(request({"--help", "--bogus"}) == Request::kHelp);
  CHECK(request({"-h"}) == Request::kHelp);
  CHECK(request({"-help"}) == Request::kHelp);
  CHECK(request({"--version"}) == Request::kVersion);
  CHECK(request({"-check-config"}) == Request::kCheckConfig);
  CHECK(parse_command_line(Args{"-node", "--help"}).value().flags.at(0).text == "--help");
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
