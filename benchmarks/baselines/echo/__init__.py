"""Passes messages on inside one process, without Django, Channels and Redis, and stores nothing: the least
that Daphne and autobahn take for a message."""
