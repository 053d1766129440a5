"""Defines how long the rows of every model are kept, and why, and which kind of personal data they are. A
test fails for a model that is not listed. An optional app has lists of its own."""

from typing import NamedTuple

from helpline import optional_apps

RULES: dict[str, str] = {
    # Data that callers leave behind
    "chat.Conversation": "purge: at the end + retention, at the latest at D or its hold's end; or erased",
    "chat.Member": "with its conversation",
    "chat.Entry": "with its conversation",
    "chat.Wrap": "staff's an hour after they left or the end; all with the conversation",
    "chat.Invitation": "with its conversation",
    "chat.Outgoing": "until it is told, or its hour is over; a notice to a partner no longer than it rings",
    "chat.Reading": "with its conversation",
    "chat.Hold": "with its conversation; the audit keeps who, when and why",
    "chat.AcuteStep": "with its conversation; the audit keeps which step, who and when",
    "chat.ReturnCode": "used once, unless of a letter; replaced, forgotten, or with its conversation",
    "chat.CountedResult": "with its conversation: which results of a removal case were counted, not which",
    "chat.Letter": "with its conversation: a letter's promise and who has it",
    "chat.GivenBack": "with its letter: who gave it back, and when",
    "chat.ReplacedCode": "with its conversation: hashes of a letter's earlier return codes",
    "chat.UsedWork": "two minutes, for feedback two days: that something was used, and nothing of who did",
    "chat.Lease": "while its socket is open, or silent for HERE",
    "chat.Heartbeat": "one row, for ever: when the worker wrote last",
    # Data that is kept longer than conversations, because it has none of their content
    "chat.Purged": "until the line stands in the journal outside the database",
    "chat.JournalHead": "one number, for ever",
    "chat.Process": "a day after it was last seen: which process of ours runs on which host, and its release",
    "chat.Figure": "for ever: counters without content, of an hour or, what was said, of a month",
    "chat.WaitingAnswer": "until five said something, at most 13 months: sealed; its key is zeroed then",
    "chat.SlotFile": "until its hour: how many keys of a file were given out",
    "chat.Puncture": "until the key is zeroed in every folder",
    "chat.Carried": "eight weeks: how many conversations a person had a day, and how many were heavy",
    "chat.Debrief": "until held, then eight weeks: who wanted to talk, and with whom they did",
    "chat.Sample": "eight weeks: a line's sums each minute, for the curve of a day",
    "chat.Missed": "a day: that nobody came, or an acute caller lost the counsellor; no caller is named",
    "counsellors.AuditRow": "five years: codes, staff's ids, a conversation by a number that dies with it",
    "counsellors.AuditHead": "one link, for ever",
    "counsellors.Signer": "with its device: a public key that signs",
    "counsellors.Scope": "until it is signed anew: who may sign for a line or a service",
    "counsellors.Certificate": "400 days after it ended: a public key, until when, signed by whom",
    # The organisation
    "chat.Line": "for ever: set by the organisation",
    "chat.Edition": "for ever: what a line told its callers from when on; no caller's text",
    "chat.ReadySentence": "for ever: what staff of a line had ready to say from when on; no caller's text",
    "chat.OwnSentence": "with its person, or until they change it: staff's own text, no caller's",
    "chat.OwnCode": "for ever: figures name it; it ends, and is never used again",
    "chat.Service": "for ever: public facts",
    "chat.WeeklyHours": "for ever: set by the organisation",
    "chat.HolidayHours": "for ever: set by the organisation",
    "chat.DatedHours": "for ever: set by the organisation",
    "chat.LineKey": "for ever: public keys and their dates",
    "chat.KeyShare": "until its key is an earlier one that no conversation names",
    "chat.ApprovalRequest": "90 days after it ended: what two persons decided; the audit keeps who and when",
    "chat.LastProven": "with its person: when a supervisor was last there, to the hour",
    "chat.Practising": "until they stop, at most twelve hours",
    "chat.Work": "while somebody works there",
    "counsellors.Person": "FORGET_STAFF after leaving a number without a name: the audit has its handle",
    "counsellors.Role": "with its person",
    "counsellors.Session": "twelve hours, an hour unused, or until somebody signs out or loses a right to it",
    "counsellors.Device": "ends after 90 days unused; stays as a record, nameless with its person",
    "counsellors.WrongGuesses": "a keyed hash of a name, a number and a time; forgotten after a day",
    "counsellors.EntryLink": "a day; used once",
    "counsellors.Replacement": "thirty days; who may undo it for one",
    "counsellors.Organisation": "for ever: a name",
    "counsellors.Duty": "with its person; off after 60 s of silence",
    "counsellors.Authenticator": "with its person",
    "counsellors.RecoveryCodes": "with its person",
    "counsellors.Passkey": "with its person, or until they remove it: a public key, a label and two dates",
    "counsellors.PasskeyChallenge": "answered once, or two minutes",
    "counsellors.PasskeyDemand": "set by the organisation, until it is lifted",
    "otp_totp.TOTPDevice": "with its person",
    "otp_static.StaticDevice": "with its person",
    "otp_static.StaticToken": "used once",
    # The framework
    "admin.LogEntry": "five years, or with the person that it is about: what administrators changed",
    "auth.Group": "not used",
    "auth.Permission": "made by the framework",
    "contenttypes.ContentType": "made by the framework",
}


