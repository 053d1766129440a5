"""Questions of a command, before what cannot be taken back."""

from django.core.management.base import CommandError


def asked(question: str) -> bool:
    """Asks, and tells whether somebody typed yes. CommandError where nobody can answer."""
    try:
        return input(f"{question} Type yes: ").strip() == "yes"
    except EOFError:
        raise CommandError("Nobody answers: run it in a terminal, or say --yes once you looked.") from None
