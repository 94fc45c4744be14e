"""gossip-experiment gives the figures that are known from elsewhere, and says what it cannot do."""

import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import unittest
import unittest.mock

import convergence
import lifeguard
import plot
import run

PROGRAM = os.environ["GOSSIP_EXPERIMENT"]
SIMULATOR = os.environ["GOSSIP_SIM"]


def experiment(name, **settings):
    words = [f"{key}={value}" for key, value in settings.items()]
    return json.loads(subprocess.check_output([PROGRAM, name, *words]))


def refusal(*words):
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


class Models(unittest.TestCase):
    def test_fifty_members_by_serfs_rules_hear_of_an_event_when_serfs_do(self):
        # Fifty real agents of Serf 0.9.4, 600 events at 5 a second: half of the pairs within 252.5 ms, 99 % within 525 ms.
        figures = experiment("spread", nodes=50, serf_like=50, events=600, gap=200)
        half, most, _ = figures["pair_quantiles"]
        self.assertAlmostEqual(half, convergence.MEASURED[0], delta=0.15 * convergence.MEASURED[0])
        self.assertAlmostEqual(most, convergence.MEASURED[1], delta=0.15 * convergence.MEASURED[1])

    def test_in_a_mixed_cluster_an_event_is_sooner_at_half_of_the_members(self):
        mixed = experiment("spread", nodes=50, serf_like=25, events=60)
        serfs = experiment("spread", nodes=50, serf_like=50, events=60)
        self.assertLess(statistics.median(mixed["half"]), statistics.median(serfs["half"]) / 2)

    def test_the_eager_push_needs_milliseconds(self):
        figures = experiment("spread", nodes=50, events=60)
        self.assertLess(statistics.median(figures["all"]), 5)

    def test_each_part_of_lifeguard_helps(self):
        cell = {"nodes": 48, "anomalous": 8, "blocked": 32768, "pause": 64}
        positives = {name: experiment("anomalies", **settings, **cell)["false_positives"][0]
                     for name, settings in lifeguard.VARIANTS.items()}
        self.assertGreater(positives["SWIM"], 2 * positives["LHA-Probe"])
        self.assertGreater(positives["SWIM"], 2 * positives["LHA-Suspicion"])
        self.assertGreater(positives["LHA-Probe"], positives["Lifeguard"])
        self.assertGreater(positives["LHA-Suspicion"], positives["Lifeguard"])

    def test_members_that_were_cut_off_together_accuse_nobody_before_it_could_refute(self):
        # Each hears the others' suspicions the moment that all are back; that made three times as many false positives.
        cell = {"nodes": 48, "anomalous": 8, "blocked": 32768, "pause": 64}
        serfs, ours = (experiment("anomalies", **lifeguard.VARIANTS[name], **cell) for name in lifeguard.COMPARED)
        self.assertLess(ours["at_healthy"][0], serfs["at_healthy"][0])
        self.assertLess(ours["false_positives"][0], serfs["false_positives"][0])

    def test_crashed_members_are_called_failed_by_all_and_nobody_else_is(self):
        figures = experiment("disturbances", nodes=30, kind="crash", faulty=3, length=60000)
        self.assertEqual(len(figures["all"]), 3)
        self.assertEqual(figures["wrong"], [0])
        self.assertEqual(figures["changes"], [3 * 27])

    def test_a_dead_process_is_proven_dead_before_a_silent_host_is_given_up(self):
        process = experiment("ends", nodes=20, kind="process")
        silent = experiment("ends", nodes=20, kind="silent")
        self.assertLess(process["all"][0], silent["first"][0])
        self.assertEqual(process["failures"], [19])
        self.assertEqual(experiment("ends", nodes=20, kind="pause", absent=2000)["failures"], [0])
        self.assertEqual(experiment("ends", nodes=20, kind="restart", absent=500)["failures"], [0])

    def test_all_know_all_soon_after_they_start_at_once(self):
        self.assertLess(experiment("joins", nodes=30)["all"][0], 1000)

    def test_a_world_of_full_tables_runs(self):
        figures = experiment("scale", nodes=40)
        self.assertEqual(len(figures["event_at_all_ms"]), 1)
        self.assertEqual(len(figures["crash_at_all_ms"]), 1)
        self.assertEqual(len(figures["leave_at_all_ms"]), 1)


