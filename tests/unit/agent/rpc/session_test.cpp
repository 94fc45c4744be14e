#include "agent/rpc/session.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "rpc/request_codec.h"
#include "unit/agent/rpc/dialogue.h"

namespace gossip::agent::rpc {
namespace {

using gossip::rpc::Arrival;
using gossip::rpc::Request;
using gossip::rpc::Response;
using gossip::rpc::StreamRecord;

Member member(std::string name, MemberStatus status = MemberStatus::Alive) {
  Member made;
  made.name = std::move(name);
  made.status = status;
  made.address = {IpAddress::v4({127, 0, 0, 1}), 7946};
  return made;
}

std::vector<std::string> log_texts(const std::vector<Arrival>& arrivals) {
  std::vector<std::string> texts;
  for (const Arrival& arrival : arrivals) {
    if (const auto* record = std::get_if<StreamRecord>(&arrival)) {
      texts.push_back(std::get<gossip::rpc::LogLine>(record->record).text);
    }
  }
  return texts;
}

Bytes raw_request(std::string_view command, ByteView body) {
  Bytes bytes;
  bytes.push_back(0x82);
  const auto text = [&bytes](std::string_view value) {
    bytes.push_back(static_cast<std::uint8_t>(0xa0 + value.size()));
    bytes.insert(bytes.end(), value.begin(), value.end());
  };
  text("Command");
  text(command);
  text("Seq");
  bytes.push_back(9);
  bytes.insert(bytes.end(), body.begin(), body.end());
  return bytes;
}

TEST_CASE("a body that cannot be read is an error with the command's zero body, and no end") {
  Dialogue talk;
  const Bytes wrong{0x81, 0xa8, 'E', 'x', 'i', 's', 't', 'i', 'n', 'g', 0x07};
  talk.session.receive(raw_request("join", wrong));
  CHECK_FALSE(talk.client.finished);
  const std::string_view heard = as_text(talk.client.unread);
  CHECK(heard.find("Invalid request body of join") != std::string_view::npos);
  CHECK(heard.find("Num") != std::string_view::npos);
  talk.client.unread.clear();
  CHECK(talk.ask(gossip::rpc::StatsRequest{}).error.empty());
}

TEST_CASE("a body before authentication is read and dropped, and answered once") {
  Dialogue talk({.auth_key = "s3cret"});
  const Response refused = talk.ask(gossip::rpc::TagsRequest{{{"role", "web"}}, {}});
  CHECK(refused.error == gossip::rpc::kAuthenticationRequired);
  CHECK(talk.client.unread.empty());
  CHECK(talk.agent.own_tags.empty());
  CHECK_FALSE(talk.session.is_admitted());
  CHECK(talk.ask(gossip::rpc::AuthRequest{"s3creT"}).error == "Invalid authentication token");
  CHECK(talk.ask(gossip::rpc::AuthRequest{"s3cret"}).error.empty());
  CHECK(talk.session.is_admitted());
  CHECK(talk.ask(gossip::rpc::TagsRequest{{{"role", "web"}}, {}}).error.empty());
  CHECK(talk.agent.own_tags.at("role") == "web");
}

TEST_CASE("an agent without a token takes any") {
  Dialogue talk;
  CHECK(talk.ask(gossip::rpc::AuthRequest{"s3cret"}).error.empty());
  CHECK(talk.ask(gossip::rpc::AuthRequest{""}).error.empty());
  CHECK(talk.session.is_admitted());
}

TEST_CASE("a stranger's body is held to a smaller limit") {
  Dialogue talk({.auth_key = "s3cret"});
  talk.say(gossip::rpc::AuthRequest{std::string(kMaxStrangerBodyBytes, 'x')});
  CHECK(talk.client.finished);
  CHECK(talk.client.unread.empty());
}

TEST_CASE("who is not permitted is told so at the first request, and no more") {
  Conversation talk({}, std::string(gossip::rpc::kPermissionDenied));
  Bytes request;
  gossip::rpc::encode_request(4, gossip::rpc::HandshakeRequest{}, request);
  talk.session.receive(request);
  CHECK(talk.client.finished);
  CHECK(as_text(talk.client.unread).find("Permission denied") != std::string_view::npos);
}

TEST_CASE("a pattern that does not compile gives an error and an empty list") {
  Dialogue talk;
  talk.agent.member_list = {member("a")};
  const Response response = talk.ask(gossip::rpc::MembersFilteredRequest{{}, "", "("});
  CHECK(response.error.starts_with("Failed to compile regex: "));
  CHECK(std::get<gossip::rpc::MembersResponse>(response.body).members.empty());
  CHECK_FALSE(talk.client.finished);
}

TEST_CASE("a slow command holds up what follows on its connection, but not its streams") {
  Dialogue talk;
  CHECK(talk.ask(gossip::rpc::StreamRequest{"member-join"}).error.empty());
  talk.say(gossip::rpc::JoinRequest{{"127.0.0.9"}, true});
  talk.say(gossip::rpc::StatsRequest{});
  CHECK_FALSE(talk.session.wants_input());
  CHECK(talk.hear().empty());
  REQUIRE(talk.agent.joins.size() == 1);
  CHECK(talk.agent.joins[0].replay == Replay::DeliverOld);

  talk.session.published_coalesced(MemberEvent{MemberEventKind::Join, {member("b")}});
  const std::vector<Arrival> meanwhile = talk.hear();
  REQUIRE(meanwhile.size() == 1);
  CHECK(std::holds_alternative<StreamRecord>(meanwhile[0]));

  talk.agent.joins[0].done({1, {}});
  const std::vector<Arrival> then = talk.hear();
  REQUIRE(then.size() == 2);
  CHECK(std::get<Response>(then[0]).command == gossip::rpc::Command::Join);
  CHECK(std::get<Response>(then[1]).command == gossip::rpc::Command::Stats);
  CHECK(talk.session.wants_input());
}

TEST_CASE("a join or a reload that ends after its client has gone tells nobody") {
  ScriptedAgent agent;
  ReadingClient client;
  const SessionSettings settings;
  SessionCounters counters;
  const auto ask_and_go = [&](const gossip::rpc::Request& request) {
    Session session({agent, agent.ring, settings, counters}, client, "test");
    Bytes bytes;
    gossip::rpc::encode_request(1, gossip::rpc::HandshakeRequest{}, bytes);
    gossip::rpc::encode_request(2, request, bytes);
    session.receive(bytes);
  };
  ask_and_go(gossip::rpc::JoinRequest{{"a"}, false});
  agent.reload_is_slow = true;
  ask_and_go(gossip::rpc::ReloadRequest{});
  client.unread.clear();
  REQUIRE(agent.joins.size() == 1);
  agent.joins[0].done({1, {}});
  REQUIRE(agent.reload_done);
  agent.reload_done(gossip::rpc::ReloadResponse{});
  CHECK(client.unread.empty());
}

TEST_CASE("a join that reached nobody names each address and cause") {
  Dialogue talk;
  talk.say(gossip::rpc::JoinRequest{{"a", "b"}, false});
  talk.agent.joins.at(0).done({0,
                               {{"127.0.77.250:7946", "connection refused"},
                                {"[::1]:1", "timed out"},
                                {"nowhere.invalid", "no such host"}}});
  const std::vector<Arrival> heard = talk.hear();
  REQUIRE(heard.size() == 1);
  const auto& response = std::get<Response>(heard[0]);
  CHECK(
      response.error ==
      "3 errors occurred:\n\t* Failed to join 127.0.77.250: 127.0.77.250:7946: connection "
      "refused\n\t* Failed to join ::1: [::1]:1: timed out\n\t* Failed to resolve nowhere.invalid: "
      "no such host\n\n");
  CHECK(std::get<gossip::rpc::JoinResponse>(response.body).joined == 0);
}

TEST_CASE("a join after a leave is refused in Serf's words") {
  Dialogue talk;
  talk.agent.join_refusal = Error{ErrorCode::WrongState, "leaving"};
  CHECK(talk.ask(gossip::rpc::JoinRequest{{"a"}, false}).error ==
        "Serf can't Join after Leave or Shutdown");
  CHECK(talk.session.wants_input());
}

TEST_CASE("a leave is answered when it is over, and ends the connection") {
  Dialogue talk;
  talk.say(gossip::rpc::LeaveRequest{});
  CHECK(talk.hear().empty());
  CHECK_FALSE(talk.client.finished);
  REQUIRE(talk.agent.leave_done);
  talk.agent.leave_done({});
  CHECK(talk.hear().size() == 1);
  CHECK(talk.client.finished);
  CHECK(talk.client.hang_up == HangUp::ClientFirst);
}

TEST_CASE("a second leave says that one is under way") {
  Dialogue talk;
  talk.agent.leave_refusal = Error{ErrorCode::AlreadyDone, "Leave already in progress"};
  CHECK(talk.ask(gossip::rpc::LeaveRequest{}).error == "Leave already in progress");
}

TEST_CASE("tags that are too large are refused in Serf's words") {
  Dialogue talk;
  talk.agent.tags_refusal = Error{ErrorCode::TooLarge, "tags encode to 613 bytes"};
  CHECK(talk.ask(gossip::rpc::TagsRequest{}).error ==
        "Encoded length of tags exceeds limit of 512 bytes");
}

TEST_CASE("a client that does not read loses records, counted, but no response") {
  Dialogue talk({.auth_key = "", .max_backlog_bytes = 2000});
  CHECK(talk.ask(gossip::rpc::StreamRequest{"user"}).error.empty());
  talk.client.counts_as_unsent = true;
  for (int i = 0; i < 100; ++i)
    talk.session.published_coalesced(UserEvent{1, "deploy", Bytes(100, 1), Coalesce::No});
  CHECK(talk.client.unsent <= 2000);
  CHECK(talk.counters.records_dropped > 80);
  CHECK(talk.agent.log_lines.size() == 1);

  talk.say(gossip::rpc::StatsRequest{});
  talk.client.unsent = 0;
  talk.client.counts_as_unsent = false;
  talk.session.drained();
  CHECK(talk.agent.log_lines.size() == 2);
  const std::vector<Arrival> heard = talk.hear();
  REQUIRE_FALSE(heard.empty());
  CHECK(std::get<Response>(heard.back()).command == gossip::rpc::Command::Stats);

  talk.session.published_coalesced(UserEvent{2, "deploy", {}, Coalesce::No});
  CHECK(talk.hear().size() == 1);
}

TEST_CASE("a record beyond the limit reaches a client that has read all, and nobody else") {
  Dialogue talk({.auth_key = "", .max_backlog_bytes = 1000});
  CHECK(talk.ask(gossip::rpc::StreamRequest{"member-join"}).error.empty());
  MemberEvent all{MemberEventKind::Join, {}};
  for (int i = 0; i < 100; ++i)
    all.members.push_back(member("node-" + std::to_string(i)));
  talk.client.counts_as_unsent = true;
  CHECK(talk.session.published_coalesced(all));
  CHECK(talk.client.unsent > 1000);
  CHECK_FALSE(talk.session.wants_input());
  CHECK_FALSE(talk.session.published_coalesced(all));
  CHECK(talk.counters.records_dropped == 1);
  const std::vector<Arrival> heard = talk.hear();
  REQUIRE(heard.size() == 1);
  const auto& record = std::get<StreamRecord>(heard[0]);
  CHECK(std::get<MemberEvent>(record.record).members.size() == 100);
}

TEST_CASE("a monitor that does not read is told of in the log at the first drop, and once") {
  Dialogue talk({.auth_key = "", .max_backlog_bytes = 2000});
  const std::string line(100, 'x');
  const auto warnings = [&talk] { return talk.agent.log_lines.size(); };
  SUBCASE("while it follows") {
    talk.say(gossip::rpc::MonitorRequest{"debug"});
    talk.client.counts_as_unsent = true;
    while (talk.counters.records_dropped == 0)
      talk.agent.ring.append(LogLevel::Info, line);
    CHECK(warnings() == 1);
  }
  SUBCASE("at the buffered lines") {
    for (int i = 0; i < 50; ++i)
      talk.agent.ring.append(LogLevel::Info, line);
    talk.client.counts_as_unsent = true;
    talk.say(gossip::rpc::MonitorRequest{"debug"});
    CHECK(warnings() == 1);
  }
  for (int i = 0; i < 50; ++i)
    talk.agent.ring.append(LogLevel::Info, line);
  REQUIRE(warnings() == 1);
  CHECK(talk.agent.log_lines[0].starts_with("agent.ipc: Dropping events and logs to test"));
  CHECK(talk.agent.ring.lines().size() > 50);
}

TEST_CASE("no request is run while too much is unsent") {
  Dialogue talk({.auth_key = "", .max_backlog_bytes = 100});
  talk.client.unsent = 100;
  CHECK_FALSE(talk.session.wants_input());
  talk.say(gossip::rpc::StatsRequest{});
  CHECK(talk.hear().empty());
  talk.client.unsent = 0;
  talk.session.drained();
  CHECK(talk.hear().size() == 1);
}

TEST_CASE(
    "a monitor gets the buffered lines of its level, then each new one, until it is stopped") {
  Dialogue talk;
  talk.agent.ring.append(LogLevel::Debug, "1 [DEBUG] a");
  talk.agent.ring.append(LogLevel::Info, "2 [INFO] b");
  const std::uint64_t seq = talk.say(gossip::rpc::MonitorRequest{"Info"});
  CHECK(log_texts(talk.hear()) == std::vector<std::string>{"2 [INFO] b"});
  talk.agent.ring.append(LogLevel::Trace, "3 [TRACE] c");
  talk.agent.ring.append(LogLevel::Error, "4 [ERR] d");
  CHECK(log_texts(talk.hear()) == std::vector<std::string>{"4 [ERR] d"});
  CHECK(talk.ask(gossip::rpc::MonitorRequest{"debug"}).error == "Monitor already exists");
  CHECK(talk.ask(gossip::rpc::StopRequest{seq}).error.empty());
  talk.agent.ring.append(LogLevel::Error, "5 [ERR] e");
  CHECK(talk.client.unread.empty());
  talk.say(gossip::rpc::MonitorRequest{"err"});
  CHECK(log_texts(talk.hear()) == std::vector<std::string>{"4 [ERR] d", "5 [ERR] e"});
}

TEST_CASE("an event goes once to each stream that wants it") {
  Dialogue talk;
  const std::uint64_t one = talk.say(gossip::rpc::StreamRequest{"user:one,user,*"});
  const std::uint64_t all = talk.say(gossip::rpc::StreamRequest{""});
  talk.say(gossip::rpc::StreamRequest{"member-failed,user:two"});
  CHECK(talk.hear().size() == 3);
  talk.session.published_coalesced(UserEvent{3, "one", {}, Coalesce::No});
  std::vector<std::uint64_t> seqs;
  for (const Arrival& arrival : talk.hear())
    seqs.push_back(std::get<StreamRecord>(arrival).seq);
  CHECK(seqs == std::vector<std::uint64_t>{one, all});
}

TEST_CASE(
    "a stream hears of an event at once, or what coalescing made of it, and of a query once") {
  Dialogue talk;
  const std::uint64_t at_once = talk.say(gossip::rpc::StreamRequest{"user,query", false});
  const std::uint64_t coalesced = talk.say(gossip::rpc::StreamRequest{"user,query"});
  CHECK(talk.hear().size() == 2);
  const auto heard_by = [&talk] {
    std::vector<std::uint64_t> seqs;
    for (const Arrival& arrival : talk.hear())
      seqs.push_back(std::get<StreamRecord>(arrival).seq);
    return seqs;
  };
  const Event event = UserEvent{3, "one", {}, Coalesce::No};
  CHECK(talk.session.published(event));
  CHECK(heard_by() == std::vector<std::uint64_t>{at_once});
  CHECK(talk.session.published_coalesced(event));
  CHECK(heard_by() == std::vector<std::uint64_t>{coalesced});
  const Event query = Query{7, 4, "uptime", {1}, "beta", {}};
  CHECK(talk.session.published(query));
  CHECK(heard_by() == std::vector<std::uint64_t>{at_once, coalesced});
  CHECK_FALSE(talk.session.published_coalesced(query));
  CHECK(heard_by().empty());
  CHECK_FALSE(talk.session.published(MemberEvent{MemberEventKind::Join, {member("b")}}));
}

TEST_CASE("a stream that will not answer is shown queries, but is nobody to wait for") {
  Dialogue talk;
  const Query query{7, 1, "load", {}, "", {}};
  CHECK(talk.ask(gossip::rpc::StreamRequest{"*", false, false}).error.empty());
  CHECK_FALSE(talk.session.published(query));
  CHECK(talk.hear().size() == 1);
  CHECK(talk.ask(gossip::rpc::StreamRequest{"query"}).error.empty());
  CHECK(talk.session.published(query));
  CHECK(talk.hear().size() == 2);
}

TEST_CASE("the streams of one connection are limited") {
  Dialogue talk;
  for (std::size_t i = 0; i < kMaxStreams; ++i) {
    CHECK(talk.ask(gossip::rpc::StreamRequest{"user"}).error.empty());
  }
  CHECK(talk.ask(gossip::rpc::StreamRequest{"user"}).error.starts_with("too many streams"));
}

TEST_CASE("what was sent before the client's end is answered before ours") {
  Dialogue talk;
  talk.say(gossip::rpc::JoinRequest{{"a"}, false});
  talk.say(gossip::rpc::StatsRequest{});
  talk.session.end_of_input();
  CHECK_FALSE(talk.client.finished);
  talk.agent.joins.at(0).done({1, {}});
  CHECK(talk.hear().size() == 2);
  CHECK(talk.client.finished);
}

TEST_CASE("bytes that announce too much, nest too deep or are no request end the connection") {
  Bytes deep = raw_request("get-coordinate", {});
  deep[0] = 0x83;
  deep.insert(deep.end(), {0xa1, 'X'});
  deep.insert(deep.end(), 10000, 0x91);
  const std::vector<Bytes> hostile{
      {0xdf, 0xff, 0xff, 0xff, 0xff},
      {0x82, 0xa7, 'C', 'o', 'm', 'm', 'a', 'n', 'd', 0xdb, 0x7f, 0xff, 0xff, 0xff},
      {0xc1},
      {0x92, 0xa5, 's', 't', 'a', 't', 's', 0x02},
      raw_request("tags", Bytes{0xdb, 0x00, 0x10, 0x00, 0x01}),
      deep,
  };
  for (const Bytes& bytes : hostile) {
    Dialogue talk;
    talk.session.receive(bytes);
    CHECK(talk.client.finished);
    CHECK(talk.client.unread.empty());
    CHECK(talk.counters.broken_streams == 1);
  }
}

}  // namespace
}  // namespace gossip::agent::rpc
