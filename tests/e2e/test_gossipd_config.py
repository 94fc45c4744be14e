"""The configuration as the installed program finds, checks, prints and reloads it.

Addresses: 127.0.54.10 to .29.
"""

import base64
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tomllib
import unittest

from gossipd_agent import AgentTest, GOSSIPCTL, GOSSIPD, LIMIT_S, environment, run, wait_until

KEY = base64.b64encode(b"k" * 32).decode()


class PrintTest(AgentTest):
    def test_every_setting_with_its_origin(self):
        file = self.write("a.toml", '[tags]\nrole = "web"\n')
        printed = run("--config-file", file, "--node=x", "--print-config",
                      env={"GOSSIP_ENCRYPT_KEY": KEY, "GOSSIP_RETRY_JOIN": "a,b"})
        self.assertEqual((printed.returncode, printed.stderr), (0, ""))
        self.assertNotIn(KEY, printed.stdout)
        settings = tomllib.loads(printed.stdout)
        self.assertEqual((settings["node_name"], settings["tags"], settings["retry_join"], settings["encrypt_key"]),
                         ("x", {"role": "web"}, ["a", "b"], "********"))
        self.assertEqual(settings["swim"]["probe_interval"], "1s")
        self.assertRegex(printed.stdout, rf"(?m)^tags = .* # {file}:1:2$")
        self.assertRegex(printed.stdout, r"(?m)^retry_join = .* # GOSSIP_RETRY_JOIN$")
        again = run("--config-file", file, "--node=x", "--print-config", "--format=json",
                    env={"GOSSIP_ENCRYPT_KEY": KEY, "GOSSIP_RETRY_JOIN": "a,b"})
        self.assertEqual(json.loads(again.stdout)["node_name"], {"value": "x", "origin": "--node"})

    def test_what_is_printed_is_a_configuration(self):
        printed = run("--profile=wan", "--tag", "a b=c", "--print-config").stdout
        file = self.write("again.toml", printed)
        self.assertEqual(run("--config-file", file, "--check-config").stderr, "")
        values = [line.split("  #")[0].rstrip() for line in printed.splitlines()]
        printed_again = run("--config-file", file, "--print-config").stdout
        self.assertEqual([line.split("  #")[0].rstrip() for line in printed_again.splitlines()], values)

    def test_a_full_disk_is_an_error(self):
        for what in ("--print-config", "--check-config"):
            with open("/dev/full", "w") as full:
                done = subprocess.run([GOSSIPD, "--config-file=none", what], stdin=subprocess.DEVNULL, stdout=full,
                                      stderr=subprocess.PIPE, text=True, timeout=LIMIT_S, env=environment())
            self.assertEqual((done.returncode, done.stderr),
                             (1, "gossipd: cannot write to standard output: No space left on device\n"), what)

    def test_what_was_probably_meant_otherwise_is_warned_of(self):
        done = run("--config-file=none", "--retry-join=::1:7946", "--event-handler=user:deploy", "--check-config")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('seed "::1:7946" is an IPv6 address without a port; write [::1]:7946', done.stderr)
        self.assertRegex(done.stderr, r'warning: --event-handler: "user:deploy" is run as a command for all events')

    def test_a_configuration_that_cannot_work(self):
        done = run("--config-file", self.write("a.toml", "bind = 1\n"), "--print-config")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("a.toml:1:1: bind: expected text", done.stderr)


