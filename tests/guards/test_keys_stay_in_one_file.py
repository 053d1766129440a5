"""Somebody who audits the browser's cryptography has to read one file only."""

import re
from pathlib import Path

FRONTEND = Path(__file__).parents[2] / "frontend"
SOLVER = "caller/waiting/solver.js"  # a worker of its own, which knows a challenge and no key
SIGNS = re.compile(r"crypto\.subtle|subtle\.|vendor/hpke|CryptoKey\b(?!Pair)|getRandomValues|indexedDB")


def test_only_sealing_js_touches_keys() -> None:
    users = {
        path.relative_to(FRONTEND).as_posix()
        for folder in ("caller", "console", "board", "shared", "staff")
        for path in (FRONTEND / folder).rglob("*.js")
        if SIGNS.search(path.read_text())
    }
    assert users - {SOLVER} == {"shared/sealing.js"}, (
        "keys, randomness for them and their storage belong in sealing.js"
    )


def test_the_server_holds_no_code_that_opens_a_box() -> None:
    """It seals challenges for devices, in one module, and has no key to open anything."""
    root = FRONTEND.parent
    for package in ("helpline", "chat", "counsellors"):
        for path in (root / package).rglob("*.py"):
            text = path.read_text()
            if path.name == "challenges.py":
                assert "decrypt" not in text, path
                assert "private" not in text, path
                continue
            assert "hpke" not in text, path
            assert "HKDF" not in text, path
