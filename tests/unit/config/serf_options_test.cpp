// Serf's every flag and key: each reaches the configuration or says why not, so that a gap is a failure here.
#include <array>
#include <string>
#include <variant>

#include <doctest/doctest.h>

#include "config/files.h"
#include "config/options.h"
#include "unit/config/loading.h"
#include "unit/temporary_folder.h"

namespace gossip::config {
namespace {

// A value that differs from the default, as JSON; without quotes it is the flag's value.
struct SerfOption {
  std::string flag;
  std::string key;
  std::string json;
};

// Switches are tried both ways, since the default of one may change. Of Serf's agent 0.9.4 and its newest sources.
const std::array kSerfOptions{
    SerfOption{"node", "node_name", R"("n")"},
    SerfOption{"bind", "bind", R"("127.0.0.1")"},
    SerfOption{"iface", "interface", R"("lo")"},
    SerfOption{"advertise", "advertise", R"("127.0.0.1")"},
    SerfOption{"join", "start_join", R"(["a"])"},
    SerfOption{"retry-join", "retry_join", R"(["a"])"},
    SerfOption{"retry-interval", "retry_interval", R"("2s")"},
    SerfOption{"retry-max", "retry_max_attempts", "2"},
    SerfOption{"replay", "replay_on_join", "true"},
    SerfOption{"tag", "tags", R"({"k": "v"})"},
    SerfOption{"role", "role", R"("web")"},
    SerfOption{"tags-file", "tags_file", R"("/tags")"},
    SerfOption{"event-handler", "event_handlers", R"(["x.sh"])"},
    SerfOption{"encrypt", "encrypt_key", R"("HvY8ubRZMgafUOWvrOadwOckVa1wN3QWAo46FVKbVN8=")"},
    SerfOption{"keyring-file", "keyring_file", R"("/ring")"},
    SerfOption{"profile", "profile", R"("wan")"},
    SerfOption{"protocol", "protocol", "4"},
    SerfOption{"rpc-addr", "rpc_addr", R"("127.0.0.1:7373")"},
    SerfOption{"", "rpc_auth", R"("token")"},
    SerfOption{"log-level", "log_level", R"("debug")"},
    SerfOption{"syslog", "enable_syslog", "true"},
    SerfOption{"", "syslog_facility", R"("DAEMON")"},
    SerfOption{"snapshot", "snapshot_path", R"("/snapshot")"},
    SerfOption{"rejoin", "rejoin_after_leave", "true"},
    SerfOption{"discover", "discover", R"("c")"},
    SerfOption{"mdns-iface", "mdns.interface", R"("lo")"},
    SerfOption{"mdns-disable-ipv4", "mdns.disable_ipv4", "true"},
    SerfOption{"mdns-disable-ipv6", "mdns.disable_ipv6", "true"},
    SerfOption{"disable-compression", "", "true"},
    SerfOption{"", "enable_compression", "false"},
    SerfOption{"broadcast-timeout", "broadcast_timeout", R"("6s")"},
    SerfOption{"", "leave_on_terminate", "true"},
    SerfOption{"", "skip_leave_on_interrupt", "true"},
    SerfOption{"", "reconnect_interval", R"("31s")"},
    SerfOption{"", "reconnect_timeout", R"("25h")"},
    SerfOption{"", "tombstone_timeout", R"("25h")"},
    SerfOption{"", "disable_name_resolution", "true"},
    SerfOption{"", "disable_coordinates", "true"},
    SerfOption{"", "query_response_size_limit", "1025"},
    SerfOption{"", "query_size_limit", "1025"},
    SerfOption{"", "user_event_size_limit", "513"},
    SerfOption{"", "statsite_addr", R"("127.0.0.1:8125")"},
    SerfOption{"", "statsd_addr", R"("127.0.0.1:8125")"},
    SerfOption{"", "validate_node_names", "true"},
};

// {"mdns.interface", "\"lo\""} → {"mdns": {"interface": "lo"}}
std::string document(const SerfOption& option) {
  const std::size_t dot = option.key.find('.');
  if (dot == std::string::npos) return "{\"" + option.key + "\": " + option.json + "}";
  return "{\"" + option.key.substr(0, dot) + "\": {\"" + option.key.substr(dot + 1) +
         "\": " + option.json + "}}";
}

// The inside of ["a"], "a" and {"k": "v"}, the latter as k=v.
std::string flag_text(const std::string& json) {
  if (json.front() == '{') return "k=v";
  std::string text;
  for (const char c : json) {
    if (c != '"' && c != '[' && c != ']') text += c;
  }
  return text;
}

// Whether the settings differ from the defaults, there is a warning, or a refusal that names its reason.
bool has_effect(const Expected<Settings>& settings, const std::string& name) {
  if (!settings) return settings.error().message.find("this version") != std::string::npos;
  if (!settings->warnings.empty()) return true;
  for (const std::string_view changed : changed(Settings{}, *settings)) {
    if (changed == name) return true;
  }
  // enable_compression's flag has no key of its own.
  return settings->compression != Settings{}.compression;
}

Expected<Settings> from_file(const std::string& path) {
  Settings settings;
  Mistakes mistakes;
  REQUIRE(apply_file(settings, path, mistakes));
  if (!mistakes.empty()) return tl::unexpected<Error>(mistakes.joined("; "));
  return settings;
}

Expected<Settings> from_flag(const std::string& argument) {
  const Args args{argument};
  const Expected<CommandLine> line = parsed_line(args);
  if (!line) return tl::unexpected<Error>(line.error());
  REQUIRE(line->flags.size() == 1);
  const CommandLine::Flag& flag = line->flags.front();
  const Expected<Value> value = value_from_text(*flag.option, flag.text, "");
  if (!value) return tl::unexpected<Error>(value.error());
  Settings settings;
  const Expected<void> applied = apply(settings, *flag.option, *value, argument);
  if (!applied) return tl::unexpected<Error>(applied.error());
  return settings;
}

TEST_CASE("every configuration key of Serf's agent works or says why not") {
  const TemporaryFolder folder;
  for (const SerfOption& option : kSerfOptions) {
    if (option.key.empty()) continue;
    CAPTURE(option.key);
    const Expected<Settings> settings = from_file(folder.write("c.json", document(option)));
    bool works = has_effect(settings, option.key);
    if (option.json == "true") {
      const SerfOption off{option.flag, option.key, "false"};
      works |= has_effect(from_file(folder.write("c.json", document(off))), option.key);
    }
    CHECK_MESSAGE(works, (settings ? "" : settings.error().message));
  }
}

TEST_CASE("every flag of Serf's agent works or says why not") {
  for (const SerfOption& option : kSerfOptions) {
    if (option.flag.empty()) continue;
    CAPTURE(option.flag);
    const Expected<Settings> settings = from_flag("-" + option.flag + "=" + flag_text(option.json));
    CHECK_MESSAGE(has_effect(settings, option.key), (settings ? "" : settings.error().message));
  }
}

TEST_CASE("keys of a table are found in JSON and TOML, in Serf's letters or others") {
  const TemporaryFolder folder;
  const std::string json = folder.write(
      "c.json",
      R"({"discover": "web", "MDNS": {"Interface": "lo", "disable_ipv6": true, "disable_ipv4": null},
                    "interface": "eth0", "tags": {"mdns": "x"}})");
  const AgentConfig config = good({"--config-file", json});
  CHECK(config.discovery.cluster == "web");
  CHECK(config.discovery.interface == "lo");
  CHECK(config.discovery.ipv4);
  CHECK_FALSE(config.discovery.ipv6);
  CHECK(config.interface == "eth0");
  const std::string toml = folder.write(
      "c.toml", "discover = \"web\"\ninterface = \"eth0\"\n[mdns]\ndisable_ipv4 = true\n");
  const AgentConfig other = good({"--config-file", toml});
  CHECK(other.discovery.interface == "eth0");  // as in Serf, where it has no own
  CHECK_FALSE(other.discovery.ipv4);
}

TEST_CASE("a table is checked like the file around it") {
  const TemporaryFolder folder;
  const auto complains = [&](const std::string& name, const std::string& text) {
    const std::string path = folder.write(name, text);
    return complaint({"--config-file", path}).substr(path.size());
  };
  CHECK(complains("a.json", "{\"mdns\": {\n\"interfase\": \"lo\"}}") ==
        ":2:1: unknown key \"mdns.interfase\", did you mean \"mdns.interface\"?");
  CHECK(complains("b.json", R"({"mdns": 5})") == ":1:2: mdns: expected a table");
  CHECK(complains("c.json", R"({"mdns": {"disable_ipv4": "yes"}})") ==
        ":1:11: mdns.disable_ipv4: expected true or false, got the text \"yes\"");
  CHECK(complains("d.json", R"({"mdns": {"interface": {"a": "b"}}})") ==
        ":1:11: mdns.interface: expected text in quotes, got a table");
  CHECK(complains("a.toml", "[mdns]\ninterface = 5\n") ==
        ":2:1: mdns.interface: expected text in quotes, got the number 5");
  CHECK(complains("b.toml", "mdns = true\n") == ":1:1: mdns: expected a table");
  CHECK(complains("c.toml", "[mdns]\nfoo = 1\n").find("unknown key \"mdns.foo\"") !=
        std::string::npos);
}

TEST_CASE("started as serf, the agent logs to stdout unless told otherwise") {
  CHECK(habits_of("/usr/bin/serf") == Habits::Serf);
  CHECK(habits_of("serf") == Habits::Serf);
  CHECK(habits_of("gossipd") == Habits::Own);
  CHECK(habits_of("/opt/serf/gossipd") == Habits::Own);
  Expected<CommandLine> line = parsed_line(Args{"agent"});
  REQUIRE(line.has_value());
  line->habits = Habits::Serf;
  Environment environment;
  CHECK(loaded_line(*line, environment).value().log_output == LogOutput::Stdout);
  line = parsed_line(Args{"agent", "-log-output=stderr"});
  REQUIRE(line.has_value());
  line->habits = Habits::Serf;
  CHECK(loaded_line(*line, environment).value().log_output == LogOutput::Stderr);
}

}  // namespace
}  // namespace gossip::config
