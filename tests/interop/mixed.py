"""Mixed clusters of real Serf agents and gossipd: every change of membership, made by either side, seen by both.

Usage: mixed.py [--encryption none|16|24|32] [--compression on|off] [unittest arguments]

The ordinary run takes a pairwise choice of the combinations (test_*.py beside this file), `tests/run.sh --full`
takes all (../CMakeLists.txt, `ctest -C Full`).
"""

import argparse
import base64
import fcntl
import sys
import unittest

from agents import GOSSIPD, SERF, Cluster, Failed, Gossipd, Serf, wait_until

OPTIONS = argparse.Namespace(encryption="none", compression="on")
# Each combination has a network of its own, so that they can run side by side.
NETWORKS = {("none", "on"): 101, ("none", "off"): 102, ("16", "on"): 103, ("16", "off"): 104,
            ("24", "on"): 105, ("24", "off"): 106, ("32", "on"): 107, ("32", "off"): 108}


class MixedClusterTest(unittest.TestCase):
    subnet = 0

    def setUp(self):
        MixedClusterTest.subnet += 1
        net = NETWORKS[(OPTIONS.encryption, OPTIONS.compression)]
        key = None
        if OPTIONS.encryption != "none":
            key = base64.b64encode(bytes([7]) * int(OPTIONS.encryption)).decode()
        self.cluster = Cluster(net, MixedClusterTest.subnet, key, OPTIONS.compression == "on")

    def tearDown(self):
        failed = any(error for _, error in getattr(self._outcome.result, "failures", [])
                     + getattr(self._outcome.result, "errors", []) if _ is self)
        self.cluster.close(keep_logs=failed)

    def start(self, *kinds):
        """Agents named after their kind and number, all joined to the first one."""
        agents = []
        for number, kind in enumerate(kinds):
            agents.append(self.cluster.add(kind, f"{kind.kind}-{number}").start())
        for agent in agents[1:]:
            agent.join(agents[0])
        self.all_alive()
        return agents

    def all_alive(self):
        self.cluster.wait_views({agent.name: "alive" for agent in self.cluster.running()})

    def views(self, **changed):
        expected = {agent.name: "alive" for agent in self.cluster.running()}
        expected.update({name.replace("_", "-"): value for name, value in changed.items()})
        self.cluster.wait_views({name: value for name, value in expected.items() if value})

    def test_three_and_three_live_together(self):
        """3 Serf and 3 gossipd through joins, tags, leaves, kills, restarts: equal views in both clients."""
        agents = self.start(Serf, Gossipd, Serf, Gossipd, Serf, Gossipd)
        serf_0, gossipd_1, serf_2, gossipd_3, serf_4, gossipd_5 = agents

        gossipd_1.set_tags(role="web", port="8080")
        serf_2.set_tags(role="db")
        self.views(gossipd_1=("alive", {"role": "web", "port": "8080"}), serf_2=("alive", {"role": "db"}))
        gossipd_1.delete_tag("port")
        serf_2.set_tags(role="cache", dc="ä/1")
        self.views(gossipd_1=("alive", {"role": "web"}), serf_2=("alive", {"role": "cache", "dc": "ä/1"}))

        gossipd_3.leave()
        serf_4.leave()
        self.views(gossipd_3="left", serf_4="left")
        gossipd_3.start()
        gossipd_3.join(serf_0)
        serf_4.start()
        serf_4.join(gossipd_1)
        self.all_alive()

        gossipd_5.kill()
        serf_2.kill()
        self.views(gossipd_5="failed", serf_2="failed")
        gossipd_5.start()
        gossipd_5.join(serf_0)
        serf_2.start()
        serf_2.join(gossipd_1)
        self.all_alive()

    def test_left_member_returns_at_another_address(self):
        serf, gossipd, third, fourth = self.start(Serf, Gossipd, Serf, Gossipd)
        for leaver, contact in ((third, gossipd), (fourth, serf)):
            leaver.leave()
            self.cluster.wait_views({a.name: "left" if a is leaver else "alive"
                                     for a in (serf, gossipd, third, fourth)})
            self.cluster.agents.remove(leaver)
            moved = self.cluster.adopt(leaver.moved(self.cluster.next_ip()))
            moved.start()
            moved.join(contact)
            self.all_alive()
            wait_until("the new address is shown", lambda m=moved: all(
                a.members()[m.name][0] == f"{m.ip}:7946" for a in self.cluster.running()))

    def test_forced_leave_of_a_failed_member(self):
        serf, gossipd, serf_2, gossipd_3 = self.start(Serf, Gossipd, Serf, Gossipd)
        serf_2.kill()
        gossipd_3.kill()
        self.views(serf_2="failed", gossipd_3="failed")
        gossipd.force_leave("serf-2")
        serf.force_leave("gossipd-3")
        self.views(serf_2="left", gossipd_3="left")

    def test_pruned_member_is_gone_everywhere(self):
        serf, gossipd, serf_2, gossipd_3 = self.start(Serf, Gossipd, Serf, Gossipd)
        serf_2.kill()
        gossipd_3.kill()
        self.views(serf_2="failed", gossipd_3="failed")
        gossipd.force_leave("serf-2", "-prune")
        # All copies that Serf sends may go to the two dead, to whom it gossips for a while; and who has pruned a member
        # says no more of it in a push/pull.
        for _ in range(20):
            serf.force_leave("gossipd-3", "-prune")
            if self.heard_within(3, lambda: gossipd.status_of("gossipd-3") is None):
                break
        self.all_alive()

    @staticmethod
    def heard_within(seconds, condition):
        try:
            return wait_until("it is heard of", condition, seconds)
        except Failed:
            return False

    def test_quick_restart_under_the_same_name(self):
        serf, gossipd, serf_2, gossipd_3 = self.start(Serf, Gossipd, Serf, Gossipd)
        for agent, contact in ((serf_2, gossipd), (gossipd_3, serf)):
            agent.kill()
            agent.start("-tag", "life=2")
            agent.join(contact)
            wait_until("all know the new life", lambda a=agent: all(
                other.members()[a.name][1:] == ("alive", {"life": "2"}) for other in self.cluster.running()))

    def test_gossipd_joins_by_its_flags(self):
        serf = self.cluster.add(Serf, "serf-0").start()
        self.cluster.add(Gossipd, "gossipd-1").start("--join", serf.ip, "--tag", "role=web")
        late = self.cluster.add(Gossipd, "gossipd-2")
        later_ip = self.cluster.next_ip()
        late.start("--retry-join", later_ip, "--retry-interval", "1s")
        third = self.cluster.adopt(Serf("serf-3", later_ip, self.cluster.folder, self.cluster.key,
                                        self.cluster.compression))
        third.start()
        third.join(serf)
        self.views(gossipd_1=("alive", {"role": "web"}))

    def test_serf_joins_a_gossipd_and_back(self):
        """Either side may be the one that is asked, also in the other's absence."""
        first = self.cluster.add(Gossipd, "gossipd-0").start()
        second = self.cluster.add(Serf, "serf-1").start(f"-join={first.ip}")
        third = self.cluster.add(Gossipd, "gossipd-2").start("--join", second.ip)
        self.all_alive()
        first.kill()
        self.views(gossipd_0="failed")
        self.cluster.add(Serf, "serf-3").start(f"-retry-join={third.ip}")
        # A newcomer is told only of the living.
        newcomer = self.cluster.agents[-1]
        living = {"serf-1": "alive", "gossipd-2": "alive", "serf-3": "alive"}
        wait_until("the living see each other", lambda: all(
            {n: s for n, (_, s, _) in a.members().items() if n != "gossipd-0"} == living
            for a in self.cluster.running()))
        self.assertNotIn("gossipd-0", newcomer.members())

    def test_real_serf_client_drives_gossipd(self):
        """The unchanged `serf` commands against gossipd's TCP listener."""
        serf, gossipd = self.start(Serf, Gossipd)
        other = self.cluster.add(Gossipd, "gossipd-2").start()
        remote = other.asked_by(Serf)
        self.assertIn("Successfully joined cluster by contacting 1 nodes.", remote.ask("join", serf.ip).stdout)
        self.all_alive()
        self.assertEqual(remote.members(), other.members())
        self.assertIn("Successfully updated agent tags", remote.ask("tags", "-set=role=web").stdout)
        self.views(gossipd_2=("alive", {"role": "web"}))
        info = remote.ask("info").stdout
        self.assertIn("name = gossipd-2", info)
        self.assertIn("members = 3", info)
        filtered = remote.ask("members", "-tag=role=web", "-status=alive").stdout
        self.assertIn("gossipd-2", filtered)
        self.assertNotIn("serf-0", filtered)
        gossipd.kill()
        self.views(gossipd_1="failed")
        remote.force_leave("gossipd-1")
        self.views(gossipd_1="left")
        self.assertIn("Graceful leave complete", remote.ask("leave").stdout)
        self.assertEqual(other.wait_ended(), 0)
        wait_until("Serf shows it as left", lambda: serf.status_of("gossipd-2") == "left")


