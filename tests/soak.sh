#!/bin/sh
# An hour of rough weather for 50 gossipd and 5 Serf agents, each on a host of its own: what has grown at its end?
#   tests/soak.sh [--minutes 60] [--gossipd 50] [--serf 5] [--seed N]
# Wants the release build (tests/run.sh makes it and unpacks Serf) and root, for namespaces and /dev/net/tun.
exec python3 "$(dirname "$0")/soak/soak.py" "$@"