class MistakesTest(AgentTest):
    def complaints(self, *arguments):
        done = run(*arguments)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        return done.stderr.splitlines()

    def test_addresses_of_rpc_are_read_before_the_start(self):
        file = self.write("a.toml", 'rpc_addr = ["/tmp/x.sock",\n "127.0.54.10:abc"]\n')
        for told in (self.complaints("--config-file", file, "--check-config"),
                     self.complaints("--config-file", file, "--bind=127.0.54.10")):
            self.assertEqual(len(told), 1, told)
            self.assertTrue(told[0].startswith(f'gossipd: {file}:2:2: rpc_addr: "127.0.54.10:abc" is no address'), told)

    def test_all_of_a_file_are_told_at_check_and_at_start(self):
        file = self.write("a.toml", 'bindd = "x"\nrpc_group = "no-such-group"\nrpc_uids = ["0",\n "no-such-user"]\n'
                                    'event_handlers = ["*=true",\n "a,b=c"]\nstatsd_addr = "x"\n')
        told = self.complaints("--config-file", file, "--check-config")
        self.assertEqual(told[0], f'gossipd: {file}:1:1: unknown key "bindd", did you mean "bind"?')
        self.assertEqual(told[1:3], [f'gossipd: {file}:2:1: rpc_group: there is no group "no-such-group"',
                                     f'gossipd: {file}:4:2: rpc_uids: there is no user "no-such-user"'])
        self.assertTrue(told[3].startswith(f"gossipd: {file}:6:2: event_handlers: Invalid event script: "), told)
        self.assertEqual(told[4:], [f'gossipd: {file}:7:1: statsd_addr: "x" is not of the form host:port'])
        self.assertEqual(self.complaints("--config-file", file, "--bind=127.0.54.10"), told)


    def test_no_stage_hides_another(self):
        file = self.write("a.toml", 'log_level = "loud"\n')
        for how in (["--check-config"], []):
            done = run("--config-file", file, "--bind=127.0.54.10", "--iface=nope0", "--tag=foo", "--nodee=x", *how,
                       env={"GOSSIP_LOGLEVEL": "info"})
            self.assertEqual((done.returncode, done.stdout, done.stderr.splitlines()), (1, "", [
                "gossipd: warning: GOSSIP_LOGLEVEL: no option has this name, did you mean GOSSIP_LOG_LEVEL?",
                f'gossipd: {file}:1:1: log_level: unknown log level "loud", there are trace, debug, info, warn and err',
                "gossipd: unknown flag --nodee, did you mean --node?",
                'gossipd: --tag: "foo" is not a tag in the form key=value',
                'gossipd: --iface: there is no network interface "nope0"']))


class RelativePathTest(AgentTest):
    def test_a_socket_in_the_folder_where_one_stands(self):
        with open(self.path("one.log"), "wb") as log:
            agent = subprocess.Popen([GOSSIPD, "--node=one", "--bind=127.0.54.11", "--rpc-addr=one.sock", "--rpc-addr=./two",
                                      "--metrics-addr=./m.sock"], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log,
                                     stderr=log, env=environment())
        self.agents.append(agent)
        wait_until("one runs", lambda: agent.poll() is not None or self.ctl("one", "info").returncode == 0)
        self.assertIn(f"'unix://{self.path('one.sock')}'", self.log("one"))
        done = subprocess.run([GOSSIPCTL, "reload", "--rpc-addr=./two"], cwd=self.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=LIMIT_S, env=environment())
        self.assertEqual((done.returncode, done.stdout), (0, "Nothing has changed.\n"), done.stderr)
        self.assertTrue((self.folder / "m.sock").is_socket())

    def test_what_is_no_address_is_told_how_a_path_is_written(self):
        done = run("--check-config", "--rpc-addr=unix://x.sock")
        self.assertEqual(done.stderr, 'gossipd: --rpc-addr: the socket path "x.sock" is not absolute; a path in this folder '
                                      "is written ./path\n")


class NamesTest(AgentTest):
    """Names among the addresses to listen on are looked up by a check as by a start."""

    def setUp(self):
        super().setUp()
        os.environ["RES_OPTIONS"] = "timeout:1 attempts:1"  # for a name server that is silent; programs inherit it
        try:
            socket.getaddrinfo("nonsense", None)
            self.skipTest("here every name has an address")
        except socket.gaierror as error:
            self.why = f'cannot resolve "nonsense": {error.strerror}'
            self.is_known = error.errno in (socket.EAI_NONAME, socket.EAI_NODATA)

    def test_a_name_that_nobody_has_is_refused_by_check_and_start(self):
        file = self.write("a.toml", 'advertise = "nonsense"\nrpc_addr = [\n "/x.sock",\n "nonsense:7373"]\n')
        arguments = ("--config-file", file, "--bind=nonsense", "--metrics-addr=nonsense:80")
        gossip = " (write 192.0.2.1, 192.0.2.1:7946, [2001:db8::1]:7946, or a name that has an address)"
        endpoint = " (write unix:///path, /path, ./path or host:port)"
        if not self.is_known:
            gossip = endpoint = ""
        told = [f"gossipd: {file}:1:1: advertise: {self.why}{gossip}",
                f"gossipd: {file}:4:2: rpc_addr: {self.why}{endpoint}",
                f"gossipd: --bind: {self.why}{gossip}",
                f"gossipd: --metrics-addr: {self.why}{endpoint}"]
        done = run(*arguments)
        # At a start nobody is asked again who did not answer.
        first = told if self.is_known else told[2:3]
        self.assertEqual((done.returncode, done.stdout, done.stderr.splitlines()), (1, "", first))
        done = run(*arguments, "--check-config")
        if self.is_known:
            self.assertEqual((done.returncode, done.stdout, done.stderr.splitlines()), (1, "", told))
        else:
            self.assertEqual((done.returncode, done.stderr.count("warning: ")), (0, 4), done.stderr)

    def test_a_name_with_an_address_is_fine(self):
        done = run("--check-config", "--bind=localhost", "--rpc-addr=localhost:0", "--metrics-addr=localhost:0")
        self.assertEqual((done.returncode, done.stderr), (0, ""))


