"""The agent's figures: over RPC as `gossipctl stats` shows them, over HTTP as scrapers and probes ask, and judged by
promtool and by a real Prometheus.
"""

import http.client
import json
import pathlib
import re
import select
import socket
import subprocess
import unittest
import urllib.parse

import scraper
from gossipd_agent import LIMIT_S, ROOT, AgentTest, wait_until


class StatsTest(AgentTest):
    def pair(self, network, *flags):
        self.start("a", f"--bind={network}.1", "--profile=local", "--event-handler=user:deploy=exit 1", *flags)
        self.start("b", f"--bind={network}.2", "--profile=local", f"--join={network}.1")
        wait_until("both see each other", lambda: self.status("a", "b") == self.status("b", "a") == "alive")

    def stats(self, name):
        return scraper.samples(self.ctl(name, "stats", "--format=prometheus").stdout)

    def test_figures_tell_what_has_happened(self):
        self.pair("127.0.86")
        self.ctl("b", "event", "deploy", "v1")
        wait_until("probes were answered, and the handler has failed", lambda: (
            (now := self.stats("a"))["gossipd_probe_rtt_seconds_count"] > 0
            and now["gossipd_handler_runs_failed_total"] == 1))
        now = self.stats("a")
        self.assertEqual(now['gossipd_members{status="alive"}'], 2)
        self.assertEqual(now['gossipd_member_events_total{event="join"}'], 2)
        self.assertEqual(now["gossipd_user_events_total"], 1)
        self.assertEqual(now["gossipd_handler_runs_total"], 1)
        self.assertEqual(now["gossipd_ready"], 1)
        self.assertGreater(now['gossipd_packet_bytes_total{direction="sent"}'], 0)
        self.assertGreater(now['gossipd_cluster_messages_total{direction="received"}'], 0)
        self.assertGreaterEqual(now["gossipd_probes_total"], now["gossipd_probe_rtt_seconds_count"])
        self.assertGreater(now["gossipd_handler_run_seconds_total"], 0)
        self.assertGreater(now["process_resident_memory_bytes"], 1e6)
        self.assertNotIn("gossipd_http_", "".join(now))  # nobody has asked for it

    def test_every_format_has_every_sample(self):
        config = self.write("sinks.toml", 'statsd_addr = "127.0.87.9:8125"\nstatsite_addr = "127.0.87.9:8125"\n')
        self.pair("127.0.87", "--metrics-addr=127.0.87.1:9107", f"--config-file={config}")
        text = self.ctl("a", "stats", "--format=prometheus").stdout
        self.assertEqual(scraper.complaints(text), "")
        told = json.loads(self.ctl("a", "stats", "--format=json").stdout)["metrics"]
        names = {sample["name"] for family in told for sample in family["samples"]}
        self.assertEqual(names, {series.split("{")[0] for series in scraper.samples(text)})
        for family in told:
            self.assertIn(f"# HELP {family['name']} {family['help']}\n", text)
        page = (ROOT / "docs" / "metrics.md").read_text()
        documented = re.findall(r"(?m)^\| `(\w+)` \| (\w+) \| (.*?) \|", page)
        self.assertEqual(documented, [(family["name"], family["type"], family["help"]) for family in told])
        table = self.ctl("a", "stats").stdout
        self.assertRegex(table, r'(?m)^gossipd_members\{status="alive"\} +2$')
        self.assertRegex(table, r"(?m)^gossipd_probe_rtt_seconds count +\d+$")
        self.assertNotIn("_bucket", table)


