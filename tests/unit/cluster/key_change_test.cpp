#include "cluster/key_change.h"

#include <map>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "wire/cluster_codec.h"

namespace gossip::cluster {
namespace {

QueryReply reply(std::string from, Bytes payload) {
  return {.query = 1,
          .kind = QueryReplyKind::Response,
          .from = std::move(from),
          .payload = std::move(payload)};
}

QueryDone done(std::uint32_t asked, std::uint32_t answered) {
  QueryDone over;
  over.query = 1;
  over.asked = asked;
  over.answered = answered;
  return over;
}

TEST_CASE("keys and primaries are counted over the members") {
  KeyTally tally;
  tally.receive(
      reply("a", wire::encode(wire::KeyResponse{
                     .result = true, .message = {}, .keys = {"K1", "K2"}, .primary_key = "K1"})));
  tally.receive(
      reply("b", wire::encode(wire::KeyResponse{
                     .result = true, .message = {}, .keys = {"K2"}, .primary_key = "K2"})));
  const KeyResult result = std::move(tally).finish(done(2, 2));
  CHECK(result.node_count == 2);
  CHECK(result.response_count == 2);
  CHECK(result.error_count == 0);
  CHECK(result.keys == std::map<std::string, std::uint32_t>{{"K1", 1}, {"K2", 2}});
  CHECK(result.primaries == std::map<std::string, std::uint32_t>{{"K1", 1}, {"K2", 1}});
  CHECK(result.messages.empty());
}

TEST_CASE("a refusal is an error with its text, a success may have something to say too") {
  KeyTally tally;
  tally.receive(reply("a", wire::encode(wire::KeyResponse{
                               .result = false, .message = "no", .keys = {}, .primary_key = {}})));
  tally.receive(
      reply("b", wire::encode(wire::KeyResponse{
                     .result = true, .message = "cut", .keys = {"K"}, .primary_key = "K"})));
  QueryDone over = done(3, 2);
  over.silent = {"c"};
  const KeyResult result = std::move(tally).finish(over);
  CHECK(result.node_count == 3);
  CHECK(result.response_count == 2);
  CHECK(result.error_count == 1);
  CHECK(result.messages == std::map<std::string, std::string>{{"a", "no"}, {"b", "cut"}});
  CHECK(result.silent == std::vector<std::string>{"c"});
}

TEST_CASE("answers that are no key response are errors of their sender") {
  KeyTally tally;
  tally.receive(reply("a", {}));
  tally.receive(reply("b", {6, 0xc0}));
  tally.receive(reply("c", {8, 0x93}));
  const KeyResult result = std::move(tally).finish(done(3, 3));
  CHECK(result.error_count == 3);
  CHECK(result.messages.at("a") == "Invalid key query response type: []");
  CHECK(result.messages.at("b") == "Invalid key query response type: 6");
  CHECK(result.messages.at("c") == "Failed to decode key query response");
}

TEST_CASE("who answered unexpectedly counts as one more member") {
  KeyTally tally;
  const Bytes yes =
      wire::encode(wire::KeyResponse{.result = true, .message = {}, .keys = {}, .primary_key = {}});
  tally.receive(reply("a", yes));
  tally.receive(reply("stranger", yes));
  const KeyResult result = std::move(tally).finish(done(1, 1));
  CHECK(result.node_count == 2);
  CHECK(result.response_count == 2);
}

}  // namespace
}  // namespace gossip::cluster
