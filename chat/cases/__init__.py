"""Stores removal cases: sealed lists of links that should be removed, and counters of the platforms'
responses."""
