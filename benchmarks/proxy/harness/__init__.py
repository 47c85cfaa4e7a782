"""The side-by-side benchmark of the data plane; see docs/performance.md."""