class SinkTest(AgentTest):
    def test_sinks_that_come_and_go(self):
        address = ("127.0.87.20", 8125)
        config = self.write("sinks.toml", 'statsd_addr = "127.0.87.20:8125"\nstatsite_addr = "127.0.87.20:8125"\n')
        self.start("a", "--bind=127.0.87.10", "--profile=local", f"--config-file={config}", "--log-level=info")
        # So that there is something to tell every second.
        self.start("b", "--bind=127.0.87.11", "--profile=local", "--join=127.0.87.10")
        for kind in ("statsd", "statsite"):
            self.logged("a", f"agent: metrics do not reach {kind} at 127.0.87.20:8125: connection refused")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as statsd, socket.create_server(address) as statsite:
            statsd.bind(address)
            statsd.settimeout(LIMIT_S)
            statsite.settimeout(LIMIT_S)
            self.assertRegex(statsd.recv(2000).decode(), r"^serf-agent\.[\w.-]+:\d+\.\d{6}\|(c|ms|g)\n")
            stream = statsite.accept()[0]
            stream.settimeout(LIMIT_S)
            self.assertTrue(stream.recv(2000).startswith(b"serf-agent."))
            for kind in ("statsd", "statsite"):
                self.logged("a", f"agent: metrics go to {kind} at 127.0.87.20:8125 again")
            stream.close()
        wait_until("it is missed", lambda: self.log("a").count("do not reach statsite") == 2)
        text = self.ctl("a", "stats", "--format=prometheus").stdout
        for kind in ("statsd", "statsite"):
            for result in ("sent", "lost"):
                series = f'gossipd_sink_lines_total{{sink="{kind}",result="{result}"}}'
                self.assertGreater(scraper.samples(text)[series], 0)

    def test_address_that_cannot_be(self):
        config = self.write("sinks.toml", 'statsd_addr = "127.0.87.21"\n')
        agent = self.begin("a", "--bind=127.0.87.12", f"--config-file={config}")
        self.assertEqual(agent.wait(LIMIT_S), 1)
        self.assertIn('statsd_addr: "127.0.87.21" is not of the form host:port', self.log("a"))


OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
PLAIN = "text/plain; version=0.0.4; charset=utf-8"


