"""gossipd as its supervisor sees it: command line, start, errors, log, keys.

Addresses: 127.0.45.1 to .19.
"""

import json
import os
import pathlib
import pty
import re
import signal
import socket
import subprocess
import unittest

from gossipd_agent import AgentTest, GOSSIPD, LIMIT_S, ROOT, environment, run, wait_until

KEY = "HvY8ubRZMgafUOWvrOadwOckVa1wN3QWAo46FVKbVN8="
OTHER_KEY = "ZWTL+bgjHyQPhJRKcFe3ccirc2SFHmc/Nw67l8NQfdk="
NOBODY = 65534


class CommandLineTest(unittest.TestCase):
    def test_help_and_version_are_data(self):
        for args in (["--help"], ["-h"], ["-help"], ["agent", "--help"]):
            done = run(*args)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("--retry-join SEED", done.stdout)
        self.assertRegex(run("--version").stdout, r"\Agossipd [0-9.]+\nSerf protocol 5 ")

    def test_a_configuration_can_be_checked_without_an_agent(self):
        done = run("--check-config", "--bind=127.0.45.1", "--rejoin")
        self.assertEqual((done.returncode, done.stdout), (0, "The configuration is fine.\n"))
        self.assertIn("warning: --rejoin", done.stderr)
        for wrong in ("--bind=nowhere:x", "--tag=a=" + "x" * 600, "--iface=nosuch0"):
            self.assertEqual(run("--check-config", wrong).returncode, 1)


    def test_a_file_may_be_a_pipe_that_is_still_being_written(self):
        done = subprocess.run(["bash", "-c", f"{GOSSIPD} --check-config --encrypt-file "
                                             f"<(sleep 0.3; echo {KEY}) "
                                             "--config-file <(echo '{\"profile\": \"wan\"}')"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S,
                              env=environment())
        self.assertEqual((done.returncode, done.stdout), (0, "The configuration is fine.\n"), done.stderr)


class StartErrorTest(AgentTest):
    def refused(self, *flags, env=None):
        """One line on stderr, exit code 1, and nothing else."""
        done = run(*flags, env=env)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertRegex(done.stderr, r"\Agossipd: [^\n]+\n\Z")
        self.assertLess(len(done.stderr), 300)
        return done.stderr

    def test_flags_and_values(self):
        socket_flag = ("--rpc-addr", self.path("x.sock"), "--bind", "127.0.45.2")
        for flags, text in {
            ("--nodee=x",): "did you mean --node?",
            ("stray",): "unexpected argument",
            ("--tag=role",): "--tag",
            ("--tag=a\nb\x1b[2J",): "\"a\\nb\\x1b[2J\" is not a tag",
            ("--encrypt=abc",): "--encrypt",
            ("--encrypt=MTIzNDU=",): "5 bytes long, it must be 16, 24 or 32",
            ("--profile=fast",): "lan, wan and local",
            ("--protocol=9",): "only 2 to 5",
            ("--tag=a=" + "x" * 600,): "the limit is 512",
            ("--retry-interval=5",): "the unit is missing",
            ("--log-level=LOUD",): "trace, debug, info, warn and err",
            ("--iface=nosuch0", "--bind=0.0.0.0"): "no network interface",
            ("--event-handler=x=y",): "Invalid event script",
        }.items():
            self.assertIn(text, self.refused(*socket_flag, *flags))
        self.assertFalse(os.path.exists(self.path("x.sock")))

    def test_addresses(self):
        rpc = ("--rpc-addr", self.path("x.sock"))
        self.assertIn("300.1.1.1", self.refused(*rpc, "--bind=300.1.1.1"))
        self.assertIn("203.0.113.77", self.refused(*rpc, "--bind=203.0.113.77"))
        self.assertIn("--advertise", self.refused(*rpc, "--bind=127.0.45.2", "--advertise=1.2.3"))

    def test_configuration_files_with_place(self):
        bad = self.write("bad.toml", 'bind = "127.0.45.2"\nnode_nam = "x"\n')
        self.assertIn(f'{bad}:2:1: unknown key "node_nam", did you mean "node_name"?',
                      self.refused("--config-file", bad))
        bad = self.write("bad.json", '{\n "bind": "127.0.45.2",\n "encrypt_key": "MTIzNDU="\n}')
        os.chmod(bad, 0o600)
        self.assertIn(f"{bad}:3:2: encrypt_key: ", self.refused("--config-file", bad))
        self.assertNotIn("MTIzNDU", self.refused("--config-file", bad))
        bad = self.write("bad2.json", '{\n "bind": \n')
        self.assertIn(f"{bad}:3:1: ", self.refused("--config-file", bad))
        self.assertIn("No such file", self.refused("--config-file", self.path("nothing.toml")))

    def test_a_gossip_port_in_use(self):
        with socket.socket() as taken:
            taken.bind(("127.0.45.3", 7946))
            taken.listen()
            text = self.refused("--bind=127.0.45.3", "--rpc-addr", self.path("x.sock"))
        self.assertIn("127.0.45.3:7946", text)
        self.assertIn("in use", text)
        self.assertFalse(os.path.exists(self.path("x.sock")))

    def test_an_rpc_address_that_cannot_be_opened(self):
        bind = "--bind=127.0.45.4"
        self.assertIn("/nonexistent/x.sock", self.refused(bind, "--rpc-addr=/nonexistent/x.sock"))
        plain = self.write("file", "mine")
        self.assertIn(plain, self.refused(bind, "--rpc-addr", plain))
        self.assertEqual(pathlib.Path(plain).read_text(), "mine")
        with socket.socket() as taken:
            taken.bind(("127.0.45.4", 7373))
            taken.listen()
            text = self.refused(bind, "--rpc-addr", self.path("x.sock"), "--rpc-addr=127.0.45.4:7373")
        self.assertIn("127.0.45.4:7373", text)
        # All or none: the first address is not left behind, and neither is the gossip port.
        self.assertFalse(os.path.exists(self.path("x.sock")))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.45.4", 7946))

    @unittest.skipIf(os.geteuid() != 0, "needs root to become somebody else")
    def test_a_socket_folder_that_may_not_be_written(self):
        locked = self.folder / "locked"
        locked.mkdir(mode=0o755)
        self.folder.chmod(0o755)
        done = subprocess.run([GOSSIPD, "--bind=127.0.45.4", "--rpc-addr", str(locked / "x.sock")],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S,
                              env=environment(), user=NOBODY, group=NOBODY, extra_groups=[])
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"\Agossipd: [^\n]*locked/x\.sock[^\n]*Permission denied[^\n]*\n\Z")

    def test_a_socket_of_a_living_agent(self):
        self.start("one", "--bind=127.0.45.5")
        text = self.refused("--bind=127.0.45.6", "--rpc-addr", self.path("one.sock"))
        self.assertIn("one.sock", text)
        self.assertEqual(self.ctl("one", "info").returncode, 0)

    def test_nobody_to_join(self):
        agent = self.begin("one", "--bind=127.0.45.7", "--join=127.0.45.8")
        self.assertEqual(agent.wait(LIMIT_S), 1)
        self.assertRegex(self.log("one"), r"\[ERR\] agent: Error joining: 127\.0\.45\.8\S*: [^\n]*refused")
        self.assertEqual(self.log("one").count("refused"), 1)
        self.assertFalse(os.path.exists(self.path("one.sock")))

    def test_retries_are_counted_after_the_first_attempt(self):
        agent = self.begin("one", "--bind=127.0.45.9", "--retry-join=127.0.45.8", "--retry-max=1",
                           "--retry-interval=1ms", "--log-level=debug")
        self.assertEqual(agent.wait(LIMIT_S), 1)
        self.assertIn("--retry-interval: 1ms is too low, set to 1s", self.log("one"))
        self.assertEqual(self.log("one").count("agent: joining the seed 127.0.45.8:7946"), 2)
        self.assertIn("[ERR] agent: maximum retry join attempts made, exiting", self.log("one"))


