#include "cli/options.h"

#include <doctest/doctest.h>

namespace gossip::cli {
namespace {

using Words = std::vector<std::string>;

template <typename Options>
Options parse(const Words& words) {
  const ParseResult result = parse_command_line(words);
  const auto* const invocation = std::get_if<Invocation>(&result);
  const auto* const error = std::get_if<UsageError>(&result);
  CAPTURE((error != nullptr ? error->message : ""));
  REQUIRE(invocation != nullptr);
  REQUIRE(std::holds_alternative<Options>(invocation->options));
  return std::get<Options>(invocation->options);
}

AgentOptions parse_agent(const Words& words) {
  const ParseResult result = parse_command_line(words);
  REQUIRE(std::holds_alternative<Invocation>(result));
  return std::get<Invocation>(result).agent;
}

std::string usage_error(const Words& words) {
  const ParseResult result = parse_command_line(words);
  const auto* const error = std::get_if<UsageError>(&result);
  return error != nullptr ? error->message : "";
}

std::string help(const Words& words) {
  const ParseResult result = parse_command_line(words);
  const auto* const found = std::get_if<Help>(&result);
  return found != nullptr ? found->text : "";
}

TEST_CASE("members takes Serf's flags in Serf's spelling") {
  const auto options =
      parse<MembersOptions>({"members", "-detailed", "-format", "json", "-name=a.*", "-status",
                             "alive", "-tag", "dc=east", "-role=web"});
  CHECK(options.detailed);
  CHECK(options.format == Format::Json);
  CHECK(options.name == "a.*");
  CHECK(options.status == "alive");
  CHECK(options.tags == Tags{{"dc", "east"}, {"role", "web"}});
}

TEST_CASE("values reach the command as they were typed") {
  CHECK(parse<MembersOptions>({"members", "-name", "{}"}).name == "{}");
  CHECK(parse<MembersOptions>({"members", "-name=[a,b]"}).name == "[a,b]");
  CHECK(parse<MembersOptions>({"members", "-name", "--x"}).name == "--x");
  CHECK(parse<MembersOptions>({"members", "-name=\"q\""}).name == "\"q\"");
  CHECK(parse<MembersOptions>({"members", "-tag", "k="}).tags == Tags{{"k", ""}});
  CHECK(parse<MembersOptions>({"members", "-name=a", "-name=b"}).name == "b");
  CHECK(parse<JoinOptions>({"join", "[::1]", "[::1]:7946"}).addresses ==
        Words{"[::1]", "[::1]:7946"});
  CHECK(parse<ForceLeaveOptions>({"force-leave", "--", "-x"}).name == "-x");
  CHECK(parse<ForceLeaveOptions>({"force-leave", "members"}).name == "members");
}

TEST_CASE("a flag behind the arguments is a flag") {
  const auto join = parse<JoinOptions>({"join", "10.0.0.1", "-replay", "10.0.0.2:99"});
  CHECK(join.addresses == Words{"10.0.0.1", "10.0.0.2:99"});
  CHECK(join.replay);
  const auto force = parse<ForceLeaveOptions>({"force-leave", "x", "-prune"});
  CHECK(force.name == "x");
  CHECK(force.prune);
  CHECK_FALSE(force.force);
}

TEST_CASE("tags are split at the first equals sign") {
  const auto options =
      parse<TagsOptions>({"tags", "-set", "b=2=3", "-set=empty=", "-delete", "a", "-delete=b"});
  CHECK(options.set == Tags{{"b", "2=3"}, {"empty", ""}});
  CHECK(options.remove == Words{"a", "b"});
}

TEST_CASE("monitor shows everything unless a kind is switched off") {
  const auto all = parse<MonitorOptions>({"monitor"});
  CHECK(all.events == "*");
  CHECK(all.log_level == "info");
  const auto events =
      parse<MonitorOptions>({"monitor", "--events", "user,query", "--log-level", "none"});
  CHECK(events.events == "user,query");
  CHECK_FALSE(events.log_level.has_value());
}

TEST_CASE("the agent's flags stand before the command or behind it") {
  const AgentOptions options =
      parse_agent({"-rpc-addr=/a.sock", "info", "--rpc-auth", "token", "-timeout", "1m30s"});
  CHECK(options.rpc_addr == "/a.sock");
  CHECK(options.rpc_auth == "token");
  REQUIRE(options.timeout);
  CHECK(*options.timeout == std::chrono::seconds(90));
  CHECK_FALSE(parse_agent({"leave"}).timeout.has_value());
}

TEST_CASE("an event coalesces unless it is told not to") {
  const auto event = parse<EventOptions>({"event", "deploy", "-coalesce=false"});
  CHECK_FALSE(event.coalesce);
  CHECK(event.name == "deploy");
}

TEST_CASE("an event takes a name and perhaps a payload") {
  CHECK(parse<EventOptions>({"event", "deploy"}).coalesce);
  CHECK(parse<EventOptions>({"event", "deploy"}).payload.empty());
  CHECK(parse<EventOptions>({"event", "deploy", "-"}).payload == "-");
  CHECK(parse<EventOptions>({"event", "deploy", "--", "-v"}).payload == "-v");
  CHECK(parse<EventOptions>({"event", "--literal", "deploy", "@x"}).literal);
  CHECK(usage_error({"event"}) == "NAME is required");
  CHECK(usage_error({"event", "a", "b", "c"}) == "too many arguments: 'c'");
}

TEST_CASE("query takes Serf's flags, and its timeout is the query's") {
  const auto query =
      parse<QueryOptions>({"query", "-node=a", "-node", "b", "-tag", "role=web", "-timeout=500ms",
                           "-no-ack", "-relay-factor=2", "uptime", "x", "--expect", "3"});
  CHECK(query.nodes == Words{"a", "b"});
  CHECK(query.tags == Tags{{"role", "web"}});
  CHECK(query.timeout == std::chrono::milliseconds(500));
  CHECK_FALSE(query.acks);
  CHECK(query.relay_factor == 2);
  CHECK(query.expect == 3);
  CHECK(query.payload == "x");
  CHECK_FALSE(parse_agent({"query", "-timeout=1s", "x"}).timeout.has_value());
  CHECK(usage_error({"query", "x", "-relay-factor=256"}) ==
        "--relay-factor is a number from 0 to 255, not '256'");
  CHECK_FALSE(usage_error({"query", "x", "-relay-factor=-1"}).empty());
  CHECK_FALSE(usage_error({"query", "x", "-timeout=5"}).empty());
  CHECK(usage_error({"query", "x", "-tag=role"}) == "invalid tag 'role': give KEY=PATTERN");
}

TEST_CASE("keys does one thing at a time") {
  CHECK(parse<KeysOptions>({"keys", "-list"}).action == KeyAction::List);
  CHECK(parse<KeysOptions>({"keys", "-install", "AAAA"}).key == "AAAA");
  CHECK(parse<KeysOptions>({"keys", "-use=AAAA"}).action == KeyAction::Use);
  CHECK(parse<KeysOptions>({"keys", "rotate", "--dry-run"}).dry_run);
  CHECK(parse<KeysOptions>({"keys", "rotate", "--key", "-"}).key == "-");
  for (const Words& words :
       {Words{"keys"}, Words{"keys", "-list", "-use=A"}, Words{"keys", "-install="},
        Words{"keys", "turn"}, Words{"keys", "rotate", "-list"}, Words{"keys", "rotate", "--key="},
        Words{"keys", "-list", "--dry-run"}}) {
    CHECK_FALSE(usage_error(words).empty());
  }
}

TEST_CASE("top draws every two seconds, or as often as is said, within reason") {
  CHECK(parse<TopOptions>({"top"}).interval == std::chrono::seconds(2));
  CHECK_FALSE(parse<TopOptions>({"top"}).once);
  CHECK(parse<TopOptions>({"top", "--once", "--interval=500ms"}).interval ==
        std::chrono::milliseconds(500));
  CHECK(usage_error({"top", "--interval=99ms"}) == "--interval is at least 100ms");
}

TEST_CASE("what a command did can be told as JSON, in top only what it shows once") {
  CHECK(parse<LeaveOptions>({"leave"}).format == Format::Text);
  CHECK(parse<LeaveOptions>({"leave", "--format=json"}).format == Format::Json);
  CHECK(parse<ForceLeaveOptions>({"force-leave", "x", "-format", "json"}).format == Format::Json);
  CHECK(parse<WaitOptions>({"wait", "--format=json"}).format == Format::Json);
  CHECK(parse<TopOptions>({"top", "--once", "--format=json"}).format == Format::Json);
  CHECK(
      usage_error({"top", "--format=json"}) ==
      "--format json goes with --once only: 'gossipctl monitor --format json' tells what happens");
}

TEST_CASE("stats know one format more than others") {
  CHECK(parse<StatsOptions>({"stats"}).format == StatsFormat::Text);
  CHECK(parse<StatsOptions>({"stats", "--format=prometheus"}).format == StatsFormat::Prometheus);
  CHECK(usage_error({"stats", "--format=xml"}) == "unknown format 'xml': text, json or prometheus");
  CHECK(usage_error({"doctor", "--format=prometheus"}) ==
        "unknown format 'prometheus': text or json");
}

TEST_CASE("wait wants one member unless it is told how many") {
  CHECK(parse<WaitOptions>({"wait"}).at_least == 1);
  const auto gone = parse<WaitOptions>({"wait", "--status=failed", "--at-most", "0"});
  CHECK_FALSE(gone.at_least.has_value());
  CHECK(gone.at_most == 0);
  CHECK(gone.members.status == "failed");
  CHECK_FALSE(usage_error({"wait", "--count=3", "--at-most=2"}).empty());
  CHECK_FALSE(usage_error({"wait", "--count=many"}).empty());
}

TEST_CASE("what follows agent is gossipd's") {
  CHECK(parse<DaemonOptions>({"agent", "-node=x", "--help", "-v"}).arguments ==
        Words{"-node=x", "--help", "-v"});
  CHECK(parse<DaemonOptions>({"-rpc-addr", "/x", "agent"}).arguments == Words{"-rpc-addr", "/x"});
}

TEST_CASE("monitor names the choices it has") {
  CHECK(usage_error({"monitor", "-log-level=loud"}) ==
        "unknown log level 'loud': trace, debug, info, warn, err or none");
  CHECK(usage_error({"monitor", "-events=user,bogus"}).starts_with("unknown event 'bogus': *, "));
  CHECK_FALSE(usage_error({"monitor", "-events="}).empty());
  CHECK(parse<MonitorOptions>({"monitor", "-log-level=DEBUG", "-events=user:,query:x"}).log_level ==
        "DEBUG");
}

TEST_CASE("a command's own flags may stand before it") {
  const auto members =
      parse<MembersOptions>({"-format=json", "-detailed", "-name", "x", "members"});
  CHECK(members.format == Format::Json);
  CHECK(members.detailed);
  CHECK(members.name == "x");
  CHECK(usage_error({"-replay", "members"}) == "unknown flag --replay");
}

TEST_CASE("a flag's name is of one kind in all commands") {
  const std::vector<base::FlagName> flags = all_flags();
  for (const base::FlagName& a : flags) {
    for (const base::FlagName& b : flags) {
      CAPTURE(a.name);
      CHECK((a.name != b.name || a.kind == b.kind));
    }
  }
}

TEST_CASE("a misspelt command or flag is answered with the one that was meant") {
  CHECK(usage_error({"memebrs"}) == "unknown command 'memebrs', did you mean 'members'?");
  CHECK(usage_error({"members", "-stauts=x"}) == "unknown flag --stauts, did you mean --status?");
  CHECK(usage_error({"-rpc-adr=x", "members"}) ==
        "unknown flag --rpc-adr, did you mean --rpc-addr?");
}

TEST_CASE("what makes no sense is a usage error that says why") {
  CHECK(usage_error({}) == "no command given");
  CHECK(usage_error({"bogus"}) == "unknown command 'bogus'");
  CHECK(usage_error({"-bogus"}) == "unknown flag --bogus");
  CHECK(usage_error({"members", "extra"}) == "too many arguments: 'extra'");
  CHECK(usage_error({"keygen", "extra"}) == "too many arguments: 'extra'");
  CHECK(usage_error({"force-leave", "a", "b"}) == "too many arguments: 'b'");
  CHECK(usage_error({"force-leave"}) == "NAME is required");
  CHECK(usage_error({"join"}) == "ADDRESS is required");
  CHECK(usage_error({"join", ""}) == "an address is empty: give host, host:port or [v6]:port");
  CHECK(usage_error({"force-leave", ""}) == "the name is empty");
  CHECK(usage_error({"members", "-format=yaml"}) == "unknown format 'yaml': text or json");
  CHECK(usage_error({"info", "-format="}) == "unknown format '': text or json");
  CHECK(usage_error({"members", "-tag=role"}) == "invalid tag 'role': give KEY=PATTERN");
  CHECK(usage_error({"tags", "-set", "=x"}) == "invalid tag '=x': give KEY=VALUE");
  CHECK(usage_error({"members", "-role=a", "-tag=role=b"}) ==
        "two patterns for the tag 'role': the agent takes one for each");
  CHECK(usage_error({"members", "-timeout", "-1s"}) == "--timeout is negative");
  CHECK_FALSE(usage_error({"members", "-timeout", "soon"}).empty());
  CHECK_FALSE(usage_error({"members", "-rpc-auth=a", "-rpc-auth-file=b"}).empty());
  CHECK_FALSE(usage_error({"monitor", "--events=none", "--log-level=none"}).empty());
}

TEST_CASE("-v is the version only as the first word") {
  for (const char* word : {"-v", "-version", "--version", "version"}) {
    CAPTURE(word);
    CHECK(parse<VersionOptions>({word}).format == Format::Text);
  }
  CHECK(usage_error({"members", "-v"}) == "unknown flag --v");
  CHECK(usage_error({"-v", "x"}) == "too many arguments: 'x'");
}

TEST_CASE("help is help for every command, whatever else is wrong") {
  CHECK(help({"--help"}).find("force-leave") != std::string::npos);
  CHECK(help({"help"}) == help({"-h"}));
  for (const char* command :
       {"event", "keys", "query", "reachability", "wait", "force-leave", "info", "join", "keygen",
        "leave", "members", "monitor", "tags", "version"}) {
    CAPTURE(command);
    CHECK(help({command, "-h"}).find(std::string("gossipctl ") + command) != std::string::npos);
    CHECK(help({"help", command}) == help({command, "--help"}));
    CHECK(help({"--help"}).find(std::string("\n  ") + command) != std::string::npos);
  }
}

}  // namespace
}  // namespace gossip::cli
