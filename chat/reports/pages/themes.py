"""Serves the page on which an organisation defines the themes of its funders."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from chat.figures import codes
from chat.reports import history, themes
from chat.reports.pages.names import Names
from chat.reports.themes import QUESTIONS, NoTheme, ThemeTaken, TooManyThemes
from counsellors.pages.common import on_a_proven_device, only_for, person_of, show, touches
from counsellors.pages.forms import StaffForm
from helpline import languages
from helpline.languages import for_staff, staff_codes
from helpline.lib import clock
from helpline.lib.errors import NotFound, Refusal

_WORDS: dict[type[Refusal], Any] = {
    NoTheme: gettext_lazy("theme.none"),
    ThemeTaken: gettext_lazy("theme.taken"),
    TooManyThemes: gettext_lazy("theme.too_many"),
}


NAME = "name_"  # followed by the code of the language


class ThemeForm(StaffForm):
    """Checks the form of a theme. Its answers are sent as `question:code`, and all must belong to one
    question."""

    codes = forms.MultipleChoiceField(
        label=gettext_lazy("theme.codes"), widget=forms.CheckboxSelectMultiple, choices=()
    )

    def __init__(self, data: Any, line: str) -> None:
        super().__init__(data)
        for code in staff_codes():
            label = f"{gettext('theme.name')} ({languages.name(code)})"
            self.fields[f"{NAME}{code}"] = forms.CharField(label=label, max_length=60)
        names = Names(line)
        known = codes.of_line(line)
        self.fields["codes"].choices = [  # type: ignore[attr-defined]
            (f"{question}:{code}", f"{names.table(question)}: {names.code(question, code)}")
            for question in QUESTIONS
            for code in known[question]
        ]

    def names(self) -> list[forms.BoundField]:
        """Returns the fields for the theme's name, one for each language."""
        return [field for field in self if field.name.startswith(NAME)]

    def says(self) -> dict[str, str]:
        given = ((field.name.removeprefix(NAME), self.cleaned_data[field.name]) for field in self.names())
        return languages.stripped(dict(given))


@require_http_methods(["GET", "HEAD", "POST"])
@only_for("figures")
@on_a_proven_device
@touches("line")
def overview(request: HttpRequest, line: str) -> HttpResponse:
    """Shows the themes, each with a link to its report of the newest published year, and adds and removes
    themes."""
    me = person_of(request)
    try:
        found = themes.of_line(me, line)
        years = history.periods_of(me, line, now=clock.now()).years
        form = ThemeForm(None, line)
        if request.method == "POST":
            if dropped := request.POST.get("drop", "").replace("\x00", "?"):
                themes.drop(me, line, dropped)
                return redirect("themes", line)
            form = ThemeForm(request.POST, line)
            if form.is_valid() and _added(request, line, form):
                return redirect("themes", line)
            form.refuse(form.problem or form.problems())
    except NotFound:
        raise Http404 from None
    names = Names(line)
    rows = [
        (one.slug, for_staff(one.says), [names.code(one.question, code) for code in one.codes])
        for one in found
    ]
    return show(
        request, "reports/themes.html", form=form, rows=rows, line=line, year=years[0] if years else ""
    )


def _added(request: HttpRequest, line: str, form: ThemeForm) -> bool:
    chosen = [tuple(one.split(":", 1)) for one in form.cleaned_data["codes"]]
    questions = {question for question, _ in chosen}
    try:
        if len(questions) != 1:
            raise NoTheme
        codes_of_it = [code for _, code in chosen]
        themes.add(person_of(request), line, form.says(), questions.pop(), codes_of_it)
    except Refusal as refusal:
        if type(refusal) not in _WORDS:
            raise
        form.refuse(str(_WORDS[type(refusal)]))
        return False
    return True
