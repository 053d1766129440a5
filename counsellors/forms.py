"""The forms of signing in. What is wrong is said in one sentence, whatever field it was."""

from django import forms
from django.utils.translation import gettext_lazy

_PLAIN = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false", "autofocus": True}


class StaffForm(forms.Form):
    problem = ""

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
