// The recorded conversations of the real Serf's port, held with our session instead.
#include <algorithm>

#include <doctest/doctest.h>

#include "unit/agent/rpc/replay.h"

namespace gossip::agent::rpc {
namespace {

// What comes of a scenario where ours differs on purpose (rpc.md §§2.2, 2.3, 3, 8).
enum class Instead {
  Ends,       // the connection is closed by the end of what was sent
  Goes,       // it is not
  Elsewhere,  // needs a whole agent: tests/e2e/test_rpc_golden.py
  Unreadable  // recorded without all of its bytes
};
struct Difference {
  std::string_view scenario;
  Instead instead;
  std::string_view why;
};
constexpr Difference kDifferences[] = {
    {"header-not-map", Instead::Ends, "a header is a map"},
    {"header-empty-map", Instead::Ends, "each header stands for itself: no command"},
    {"header-seq-omitted", Instead::Goes, "each header stands for itself: Seq 0"},
    {"header-bin-strings", Instead::Goes, "bin is taken for text"},
    {"tags-bin-value", Instead::Goes, "bin is taken for text"},
    {"body-unexpected", Instead::Ends, "a body that is not due is a header without command"},
    {"body-array", Instead::Goes, "a body is a map: an error"},
    {"body-wrong-type", Instead::Goes, "an unreadable body is an error, not the end"},
    {"relay-factor-300", Instead::Goes, "an unreadable body is an error, not the end"},
    {"timeout-float", Instead::Goes, "an unreadable body is an error, not the end"},
    {"timeout-string", Instead::Goes, "an unreadable body is an error, not the end"},
    {"payload-as-int", Instead::Goes, "an unreadable body is an error, not the end"},
    {"payload-as-array", Instead::Goes, "bytes are not taken from lists: an error"},
    {"tags-int-value", Instead::Goes, "an unreadable body is an error, not the end"},
    {"tags-array", Instead::Goes, "an unreadable body is an error, not the end"},
    {"deletetags-string", Instead::Goes, "an unreadable body is an error, not the end"},
    {"auth-agent-without-key", Instead::Goes, "an agent without a token takes any"},
    {"auth-missing-with-body", Instead::Goes, "a refused command's body is dropped, one answer"},
    {"members-filtered-bad-name-regex", Instead::Goes, "an error with an empty list"},
    {"members-filtered-bad-tag-regex", Instead::Goes, "an error with an empty list"},
    {"members-filtered-bad-status-regex", Instead::Goes, "an error with an empty list"},
    {"members-filtered-lookahead", Instead::Goes, "an error with an empty list"},
    {"huge-map32", Instead::Ends, "at the announced length, without waiting for it"},
    {"huge-str32", Instead::Ends, "at the announced length, without waiting for it"},
    {"deep-nesting", Instead::Unreadable, "nesting is limited: it ends (session_test)"},
    {"event-huge", Instead::Unreadable, "a body is limited: it ends (session_test)"},
    {"stats", Instead::Elsewhere, "other figures, more sections"},
    {"stats-with-handlers", Instead::Elsewhere, "other figures, more sections"},
    {"get-coordinate-disabled-flag", Instead::Elsewhere, "the key is obeyed"},
    {"query-internal-prefix", Instead::Unreadable,
     "the last answer is not there (session_commands_test)"},
    {"seq-widest", Instead::Unreadable, "the bodies are not there (codec_test)"},
    {"seq-signed", Instead::Unreadable, "the bodies are not there (codec_test)"},
};

const Difference* difference_of(const std::string& scenario) {
  const auto* const found =
      std::find_if(std::begin(kDifferences), std::end(kDifferences),
                   [&scenario](const Difference& each) { return each.scenario == scenario; });
  return found == std::end(kDifferences) ? nullptr : found;
}

// What was sent goes to a session, and the difference is as the list says.
void check_difference(const Scenario& scenario, const Difference& difference,
                      SessionSettings settings) {
  if (difference.instead == Instead::Elsewhere || difference.instead == Instead::Unreadable) return;
  CAPTURE(difference.why);
  Conversation talk(std::move(settings));
  std::size_t bytes = 0;
  for (const Step& step : scenario.steps) {
    if (step.kind != Step::Kind::Send) continue;
    CHECK_FALSE(talk.client.finished);
    bytes += step.bytes.size();
    talk.session.receive(step.bytes);
  }
  CHECK(bytes > 0);
  CHECK(talk.client.finished == (difference.instead == Instead::Ends));
}

// The members that the agent of these recordings saw: alpha itself, beta and gamma.
std::vector<Member> recorded_members(const std::string& scenario_name) {
  for (const Scenario& scenario : gossip::rpc::golden::load("members-stats-coordinates")) {
    if (scenario.name != scenario_name) continue;
    auto body = gossip::rpc::decode_response_body(Command::Members, scenario.steps.back().bytes);
    REQUIRE(body);
    std::vector<Member> members = std::get<gossip::rpc::MembersResponse>(*body).members;
    std::sort(members.begin(), members.end(),
              [](const Member& a, const Member& b) { return a.name < b.name; });
    return members;
  }
  FAIL("no such scenario");
  return {};
}

int replay(const std::string& file) {
  int compared = 0;
  const std::vector<Member> usual = recorded_members("members");
  for (const Scenario& scenario : gossip::rpc::golden::load(file)) {
    CAPTURE(file);
    CAPTURE(scenario.name);
    const SessionSettings settings{.auth_key = file == "auth" ? "s3cret" : ""};
    if (const Difference* difference = difference_of(scenario.name)) {
      check_difference(scenario, *difference, settings);
      continue;
    }
    const bool odd = scenario.name == "members-odd-values";
    Replay replayed(odd ? recorded_members(scenario.name) : usual, settings);
    replayed.run(scenario);
    compared += replayed.compared;
  }
  return compared;
}

TEST_CASE("the session answers recorded clients as Serf did") {
  CHECK(replay("handshake-and-framing") > 40);
  CHECK(replay("auth") > 15);
  CHECK(replay("types") > 20);
  CHECK(replay("members-stats-coordinates") > 40);
  CHECK(replay("tags") > 8);
  CHECK(replay("join-and-force-leave") > 12);
  CHECK(replay("monitor-and-stop") > 20);
  CHECK(replay("leave") > 3);
  CHECK(replay("event") > 15);
  CHECK(replay("query") > 55);
  CHECK(replay("keys") > 40);
  CHECK(replay("stream-and-respond") > 70);
}

}  // namespace
}  // namespace gossip::agent::rpc