class LifeTest(AgentTest):
    def test_the_banner_says_who_and_where(self):
        agent = self.start("one", "--bind=127.0.45.10:0", "--encrypt", KEY, "--advertise=127.0.45.10:7000",
                           "--rpc-addr=127.0.45.10:0", "--profile=local", "--disable-compression")
        log = self.log("one")
        self.assertIn("==> gossipd running!\n", log)
        self.assertIn("Node name: 'one'\n", log)
        self.assertRegex(log, r" Bind addr: '127\.0\.45\.10:[1-9]\d*'\n")
        self.assertIn("Advertise addr: '127.0.45.10:7000'\n", log)
        self.assertIn(f"RPC addr: 'unix://{self.path('one.sock')}'\n", log)
        self.assertRegex(log, r"RPC addr: '127\.0\.45\.10:[1-9]\d*'\n")
        self.assertIn("Encrypted: true\n", log)
        self.assertIn("Snapshot: false\n", log)
        self.assertIn("Profile: local\n", log)
        self.assertIn("Compression: false\n", log)
        self.assertRegex(log, r"\n\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[INFO\] agent: ")
        self.assertNotIn(KEY, log)
        agent.terminate()
        self.assertEqual(agent.wait(LIMIT_S), 0)
        self.assertFalse(os.path.exists(self.path("one.sock")))

    def test_the_log_goes_where_it_is_told(self):
        for output, quiet in (("stdout", "stderr"), ("stderr", "stdout")):
            agent = subprocess.Popen([GOSSIPD, "--bind=127.0.45.11", "--rpc-addr", self.path("x.sock"),
                                      f"--log-output={output}"], stdin=subprocess.DEVNULL,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                     env=environment())
            self.agents.append(agent)
            self.assertEqual(getattr(agent, output).readline(), "==> gossipd running!\n")
            agent.terminate()
            texts = dict(zip(("stdout", "stderr"), agent.communicate(timeout=LIMIT_S)))
            self.assertEqual((agent.returncode, texts[quiet]), (0, ""))

    def test_a_log_that_nobody_reads_holds_nothing_up(self):
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        agent = subprocess.Popen([GOSSIPD, "--node=one", "--bind=127.0.45.12", "--log-level=trace", "--rpc-addr",
                                  self.path("one.sock")], stdin=subprocess.DEVNULL, stdout=write, stderr=write,
                                 env=environment())
        os.close(write)
        self.agents.append(agent)
        wait_until("the agent runs", lambda: self.ctl("one", "info").returncode == 0)
        # Each of these logs a line or two; a pipe holds 64 KiB.
        for i in range(40):
            for _ in range(10):
                agent.send_signal(signal.SIGUSR1)
            self.assertEqual(self.ctl("one", "tags", "--set", f"i={i}").returncode, 0)
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(LIMIT_S)
            client.connect(self.path("one.sock"))
            for seq in range(1500):
                # force-leave of an unknown member: one log line each.
                client.sendall(request("force-leave", seq, {"Node": "nobody-" + "x" * 40}) if seq else
                               request("handshake", 0, {"Version": 1}))
                self.assertTrue(client.recv(4096))
        agent.terminate()
        self.assertEqual(agent.wait(LIMIT_S), 0)

    def test_a_terminal_sees_lines(self):
        leader, follower = pty.openpty()
        self.addCleanup(os.close, leader)
        agent = subprocess.Popen([GOSSIPD, "--bind=127.0.45.13", "--rpc-addr", self.path("x.sock")],
                                 stdin=subprocess.DEVNULL, stdout=follower, stderr=follower, env=environment())
        os.close(follower)
        self.agents.append(agent)
        seen = b""
        while b"starting\r\n" not in seen:
            seen += os.read(leader, 4096)
        self.assertTrue(seen.startswith(b"==> gossipd running!\r\n"))
        agent.terminate()
        self.assertEqual(agent.wait(LIMIT_S), 0)

    def test_keys_come_from_environment_file_and_keyring(self):
        key_file = self.write("key", KEY + "\n")
        ring = self.write("ring.json", json.dumps([KEY, OTHER_KEY]))
        wrong_ring = self.write("wrong.json", json.dumps([OTHER_KEY, KEY]))
        self.start("env", "--bind=127.0.45.14", env={"GOSSIP_ENCRYPT_KEY": KEY})
        self.start("file", "--bind=127.0.45.15", "--encrypt-file", key_file, "--join=127.0.45.14")
        self.start("ring", "--bind=127.0.45.16", "--keyring-file", ring, "--join=127.0.45.14")
        wait_until("all see each other", lambda: len(self.members("env")) == 3)
        self.assertIn(f"agent: Restored keyring with 2 keys from {ring}\n", self.log("ring"))
        # The first key of a ring seals, so the others hear nothing of this one.
        wrong = self.begin("wrong", "--bind=127.0.45.19", "--keyring-file", wrong_ring, "--join=127.0.45.14")
        self.assertEqual(wrong.wait(LIMIT_S), 1)
        plain = self.begin("plain", "--bind=127.0.45.17", "--join=127.0.45.14")
        self.assertEqual(plain.wait(LIMIT_S), 1)
        self.assertEqual(set(self.members("env")), {"env", "file", "ring"})
        for name in ("env", "file", "ring", "wrong"):
            for process in self.agents:
                if process.poll() is None:
                    line = pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes()
                    self.assertNotIn(KEY.encode(), line)
            self.assertNotIn(KEY, self.log(name))

    def test_the_files_of_a_folder_and_flags_over_them(self):
        folder = self.folder / "conf.d"
        folder.mkdir()
        (folder / "a.toml").write_text('bind = "127.0.45.18"\n[tags]\nrole = "web"\ndc = "east"\n')
        (folder / "b.json").write_text('{"tags": {"dc": "west"}, "log_level": "debug"}')
        self.start("one", "--config-dir", str(folder), "-tag", "role=db")
        self.assertEqual(self.members("one")["one"]["tags"], {"role": "db", "dc": "west"})
        self.assertEqual(self.members("one")["one"]["addr"], "127.0.45.18:7946")


def request(command, seq, body):
    """Two MessagePack maps, as much of the format as is needed here."""
    def pack(value):
        if isinstance(value, int):
            return bytes([value]) if value < 128 else b"\xcd" + value.to_bytes(2, "big")
        if isinstance(value, str):
            raw = value.encode()
            return (bytes([0xA0 + len(raw)]) if len(raw) < 32 else b"\xd9" + bytes([len(raw)])) + raw
        return bytes([0x80 + len(value)]) + b"".join(pack(k) + pack(v) for k, v in value.items())
    return pack({"Command": command, "Seq": seq}) + pack(body)


if __name__ == "__main__":
    unittest.main()
