"""gossipd's snapshot: what survives a SIGKILL, a leave, a full disk and a damaged file."""

import os
import pathlib
import resource
import signal
import stat
import subprocess
import unittest

from gossipd_agent import GOSSIPD, AgentTest, environment, run, wait_until


class SnapshotTest(AgentTest):
    def agent(self, name, address, *flags):
        return self.start(name, f"--bind={address}", f"--snapshot={self.path(name + '.snapshot')}", *flags)

    def snapshot(self, name):
        return pathlib.Path(self.path(name + ".snapshot")).read_text()

    def kill(self, agent):
        agent.kill()
        agent.wait()

    def pair(self, first, second, *flags):
        a = self.agent("a", first, *flags)
        b = self.agent("b", second, f"--join={first}", *flags)
        wait_until("a sees b", lambda: self.status("a", "b") == "alive")
        return a, b

    def test_killed_agent_rejoins_without_seeds(self):
        _, b = self.pair("127.0.58.1", "127.0.58.2")
        # RPC has shown a to b: the line is in the file, whatever happens to the process now.
        self.kill(b)
        text = self.snapshot("b")
        self.assertIn("alive: a 127.0.58.1:7946\n", text)
        self.assertIn("alive: b 127.0.58.2:7946\n", text)
        self.assertIn("Snapshot: true\n", self.log("b"))
        self.assertEqual(stat.S_IMODE(os.stat(self.path("b.snapshot")).st_mode), 0o600)
        self.agent("b", "127.0.58.2")
        wait_until("b is back", lambda: self.status("b", "a") == "alive")
        self.logged("b", "[INFO] serf: Attempting re-join to previously known node: a: 127.0.58.1:7946")
        self.logged("b", "[INFO] serf: Re-joined to previously known node: a: 127.0.58.1:7946")

    def test_leave_is_for_good_unless_told_otherwise(self):
        _, b = self.pair("127.0.58.3", "127.0.58.4")
        b.send_signal(signal.SIGINT)
        self.assertEqual(b.wait(timeout=60), 0)
        self.assertIn("\nleave\n", self.snapshot("b"))
        before = self.snapshot("b")
        alone = self.agent("b", "127.0.58.4")
        self.assertEqual(list(self.members("b")), ["b"])
        self.kill(alone)
        self.assertNotIn("re-join", self.log("b"))

        pathlib.Path(self.path("b.snapshot")).write_text(before)
        self.agent("b", "127.0.58.4", "--rejoin")
        wait_until("b is back", lambda: self.status("b", "a") == "alive")
        self.assertIn("serf: Ignoring previous leave in snapshot", self.log("b"))
        wait_until("a sees b", lambda: self.status("a", "b") == "alive")
        wait_until("the leave is gone from the file", lambda: "leave" not in self.snapshot("b"))

    def test_failed_member_is_remembered_and_found_again(self):
        flags = ("--profile=local", "--reconnect-interval=1s")
        a, b = self.pair("127.0.58.5", "127.0.58.6", *flags)
        self.kill(a)
        wait_until("a is failed to b", lambda: self.status("b", "a") == "failed")
        self.kill(b)
        self.assertIn("not-alive: a\n# failed: a 127.0.58.5:7946\n", self.snapshot("b"))
        self.agent("b", "127.0.58.6", *flags)
        self.logged("b", "[WARN] serf: Failed to re-join any previously known node")
        self.agent("a", "127.0.58.5", "--profile=local")  # its own snapshot names b, or b asks it
        wait_until("they are together", lambda: self.status("b", "a") == "alive")

    def test_damaged_file_is_told_once_and_mended(self):
        path = pathlib.Path(self.path("a.snapshot"))
        path.write_bytes(b"alive: gone 127.0.58.99:7946\nwhat\n" + b"\0" * 5000 + b"\nclock: 12")
        path.chmod(0o640)
        a = self.agent("a", "127.0.58.7")
        self.logged("a", '[WARN] serf: skipped lines of the snapshot: 2 unknown, 1 without an end; the first is "what"')
        wait_until("the file is mended", lambda: "what" not in self.snapshot("a"))
        self.assertIn("alive: gone 127.0.58.99:7946\n", self.snapshot("a"))
        self.assertNotIn("\0", self.snapshot("a"))
        self.assertNotIn("clock: 12", self.snapshot("a"))
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o640)
        self.kill(a)
        self.agent("a", "127.0.58.7")
        self.assertNotIn("skipped", self.log("a"))

    def test_what_cannot_be_a_snapshot_is_refused(self):
        folder = self.path("folder")
        os.mkdir(folder)
        pipe = self.path("pipe")
        os.mkfifo(pipe)
        big = self.path("big")
        with open(big, "wb") as file:
            file.truncate((64 << 20) + 1)
        for path, what in ((folder, f'"{folder}" is no regular file'), ("/dev/full", '"/dev/full" is no regular file'),
                           (pipe, f'"{pipe}" is no regular file'),
                           (self.path("no/such"), f'there is no folder "{self.path("no")}"')):
            file = self.write("a.toml", f'\n snapshot_path = "{path}"\n')
            for how in ([], ["--check-config"]):
                done = run("--bind=127.0.58.8", "--rpc-addr", self.path("x.sock"), "--config-file", file, *how)
                self.assertEqual((done.returncode, done.stderr), (1, f"gossipd: {file}:2:2: snapshot_path: {what}\n"))
        done = run("--bind=127.0.58.8", "--rpc-addr", self.path("x.sock"), "--snapshot", big)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"gossipd: snapshot {big}: longer than 67108864 bytes", done.stderr)

    def test_full_disk_is_survived(self):
        # A file size limit stands for the disk; raising it is somebody making room.
        path = pathlib.Path(self.path("a.snapshot"))
        path.write_text("# " + "x" * 1000 + "\n")
        a = subprocess.Popen(
            [GOSSIPD, "--node=a", "--rpc-addr", self.path("a.sock"), "--bind=127.0.58.9", f"--snapshot={path}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=environment(), preexec_fn=self.limit_file_size)
        self.agents.append(a)
        lines = []
        while True:
            line = a.stdout.readline().decode()
            self.assertTrue(line, "".join(lines))
            lines.append(line)
            if "cannot write the snapshot" in line:
                break
        self.assertIn("[WARN] serf: cannot write the snapshot", lines[-1])
        self.assertIn("File too large", lines[-1])
        self.assertEqual(self.status("a", "a"), "alive")
        self.assertEqual(path.read_text(), "# " + "x" * 1000 + "\n")
        resource.prlimit(a.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        wait_until("the file is whole again", lambda: "alive: a 127.0.58.9:7946" in path.read_text())
        rest = ""  # the line comes a moment after the file
        while "[INFO] serf: the snapshot is complete again" not in rest:
            line = a.stdout.readline().decode()
            self.assertTrue(line, rest)
            rest += line
        a.kill()
        rest += a.stdout.read().decode()
        a.stdout.close()
        self.assertNotIn("cannot write the snapshot", rest)

    @staticmethod
    def limit_file_size():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1003, resource.RLIM_INFINITY))

    def test_keyring_file_must_be_one(self):
        empty = self.write("ring", "[]")
        folder = self.path("folder")
        os.mkdir(folder)
        for path, what in ((empty, "the keyring file contains no keys"), (folder, "Is a directory"),
                           (self.path("missing"), "No such file or directory")):
            done = run("--bind=127.0.58.10", "--rpc-addr", self.path("x.sock"), "--keyring-file", path)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"{path}: {what}", done.stderr)


if __name__ == "__main__":
    unittest.main()
