"""What a mechanism buys: each way of doing without one, for `python -m benchmarks.mechanisms`."""
