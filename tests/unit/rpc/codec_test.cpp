#include <algorithm>
#include <map>
#include <optional>

#include <doctest/doctest.h>

#include "rpc/record_codec.h"
#include "rpc/request_codec.h"
#include "rpc/response_codec.h"
#include "unit/rpc/golden_ipc.h"

namespace gossip::rpc {
namespace {

using golden::Json;
using golden::Scenario;
using golden::Step;

constexpr std::string_view kFiles[] = {"handshake-and-framing",
                                       "auth",
                                       "members-stats-coordinates",
                                       "event",
                                       "tags",
                                       "join-and-force-leave",
                                       "monitor-and-stop",
                                       "stream-and-respond",
                                       "query",
                                       "keys",
                                       "leave"};
// What Serf reads there, and ours refuses or reads otherwise on purpose (rpc.md §2.2, §2.3); and two queries
// whose records nobody can tell apart.
constexpr std::string_view kOtherwise[] = {
    "header-not-map",  "header-empty-map",   "header-seq-omitted",
    "body-unexpected", "body-array",         "body-wrong-type",
    "header-nil",      "header-bin-strings", "auth-missing-with-body",
    "query-same-seq"};

bool is_otherwise(const std::string& name) {
  return std::find(std::begin(kOtherwise), std::end(kOtherwise), name) != std::end(kOtherwise);
}

// Follows one recorded connection: which command each Seq belongs to, and what each object is.
class Follower {
 public:
  int requests = 0;
  int bodies = 0;
  int records = 0;

  void sent(const Bytes& bytes) {
    const std::vector<Bytes> objects = golden::objects_of(bytes);
    for (const Bytes& object : objects) {
      if (const std::optional<Command> command = std::exchange(body_due_, std::nullopt)) {
        check_request(*command, object);
        continue;
      }
      const std::optional<RequestHeader> header = decode_request_header(object);
      if (!header) return;  // a hostile one: its bytes are no request
      const std::optional<Command> command = command_from(header->command);
      if (!command) continue;
      by_seq_[header->seq] = {*command, false};
      if (has_request_body(*command)) body_due_ = *command;
    }
  }

  void received(const Bytes& object) {
    if (expecting_body_) {
      expecting_body_ = false;
      check_body(object);
      return;
    }
    const std::optional<ResponseHeader> header = decode_response_header(object);
    REQUIRE(header);
    Bytes again;
    encode_response_header(*header, again);
    CHECK(again == object);

    const auto known = by_seq_.find(header->seq);
    if (known == by_seq_.end()) return;
    auto& [command, answered] = known->second;
    current_ = command;
    record_ = std::exchange(answered, true);
    expecting_body_ = record_ || body_follows(command, header->error);
  }

 private:
  void check_request(Command command, const Bytes& object) {
    const std::optional<Request> request = decode_request(command, object);
    REQUIRE(request);
    CHECK(command_of(*request) == command);
    Bytes again;
    encode_request(1, *request, again);
    const std::vector<Bytes> objects = golden::objects_of(again);
    REQUIRE(objects.size() == 2);
    const Json ours = golden::decode(objects[1]);
    const Json theirs = golden::decode(object);
    ++requests;
    if (!theirs.is_object()) return;
    for (const auto& [key, value] : theirs.items()) {
      // Empty bytes go out as nil, and old raw comes back as bin.
      if (!ours.contains(key) || value.is_null()) continue;
      if (ours.at(key).is_binary() || ours.at(key).is_null()) continue;
      CHECK(ours.at(key) == value);
    }
  }

  void check_body(const Bytes& object) {
    Bytes again;
    if (record_) {
      const std::optional<Record> record = decode_record(current_, object);
      REQUIRE(record);
      encode_record(7, *record, again);
      const std::vector<Bytes> objects = golden::objects_of(again);
      REQUIRE(objects.size() == 2);
      again = objects[1];
      ++records;
    } else {
      const std::optional<ResponseBody> body = decode_response_body(current_, object);
      REQUIRE(body);
      encode_response_body(*body, again);
      ++bodies;
    }
    CHECK(golden::decode(again) == golden::decode(object));
  }

