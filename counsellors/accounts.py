"""Signing in, in two steps: a password opens nothing but the page of the second factor."""

from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp import login as remember_second_factor
from django_otp.models import Device as SecondFactor

from counsellors import audit
from counsellors.models import Person
from helpline.lib import clock

HALF_LASTS = timedelta(minutes=10)
_HALF = "half_signed_in"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def no_address(_request: HttpRequest) -> None:
    """axes asks for the client's address: we have none."""


def open_second_step(request: HttpRequest, person: Person) -> None:
    """The password was right. Whatever the session was before ends here; nobody is signed in yet."""
    request.session.flush()
    request.session[_HALF] = {
        "person": person.pk,
        "hash": person.get_session_auth_hash(),  # a new password ends this step too
        "until": (clock.now() + HALF_LASTS).isoformat(),
    }


def half_signed_in(request: HttpRequest) -> Person | None:
    """Who gave the right password in this session within the last minutes, or None."""
    half = request.session.get(_HALF)
    if half is None or clock.now() > datetime.fromisoformat(half["until"]):
        return None
    person = Person.objects.filter(pk=half["person"], is_active=True).first()
    if person is None or not constant_time_compare(half["hash"], person.get_session_auth_hash()):
        return None
    return person


def sign_in(request: HttpRequest, person: Person, second_factor: SecondFactor) -> None:
    """A new session with a new id, so that one planted before the sign-in is worth nothing after it."""
    request.session.flush()
    auth.login(request, person, backend=_BACKEND)
    remember_second_factor(request, second_factor)
    audit.record(person, "sign_in")


def sign_out(request: HttpRequest) -> None:
    if isinstance(request.user, Person):
        audit.record(request.user, "signed_out")
    auth.logout(request)


def signed_in(request: HttpRequest) -> Person | None:
    """The person of this request, if both factors were given."""
    person = request.user
    if isinstance(person, Person) and getattr(person, "otp_device", None) is not None:
        return person
    return None


def person_of_session(key: str | None) -> Person | None:
    """The active person who signed in with both factors, or None.

    Read from the database at every call: signing out, a new password and a deactivation end it at once.
    """
    if not key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    if request.session.get("_session_expiry") and request.session.get_expiry_date() < timezone.now():
        return None
    user = auth.get_user(request)
    if not isinstance(user, Person) or not user.is_active or not _has_second_factor(request, user):
        return None
    return Person.objects.prefetch_related("role_rows").get(pk=user.pk)


def _has_second_factor(request: HttpRequest, person: Person) -> bool:
    device = SecondFactor.from_persistent_id(request.session.get(DEVICE_ID_SESSION_KEY, "") or "x/0")
    return device is not None and device.confirmed and device.user_id == person.pk
