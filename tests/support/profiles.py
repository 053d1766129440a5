"""Reads a browser's profile on the disk, as somebody can who gets hold of the device."""

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import lz4.block

GZIP = re.compile(rb"\x1f\x8b\x08")
MOZILLA_LZ4 = b"mozLz40\0"  # Firefox's session files: this, then a block with its length in front


def found(profile: Path, *words: str) -> list[str]:
    """Returns the files that contain each word, in any case. Compressed files are opened."""
    return sorted(
        f"{path.relative_to(profile)}: {word}"
        for path in profile.rglob("*")
        if path.is_file()
        for texts in [[text.lower() for text in _texts(path)]]
        for word in words
        if any(spelt in text for text in texts for spelt in _spellings(word.lower()))
    )


def _spellings(word: str) -> tuple[bytes, bytes]:
    return word.encode(), word.encode("utf-16-le")


def _texts(path: Path) -> Iterator[bytes]:
    data = b""
    with suppress(OSError):  # a socket, or gone meanwhile
        data = path.read_bytes()
    yield data
    if data.startswith(MOZILLA_LZ4):
        yield lz4.block.decompress(data[len(MOZILLA_LZ4) :])
    for start in GZIP.finditer(data):
        with suppress(zlib.error):
            yield zlib.decompressobj(wbits=31).decompress(data[start.start() :])
