"""Keys of a mixed cluster of six, changed by either side's client asked of either side's agent."""

import json
import re

from agents import wait_until
from recorder import Recorder
from six_agents import KEYS, NAMES, NETS, SixTest, run

FIRST, SECOND, THIRD, FOURTH, _ = KEYS


class KeyTest(SixTest):
    net = NETS["keys"]

    def setUp(self):
        """All members back to the first key alone, whatever the test before has left."""
        ring = self.ring("gossipd-1")
        if FIRST not in ring:
            self.keys("gossipd-1", "-install", FIRST)
        self.keys("gossipd-1", "-use", FIRST)
        for key in ring:
            if key != FIRST:
                self.keys("gossipd-1", "-remove", key)
        self.wait_rings([FIRST])

    def ring(self, name):
        return json.loads(self.cluster.keyring(name).read_text())

    def wait_rings(self, keys):
        def all_hold():
            try:
                return all(self.ring(name) == keys for name in NAMES)
            except ValueError:  # Serf writes its file in place
                return False

        wait_until(f"all keyring files hold {keys}", all_hold)

    def keys(self, name, *args, by=None, code=0):
        """The output of the `keys` command of a client of `by`'s kind, asked of the agent `name`."""
        done = self.agent[name].asked_by(type(self.agent[by or name])).ask("keys", *args, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def listed(self, name, by=None):
        shown = self.keys(name, "-list", by=by)
        return sorted(re.sub(r"  primary$", "", line) for line in shown.splitlines() if re.search(r"\[\d/\d\]", line))

    def all_talk(self, payload):
        """Everybody hears of an event of each side."""
        heard = [Recorder(self.agent[name], "user:talk") for name in NAMES]
        for recorder in heard:
            self.addCleanup(recorder.close)
        for sender in ("serf-0", "gossipd-1"):
            self.agent[sender].ask("event", "-coalesce=false", "talk", f"{payload} {sender}")
            for recorder in heard:
                recorder.wait_user("talk", f"{payload} {sender}".encode())
        self.cluster.wait_views({name: "alive" for name in NAMES})

    def test_a_key_is_replaced_step_by_step(self):
        """Each step is asked by another client of another agent, and all files follow it."""
        steps = ((("-install", SECOND), [FIRST, SECOND], "Successfully installed key!"),
                 (("-use", SECOND), [SECOND, FIRST], "Successfully changed primary key!"),
                 (("-remove", FIRST), [SECOND], "Successfully removed key!"))
        for asker, by, other in (("serf-2", None, "gossipd-3"), ("gossipd-3", None, "serf-2"),
                                 ("serf-2", "gossipd-3", "gossipd-5"), ("gossipd-3", "serf-2", "serf-4")):
            self.setUp()
            for flags, ring, said in steps:
                self.assertIn(said, self.keys(asker, *flags, by=by), (asker, by))
                self.wait_rings(ring)
                rows = sorted(f"{key}  [6/6]" for key in ring)
                self.assertEqual(self.listed(asker, by=by), rows)
                self.assertEqual(self.listed(other), rows)
        self.all_talk("after four changes")

    def test_the_primary_key_is_marked_by_gossipctl(self):
        self.keys("serf-0", "-install", THIRD)
        self.assertIn(f"{FIRST}  [6/6]  primary\n", self.keys("gossipd-1", "-list"))
        self.keys("serf-0", "-use", THIRD)
        shown = json.loads(self.keys("gossipd-1", "-list", "-format=json"))
        self.assertEqual((shown["keys"], shown["primaries"]), ({FIRST: 6, THIRD: 6}, {THIRD: 6}))

    def test_refusals_are_reported_for_each_member(self):
        for asker, by in (("serf-0", None), ("gossipd-1", None), ("serf-0", "gossipd-1"), ("gossipd-1", "serf-0")):
            for flags, message in ((("-use", FOURTH), "Requested key is not in the keyring"),
                                   (("-remove", FIRST), "Removing the primary key is not allowed")):
                shown = self.keys(asker, *flags, by=by, code=1)
                rows = sorted(line for line in shown.splitlines() if line.startswith("failed:"))
                self.assertEqual([re.split("  +", row) for row in rows],
                                 [["failed:", name, message] for name in sorted(NAMES)])
                self.assertIn("6/6 nodes reported failure", shown)
        self.wait_rings([FIRST])

    def test_rotate(self):
        """gossipctl replaces the key of the whole mixed cluster, and nobody is lost on the way."""
        heard = [Recorder(self.agent[name], "member-failed") for name in NAMES]
        for recorder in heard:
            self.addCleanup(recorder.close)
        fresh = self.keys("gossipd-3", "rotate").splitlines()[-1]
        self.wait_rings([fresh])
        self.all_talk("after the rotation")
        shown = json.loads(self.keys("gossipd-5", "rotate", "--key", SECOND, "--format=json"))
        self.assertEqual(shown, {"key": SECOND, "replaced": [fresh], "at_risk": []})
        self.wait_rings([SECOND])
        # Asked of a Serf, which does not tell the primary key; there is only one.
        self.keys("serf-4", "rotate", "--key", FIRST, by="gossipd-1")
        self.wait_rings([FIRST])
        self.all_talk("after three rotations")
        self.assertEqual([recorder.members("member-failed") for recorder in heard], [[]] * 6)

    def test_rotate_stops_where_a_member_does_not_follow(self):
        """A Serf, then a gossipd, cannot write its keyring file: the old key stays in use everywhere."""
        for name in ("serf-2", "gossipd-5"):
            ring = self.cluster.keyring(name)
            ring.unlink()
            ring.mkdir()
            shown = self.keys("gossipd-1", "rotate", code=1)
            self.assertRegex(shown, rf"failed:  {name}  \S")
            self.assertIn("nothing is lost: the new key is not everywhere, and not in use", shown)
            ring.rmdir()
            ring.write_text(json.dumps([FIRST]))
            fresh = next(key for key in self.ring("gossipd-1") if key != FIRST)
            self.all_talk(f"though {name} does not follow")
            # Serf takes a key before it fails to write it; the next change puts its file in order.
            self.keys("gossipd-1", "-remove", fresh)
            self.wait_rings([FIRST])


if __name__ == "__main__":
    run(KeyTest.net)
