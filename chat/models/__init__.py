"""The models by subject. They have constraints and queries, and no workflow."""

from chat.models.care import AcuteStep, Carried, Debrief
from chat.models.conversation import (
    Conversation,
    Entry,
    Heartbeat,
    Lease,
    Member,
    Members,
    ReturnCode,
    UsedWork,
    Wrap,
    _member_id,
)
from chat.models.figures import Figure, OwnCode, WaitingAnswer
from chat.models.handoff import Invitation, Service
from chat.models.hours import DatedHours, HolidayHours, Hours, WeeklyHours
from chat.models.lines import Edition, Line, OwnSentence, Practising, ReadySentence, Work
from chat.models.outbox import Outgoing
from chat.models.retention import Hold, JournalHead, Process, Purged, Reading, ReviewKey, ReviewShare
from chat.models.slots import Puncture, Slot, SlotFile
from chat.models.supervision import ApprovalRequest, LastProven, Sample

__all__ = [
    "AcuteStep",
    "ApprovalRequest",
    "Carried",
    "Conversation",
    "DatedHours",
    "Debrief",
    "Edition",
    "Entry",
    "Figure",
    "Heartbeat",
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
    "OwnCode",
    "OwnSentence",
    "Practising",
    "Process",
    "Puncture",
    "Purged",
    "Reading",
    "ReadySentence",
    "ReturnCode",
    "ReviewKey",
    "ReviewShare",
    "Sample",
    "Service",
    "Slot",
    "SlotFile",
    "UsedWork",
    "WaitingAnswer",
    "WeeklyHours",
    "Work",
    "Wrap",
    "_member_id",  # migrations name it
]
