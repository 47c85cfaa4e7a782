#!/usr/bin/env bash
# The proxies side by side on this machine: ours, stock YARP, nginx, HAProxy and Caddy. See run.sh --help.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

missing=
need() { command -v "$1" >/dev/null 2>&1 || missing+=" $2"; }
need nginx nginx
need haproxy haproxy
need caddy caddy
need wrk wrk
need h2load nghttp2-client
need nghttp nghttp2-client
need taskset util-linux
need python3 python3
if [[ -n $missing ]]; then
    echo "run.sh: these Debian packages are missing:$missing" >&2
    echo "  remedy: apt-get install -y$missing; and stop the services that they start (nginx, haproxy, caddy)." >&2
    exit 2
fi
if ! command -v dotnet >/dev/null 2>&1; then
    echo "run.sh: the .NET SDK is needed (version: see $root/global.json)." >&2
    exit 2
fi

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# 10,000 connections take as many files, in the proxy and in the generator.
ulimit -n "$(ulimit -Hn)"

for project in cli/MeshCanary.Cli benchmarks/MeshCanary.StockYarp benchmarks/MeshCanary.Pacer; do
    if ! built=$(dotnet build "$root/$project" -c Release -v quiet --nologo -tl:off 2>&1); then
        echo "$built" >&2
        exit 1
    fi
done

# The driver takes this shell's place: signals reach it, and it takes down what it started.
PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 exec python3 -m harness \
    --meshcanary "$root/cli/MeshCanary.Cli/bin/Release/net10.0/meshcanary.dll" \
    --stock-yarp "$root/benchmarks/MeshCanary.StockYarp/bin/Release/net10.0/MeshCanary.StockYarp.dll" \
    --pacer "$root/benchmarks/MeshCanary.Pacer/bin/Release/net10.0/MeshCanary.Pacer.dll" "$@"
