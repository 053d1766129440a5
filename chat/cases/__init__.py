"""Removal cases: the links that should disappear, sealed like all else, and what platforms did."""
