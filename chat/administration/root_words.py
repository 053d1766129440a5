"""Shows a root's 24 words at a terminal, and reads them. They are stored nowhere, and are never an argument
of a command."""

import getpass
import sys
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric import ec

from counsellors.certificates import eight_words, signed_bytes

MAX_TRIES = 3
SCALAR_BYTES = 32

type Write = Callable[[str], object]


class NotTypedBack(Exception):
    """The words were not typed back as they were shown. No root was made: run `helpline root make`."""


def make(write: Write) -> bytes:
    """Makes a root, shows its words once, and returns its point. Raises NotTypedBack unless somebody types
    the words back within three tries."""
    private = ec.generate_private_key(ec.SECP256R1())
    scalar = private.private_numbers().private_value.to_bytes(SCALAR_BYTES)
    spelled = eight_words.say(scalar)
    write("\nThe root of this installation: 24 words. They are shown only now, and kept nowhere.")
    write("Write them down twice, for two safes. Whoever has them can say who may sign.\n")
    for row in range(0, eight_words.MANY, 6):
        write("  " + "  ".join(f"{row + n:>2} {word}" for n, word in enumerate(spelled[row : row + 6], 1)))
    write("")
    for _ in range(MAX_TRIES):
        if _heard("Type them back") == scalar:
            return signed_bytes.point_of(private)
        write("That is not what was shown. Look again.")
    raise NotTypedBack


def ask(write: Write) -> bytes:
    """Returns the scalar of the root whose words are typed in. Raises NotTheWords after three tries."""
    for _ in range(MAX_TRIES):
        scalar = _heard("The 24 words of the root")
        if scalar is not None:
            return scalar
        write(" ".join((eight_words.NotTheWords.__doc__ or "").split()))
    raise eight_words.NotTheWords


def _heard(question: str) -> bytes | None:
    try:
        return eight_words.hear(_typed(question))
    except eight_words.NotTheWords:
        return None


def _typed(question: str) -> str:
    """Reads without echo at a terminal, and returns "" if the input ends there. From a pipe it reads as many
    lines as 24 words need."""
    if sys.stdin.isatty():
        try:
            return getpass.getpass(f"{question}, with spaces between: ")
        except EOFError:
            return ""
    typed = ""
    while len(typed.split()) < eight_words.MANY:
        line = sys.stdin.readline()
        if not line:
            break
        typed += f" {line}"
    return typed
