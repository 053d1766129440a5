"""Real servers, a real platform and real people's clients for the tests."""
