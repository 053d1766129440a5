"""Writes the proxy's files from the examples, with the organisation's own host names and certificate."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from helpline.machine import answers
from helpline.machine.answers import FROM_CADDY
from helpline.machine.examples import example
from helpline.machine.machine import Machine, Stopped

CADDYFILE = "/etc/caddy/Caddyfile"
SITE, HEADERS = "/etc/nginx/conf.d/helpline.conf", "/etc/nginx/snippets/helpline-headers.conf"
NGINX = "/etc/nginx/nginx.conf"
SOURCE = "/etc/helpline/certificate"  # names the proxy, and the files that it has copies of
PARTS = ("certificate", "certificate-key")
RELEASES = "/srv/helpline"
TLS = {"caddy": "/etc/caddy/tls", "nginx": "/etc/nginx/tls"}
GROUPS = {"caddy": "caddy", "nginx": "root"}
OURS = "# Written by `helpline setup`. Your own changes are kept beside it when it is written again.\n"
AS_BEFORE = "The proxy keeps the certificate that it has."
WORKER_CONNECTIONS, OPEN_FILES = 16384, 40000


@dataclass(frozen=True, slots=True)
class Sites:
    """Holds what an organisation's proxy has of its own: both host names, and the folder of
    HELPLINE_RELEASES, which has the page that is shown while no process answers."""

    callers: str
    staff: str
    releases: str

    def named_in(self, text: str) -> str:
        """Returns an example with these names instead of its own."""
        names = {"staf.hulp.example": self.staff, "hulp.example": self.callers}
        text = re.sub(r"(?:staf\.)?hulp\.example", lambda match: names[match[0]], text)
        return text.replace(RELEASES, self.releases)


def caddyfile(sites: Sites, *, own_certificate: bool) -> str:
    text = sites.named_in(example("caddy/Caddyfile"))
    if own_certificate:
        folder = TLS["caddy"]
        text = re.sub(
            r"^\t# tls .*$", f"\ttls {folder}/helpline.pem {folder}/helpline.key", text, flags=re.MULTILINE
        )
    return OURS + text


def nginx_site(sites: Sites) -> str:
    text = sites.named_in(example("nginx/helpline.conf"))
    text = re.sub(r"ssl_certificate \S+;", f"ssl_certificate {TLS['nginx']}/helpline.pem;", text)
    text = re.sub(r"ssl_certificate_key \S+;", f"ssl_certificate_key {TLS['nginx']}/helpline.key;", text)
    return OURS + text


def nginx_main(text: str) -> str:
    """Returns Debian's own nginx.conf with a higher limit of connections, because each socket needs two
    connections."""
    text = re.sub(r"worker_connections 768;", f"worker_connections {WORKER_CONNECTIONS};", text)
    if "worker_rlimit_nofile" not in text:
        text = f"worker_rlimit_nofile {OPEN_FILES};\n{text}"
    return text


def set_up(machine: Machine, found: dict[str, str], releases: str = RELEASES) -> None:
    """Puts certificate and files in place, lets the proxy check them, and restarts the proxy. If the other
    proxy is installed, it is stopped, because it would occupy the ports."""
    chosen, own = found["proxy"], found["certificate"] != FROM_CADDY
    if own:
        named = (found["callers-host"], found["staff-host"])
        _require_good(machine, named, *(found[name] for name in PARTS))
        machine.write(SOURCE, "\n".join([chosen, *(found[name] for name in PARTS)]) + "\n", 0o644)
        _copy_certificate(machine)
    else:
        machine.path(SOURCE).unlink(missing_ok=True)
    sites = Sites(found["callers-host"], found["staff-host"], releases)
    command = _caddy(machine, sites, own=own) if chosen == "caddy" else _nginx(machine, sites)
    status, said = machine.says(*command)
    if status:
        raise Stopped(f"{chosen} refuses its file: {said[-500:]}")
    other = "nginx" if chosen == "caddy" else "caddy"
    if machine.has(other):
        machine.says("systemctl", "disable", "--now", other)
    machine.must("systemctl", "enable", chosen)
    machine.must("systemctl", "restart", chosen)


def renew(machine: Machine, hosts: Sequence[str]) -> str:
    """Gives the proxy the certificate that is now in the files that were named to `setup`, and returns what
    was done. Raises Stopped if no file was named, or if the certificate is not for these hosts."""
    named = own_certificate(machine)
    if not named:
        raise Stopped(
            "No certificate was named to `helpline setup`: Caddy fetches it, and renews it, itself."
        )
    _require_good(machine, hosts, *named.values())
    chosen = _copy_certificate(machine)
    # Caddy could reload only through its admin interface, which is off.
    machine.must("systemctl", "restart" if chosen == "caddy" else "reload", chosen)
    ends = _openssl(machine, named["certificate"], "-enddate") if machine.has("openssl") else ""
    return f"{chosen} has the certificate{ends.replace('notAfter=', ', which ends on ')}."


def own_certificate(machine: Machine) -> dict[str, str]:
    """Returns the files of the certificate that were named to an earlier `setup`, as answers; empty if none
    were."""
    path = machine.path(SOURCE)
    return dict(zip(PARTS, path.read_text().splitlines()[1:], strict=True)) if path.exists() else {}


def _caddy(machine: Machine, sites: Sites, *, own: bool) -> tuple[str, ...]:
    """Writes the file, and returns the command that checks it."""
    machine.rewrite(CADDYFILE, caddyfile(sites, own_certificate=own), 0o644)
    return ("caddy", "validate", "--adapter", "caddyfile", "--config", str(machine.path(CADDYFILE)))


def _nginx(machine: Machine, sites: Sites) -> tuple[str, ...]:
    machine.rewrite(HEADERS, example("nginx/helpline-headers.conf"), 0o644)
    machine.rewrite(SITE, nginx_site(sites), 0o644)
    machine.write(NGINX, nginx_main(machine.path(NGINX).read_text()), 0o644)
    machine.path("/etc/nginx/sites-enabled/default").unlink(missing_ok=True)  # that site logs addresses
    return ("nginx", "-t")


def _copy_certificate(machine: Machine) -> str:
    """Copies the certificate and its key to where the proxy may read them, and returns the proxy's name."""
    named = own_certificate(machine)
    chosen = machine.path(SOURCE).read_text().splitlines()[0]
    folder, group = TLS[chosen], GROUPS[chosen]
    place = machine.path(folder)
    place.mkdir(parents=True, exist_ok=True)
    machine.own(place, group)
    place.chmod(0o750)
    for name, suffix in zip(PARTS, ("pem", "key"), strict=True):
        try:
            text = machine.path(named[name]).read_text()
        except OSError:
            raise Stopped(f"{named[name]} cannot be read. `helpline setup` takes another file.") from None
        machine.write(f"{folder}/helpline.{suffix}", text, 0o640, group)
    return chosen


def _require_good(machine: Machine, hosts: Sequence[str], certificate: str, key: str) -> None:
    """Raises Stopped unless the key is the certificate's, and the certificate is valid now and for these
    hosts. Otherwise the proxy would lose the pair that it has, and every browser would refuse the new one."""
    if not machine.has("openssl"):
        return
    read = {certificate: ("x509", "-pubkey", "-noout"), key: ("pkey", "-pubout")}
    public = set()
    for name, words in read.items():
        status, said = machine.says("openssl", *words, "-in", str(machine.path(name)))
        if status:
            raise Stopped(f"{name} cannot be read. `helpline setup` takes another file.")
        public.add(said)
    if len(public) > 1:
        raise Stopped(f"{key} is not the key of {certificate}. {AS_BEFORE}")
    if why := answers.why_refused(machine, certificate, hosts):
        raise Stopped(f"{why} {AS_BEFORE}")


def _openssl(machine: Machine, certificate: str, wanted: str) -> str:
    return machine.says("openssl", "x509", "-noout", wanted, "-in", str(machine.path(certificate)))[1]
