"""Switches off one mechanism at a time, so that `python -m benchmarks.mechanisms` can measure what it
gains."""
