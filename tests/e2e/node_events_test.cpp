// gossip::Node and the Serf layer: user events, queries that are answered at once, later or never, keys.
#include <chrono>
#include <fstream>
#include <future>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <doctest/doctest.h>

#include "gossip/node.h"

#include "base/keyring_text.h"
#include "e2e/test_node.h"
#include "e2e/watcher.h"
#include "unit/temporary_folder.h"

using namespace gossip;       // NOLINT(google-build-using-namespace)
using namespace gossip::e2e;  // NOLINT(google-build-using-namespace)

namespace {

Bytes bytes(std::string_view text) {
  return {as_bytes(text).begin(), as_bytes(text).end()};
}

// What came of a query: the answers by member, and how it ended.
struct Outcome {
  std::map<std::string, std::string> answers;
  std::map<std::string, int> acks;
  QueryDone done;
};

// Asks, and waits until all is over.
Outcome ask(Node& node, QueryParams params) {
  Outcome outcome;  // written on the loop's thread, before the promise is kept
  std::promise<void> over;
  const Expected<QueryToken> asked = node.query(
      std::move(params),
      [&outcome](const QueryReply& reply) {
        if (reply.kind == QueryReplyKind::Ack) {
          ++outcome.acks[reply.from];
        } else {
          outcome.answers[reply.from] = as_text(reply.payload);
        }
      },
      [&outcome, &over](const QueryDone& done) {
        outcome.done = done;
        over.set_value();
      });
  REQUIRE(asked);
  REQUIRE(over.get_future().wait_for(std::chrono::seconds(60)) == std::future_status::ready);
  CHECK(outcome.done.query == *asked);
  return outcome;
}

QueryParams question(std::string name, std::string_view payload = "") {
  QueryParams params;
  params.name = std::move(name);
  params.payload = bytes(payload);
  params.acks = Acks::Wanted;
  params.timeout = std::chrono::hours(1);  // ends because all have had their say, or not at all
  return params;
}

Config joining(std::string name, int host, const Node& seed) {
  Config config = quick_config(std::move(name), host);
  config.start_join_addrs = {place(seed)};
  return config;
}

TEST_CASE("a user event reaches every node's handler, the sender's too") {
  Watcher hears_a;
  Watcher hears_b;
  Node a = make_node(quick_config("a", 1), &hears_a);
  must(a.start());
  Node b = make_node(joining("b", 2, a), &hears_b);
  must(b.start());
  must(b.send_event("deploy", as_bytes("v1")));
  CHECK(hears_a.wait_for("event deploy v1"));
  CHECK(hears_b.wait_for("event deploy v1"));
  const Expected<void> refused = a.send_event("big", Bytes(600, 'x'));
  CHECK(refused.error().code == ErrorCode::TooLarge);
  CHECK(refused.error().message ==
        "user event exceeds configured limit of 512 bytes before encoding");
}

TEST_CASE(
    "a query is answered at once, later or not at all, and ends when all have had their say") {
  Watcher now;
  now.on_query = [](const Query& query) -> QueryAnswer {
    if (query.name != "load") return NoAnswer{};
    return bytes("0.5, asked by " + query.asker);
  };
  Watcher later;
  std::promise<QueryToken> asked;
  later.on_query = [&asked](const Query& query) -> QueryAnswer {
    asked.set_value(query.token);
    return AnswerLater{};
  };
  Watcher never;
  Node a = make_node(quick_config("a", 1), &now);
  must(a.start());
  Node b = make_node(joining("b", 2, a), &later);
  must(b.start());
  Node c = make_node(joining("c", 3, a), &never);
  must(c.start());
  REQUIRE(never.wait_for("join b"));
  REQUIRE(now.wait_for("join c"));

  std::thread answers([&] {
    const QueryToken token = asked.get_future().get();
    CHECK(b.respond(token, as_bytes("0.7")));
    // Once only.
    CHECK(b.respond(token, as_bytes("0.8")).error().code == ErrorCode::WrongState);
    CHECK(b.respond(token + 1000, as_bytes("0.9")).error().code == ErrorCode::NotFound);
  });
  const Outcome outcome = ask(a, question("load", "now?"));
  answers.join();
  CHECK(outcome.answers ==
        std::map<std::string, std::string>{{"a", "0.5, asked by a"}, {"b", "0.7"}});
  CHECK(outcome.acks == std::map<std::string, int>{{"a", 1}, {"b", 1}, {"c", 1}});
  CHECK(outcome.done.end == QueryEnd::Complete);
  CHECK(outcome.done.asked == 3);
  CHECK(outcome.done.answered == 2);
  CHECK(outcome.done.declined == 1);
  CHECK(outcome.done.silent.empty());
  CHECK(never.wait_for("query load now?"));
}

TEST_CASE("who promised an answer may decline, and who gives one that is too large has declined") {
  Watcher watcher;
  Node* node = nullptr;
  watcher.on_query = [&node](const Query& query) -> QueryAnswer {
    if (query.name == "large") return Bytes(2000, 'x');
    CHECK(node->respond(query.token, Bytes(2000, 'x')).error().code == ErrorCode::TooLarge);
    CHECK(node->decline(query.token));  // from inside the handler
    return AnswerLater{};
  };
  Node a = make_node(quick_config("a", 1));
  must(a.start());
  Node b = make_node(joining("b", 2, a), &watcher);
  node = &b;
  must(b.start());
  for (const char* name : {"large", "promised"}) {
    QueryParams params = question(name);
    params.nodes = {"b"};
    const Outcome outcome = ask(a, params);
    CHECK(outcome.answers.empty());
    CHECK(outcome.done.asked == 1);
    CHECK(outcome.done.declined == 1);
  }
  REQUIRE(watcher.warnings().size() == 1);
  CHECK(watcher.warnings().front() ==
        "cannot answer query \"large\": response exceeds limit of 1024 bytes");
}

TEST_CASE("a query asks whom its filters match, and what cannot be asked is refused") {
  Watcher watcher;
  watcher.on_query = [](const Query&) -> QueryAnswer { return bytes("here"); };
  Config config = quick_config("a", 1);
  config.tags = {{"role", "web"}};
  Node a = make_node(config, &watcher);
  must(a.start());
  config = joining("b", 2, a);
  config.tags = {{"role", "db"}};
  Node b = make_node(config, &watcher);
  must(b.start());
  QueryParams params = question("where");
  params.tags = {{"role", "^d"}};
  CHECK(ask(a, params).answers == std::map<std::string, std::string>{{"b", "here"}});
  params.nodes = {"a"};
  const Outcome nobody = ask(a, params);
  CHECK(nobody.done.asked == 0);
  CHECK(nobody.done.end == QueryEnd::Complete);

  const auto refusal = [&a](const QueryParams& asked) {
    return a.query(asked, nullptr, nullptr).error();
  };
  params.tags = {{"role", "("}};
  CHECK(refusal(params).code == ErrorCode::InvalidArgument);
  CHECK(refusal(params).message.find("missing )") != std::string::npos);
  CHECK(refusal(question("_serf_foo")).code == ErrorCode::InvalidArgument);
  CHECK(refusal(question("big", std::string(1200, 'x'))).code == ErrorCode::TooLarge);
  params = question("relayed");
  params.relay_factor = kMaxRelayFactor + 1;
  CHECK(refusal(params).code == ErrorCode::InvalidArgument);
}

// Waits until the command is over.
KeyResult change(Node& node, KeyAction action, const Bytes& key = {}) {
  std::promise<KeyResult> over;
  must(node.change_keys({.action = action, .key = key, .relay_factor = 0},
                        [&over](const KeyResult& result) { over.set_value(result); }));
  std::future<KeyResult> result = over.get_future();
  REQUIRE(result.wait_for(std::chrono::seconds(60)) == std::future_status::ready);
  return result.get();
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("the keys of all nodes are changed through one, and their keyring files follow") {
  const TemporaryFolder folder;
  const Bytes old_key(32, 7);
  const Bytes new_key(32, 8);
  const auto keyed = [&](Config config) {
    config.keyring_path = folder.write(config.node_name, base::format_keyring({old_key}));
    return config;
  };
  Node a = make_node(keyed(quick_config("a", 1)));
  must(a.start());
  Node b = make_node(keyed(joining("b", 2, a)));
  must(b.start());

  CHECK(change(b, KeyAction::Install, new_key).response_count == 2);
  CHECK(change(b, KeyAction::Use, new_key).error_count == 0);
  const KeyResult listed = change(a, KeyAction::List);
  CHECK(listed.keys.size() == 2);
  REQUIRE(listed.primaries.size() == 1);
  CHECK(listed.primaries.begin()->second == 2);
  const KeyResult refused = change(a, KeyAction::Remove, new_key);
  CHECK(refused.error_count == 2);
  CHECK(refused.messages.at("b") == "Removing the primary key is not allowed");
  CHECK(change(a, KeyAction::Remove, old_key).error_count == 0);
  for (const char* name : {"a", "b"}) {
    CHECK(text_of(folder.path_of(name)) == base::format_keyring({new_key}));
  }
  CHECK(
      a.change_keys({.action = KeyAction::Install, .key = Bytes(5, 1), .relay_factor = 0}, nullptr)
          .error()
          .code == ErrorCode::InvalidArgument);
}

TEST_CASE("a node knows where it is, and where those are that have answered its probes") {
  Node a = make_node(quick_config("a", 1));
  must(a.start());
  CHECK(a.coordinate("a"));
  CHECK_FALSE(a.coordinate("b"));
  Config silent = joining("b", 2, a);
  silent.coordinates = Coordinates::Off;
  Node b = make_node(silent);
  must(b.start());
  Node c = make_node(joining("c", 3, a));
  must(c.start());
  for (int i = 0; i < 6000 && !(a.coordinate("c") && c.coordinate("a")); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  REQUIRE(a.coordinate("c"));
  REQUIRE(c.coordinate("a"));
  CHECK(estimated_round_trip(*a.coordinate("a"), *a.coordinate("c")) > Duration::zero());
  CHECK_FALSE(a.coordinate("b"));
  CHECK_FALSE(b.coordinate("b"));
  CHECK_FALSE(b.coordinate("a"));
}

TEST_CASE("what a node is asked before it starts, and after its end, is refused") {
  Node a = make_node(quick_config("a", 1));
  const auto refused = [&a] {
    CHECK(a.send_event("x", {}).error().code == ErrorCode::WrongState);
    CHECK(a.query(question("x"), nullptr, nullptr).error().code == ErrorCode::WrongState);
    CHECK(a.respond(1, {}).error().code == ErrorCode::WrongState);
    CHECK(a.decline(1).error().code == ErrorCode::WrongState);
    CHECK(a.change_keys({}, nullptr).error().code == ErrorCode::WrongState);
    CHECK_FALSE(a.coordinate("a"));
  };
  refused();
  must(a.start());
  must(a.leave());
  refused();
}

}  // namespace
