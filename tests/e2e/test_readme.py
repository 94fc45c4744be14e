"""The minute's tour of README.md, word for word but for its addresses and files; its pauses become conditions,
and its queries wait as long as a slow machine needs.

Addresses: 127.0.48.0/24.
"""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from gossipctl_run import BUILD, GOSSIPCTL, ROOT, environment

GOSSIPD = os.environ.get("GOSSIPD", str(BUILD / "agent" / "gossipd"))
SERF = os.environ.get("GOSSIP_SERF", str(BUILD / "serf" / "usr" / "bin" / "serf"))


class TourTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="gossip-tour-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name, program in (("gossipd", GOSSIPD), ("gossipctl", GOSSIPCTL), ("serf", SERF)):
            (self.folder / name).symlink_to(pathlib.Path(program).absolute())

    def tour(self):
        text = (ROOT / "README.md").read_text()
        section = text[text.index("## A minute's tour"):text.index("## In your program")]
        blocks = re.findall(r"```sh\n(.*?)```", section, re.S)
        self.assertEqual(len(blocks), 2)
        script = "".join(block for block in blocks if os.path.exists(SERF) or "serf agent" not in block)
        for said, done in (("sleep 2\n", "until gossipctl members --rpc-addr /tmp/b.sock; do sleep 0.1; done >/tmp/x 2>&1\n"),
                           ("sleep 1\n", "until serf members -rpc-addr=127.0.3.3:7373; do sleep 0.1; done >/tmp/x\n"),
                           ("-timeout=1s uptime", "-timeout=10s uptime"),
                           ("gossipctl monitor ", "gossipctl monitor || [ $? = 124 ] ")):
            self.assertEqual("".join(blocks).count(said), 1, said)
            script = script.replace(said, done)
        return (script.replace("127.0.3.", "127.0.48.").replace("/tmp/", f"{self.folder}/")
                .replace("$PWD/build/agent:$PWD/build/cli", str(self.folder)))

    def test_it_goes_as_it_says(self):
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n"
                               + self.tour()], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
                              env=environment())
        logs = "".join(log.read_text(errors="replace") for log in self.folder.glob("*.log"))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr + logs)
        shown = done.stdout
        for text in ("a  127.0.48.1:7946  alive  role=db\nb  127.0.48.2:7946  alive  role=web\n", '"role": "db"',
                     "Successfully updated agent tags", "Event 'deploy' dispatched", "Ack from 'b'\n",
                     "Response from 'a': ", "1 of 2 answered, 1 declined, 0 silent\n", "Graceful leave complete",
                     "b  127.0.48.2:7946  left   version=2\n"):
            self.assertIn(text, shown)
        self.assertEqual((self.folder / "a.deployed").read_text(), "v42\n")
        self.assertEqual((self.folder / "a.keys").read_text(), (self.folder / "b.keys").read_text())
        if os.path.exists(SERF):
            self.assertRegex(shown, r"(?m)^s1 +127\.0\.48\.3:7946 +alive")
            self.assertEqual(shown.count("Response from 'a': "), 2)


if __name__ == "__main__":
    unittest.main()
