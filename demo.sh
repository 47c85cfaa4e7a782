#!/usr/bin/env bash
# Builds MeshCanary and shows a rollout on real traffic, on this machine. See ./demo.sh --help.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  cat <<'USAGE'
Usage: ./demo.sh [--bad errors|latency|flaky] [--plain] [--rate N] [--no-build]

Starts two versions of a small service, a controller, a proxy and a bounded load on 127.0.0.1, announces the new
version, shows the rollout live, and takes everything down again. Needs the .NET SDK (see global.json) and nothing else.

  (no option)        a good version: promoted in about two minutes
  --bad errors       more failures:         rolled back
  --bad latency      slower answers:        rolled back
  --bad flaky        failures in bursts:    rolled back
  --plain            plain lines instead of a live page; also what a pipe or a log gets
  --rate N           requests a second, 50 to 2000 (default 300)
  --no-build         run what was built before

Exit codes: 0 the version fared as it should and no request was lost, 1 otherwise, 2 bad usage, 130 Ctrl-C,
143 SIGTERM.
USAGE
}

build=yes
arguments=()
for argument in "$@"; do
  case $argument in
    -h | --help) usage; exit 0 ;;
    --no-build) build=no ;;
    *) arguments+=("$argument") ;;
  esac
done

if ! command -v dotnet >/dev/null 2>&1; then
  echo "demo.sh: the .NET SDK is needed (version: see $root/global.json) and 'dotnet' is not on the PATH." >&2
  echo "  remedy: install it from https://dot.net/download and run this again." >&2
  exit 1
fi

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
program=$root/cli/MeshCanary.Cli/bin/Release/net10.0/meshcanary.dll
sample=$root/examples/MeshCanary.SampleService/bin/Release/net10.0/MeshCanary.SampleService.dll

if [ "$build" = yes ]; then
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  echo "Building (the first time takes a minute)…"
  for project in cli/MeshCanary.Cli examples/MeshCanary.SampleService; do
    # No build servers: nothing may be left running, also when this is interrupted.
    if ! (cd "$root" && dotnet build "$project" -c Release -v quiet --nologo --disable-build-servers) >"$log" 2>&1; then
      cat "$log" >&2
      echo "demo.sh: the build of $project failed; its output is above." >&2
      exit 1
    fi
  done
  rm -f "$log"
  trap - EXIT INT TERM
fi

for file in "$program" "$sample"; do
  if [ ! -f "$file" ]; then
    echo "demo.sh: $file is missing." >&2
    echo "  remedy: run ./demo.sh without --no-build." >&2
    exit 1
  fi
done

# The demo takes this shell's place: signals reach it directly, and its exit code is ours.
exec dotnet exec "$program" demo --sample-service "$sample" ${arguments[@]+"${arguments[@]}"}
