#!/usr/bin/env bash
# Restores, builds and runs every test. Ends with one line: "N passed, N failed" (", N skipped" if any).
# Arguments go to the test runner, for example: ./test.sh --filter-class '*SplitPlan*'
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

if ! command -v dotnet >/dev/null 2>&1; then
  echo "test.sh: the .NET SDK is needed (see global.json for the version) and 'dotnet' is not on the PATH." >&2
  exit 1
fi

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
configuration=${CONFIGURATION:-Release}
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# The tests in tests/Cluster run on a real control plane, which is built once per machine where none is given.
if [ -z "${KUBEBUILDER_ASSETS:-}" ]; then
  tests/cluster-build.sh >/dev/null || { echo "0 passed, 1 failed"; exit 1; }
fi
# helm, for the chart.
if [ -z "${MESHCANARY_HELM:-}" ]; then
  tests/cluster-build.sh clients >/dev/null || { echo "0 passed, 1 failed"; exit 1; }
fi
# A real Prometheus, to judge by what it scraped.
if [ -z "${MESHCANARY_PROMETHEUS:-}" ]; then
  tests/prometheus-fetch.sh >/dev/null || { echo "0 passed, 1 failed"; exit 1; }
fi

dotnet build MeshCanary.sln -c "$configuration" --nologo -v quiet || { echo "0 passed, 1 failed"; exit 1; }

# One test project at a time: the hosts tier runs real traffic and wants the processor to itself.
dotnet test --solution MeshCanary.sln -c "$configuration" --no-build --max-parallel-test-modules 1 \
  --results-directory "$results" --report-trx "$@" 2>&1 | tee "$results/log"
status=${PIPESTATUS[0]}

count() { sed -n "s/^ *$1: \([0-9][0-9]*\)\$/\1/p" "$results/log" | tail -n 1; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
passed=${passed:-0} failed=${failed:-0} skipped=${skipped:-0}

# A run that broke without a failed test (a crash, a module that ran nothing) still failed.
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi

line="$passed passed, $failed failed"
if [ "$skipped" -gt 0 ]; then line="$line, $skipped skipped"; fi
echo "$line"

# A skipped test that should have run fails the run; one of a mesh without the definitions of that mesh could not have.
excused=$(grep -c '^ *missing definitions: ' "$results/log")
[ "$failed" -eq 0 ] && [ "$skipped" -eq "$excused" ] && [ "$passed" -gt 0 ]
