#include "rpc/client.h"

#include <doctest/doctest.h>

#include "rpc/record_codec.h"
#include "rpc/request_codec.h"
#include "rpc/response_codec.h"

namespace gossip::rpc {
namespace {

Bytes response(std::uint64_t seq, std::string error, const ResponseBody& body = NoBody{}) {
  Bytes out;
  encode_response_header({seq, std::move(error)}, out);
  encode_response_body(body, out);
  return out;
}

Bytes record(std::uint64_t seq, const Record& what) {
  Bytes out;
  encode_record(seq, what, out);
  return out;
}

std::vector<Arrival> arrivals(Client& client, const Bytes& bytes) {
  std::vector<Arrival> out;
  REQUIRE(client.receive(bytes, out));
  return out;
}

TEST_CASE("responses find their requests by Seq, in any order") {
  Client client;
  Bytes sent;
  const std::uint64_t join = client.send(JoinRequest{{"a"}, false}, sent);
  const std::uint64_t leave = client.send(LeaveRequest{}, sent);
  CHECK_FALSE(client.idle());

  const std::vector<Arrival> first = arrivals(client, response(leave, "Leave already in progress"));
  REQUIRE(first.size() == 1);
  CHECK(std::get<Response>(first[0]).command == Command::Leave);
  CHECK(std::get<Response>(first[0]).error == "Leave already in progress");

  const std::vector<Arrival> second = arrivals(client, response(join, "", JoinResponse{2}));
  REQUIRE(second.size() == 1);
  CHECK(std::get<JoinResponse>(std::get<Response>(second[0]).body).joined == 2);
  CHECK(client.idle());
}

TEST_CASE("a body comes also beside an error, but not when authentication is required") {
  Client client;
  Bytes sent;
  const std::uint64_t first = client.send(JoinRequest{{"a"}, false}, sent);
  const std::uint64_t second = client.send(MembersRequest{}, sent);
  const std::uint64_t third = client.send(StatsRequest{}, sent);

  CHECK(arrivals(client, response(first, "1 error occurred")).empty());
  Bytes rest;
  encode_response_body(JoinResponse{}, rest);
  CHECK(arrivals(client, rest).size() == 1);
  CHECK(arrivals(client, response(second, std::string(kAuthenticationRequired))).size() == 1);
  const std::vector<Arrival> last =
      arrivals(client, response(third, "", StatsResponse{{{"agent", {{"name", "n"}}}}}));
  REQUIRE(last.size() == 1);
  const auto& stats = std::get<StatsResponse>(std::get<Response>(last[0]).body);
  CHECK(stats.sections.at("agent").at("name") == "n");
}

TEST_CASE("records between responses belong to the stream that was opened") {
  Client client;
  Bytes sent;
  const std::uint64_t stream = client.send(StreamRequest{"user"}, sent);
  const std::uint64_t stats = client.send(StatsRequest{}, sent);
  Bytes bytes = response(stream, "");
  const Bytes event = record(stream, UserEvent{7, "deploy", {1, 2}, Coalesce::Yes});
  bytes.insert(bytes.end(), event.begin(), event.end());
  const Bytes answer = response(stats, "", StatsResponse{});
  bytes.insert(bytes.end(), answer.begin(), answer.end());

  const std::vector<Arrival> came = arrivals(client, bytes);
  REQUIRE(came.size() == 3);
  CHECK(client.is_open(stream));
  const auto& user = std::get<UserEvent>(std::get<StreamRecord>(came[1]).record);
  CHECK(user.time == 7);
  CHECK(user.name == "deploy");
  CHECK(user.payload == Bytes{1, 2});
  CHECK(user.coalesce == Coalesce::Yes);
}

TEST_CASE("a refused stream is not open") {
  Client client;
  Bytes sent;
  const std::uint64_t stream = client.send(StreamRequest{"bogus"}, sent);
  CHECK(arrivals(client, response(stream, "Invalid event filter")).size() == 1);
  CHECK_FALSE(client.is_open(stream));
}

TEST_CASE("late records of a stopped stream are left out") {
  Client client;
  Bytes sent;
  const std::uint64_t monitor = client.send(MonitorRequest{"info"}, sent);
  CHECK(arrivals(client, response(monitor, "")).size() == 1);
  const std::uint64_t stop = client.send(StopRequest{monitor}, sent);
  CHECK_FALSE(client.is_open(monitor));
  CHECK(arrivals(client, record(monitor, LogLine{"late"})).empty());
  CHECK(arrivals(client, response(stop, "")).size() == 1);
  CHECK(arrivals(client, record(monitor, LogLine{"later"})).empty());
}

TEST_CASE("records of a Seq that was never used are left out, with or without body") {
  Client client;
  Bytes sent;
  const std::uint64_t leave = client.send(LeaveRequest{}, sent);
  CHECK(arrivals(client, record(77, LogLine{"whose?"})).empty());
  CHECK(arrivals(client, response(78, "")).empty());
  CHECK(arrivals(client, response(leave, "")).size() == 1);
}

TEST_CASE("a query ends with done, and phantom records without sender are left out") {
  Client client;
  Bytes sent;
  const std::uint64_t query = client.send(QueryRequest{}, sent);
  CHECK(arrivals(client, response(query, "")).size() == 1);
  CHECK(arrivals(client, record(query, QueryReply{QueryReplyKind::Ack, "", {}})).empty());
  CHECK(arrivals(client, record(query, QueryReply{QueryReplyKind::Response, "a", {1}})).size() ==
        1);
  CHECK(client.is_open(query));
  CHECK(arrivals(client, record(query, QueryReply{QueryReplyKind::Done, "", {}})).size() == 1);
  CHECK_FALSE(client.is_open(query));
}

TEST_CASE("bytes that are no protocol are refused once and for all") {
  for (const std::string_view text : {"HTTP/1.1 400", "\xc1", "\x01"}) {
    Client client;
    std::vector<Arrival> out;
    const Expected<void> received = client.receive(as_bytes(text), out);
    REQUIRE_FALSE(received);
    CHECK(received.error().code == ErrorCode::Refused);
  }
}

TEST_CASE("an unreadable body of a response is refused") {
  Client client;
  Bytes sent;
  const std::uint64_t join = client.send(JoinRequest{}, sent);
  Bytes bytes;
  encode_response_header({join, ""}, bytes);
  bytes.push_back(0xa0);
  std::vector<Arrival> out;
  CHECK_FALSE(client.receive(bytes, out));
}

}  // namespace
}  // namespace gossip::rpc
