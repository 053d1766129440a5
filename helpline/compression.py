"""Compresses public responses. They are the same for everybody, so their length reveals nothing about a
person.

A response with personal data is never compressed.
"""

import functools
import gzip
from collections.abc import Callable
from pathlib import Path

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

BROTLI, GZIP = "br", "gzip"
SUFFIXES = {".br": BROTLI, ".gz": GZIP}  # of the compressed files that are stored beside the originals
MAX_CACHED_ANSWERS = 1024  # enough for a release's files and pages, in both encodings


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Compresses the responses of a view, which must be public."""

    @functools.wraps(view)
    def smaller(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        compress(request, response)
        return response

    return smaller


def compress(request: HttpRequest, response: HttpResponse, original: Path | None = None) -> None:
    """Compresses a response. If its content is stored compressed beside the file `original`, takes it from
    there, because a process that has just started needs seconds to compress a page's modules."""
    patch_vary_headers(response, ("Accept-Encoding",))
    if encoding := _best(request.headers.get("Accept-Encoding", "")):
        stored = _stored(original, encoding) if original else None
        response.content = stored or compressed(response.content, encoding)
        response["Content-Encoding"] = encoding


def _best(accepts: str) -> str:
    """Chooses an encoding that the client accepts (RFC 9110, 12.5.3). Prefers brotli to gzip, and ignores
    every weight except 0."""
    offered = [part.replace(" ", "").split(";") for part in accepts.lower().split(",")]
    taken = {name for name, *weight in offered if weight not in (["q=0"], ["q=0.0"])}
    return next((name for name in (BROTLI, GZIP) if name in taken), "")


@functools.lru_cache(maxsize=MAX_CACHED_ANSWERS)
def _stored(original: Path, encoding: str) -> bytes | None:
    suffix = next(suffix for suffix, name in SUFFIXES.items() if name == encoding)
    try:
        return original.with_name(original.name + suffix).read_bytes()
    except OSError:  # most are not stored
        return None


@functools.lru_cache(maxsize=MAX_CACHED_ANSWERS)
def compressed(data: bytes, encoding: str) -> bytes:
    """Compresses at the highest level. That is slow, but the result is cached."""
    if encoding == BROTLI:
        return bytes(brotli.compress(data, mode=brotli.MODE_TEXT))
    return gzip.compress(data, compresslevel=9, mtime=0)
