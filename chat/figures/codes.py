"""Defines codes, the answers to each question of the wrap-up form: common ones and a line's own."""

from collections.abc import Iterable
from datetime import datetime

from chat import line_scope
from chat.models import OwnCode
from counsellors.models import Person

SUBJECT = "subject"
QUESTION = ""  # a row with this `question` adds a question; its `code` is the new question's name
CROSSED = ("age", "for", "referral")  # questions whose answers are also counted together with the subject

# The subjects follow the ten categories of Child Helpline International. The codes of `detail`, `place`,
# `image` and `passed_on` are those that Offlimits uses.
CODES: dict[str, tuple[str, ...]] = {
    "subject": (
        "abuse_and_violence", "access_to_services", "discrimination", "family", "justice",
        "mental_health", "peers", "physical_health", "school", "sexuality", "none",
    ),
    "detail": (
        "sextortion", "image_abuse", "deepnude", "threats", "grooming", "stalking", "hacked_account",
        "worry_about_self", "worry_about_another", "viewing", "prevention", "other",
    ),
    "for": ("self", "other"),
    "age": ("under_12", "12_15", "16_17", "18_25", "26_up", "unknown"),
    "outcome": ("helped", "referred", "handed_off", "broken_off", "not_serious"),
    "referral": ("none", "police", "csg", "113", "veilig_thuis", "take_it_down", "stopncii", "care", "other"),
    "contact": ("first", "again", "unknown"),
    "weight": ("light", "middling", "heavy"),
    "asks": ("self", "parent", "partner", "friend", "teacher", "professional", "other"),
    "gender": ("girl_woman", "boy_man", "other", "not_told"),
    "place": ("game", "messenger", "platform", "offline", "unknown"),
    "image": ("none", "self_made", "taken", "ai_made", "unknown"),
    "passed_on": ("no", "threatened", "yes", "unknown"),
    "ground": ("none", "origin", "religion", "gender", "orientation", "disability", "other"),
    "escalation": ("none", "supervisor", "emergency", "authorities"),
    "referral_outcome": ("takes_it", "thinks", "refuses", "unknown"),
}  # fmt: skip


def of_line(line: str, *, before: datetime | None = None) -> dict[str, list[str]]:
    """Returns the codes of the line's forms and figures, by question. Ended codes are included, because an
    open form and old figures may use them.

    With `before`, returns only the codes that were added before that time. The table of a published period
    must not get another code later: the zero of that code would change which numbers are hidden, and this
    change could reveal that the hidden small numbers are all fours.
    """
    rows = OwnCode.objects.filter(line=line)
    return _with((rows if before is None else rows.filter(since__lt=before)).order_by("pk"))


def own_words(line: str) -> dict[str, dict[str, str]]:
    """Returns the names of the line's own codes, by code and language."""
    return dict(OwnCode.objects.filter(line=line).values_list("code", "says"))


def offered_to(person: Person) -> tuple[dict[str, list[str]], list[OwnCode]]:
    """Returns the codes of all lines that this person works for, by question, and the rows of the lines' own
    codes."""
    own = list(OwnCode.objects.filter(line__in=line_scope.own_lines(person), ended=None).order_by("pk"))
    return _with(own), own


def _with(own: Iterable[OwnCode]) -> dict[str, list[str]]:
    """Returns the common codes together with the lines' own codes, by question. Own questions come after the
    common ones. Own codes of a common question come before its last common code, which is "none" or
    "other"."""
    rows = list(own)
    found = {name: list(codes) for name, codes in CODES.items()}
    found |= {row.code: [] for row in rows if row.question == QUESTION}
    for row in rows:
        codes = found.get(row.question, [])
        if row.code not in codes:
            codes.insert(-1 if row.question in CODES else len(codes), row.code)
    return found
