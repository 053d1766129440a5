"""Asks before a command does what cannot be undone."""

from django.core.management.base import CommandError


def asked(question: str) -> bool:
    """Returns whether somebody typed yes. Raises CommandError where nobody can answer."""
    try:
        return input(f"{question} Type yes: ").strip() == "yes"
    except EOFError:
        raise CommandError("Nobody answers: run it in a terminal, or say --yes once you looked.") from None
