"""Network coordinates in a mixed cluster: each kind learns from the other's acks where it is; who keeps none is
nowhere."""

import re

from agents import wait_until
from six_agents import NAMES, NETS, Gossipd, Serf, SixTest, run


class CoordinatesTest(SixTest):
    net = NETS["coordinates"]

    @classmethod
    def start_cluster(cls):
        super().start_cluster()
        config = cls.cluster.folder / "off.json"
        config.write_text('{"disable_coordinates": true}')
        cls.cluster.start_one("nowhere", f"-join={cls.cluster.agent[NAMES[0]].ip}", f"-config-file={config}",
                              kind=Gossipd)
        cls.cluster.wait_views({name: "alive" for name in (*NAMES, "nowhere")})

    @staticmethod
    def estimates(client, a, b):
        done = client.ask("rtt", a, b, check=False)
        shown = re.fullmatch(r"Estimated (\S+) <-> (\S+) rtt: \d+\.\d{3} ms\n", done.stdout)
        return done.returncode == 0 and shown is not None and shown.groups() == (a, b)

    def test_each_knows_where_all_others_are(self):
        for at in NAMES:
            for name in NAMES:
                wait_until(f"{at} knows {name}", lambda a=at, n=name: self.estimates(self.agent[a], a, n))
        for at, kind in (("serf-0", Gossipd), ("gossipd-1", Serf)):  # the other one's client
            self.assertTrue(self.estimates(self.agent[at].asked_by(kind), "serf-2", "gossipd-5"), at)

        # By now each has been asked by most others for its place, and has asked.
        for name in NAMES:
            for a, b in ((name, "nowhere"), ("nowhere", name)):
                for at in (name, "nowhere"):
                    done = self.agent[at].ask("rtt", a, b, check=False)
                    self.assertEqual(done.returncode, 1, (at, a, b, done.stdout))
                    self.assertIn("ould not find a coordinate for node", done.stdout + done.stderr)
            self.assertIn("coordinate_resets = 0", self.agent[name].ask("info").stdout)
        self.assertNotIn("coordinate_resets", self.agent["nowhere"].ask("info").stdout)
        # Nothing that was told was refused by either kind.
        for name in NAMES:
            if name.startswith("gossipd"):
                self.assertIn("\timplausible = 0\n", self.agent[name].ask("info").stdout)
            else:
                self.assertNotRegex(self.agent[name].log(), "Rejected coordinate|decode coordinate|ping version")


if __name__ == "__main__":
    run(CoordinatesTest.net)
