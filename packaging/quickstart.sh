#!/bin/bash
# From a fresh clone to a running cluster: installs what building needs, builds, starts three gossipd on
# loopback addresses, shows what gossipctl says about them, and stops them. As root or as a user with sudo.
set -euo pipefail
cd "$(dirname "$0")/.."

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then bold=$'\033[1m' plain=$'\033[0m'; fi
say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
run() { printf '$ %s\n' "$*"; "$@"; }

say "1. Packages"
packaging/install-deps.sh
echo "all there"

say "2. Build (release)"
if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER=ccache; fi
cmake --preset release >/dev/null
cmake --build --preset release --target gossipd --target gossipctl --target documents
PATH=$PWD/build/agent:$PWD/build/cli:$PATH

folder=$(mktemp -d)
agents=()
stop() {
  for agent in "${agents[@]}"; do kill -TERM "$agent" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap stop EXIT

# start NAME ADDRESS [flags]: begins an agent and waits until it answers
start() {
  local name=$1 address=$2; shift 2
  printf '$ gossipd --node %s --bind %s --rpc-addr %s/%s.sock %s\n' "$name" "$address" "$folder" "$name" "$*"
  gossipd --node "$name" --bind "$address" --rpc-addr "$folder/$name.sock" "$@" >"$folder/$name.log" 2>&1 &
  agents+=($!)
  for _ in $(seq 100); do
    gossipctl members --rpc-addr "$folder/$name.sock" >/dev/null 2>&1 && return
    kill -0 "${agents[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  echo "gossipd $name did not start:" >&2
  cat "$folder/$name.log" >&2
  exit 1
}
alive() { gossipctl members --status alive --rpc-addr "$folder/a.sock" | wc -l; }
# until_alive COUNT: waits until agent a sees so many living members
until_alive() {
  for _ in $(seq 200); do
    [ "$(alive)" -eq "$1" ] && return
    sleep 0.1
  done
  echo "not $1 living members:" >&2
  gossipctl members --rpc-addr "$folder/a.sock" >&2
  exit 1
}

say "3. Three agents on loopback"
start a 127.0.13.1 --tag role=db
start b 127.0.13.2 --tag role=web --join 127.0.13.1
start c 127.0.13.3 --tag role=web --join 127.0.13.1
until_alive 3

say "4. What one of them knows"
export GOSSIP_RPC_ADDR=$folder/c.sock
run gossipctl members
run gossipctl members --tag role=web --format json
run gossipctl tags --set version=2

say "5. One leaves"
run gossipctl leave
until_alive 2
export GOSSIP_RPC_ADDR=$folder/a.sock
run gossipctl members

say "Done. The programs are build/agent/gossipd and build/cli/gossipctl; README.md goes on from here."
