"""How long every model's rows are kept, and why. A model that is not listed here fails a test."""

RULES: dict[str, str] = {
    # What callers leave behind
    "chat.Conversation": "purge: at the end + retention, at the latest at D; or erased by the caller",
    "chat.Member": "with its conversation",
    "chat.Entry": "with its conversation",
    "chat.Wrap": "staff's an hour after they left or the end; all with the conversation; unreadable at D",
    "chat.Invitation": "with its conversation",
    "chat.Lease": "while its socket is open, or silent for HERE",
    # What outlives conversations because it holds nothing of them
    "chat.Purged": "until the line stands in the journal outside the database",
    "chat.JournalHead": "one number, for ever",
    "chat.Figure": "for ever: hourly counters without content",
    "counsellors.AuditRow": "five years: ids and codes, no content, no address",
    "counsellors.AuditHead": "one link, for ever",
    # The organisation
    "chat.Line": "for ever: set by the organisation",
    "chat.Service": "for ever: public facts",
    "chat.Work": "while somebody works there",
    "counsellors.Person": "made inactive when somebody leaves: the audit names them by handle",
    "counsellors.Role": "with its person",
    "counsellors.Device": "with its person; a revoked one stays as a record",
    "counsellors.Duty": "with its person; off after 60 s of silence",
    "otp_totp.TOTPDevice": "with its person",
    "otp_static.StaticDevice": "with its person",
    "otp_static.StaticToken": "used once",
    # The framework
    "axes.AccessAttempt": "a name, a number and a time; forgotten after an hour",
    "axes.AccessAttemptExpiration": "with its attempt",
    "axes.AccessFailureLog": "never written",
    "axes.AccessLog": "never written",
    "sessions.Session": "twelve hours, or until somebody signs out",
    "admin.LogEntry": "for ever: what administrators changed, nothing of callers",
    "auth.Group": "not used",
    "auth.Permission": "made by the framework",
    "contenttypes.ContentType": "made by the framework",
}
