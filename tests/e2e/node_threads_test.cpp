#include <atomic>
#include <csignal>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <uv.h>

#include "gossip/node.h"

#include "e2e/test_node.h"
#include "e2e/watcher.h"

using namespace gossip;       // NOLINT(google-build-using-namespace)
using namespace gossip::e2e;  // NOLINT(google-build-using-namespace)

namespace {

// A loop as a program has one of its own.
class OwnLoop {
 public:
  OwnLoop() { REQUIRE(uv_loop_init(&loop_) == 0); }
  OwnLoop(const OwnLoop&) = delete;
  OwnLoop& operator=(const OwnLoop&) = delete;
  OwnLoop(OwnLoop&&) = delete;
  OwnLoop& operator=(OwnLoop&&) = delete;
  ~OwnLoop() {
    uv_run(&loop_, UV_RUN_DEFAULT);
    CHECK(uv_loop_close(&loop_) == 0);
  }
  uv_loop_t* get() { return &loop_; }
  template <typename Done>
  bool run_until(Done done) {
    const std::uint64_t limit = uv_hrtime() + 30'000'000'000U;
    while (!done() && uv_hrtime() < limit) {
      uv_run(&loop_, UV_RUN_ONCE);
    }
    return done();
  }

 private:
  uv_loop_t loop_{};
};

bool contains(const Watcher& watcher, const std::string& note) {
  for (const std::string& each : watcher.notes()) {
    if (each == note) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("on a loop of the caller: join, leave, and the loop runs empty") {
  Node seed = make_node(quick_config("seed", 1));
  must(seed.start());
  Watcher watcher;
  OwnLoop loop;
  Config config = quick_config("a", 2);
  config.start_join_addrs = {place(seed)};
  Node a = make_node(config, &watcher);
  must(a.start_on(loop.get()));
  CHECK(watcher.notes().empty());  // nothing runs before the loop does
  CHECK(a.local_member().address.port != 0);
  REQUIRE(loop.run_until([&] { return contains(watcher, "join seed"); }));
  must(a.set_tags({{"k", "v"}}));
  REQUIRE(loop.run_until([&] { return find(seed, "a").tags == Tags{{"k", "v"}}; }));
  must(a.leave());  // on the loop's thread it returns at once
  must(a.leave());
  uv_run(loop.get(), UV_RUN_DEFAULT);  // ends, because the node lets go of everything
  CHECK(find(seed, "a").status == MemberStatus::Left);
  must(a.leave());
}

TEST_CASE("on a loop of the caller, a join that fails is told by `stopped`") {
  Watcher watcher;
  OwnLoop loop;
  Config config = quick_config("a", 2);
  config.start_join_addrs = {own_ip(9) + ":1"};
  Node a = make_node(config, &watcher);
  must(a.start_on(loop.get()));
  uv_run(loop.get(), UV_RUN_DEFAULT);
  REQUIRE(watcher.notes().size() == 1);
  CHECK(watcher.notes()[0].starts_with("stopped: nobody could be joined: " + own_ip(9) + ":1: "));
  CHECK(a.leave().error().code == ErrorCode::Unreachable);
}

TEST_CASE("on a loop of the caller, a node may be destroyed at any time on its thread") {
  Node seed = make_node(quick_config("seed", 1));
  must(seed.start());
  Watcher watcher;
  OwnLoop loop;
  Config config = quick_config("a", 2);
  config.start_join_addrs = {place(seed), "localhost:1"};
  SUBCASE("before the loop ran") {
    Node a = make_node(config, &watcher);
    must(a.start_on(loop.get()));
  }
  SUBCASE("while it runs") {
    Node a = make_node(config, &watcher);
    must(a.start_on(loop.get()));
    REQUIRE(loop.run_until([&] { return contains(watcher, "join seed"); }));
  }
  SUBCASE("from inside the handler") {
    std::optional<Node> a = make_node(config, &watcher);
    watcher.on_note = [&a](const std::string&, const Member&) { a.reset(); };
    must(a->start_on(loop.get()));
    uv_run(loop.get(), UV_RUN_DEFAULT);
    CHECK(watcher.notes() == std::vector<std::string>{"join seed"});
  }
  SUBCASE("by another thread while the loop runs") {
    std::optional<Node> a = make_node(config, &watcher);
    must(a->start_on(loop.get()));
    std::thread other;
    watcher.on_note = [&](const std::string&, const Member&) {
      other = std::thread([&a] { a.reset(); });
      watcher.on_note = nullptr;
    };
    uv_run(loop.get(), UV_RUN_DEFAULT);
    other.join();
  }
}

TEST_CASE("tags that a node refuses while it ends are not its tags") {
  OwnLoop loop;
  Config config = quick_config("a", 2);
  config.start_join_addrs = {own_ip(9) + ":1"};
  Node a = make_node(config);
  must(a.start_on(loop.get()));
  int round = 0;
  int refusals = 0;
  // The loop stands still in each round, so every stage of the end is seen.
  while (uv_run(loop.get(), UV_RUN_ONCE) != 0) {
    std::thread other([&] {
      const Tags before = a.local_member().tags;
      const Tags wanted{{"round", std::to_string(++round)}};
      const Expected<void> set = a.set_tags(wanted);
      CHECK(a.local_member().tags == (set ? wanted : before));
      refusals += set ? 0 : 1;
    });
    other.join();
  }
  CHECK(refusals > 0);
}

TEST_CASE("every function may be called from inside the handler") {
  Watcher at_seed;
  Node seed = make_node(quick_config("seed", 1), &at_seed);
  must(seed.start());
  Watcher watcher;
  std::optional<Node> a;
  std::vector<std::string> seen;
  watcher.on_note = [&](const std::string& note, const Member&) {
    if (note == "join seed") {
      for (const Member& member : a->members()) {
        seen.push_back(member.name);
      }
      CHECK(a->local_member().name == "a");
      CHECK(a->set_tags({{"from", "handler"}}));
      const Expected<JoinResult> joined = a->join(std::vector<std::string>{place(seed)});
      CHECK(joined);
      CHECK(joined->joined == 0);
    } else if (note == "update seed") {
      CHECK(a->leave());
      CHECK(a->leave());
      CHECK(a->set_tags({}).error().code == ErrorCode::WrongState);
    }
  };
  Config config = quick_config("a", 2);
  config.start_join_addrs = {place(seed)};
  a = make_node(config, &watcher);
  must(a->start());
  REQUIRE(at_seed.wait_for("update a"));
  must(seed.set_tags({{"now", "leave"}}));
  REQUIRE(at_seed.wait_for("left a"));
  must(a->leave());
  CHECK(seen == std::vector<std::string>{"a", "seed"});
  CHECK(find(seed, "a").tags == Tags{{"from", "handler"}});
}

TEST_CASE("in a thread of its own, a node may be destroyed from inside the handler") {
  Node seed = make_node(quick_config("seed", 1));
  must(seed.start());
  Watcher watcher;
  std::optional<Node> a;
  const auto is_gone = std::make_shared<std::atomic<bool>>(false);
  watcher.on_note = [&a, is_gone](const std::string&, const Member&) {
    const auto told = is_gone;  // this function may be gone as soon as the test knows
    a.reset();
    *told = true;
    told->notify_all();
  };
  a = make_node(quick_config("a", 2), &watcher);
  must(a->start());
  Node other = make_node([&] {
    Config config = quick_config("b", 3);
    config.start_join_addrs = {place(*a)};
    return config;
  }());
  must(other.start());
  is_gone->wait(false);
  CHECK_FALSE(a.has_value());
}

TEST_CASE("leave from several threads at once: each returns when it is done") {
  Node seed = make_node(quick_config("seed", 1));
  must(seed.start());
  Config config = quick_config("a", 2);
  config.start_join_addrs = {place(seed)};
  Node a = make_node(config);
  must(a.start());
  std::vector<std::thread> threads;
  std::atomic<int> successes = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { successes += a.leave() ? 1 : 0; });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(successes == 4);
  CHECK(find(seed, "a").status == MemberStatus::Left);
}

TEST_CASE("members is not held up by a handler that waits for the caller's lock") {
  Node seed = make_node(quick_config("seed", 1));
  must(seed.start());
  Watcher watcher;
  std::mutex of_the_program;
  watcher.on_note = [&](const std::string&, const Member&) {
    const std::lock_guard guard(of_the_program);
  };
  Node a = make_node(quick_config("a", 2), &watcher);
  must(a.start());
  {
    const std::lock_guard guard(of_the_program);
    Node b = make_node([&] {
      Config config = quick_config("b", 3);
      config.start_join_addrs = {place(a)};
      return config;
    }());
    must(b.start());  // a's answer comes before its handler
    REQUIRE(watcher.wait_for("join b"));
    CHECK(a.members().size() == 2);
    CHECK(a.local_member().name == "a");
    CHECK(a.set_tags({{"k", "v"}}));
  }
  must(a.leave());
}

TEST_CASE("commands from many threads while the cluster changes") {
  Watcher watcher;
  Node a = make_node(quick_config("a", 1), &watcher);
  must(a.start());
  std::atomic<bool> is_over = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      while (!is_over) {
        CHECK_FALSE(a.members().empty());
        CHECK(a.set_tags({{"thread", std::to_string(i)}}));
        (void)a.join(std::vector<std::string>{own_ip(9) + ":1"});
      }
    });
  }
  for (int i = 0; i < 5; ++i) {
    Config config = quick_config("b" + std::to_string(i), 2);
    config.start_join_addrs = {place(a)};
    Node b = make_node(config);
    must(b.start());
    must(b.leave());
  }
  CHECK(watcher.wait_for("left b4"));
  is_over = true;
  for (std::thread& thread : threads) {
    thread.join();
  }
  must(a.leave());
}

