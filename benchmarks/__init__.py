"""Side-by-side measurements; docs/benchmarks.md."""
