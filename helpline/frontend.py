"""Serves the files of the frontend and of Django's admin as they are on disk."""

import contextlib
import functools
import hashlib
import os
import re
import shutil
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from helpline import compression, languages
from helpline.lib import scopes

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
IMMUTABLE = "public, max-age=31536000, immutable"
MAX_OLD_RELEASES = 4
SERVED = ("caller", "console", "board", "staff", "shared", "vendor")  # and the installed apps' folders


@functools.cache
def files() -> dict[str, Path]:
    """Returns the files that are served below `/app/<release>/`, by name: modules, styles, pictures, and the
    languages' texts."""
    found = {
        str(path.relative_to(settings.FRONTEND)): path
        for folder in (*SERVED, *settings.OPTIONAL_APPS)
        for path in (settings.FRONTEND / folder).rglob("*")
        if path.suffix in TYPES
    }
    return dict(sorted((found | dict(languages.served())).items()))


@functools.cache
def release() -> str:
    """Returns a hash of all files. It is part of their URLs, so that a page loads only modules of its own
    release."""
    digest = hashlib.sha256()
    for name, path in files().items():
        digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@require_GET
@scopes.public
def frontend_file(request: HttpRequest, release: str, name: str) -> HttpResponse:
    """Serves a module, style or catalogue as it is in the repository."""
    kept = _kept(release)
    path = _within(kept, name) if kept else files().get(name)
    if path is None:
        raise Http404
    if _is(release):
        return _answer(request, path, IMMUTABLE, stored=settings.RELEASES / "app" / release / name)
    # A request for a release that was not kept gets the current file, which the client must not cache.
    return _answer(request, path, IMMUTABLE if kept else "no-store")


def _within(root: Path, name: str) -> Path | None:
    """Returns a file of a kept release; None if there is none, or if the name leads out of the folder."""
    if "\0" in name:
        return None
    path = (root / name).resolve()
    return path if path.is_relative_to(root.resolve()) and path.is_file() else None


def _kept(asked: str) -> Path | None:
    """Returns the folder of a kept release other than the current one, or None. An open page needs the files
    of the release with which it was loaded."""
    if _is(asked) or not re.fullmatch("[0-9a-f]{16}", asked):
        return None
    folder = settings.RELEASES / "app" / asked
    return folder if folder.is_dir() else None


def keep_release() -> None:
    """Stores this release beside earlier ones. The newest four earlier releases stay, for pages that are
    still open."""
    place = settings.RELEASES / "app"
    if not (place / release()).is_dir():
        draft = settings.RELEASES / f".{release()}.{os.getpid()}"
        write_release(draft)
        place.mkdir(mode=0o755, parents=True, exist_ok=True)
        _make_public(draft, place)
        with contextlib.suppress(OSError):  # another process was faster
            (draft / "app" / release()).replace(place / release())
        shutil.rmtree(draft)
    old = sorted((one for one in place.iterdir() if one.name != release()), key=_written_at)
    for folder in old[:-MAX_OLD_RELEASES]:
        shutil.rmtree(folder, ignore_errors=True)


def keep_page(name: str, content: bytes) -> None:
    """Writes a page beside the releases, atomically, because a proxy may be reading the previous one."""
    settings.RELEASES.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = settings.RELEASES / f".{name}.{os.getpid()}"
    draft.write_bytes(content)
    draft.chmod(0o644)
    draft.replace(settings.RELEASES / name)


def _written_at(folder: Path) -> float:
    """Returns the modification time, or 0 if another process that starts at the same moment has deleted the
    folder."""
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _make_public(draft: Path, place: Path) -> None:
    """Makes the files readable for a proxy that runs under another account, independently of this process's
    umask."""
    place.chmod(0o755)
    for path in draft.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def file_of(request: HttpRequest, name: str) -> HttpResponse:
    """Serves a file of the frontend at a URL that does not name the release."""
    return _answer(request, settings.FRONTEND / name, "no-cache")


@require_GET
@scopes.public
def embed(request: HttpRequest) -> HttpResponse:
    """Serves the script for the organisation's own site, at a URL that never changes."""
    response = _answer(request, settings.FRONTEND / "embed" / "embed.js", "public, max-age=3600")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_GET
@scopes.public
def webcat(request: HttpRequest, name: str) -> HttpResponse:
    """Serves one of the files that the operator signed for WEBCAT. Browsers with that extension use them to
    verify the pages."""
    path = settings.WEBCAT / f"{name}.json"
    if not path.is_file():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type=TYPES[".json"])
    response["Cache-Control"] = "no-cache"
    compression.compress(request, response)
    return response


@require_GET
@scopes.public
def static_file(request: HttpRequest, name: str) -> HttpResponse:
    """Serves a file of Django's admin."""
    try:
        found = finders.find(name)
    except (SuspiciousFileOperation, ValueError):
        raise Http404 from None
    if found is None or not Path(found).is_file():
        raise Http404
    return _answer(request, Path(found), "public, max-age=3600")


def write_release(folder: Path) -> None:
    """Writes the files under `/app/`, each also compressed in both encodings.

    A proxy can serve them without this server: their URL names the release, so they never change.
    """
    for name, path in files().items():
        target, content = folder / "app" / release() / name, path.read_bytes()
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        for suffix, encoding in compression.SUFFIXES.items():
            target.with_name(target.name + suffix).write_bytes(compression.compressed(content, encoding))


def _answer(request: HttpRequest, path: Path, caching: str, *, stored: Path | None = None) -> HttpResponse:
    """Answers with a file. `stored` is a copy of it that has its compressed forms beside it."""
    response = HttpResponse(_bytes_of(path), content_type=TYPES.get(path.suffix, "application/octet-stream"))
    response["Cache-Control"] = caching
    if path.suffix in TYPES:
        compression.compress(request, response, stored or path)
    return response


def _is(asked: str) -> bool:
    return asked == release()


@functools.cache
def _bytes_of(path: Path) -> bytes:
    return path.read_bytes()
