"""Times scipy.stats.mannwhitneyu and the command given on the command line on the same values. See compare-ranks.sh."""
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import scipy
from scipy.stats import mannwhitneyu

SIZES = (10, 100, 1000, 10_000, 100_000)


def median_seconds(canary, stable):
    """Median of single calls over about a second, after a warm-up."""
    for _ in range(3):
        mannwhitneyu(canary, stable, method="asymptotic")
    times = []
    begin = time.perf_counter()
    while len(times) < 7 or time.perf_counter() - begin < 1:
        start = time.perf_counter()
        mannwhitneyu(canary, stable, method="asymptotic")
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main():
    random = numpy.random.default_rng(1)
    samples = [(0.0808 * random.lognormal(0, 0.69, size), 0.080 * random.lognormal(0, 0.69, size)) for size in SIZES]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        for pair in samples:
            for values in pair:
                file.write(" ".join(map(repr, values.tolist())) + "\n")
        file.flush()
        out = subprocess.run([*sys.argv[1:], file.name], check=True, capture_output=True, text=True).stdout
    ours = {int(words[0]): [float(word) for word in words[1:]] for words in map(str.split, out.splitlines()) if len(words) == 5}

    print(f"Median time of one call, n = m; SciPy {scipy.__version__}, mannwhitneyu(method='asymptotic')")
    print(f"{'n':>7} {'SciPy U, p':>12} {'ours U, p':>12} {'ratio':>7} {'ours + shift':>13} {'ratio':>7}")
    for size, (canary, stable) in zip(SIZES, samples):
        theirs = median_seconds(canary, stable)
        rank, whole, p, _ = ours[size]
        expected = mannwhitneyu(canary, stable, method="asymptotic").pvalue
        if abs(p - expected) > 1e-9 * expected:
            sys.exit(f"At n = {size} SciPy says p = {expected!r} and ours {p!r}: not the same test.")
        print(f"{size:>7} {theirs * 1e6:>9.1f} µs {rank * 1e6:>9.1f} µs {theirs / rank:>6.1f}x {whole * 1e6:>10.1f} µs {theirs / whole:>6.1f}x")


if __name__ == "__main__":
    main()