class HttpTest(AgentTest):
    def serve(self, name, network, number, *flags):
        return self.start(name, f"--bind={network}.{number}", f"--metrics-addr={network}.{number}:9107",
                          "--profile=local", *flags)

    def get(self, host, path, accept="", method="GET"):
        connection = http.client.HTTPConnection(host, 9107, timeout=LIMIT_S)
        connection.request(method, path, headers={"Accept": accept} if accept else {})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, answer.getheader("Content-Type"), body

    def test_pages(self):
        self.serve("a", "127.0.88", 1, "--ready-when=members>=2")
        self.logged("a", "agent: Metrics at 127.0.88.1:9107")
        status, kind, text = self.get("127.0.88.1", "/metrics")
        self.assertEqual((status, kind), (200, PLAIN))
        self.assertEqual(scraper.complaints(text), "")
        self.assertEqual(scraper.samples(text)["gossipd_ready"], 0)
        status, kind, text = self.get("127.0.88.1", "/metrics", "application/openmetrics-text;version=1.0.0")
        self.assertEqual((status, kind), (200, OPEN_METRICS))
        self.assertTrue(text.endswith("\n# EOF\n"))
        self.assertEqual(self.get("127.0.88.1", "/metrics", method="HEAD")[::2], (200, ""))
        self.assertEqual(self.get("127.0.88.1", "/healthz")[0], 200)
        self.assertEqual(self.get("127.0.88.1", "/")[0], 404)
        self.assertEqual(self.get("127.0.88.1", "/metrics", method="DELETE")[0], 405)
        self.assertEqual(self.get("127.0.88.1", "/readyz")[::2], (503, "not ready\n"))
        self.start("b", "--bind=127.0.88.2", "--profile=local", "--join=127.0.88.1")
        wait_until("a is ready", lambda: self.get("127.0.88.1", "/readyz")[::2] == (200, "ok\n"))

    def test_one_connection_serves_many_requests(self):
        self.serve("a", "127.0.88", 3)
        connection = http.client.HTTPConnection("127.0.88.3", 9107, timeout=LIMIT_S)
        for _ in range(3):
            connection.request("GET", "/metrics")
            text = connection.getresponse().read().decode()
        self.assertEqual(scraper.samples(text)['gossipd_http_responses_total{code="200"}'], 2)
        connection.close()

    def test_unix_socket(self):
        path = self.path("metrics.sock")
        agent = self.start("a", "--bind=127.0.88.4", f"--metrics-addr={path}")
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(path)
            client.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            self.assertTrue(client.makefile("rb").read().endswith(b"\r\n\r\nok\n"))
        agent.terminate()
        self.assertEqual(agent.wait(LIMIT_S), 0)
        self.assertFalse(pathlib.Path(path).exists())

    def test_address_that_cannot_be(self):
        self.serve("a", "127.0.88", 5)
        other = self.begin("b", "--bind=127.0.88.6", "--metrics-addr=127.0.88.5:9107")
        self.assertEqual(other.wait(LIMIT_S), 1)
        self.assertIn("the metrics address 127.0.88.5:9107 is in use", self.log("b"))
        other = self.begin("c", "--bind=127.0.88.6", "--metrics-addr=127.0.88.6")
        self.assertEqual(other.wait(LIMIT_S), 1)
        self.assertIn('--metrics-addr: "127.0.88.6" is no address of a socket', self.log("c"))

    def test_a_real_prometheus_reads_it(self):
        program = scraper.program("prometheus")
        self.serve("a", "127.0.88", 7)
        config = self.write("prometheus.yml", "global: {scrape_interval: 1s}\nscrape_configs: [{job_name: gossipd, "
                            "static_configs: [{targets: ['127.0.88.7:9107']}]}]\n")
        with open(self.path("prometheus.log"), "wb") as log:
            prometheus = subprocess.Popen(
                [program, f"--config.file={config}", f"--storage.tsdb.path={self.path('tsdb')}",
                 "--web.listen-address=127.0.88.8:9090"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.agents.append(prometheus)

        def asked(path):
            connection = http.client.HTTPConnection("127.0.88.8", 9090, timeout=LIMIT_S)
            try:
                connection.request("GET", "/api/v1/" + path)
                answer = connection.getresponse()
                return json.loads(answer.read())["data"] if answer.status == 200 else None
            except ConnectionError:
                return None
            finally:
                connection.close()

        query = "query?query=" + urllib.parse.quote('gossipd_members{status="alive"}')
        found = wait_until("Prometheus has scraped", lambda: (asked(query) or {}).get("result"))
        self.assertEqual(found[0]["value"][1], "1")
        target = asked("targets")["activeTargets"][0]
        self.assertEqual((target["health"], target["lastError"]), ("up", ""))
        self.check_dashboard(asked)
        kinds = asked("metadata?metric=gossipd_probe_rtt_seconds")
        self.assertEqual(kinds["gossipd_probe_rtt_seconds"][0]["type"], "histogram")
        self.assertEqual(kinds["gossipd_probe_rtt_seconds"][0]["unit"], "seconds")  # so it was OpenMetrics

    def check_dashboard(self, asked):
        """Prometheus understands each query of the dashboard, and knows every metric in it."""
        dashboard = json.loads((ROOT / "packaging" / "grafana" / "gossipd.json").read_text())
        known = set(asked("label/__name__/values"))
        queries = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
        self.assertGreater(len(queries), 40)
        for query in queries:
            self.assertLessEqual(set(re.findall(r"\b(?:gossipd|process)_\w+", query)), known, query)
            query = query.replace("$__rate_interval", "1m").replace("$job", ".+").replace("$instance", ".+")
            self.assertIsNotNone(asked("query?query=" + urllib.parse.quote(query)), query)
        for variable in dashboard["templating"]["list"][1:]:
            self.assertIn("gossipd_build_info", variable["query"]["query"])

    def test_slow_clients_hold_up_nobody(self):
        self.serve("a", "127.0.88", 9)
        address = ("127.0.88.9", 9107)
        # One that asks on and on and never reads, and as many as there may be that never finish their request.
        deaf = socket.create_connection(address)
        self.addCleanup(deaf.close)
        deaf.setblocking(False)
        request = b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"
        try:
            while select.select([], [deaf], [], 1)[1]:  # until its requests are not read any more
                deaf.send(10_000 * request)
        except ConnectionError:
            pass  # this process stood still for longer than the agent waits
        slow = [socket.create_connection(address) for _ in range(31)]
        for client in slow:
            self.addCleanup(client.close)
            client.sendall(request[:-2])
        late = socket.create_connection(address)
        self.addCleanup(late.close)
        late.settimeout(LIMIT_S)
        self.assertEqual(self.closed(late), b"")
        # On a machine that stood still for ten seconds the first may be gone before the last comes.
        wait_until("all are closed", lambda: self.figure("a", "slow") + self.figure("a", "full") == 33)
        self.assertGreaterEqual(self.figure("a", "slow"), 32)
        for client in slow:
            self.assertEqual(self.closed(client), b"")
        self.assertEqual(self.get("127.0.88.9", "/healthz")[0], 200)

    def closed(self, client):
        """What came until the end, however abrupt."""
        try:
            return client.recv(1)
        except ConnectionResetError:
            return b""

    def figure(self, name, reason):
        text = self.ctl(name, "stats", "--format=prometheus").stdout
        return scraper.samples(text)[f'gossipd_http_connections_closed_total{{reason="{reason}"}}']


if __name__ == "__main__":
    unittest.main()
