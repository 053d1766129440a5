"""Asks for confirmation before a command does something that cannot be undone."""

from django.core.management.base import CommandError


def asked(question: str) -> bool:
    """Returns whether somebody typed yes. Raises CommandError if there is no terminal to answer from."""
    try:
        return input(f"{question} Type yes: ").strip() == "yes"
    except EOFError:
        raise CommandError("Nobody answers: run it in a terminal, or say --yes once you looked.") from None
