// The recorded conversations of the real Serf's port, held with our session instead.
#include "unit/rpc/golden_ipc.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>

#include <doctest/doctest.h>

#include "agent/rpc/session.h"
#include "rpc/request_codec.h"
#include "rpc/response_codec.h"
#include "unit/agent/rpc/scripted_agent.h"

namespace gossip::agent::rpc {
namespace {

using gossip::rpc::Command;
using gossip::rpc::golden::Json;
using gossip::rpc::golden::Scenario;
using gossip::rpc::golden::Step;

// Where ours differs on purpose (rpc.md §2.2, §2.3, §8); session_test has what it does instead.
constexpr std::string_view kOtherwise[] = {
    // A map is a map, and each header stands for itself.
    "header-not-map", "header-empty-map", "header-seq-omitted", "body-unexpected", "body-array",
    // Bin is taken for text.
    "header-bin-strings", "tags-bin-value",
    // An unreadable body is answered, and the connection stays.
    "body-wrong-type", "relay-factor-300", "timeout-float", "timeout-string", "payload-as-int",
    "payload-as-array", "tags-int-value", "tags-array", "deletetags-string",
    // A refused command's body is dropped.
    "auth-missing-with-body",
    // A bad pattern is answered.
    "members-filtered-bad-name-regex", "members-filtered-bad-tag-regex",
    "members-filtered-bad-status-regex", "members-filtered-lookahead",
    // Limits.
    "huge-map32", "huge-str32", "deep-nesting",
    // What it says depends on the agent, not on the protocol.
    "stats", "stats-with-handlers", "monitor", "tags-too-big", "join-bad-port", "force-leave-alive",
    "members-failed", "force-leave-failed", "force-leave-prune", "stream-at-agent-exit",
    "leave-watched", "get-coordinate-disabled-flag",
    // Recorded without their bodies.
    "seq-widest", "seq-signed"};

bool is_otherwise(const std::string& name) {
  return std::find(std::begin(kOtherwise), std::end(kOtherwise), name) != std::end(kOtherwise);
}

bool is_for_the_next_version(Command command) {
  switch (command) {
    case Command::Event:
    case Command::Query:
    case Command::Respond:
    case Command::InstallKey:
    case Command::UseKey:
    case Command::RemoveKey:
    case Command::ListKeys:
    case Command::GetCoordinate: return true;
    default: return false;
  }
}

JoinFailure refused(const std::string& contact) {
  const bool has_port = contact.find(':') != std::string::npos;
  const std::string address = has_port ? contact : contact + ":7946";
  return {address, "dial tcp " + address + ": connect: connection refused"};
}

// One scenario: what Serf received goes to a session, what Serf answered must come from it.
class Replay final {
 public:
  Replay(const std::vector<Member>& members, SessionSettings settings)
      : talk_(std::move(settings)) {
    talk_.agent.member_list = members;
    if (!members.empty()) talk_.agent.own_tags = members.front().tags;
  }

  void run(const Scenario& scenario) {
    for (const Step& step : scenario.steps) {
      switch (step.kind) {
        case Step::Kind::Send: send(step.bytes); break;
        case Step::Kind::Receive: receive(step.bytes); break;
        case Step::Kind::Closed:
          if (scenario.name == "half-close") talk_.session.end_of_input();
          CHECK(talk_.client.finished);
          break;
        case Step::Kind::Other: break;
      }
    }
    settle();
    CHECK(heard_.empty());
  }

  int compared = 0;

 private:
  void send(const Bytes& bytes) {
    follow(bytes);
    talk_.session.receive(bytes);
    settle();
  }

  // Lets slow commands end, and takes what was said.
  void settle() {
    while (!talk_.agent.joins.empty()) {
      const ScriptedAgent::Join join = std::move(talk_.agent.joins.front());
      talk_.agent.joins.erase(talk_.agent.joins.begin());
      JoinResult result;
      for (const std::string& contact : join.addresses) {
        if (contact.starts_with("127.0.77.25")) {
          result.failures.push_back(refused(contact));
        } else {
          ++result.joined;
        }
      }
      join.done(result);
    }
    if (talk_.agent.leave_done) std::exchange(talk_.agent.leave_done, nullptr)({});
    if (!talk_.agent.member_list.empty()) {
      talk_.agent.member_list.front().tags = talk_.agent.own_tags;
    }
    for (Bytes& object : gossip::rpc::golden::objects_of(talk_.client.unread)) {
      heard_.push_back(std::move(object));
    }
    talk_.client.unread.clear();
  }

