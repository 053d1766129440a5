"""Keeps removal cases: sealed lists of links that should be removed, and counts of what the platforms did."""
