"""The mixed clusters of mixed.py without encryption, with compression."""

import sys

import mixed

sys.exit(mixed.run("none", "on", sys.argv[1:]))