class RefusedJoinTest(unittest.TestCase):
    def test_another_key_is_named_as_the_reason(self):
        net = NETWORKS[(OPTIONS.encryption, OPTIONS.compression)]
        mine = base64.b64encode(bytes([1]) * 16).decode()
        other = base64.b64encode(bytes([2]) * 16).decode()
        cluster = Cluster(net, 250, mine)
        try:
            for kind, host in ((Serf, 1), (Gossipd, 2)):
                target = cluster.adopt(kind(f"{kind.kind}-target", f"127.{net}.250.{host}", cluster.folder, other))
                target.start()
                joiner = cluster.adopt(Gossipd(f"joiner-{kind.kind}", f"127.{net}.250.{host + 10}", cluster.folder,
                                               mine))
                joiner.start()
                refused = joiner.ask("join", target.ip, check=False)
                self.assertEqual(refused.returncode, 1, refused.stdout + refused.stderr)
                # Neither can read what the other says: a refusal arrives sealed with the other key.
                self.assertIn(f"{target.ip}:7946: the answer cannot be decrypted: the encryption keys differ",
                              refused.stderr)
                self.assertEqual(set(joiner.members()), {joiner.name})
        finally:
            cluster.close()


def run(encryption, compression, arguments):
    """Runs every scenario of this file with these options; the exit code of the process."""
    OPTIONS.encryption, OPTIONS.compression = encryption, compression
    if not SERF.exists():
        print(f"skipped: no Serf at {SERF}; tests/run.sh unpacks it there")
        return 77
    if not GOSSIPD.exists():
        raise Failed(f"{GOSSIPD} is not built")
    # Another run on this machine would meet ours at the same addresses: it waits for its turn.
    turn = open(f"/tmp/gossip-interop-{NETWORKS[(encryption, compression)]}.lock", "w")
    fcntl.flock(turn, fcntl.LOCK_EX)
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__])
    if arguments and arguments[0] != "-v":
        suite = unittest.defaultTestLoader.loadTestsFromNames(arguments, sys.modules[__name__])
    return 0 if unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful() else 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--encryption", default="none", choices=["none", "16", "24", "32"])
    parser.add_argument("--compression", default="on", choices=["on", "off"])
    options, rest = parser.parse_known_args()
    return run(options.encryption, options.compression, rest)


if __name__ == "__main__":
    sys.exit(main())
