"""The forms of signing in. What is wrong is said in one sentence, whatever field it was."""

import math
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

_PLAIN = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false", "autofocus": True}


def whole_seconds(wait: timedelta) -> int:
    return max(1, math.ceil(wait.total_seconds()))


class StaffForm(forms.Form):
    problem = ""

    def refuse(self, sentence: str) -> None:
        """Shows the sentence above the fields, and ties each field to it for a screen reader."""
        self.problem = sentence
        for field in self.fields.values():
            field.widget.attrs |= {"aria-invalid": "true", "aria-describedby": "problem"}

    def refuse_second_factor(self, wait: timedelta, kind: str = "code") -> None:
        if wait > timedelta(seconds=2):
            self.refuse(gettext(f"{kind}.wait") % {"seconds": whole_seconds(wait)})
        else:
            self.refuse(gettext(f"{kind}.wrong"))


class PasswordForm(StaffForm):
    username = forms.CharField(
        label=gettext_lazy("login.username"),
        max_length=150,
        widget=forms.TextInput({**_PLAIN, "autocomplete": "username"}),
    )
    password = forms.CharField(
        label=gettext_lazy("login.password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class CodeForm(StaffForm):
    code = forms.CharField(
        label=gettext_lazy("code.code"),
        max_length=30,
        widget=forms.TextInput({**_PLAIN, "autocomplete": "one-time-code"}),
    )


class ProofForm(CodeForm):
    """A fresh second factor: a code, or what a passkey answered."""

    answer = forms.CharField(max_length=20_000, required=False, widget=forms.HiddenInput())

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["code"].required = False
        self.fields["code"].widget.attrs["autofocus"] = False


class AddPasskeyForm(ProofForm):
    label = forms.CharField(
        label=gettext_lazy("passkeys.label"), max_length=64, widget=forms.TextInput({"autocomplete": "off"})
    )
    made = forms.CharField(max_length=20_000, required=False, widget=forms.HiddenInput())
