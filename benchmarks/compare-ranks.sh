#!/usr/bin/env bash
# Our rank test beside SciPy's on the same values, one after the other in one run. Needs python3 with SciPy.
# Ours with the Hodges-Lehmann shift and its interval does more than SciPy's U and p.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

python=
for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import numpy, scipy.stats' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [[ -z $python ]]; then
    echo "SciPy is not there: install it (Debian and Ubuntu: python3-scipy) and run this again." >&2
    exit 2
fi

project=$here/MeshCanary.Analysis.Benchmarks
dotnet build "$project" -c Release -v q --nologo >&2
exec "$python" "$here/compare-ranks.py" dotnet run --no-build -c Release --project "$project" -- rank-timings
