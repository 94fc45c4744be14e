"""Medians, quantiles, and how far a ratio can be trusted."""

import random
import statistics

RESAMPLES = 2000


def quantile(values, share):
    """Linear between the two neighbours."""
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


STATISTICS = {
    "median": statistics.median,
    "mean": statistics.fmean,
    "p99": lambda values: quantile(values, 0.99),
    "max": max,
    "sum": sum,
}


def pooled(blocks):
    return [value for block in blocks for value in block]


def interval(blocks, others, combine, chance=None):
    """The middle 95 % of `combine(blocks, others)` over bootstrap resamples of whole blocks: samples of one block
    share its luck, so blocks are what is drawn again, and the samples within each."""
    chance = chance or random.Random(1)

    def redraw(whole):
        drawn = chance.choices(whole, k=len(whole))
        return [chance.choices(block, k=len(block)) for block in drawn]

    results = sorted(combine(redraw(blocks), redraw(others)) for _ in range(RESAMPLES))
    return results[round(0.025 * (RESAMPLES - 1))], results[round(0.975 * (RESAMPLES - 1))]
