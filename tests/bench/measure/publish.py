"""docs/performance.md: its figures between two marks, its plots beside it."""

import re

from . import ROOT, machine, report, svg

PAGE = ROOT / "docs" / "performance.md"
PLOTS = ROOT / "docs" / "performance"
_BLOCK = re.compile(r"(<!-- figures: begin -->\n).*(<!-- figures: end -->\n)", re.DOTALL)


def plots_of(all_results):
    found = {}
    for results in all_results:
        if results.experiment.plots and not results.skipped:
            found |= results.experiment.plots(results)
    bars = [(row.figure.title, row.ratio, *row.ratio_span, row.figure.ratio)
            for results in all_results for row in report.rows(results)
            if row.ratio is not None and row.figure.ratio is not None and row.figure.ratio > 1]
    if bars:
        found["ratios.svg"] = svg.ratios("How many times better than Serf 0.9.4 (mark: what was promised)", bars)
    return found


def page_part(all_results, facts, plots):
    parts = [f"{machine.sentence(facts)}.\n"]
    if "ratios.svg" in plots:
        parts.append("![ratios](performance/ratios.svg)\n")
    for results in all_results:
        parts.append(f"### {results.experiment.title}\n\n{report.markdown(results)}")
        if results.experiment.plots and not results.skipped:
            parts += [f"![{name}](performance/{name})\n" for name in results.experiment.plots(results)]
    return "\n".join(parts)


def write(all_results, facts):
    plots = plots_of(all_results)
    PLOTS.mkdir(exist_ok=True)
    for name, text in plots.items():
        (PLOTS / name).write_text(text)
    old = PAGE.read_text()
    if not _BLOCK.search(old):
        raise SystemExit(f"{PAGE} has lost its marks for the figures")
    part = page_part(all_results, facts, plots)
    PAGE.write_text(_BLOCK.sub(lambda match: match.group(1) + "\n" + part + "\n" + match.group(2), old))
