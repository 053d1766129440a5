"""The coded form after a conversation. It feeds the counters and holds no text about the caller."""

from datetime import datetime

from django.db import transaction

from chat import states
from chat.figures import counters
from chat.models import Member
from counsellors.models import Person
from helpline.lib.errors import BadFrame, Conflict, NotFound

# Subjects after the ten categories of Child Helpline International; details as Offlimits counts them.
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
}  # fmt: skip


@transaction.atomic
def wrap_up(person: Person, conversation: str, codes: dict[str, str], *, now: datetime) -> None:
    """By whoever held a staff seat, also afterwards. BadFrame for an unknown name or code."""
    if any(code not in CODES.get(name, ()) for name, code in codes.items()):
        raise BadFrame
    seats = Member.objects.filter(conversation=conversation, person=person, role__in=states.STAFF)
    # What only a hold keeps is gone for whoever sat there: they do not learn that it is held.
    seats = seats.filter(conversation__gone_at=None)
    seat = seats.select_related("conversation").order_by("-joined_seq").first()
    if seat is None:
        raise NotFound
    # One form a seat: sent twice it would be counted twice.
    if not Member.objects.filter(pk=seat.pk, wrapped_up=False).update(wrapped_up=True):
        raise Conflict
    values = {(f"wrapup_{name}", code): 1 for name, code in codes.items()}
    counters.count_all(values, seat.conversation.line_id, now=now)
