#include <algorithm>

#include <doctest/doctest.h>

#include "config/files.h"
#include "config/load.h"
#include "unit/config/loading.h"
#include "unit/temporary_folder.h"

namespace gossip::config {
namespace {

constexpr const char* kUnpaddedKey = "T9jncgl9mbLus+baTTa7q7nPSUrXwbDi2dhbtqir37s";

TEST_CASE("an unknown key is told with its place and the key that was meant") {
  const TemporaryFolder folder;
  const std::string json =
      folder.write("a.json", "{\n  \"bind\": \"127.0.0.1\",\n  \"node_nam\": \"x\"\n}");
  CHECK(complaint({"--config-file", json}) ==
        json + ":3:3: unknown key \"node_nam\", did you mean \"node_name\"?");
  const std::string toml = folder.write("a.toml", "bind = \"127.0.0.1\"\n  zzz = 1\n");
  CHECK(complaint({"--config-file", toml}) == toml + ":2:3: unknown key \"zzz\"");
  const std::string flag = folder.write("b.json", "{\"iface\": \"lo\"}");
  CHECK(complaint({"--config-file", flag}) ==
        flag + ":1:2: unknown key \"iface\", did you mean \"interface\"?");
  CHECK(complaint({"--nodee=x"}) == "unknown flag --nodee, did you mean --node?");
  CHECK(complaint({"--interface=x"}) == "unknown flag --interface, did you mean --iface?");
  CHECK(complaint({"-qqqqq"}) == "unknown flag --qqqqq (gossipd --help lists them)");
  CHECK(complaint({"--format=json"}) == "--format: goes with --print-config only");
  CHECK(complaint({"stray"}) == "unexpected argument \"stray\" (gossipd takes flags only)");
}

TEST_CASE("every argument that is none of ours is told in one run") {
  CHECK(complaints({"--nodee", "x", "--bind=127.0.0.1", "stray", "--zzzzz=1", "y", "--format=x"}) ==
        Args{"unknown flag --nodee, did you mean --node?",
             "unexpected argument \"stray\" (gossipd takes flags only)",
             "unknown flag --zzzzz (gossipd --help lists them)",
             "unexpected argument \"y\" (gossipd takes flags only)",
             "--format: \"x\" is neither text nor json"});
}

TEST_CASE("a file that cannot be read or understood is told with its place") {
  const TemporaryFolder folder;
  CHECK(complaint({"--config-file=/nonexistent.json"}) ==
        "/nonexistent.json: No such file or directory");
  CHECK(complaint({"--config-dir=/nonexistent"}) == "/nonexistent: No such file or directory");
  CHECK(complaint({"--config-file", folder.path()}) == folder.path() + ": Is a directory");
  const auto begins = [](const std::string& text, const std::string& start) {
    CHECK_MESSAGE(text.substr(0, start.size()) == start, text);
  };
  const std::string broken = folder.write("b.json", "{\n\"bind\": \n");
  begins(complaint({"--config-file", broken}), broken + ":3:1: syntax error");
  const std::string list = folder.write("l.json", "[\"x\"]");
  begins(complaint({"--config-file", list}), list + ":1:1: expected an object");
  const std::string text = folder.write("t.json", "\"x\"");
  begins(complaint({"--config-file", text}), text + ":1:1: expected an object");
  const std::string toml = folder.write("b.toml", "a = 1\nbind = [\n");
  begins(complaint({"--config-file", toml}), toml + ":");
  // Under UBSan: toml++ 3.3.0 does not know what such a letter is (tomlplusplus issue 190).
  const std::string letter = folder.write("letter.toml", "bind = \"a\"\nnode = \u03bc\n");
  begins(complaint({"--config-file", letter}), letter + ":2:");
  const std::string deep = folder.write("d.json", "{\"tags\": " + std::string(5000, '['));
  begins(complaint({"--config-file", deep}), deep + ":1:18: nested too deep");
  const std::string big = folder.write("big.json", std::string(1100000, ' '));
  begins(complaint({"--config-file", big}), big + ": longer than 1048576 bytes");
}

TEST_CASE("a value of the wrong kind says what was expected") {
  const TemporaryFolder folder;
  const auto json = [&](const std::string& text) {
    const std::string path = folder.write("w.json", text);
    const std::string message = complaint({"--config-file", path});
    REQUIRE(message.substr(0, path.size()) == path);
    return message.substr(path.size());
  };
  CHECK(json(R"({"node_name": 5})") ==
        ":1:2: node_name: expected text in quotes, got the number 5");
  CHECK(json(R"({"node_name": 1.5})") ==
        ":1:2: node_name: expected text in quotes, got the number 1.5");
  CHECK(json(R"({"rpc_auth": 973166})") == ":1:2: rpc_auth: expected text in quotes");
  CHECK(json(R"({"replay_on_join": "yes"})") ==
        ":1:2: replay_on_join: expected true or false, got the text \"yes\"");
  CHECK(json("{\"tags\":\n {\"a\": 1}}") ==
        ":2:8: tags: expected a table of texts, got a table with a number in it");
  CHECK(json(R"({"retry_join": ["a", null]})") ==
        ":1:22: retry_join: expected a list of texts, got a list with null in it");
  CHECK(json(R"({"retry_interval": "5"})").find("unit is missing") != std::string::npos);
  CHECK(json(R"({"retry_interval": 5})") ==
        ":1:2: retry_interval: expected a duration such as \"30s\", got the number 5");
  CHECK(json(R"({"protocol": 18446744073709551615})") ==
        ":1:2: protocol: expected a whole number, got a huge number");
  const std::string toml = folder.write("w.toml", "retry_join = [1]\n");
  CHECK(complaint({"--config-file", toml}) ==
        toml +
            ":1:15: retry_join: expected a list of texts, got a list with a value of type integer");
  CHECK(complaint({"--retry-max=x"}) == "--retry-max: \"x\" is not a whole number");
  CHECK(complaint({"--tag=x"}) == "--tag: \"x\" is not a tag in the form key=value");
  CHECK(complaint({"--tag==x"}) == "--tag: \"=x\" is not a tag in the form key=value");
  CHECK(complaint({"--replay=maybe"}) == "--replay: \"maybe\" is not true or false");
  CHECK(complaint({"--retry-interval=often"}).substr(0, 35) ==
        "--retry-interval: \"often\" is no dur");
  CHECK(complaint({"--retry-interval=-5s"}) == "--retry-interval: \"-5s\" is negative");
  CHECK(complaint({"-replay", "-node"}) == "--node: a value is missing");
}

TEST_CASE("every mistake of every source is told, not only the first") {
  const TemporaryFolder folder;
  const std::string toml = folder.write(
      "m.toml",
      "bindd = \"x\"\nprofile = \"fast\"\nlog_level = 3\n[swim]\nprobe_interval = \"1\"\n");
  const std::string json = folder.write(
      "m.json", "{\"protocol\": 9, \"nope\": 1,\n \"log_output\": \"x\", \"rpc_mode\": \"x\"}");
  const std::vector<std::string> told =
      complaints({"--config-file", toml, "--config-file", json, "--retry-max=x", "--join="});
  const auto begins = [&](const std::string& start) {
    return std::count_if(told.begin(), told.end(),
                         [&](const std::string& line) { return line.starts_with(start); });
  };
  for (const std::string& start :
       {toml + ":1:1: unknown key \"bindd\"",
        toml + ":2:1: profile: ", toml + ":3:1: log_level: ", toml + ":5:1: swim.probe_interval: ",
        json + ":1:2: protocol: ", json + ":1:17: unknown key", json + ":2:2: log_output: ",
        json + ":2:21: rpc_mode: ", std::string("--retry-max: "), std::string("--join: ")}) {
    CHECK_MESSAGE(begins(start) == 1, start);
  }
  CHECK(told.size() == 10);
}

TEST_CASE("of very many mistakes the first twenty are told, and how many more there are") {
  const TemporaryFolder folder;
  std::string text;
  for (int i = 1; i <= 23; ++i)
    text += "zzz" + std::to_string(i) + " = 1\n";
  const std::string toml = folder.write("many.toml", text);
  const std::vector<std::string> told = complaints({"--config-file", toml});
  REQUIRE(told.size() == 21);
  CHECK(told[19] == toml + ":20:1: unknown key \"zzz20\"");
  CHECK(told[20] == "and 3 more mistakes");
}

TEST_CASE("what an unknown key might mean is looked for only while it is told") {
  Mistakes mistakes;
  add_unknown_key("a:1:1", "bindd", mistakes);
  CHECK(mistakes.lines().front() == "a:1:1: unknown key \"bindd\", did you mean \"bind\"?");
  while (!mistakes.is_full())
    mistakes.add({ErrorCode::InvalidArgument, "another"});
  add_unknown_key("a:1:1", "bindd", mistakes);
  CHECK(mistakes.lines().back() == "and 1 more mistakes");
}

TEST_CASE("a wrong profile does not hide that the timing is wrong, nor invent that it is") {
  const TemporaryFolder folder;
  const std::string both = folder.write(
      "b.toml", "profile = \"fast\"\n[swim]\nprobe_timeout = \"3s\"\nprobe_interval = \"2s\"\n");
  const std::vector<std::string> told = complaints({"--config-file", both});
  REQUIRE(told.size() == 2);
  CHECK(told[0].starts_with(both + ":1:1: profile: unknown profile \"fast\""));
  CHECK(told[1].starts_with(both +
                            ":3:1: swim.probe_timeout: the timeout of a probe (3s) is longer"));
  // As long as wan's.
  const std::string one =
      folder.write("o.toml", "profile = \"wann\"\n[swim]\nprobe_timeout = \"3s\"\n");
  CHECK(complaints({"--config-file", one}).size() == 1);
}

TEST_CASE("what is wrong with an element of a list is told with the element's own place") {
  const TemporaryFolder folder;
  const std::string toml = folder.write("e.toml",
                                        "retry_join = [\n  \"ok\",\n  \"provider=aws\",\n  \"\",\n"
                                        "]\nstart_join = [\"a b\"]\n[tags]\na = \"x\"\nb = 2\n");
  const std::vector<std::string> told = complaints({"--config-file", toml});
  REQUIRE(told.size() == 4);
  CHECK(told[0].starts_with(toml + ":3:3: retry_join: seed \"provider=aws\": "));
  CHECK(told[1] == toml + ":4:3: retry_join: an address is empty");
  CHECK(told[2].starts_with(toml + ":6:15: start_join: seed \"a b\": "));
  CHECK(told[3].starts_with(toml + ":9:5: tags: expected a table of texts"));
  const std::string json = folder.write(
      "e.json", "{\"rpc_addr\": [\"/\u00fc\", \"\"], \"retry_join\":\n [\"b:c\", \"d:70000\" ]}");
  const std::vector<std::string> also = complaints({"--config-file", json, "--retry-join=e:f"});
  REQUIRE(also.size() == 4);
  CHECK(also[0] == json + ":1:21: rpc_addr: an address is empty");
  CHECK(also[1].starts_with(json + ":2:3: retry_join: seed \"b:c\": "));
  CHECK(also[2].starts_with(json + ":2:10: retry_join: seed \"d:70000\": "));
  CHECK(also[3].starts_with("--retry-join: seed \"e:f\": "));
}

TEST_CASE("what is wrong in a list or table hides no other mistake in it") {
  const TemporaryFolder folder;
  const auto starts_of = [](const Args& args, std::size_t file_length) {
    std::vector<std::string> starts;
    for (const std::string& line : complaints(args)) {
      const std::string rest = line.substr(file_length);
      starts.push_back(rest.substr(0, rest.find(' ')));
    }
    std::sort(starts.begin(), starts.end());
    return starts;
  };
  using Strings = std::vector<std::string>;
  const std::string toml = folder.write(
      "e.toml",
      "retry_join = [\n  1,\n  \"provider=aws\",\n  [2]]\n[tags]\na = 1\nb = \"x\"\nc = true\n");
  CHECK(starts_of({"--config-file", toml}, toml.size()) ==
        Strings{":2:3:", ":3:3:", ":4:3:", ":6:5:", ":8:5:"});
  const std::string json = folder.write(
      "e.json",
      "{\"retry_join\": [\n1,\n\"provider=aws\",\n[[2], 3], null],\n\"tags\":\n{\"a\": 1,\n"
      "\"b\": \"x\", \"c\": {\"d\": 1}}}");
  CHECK(starts_of({"--config-file", json}, json.size()) ==
        Strings{":2:1:", ":3:1:", ":4:11:", ":4:1:", ":6:7:", ":7:16:"});
  // Where no list may stand at all, its elements are no mistakes of their own.
  const std::string name = folder.write("n.toml", "node_name = [1, 2]\n");
  CHECK(complaint({"--config-file", name}) ==
        name + ":1:1: node_name: expected text in quotes, got a list");
  // Nor where it is not looked at.
  for (const char* file : {"u.toml", "u.json"}) {
    const bool is_json = std::string_view(file).ends_with(".json");
    const std::string unused = folder.write(
        file, is_json ? R"({"validate_node_names": [1, 2]})" : "validate_node_names = [1, 2]\n");
    CHECK(good({"--config-file", unused}).warnings.size() == 1);
  }
}

TEST_CASE("what is wrong in a list or table is told twenty times, then counted") {
  const TemporaryFolder folder;
  std::string list = "[1";
  std::string table;
  for (std::size_t i = 1; i < 1000; ++i) {
    list += ",1";
    table += (i > 1 ? ",\"" : "\"") + std::to_string(i) + "\":1";
  }
  list += "]";
  for (const std::string& file :
       {folder.write("w.toml", "retry_join = " + list + "\nrpc_uids = " + list),
        folder.write("w.json", "{\"retry_join\": " + list + ", \"rpc_uids\": " + list + "}"),
        folder.write("t.json", "{\"retry_join\": " + list + ", \"rpc_uid\": 1, \"tags\": {" +
                                   table + "}}")}) {
    const std::vector<std::string> told = complaints({"--config-file", file});
    REQUIRE(told.size() == Mistakes::kMostTold + 1);
    CHECK(told.back() == "and 1980 more mistakes");
  }
}

TEST_CASE("JSON that is none is told with the line and the column where it ceases to be") {
  const TemporaryFolder folder;
  const auto at = [&](const std::string& text) {
    const std::string path = folder.write("j.json", text);
    const std::string message = complaint({"--config-file", path});
    REQUIRE(message.starts_with(path + ":"));
    return message.substr(path.size(), message.find(": ") - path.size());
  };
  CHECK(at("{\"bind\": \"1.2.3.4\",\n  \"role\" \"x\"}") == ":2:10");
  CHECK(at("{\n  \"bind\": tru }") == ":2:11");
  CHECK(at("{\n  \"bind\": \"1.2.3.4\",\n  ,}") == ":3:3");
  CHECK(at("{\"bind\": \"1.2.3.4\"} 5") == ":1:21");
  CHECK(at("{\"bind\": \"1.2") == ":1:10");
}

TEST_CASE("what cannot work is refused with the flag or the place that said it") {
  const TemporaryFolder folder;
  const std::string toml = folder.write("v.toml", "\nbind = \"300.1.2.3\"\n");
  CHECK(complaint({"--config-file", toml}).substr(0, toml.size() + 11) == toml + ":2:1: bind:");
  for (const char* bad : {"127.0.0.1:x", "127.0.0.1:70000", "1.2.3", "a b", "host:x", "[::1"}) {
    CHECK(complaint({"--bind", bad}).substr(0, 7) == "--bind:");
    CHECK(complaint({"--advertise", bad}).substr(0, 12) == "--advertise:");
  }
  CHECK(complaint({"--bind=a b"}) ==
        "--bind: \"a b\" is not an IP address (write 192.0.2.1, 192.0.2.1:7946, "
        "[2001:db8::1]:7946, or a name that has an address)");
  CHECK(complaint({"--advertise=[::]:0"}) ==
        "--advertise: nobody can reach \"[::]:0\", write the address that others use");
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
  for (const std::string count : {"0", "-1", "65537"}) {
    CHECK(complaint({"--rpc-max-clients=" + count}) ==
          "--rpc-max-clients: must be between 1 and 65536");
  }
  CHECK(complaint({"--reconnect-interval=0"}).substr(0, 21) == "--reconnect-interval:");
  CHECK(complaint({"--restart-grace=-1s"}) == "--restart-grace: \"-1s\" is negative");
  CHECK(good({"--restart-grace=0s"}).node.timing.restart_grace == Duration::zero());
  CHECK(complaint({"--label", std::string(256, 'x')}).substr(0, 8) == "--label:");
  CHECK(complaint({"--node", std::string(513, 'x')}).substr(0, 7) == "--node:");
  CHECK(complaint({"--tags-file=/x", "--tag=a=b"}) ==
        "--tag: tags are not allowed beside a tags file");
  CHECK(complaint({"--tags-file=/x", "--role=b"}) ==
        "--role: tags are not allowed beside a tags file");
  const std::string json = folder.write("s.json", "{\"user_event_size_limit\": 9217}");
  CHECK(complaint({"--config-file", json}).substr(0, json.size() + 28) ==
        json + ":1:2: user_event_size_limit:");
}

TEST_CASE("a bad key is told without showing it") {
  const TemporaryFolder folder;
  const std::string empty = folder.write("empty", "");
  const std::string none = folder.write("none", "[]");
  const std::string text = folder.write("text", "{\"a\": 1}");
  const std::string wrong = folder.write("wrong", "[\"MTIzNDU=\"]");
  const std::string ring = folder.write("ring", "[\"" + std::string(kKey) + "\"]");
  CHECK(complaint({"--encrypt", kUnpaddedKey}) ==
        "--encrypt: the encryption key is not base64 (gossipctl keygen makes one)");
  CHECK(complaint({"--encrypt=MTIzNDU="}) ==
        "--encrypt: the encryption key is 5 bytes long, it must be 16, 24 or 32");
  CHECK(complaint({}, "MTIzNDU=") ==
        "GOSSIP_ENCRYPT_KEY: the encryption key is 5 bytes long, it must be 16, 24 or 32");
  CHECK(complaint({"--encrypt-file", empty}) ==
        "--encrypt-file: " + empty + ": the first line is empty");
  const std::string file = folder.write("k.toml", "node_name = \"a\"\nkeyring_file = \"/none\"\n");
  CHECK(complaint({"--config-file", file}) ==
        file + ":2:1: keyring_file: /none: No such file or directory");
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

TEST_CASE("limits of event handlers that make no sense are refused") {
  const TemporaryFolder folder;
  CHECK(complaint({"--handler-timeout=10ms"}) ==
        "--handler-timeout: 10ms is too short, at least 1s");
  CHECK(complaint({"--handler-queue=65537"}) == "--handler-queue: must be between 1 and 65536");
  const std::string file = folder.write("q.json", "{\n\"handler_queue\": 0}");
  CHECK(complaint({"--config-file", file}) ==
        file + ":2:1: handler_queue: must be between 1 and 65536");
}

TEST_CASE("what this version does not do is refused or warned about, never ignored") {
  const TemporaryFolder folder;
  const std::string warned = folder.write("w.json", R"({"validate_node_names": true,
                    "event_handlers": [], "enable_syslog": false})");
  const AgentConfig config = good({"--config-file", warned});
  REQUIRE(config.warnings.size() == 1);
  CHECK(config.warnings[0] ==
        warned +
            ":1:2: validate_node_names: Serf reads this and does nothing; so does this version");
}

TEST_CASE("an mDNS cluster needs a name that DNS can carry and a family to speak it over") {
  const std::string most(57, 'n');
  CHECK(good({"--discover=" + most}).discovery.cluster == most);
  const std::string why =
      " makes no DNS name: at most 57 bytes up to the first dot, 63 between dots";
  for (const std::string& name : {most + "n", std::string("a."), std::string(".a"),
                                  std::string("a..b"), "a." + std::string(64, 'n')}) {
    CHECK(complaint({"--discover", name}) == "--discover: \"" + name + "\"" + why);
  }
  CHECK(complaint({"--discover=x", "--mdns-disable-ipv4", "--mdns-disable-ipv6"}) ==
        "--discover: with IPv4 and IPv6 disabled mDNS finds nobody");
}

TEST_CASE("an unknown syslog facility is refused, with or without syslog") {
  const TemporaryFolder folder;
  const std::string file = folder.write("s.json", R"({"syslog_facility": "LOCAL8"})");
  CHECK(complaint({"--config-file", file}) ==
        file +
            ":1:2: syslog_facility: unknown syslog facility \"LOCAL8\", there are KERN USER MAIL "
            "DAEMON "
            "AUTH SYSLOG LPR NEWS UUCP CRON AUTHPRIV FTP and LOCAL0 to LOCAL7");
  CHECK(parse_syslog_facility("Daemon").value() == SyslogFacility{3});
  CHECK(parse_syslog_facility("ftp").value() == SyslogFacility{11});
  CHECK(parse_syslog_facility("LOCAL7").value() == SyslogFacility{23});
  CHECK_FALSE(parse_syslog_facility("").has_value());
}

TEST_CASE("the limits of queries are what a datagram can carry") {
  const TemporaryFolder folder;
  for (const std::string key : {"query_size_limit", "query_response_size_limit"}) {
    for (const std::string limit : {"0", "-1", "65536"}) {
      const std::string file = folder.write("q.json", "{\"" + key + "\": " + limit + "}");
      CHECK(complaint({"--config-file", file}) ==
            file + ":1:2: " + key + ": must be between 1 and 65535");
    }
  }
}

}  // namespace
}  // namespace gossip::config
