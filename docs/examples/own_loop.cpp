// A member on a libuv loop of the program's own: it tells who comes and goes, and leaves at SIGINT or SIGTERM.
//   own_loop NAME BIND-ADDRESS [SEED…]
//   g++ -std=c++20 own_loop.cpp $(pkg-config --cflags --libs gossip)
#include <csignal>
#include <cstdio>
#include <string>
#include <utility>

#include <gossip/node.h>
#include <uv.h>

namespace {

// Called on the thread that runs the loop, as all its callbacks are: no locks.
struct Watcher : gossip::MembershipHandler {
  void member_join(const gossip::Member& member) override { tell("joined", member.name); }
  void member_leave(const gossip::Member& member, gossip::LeaveReason reason) override {
    tell(reason == gossip::LeaveReason::Left ? "left" : "failed", member.name);
  }
  // Nobody of the seeds has answered, or a socket was lost.
  void stopped(const gossip::Error& why) override { tell("stopped:", why.message); }

  static void tell(const char* what, const std::string& about) {
    std::printf("%s %s\n", what, about.c_str());
    std::fflush(stdout);
  }
};

struct Signals {
  uv_signal_t interrupt;
  uv_signal_t terminate;
  gossip::Node* node;
};

// On the loop's thread a leave returns at once. When it is over the node has closed its handles, and uv_run ends.
void leave(uv_signal_t* signal, int /*number*/) {
  auto* signals = static_cast<Signals*>(signal->data);
  uv_close(reinterpret_cast<uv_handle_t*>(&signals->interrupt), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&signals->terminate), nullptr);
  static_cast<void>(signals->node->leave());
}

int complain(const gossip::Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: own_loop NAME BIND-ADDRESS [SEED...]\n");
    return 2;
  }
  gossip::Config config;
  config.node_name = argv[1];
  config.bind_addr = argv[2];
  config.start_join_addrs.assign(argv + 3, argv + argc);

  uv_loop_t loop;
  uv_loop_init(&loop);
  Watcher watcher;
  {
    auto node = gossip::Node::create(config, &watcher);
    if (!node) return complain(node.error());
    // Returns once it is bound; the join goes on while the loop runs.
    if (auto started = node->start_on(&loop); !started) return complain(started.error());

    Signals signals{{}, {}, &*node};
    for (auto [handle, number] :
         {std::pair(&signals.interrupt, SIGINT), std::pair(&signals.terminate, SIGTERM)}) {
      uv_signal_init(&loop, handle);
      handle->data = &signals;
      uv_signal_start(handle, leave, number);
      // They alone are no reason to go on: a node that has stopped by itself ends the program.
      uv_unref(reinterpret_cast<uv_handle_t*>(handle));
    }
    uv_run(&loop, UV_RUN_DEFAULT);
    if (!uv_is_closing(reinterpret_cast<uv_handle_t*>(&signals.interrupt)))
      leave(&signals.interrupt, SIGINT);
    uv_run(&loop, UV_RUN_DEFAULT);
  }
  // The node's end does not wait on the loop's thread: it lets go of the loop in its next rounds.
  uv_run(&loop, UV_RUN_DEFAULT);
  return uv_loop_close(&loop) == 0 ? 0 : 1;
}
