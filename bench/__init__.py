"""Benchmarks: each prints one JSON document, ratios against a peer in the same run."""
