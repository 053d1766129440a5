"""What became of removal cases: counters by platform, what, outcome and time, which are never crossed."""

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
# The codes that a console may count, by name. `outcome`: what the platform did, or that it did nothing.
CODES: dict[str, tuple[str, ...]] = {
    "platform": (*PLATFORMS, "other"),
    "what": ("image", "video", "profile", "group", "other"),
    "outcome": ("removed", "gone", "refused", "silent", "dropped"),
    "days": ("0-1", "2-7", "8-30", "more"),
}


def counter(name: str) -> str:
    """Returns the name of the figure that counts this of an item."""
    return f"case_{name}"


@transaction.atomic
def count(seat: Seat, item: str, told: Mapping[str, str], *, now: datetime) -> None:
    """Counts one thing about an item of the case, once per item and name, in the figures of the month. `told`
    has one name with its code.

    Only who is in charge, or a letter's taker, may count, until the staff's wraps end. Raises Forbidden for
    another seat, BadFrame for any other code and for more than one, Ended later, and Conflict on a line that
    keeps no cases.
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
        return True  # its take was checked
    leader = in_charge(present(member.conversation_id))
    return leader is not None and leader.pk == member.pk and member.role in states.LINE_STAFF
