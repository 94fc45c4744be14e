#include "wire/describe.h"

#include <string>

#include "unit/wire/codec_vectors.h"
#include "wire/cluster_codec.h"
#include "wire/swim_codec.h"

namespace gossip::wire {
namespace {

using test::for_each_flip;
using test::for_each_prefix;
using test::from_hex;
using test::Json;
using test::load_vectors;

constexpr std::uint8_t kUserByte = static_cast<std::uint8_t>(MessageType::User);

// A Serf message as gossip carries it.
Bytes user(Bytes message) {
  message.insert(message.begin(), kUserByte);
  return message;
}

bool is_printable(const std::string& line) {
  for (const char character : line) {
    if (character < 0x20 || character > 0x7e) return false;
  }
  return true;
}

TEST_CASE("each message of memberlist has its line") {
  const Bytes address{127, 0, 0, 2};
  CHECK(describe(encode(Ping{.sequence = 7, .node = "b", .source = {}})) == "ping seq=7 node=b");
  CHECK(describe(encode(Ping{.sequence = 7, .node = {}, .source = {}})) == "ping seq=7");
  CHECK(
      describe(encode(IndirectPing{
          .sequence = 7, .target = address, .port = 1, .node = "b", .nack = true, .source = {}})) ==
      "indirect-ping seq=7 target=b");
  CHECK(describe(encode(Ack{.sequence = 7, .payload = {}})) == "ack seq=7");
  CHECK(describe(encode(Nack{.sequence = 7})) == "nack seq=7");
  CHECK(describe(encode(ErrorReply{.error = "no \"key\""})) == "error \"no \\\"key\\\"\"");
  CHECK(describe(encode(Suspect{.incarnation = 1, .node = "b", .from = "a"})) ==
        "suspect b incarnation=1 from=a");
  CHECK(describe(encode(Dead{.incarnation = 1, .node = "b", .from = "a"})) ==
        "dead b incarnation=1 from=a");
  CHECK(describe(encode(Dead{.incarnation = 1, .node = "b", .from = "b"})) ==
        "left b incarnation=1");
  Alive alive{
      .incarnation = 2, .node = "b", .address = address, .port = 7946, .meta = {}, .versions = {}};
  CHECK(describe(encode(alive)) == "alive b incarnation=2 127.0.0.2:7946");
  alive.address = alive.address.first(3);
  CHECK(describe(encode(alive)) == "alive b incarnation=2 bad-address");
  Bytes push_pull{static_cast<std::uint8_t>(MessageType::PushPull)};
  append(PushPullHeader{.join = true, .node_count = 3}, push_pull);
  CHECK(describe(push_pull) == "push/pull nodes=3 join");
}

TEST_CASE("each message of Serf has its line") {
  const Bytes address{127, 0, 0, 1};
  CHECK(describe(user(encode(JoinIntent{.time = 3, .node = "a"}))) == "user join a ltime=3");
  CHECK(describe(user(encode(LeaveIntent{.time = 3, .node = "a"}))) == "user leave a ltime=3");
  CHECK(describe(user(encode(LeaveIntent{.time = 3, .node = "a", .prune = true}))) ==
        "user leave a ltime=3 prune");
  CHECK(describe(user(encode(UserEventMessage{.time = 4, .name = "deploy", .payload = {}}))) ==
        "user event \"deploy\" ltime=4");
  QueryMessage query;
  query.time = 5;
  query.id = 77;
  query.name = "uptime";
  query.source_node = "a";
  CHECK(describe(user(encode(query))) == "user query \"uptime\" ltime=5 id=77 from=a");
  query.flags = kQueryNoBroadcast;
  CHECK(describe(user(encode(query))) == "user query \"uptime\" ltime=5 id=77 from=a no-broadcast");
  const Bytes declined = encode(QueryResponse{.time = 5,
                                              .id = 77,
                                              .from = "b",
                                              .flags = kResponseIsAck | kResponseNoAnswer,
                                              .payload = {}});
  CHECK(describe(user(declined)) == "user response ltime=5 id=77 from=b ack no-answer");
  const Bytes ack = encode(
      QueryResponse{.time = 5, .id = 77, .from = "b", .flags = kResponseIsAck, .payload = {}});
  CHECK(describe(user(ack)) == "user response ltime=5 id=77 from=b ack");
  const Bytes relay =
      encode(Relay{.address = address, .port = 7946, .zone = {}, .node = "a", .message = ack});
  CHECK(describe(user(relay)) == "user relay to 127.0.0.1:7946 node=a");
  CHECK(describe(user({77})) == "user type=77");
}

TEST_CASE("what does not decode is called malformed") {
  CHECK(describe({}) == "empty message");
  CHECK(describe(Bytes{0}) == "malformed ping");
  CHECK(describe(Bytes{0, 0xc1}) == "malformed ping");
  CHECK(describe(Bytes{5, 0x01}) == "malformed dead");
  CHECK(describe(Bytes{6}) == "malformed push/pull");
  CHECK(describe(Bytes{kUserByte}) == "malformed user");
  CHECK(describe(Bytes{kUserByte, 1}) == "malformed user join");
  CHECK(describe(Bytes{99}) == "type=99");
}

TEST_CASE("names cannot break a line or flood it") {
  CHECK(describe(encode(Suspect{.incarnation = 1, .node = "b\n\x1b[31m", .from = "\xc3\xa9\\"})) ==
        "suspect b\\x0a\\x1b[31m incarnation=1 from=\\xc3\\xa9\\\\");
  const std::string name(1000, 'n');
  const std::string line = describe(encode(Ping{.sequence = 1, .node = name, .source = {}}));
  CHECK(line == "ping seq=1 node=" + std::string(128, 'n') + "...");
}

TEST_CASE("any bytes make one printable line") {
  for (const char* file : {"memberlist-messages.json", "serf-messages.json"}) {
    const bool serf = std::string_view(file) == "serf-messages.json";
    for (const Json& vector : load_vectors(file)) {
      if (vector["name"] == "push-pull-fresh-node") continue;  // long, and not described in detail
      const Bytes message = from_hex(vector["hex"].get<std::string>());
      const Bytes whole = serf ? user(message) : message;
      CHECK(is_printable(describe(whole)));
      for_each_prefix(whole, [](const Bytes& bytes) { CHECK(is_printable(describe(bytes))); });
      for_each_flip(whole, [](const Bytes& bytes) { CHECK(is_printable(describe(bytes))); });
    }
  }
}

}  // namespace
}  // namespace gossip::wire