class DescriptorTest(AgentTest):
    def test_the_key_comes_through_a_descriptor_and_survives_a_reload(self):
        reader, writer = os.pipe()
        os.write(writer, KEY.encode() + b"\n")
        os.close(writer)
        with open(self.path("one.log"), "wb") as log:
            agent = subprocess.Popen(
                [GOSSIPD, "--node=one", "--bind=127.0.54.10", "--rpc-addr", self.path("one.sock"), "--encrypt-file",
                 f"fd:{reader}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment(),
                pass_fds=[reader])
        os.close(reader)
        self.agents.append(agent)
        self.logged("one", "starting")
        self.assertIn("Encrypted: true", self.log("one"))
        self.assertNotIn(KEY, pathlib.Path(f"/proc/{agent.pid}/cmdline").read_text())
        agent.send_signal(signal.SIGHUP)
        self.logged("one", "==> Reloading configuration...")
        self.assertEqual(self.ctl("one", "info").returncode, 0)
        self.assertNotIn("[ERR]", self.log("one"))
        self.assertNotIn("[WARN]", self.log("one"))


class LabelTest(AgentTest):
    def test_a_label_keeps_clusters_apart_and_says_so(self):
        self.start("one", "--bind=127.0.54.20", "--label=blue")
        self.start("two", "--bind=127.0.54.21", "--label=red\x07", "--retry-join=127.0.54.20")
        self.logged("one", 'carries the cluster label "red\\x07", this node\'s is "blue": give both the same label')
        self.start("none", "--bind=127.0.54.22", "--retry-join=127.0.54.21")
        self.logged("two", 'carries no cluster label, this node\'s is "red\\x07": ')
        self.start("three", "--bind=127.0.54.23", "--label=red\x07", "--retry-join=127.0.54.22")
        self.logged("none", 'carries the cluster label "red\\x07", this node has none: ')
        self.logged("two", "cluster label and encryption the same?")
        for name in ("one", "two", "none"):
            self.assertEqual(set(self.members(name)), {name})
        dropped = json.loads(self.ctl("one", "info", "--format=json").stdout)["dropped"]
        self.assertGreaterEqual(int(dropped["wrong_label"]), 1)


class DefaultFileTest(AgentTest):
    def setUp(self):
        super().setUp()
        if shutil.which("unshare") is None or subprocess.run(
                ["unshare", "--map-root-user", "--mount", "true"], capture_output=True).returncode != 0:
            self.skipTest("no mount namespaces here")

    def with_etc(self, *arguments):
        """As on a host whose /etc is a folder of ours."""
        etc = self.folder / "etc"
        (etc / "gossipd" / "conf.d").mkdir(parents=True)
        (etc / "gossipd" / "gossipd.toml").write_text('node_name = "a"\nprofile = "wan"\n')
        (etc / "gossipd" / "conf.d" / "more.toml").write_text('node_name = "b"\n')
        done = subprocess.run(["unshare", "--map-root-user", "--mount", "sh", "-c", f'mount --bind {etc} /etc && exec "$@"',
                               "sh", GOSSIPD, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=LIMIT_S, env=environment(GOSSIP_CONFIG_FILE=""))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def test_it_is_read_where_no_file_is_named(self):
        settings = self.with_etc("--print-config", "--format=json")
        self.assertEqual(settings["node_name"], {"value": "b", "origin": "/etc/gossipd/conf.d/more.toml:1:1"})
        self.assertEqual(settings["profile"], {"value": "wan", "origin": "/etc/gossipd/gossipd.toml:2:1"})

    def test_it_is_not_read_where_none_is_wanted(self):
        self.assertEqual(self.with_etc("--print-config", "--format=json", "--config-file=none")["profile"]["origin"],
                         "default")


if __name__ == "__main__":
    unittest.main()
