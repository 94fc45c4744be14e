// gossip::Node with a snapshot and a keyring of its own.
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "gossip/node.h"

#include "base/keyring_text.h"
#include "e2e/test_node.h"
#include "e2e/watcher.h"
#include "unit/temporary_folder.h"

using namespace gossip;       // NOLINT(google-build-using-namespace)
using namespace gossip::e2e;  // NOLINT(google-build-using-namespace)

namespace {

TEST_CASE("a node that ended without a leave finds its cluster again by its snapshot") {
  const TemporaryFolder folder;
  Node a = make_node(quick_config("a", 1));
  must(a.start());
  Config config = quick_config("b", 2);
  config.snapshot_path = folder.path_of("b.snapshot");
  config.start_join_addrs = {place(a)};
  {
    Node b = make_node(config);
    must(b.start());
    config.bind_addr = place(b);
  }
  config.start_join_addrs.clear();
  Watcher watcher;
  Node b = make_node(config, &watcher);
  must(b.start());
  CHECK(watcher.wait_for("join a"));
}

TEST_CASE("a node takes its keys from its keyring file, and says what is wrong with it") {
  const TemporaryFolder folder;
  const Bytes key(32, 7);
  Config plain = quick_config("a", 1);
  plain.encryption_keys = {key};
  Node a = make_node(plain);
  must(a.start());

  Config config = quick_config("b", 2);
  config.keyring_path = folder.write("ring", base::format_keyring({key, Bytes(16, 8)}));
  config.start_join_addrs = {place(a)};
  Node b = make_node(config);
  must(b.start());
  CHECK(find(b, "a").status == MemberStatus::Alive);

  config = quick_config("c", 3);
  config.keyring_path = folder.path_of("none");
  CHECK(make_node(config).start().error().message ==
        config.keyring_path + ": No such file or directory");
  config.keyring_path = folder.write("empty", "[]");
  CHECK(make_node(config).start().error().message ==
        config.keyring_path + ": the keyring file contains no keys");
  config.keyring_path = folder.path();
  CHECK(make_node(config).start().error().message == folder.path() + ": Is a directory");
}

}  // namespace
