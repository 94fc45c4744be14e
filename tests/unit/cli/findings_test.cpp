#include "cli/findings.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "cli/commands/doctor.h"

namespace gossip::cli {
namespace {

using Lines = std::vector<std::string>;

Member member(const std::string& name, MemberStatus status, const std::string& address) {
  Member made;
  made.name = name;
  made.status = status;
  made.address = Address::parse(address, 7946).value();
  return made;
}

// Three living members, of which `a` is the agent, that reach each other.
Facts healthy() {
  Facts facts;
  facts.self = "a";
  for (const char* name : {"a", "b", "c"}) {
    facts.members.push_back(
        member(name, MemberStatus::Alive, "10.0.0." + std::to_string(facts.members.size() + 1)));
  }
  facts.acks = {"b", "c"};
  for (const char* name : {"b", "c"})
    facts.links[name] = Link{{}, "", 1500};
  return facts;
}

std::string only(const Facts& facts) {
  const auto found = find_trouble(facts);
  if (found.size() != 1) return std::to_string(found.size()) + " findings";
  return format_findings(found, facts, Format::Text);
}

TEST_CASE("nothing is wrong with members that reach each other") {
  const Facts facts = healthy();
  CHECK(find_trouble(facts).empty());
  CHECK(format_findings({}, facts, Format::Text) == "Nothing found: 3 members, 3 of them alive\n");
  CHECK(format_findings({}, facts, Format::Json) ==
        "{\n  \"healthy\": true,\n  \"members\": 3,\n  \"live\": 3,\n  \"findings\": []\n}\n");
}

TEST_CASE("a failed member is one finding, whatever else is not known of it") {
  Facts facts = healthy();
  facts.members[1].status = MemberStatus::Failed;
  facts.acks = {"c"};
  CHECK(only(facts) ==
        "failed: b (10.0.0.2:7946) has failed. Start it, or forget it with 'gossipctl "
        "force-leave'.\n");
  facts.members[1].status = MemberStatus::Left;
  CHECK(find_trouble(facts).empty());
}

TEST_CASE("who does not answer straight answers through others, or not at all") {
  Facts facts = healthy();
  facts.acks = {"c"};
  CHECK(only(facts).starts_with("udp: b (10.0.0.2:7946) is shown as alive and does not answer. "));
  facts.relayed_acks = {"b"};
  CHECK(only(facts).starts_with(
      "one-way: b (10.0.0.2:7946) answers through others only: its UDP does not come here. "));
}

TEST_CASE("an agent that refuses to ask is told, and nobody is blamed for it") {
  Facts facts = healthy();
  facts.acks.reset();
  facts.query_error = "query exceeds limit";
  CHECK(only(facts).starts_with(
      "query: not all members could be asked for a sign of life: query exceeds limit. "));
}

TEST_CASE("names of the silent are split to fit into queries") {
  CHECK(names_for_queries({}).empty());
  CHECK(names_for_queries({"a", "b"}) == std::vector<std::vector<std::string>>{{"a", "b"}});
  std::vector<std::string> names(100, std::string(61, 'n'));
  auto lists = names_for_queries(names);
  REQUIRE(lists.size() == 8);  // 64 bytes each with its header, so eight in 512
  for (const auto& list : lists)
    CHECK(list.size() == 8);
  names = {std::string(2000, 'x'), "a"};
  lists = names_for_queries(names);
  REQUIRE(lists.size() == 2);
  CHECK(lists[1] == std::vector<std::string>{"a"});
}

TEST_CASE("connections that fail and packets that do not pass are told") {
  Facts facts = healthy();
  facts.links["b"].tcp_error = "Connection refused";
  CHECK(
      only(facts).starts_with("tcp: no TCP connection to b (10.0.0.2:7946): Connection refused. "));
  facts = healthy();
  facts.links["c"].mtu = 1433;
  CHECK(find_trouble(facts).empty());
  facts.links["c"].mtu = 1432;
  CHECK(only(facts).starts_with(
      "mtu: packets to c (10.0.0.3:7946) may have 1432 bytes, gossip needs 1433. "));
  facts.members[2].address = Address::parse("[fd00::3]:7946", 7946).value();
  facts.links["c"].mtu = 1452;
  CHECK(only(facts).find("1452 bytes, gossip needs 1453") != std::string::npos);
}

TEST_CASE("what the log tells of a member becomes its gravest finding") {
  Facts facts = healthy();
  facts.log.members["b"].pings_lost.count = 1;
  CHECK(find_trouble(facts).empty());
  facts.log.members["b"].pings_lost.count = 2;
  CHECK(only(facts).starts_with(
      "one-way: others reached b (10.0.0.2:7946), which did not answer direct pings 2 times "));
  facts.log.members["b"].suspected.count = 1;
  CHECK(only(facts).starts_with(
      "suspicion: b (10.0.0.2:7946) is alive and was suspected once lately. "));
  facts.log.members["b"].failed.count = 1;
  CHECK(only(facts).find("was suspected once") != std::string::npos);
  facts.log.members["b"].failed.count = 2;
  CHECK(
      only(facts).starts_with("suspicion: b (10.0.0.2:7946) is alive and failed 2 times lately. "));
  facts.log.members["b"].only_stream.count = 3;
  CHECK(only(facts).starts_with("udp: probes of b (10.0.0.2:7946) were answered over TCP alone 3"));
  facts.log.members = {};
  facts.log.members["c"].suspects_us.count = 2;
  CHECK(only(facts).starts_with("one-way: c (10.0.0.3:7946) suspected this agent 2 times lately"));
  facts.log.members = {};
  facts.log.members["stranger"].suspected.count = 9;
  CHECK(find_trouble(facts).empty());
}

TEST_CASE("what was logged is told with when that was") {
  Facts facts = healthy();
  facts.log.members["b"].only_stream = {3, std::chrono::seconds(310), std::chrono::seconds(12)};
  CHECK(
      only(facts).starts_with("udp: probes of b (10.0.0.2:7946) were answered over TCP alone "
                              "3 times lately, from 5m10s to 12s ago. "));
  facts.log.members["b"].only_stream = {1, std::chrono::seconds(12), std::chrono::seconds(12)};
  CHECK(only(facts).find(" over TCP alone once lately, 12s ago. ") != std::string::npos);
}

TEST_CASE("where UDP of several members does not come here, this host is told of, once") {
  Facts facts = healthy();
  facts.acks = Names{};
  const std::string text = only(facts);
  CHECK(text.starts_with("udp: UDP of 2 members does not seem to come here (b, c): "));
  CHECK(text.find("Let UDP to this agent's address and port, 10.0.0.1:7946, through") !=
        std::string::npos);
  CHECK(find_trouble(facts).front().member == "a");
  facts.log.members["b"].only_stream.count = 1;
  facts.log.members["c"].pings_lost.count = 2;
  facts.log.members["c"].suspects_us.count = 1;
  CHECK(only(facts).starts_with("udp: UDP of 2 members "));
  facts.acks.reset();  // the log alone says as much
  CHECK(only(facts).starts_with("udp: UDP of 2 members "));
  facts.links["c"].mtu = 1000;  // that is no matter of who hears whom
  CHECK(find_trouble(facts).size() == 2);
}

TEST_CASE("members whose UDP comes again are told of one by one, with the time of what was") {
  Facts facts = healthy();
  facts.acks = {"b", "c"};
  for (const char* name : {"b", "c"}) {
    facts.log.members[name].only_stream = {1, std::chrono::seconds(12), std::chrono::seconds(12)};
  }
  const std::vector<Finding> findings = find_trouble(facts);
  REQUIRE(findings.size() == 2);
  CHECK(findings.front().what.find(" over TCP alone once lately, 12s ago") != std::string::npos);
}

TEST_CASE("one member, or a few of many, are told of by name, and so are those that are silent") {
  Facts facts = healthy();
  facts.log.members["b"].only_stream.count = 1;
  CHECK(only(facts).starts_with("udp: probes of b "));
  facts = healthy();
  for (const char* name : {"d", "e"}) {
    facts.members.push_back(member(name, MemberStatus::Alive, "10.0.0.9"));
    facts.acks->insert(name);
  }
  facts.acks->erase("b");
  facts.acks->erase("c");
  CHECK(find_trouble(facts).size() == 2);
  facts.acks = Names{};
  for (auto& [name, link] : facts.links)
    link.tcp_error = "Connection refused";
  CHECK(find_trouble(facts).size() == 6);  // nothing of them comes here at all
}

TEST_CASE("what to look at for a seed depends on its kind and on how far it led") {
  const auto remedy = [](std::string kind, std::string error, std::vector<std::string> answer) {
    Facts facts = healthy();
    facts.seeds.resize(1);
    facts.seeds[0].seed = "s";
    facts.seeds[0].kind = std::move(kind);
    facts.seeds[0].state = "waiting";
    facts.seeds[0].error = std::move(error);
    facts.seeds[0].answer = std::move(answer);
    const std::string text = only(facts);
    const std::string end =
        "; 'gossipctl info --seeds' shows its last answer and its next attempt.\n";
    REQUIRE_MESSAGE(text.ends_with(end), text);
    return text.substr(0, text.size() - end.size());
  };
  CHECK(remedy("name", "cannot resolve \"s\": Name or service not known", {}) ==
        "seeds: the seed s is not met: cannot resolve \"s\": Name or service not known. Look "
        "whether the name is right and this host finds it ('getent ahosts NAME')");
  CHECK(
      remedy("service", "x", {})
          .ends_with(
              ". Look whether the name has SRV records that this host finds ('host -t SRV NAME')"));
  CHECK(remedy("mdns", "nobody answers", {})
            .ends_with(". Look whether other agents name this mDNS cluster and multicast passes "
                       "between the hosts (UDP 5353)"));
  CHECK(remedy("script", "the script failed: exit status 2", {})
            .ends_with(". Run the command as the agent's user would"));
  CHECK(remedy("file", "/x: No such file or directory", {})
            .ends_with(". Look whether the file is there and the agent's user may read it"));
  const std::string join =
      ". Look whether an agent of this cluster runs there and its port can be reached over TCP";
  CHECK(remedy("address", "10.0.0.1:7946: connection refused", {"10.0.0.1:7946"}).ends_with(join));
  CHECK(remedy("name", "10.0.0.1:7946: connection refused", {"10.0.0.1:7946"}).ends_with(join));
  CHECK(remedy("name", "it names this agent alone", {"10.0.0.9:7946"})
            .ends_with(". Have the seeds name other members, too"));
  CHECK(
      remedy("file", "it names nobody", {}).ends_with(". Have the seeds name other members, too"));
  for (const char* const kind : {"address", "name", "file"}) {
    CHECK(remedy(kind,
                 "10.0.0.9:7946 answered, but no other member is there: it is this agent itself",
                 {"10.0.0.9:7946"})
              .ends_with(". Have the seeds name other members, too"));
  }
  const std::string spoken = "10.0.0.1:7946: the answer ";
  CHECK(remedy("address", spoken + "cannot be decrypted: the encryption keys differ", {})
            .ends_with(". Either side may lack the other's key: whoever missed a rotation needs "
                       "the keyring of the others"));
  CHECK(
      remedy("address", spoken + "is encrypted, and this node has no encryption key", {})
          .ends_with(". Give this agent the cluster's keyring (keyring_file or encrypt_key_file)"));
  CHECK(remedy("name", spoken + "is not encrypted, but encryption is configured", {})
            .ends_with(". Give that member this cluster's keyring, or take it out of the seeds"));
  CHECK(remedy("name", spoken + "carries another cluster label", {})
            .ends_with(". Compare the setting 'label' of both configurations"));
  // From the last answer to a look-up that fails now.
  CHECK(remedy("name", "cannot resolve \"s\": Temporary failure", {"10.0.0.1:7946"})
            .ends_with("('getent ahosts NAME')"));
}

TEST_CASE("strangers, keys, seeds and the agent itself have findings of their own") {
  Facts facts = healthy();
  DroppedInput dropped{"10.0.0.9", "cannot be decrypted: x\x1b", {2}};
  facts.log.dropped[{"10.0.0.9", Mismatch::OtherKey}] = dropped;
  CHECK(only(facts) ==
        "input: input from 10.0.0.9 was dropped: cannot be decrypted: x\\x1b (reported 2 times "
        "lately). Either side may lack the other's key: whoever missed a rotation needs the "
        "keyring of the others (gossipctl keys --list on both); keep a stranger away.\n");
  dropped.reports = {1, std::chrono::seconds(12), std::chrono::seconds(12)};
  const auto remedied = [&](Mismatch mismatch, const char* remedy) {
    facts.log.dropped.clear();
    facts.log.dropped[{"10.0.0.9", mismatch}] = dropped;
    CHECK(only(facts).find(std::string(" (reported once lately, 12s ago). ") + remedy) !=
          std::string::npos);
  };
  remedied(Mismatch::NoKeyHere, "Give this agent that cluster's keyring if it belongs there");
  remedied(Mismatch::NotEncrypted, "Give it this cluster's key (gossipctl keys --list), or ");
  remedied(Mismatch::Label, "Compare the setting 'label' of both configurations.");
  remedied(Mismatch::Versions, "Compare the versions of both.");
  facts = healthy();
  facts.keys = rpc::KeyResponse{};
  facts.keys->response_count = 3;
  facts.keys->keys.emplace(std::map<std::string, std::int64_t>{{"k1", 3}, {"k2", 2}});
  CHECK(only(facts).starts_with("keys: a key is on 2 of 3 members. "));
  facts.keys->keys->erase("k2");
  facts.keys->silent = {"b"};
  CHECK(only(facts).starts_with("keys: b did not tell which keys it has. "));
  facts.keys->silent.clear();
  facts.keys_error = "2/3 nodes reported success";
  CHECK(
      only(facts).starts_with("keys: the list of keys is not whole: 2/3 nodes reported success. "));
  facts.keys_error.clear();
  facts.keys->primaries = {{"k1", 2}, {"k2", 1}};
  CHECK(only(facts).starts_with("keys: 2 keys are primary on some members each. "));
  facts = healthy();
  facts.seeds.resize(3);
  facts.seeds[2].state = "only us";
  facts.seeds[2].error = "it names this agent alone";
  facts.seeds[0].state = "met";
  facts.seeds[1].state = "missing";
  facts.seeds[1].seed = "db.example";
  CHECK(only(facts).starts_with("seeds: the seed db.example is not met. Look whether an agent of"));
  facts = healthy();
  facts.families = {{"gossipd_broadcasts_shed_total", metrics::Kind::Counter, "", {{"", {}, 7}}}};
  CHECK(find_trouble(facts).empty());  // of long ago
  facts.messages_shed = 1;
  CHECK(only(facts).starts_with("self: messages are given up: "));
  facts = healthy();
  facts.families = {{"gossipd_health_score", metrics::Kind::Gauge, "", {{"", {}, 2}}}};
  CHECK(only(facts).starts_with("self: this agent's health score is 2: "));
}

TEST_CASE("who is down stands before the agent's own health, which may be of that alone") {
  Facts facts = healthy();
  facts.families = {{"gossipd_health_score", metrics::Kind::Gauge, "", {{"", {}, 2}}}};
  facts.members[1].status = MemberStatus::Failed;
  const std::vector<Finding> found = find_trouble(facts);
  REQUIRE(found.size() == 2);
  CHECK(found[0].kind == "failed");
  CHECK(found[1].kind == "self");
  facts.members[2].status = MemberStatus::Left;
  CHECK(only(facts).starts_with("failed: b "));
  facts.members[1].status = MemberStatus::Left;
  CHECK(only(facts).starts_with("self: "));
}

TEST_CASE("a snapshot that cannot be written is a finding while that lasts") {
  Facts facts = healthy();
  facts.families = {{"gossipd_snapshot_failures_total", metrics::Kind::Counter, "", {{"", {}, 3}}},
                    {"gossipd_snapshot_failing", metrics::Kind::Gauge, "", {{"", {}, 1}}}};
  CHECK(only(facts).starts_with("snapshot: the snapshot cannot be written (3 failures): "));
  facts.families[1].samples[0].value = 0;
  CHECK(find_trouble(facts).empty());
}

TEST_CASE("findings as JSON") {
  const std::vector<Finding> one{{"tcp", "b", "no", "do"}};
  CHECK(format_findings(one, healthy(), Format::Json) ==
        "{\n  \"healthy\": false,\n  \"members\": 3,\n  \"live\": 3,\n  \"findings\": [\n    {\n"
        "      \"kind\": \"tcp\",\n      \"member\": \"b\",\n      \"finding\": \"no\",\n"
        "      \"remedy\": \"do\"\n    }\n  ]\n}\n");
}

}  // namespace
}  // namespace gossip::cli
