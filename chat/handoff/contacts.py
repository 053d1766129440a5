"""Stores a service's contact, to which the links for its guests are sent. A change needs two people
(chat/supervision/approval_requests.py)."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower

from chat.models import Service
from helpline.lib import signed_post
from helpline.lib.errors import BadFrame, Conflict


def require_contact(*, mail: str, url: str) -> None:
    """Raises BadFrame for an invalid address. Both addresses may be empty. In that case no guest can be
    invited by a link."""
    try:
        if mail:
            validate_email(mail)
        if url:
            signed_post.https_only(url)
    except ValidationError as error:
        raise BadFrame from error


def with_contacts() -> list[Service]:
    return list(Service.objects.offered().order_by(Lower("name")))


def name_of(slug: str) -> str:
    return Service.objects.filter(pk=slug).values_list("name", flat=True).first() or ""


def set_contact(slug: str, *, mail: str, url: str) -> None:
    """Sets the contact. A changed URL gets a new secret, so that a person who knew the old secret cannot sign
    messages to the new URL. Raises Conflict for an unknown service."""
    service = Service.objects.select_for_update(no_key=True).filter(pk=slug).first()
    if service is None:
        raise Conflict
    if url != service.contact_url:
        service.contact_secret = signed_post.new_secret() if url else ""
    service.contact_mail, service.contact_url = mail, url
    service.save(update_fields=["contact_mail", "contact_url", "contact_secret"])
