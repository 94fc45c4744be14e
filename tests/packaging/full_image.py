"""The image: built with buildah from a Debian 12 of the test's own, and run in namespaces.

Only `tests/run.sh --full` runs this: it compiles everything once more. No registry is asked: the base image is
made by mmdebstrap. Containers run by chroot isolation in a network namespace of the test's, which needs neither
cgroups nor a network of buildah's.
"""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

from installed import GOSSIPCTL, LIMIT_S, ROOT, environment, wait_until
from root_system import base_archive, why_not

DEPENDENCIES = [line.split("#")[0].strip() for line in
                (ROOT / "packaging" / "debian-build-deps.txt").read_text().splitlines() if line.split("#")[0].strip()]


def obstacle():
    return why_not() or ("" if shutil.which("buildah") else "buildah is not installed: no image can be built")


@unittest.skipIf(obstacle(), obstacle())
class ImageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="gossip-image-", dir="/var/tmp")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.top = pathlib.Path(cls.folder.name)
        base = cls.buildah("from", "scratch").strip()
        cls.buildah("add", base, str(base_archive("building", tuple(DEPENDENCIES))), "/")
        cls.buildah("commit", "--quiet", base, "localhost/base")
        cls.buildah("rm", base)
        cls.buildah("build", "--isolation=chroot", "--network=host", "--build-arg=BASE=localhost/base", "-t", "gossipd",
                    str(ROOT), timeout=1800)
        cls.addClassCleanup(cls.buildah, "rmi", "--all", "--force")
        container = cls.buildah("from", "localhost/gossipd").strip()
        cls.addClassCleanup(cls.buildah, "rm", container)
        # The way to it is longer than the name of a socket may be.
        cls.root = cls.top / "root"
        cls.root.symlink_to(cls.buildah("mount", container).strip())
        cls.config = json.loads(cls.buildah("inspect", "--type=image", "localhost/gossipd"))["OCIv1"]["config"]

    @classmethod
    def buildah(cls, *words, timeout=600):
        done = subprocess.run(["buildah", "--storage-driver=vfs", f"--root={cls.top}/store", f"--runroot={cls.top}/run",
                               *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout)
        if done.returncode != 0:
            raise AssertionError(f"buildah {words}: {done.stdout[-4000:]}{done.stderr[-4000:]}")
        return done.stdout

    def begin(self, name, address, **variables):
        """Its entrypoint as process 1, as its user, on its files."""
        values = dict(one.split("=", 1) for one in self.config["Env"]) | {
            "GOSSIP_NODE_NAME": name, "GOSSIP_BIND": address, "GOSSIP_RPC_ADDR": f"/tmp/{name}.sock", **variables}
        enter = 'mount -t proc proc "$1/proc" && shift && exec chroot "$@"'
        words = ["unshare", "--pid", "--mount", "--fork", "sh", "-c", enter, "sh", str(self.root),
                 f"--userspec={self.config['User']}", str(self.root), *self.config["Entrypoint"]]
        with open(self.top / f"{name}.log", "wb") as log:
            outer = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                     env={**values, "PATH": f"{values['PATH']}:/usr/sbin:/sbin"})
        self.addCleanup(self.end, outer)
        wait_until(f"{name} runs", lambda: outer.poll() is not None or self.ctl(name, "info").returncode == 0)
        self.assertIsNone(outer.poll(), (self.top / f"{name}.log").read_text())
        return outer

    @staticmethod
    def first(outer):
        """Process 1 of the container, nothing once it has ended."""
        try:
            return [int(one) for one in pathlib.Path(f"/proc/{outer.pid}/task/{outer.pid}/children").read_text().split()]
        except FileNotFoundError:
            return []

    def end(self, outer):
        # Itself: what --kill-child arranges is undone when it becomes another user.
        for process in self.first(outer):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        outer.wait(LIMIT_S)

    def ctl(self, name, *words):
        return subprocess.run([GOSSIPCTL, *words, "--rpc-addr", str(self.root / f"tmp/{name}.sock")],
                              capture_output=True, text=True, timeout=LIMIT_S, env=environment())

    def test_it_is_small_and_nobodys(self):
        self.assertEqual(self.config["User"], "65532:65532")
        size = sum(path.lstat().st_size for path in self.root.rglob("*"))
        print(f"the image holds {size / 1e6:.1f} MB in {sum(1 for _ in self.root.rglob('*'))} files")
        programs = {path.name for path in (self.root / "usr/bin").iterdir()}
        self.assertEqual(programs, {"gossipd", "gossipctl", "serf"})
        self.assertEqual((self.root / "var/lib/gossipd").stat().st_uid, 65532)

    def test_two_find_each_other_and_one_leaves_on_stop(self):
        self.begin("a", "127.0.53.21")
        outer = self.begin("b", "127.0.53.22", GOSSIP_RETRY_JOIN="127.0.53.21", GOSSIP_TAGS="role=web,port=80",
                           GOSSIP_EVENT_HANDLERS="user:look=echo it was $SERF_USER_EVENT >/tmp/look; exit 3")
        def seen():
            done = self.ctl("a", "members", "--format=json")
            return {m["name"]: m for m in json.loads(done.stdout)["members"]}
        wait_until("both are there", lambda: seen().get("b", {}).get("status") == "alive")
        self.assertEqual(seen()["b"]["tags"], {"port": "80", "role": "web"})
        self.ctl("a", "event", "look")
        look = self.root / "tmp/look"
        wait_until("the handler has run", lambda: look.exists() and look.read_text() == "it was look\n")
        os.kill(self.first(outer)[0], signal.Signals[self.config.get("StopSignal", "SIGTERM")])
        self.assertEqual(outer.wait(LIMIT_S), 0, (self.top / "b.log").read_text())
        self.assertEqual(seen()["b"]["status"], "left")

    def test_names_are_resolved(self):
        (self.root / "etc/hosts").write_text("127.0.53.23 seed.example\n")
        self.begin("c", "127.0.53.23")
        self.begin("d", "127.0.53.24", GOSSIP_RETRY_JOIN="seed.example")
        wait_until("they see each other", lambda: "d" in self.ctl("c", "members", "--names").stdout.split())

    def test_its_sign_of_health(self):
        self.begin("e", "127.0.53.25")
        words = self.config.get("Healthcheck", {}).get("Test")
        if words is None:  # an OCI image has none, Docker's format has
            words = ["CMD", "/usr/bin/gossipctl", "info", "--timeout", "2s"]
        done = subprocess.run(["/usr/sbin/chroot", str(self.root), *words[1:], "--rpc-addr", "/tmp/e.sock"], capture_output=True,
                              text=True, timeout=LIMIT_S, env={})
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
