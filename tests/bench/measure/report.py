"""Results as a table for people, as Markdown for docs/performance.md, as JSON for later."""

import dataclasses

from .sampling import STATISTICS, interval, pooled

REFERENCE, OURS = "serf", "gossipd"


@dataclasses.dataclass
class Row:
    """One figure of one experiment. Ratios say how many times better ours is."""

    figure: object
    values: dict                # variant → figure over all samples
    spans: dict                 # variant → its 95 % interval
    ratio: float | None = None
    ratio_span: tuple | None = None

    @property
    def verdict(self):
        """"met", "missed" or "" where nothing was promised; the worse end of the interval counts."""
        figure = self.figure
        checks = []
        if figure.ratio is not None and self.ratio_span is not None:
            checks.append(self.ratio_span[0] >= figure.ratio)
        if OURS in self.values:
            low, high = self.spans[OURS]
            if figure.at_most is not None:
                checks.append(high <= figure.at_most)
            if figure.at_least is not None:
                checks.append(low >= figure.at_least)
        if not checks:
            return ""
        return "met" if all(checks) else "missed"


def rows(results):
    for figure in results.experiment.figures:
        if figure.key not in {key for samples in results.samples.values() for key in samples}:
            continue
        yield _row(results, figure)


def _row(results, figure):
    statistic = STATISTICS[figure.statistic]
    row = Row(figure, {}, {})
    for variant in results.experiment.variants:
        blocks = [block for block in results.blocks(variant, figure.key) if block]
        if blocks:
            row.values[variant] = statistic(pooled(blocks))
            row.spans[variant] = interval(blocks, blocks, lambda ours, _: statistic(pooled(ours)))
    if REFERENCE in row.values and OURS in row.values:
        def ratio(theirs, ours):
            theirs, ours = statistic(pooled(theirs)), statistic(pooled(ours))
            up, down = (theirs, ours) if figure.better == "less" else (ours, theirs)
            if down == 0:
                return 1.0 if up == 0 else float("inf")
            return up / down

        theirs, ours = ([block for block in results.blocks(variant, figure.key) if block]
                        for variant in (REFERENCE, OURS))
        row.ratio = ratio(theirs, ours)
        row.ratio_span = interval(theirs, ours, ratio)
    return row


def _number(value, digits):
    return f"{value:,.{digits}f}"


def _times(value):
    if value == float("inf"):
        return "∞"
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def _target(figure):
    parts = []
    if figure.at_most is not None:
        parts.append(f"≤ {figure.at_most:g}")
    if figure.at_least is not None:
        parts.append(f"≥ {figure.at_least:g}")
    if figure.ratio is not None:
        parts.append(f"≥ {figure.ratio:.2g}×")
    return ", ".join(parts)


def _cells(results):
    variants = results.experiment.variants
    versus = set(variants) == {REFERENCE, OURS}
    head = ["figure", *variants] + (["ratio", "95 %", "target", ""] if versus else [])
    lines = [head]
    for row in rows(results):
        unit = f", {row.figure.unit}" if row.figure.unit else ""
        line = [row.figure.title + unit]
        line += [_number(row.values[variant], row.figure.digits) if variant in row.values else "–"
                 for variant in variants]
        if versus:
            line += ["–", "–"] if row.ratio is None else [
                _times(row.ratio), "–".join(map(_times, row.ratio_span))]
            line += [_target(row.figure), row.verdict]
        lines.append(line)
    return lines


def table(results):
    """Columns aligned with blanks."""
    if results.skipped:
        return f"skipped: {results.skipped}"
    cells = _cells(results)
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    text = []
    for line in cells:
        text.append(line[0].ljust(widths[0]) + "".join("  " + cell.rjust(width)
                                                       for cell, width in zip(line[1:], widths[1:])))
    return "\n".join(part.rstrip() for part in text)


def notes(results):
    return results.experiment.notes(results) if results.experiment.notes and not results.skipped else []


def markdown(results):
    if results.skipped:
        return f"Skipped: {results.skipped}.\n"
    cells = _cells(results)
    lines = ["| " + " | ".join(cells[0]) + " |", "|---|" + "--:|" * (len(cells[0]) - 1)]
    lines += ["| " + " | ".join(line) + " |" for line in cells[1:]]
    if results.discarded:
        lines += ["", f"{len(results.discarded)} blocks were discarded and taken again: " +
                  "; ".join(sorted({reason.split(": ", 1)[1] for reason in results.discarded})) + "."]
    for note in notes(results):
        lines += ["", note]
    return "\n".join(lines) + "\n"


def as_json(results):
    return {"code": results.experiment.code, "title": results.experiment.title, "plan": results.plan,
            "samples": results.samples, "discarded": results.discarded, "skipped": results.skipped,
            "figures": [{"key": row.figure.key, "title": row.figure.title, "unit": row.figure.unit,
                         "statistic": row.figure.statistic, "values": row.values, "spans": row.spans,
                         "ratio": row.ratio, "ratio_span": row.ratio_span, "verdict": row.verdict}
                        for row in rows(results)]}
