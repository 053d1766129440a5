"""The forms of signing in. What is wrong is said in one sentence, whatever field it was."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

_PLAIN = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false", "autofocus": True}


class StaffForm(forms.Form):
    problem = ""

    def problems(self) -> str:
        """What is wrong with what was typed, in one line."""
        return " ".join(str(sentence) for sentences in self.errors.values() for sentence in sentences)

    def refuse(self, sentence: str) -> None:
        """Shows the sentence above the fields, and ties each field to it for a screen reader."""
        self.problem = sentence
        for field in self.fields.values():
            field.widget.attrs |= {"aria-invalid": "true", "aria-describedby": "problem"}


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
        """What was typed, or nothing."""
        return str(self.cleaned_data["code"]) if self.is_valid() else ""


class LinkForm(StaffForm):
    """What stands after `#` of a link; a browser with scripts fills it in."""

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


class ChangePasswordForm(NewPasswordForm):
    field_order = ("old", "password", "again")
    old = OwnPasswordForm.base_fields["old"]
