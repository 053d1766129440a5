"""Defines a column with one text in each language."""

from typing import Any

from django import forms
from django.db import models

from helpline import languages


class TextByLanguage(models.JSONField):
    """Holds texts by language (`languages.Texts`), each of at most `max_length` characters. A form has an
    input for each language, and with `formal` also one for each formal form of address."""

    def __init__(self, *args: Any, max_length: int, formal: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, default=dict, **kwargs)
        self.longest = max_length
        self.formal = formal  # only the form uses it: migrations do not know it

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["default"]
        return name, path, args, {**kwargs, "max_length": self.longest}

    def formfield(self, **kwargs: Any) -> forms.Field:
        kwargs = {key: value for key, value in kwargs.items() if key in {"label", "help_text", "required"}}
        addresses = languages.addresses() if self.formal else languages.codes()
        return OneInputEach(
            addresses, self.longest, **{"required": not self.blank, "label": self.verbose_name} | kwargs
        )


class OneInputEach(forms.MultiValueField):
    """Asks for a text in each language and form of address."""

    def __init__(self, addresses: list[str], longest: int, **kwargs: Any) -> None:
        self.addresses = addresses
        fields = [forms.CharField(max_length=longest, required=False) for _ in self.addresses]
        super().__init__(fields, widget=Inputs(self.addresses, longest), require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, str]:
        return {one: text for one, text in zip(self.addresses, data_list, strict=False) if text}


class Inputs(forms.MultiWidget):
    template_name = "chat/one_input_each.html"

    def __init__(self, addresses: list[str], longest: int) -> None:
        self.addresses = addresses
        super().__init__({one: forms.TextInput({"maxlength": longest, "lang": one}) for one in addresses})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        found = super().get_context(name, value, attrs)
        for address, part in zip(self.addresses, found["widget"]["subwidgets"], strict=True):
            part["language"] = languages.name(address)
            part["attrs"]["lang"] = address.removesuffix(languages.FORMAL)
        return found

    def decompress(self, value: dict[str, str] | None) -> list[str]:
        return [(value or {}).get(one, "") for one in self.addresses]
