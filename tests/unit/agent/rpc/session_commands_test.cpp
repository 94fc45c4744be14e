// Events, queries, their answers, and keys.
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "rpc/request_codec.h"
#include "unit/agent/rpc/dialogue.h"

namespace gossip::agent::rpc {
namespace {

using gossip::rpc::Arrival;
using gossip::rpc::KeyResponse;
using gossip::rpc::Response;
using gossip::rpc::StreamRecord;

gossip::rpc::QueryRequest question(std::string name) {
  gossip::rpc::QueryRequest request;
  request.name = std::move(name);
  return request;
}

std::vector<gossip::rpc::QueryReply> replies(const std::vector<Arrival>& arrivals) {
  std::vector<gossip::rpc::QueryReply> found;
  for (const Arrival& arrival : arrivals) {
    if (const auto* record = std::get_if<StreamRecord>(&arrival)) {
      found.push_back(std::get<gossip::rpc::QueryReply>(record->record));
    }
  }
  return found;
}

TEST_CASE("an event goes to the agent as it is, and its refusal to the client") {
  Dialogue talk;
  CHECK(talk.ask(gossip::rpc::EventRequest{"deploy", {0, 255}, true}).error.empty());
  CHECK(talk.ask(gossip::rpc::EventRequest{"", {}, false}).error.empty());
  REQUIRE(talk.agent.events.size() == 2);
  CHECK(talk.agent.events[0].name == "deploy");
  CHECK(talk.agent.events[0].payload == Bytes{0, 255});
  CHECK(talk.agent.events[0].coalesce == Coalesce::Yes);
  CHECK(talk.agent.events[1].coalesce == Coalesce::No);
  talk.agent.refusal = Error{ErrorCode::TooLarge, "user event exceeds a limit"};
  CHECK(talk.ask(gossip::rpc::EventRequest{"deploy", {}, false}).error ==
        "user event exceeds a limit");
}

TEST_CASE("a query's parameters reach the agent") {
  Dialogue talk;
  gossip::rpc::QueryRequest request = question("uptime");
  request.filter_nodes = {"a", "b"};
  request.filter_tags = {{"role", "web"}};
  request.request_ack = true;
  request.relay_factor = 3;
  request.timeout_ns = -5;
  request.payload = {1, 2};
  request.wait = true;
  CHECK(talk.ask(request).error.empty());
  request.timeout_ns = std::numeric_limits<std::int64_t>::max();
  request.wait = false;
  CHECK(talk.ask(request).error.empty());
  request.wait.reset();
  CHECK(talk.ask(request).error.empty());
  REQUIRE(talk.agent.queries.size() == 3);
  const QueryParams& params = talk.agent.queries[0].params;
  CHECK(params.name == "uptime");
  CHECK(params.payload == Bytes{1, 2});
  CHECK(params.nodes == std::vector<std::string>{"a", "b"});
  CHECK(params.tags == Tags{{"role", "web"}});
  CHECK(params.acks == Acks::Wanted);
  CHECK(params.relay_factor == 3);
  CHECK(params.timeout == std::chrono::nanoseconds(-5));
  CHECK(params.wait == QueryWait::FullTime);
  CHECK(talk.agent.queries[1].params.wait == QueryWait::UntilComplete);
  CHECK(talk.agent.queries[1].params.settle == Duration::zero());
  CHECK(talk.agent.queries[1].params.timeout == std::chrono::hours(24 * 365));
  // Serf's clients may lose what comes just before the end.
  CHECK(talk.agent.queries[2].params.wait == QueryWait::UntilComplete);
  CHECK(talk.agent.queries[2].params.settle == std::chrono::milliseconds(500));
}

TEST_CASE("other commands are answered while a query runs, and stop does not end it") {
  Dialogue talk;
  const std::uint64_t seq = talk.say(question("uptime"));
  CHECK(talk.hear().size() == 1);
  CHECK(talk.ask(gossip::rpc::StopRequest{seq}).error.empty());
  CHECK(talk.ask(gossip::rpc::GetCoordinateRequest{"a"}).error.empty());
  talk.agent.queries.at(0).over({1, QueryEnd::Complete, 3, 1, 1, {"c"}});
  CHECK(as_text(talk.client.unread).find("done") != std::string_view::npos);
}

TEST_CASE("the last record of a query says who answered, who will not and who was silent") {
  Dialogue talk;
  talk.say(question("uptime"));
  const ScriptedAgent::AskedQuery asked = talk.agent.queries.at(0);
  asked.replied({1, QueryReplyKind::Ack, "a", {}});
  asked.replied({1, QueryReplyKind::Response, "a", {7}});
  asked.over({1, QueryEnd::Complete, 3, 1, 1, {"c"}});
  const std::vector<gossip::rpc::QueryReply> heard = replies(talk.hear());
  REQUIRE(heard.size() == 3);
  CHECK(heard[0].kind == gossip::rpc::QueryReplyKind::Ack);
  CHECK(heard[0].from == "a");
  CHECK_FALSE(heard[0].summary);
  CHECK(heard[1].kind == gossip::rpc::QueryReplyKind::Response);
  CHECK(heard[1].payload == Bytes{7});
  CHECK(heard[2].kind == gossip::rpc::QueryReplyKind::Done);
  REQUIRE(heard[2].summary);
  CHECK(heard[2].summary->asked == 3);
  CHECK(heard[2].summary->answered == 1);
  CHECK(heard[2].summary->declined == 1);
  CHECK(heard[2].summary->silent == std::vector<std::string>{"c"});
}

TEST_CASE("reserved names are refused in Serf's words, but for a ping without payload") {
  Dialogue talk;
  constexpr std::string_view kReserved = "Queries cannot contain the '_serf_' prefix";
  gossip::rpc::QueryRequest loaded = question("_serf_ping");
  loaded.payload = {1};
  CHECK(talk.ask(question("_serf_list-keys")).error == kReserved);
  CHECK(talk.ask(loaded).error == kReserved);
  CHECK(talk.agent.queries.empty());
  CHECK(talk.ask(question("_serf_ping")).error.empty());
}

TEST_CASE("the queries that run on one connection are limited, and one that is over makes room") {
  Dialogue talk;
  for (std::size_t i = 0; i < kMaxQueries; ++i)
    CHECK(talk.ask(question("q")).error.empty());
  CHECK(talk.ask(question("q")).error == "too many queries run on one connection, the limit is 64");
  CHECK(talk.agent.queries.size() == kMaxQueries);
  talk.agent.queries[0].over({});
  CHECK(talk.ask(question("q")).error.empty());
}

TEST_CASE("a query that the agent refuses takes no room and has no records") {
  Dialogue talk;
  talk.agent.refusal = Error{ErrorCode::TooLarge, "query exceeds limit of 1024 bytes"};
  for (std::size_t i = 0; i < 2 * kMaxQueries; ++i)
    CHECK(talk.ask(question("q")).error == "query exceeds limit of 1024 bytes");
}

TEST_CASE("a client that reads too slowly may lose replies, but not the end of its query") {
  Dialogue talk({.auth_key = "", .max_backlog_bytes = 2000});
  talk.say(question("uptime"));
  talk.client.counts_as_unsent = true;
  const ScriptedAgent::AskedQuery asked = talk.agent.queries.at(0);
  for (int i = 0; i < 100; ++i)
    asked.replied({1, QueryReplyKind::Response, "a", Bytes(100, 1)});
  asked.over({1, QueryEnd::TimedOut, 1, 1, 0, {}});
  const std::vector<gossip::rpc::QueryReply> heard = replies(talk.hear());
  CHECK(heard.size() < 30);
  CHECK(heard.back().kind == gossip::rpc::QueryReplyKind::Done);
  CHECK(talk.counters.records_dropped > 70);
  CHECK(talk.agent.log_lines.size() == 1);
}

TEST_CASE("what comes of a query after its client has gone is for nobody") {
  ScriptedAgent agent;
  ReadingClient client;
  const SessionSettings settings;
  SessionCounters counters;
  {
    Session session({agent, agent.ring, settings, counters}, client, "test");
    Bytes bytes;
    gossip::rpc::encode_request(1, gossip::rpc::HandshakeRequest{}, bytes);
    gossip::rpc::encode_request(2, question("uptime"), bytes);
    gossip::rpc::encode_request(3, gossip::rpc::ListKeysRequest{}, bytes);
    session.receive(bytes);
  }
  client.unread.clear();
  agent.queries.at(0).replied({1, QueryReplyKind::Ack, "a", {}});
  agent.queries.at(0).over({});
  agent.key_changes.at(0).done({});
  CHECK(client.unread.empty());
}

TEST_CASE("a query seen on a stream is answered by its number on this connection") {
  Dialogue talk;
  talk.say(gossip::rpc::StreamRequest{"query"});
  talk.hear();
  talk.session.published(Query{70, 4, "load", {1}, "beta", {}});
  talk.session.published(Query{71, 5, "load", {}, "beta", {}});
  const std::vector<Arrival> heard = talk.hear();
  REQUIRE(heard.size() == 2);
  const auto& second = std::get<gossip::rpc::QueryEvent>(std::get<StreamRecord>(heard[1]).record);
  CHECK(second.id == 2);
  CHECK(second.time == 5);
  CHECK(second.name == "load");
  CHECK(talk.ask(gossip::rpc::RespondRequest{2, {9}}).error.empty());
  CHECK(talk.agent.responses == std::vector<std::pair<QueryToken, Bytes>>{{71, {9}}});
  CHECK(talk.ask(gossip::rpc::RespondRequest{3, {}}).error == "No pending queries matching ID");
  CHECK(talk.ask(gossip::rpc::RespondRequest{0, {}}).error == "No pending queries matching ID");

  talk.agent.refusal = Error{ErrorCode::WrongState, "response already sent"};
  CHECK(talk.ask(gossip::rpc::RespondRequest{2, {9}}).error ==
        "failed to respond to key query: response already sent");
  talk.agent.refusal = Error{ErrorCode::NotFound, "no such query"};
  CHECK(talk.ask(gossip::rpc::RespondRequest{1, {9}}).error == "No pending queries matching ID");
  talk.agent.refusal.reset();
  CHECK(talk.ask(gossip::rpc::RespondRequest{1, {9}}).error == "No pending queries matching ID");
}

TEST_CASE("a key command is answered when the cluster has, and holds up what follows") {
  Dialogue talk;
  talk.say(gossip::rpc::KeyRequest{gossip::rpc::KeyChange::Use, "AQEBAQEBAQEBAQEBAQEBAQ=="});
  talk.say(gossip::rpc::StatsRequest{});
  CHECK(talk.hear().empty());
  CHECK_FALSE(talk.session.wants_input());
  REQUIRE(talk.agent.key_changes.size() == 1);
  CHECK(talk.agent.key_changes[0].command.action == KeyAction::Use);
  CHECK(talk.agent.key_changes[0].command.key == Bytes(16, 1));
  KeyResult result;
  result.node_count = 3;
  result.response_count = 2;
  result.silent = {"gamma"};
  talk.agent.key_changes[0].done(result);
  const std::vector<Arrival> heard = talk.hear();
  REQUIRE(heard.size() == 2);
  const auto& response = std::get<Response>(heard[0]);
  CHECK(response.error == "2/3 nodes reported success");
  const auto& body = std::get<KeyResponse>(response.body);
  CHECK_FALSE(body.keys);
  CHECK(body.node_count == 3);
  CHECK(body.response_count == 2);
  CHECK(body.silent == std::vector<std::string>{"gamma"});
  CHECK(talk.session.wants_input());
}

TEST_CASE("list-keys tells of every key, how many have it and which seals") {
  Dialogue talk;
  talk.say(gossip::rpc::ListKeysRequest{});
  REQUIRE(talk.agent.key_changes.size() == 1);
  CHECK(talk.agent.key_changes[0].command.action == KeyAction::List);
  KeyResult result;
  result.node_count = result.response_count = 2;
  result.keys = {{"AQEB", 2}, {"AgIC", 1}};
  result.primaries = {{"AQEB", 2}};
  SUBCASE("all is well") {
    talk.agent.key_changes[0].done(result);
    const auto response = std::get<Response>(talk.hear().at(0));
    CHECK(response.error.empty());
    const auto& body = std::get<KeyResponse>(response.body);
    REQUIRE(body.keys);
    CHECK(body.keys->at("AgIC") == 1);
    CHECK(body.primaries == std::map<std::string, std::int64_t>{{"AQEB", 2}});
  }
  SUBCASE("a member reports an error: the body comes all the same") {
    result.error_count = 1;
    result.messages = {{"beta", "Keyring is empty (encryption not enabled)"}};
    talk.agent.key_changes[0].done(result);
    const auto response = std::get<Response>(talk.hear().at(0));
    CHECK(response.error == "1/2 nodes reported failure");
    CHECK(std::get<KeyResponse>(response.body).messages == result.messages);
  }
}

TEST_CASE("a key that is no base64 fails before anybody is asked, at the byte that Go names") {
  const std::pair<std::string, std::string> wrong[] = {
      {"???", "0"}, {"AQ?B", "2"}, {"AQ", "0"},       {"AQEBA", "4"}, {"A===", "1"},
      {"AQ=", "3"}, {"AQ=B", "2"}, {"AQ==AQEB", "4"}, {"AQE=A", "4"},
  };
  Dialogue talk;
  for (const auto& each : wrong) {  // clang 14 captures no structured binding
    const std::string& text = each.first;
    CAPTURE(text);
    const Response response =
        talk.ask(gossip::rpc::KeyRequest{gossip::rpc::KeyChange::Install, text});
    CHECK(response.error == "illegal base64 data at input byte " + each.second);
    CHECK(std::get<KeyResponse>(response.body).node_count == 0);
    CHECK_FALSE(std::get<KeyResponse>(response.body).keys);
  }
  CHECK(talk.agent.key_changes.empty());
}

TEST_CASE("a key command that the agent refuses gives its zero body and goes on") {
  Dialogue talk;
  talk.agent.refusal = Error{ErrorCode::InvalidArgument, "a key has 5 bytes"};
  const Response response =
      talk.ask(gossip::rpc::KeyRequest{gossip::rpc::KeyChange::Install, "MTIzNDU="});
  CHECK(response.error == "a key has 5 bytes");
  CHECK(std::get<KeyResponse>(response.body).node_count == 0);
  CHECK(talk.session.wants_input());
}

TEST_CASE("a coordinate that nobody knows is no error") {
  Dialogue talk;
  Coordinate place;
  place.height = 0.5;
  talk.agent.coordinates = {{"a", place}};
  const Response known = talk.ask(gossip::rpc::GetCoordinateRequest{"a"});
  const Response unknown = talk.ask(gossip::rpc::GetCoordinateRequest{"b"});
  const auto& body = std::get<gossip::rpc::CoordinateResponse>(known.body);
  REQUIRE(body.coordinate);
  CHECK(body.coordinate->height == 0.5);
  CHECK(unknown.error.empty());
  CHECK_FALSE(std::get<gossip::rpc::CoordinateResponse>(unknown.body).coordinate);
}

TEST_CASE("a reload is answered with what became of it, or why nothing did") {
  Dialogue talk;
  talk.agent.reload_report = {{"tags"}, {"bind", "label"}, {"w"}, {"f"}};
  const Response done = talk.ask(gossip::rpc::ReloadRequest{});
  CHECK(done.error.empty());
  const auto& report = std::get<gossip::rpc::ReloadResponse>(done.body);
  CHECK(report.taken == std::vector<std::string>{"tags"});
  CHECK(report.restart == std::vector<std::string>{"bind", "label"});
  CHECK(report.warnings == std::vector<std::string>{"w"});
  CHECK(report.failed == std::vector<std::string>{"f"});
  talk.agent.refusal = Error{ErrorCode::InvalidArgument, "a.toml:1:1: no"};
  const Response refused = talk.ask(gossip::rpc::ReloadRequest{});
  CHECK(refused.error == "a.toml:1:1: no");
  CHECK(std::get<gossip::rpc::ReloadResponse>(refused.body).taken.empty());
}

TEST_CASE("a reload that looks names up is answered when that is over") {
  Dialogue talk;
  talk.agent.reload_is_slow = true;
  talk.say(gossip::rpc::ReloadRequest{});
  talk.say(gossip::rpc::StatsRequest{});
  CHECK(talk.hear().empty());
  talk.agent.reload_done(gossip::rpc::ReloadResponse{{"tags"}, {}, {}, {}});
  const std::vector<Arrival> then = talk.hear();
  REQUIRE(then.size() == 2);
  const auto& done = std::get<Response>(then[0]);
  CHECK(std::get<gossip::rpc::ReloadResponse>(done.body).taken.size() == 1);
  CHECK(std::get<Response>(then[1]).command == gossip::rpc::Command::Stats);
}

TEST_CASE("seeds are told with what was found, what went wrong and when") {
  Dialogue talk;
  gossip::rpc::SeedStatus status;
  status.seed = "dns+a.example";
  status.kind = "name";
  status.state = "met";
  status.answer = {"10.0.0.1:7946"};
  status.error = "e";
  status.note = "n";
  status.attempts = 3;
  status.joins = 2;
  status.looked_up_ms = 1500;
  status.since_ms = 250;
  talk.agent.seed_report.seeds = {status, {}};
  const Response done = talk.ask(gossip::rpc::SeedsRequest{});
  CHECK(done.error.empty());
  const auto& seeds = std::get<gossip::rpc::SeedsResponse>(done.body).seeds;
  REQUIRE(seeds.size() == 2);
  CHECK(seeds[0].seed == "dns+a.example");
  CHECK(seeds[0].kind == "name");
  CHECK(seeds[0].state == "met");
  CHECK(seeds[0].answer == status.answer);
  CHECK(seeds[0].error == "e");
  CHECK(seeds[0].note == "n");
  CHECK(seeds[0].attempts == 3);
  CHECK(seeds[0].joins == 2);
  CHECK(seeds[0].looked_up_ms == 1500);
  CHECK_FALSE(seeds[0].joined_ms.has_value());
  CHECK_FALSE(seeds[0].next_ms.has_value());
  CHECK(seeds[0].since_ms == 250);
}

TEST_CASE("metrics are the agent's") {
  Dialogue talk;
  talk.agent.metrics_report.families = {
      {"gossipd_x", gossip::metrics::Kind::Gauge, "X", {{"", {}, 3}}}};
  const Response done = talk.ask(gossip::rpc::MetricsRequest{});
  CHECK(done.error.empty());
  CHECK(std::get<gossip::rpc::MetricsResponse>(done.body).families ==
        talk.agent.metrics_report.families);
}

}  // namespace
}  // namespace gossip::agent::rpc
