"""The mixed clusters of mixed.py with a key of 32 bytes and compression."""

import sys

import mixed

sys.exit(mixed.run("32", "on", sys.argv[1:]))
