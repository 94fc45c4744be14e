"""The mixed clusters of mixed.py with a key of 16 bytes, without compression."""

import sys

import mixed

sys.exit(mixed.run("16", "off", sys.argv[1:]))
