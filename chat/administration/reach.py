"""Checks what an installation needs over the network: Redis, the mail server, the certificates of its own
addresses. Each check ends within seconds."""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings

from chat.administration import outside
from chat.administration.findings import Finding, begun
from helpline.lib import stores

TIMEOUT_SECONDS = 3
PASSWORD = re.compile(r"password|authenticat", re.IGNORECASE)  # in Redis's own error messages
MAIL_ADVICE = "compare HELPLINE_MAIL_… with what your mail provider says (docs/settings.md)"
PROXY_ADVICE = "nothing to do before the proxy is there; then see docs/install.md, Setting up"


def begin(now: datetime) -> Callable[[], Iterator[Finding]]:
    """Starts all checks of this module at the same time. Returns a function that waits for their findings."""
    redis_advice = "start it, or mend REDIS_URL: docs/alerts.md, LayerAway"
    waits = [begun("redis", layer, redis_advice), begun("mail", mail, MAIL_ADVICE)]
    secure = [origin for origin in settings.ORIGINS if origin.startswith("https://")]
    waits += [begun("certificate", partial(certificate, origin, now), PROXY_ADVICE) for origin in secure]

    def wait() -> Iterator[Finding]:
        for one in waits:
            yield from one()

    return wait


def layer() -> Finding:
    """Checks Redis, which carries bells between processes. Without it chats continue, but entries arrive
    later."""
    if not settings.REDIS_URL:
        return Finding("redis", "not used: one process")
    if why := stores.layer_trouble():
        if PASSWORD.search(why):
            advice = "put the password of /etc/valkey/helpline.conf into REDIS_URL"
            return Finding("redis", "answers, but refuses the password in REDIS_URL, or wants one", advice)
        return Finding(
            "redis", f"does not answer ({why})", "start it, or mend REDIS_URL: docs/alerts.md, LayerAway"
        )
    return Finding("redis", "answers")


def mail() -> Finding:
    """Checks that the mail server answers, with TLS and sign-in as the settings require. It sends no mail.
    The server's own messages are not shown, because they may name an account."""
    if not settings.MAIL_HOST:
        return Finding("mail", "none is sent: HELPLINE_MAIL_HOST is not set")
    try:
        with smtplib.SMTP(settings.MAIL_HOST, settings.MAIL_PORT, timeout=TIMEOUT_SECONDS) as server:
            if settings.MAIL_TLS:
                server.starttls(context=ssl.create_default_context())
            if settings.MAIL_USER and settings.MAIL_PASSWORD:
                server.login(settings.MAIL_USER, settings.MAIL_PASSWORD)
    except (OSError, smtplib.SMTPException) as error:
        return Finding("mail", _of_mail(error), MAIL_ADVICE)
    how = "with TLS" if settings.MAIL_TLS else "without TLS"
    return Finding("mail", f"the server answers {how}")


def certificate(origin: str, now: datetime) -> Finding:
    """Checks the certificate that a browser gets at this origin. If the address does not answer, that is only
    a warning: the proxy may be set up later, or be unreachable from this host."""
    place, about = urlsplit(origin), "certificate"
    try:
        expiry = outside.expiry(place, TIMEOUT_SECONDS)
    except ssl.SSLCertVerificationError as error:
        why = error.verify_message.rstrip(".")
        advice = "put one that browsers accept into the proxy: run `helpline setup` again with its file"
        if "expired" in why:
            advice = f"{outside.RENEW}; compare the clock"
        return Finding(about, f"{place.hostname}: browsers refuse it ({why})", advice)
    except OSError as error:
        words = f"{place.hostname} does not answer from here ({_of_network(error)})"
        return Finding(about, words, PROXY_ADVICE, grave=False)
    found = outside.certificate(expiry, now)
    words = f"{place.hostname} {found.words}, {(expiry - now).days} days left"
    return Finding(about, words, found.advice)


def _of_mail(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "the server refuses HELPLINE_MAIL_USER with HELPLINE_MAIL_PASSWORD"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "the server offers no STARTTLS, or no sign-in, at HELPLINE_MAIL_PORT"
    if isinstance(error, smtplib.SMTPException):
        return f"the server does not speak as a mail server should ({type(error).__name__})"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate is refused ({error.verify_message.rstrip('.')})"
    return f"HELPLINE_MAIL_HOST does not answer at HELPLINE_MAIL_PORT ({_of_network(error)})"


def _of_network(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timed out"
    with suppress(AttributeError):
        return str(error.strerror or type(error).__name__)  # type: ignore[attr-defined]
    return type(error).__name__
