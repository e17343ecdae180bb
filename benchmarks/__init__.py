"""Paired benchmarks; each prints its own table."""
