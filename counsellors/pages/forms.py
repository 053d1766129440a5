"""Defines the forms for signing in. All errors of a form are shown in one place, whichever field they are
about."""

import math
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

_PLAIN = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false", "autofocus": True}


def whole_seconds(wait: timedelta) -> int:
    return max(1, math.ceil(wait.total_seconds()))


class StaffForm(forms.Form):
    problem = ""

    def problems(self) -> str:
        """Returns the error messages of all fields as one text, without repeating a message."""
        found = [error for errors in self.errors.as_data().values() for error in errors]
        words = [
            gettext("form.missing") if error.code == "required" else " ".join(error.messages)
            for error in found
        ]
        return " ".join(dict.fromkeys(words))

    def refuse(self, sentence: str) -> None:
        """Shows the sentence above the fields, and links each field to it for a screen reader."""
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

    @property
    def typed(self) -> str:
        """Returns the code that was typed, or "" if the form is invalid."""
        return str(self.cleaned_data["code"]) if self.is_valid() else ""


class LinkForm(StaffForm):
    """Asks for the token that follows `#` in a link; a browser with scripts fills it in."""

    link = forms.CharField(
        label=gettext_lazy("join.link"),
        max_length=400,
        widget=forms.TextInput({**_PLAIN, "autocomplete": "off"}),
    )


class NewPasswordForm(StaffForm):
    password = forms.CharField(
        label=gettext_lazy("password.new"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password", "autofocus": True}),
    )
    again = forms.CharField(
        label=gettext_lazy("password.again"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("password") != found.get("again"):
            raise ValidationError(gettext_lazy("password.differ"))
        return found


class OwnPasswordForm(StaffForm):
    old = forms.CharField(
        label=gettext_lazy("password.old"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": True}),
    )


class PhoneForm(StaffForm):
    phone = forms.CharField(
        label=gettext_lazy("account.phone.own"),
        max_length=20,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )


class ChangePasswordForm(NewPasswordForm):
    field_order = ("old", "password", "again")
    old = OwnPasswordForm.base_fields["old"]


class ProofForm(CodeForm):
    """Asks for a fresh second factor: a code, or a passkey's answer."""

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
