"""Counts the results of removal cases by platform, kind of content, outcome and duration. The counters are
never cross-tabulated."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from chat import states
from chat.conversation.seats import Seat, in_charge, present, require_seat
from chat.figures import counters
from chat.models import CountedResult, Line, Member
from helpline.lib.errors import BadFrame, Conflict, Ended, Forbidden

PLATFORMS = {
    "snapchat": "Snapchat",
    "instagram": "Instagram",
    "tiktok": "TikTok",
    "whatsapp": "WhatsApp",
    "telegram": "Telegram",
    "discord": "Discord",
    "facebook": "Facebook",
    "youtube": "YouTube",
    "x": "X",
    "reddit": "Reddit",
    "twitch": "Twitch",
    "roblox": "Roblox",
    "onlyfans": "OnlyFans",
    "pornhub": "Pornhub",
    "google": "Google",
}
# The codes that a console may count, by name. `outcome` is how the platform responded, if it responded at
# all.
CODES: dict[str, tuple[str, ...]] = {
    "platform": (*PLATFORMS, "other"),
    "what": ("image", "video", "profile", "group", "other"),
    "outcome": ("removed", "gone", "refused", "silent", "dropped"),
    "days": ("0-1", "2-7", "8-30", "more"),
}


def counter(name: str) -> str:
    """Returns the name of the figure that counts the codes in CODES[name]."""
    return f"case_{name}"


@transaction.atomic
def count(seat: Seat, item: str, told: Mapping[str, str], *, now: datetime) -> None:
    """Adds one to a counter of this month. `told` has exactly one entry, which maps a name in CODES to the
    code that is counted. For each item of the case, each name in CODES is counted at most once.

    Only the seat in charge, or the counsellor who has taken a letter, may count, and only until STAFF_WRAPS
    after the end of the conversation. Raises Forbidden for another seat, BadFrame for an unknown code or more
    than one code, Ended after that time, and Conflict on a line that keeps no cases.
    """
    member = require_seat(seat, lock=True)
    conversation = member.conversation
    if not _is_in_charge(member):
        raise Forbidden
    if len(told) != 1 or any(code not in CODES[name] for name, code in told.items()):
        raise BadFrame
    [(name, code)] = told.items()
    if not Line.objects.filter(pk=conversation.line_id, cases=True).exists():
        raise Conflict
    if conversation.ended_at is not None and conversation.ended_at + settings.STAFF_WRAPS <= now:
        raise Ended
    _, is_new = CountedResult.objects.get_or_create(conversation=conversation, item=item, name=name)
    if is_new:
        counters.count_of_month({(counter(name), code): 1}, conversation.line_id, now=now)


def _is_in_charge(member: Member) -> bool:
    if member.role == states.SeatRole.LETTERS:
        return True  # `require_seat` has checked that the letter is still taken
    leader = in_charge(present(member.conversation_id))
    return leader is not None and leader.pk == member.pk and member.role in states.LINE_STAFF
