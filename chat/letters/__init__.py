"""Letters: a conversation that is written while nobody is there, and answered by whoever of the line works
next."""
