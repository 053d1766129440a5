"""Implements letters: conversations that are written while nobody is there, and answered by a counsellor of
the line later."""
