// Joins a cluster and tells of its members until end of input: join_cluster NAME BIND-ADDRESS [SEED…]
#include <cstdio>
#include <string>

#include <gossip/node.h>

struct Watcher : gossip::MembershipHandler {
  static void print(const char* what, const gossip::Member& member) {
    std::printf("%s %s %s\n", what, member.name.c_str(), member.address.to_string().c_str());
    std::fflush(stdout);
  }
  void member_join(const gossip::Member& member) override { print("joined", member); }
  void member_leave(const gossip::Member& member, gossip::LeaveReason reason) override {
    print(reason == gossip::LeaveReason::Left ? "left" : "failed", member);
  }
};

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: join_cluster NAME BIND-ADDRESS [SEED...]\n");
    return 2;
  }
  Watcher watcher;
  gossip::Config config;
  config.node_name = argv[1];
  config.bind_addr = argv[2];
  config.tags = {{"role", "example"}};
  config.start_join_addrs.assign(argv + 3, argv + argc);

  auto node = gossip::Node::create(config, &watcher);
  auto started = node ? node->start() : gossip::Expected<void>(tl::unexpected(node.error()));
  if (!started) {
    std::fprintf(stderr, "%s\n", started.error().message.c_str());
    return 1;
  }
  std::printf("%zu members\n", node->members().size());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return node->leave() ? 0 : 1;
}
