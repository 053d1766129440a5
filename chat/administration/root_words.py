"""Shows the 24 words of a root at a terminal, and reads them there. The words are never stored, and never an
argument of a command."""

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
    """Makes a root, shows its words once, and returns its point (the public key). Raises NotTypedBack unless
    the words are typed back correctly within three tries."""
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
    """Asks for the words of a root, and returns its scalar (the private key). Raises NotTheWords after three
    wrong tries."""
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
    """Reads the typed words. At a terminal, it reads one line without echo, or returns "" at the end of the
    input. From a pipe, it reads lines until it has 24 words."""
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
