"""Generates the published forms of the wire contract from the declared requests and frames."""
