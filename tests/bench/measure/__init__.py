"""What every experiment needs: agents, clusters, figures of the kernel, statistics, reports."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
# Agents are started and told apart by one piece of code for all tests that run both programs.
sys.path.insert(0, str(ROOT / "tests" / "interop"))
