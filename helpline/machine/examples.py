"""Reads example files from the folder `deploy/`, which is inside the installed package or, in a checkout,
beside it."""

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
FOLDERS = (_PACKAGE / "deploy", _PACKAGE.parent / "deploy")


def example(name: str) -> str:
    folder = next(place for place in FOLDERS if place.is_dir())
    return (folder / name).read_text()