  struct Asked {
    Command command = Command::Handshake;
    bool answered = false;
  };
  std::map<std::uint64_t, Asked> by_seq_;
  std::optional<Command> body_due_;
  Command current_ = Command::Handshake;
  bool expecting_body_ = false;
  bool record_ = false;
};

TEST_CASE("every recorded request, response and record is read, and written the same") {
  int requests = 0;
  int bodies = 0;
  int records = 0;
  for (const std::string_view file : kFiles) {
    for (const Scenario& scenario : golden::load(std::string(file))) {
      if (is_otherwise(scenario.name)) continue;
      CAPTURE(file);
      CAPTURE(scenario.name);
      Follower follower;
      for (const Step& step : scenario.steps) {
        if (step.kind == Step::Kind::Send) follower.sent(step.bytes);
        if (step.kind == Step::Kind::Receive) follower.received(step.bytes);
      }
      requests += follower.requests;
      bodies += follower.bodies;
      records += follower.records;
    }
  }
  // Not vacuous: the files hold these many.
  CHECK(requests > 200);
  CHECK(bodies > 60);
  CHECK(records > 50);
}

TEST_CASE("a body of the wrong types or ranges is no request") {
  // {"RelayFactor": 300}, {"Timeout": 2.0}, {"Node": 5}, ["alpha"], {7: 8}
  const std::pair<Command, Bytes> wrong[] = {
      {Command::Query,
       {0x81, 0xab, 'R', 'e', 'l', 'a', 'y', 'F', 'a', 'c', 't', 'o', 'r', 0xcd, 1, 44}},
      {Command::Query,
       {0x81, 0xa7, 'T', 'i', 'm', 'e', 'o', 'u', 't', 0xcb, 0x40, 0, 0, 0, 0, 0, 0, 0}},
      {Command::GetCoordinate, {0x81, 0xa4, 'N', 'o', 'd', 'e', 5}},
      {Command::GetCoordinate, {0x91, 0xa5, 'a', 'l', 'p', 'h', 'a'}},
      {Command::Tags, {0x81, 0x07, 0x08}},
  };
  for (const auto& [command, object] : wrong)
    CHECK_FALSE(decode_request(command, object));
}

TEST_CASE("a Seq may come as any integer that is not negative") {
  const std::pair<Bytes, std::uint64_t> forms[] = {
      {{5}, 5},
      {{0xcf, 0, 0, 0, 0, 0, 0, 0, 5}, 5},
      {{0xd3, 0, 0, 0, 0, 0, 0, 0, 5}, 5},
      {{0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, ~std::uint64_t{0}}};
  for (const auto& [form, seq] : forms) {
    Bytes object{0x81, 0xa3, 'S', 'e', 'q'};
    object.insert(object.end(), form.begin(), form.end());
    const std::optional<RequestHeader> header = decode_request_header(object);
    REQUIRE(header);
    CHECK(header->seq == seq);
  }
  CHECK_FALSE(decode_request_header(Bytes{0x81, 0xa3, 'S', 'e', 'q', 0xff}));
}

TEST_CASE("strings are taken as bin too, and a field given twice counts as it came last") {
  const Bytes bin{0x81, 0xc4, 4, 'N', 'o', 'd', 'e', 0xc4, 1, 'a'};
  CHECK(std::get<GetCoordinateRequest>(*decode_request(Command::GetCoordinate, bin)).node == "a");
  const Bytes twice{0x82, 0xa4, 'N', 'o', 'd', 'e', 0xa1, 'a', 0xa4, 'N', 'o', 'd', 'e', 0xa1, 'b'};
  CHECK(std::get<GetCoordinateRequest>(*decode_request(Command::GetCoordinate, twice)).node == "b");
}

TEST_CASE("a coordinate of more dimensions than there are is refused") {
  Bytes object;
  encode_response_body(CoordinateResponse{Coordinate{}}, object);
  CHECK(decode_response_body(Command::GetCoordinate, object));
  const auto vec = std::find(object.begin(), object.end(), std::uint8_t{0x98});
  REQUIRE(vec != object.end());
  *vec = 0x99;
  CHECK_FALSE(decode_response_body(Command::GetCoordinate, object));
}

std::vector<std::string> keys_of(const Bytes& stream) {
  std::vector<std::string> keys;
  const Json object = Json::from_msgpack(golden::objects_of(stream).back());
  for (const auto& [key, value] : object.items())
    keys.push_back(key);
  return keys;
}

template <typename T>
T resent(const T& request) {
  Bytes bytes;
  encode_request(1, request, bytes);
  const auto again = decode_request(command_of(request), golden::objects_of(bytes).back());
  REQUIRE(again);
  return std::get<T>(*again);
}

TEST_CASE("our own request fields go out only where they say something, and come back") {
  Bytes bytes;
  encode_request(1, StreamRequest{"user"}, bytes);
  CHECK(keys_of(bytes) == std::vector<std::string>{"Type"});
  CHECK(resent(StreamRequest{"user"}).coalesce);
  CHECK_FALSE(resent(StreamRequest{"user", false}).coalesce);
  CHECK(resent(StreamRequest{"user", false}).answers);
  CHECK_FALSE(resent(StreamRequest{"user", false, false}).answers);
  bytes.clear();
  encode_request(1, QueryRequest{}, bytes);
  CHECK(keys_of(bytes) == std::vector<std::string>{"FilterNodes", "FilterTags", "Name", "Payload",
                                                   "RelayFactor", "RequestAck", "Timeout"});
  CHECK_FALSE(resent(QueryRequest{}).wait.has_value());
  QueryRequest waiting;
  waiting.wait = true;
  CHECK(resent(waiting).wait == true);
  waiting.wait = false;
  CHECK(resent(waiting).wait == false);
}

TEST_CASE("our own fields of key responses go out only where they say something, and come back") {
  KeyResponse response;
  Bytes bytes;
  encode_response_body(response, bytes);
  CHECK(keys_of(bytes) ==
        std::vector<std::string>{"Keys", "Messages", "NumErr", "NumNodes", "NumResp"});
  response.keys.emplace();
  response.keys->emplace("AQEB", 2);
  response.primaries = {{"AQEB", 1}, {"AgIC", 1}};
  response.silent = {"gamma"};
  bytes.clear();
  encode_response_body(response, bytes);
  const auto again = decode_response_body(Command::ListKeys, bytes);
  REQUIRE(again);
  const auto& read = std::get<KeyResponse>(*again);
  CHECK(read.keys == response.keys);
  CHECK(read.primaries == response.primaries);
  CHECK(read.silent == response.silent);
}

TEST_CASE("the summary of a query rides in its last record") {
  QueryReply done{QueryReplyKind::Done, "", {}};
  const auto resend = [&done] {
    Bytes bytes;
    encode_record(1, done, bytes);
    const auto again = decode_record(Command::Query, golden::objects_of(bytes).back());
    REQUIRE(again);
    return std::get<QueryReply>(*again);
  };
  CHECK_FALSE(resend().summary);
  done.summary = QuerySummary{3, 2, 1, {}};
  const QueryReply plain = resend();
  REQUIRE(plain.summary);
  CHECK(plain.summary->asked == 3);
  CHECK(plain.summary->answered == 2);
  CHECK(plain.summary->declined == 1);
  done.summary->silent = {"beta", "gamma"};
  CHECK(resend().summary->silent == done.summary->silent);
}

}  // namespace
}  // namespace gossip::rpc
