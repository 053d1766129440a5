"""Looks up the names of tables and codes of figures in each language. The texts of the board contain these
names."""

from django.conf import settings
from django.utils import translation

from chat.figures import codes
from chat.models import Service
from helpline import languages

PREFIXES = ("form.", "board.figures.")


class Names:
    """Looks up names for a line in one language: names that all lines share, and the names of the line's own
    codes and of services."""

    def __init__(self, line: str, language: str = "") -> None:
        """Takes a language code. If it is empty, the language of the page is used."""
        self.language = language or translation.get_language() or settings.LANGUAGE_CODE
        self._texts = {
            **languages.texts("staff", self.language),
            **languages.texts("reports/board", self.language),
        }
        self._own = codes.own_words(line)
        self._services = dict(Service.objects.values_list("pk", "name"))

    @property
    def of_language(self) -> str:
        return languages.texts("caller", self.language)["caller.language.name"]

    def table(self, name: str) -> str:
        return self._known(name) or self._own.get(name, {}).get(self.language) or name

    def code(self, table: str, key: str) -> str:
        own = self._own.get(key, {}).get(self.language)
        return self._known(f"{table}.{key}") or own or str(self._services.get(key, key))

    def _known(self, key: str) -> str:
        return next((text for one in PREFIXES if (text := self._texts.get(one + key))), "")
