#!/usr/bin/env bash
# Hours of mixed load against one proxy: does its memory grow, does it leak handles, does it lose or miscount a request?
# Usage: soak.sh [--minutes N]   (default 10, at most 120)
#
# Everything is on loopback and started and ended here. Exit code 0: all as it has to be; 1: not, and the lines that begin
# with BAD say what; 2: wrong use. docs/performance.md says what is done and judged.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/.." && pwd)
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
ulimit -n "$(ulimit -Hn)"

for project in cli/MeshCanary.Cli benchmarks/MeshCanary.Soak; do
    if ! built=$(dotnet build "$root/$project" -c Release -v quiet --nologo -tl:off 2>&1); then
        echo "$built" >&2
        exit 1
    fi
done

# The driver takes this shell's place: signals reach it, and it ends what it started.
exec dotnet exec "$root/benchmarks/MeshCanary.Soak/bin/Release/net10.0/MeshCanary.Soak.dll" \
    "$root/cli/MeshCanary.Cli/bin/Release/net10.0/meshcanary.dll" "$@"
