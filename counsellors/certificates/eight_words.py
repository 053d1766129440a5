"""Encodes keys as words: 24 words for a root's private scalar, to be kept in two safes, and eight words for a
signer or a device, to be compared by voice.

The 24 words encode 32 bytes and the first byte of their SHA-256, highest bit first. Each word is from a list
of 2,048 words and encodes eleven bits. There is no key stretching, because the scalar is random and not a
password.
"""

import functools
import hashlib

from django.conf import settings

MANY, BITS = 24, 11
FINGERPRINT_BYTES = 11


class NotTheWords(ValueError):
    """These are not the 24 words of a root: look for a word that was misread, or two that changed places."""


@functools.cache
def listed() -> list[str]:
    """Returns the word list that browsers use, so that server and browser show the same words."""
    return (settings.FRONTEND / "vendor" / "words.js").read_text().split("`")[1].split()


def say(scalar: bytes) -> list[str]:
    """Returns the 24 words that encode 32 bytes."""
    return _spell(scalar + hashlib.sha256(scalar).digest()[:1], MANY)


def hear(typed: str) -> bytes:
    """Returns the 32 bytes that the typed words encode; capitals, commas and line ends do not matter. Raises
    NotTheWords."""
    given = typed.lower().replace(",", " ").split()
    places = {word: place for place, word in enumerate(listed())}
    if len(given) != MANY or any(word not in places for word in given):
        raise NotTheWords
    bits = 0
    for word in given:
        bits = bits << BITS | places[word]
    data = bits.to_bytes(MANY * BITS // 8)
    scalar, check = data[:-1], data[-1:]
    if hashlib.sha256(scalar).digest()[:1] != check:
        raise NotTheWords
    return scalar


def of_signer(key: bytes) -> list[str]:
    """Returns the words of the first 88 bits of SHA-256("hl1 signer" ‖ key)."""
    return _spell(hashlib.sha256(b"hl1 signer" + key).digest()[:FINGERPRINT_BYTES], 8)


def of_device(fingerprint: bytes) -> list[str]:
    """Returns the words of a device's fingerprint of 88 bits."""
    return _spell(fingerprint, 8)


def _spell(data: bytes, many: int) -> list[str]:
    bits = int.from_bytes(data)
    return [listed()[bits >> shift & 2047] for shift in range((many - 1) * BITS, -1, -BITS)]
