#!/bin/bash
# Builds and tests everything; the last line is "N passed, N failed". Not 0 if something failed or if
# nothing ran. The ordinary run: the release build with every test, then the ASan+UBSan build with those
# that start no cluster. --full adds the cluster tests under the sanitizers and with every combination of
# key size and compression, TSan, clang-tidy, a quick look at tests/bench, and the packages, the unit and the image
# in systems of their own.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
full=no
case "${1:-}" in
  "") ;;
  --full) full=yes ;;
  *) echo "usage: tests/run.sh [--full]" >&2; exit 2 ;;
esac

jobs=$(nproc)
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
broken=()    # steps that failed without being a test of ctest

say() { printf '\n== %s (%ds)\n' "$*" "$SECONDS"; }
step() {  # step NAME COMMAND…: a step that fails counts as one failed test
  local name=$1; shift
  "$@" || { broken+=("$name"); return 1; }
}

if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
say "packages"
lists=(packaging/debian-build-deps.txt tests/test-deps.txt)
if [ "$full" = yes ]; then lists+=(tests/full-deps.txt); fi
step packages packaging/install-deps.sh "${lists[@]}"

build() {  # build PRESET
  say "build $1"
  step "configure $1" cmake --preset "$1" && step "build $1" cmake --build --preset "$1" -j "$jobs"
}
# The counts come from its JUnit file. Most tests of clusters wait: half as many again as there are processors go at once.
run_tests() {  # run_tests PRESET [ctest arguments]
  local preset=$1; shift
  say "test $preset"
  ctest --preset "$preset" -j $((jobs + jobs / 2)) --no-tests=error --output-junit "$results/$preset.xml" \
    --test-output-size-passed 200000 --test-output-size-failed 200000 "$@"
  # An exit code is no news where the file says which test failed; without a file nothing was tested.
  [ -s "$results/$preset.xml" ] || broken+=("test $preset")
}

# Debian's packages without installing them: unpack FOLDER PROGRAM PACKAGE…, into build/FOLDER.
unpack() {
  local folder=build/$1 program=$2; shift 2
  [ -x "$folder/$program" ] && return
  mkdir -p "$folder"
  ( cd "$folder" &&
    { apt-get download -q "$@" || { $([ "$(id -u)" = 0 ] || echo sudo) apt-get update -q && apt-get download -q "$@"; } } &&
    for package in *.deb; do dpkg-deb -x "$package" . || exit 1; done )
}
# The real Serf: its package would start an unencrypted agent.
unpack_serf() { unpack serf usr/bin/serf serf; }
# A name server for tests of seeds, with the libraries that nothing else here needs.
unpack_dnsmasq() {
  unpack dnsmasq usr/sbin/dnsmasq dnsmasq-base libdbus-1-3 libjansson4 libmnl0 libnetfilter-conntrack3 libnfnetlink0 \
    libnftables1 libnftnl11 libxtables12
}
# promtool and a Prometheus to scrape with; both are linked statically.
unpack_prometheus() { unpack prometheus usr/bin/promtool prometheus; }

build release
say "a name server and a scraper"
step "unpack dnsmasq" unpack_dnsmasq
step "unpack prometheus" unpack_prometheus
say "the real serf"
if [ -z "${GOSSIP_SERF:-}" ] && step "unpack serf" unpack_serf; then
  export GOSSIP_SERF=$PWD/build/serf/usr/bin/serf
fi
if [ "$full" = yes ]; then run_tests release -C Full; else run_tests release; fi

build asan
export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1
export ASAN_SYMBOLIZER_PATH=/usr/lib/llvm-14/bin/llvm-symbolizer
if [ "$full" = yes ]; then run_tests asan -LE 'tidy|packaging'; else run_tests asan -LE 'tidy|e2e|interop|packaging'; fi

if [ "$full" = yes ]; then
  build tsan && run_tests tsan -LE 'tidy|packaging'
  say "measuring, a quick look"  # whether all of it still works; the figures of a minute say nothing
  step "tests/bench" tests/bench/side_by_side --quick
  say "clang-tidy"
  clang_tidy() {
    git ls-files 'core/*.cpp' 'config/*.cpp' 'agent/*.cpp' 'cli/*.cpp' |
      xargs -P "$jobs" -n 1 clang-tidy-14 -p build-debug --quiet --warnings-as-errors='*'
  }
  # The other builds compile several sources as one.
  step "configure debug" cmake --preset debug
  step clang-tidy clang_tidy
fi

say "summary"
python3 tests/count_results.py "$results" "${broken[@]}"
