"""Collects the models by subject. They contain constraints and queries, but no workflow."""

from chat.models.care import AcuteStep, Carried, Debrief
from chat.models.cases import CountedResult
from chat.models.conversation import Conversation, Entry, Member, Members
from chat.models.figures import Figure, OwnCode, WaitingAnswer
from chat.models.handoff import Invitation, Service
from chat.models.hours import DatedHours, HolidayHours, Hours, WeeklyHours
from chat.models.letters import GivenBack, Letter, ReplacedCode
from chat.models.lines import Line
from chat.models.one_use import UsedWork
from chat.models.outbox import Outgoing
from chat.models.retention import Hold, JournalHead, KeyShare, LineKey, Process, Purged, Reading
from chat.models.secrets import ReturnCode, Wrap
from chat.models.slots import Puncture, Slot, SlotFile
from chat.models.sockets import Heartbeat, Lease
from chat.models.supervision import ApprovalRequest, LastProven, Missed, Sample
from chat.models.wording import Edition, OwnSentence, ReadySentence
from chat.models.work import Practising, Work
