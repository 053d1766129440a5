"""Which line an address belongs to: a line may have hosts of its own, on which nobody is asked to choose."""

from chat.models import Line


def line_of_host(host: str) -> Line | None:
    """`host` as a browser sends it, with or without a port."""
    name = host.rsplit(":", 1)[0].lower()
    with_hosts = Line.objects.exclude(hosts="").order_by("slug")
    return next((line for line in with_hosts if name in line.hosts.split()), None)
