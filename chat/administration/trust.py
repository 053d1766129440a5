"""Checks for `helpline check` which devices and keys an installation trusts, and whether people and services
can be reached."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q

from chat import outbox
from chat.administration.findings import Finding
from chat.handoff import link_messages
from chat.letters import alarms, conditions
from chat.lines import addresses
from chat.models import Line, Service, Work
from chat.supervision import approvers, certificate_ends
from counsellors import audit
from counsellors.certificates import roots
from counsellors.models import Device, Person, Role, Scope
from counsellors.signin import factors
from helpline.lib import clock

WARN_DAYS_BEFORE = 30
LACKED = {
    "roots": "named roots",
    "key": "a letters key",
    "certificate": "signatures under its letters key",
    "generation": "a new letters key: somebody who had it is gone",
    "review": "a review key",
    "address": "an address for alarms",
    "people": "a person of each day",
    "opening": "a time at which it opens again",
}


def lines() -> Finding:
    """Checks that there is at least one line: without a line, nobody can call."""
    names = list(Line.objects.offered().order_by("pk").values_list("name", flat=True))
    return Finding(
        "lines", ", ".join(names) or "there are none", "" if names else "begin with `helpline setup`"
    )


def devices() -> Finding:
    """Checks that each line has a supervisor with an approved device: without such a supervisor, nobody on
    the line can approve devices."""
    approved = Device.objects.filter(
        state=Device.State.APPROVED, person__is_active=True, person__role_rows__name=Role.Name.SUPERVISOR
    )
    served = Work.objects.filter(person__devices__in=approved).values("line")
    without = list(Line.objects.offered().exclude(pk__in=served.exclude(line=None)).order_by("pk"))
    if without:
        words = f"no supervisor with an approved device: {', '.join(line.name for line in without)}"
        if settings.DEVICE_APPROVAL == "any":
            advice = "the first browser in which one signs in is approved"
            return Finding("devices", words, advice, grave=False)
        return Finding("devices", words, _first_device(without))
    return Finding("devices", "each line has a supervisor with an approved one")


def _first_device(lines: list[Line]) -> str:
    """Returns advice on how these lines get their first approved device. counsellors/devices.py decides
    whether that device needs an approval."""
    theirs = Person.objects.filter(work__line__in=lines, role_rows__name=Role.Name.SUPERVISOR)
    if theirs.filter(devices__state=Device.State.PENDING, is_active=True).exists():
        return "compare the eight words by voice, then run `helpline approvedevice`"
    if settings.DEVICE_APPROVAL == "first":
        return "let one sign in: their first browser needs no approval"
    founding = Q(entry_link__by=None, entry_link__until__gt=clock.now(), devices=None)
    if theirs.filter(Q(came_at=None) | founding).exists():
        return (
            "let one come in by the link that `helpline setup` showed, or `helpline link NAME` shows: their "
            "first browser then needs no approval"
        )
    return "let one sign in, then compare the eight words by voice and run `helpline approvedevice`"


def certificates(now: datetime) -> Finding:
    """Checks that everybody who takes callers has a certificate: as soon as the pages name roots, nobody can
    take callers without a certificate."""
    about = "certificates"
    try:
        file = roots.read()
    except roots.Unreadable as error:
        return Finding(about, f"{settings.ROOTS} cannot be read: nobody gets in", str(error.__doc__))
    if file is None or not file.roots:
        if Scope.objects.exists():
            words = f"there are scopes, and no {settings.ROOTS}"
            return Finding(about, words, "bring the file back from its copy (docs/backup.md)", stops=True)
        words = "keys are not certified: whoever can write the database can seat one"
        return Finding(about, words, "see docs/operations.md, Roots and signatures", grave=False)
    missing, soon = not_certified(now), ending_soon(now)
    if not any(root.named for root in file.roots):
        advice = "certify everybody" if missing else "run `helpline root name`"
        words = "; ".join(missing) or "everybody is certified, no root is named"
        return Finding(about, words, advice, grave=False)
    if missing or soon:
        advice = "sign on the board, under People; or run `helpline root scope`"
        return Finding(about, "; ".join([*missing, *soon]), advice, grave=bool(missing))
    return Finding(about, "everybody who takes callers is certified")


def pages() -> Finding:
    """Checks that the file of roots and the database assign each URL to the same line. If they assign a URL
    to different lines, nobody can begin a conversation at that URL."""
    about, file = "addresses", roots.read_or_none()
    if file is None or not file.is_named:
        return Finding(about, "as the database has them: no root is named")
    if found := addresses.differing(file):
        advice = "where the database is right, run `helpline root paths`; else put it right"
        return Finding(about, f"nobody gets in: {'; '.join(found)}", advice)
    return Finding(about, "each page is of the line that the roots' file lists")


def not_certified(now: datetime) -> list[str]:
    """Returns a sentence for each line and each desk where people lack a certificate. These people could not
    take callers if the pages named roots."""
    return list(certificate_ends.in_words(certificate_ends.lacking(now=now)))


def ending_soon(now: datetime) -> list[str]:
    """Returns sentences about scopes and certificates that expire within 30 days, and about scopes whose
    signers left or lost their device."""
    found, names = [], certificate_ends.names()
    for scope in Scope.objects.order_by("kind", "slug"):
        name = names.get((scope.kind, scope.slug), scope.slug)
        left = (certificate_ends.instant(scope.not_after) - now).days
        if 0 <= left <= WARN_DAYS_BEFORE:
            found.append(f"{name}: nobody may sign in {left} days")
        if gone := certificate_ends.gone_signers(scope):
            found.append(f"{name}: {gone} may still sign who left or lost their device")
        if near := certificate_ends.counts(scope.kind, scope.slug, now=now).near:
            found.append(f"{name}: {near} end within 30 days")
    for line in Line.objects.offered().exclude(review_key=None).order_by("pk"):
        end = certificate_ends.review_key_end(line)
        if end is not None and 0 <= (days := (end - now).days) <= WARN_DAYS_BEFORE:
            found.append(f"{line.name}: its review key has to be signed anew within {days} days")
    return found


def second_ones(now: datetime) -> Finding:
    """Checks that each line has a second supervisor. Some changes need a second supervisor's approval. On a
    line with only one supervisor, that supervisor can make these changes alone."""
    if without := approvers.without_second(now=now):
        names = Line.objects.filter(pk__in=without).order_by("pk").values_list("name", flat=True)
        words = f"one is enough for what takes two: {', '.join(names)}"
        advice = "let two supervisors of each line sign in; each counts a week after they came in"
        return Finding("two persons", words, advice, grave=False)
    return Finding("two persons", "each line has a second supervisor")


def letters(now: datetime) -> Finding:
    """Checks that each line can accept letters if its supervisors switched letters on, and that no letter is
    unanswered after its promised reply date."""
    about, wrong = "letters", []
    lines = list(Line.objects.offered().exclude(letters=Line.Letters.NEVER).order_by("pk"))
    for line in lines:
        if lacks := conditions.lacking(line, now=now):
            wrong.append(f"{line.name} takes none, for want of {', '.join(LACKED[code] for code in lacks)}")
        if late := alarms.overdue(line.pk, now=now):
            wrong.append(f"{line.name}: {late} should have been answered")
    if wrong:
        return Finding(about, "; ".join(wrong), "see Letters of that line on the board", grave=False)
    return Finding(about, "each line that takes them can" if lines else "no line takes any")


def audit_chain() -> Finding:
    """Checks that no key of the audit chain is missing. It does not check the rows of the chain, which may
    cover many years: `helpline audit verify` checks them."""
    if gone := audit.keys_gone():
        words = f"{len(gone)} keys are gone, so what was recorded under them cannot be checked"
        advice = "bring the .audit files back to HELPLINE_KEYS from your copy (docs/secrets.md)"
        return Finding("audit", words, advice, grave=audit.is_newest_key_gone())
    return Finding("audit", "its keys are there")


def server_secret() -> Finding:
    """Checks that only one server secret is accepted. While the secret is being changed, the old one is
    accepted as well."""
    if settings.SECRET_KEY_FALLBACKS:
        words = "HELPLINE_SECRET_KEY_ALSO is accepted, too"
        advice = "finish the change as docs/secrets.md says; two days after it, leave this out"
        return Finding("secret", words, advice, grave=False)
    return Finding("secret", "one alone is accepted")


def second_factors() -> Finding:
    """Checks that the key of each stored second factor still exists: without that key, the person cannot sign
    in."""
    if closed := factors.without_key():
        words = f"{closed} seeds and recovery codes are under a key that is gone"
        advice = "bring the .seal file back to HELPLINE_KEYS, or forget these second factors in the admin"
        return Finding("second factors", words, advice)
    return Finding("second factors", "their keys are there")


def contacts() -> Finding:
    """Checks that mail can be sent if a service needs it: a service without a desk receives its invitations
    as links by mail."""
    asked_by_mail = Service.objects.exclude(contact_mail="").filter(desk=False)
    unreached = sorted(row.name for row in asked_by_mail if not link_messages.has_contact(row))
    if unreached:
        words = f"no mail is sent, so these services can only be referred to: {', '.join(unreached)}"
        return Finding("contacts", words, "set HELPLINE_MAIL_HOST")
    return Finding("contacts", "each that is set can be reached")


def alert_addresses() -> Finding:
    """Checks that each line's alerts are sent to somebody: without an address they are seen only by people
    who look at the board. The finding names lines, never an address."""
    about, lines = "alert addresses", list(Line.objects.offered().order_by("pk"))
    if unsent := [
        line.name for line in lines if line.alert_mail and not line.alert_url and not outbox.can_mail()
    ]:
        words = f"no mail is sent, so nobody is told of alerts on {', '.join(unsent)}"
        return Finding(about, words, "set HELPLINE_MAIL_HOST")
    if silent := [line.name for line in lines if not line.alert_mail and not line.alert_url]:
        advice = "let a supervisor ask for one on the board, under Line (docs/first-day.md)"
        return Finding(
            about, f"{', '.join(silent)}: none, so only the board shows alerts", advice, grave=False
        )
    return Finding(about, "each line has one")
