"""Benchmarks: each prints ratios measured in one run. `make bench` runs them; no test fails on a clock."""
