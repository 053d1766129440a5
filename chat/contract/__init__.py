"""The published forms of the wire contract, generated from the declared requests and the frames."""
