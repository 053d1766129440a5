"""Finds the line that a URL belongs to. A line may have its own hosts, which show callers no other line."""

import re

from django.conf import settings

from chat.models import Line
from counsellors.certificates import roots
from helpline.lib.errors import BadFrame, Conflict

_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_NAME = re.compile(rf"({_LABEL}\.)+(?=[a-z]){_LABEL}")


class NoHost(BadFrame):
    """A host is a full name, like `praat.example.org`: without `https://` or a port, and no IP address."""


class CommonHost(Conflict):
    """All lines share that host. To give it to one line alone, name it in HELPLINE_OWN_HOSTS first."""


class HostTaken(Conflict):
    """Another line has that host."""


def name_of(host: str) -> str:
    """Returns the name in a Host header, which may also have a port."""
    return host.rsplit(":", 1)[0].lower()


def of_lines() -> tuple[dict[str, str], dict[str, str]]:
    """Returns two maps, as stored in the database. The first maps the path of each line's page to the line's
    slug; the second maps each of the line's own hosts to this slug."""
    paths: dict[str, str] = {}
    hosts: dict[str, str] = {}
    for slug, path, own in Line.objects.real().order_by("slug").values_list("slug", "path", "hosts"):
        paths[path] = slug
        hosts |= dict.fromkeys(own.split(), slug)
    return paths, hosts


def differing(file: roots.File) -> list[str]:
    """Returns a sentence for each address that belongs to different lines in the file of roots and in the
    database. Browsers that open such an address let no staff into conversations."""
    paths, hosts = of_lines()
    found = {f"/{path}/": (file.paths.get(path), paths.get(path)) for path in paths | file.paths}
    found |= {host: (file.hosts.get(host), hosts.get(host)) for host in hosts | file.hosts}
    return [
        f"{address} is of {listed or 'no line'} in the file, of {now or 'no line'} in the database"
        for address, (listed, now) in sorted(found.items())
        if listed != now
    ]


def line_of_host(host: str) -> Line | None:
    name = name_of(host)
    with_hosts = Line.objects.exclude(hosts="").order_by("slug")
    return next((line for line in with_hosts if name in line.hosts.split()), None)


def common_hosts() -> set[str]:
    """Returns the hosts that all lines share. If such a host belonged to a single line, callers would no
    longer find the other lines there."""
    return {*settings.ALLOWED_HOSTS} - {*settings.OWN_HOSTS}


def unanswered(hosts: str) -> list[str]:
    """Returns the hosts among `hosts` that this installation does not serve: a browser that opens such a host
    gets an error."""
    return sorted({*hosts.split()} - {*settings.ALLOWED_HOSTS})


def require_free(slug: str, hosts: str) -> None:
    """Raises CommonHost, NoHost or HostTaken unless the line may have these hosts. `hosts`: names separated
    by spaces, or an empty string."""
    names = {*hosts.split()}
    if names & common_hosts():
        raise CommonHost
    if not all(map(_NAME.fullmatch, names)):
        raise NoHost
    others = Line.objects.exclude(pk=slug).values_list("hosts", flat=True)
    if names & {name for found in others for name in found.split()}:
        raise HostTaken
