"""What side_by_side makes of its samples: statistics, verdicts, tables, plots. Run by ctest; measures nothing."""

import math
import random
import unittest
import unittest.mock
import xml.etree.ElementTree

import experiments
from measure import process, report, runner, sampling, svg
from measure.experiment import SCALES, Experiment, Figure, Invalid, Setting, steady


def results_of(figure, theirs, ours):
    experiment = Experiment(code="E0", name="none", title="None", figures=[figure], plan={}, block=lambda _: {})
    samples = {"serf": {figure.key: theirs}, "gossipd": {figure.key: ours}}
    return runner.Results(experiment, {"agents": 3}, samples, [])


def row_of(figure, theirs, ours):
    return next(report.rows(results_of(figure, theirs, ours)))


class Sampling(unittest.TestCase):
    def test_a_quantile_lies_between_its_neighbours(self):
        self.assertEqual(sampling.quantile([3, 1, 2], 0.5), 2)
        self.assertAlmostEqual(sampling.quantile([0, 10], 0.99), 9.9)
        self.assertEqual(sampling.quantile([7], 0.99), 7)

    def test_an_interval_holds_the_middle_of_what_resampling_gives(self):
        chance = random.Random(7)
        blocks = [[chance.gauss(100, 5) for _ in range(40)] for _ in range(5)]
        low, high = sampling.interval(blocks, blocks, lambda one, _: sampling.STATISTICS["median"](sampling.pooled(one)))
        self.assertLess(low, 100)
        self.assertGreater(high, 100)
        self.assertLess(high - low, 10)

    def test_blocks_that_differ_widen_the_interval(self):
        def width(blocks):
            low, high = sampling.interval(blocks, blocks, lambda one, _: sampling.STATISTICS["mean"](sampling.pooled(one)))
            return high - low

        self.assertGreater(width([[1.0] * 20, [9.0] * 20, [5.0] * 20]), width([[1.0, 9.0, 5.0] * 7] * 3))


class Verdicts(unittest.TestCase):
    def test_the_ratio_says_how_many_times_less(self):
        row = row_of(Figure("x", "x", "ms", ratio=9), [[100, 100]], [[10, 10]])
        self.assertEqual((row.ratio, row.verdict), (10, "met"))

    def test_the_ratio_says_how_many_times_more_where_more_is_better(self):
        row = row_of(Figure("x", "x", "1/s", better="more", ratio=11), [[10]], [[100]])
        self.assertEqual((row.ratio, row.verdict), (10, "missed"))

    def test_the_worse_end_of_the_interval_counts(self):
        row = row_of(Figure("x", "x", "ms", ratio=10), [[100.0], [100.0]], [[5.0], [11.0]])
        self.assertGreater(row.ratio, 10)
        self.assertEqual(row.verdict, "missed")

    def test_a_limit_holds_for_us_alone(self):
        self.assertEqual(row_of(Figure("x", "x", "MB", at_most=5), [[100]], [[5]]).verdict, "met")
        self.assertEqual(row_of(Figure("x", "x", "MB", at_least=5), [[100]], [[4]]).verdict, "missed")
        self.assertEqual(row_of(Figure("x", "x", "MB"), [[100]], [[4]]).verdict, "")

    def test_nothing_at_all_is_infinitely_better_than_something(self):
        self.assertEqual(row_of(Figure("x", "x", "share", statistic="mean"), [[0, 1]], [[0, 0]]).ratio, math.inf)


class Reports(unittest.TestCase):
    def test_a_table_has_a_row_for_each_figure_that_was_measured(self):
        results = results_of(Figure("x", "some figure", "ms", at_most=3, ratio=4), [[40, 41]], [[2, 3]])
        self.assertIn("some figure, ms", report.table(results))
        self.assertIn("≤ 3, ≥ 4×", report.table(results))
        self.assertEqual(len(report.markdown(results).splitlines()), 3)

    def test_discarded_blocks_are_told_of(self):
        results = results_of(Figure("x", "x", "ms"), [[40]], [[2]])
        results.discarded.append("E0 none, block 1, serf: the kernel dropped 3 datagrams")
        self.assertIn("1 blocks were discarded and taken again: the kernel dropped 3", report.markdown(results))


class Runner(unittest.TestCase):
    def run_with(self, block, variants=("serf", "gossipd")):
        experiment = Experiment(code="E0", name="none", title="None", figures=[], block=block, variants=variants,
                                plan={"quick": {"rounds": 3}})
        said, runner.say = runner.say, lambda _: None
        try:
            return runner.run(experiment, "quick", quiet_machine=True)
        finally:
            runner.say = said

    def test_every_variant_has_as_many_blocks(self):
        results = self.run_with(lambda setting: {"x": [1]})
        self.assertEqual(results.samples, {"serf": {"x": [[1]] * 3}, "gossipd": {"x": [[1]] * 3}})

    def test_an_invalid_block_is_repeated_and_reported(self):
        tries = []

        def block(setting):
            tries.append(setting.variant)
            if len(tries) == 1:
                raise Invalid("somebody else used the machine")
            return {"x": [len(tries)]}

        results = self.run_with(block, ("gossipd",))
        self.assertEqual(results.samples["gossipd"]["x"], [[2], [3], [4]])
        self.assertEqual(len(results.discarded), 1)

    def test_no_two_blocks_share_addresses(self):
        nets = []
        self.run_with(lambda setting: nets.append(setting.net) or {})
        self.assertEqual(len(set(nets)), 6)


class Spans(unittest.TestCase):
    @staticmethod
    def span(busy_s, measuring_s):
        """In which the machine and this program had so much to do."""
        def since(seconds):
            return unittest.mock.Mock(side_effect=[0, int(seconds * 1e9)])
        with unittest.mock.patch.multiple(process, machine_busy_ns=since(busy_s), measuring_ns=since(measuring_s),
                                          udp_losses=lambda: 0):
            with steady(Setting("gossipd", {}, "127.64", "", True), []):
                pass

    def test_the_client_that_measures_is_nobody_else(self):
        self.span(10, 10)

    def test_somebody_else_makes_a_span_invalid(self):
        with self.assertRaises(Invalid):
            self.span(10, 1)


class Plots(unittest.TestCase):
    def check(self, text):
        xml.etree.ElementTree.fromstring(text)
        self.assertNotIn("nan", text)

    def test_plots_are_sound_xml(self):
        self.check(svg.distribution("a < b", "ms", {"serf": [100, 200, 300.5], "gossipd": [0.4, 1, 2]}))
        self.check(svg.lines("flat", "s", "%", {"serf": [(0, 0), (1, 0)], "gossipd": []}))
        self.check(svg.lines("nothing", "s", "%", {}))
        self.check(svg.ratios("r", [("x", 12.0, 10.0, 14.0, 9), ("y", math.inf, 2.0, math.inf, None)]))


class Plans(unittest.TestCase):
    def test_every_experiment_loads_and_has_every_scale(self):
        for name in experiments.NAMES:
            experiment = experiments.load(name)
            self.assertEqual(experiment.name, name)
            for scale in SCALES:
                self.assertGreater(experiment.plan[scale]["rounds"], 0, f"{name} {scale}")
            keys = [figure.key for figure in experiment.figures]
            self.assertEqual(len(keys), len(set(keys)), name)


if __name__ == "__main__":
    unittest.main()
