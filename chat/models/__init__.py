"""What the database holds. Constraints and questions; no workflow."""

from chat.models.conversation import Conversation, Entry, Lease, Member, Members, Wrap, _member_id
from chat.models.hours import DatedHours, HolidayHours, Hours, Notice, WeeklyHours
from chat.models.invitation import Invitation
from chat.models.organisation import Line, Service, Work
from chat.models.records import Figure, JournalHead, Purged, Sample
from chat.models.review import Hold, Reading, ReviewKey, ReviewShare

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
    "Lease",
    "Line",
    "Member",
    "Members",
    "Notice",
    "Purged",
    "Reading",
    "ReviewKey",
    "ReviewShare",
    "Sample",
    "Service",
    "WeeklyHours",
    "Work",
    "Wrap",
    "_member_id",  # migrations name it
]
