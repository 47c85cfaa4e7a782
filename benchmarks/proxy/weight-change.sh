#!/usr/bin/env bash
# How long a weight change takes from the controller's decision to the last proxy's acknowledgement.
# Usage: weight-change.sh [PROXIES [CHANGES]]   (default 100 and 120)
#
# The controller is the real one (`meshcanary serve`, a process of its own, every decision on disk first). The proxies are
# light: each is the proxy's side of the protocol on a connection of its own, acknowledges what it has read, and reports
# counts every second; a hundred whole proxies do not fit on a small machine. Times are the controller's: from the event
# that raises or takes back the weight to the event that every proxy has acknowledged it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
for number in "$@"; do
    [[ $number =~ ^[1-9][0-9]{0,5}$ && $# -le 2 ]] || { echo "Use weight-change.sh [PROXIES [CHANGES]]; without them 100 and 120." >&2; exit 2; }
done
proxies=${1:-100} changes=${2:-120} base=${PORT_BASE:-17170}
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
ulimit -n "$(ulimit -Hn)"

for project in cli/MeshCanary.Cli benchmarks/MeshCanary.WeightChange; do
    if ! built=$(dotnet build "$root/$project" -c Release -v quiet --nologo -tl:off 2>&1); then
        echo "$built" >&2
        exit 1
    fi
done

folder=$(mktemp -d)
controller='' load=''
finish() {
    for pid in $load $controller; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

cat > "$folder/canary.yaml" <<YAML
apiVersion: meshcanary.io/v1alpha1
kind: Canary
metadata: { name: bench }
spec:
  workload:
    kind: Static
    name: bench
    stable: { revision: v1, addresses: ["http://127.0.0.1:$((base + 2))"] }
  service: { name: bench }
  strategy:
    steps:
      - { weight: 10, minDuration: 24h, maxDuration: 24h }
YAML

dotnet exec "$root/cli/MeshCanary.Cli/bin/Release/net10.0/meshcanary.dll" serve -f "$folder/canary.yaml" --no-proxy \
    --state "$folder/state" --api "127.0.0.1:$base" --control "127.0.0.1:$((base + 1))" --allow-unreachable >"$folder/log" 2>&1 &
controller=$!

# In the background, so that a signal ends both.
dotnet exec "$root/benchmarks/MeshCanary.WeightChange/bin/Release/net10.0/MeshCanary.WeightChange.dll" \
    "http://127.0.0.1:$base" "http://127.0.0.1:$((base + 1))" "$((base + 2))" "$((base + 3))" "$proxies" "$changes" &
load=$!
code=0
wait "$load" || code=$?
if [[ $code -ne 0 ]]; then
    echo "weight-change.sh: it failed; the controller said:" >&2
    cat "$folder/log" >&2
fi
exit "$code"