class WrongArguments(unittest.TestCase):
    def test_what_is_wrong_is_said(self):
        for words, message in (((), "usage:"), (("spred",), "there is no experiment spred, did you mean spread?"),
                               (("spread", "nodes=3", "nodes=4"), "nodes is given twice"),
                               (("spread", "nodes"), '"nodes" is no setting: name=value'),
                               (("spread", "noeds=3"), "there is no setting noeds, did you mean nodes?"),
                               (("spread", "nodes=1"), 'nodes is a number from 2 to 20000, not "1"'),
                               (("spread", "push=never"), 'push is one of eager, tick, not "never"'),
                               (("ends", "nodes=3", "count=2"), "count is at most nodes - 2")):
            with self.subTest(words=words):
                code, text = refusal(*words)
                self.assertEqual(code, 2)
                self.assertIn(message, text)


class Help(unittest.TestCase):
    def test_it_lists_the_experiments_with_their_settings(self):
        done = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, check=True)
        for name in ("anomalies", "disturbances", "ends", "joins", "scale", "spread"):
            self.assertIn(f"\n{name}: ", done.stdout)
        for setting in ("gap=3000 ms (1 to 3600000)", "push=eager|tick", "delay=0.25 ms (0 to 10000)"):
            self.assertIn(setting, done.stdout)
        one = subprocess.run([PROGRAM, "joins", "-h"], capture_output=True, text=True, check=True).stdout
        self.assertIn("\njoins: ", one)
        self.assertNotIn("\nends: ", one)


class Output(unittest.TestCase):
    def unwritten(self, *words):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        return done.stderr

    def test_a_result_that_cannot_be_written_is_a_failure(self):
        self.assertIn("cannot write the result: No space left on device", self.unwritten(PROGRAM, "ends", "nodes=3"))
        self.assertIn("cannot write the result", self.unwritten(SIMULATOR, "--nodes", "3", "--for", "1s"))

    def test_a_long_run_shows_how_far_it_is(self):
        words = [PROGRAM, "disturbances", "nodes=300", "kind=crash", "faulty=3", "length=3600000"]
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as running:
            line = running.stderr.readline()
            running.kill()
        self.assertRegex(line, r"^\S+, \d+ turns$")


class Runs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.program = pathlib.Path(folder.name, "program")
        self.program.write_text("one")
        self.performed = []
        for name, value in (("PROGRAM", self.program), ("KEPT", pathlib.Path(folder.name, "kept")), ("perform", self.perform)):
            patch = unittest.mock.patch.object(run, name, value)
            patch.start()
            self.addCleanup(patch.stop)

    def perform(self, wanted):
        self.performed.append(wanted["settings"]["seed"])
        return {**wanted, "figures": {"all": [wanted["settings"]["seed"]]}}

    def figures(self, *seeds):
        results = run.perform_all([{"experiment": "ends", "settings": {"seed": seed}} for seed in seeds], 1)
        return [result["figures"]["all"][0] for result in results]

    def test_what_has_run_is_kept_until_the_program_changes(self):
        self.assertEqual(self.figures(1, 2), [1, 2])
        self.assertEqual(self.figures(3, 2, 1), [3, 2, 1])
        self.assertEqual(self.performed, [1, 2, 3])
        self.program.write_text("another")
        self.assertEqual(self.figures(2), [2])
        self.assertEqual(self.performed, [1, 2, 3, 2])


class Pages(unittest.TestCase):
    def test_each_page_is_there(self):
        for name in run.PAGES:
            self.assertTrue((run.HERE / f"{name}.py").is_file(), name)

    def test_plots_leave_out_what_a_logarithm_cannot_show(self):
        svg = plot.lines("t", "x", "y", {"a": [(1, 0), (10, 100)], "b": []}, x_log=True, y_log=True)
        self.assertEqual(svg.count("<circle"), 1)


if __name__ == "__main__":
    unittest.main()
