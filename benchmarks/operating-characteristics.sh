#!/usr/bin/env bash
# Simulates rollouts and prints the operating characteristics of the engine beside those of other ways to judge a canary:
# docs/statistics/operating-characteristics.md. Options go to the simulator, for example: --quick, --seed 7, --rows noise.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
exec dotnet run --project benchmarks/MeshCanary.Analysis.Simulator -c Release -- "$@"
