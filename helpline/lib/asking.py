"""Questions of a command, before what cannot be taken back."""


class NobodyAnswers(ValueError):
    """Nobody answers: run it in a terminal, or say --yes once you looked."""

    def __str__(self) -> str:
        return self.__doc__ or ""


def asked(question: str) -> bool:
    """Whether somebody typed yes. NobodyAnswers without a terminal."""
    try:
        return input(f"{question} Type yes: ").strip() == "yes"
    except EOFError:
        raise NobodyAnswers from None
