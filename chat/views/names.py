"""Names of the tables and codes of the figures, in either language, as the board has them."""

import json
from functools import cache

from django.conf import settings

from chat.figures import codes
from chat.models import Service

LANGUAGES = ("nl", "en")
PREFIX = "board.figures."


class Names:
    """Names for a line and a language: everybody's, the line's own codes, the services."""

    def __init__(self, line: str, language: str) -> None:
        self.language = language
        self._texts = _texts(language)
        self._own = codes.own_words(line)
        self._services = dict(Service.objects.values_list("pk", "name"))

    def table(self, name: str) -> str:
        return self._texts.get(PREFIX + name, name)

    def code(self, table: str, key: str) -> str:
        known = self._texts.get(f"{PREFIX}{table}.{key}")
        if known is not None:
            return known
        own = self._own.get(key)
        return own[self.language] if own else str(self._services.get(key, key))


@cache
def _texts(language: str) -> dict[str, str]:
    texts: dict[str, str] = json.loads((settings.FRONTEND / "i18n" / f"board.{language}.json").read_text())
    return texts