CALLERS, STAFF = "callers", "staff"


class Kind(NamedTuple):
    """Describes one kind of data: whom the data is about, and the models that hold the data. The texts about
    it have the keys `kind.<name>…` in `papers/texts.json` of each language's folder."""

    whose: frozenset[str]
    models: frozenset[str]


def kind(whose: str, models: str) -> Kind:
    """Builds a Kind. Each argument holds names that are separated by spaces."""
    return Kind(frozenset(whose.split()), frozenset(models.split()))


KINDS: dict[str, Kind] = {
    "messages": kind("callers staff", "chat.Conversation chat.Entry"),
    "frame": kind(
        "callers staff",
        "chat.Member chat.Lease chat.Invitation chat.Outgoing chat.AcuteStep chat.UsedWork",
    ),
    "keys": kind("callers", "chat.Wrap chat.SlotFile chat.Puncture"),
    "code": kind("callers", "chat.ReturnCode"),
    "letters": kind("callers staff", "chat.Letter chat.GivenBack chat.ReplacedCode"),
    "cases": kind("callers", "chat.CountedResult"),
    "readings": kind("callers staff", "chat.Reading chat.LineKey chat.KeyShare"),
    "holds": kind("callers staff", "chat.Hold"),
    "answers": kind("callers staff", "chat.WaitingAnswer"),
    "figures": kind("callers", "chat.Figure chat.Sample"),
    "audit": kind("callers staff", "counsellors.AuditRow counsellors.AuditHead"),
    "changes": kind("staff", "admin.LogEntry"),
    "person": kind(
        "staff",
        "counsellors.Person counsellors.Role chat.Work chat.LastProven counsellors.EntryLink"
        " counsellors.Replacement chat.OwnSentence",
    ),
    "duty": kind("staff", "counsellors.Duty chat.Practising"),
    "signin": kind(
        "staff",
        "counsellors.Authenticator counsellors.RecoveryCodes counsellors.Passkey counsellors.PasskeyChallenge"
        " counsellors.Session otp_totp.TOTPDevice otp_static.StaticDevice otp_static.StaticToken",
    ),
    "guesses": kind("staff", "counsellors.WrongGuesses"),
    "devices": kind("staff", "counsellors.Device counsellors.Signer"),
    "certificates": kind("staff", "counsellors.Certificate counsellors.Scope"),
    "care": kind("staff", "chat.Carried chat.Debrief"),
    "missed": kind("staff", "chat.Missed"),
    "approvals": kind("staff", "chat.ApprovalRequest"),
    "lines": kind("staff", "chat.Line chat.Edition chat.ReadySentence"),
    "nobody": kind(
        "",
        "chat.Purged chat.JournalHead chat.Process chat.Heartbeat chat.OwnCode chat.Service"
        " chat.WeeklyHours chat.HolidayHours chat.DatedHours counsellors.Organisation"
        " counsellors.PasskeyDemand auth.Group auth.Permission contenttypes.ContentType",
    ),
}


def kinds() -> dict[str, Kind]:
    """Returns the kinds of data, by name, of the core and of the optional apps."""
    return KINDS | {
        name: found for app in optional_apps.modules("keeping") for name, found in app.KINDS.items()
    }


def rules() -> dict[str, str]:
    """Returns the rules, by model, of the core and of the optional apps."""
    return RULES | {
        model: rule for app in optional_apps.modules("keeping") for model, rule in app.RULES.items()
    }
