"""What is published of the wire contract, made from the declared requests and the frames."""
