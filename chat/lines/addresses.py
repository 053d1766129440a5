"""Which line an address belongs to: a line may have hosts of its own, on which nobody is asked to choose."""

import re

from django.conf import settings

from chat.models import Line
from helpline.lib.errors import BadFrame, Conflict

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


class NoHost(BadFrame):
    """A host is a name alone, as `praat.example.org`: without `https://` and without a port."""


class CommonHost(Conflict):
    """Every line is at that host. Name it in HELPLINE_OWN_HOSTS first if one line alone shall have it."""


class HostTaken(Conflict):
    """Another line has that host."""


def line_of_host(host: str) -> Line | None:
    """`host` as a browser sends it, with or without a port."""
    name = host.rsplit(":", 1)[0].lower()
    with_hosts = Line.objects.exclude(hosts="").order_by("slug")
    return next((line for line in with_hosts if name in line.hosts.split()), None)


def common_hosts() -> set[str]:
    """Where all lines are: a line that took one would be all that callers of the others find there."""
    return {*settings.ALLOWED_HOSTS} - {*settings.OWN_HOSTS}


def require_free(slug: str, hosts: str) -> None:
    """That a line may have these, separated by spaces; nothing at all is always free."""
    names = {*hosts.split()}
    if not all(map(_NAME.fullmatch, names)):
        raise NoHost
    if names & common_hosts():
        raise CommonHost
    others = Line.objects.exclude(pk=slug).values_list("hosts", flat=True)
    if names & {name for found in others for name in found.split()}:
        raise HostTaken
