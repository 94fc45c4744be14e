#!/bin/bash
# Fuzzes every decoder: tests/fuzz/run.sh SECONDS [TARGET…], SECONDS for each target. Builds with clang,
# libFuzzer, ASan and UBSan in build-fuzz/; new inputs go to build-fuzz/found/<target>/, not to the corpus.
# A crash ends the run with the input that caused it: make it a file of the corpus and a unit test.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:?usage: tests/fuzz/run.sh SECONDS [TARGET...]}
shift
if [[ ! $seconds =~ ^[1-9][0-9]*$ ]]; then
  echo "usage: tests/fuzz/run.sh SECONDS [TARGET...]" >&2
  exit 2
fi
clang=${CXX:-clang++-14}

cmake -S . -B build-fuzz -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_COMPILER="$clang" \
  -DCMAKE_CXX_FLAGS="-fsanitize=fuzzer-no-link -UNDEBUG" -DGOSSIP_SANITIZE=address,undefined \
  -DGOSSIP_FUZZ=ON -Wno-dev >build-fuzz.log || { cat build-fuzz.log; exit 1; }
mv build-fuzz.log build-fuzz/configure.log
ninja -C build-fuzz fuzz-programs

targets=("$@")
if [ ${#targets[@]} = 0 ]; then
  for source in tests/fuzz/targets/*.cpp; do targets+=("$(basename "$source" .cpp)"); done
fi
for target in "${targets[@]}"; do
  found=build-fuzz/found/$target
  mkdir -p "$found"
  echo "== $target, ${seconds}s"
  build-fuzz/tests/fuzz/fuzz-"$target" -max_total_time="$seconds" -max_len=8192 -timeout=10 \
    -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$found/" \
    "$found" "tests/fuzz/corpus/$target" 2>&1 | tee "$found.log" | grep -E "DONE|ERROR|SUMMARY|crash-" || {
      tail -40 "$found.log"
      exit 1
    }
  if ! grep -q "^Done " "$found.log"; then
    tail -40 "$found.log"
    exit 1
  fi
done