  // Which command each Seq belongs to, and which are to be answered.
  void follow(const Bytes& bytes) {
    requests_.feed(bytes);
    for (;;) {
      const gossip::rpc::Reader::Result result = requests_.next(gossip::rpc::kMaxRequestBodyBytes);
      if (result.status != gossip::rpc::Reader::Status::Complete) return;
      if (std::exchange(request_body_, false)) continue;
      const auto header = gossip::rpc::decode_request_header(result.object);
      const auto command =
          header ? gossip::rpc::command_from(header->command) : std::optional<Command>();
      if (!command) continue;
      commands_[header->seq] = *command;
      awaited_.insert(header->seq);
      request_body_ = gossip::rpc::has_request_body(*command);
    }
  }

  void receive(const Bytes& theirs) {
    if (skip_body_) {
      skip_body_ = false;
      return;
    }
    const auto header = gossip::rpc::decode_response_header(theirs);
    if (body_due_ || !header) {
      body_due_ = false;
      if (record_) {
        publish(theirs);
      } else if (!next_version_) {
        compare(theirs);
      } else {
        CHECK_FALSE(heard_.empty());  // the zero body
        heard_.pop_front();
      }
      return;
    }
    const auto found = commands_.find(header->seq);
    if (found == commands_.end()) return compare(theirs);
    const Command command = found->second;
    next_version_ = is_for_the_next_version(command) && header->error != "Handshake required" &&
                    header->error != "Authentication required";
    record_ = awaited_.erase(header->seq) == 0;
    if (record_) {
      if (next_version_) {
        skip_body_ = true;
      } else {
        body_due_ = true;
      }
      return;
    }
    body_due_ = gossip::rpc::body_follows(command, header->error);
    if (!next_version_) return compare(theirs);
    Bytes expected;
    gossip::rpc::encode_response_header({header->seq, std::string(kNotSupported)}, expected);
    compare(expected);
  }

  // Serf's record is made into an event again, which the stream must turn into the same record.
  void publish(const Bytes& theirs) {
    const auto record = gossip::rpc::decode_record(Command::Stream, theirs);
    REQUIRE(record);
    if (const auto* members = std::get_if<MemberEvent>(&*record)) {
      talk_.session.published_coalesced(*members);
    } else if (const auto* user = std::get_if<UserEvent>(&*record)) {
      talk_.session.published_coalesced(*user);
    } else {
      return;
    }
    settle();
    REQUIRE_FALSE(heard_.empty());
    heard_.pop_front();  // the header
    compare(theirs);
  }

  void compare(const Bytes& theirs) {
    REQUIRE_FALSE(heard_.empty());
    CHECK(gossip::rpc::golden::decode(heard_.front()) == gossip::rpc::golden::decode(theirs));
    heard_.pop_front();
    ++compared;
  }

  Conversation talk_;
  std::deque<Bytes> heard_;
  gossip::rpc::Reader requests_;
  bool request_body_ = false;
  std::map<std::uint64_t, Command> commands_;
  std::set<std::uint64_t> awaited_;
  bool body_due_ = false;
  bool skip_body_ = false;
  bool record_ = false;
  bool next_version_ = false;
};

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

int replay(const std::string& file, std::vector<std::string_view> only = {}) {
  int compared = 0;
  const std::vector<Member> usual = recorded_members("members");
  for (const Scenario& scenario : gossip::rpc::golden::load(file)) {
    if (is_otherwise(scenario.name)) continue;
    if (!only.empty() && std::find(only.begin(), only.end(), scenario.name) == only.end()) continue;
    CAPTURE(file);
    CAPTURE(scenario.name);
    const bool keyed = file == "auth" && scenario.name != "auth-agent-without-key";
    Replay replayed(
        scenario.name == "members-odd-values" ? recorded_members("members-odd-values") : usual,
        {.auth_key = keyed ? "s3cret" : ""});
    replayed.run(scenario);
    compared += replayed.compared;
  }
  return compared;
}

TEST_CASE("the session answers recorded clients as Serf did") {
  CHECK(replay("handshake-and-framing") > 40);
  CHECK(replay("auth") > 15);
  CHECK(replay("types") > 15);
  CHECK(replay("members-stats-coordinates") > 40);
  CHECK(replay("tags") > 8);
  CHECK(replay("join-and-force-leave") > 12);
  CHECK(replay("monitor-and-stop") > 4);
  CHECK(replay("leave") > 3);
  CHECK(replay("stream-and-respond",
               {"stream-bad-filter", "stream-good-filters", "stream-members", "stream-user"}) > 20);
}

}  // namespace
}  // namespace gossip::agent::rpc
