#!/usr/bin/env python3
"""Runs experiments in the simulator and writes their pages: run.py [--quick] NAME… (or: all).

Each page is a module of this folder: the runs that it needs, and a text with tables and plots made of their
figures. A page goes to docs/experiments; with --quick, which takes fewer and smaller runs, to build/experiments. What has been run is
kept in build/experiments/kept.jsonl until the program changes: whoever begins anew goes on.
"""

import argparse
import concurrent.futures
import hashlib
import importlib
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
KEPT = ROOT / "build/experiments/kept.jsonl"
PROGRAM = ROOT / "build/tests/sim/experiments/gossip-experiment"
# Thousands of engines are gigabytes, which take half the time in large pages.
LARGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
PAGES = ("lifeguard", "convergence", "detection", "evidence", "joins", "rapid")


def perform(run):
    """The figures of one run, a dict with "experiment" and "settings"."""
    words = [f"{name}={value}" for name, value in run["settings"].items()]
    done = subprocess.run([PROGRAM, run["experiment"], *words], capture_output=True, text=True, check=False,
                          env={**os.environ, **LARGE_PAGES})
    if done.returncode != 0:
        raise RuntimeError(f"{run['experiment']} {' '.join(words)}: {done.stderr.strip()}")
    return {**run, "figures": json.loads(done.stdout)}


def kept_results(program):
    """Each run of this very program that has been kept, by its name."""
    lines = KEPT.read_text().splitlines() if KEPT.is_file() else []
    return {kept["name"]: kept["result"] for kept in map(json.loads, lines) if kept["program"] == program}


def perform_all(runs, jobs):
    program = hashlib.sha256(PROGRAM.read_bytes()).hexdigest()
    kept = kept_results(program)
    named = {json.dumps(run, sort_keys=True): run for run in runs}
    missing = [name for name in named if name not in kept]
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool, KEPT.open("a") as file:
        results = pool.map(perform, [named[name] for name in missing])
        for done, (name, result) in enumerate(zip(missing, results), 1):
            kept[name] = result
            print(json.dumps({"program": program, "name": name, "result": result}), file=file, flush=True)
            if done % 20 == 0:
                print(f"{done} of {len(missing)} runs", file=sys.stderr)
    return [kept[json.dumps(run, sort_keys=True)] for run in runs]


def provenance(results):
    """What a page says of where its figures come from."""
    def git(*words):
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()

    changed = ", with changes" if git("status", "--porcelain", "--", "core", "tests/sim/*.cpp", "tests/sim/*.h") else ""
    seeds = sorted({each["settings"].get("seed", 1) for each in results})
    seeds = f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {seeds[0]} to {seeds[-1]}"
    # A commit's number changes when it is rebased, its first line does not.
    first_line = "--format=%cs \"%s\""
    commit, engine = git("log", "-1", first_line), git("log", "-1", first_line, "--", "core")
    return f"commit of {commit}{changed}, the engine's last one of {engine}; {len(results)} runs, {seeds}"


def make(name, quick, jobs, folder):
    page = importlib.import_module(name)
    results = perform_all(page.runs(quick), jobs)
    text, plots = page.page(results)
    folder.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(result) for result in results)
    (folder / f"{name}.json").write_text(f"[\n{lines}\n]\n")
    for plot, svg in plots.items():
        (folder / f"{plot}.svg").write_text(svg)
    quick_word = " --quick" if quick else ""
    head = f"<!-- Written by tests/sim/experiments/run.py{quick_word} {name} -->\n"
    tail = f"\n*Simulated: {provenance(results)}; each run's settings and figures are in `{name}.json`.*\n"
    (folder / f"{name}.md").write_text(head + text + tail)
    print(folder / f"{name}.md")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", metavar="NAME", help=", ".join(PAGES) + ", or all")
    parser.add_argument("--quick", action="store_true", help="fewer and smaller runs, minutes altogether")
    parser.add_argument("--jobs", type=int, default=1, help="runs beside each other (1)")
    arguments = parser.parse_args()
    names = PAGES if arguments.names == ["all"] else arguments.names
    for name in names:
        if name not in PAGES:
            parser.error(f"there is no experiment {name}; there are {', '.join(PAGES)}")
    if not PROGRAM.is_file():
        parser.error(f"{PROGRAM} is not there: cmake --preset release && cmake --build build --target {PROGRAM.name}")
    folder = ROOT / ("build/experiments" if arguments.quick else "docs/experiments")
    os.nice(5)  # they take minutes; whoever works beside them should not wait
    for name in names:
        make(name, arguments.quick, arguments.jobs, folder)


if __name__ == "__main__":
    main()
