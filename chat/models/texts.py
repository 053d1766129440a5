"""Defines a column with one text in each language."""

from typing import Any

from django.db import models


class TextByLanguage(models.JSONField):
    """Holds texts by language (`languages.Texts`), each of at most `max_length` characters."""

    def __init__(self, *args: Any, max_length: int, **kwargs: Any) -> None:
        super().__init__(*args, default=dict, **kwargs)
        self.longest = max_length

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["default"]
        return name, path, args, {**kwargs, "max_length": self.longest}
