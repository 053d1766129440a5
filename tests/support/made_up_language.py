"""Makes a language that does not exist: it runs from right to left, and its words are 60 % longer than the
Dutch ones."""

import json
import re
from pathlib import Path

from django.conf import settings

CODE = "ar"  # browsers and Django know it as one that runs from right to left
FILES = ("caller", "services", "lines/young-victims", "lines/worried-adults")
LONGER = 0.6
NO_SENTENCES = ("caller.date.", "caller.language.")
PLURALS = ("zero", "two", "few", "many")  # that Arabic has beside one and other (CLDR)


def write(parent: Path) -> Path:
    """Returns the folder of its texts."""
    folder = parent / CODE
    for name in FILES:
        texts = json.loads((settings.LANGUAGE_FOLDERS["nl"] / f"{name}.json").read_text())
        said = {key: text if key.startswith(NO_SENTENCES) else _said(text) for key, text in texts.items()}
        for key in [key for key in said if key.removesuffix(".formal").endswith(".other")]:
            said |= {key.replace(".other", f".{plural}"): said[key] for plural in PLURALS}
        target = folder / f"{name}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(said | {"caller.language.name": "العربية"}, ensure_ascii=False))
    return folder


def _said(text: str) -> str:
    """Repeats the text until it is long enough, without changing what is in braces, between marks that embed
    it from right to left."""
    words = re.sub(r"\{[^}]*\}", "", text).split() or [text]
    more: list[str] = []
    while len(" ".join(more)) < len(text) * LONGER:
        more.append(words[len(more) % len(words)])
    return f"\u202b{' '.join([text.rstrip(), *more])}\u202c"
