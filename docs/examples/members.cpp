// Who is in the cluster, told as it changes: members NAME BIND-ADDRESS [SEED…], until end of input.
#include <iostream>
#include <limits>
#include <string>

#include <gossip/node.h>

// Calls come from the node's thread, one at a time.
struct Watcher : gossip::MembershipHandler {
  void member_join(const gossip::Member& member) override { tell("joined", member); }
  void member_leave(const gossip::Member& member, gossip::LeaveReason reason) override {
    tell(reason == gossip::LeaveReason::Left ? "left" : "failed", member);
  }
  static void tell(const char* what, const gossip::Member& member) {
    std::cout << what << ' ' << member.name << ' ' << member.address.to_string() << std::endl;
  }
};

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: members NAME BIND-ADDRESS [SEED...]\n";
    return 2;
  }
  gossip::Config config;
  config.node_name = argv[1];
  config.bind_addr = argv[2];
  config.tags = {{"role", "example"}};
  config.start_join_addrs.assign(argv + 3, argv + argc);

  Watcher watcher;
  auto node = gossip::Node::create(config, &watcher);
  auto done = node.and_then([](gossip::Node& made) { return made.start(); });
  if (done) {
    std::cin.ignore(std::numeric_limits<std::streamsize>::max());
    done = node->leave();
  }
  if (!done) std::cerr << done.error().message << '\n';
  return done ? 0 : 1;
}
