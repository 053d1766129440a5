"""What the database holds, by subject. Constraints and questions; no workflow."""

from chat.models.conversation import Conversation, Entry, Lease, Member, Members, Wrap, _member_id
from chat.models.figures import Figure
from chat.models.handoff import Invitation, Service
from chat.models.hours import DatedHours, HolidayHours, Hours, WeeklyHours
from chat.models.lines import Line, Work
from chat.models.outbox import Outgoing
from chat.models.retention import Hold, JournalHead, Purged, Reading, ReviewKey, ReviewShare
from chat.models.supervision import LastProven, Sample, Wish

__all__ = [
    "Conversation",
    "DatedHours",
    "Entry",
    "Figure",
    "Hold",
    "HolidayHours",
    "Hours",
    "Invitation",
    "JournalHead",
    "LastProven",
    "Lease",
    "Line",
    "Member",
    "Members",
    "Outgoing",
    "Purged",
    "Reading",
    "ReviewKey",
    "ReviewShare",
    "Sample",
    "Service",
    "WeeklyHours",
    "Wish",
    "Work",
    "Wrap",
    "_member_id",  # migrations name it
]
