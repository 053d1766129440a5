"""Which line an address belongs to: a line may have hosts of its own, on which nobody is asked to choose."""

from chat.models import Line
from counsellors.certificates import roots


def name_of(host: str) -> str:
    """`host` as a browser sends it, with or without a port."""
    return host.rsplit(":", 1)[0].lower()


def of_lines() -> tuple[dict[str, str], dict[str, str]]:
    """By the last part of an address, and by own host, each line's slug, as the database has it."""
    paths: dict[str, str] = {}
    hosts: dict[str, str] = {}
    for slug, path, own in Line.objects.real().order_by("slug").values_list("slug", "path", "hosts"):
        paths[path] = slug
        hosts |= dict.fromkeys(own.split(), slug)
    return paths, hosts


def differing(file: roots.File) -> list[str]:
    """Addresses for which the roots' file and the database name another line: nobody gets in there."""
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
