#include "cli/commands/query.h"

#include <doctest/doctest.h>

namespace gossip::cli {
namespace {

Bytes bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

rpc::QueryReply response(std::string from, std::string_view payload) {
  return {.kind = rpc::QueryReplyKind::Response,
          .from = std::move(from),
          .payload = bytes(payload),
          .summary = std::nullopt};
}

TEST_CASE("replies are shown as Serf shows them") {
  CHECK(format_reply({.kind = rpc::QueryReplyKind::Ack,
                      .from = "alpha",
                      .payload = {},
                      .summary = std::nullopt}) == "Ack from 'alpha'\n");
  CHECK(format_reply(response("beta", "up 3 days\n")) == "Response from 'beta': up 3 days\n");
  CHECK(format_reply(response("beta", "")) == "Response from 'beta': \n");
}

TEST_CASE("no member can write the lines of another, or to the terminal") {
  CHECK(format_reply(response("a", "x\nResponse from 'b': y\n\n")) ==
        "Response from 'a': x\n\tResponse from 'b': y\n\t\n");
  CHECK(format_reply(response("a", "\x1b[2J\xff\r")) == "Response from 'a': \\x1b[2J\\xff\\r\n");
  CHECK(format_reply(response("a\nb", "x")) == "Response from 'a\\nb': x\n");
}

TEST_CASE("the totals say who was silent where the agent tells") {
  QueryResult result;
  result.acks = {"a", "b"};
  result.responses["a"] = bytes("x");
  CHECK(format_totals(result, true) == "Total Acks: 2\nTotal Responses: 1\n");
  CHECK(format_totals(result, false) == "Total Responses: 1\n");
  result.summary = rpc::QuerySummary{.asked = 3, .answered = 3, .declined = 0, .silent = {}};
  CHECK(format_totals(result, false) == "Total Responses: 1\n3 of 3 answered, 0 silent\n");
  CHECK(format_summary({.asked = 5, .answered = 2, .declined = 1, .silent = {"c", "d e"}}) ==
        "2 of 5 answered, 1 declined, 2 silent: c, \"d e\"");
}

TEST_CASE("JSON has Serf's keys, and what text cannot hold as base64") {
  QueryResult result;
  CHECK(format_query_json(result) == "{\n  \"Acks\": [],\n  \"Responses\": {}\n}\n");
  result.acks = {"a"};
  result.responses["a"] = bytes("\xff\x01");
  result.responses["b"] = bytes("<b>\n");
  result.summary = rpc::QuerySummary{.asked = 3, .answered = 2, .declined = 0, .silent = {"c"}};
  CHECK(format_query_json(result) ==
        "{\n  \"Acks\": [\n    \"a\"\n  ],\n"
        "  \"Responses\": {\n    \"a\": \"\\ufffd\\u0001\",\n    \"b\": \"\\u003cb\\u003e\\n\"\n  "
        "},\n"
        "  \"ResponsesBase64\": {\n    \"a\": \"/wE=\"\n  },\n"
        "  \"Summary\": {\n    \"Asked\": 3,\n    \"Answered\": 2,\n    \"Declined\": 0,\n"
        "    \"Silent\": [\n      \"c\"\n    ]\n  }\n}\n");
}

}  // namespace
}  // namespace gossip::cli