TEST_CASE("a node that is never started, and one that is moved") {
  const Node idle = make_node(quick_config("a", 1));
  CHECK(idle.members().size() == 1);
  Node first = make_node(quick_config("a", 1));
  must(first.start());
  Node second = std::move(first);
  CHECK(second.local_member().name == "a");
  second = make_node(quick_config("b", 2));
  CHECK(second.local_member().name == "b");
  CHECK(second.leave().error().code == ErrorCode::WrongState);
}

TEST_CASE("a node installs no signal handler and blocks no signal here") {
  const auto handlers = [] {
    std::vector<const void*> found;
    for (int number = 1; number < NSIG; ++number) {
      struct sigaction action {};
      if (sigaction(number, nullptr, &action) != 0) continue;
      found.push_back(reinterpret_cast<const void*>(action.sa_handler));
    }
    return found;
  };
  const auto blocked = [] {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    std::vector<int> found;
    for (int number = 1; number < NSIG; ++number) {
      if (sigismember(&mask, number) == 1) found.push_back(number);
    }
    return found;
  };
  const std::vector<const void*> handlers_before = handlers();
  const std::vector<int> blocked_before = blocked();
  Node a = make_node(quick_config("a", 1));
  must(a.start());
  CHECK(handlers() == handlers_before);
  CHECK(blocked() == blocked_before);
}
