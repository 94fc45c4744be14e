// A member of a cluster that is steered by lines on standard input, and tells what it hears:
//   join_cluster [--keyring FILE] [--snapshot FILE] NAME BIND-ADDRESS [SEED…]
//   event NAME [TEXT]   query NAME [TEXT]   answer TEXT   keys   rtt NAME        at end of input it leaves
#include <atomic>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <gossip/node.h>

namespace {

// Handler calls come from the node's thread, one at a time; the program goes on meanwhile.
void print(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

std::string text(gossip::ByteView bytes) {
  return std::string(gossip::as_text(bytes));
}

struct Watcher : gossip::MembershipHandler {
  void member_join(const gossip::Member& member) override { tell("joined", member); }
  void member_leave(const gossip::Member& member, gossip::LeaveReason reason) override {
    tell(reason == gossip::LeaveReason::Left ? "left" : "failed", member);
  }
  void user_event(const gossip::UserEvent& event) override {
    print("event " + event.name + " " + text(event.payload));
  }
  // Three ways to treat a question: answer it, promise an answer, have none.
  gossip::QueryAnswer query(const gossip::Query& query) override {
    if (query.name == "ask") open_question = query.token;
    print("query " + query.name + " " + text(query.payload));
    if (query.name == "echo") return query.payload;
    if (query.name == "ask") return gossip::AnswerLater{};
    return gossip::NoAnswer{};
  }

  static void tell(const char* what, const gossip::Member& member) {
    print(std::string(what) + " " + member.name + " " + member.address.to_string());
  }

  std::atomic<gossip::QueryToken> open_question = 0;
};

gossip::Expected<void> ask(gossip::Node& node, const std::string& name, const std::string& words) {
  gossip::QueryParams params;
  params.name = name;
  params.payload.assign(words.begin(), words.end());
  params.acks = gossip::Acks::Wanted;  // then it ends as soon as everybody has had a say
  const auto asked = node.query(
      params,
      [](const gossip::QueryReply& reply) {
        if (reply.kind == gossip::QueryReplyKind::Ack) return;
        print("answer of " + reply.from + ": " + text(reply.payload));
      },
      [](const gossip::QueryDone& done) {
        print(std::to_string(done.answered) + " of " + std::to_string(done.asked) + " answered");
      });
  return asked ? gossip::Expected<void>() : tl::unexpected(asked.error());
}

// Both places come from the probes that go on all the time: nobody is asked now.
gossip::Expected<void> tell_round_trip(const gossip::Node& node, const std::string& name) {
  const auto here = node.coordinate(node.local_member().name);
  const auto there = node.coordinate(name);
  if (!here || !there) {
    return tl::unexpected(gossip::Error{gossip::ErrorCode::NotFound, "no coordinate of " + name});
  }
  const auto estimate = std::chrono::duration_cast<std::chrono::microseconds>(
      gossip::estimated_round_trip(*here, *there));
  print("about " + std::to_string(estimate.count()) + " us to " + name);
  return {};
}

gossip::Expected<void> obey(gossip::Node& node, Watcher& watcher, const std::string& line) {
  std::istringstream words(line);
  std::string verb;
  std::string name;
  words >> verb;
  if (verb != "answer") words >> name;
  std::string rest;
  std::getline(words >> std::ws, rest);
  if (verb == "event") return node.send_event(name, gossip::as_bytes(rest));
  if (verb == "query") return ask(node, name, rest);
  if (verb == "answer") return node.respond(watcher.open_question, gossip::as_bytes(rest));
  if (verb == "rtt") return tell_round_trip(node, name);
  if (verb == "keys") {
    return node.change_keys({}, [](const gossip::KeyResult& result) {
      for (const auto& [key, count] : result.keys)
        print(key + " on " + std::to_string(count) + " of " + std::to_string(result.node_count));
    });
  }
  return tl::unexpected(gossip::Error{gossip::ErrorCode::InvalidArgument, "no such command"});
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  gossip::Config config;
  while (arguments.size() > 1 && arguments[0].starts_with("--")) {
    (arguments[0] == "--keyring" ? config.keyring_path : config.snapshot_path) = arguments[1];
    arguments.erase(arguments.begin(), arguments.begin() + 2);
  }
  if (arguments.size() < 2) {
    std::fprintf(
        stderr,
        "usage: join_cluster [--keyring FILE] [--snapshot FILE] NAME BIND-ADDRESS [SEED...]\n");
    return 2;
  }
  config.node_name = arguments[0];
  config.bind_addr = arguments[1];
  config.tags = {{"role", "example"}};
  config.start_join_addrs.assign(arguments.begin() + 2, arguments.end());

  Watcher watcher;
  auto node = gossip::Node::create(config, &watcher);
  auto started = node ? node->start() : gossip::Expected<void>(tl::unexpected(node.error()));
  if (!started) {
    std::fprintf(stderr, "%s\n", started.error().message.c_str());
    return 1;
  }
  print(std::to_string(node->members().size()) + " members");
  for (std::string line; std::getline(std::cin, line);) {
    const auto done = obey(*node, watcher, line);
    if (!done) std::fprintf(stderr, "%s\n", done.error().message.c_str());
  }
  return node->leave() ? 0 : 1;
}
