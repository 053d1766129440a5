"""Runs real servers and a real platform for the tests, and plays people as clients."""
