"""Writes the proxy's files from the examples, with the organisation's own host names and certificate."""

import re

from helpline.machine.answers import FROM_CADDY
from helpline.machine.examples import example
from helpline.machine.machine import Machine, Stopped

CADDYFILE = "/etc/caddy/Caddyfile"
SITE, HEADERS = "/etc/nginx/conf.d/helpline.conf", "/etc/nginx/snippets/helpline-headers.conf"
NGINX = "/etc/nginx/nginx.conf"
TLS = {"caddy": "/etc/caddy/tls", "nginx": "/etc/nginx/tls"}
GROUPS = {"caddy": "caddy", "nginx": "root"}
OURS = "# Written by `helpline setup`. Your own changes are kept beside it when it is written again.\n"
WORKER_CONNECTIONS, OPEN_FILES = 16384, 40000


def caddyfile(callers: str, staff: str, *, own_certificate: bool) -> str:
    text = _named(example("caddy/Caddyfile"), callers, staff)
    if own_certificate:
        folder = TLS["caddy"]
        text = re.sub(
            r"^\t# tls .*$", f"\ttls {folder}/helpline.pem {folder}/helpline.key", text, flags=re.MULTILINE
        )
    return OURS + text


def nginx_site(callers: str, staff: str) -> str:
    text = _named(example("nginx/helpline.conf"), callers, staff)
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


def set_up(machine: Machine, chosen: str, answers: dict[str, str]) -> None:
    """Puts certificate and files in place, lets the proxy check them, and restarts the proxy. If the other
    proxy is installed, it is stopped, because it would occupy the ports."""
    own = answers["certificate"] != FROM_CADDY
    if own:
        _certificate(machine, chosen, answers)
    write = _caddy if chosen == "caddy" else _nginx
    status, said = machine.says(*write(machine, answers["callers-host"], answers["staff-host"], own=own))
    if status:
        raise Stopped(f"{chosen} refuses its file: {said[-500:]}")
    other = "nginx" if chosen == "caddy" else "caddy"
    if machine.has(other):
        machine.says("systemctl", "disable", "--now", other)
    machine.must("systemctl", "enable", chosen)
    machine.must("systemctl", "restart", chosen)


def _caddy(machine: Machine, callers: str, staff: str, *, own: bool) -> tuple[str, ...]:
    """Writes the file, and returns the command that checks it."""
    _write(machine, CADDYFILE, caddyfile(callers, staff, own_certificate=own))
    return ("caddy", "validate", "--adapter", "caddyfile", "--config", str(machine.path(CADDYFILE)))


def _nginx(machine: Machine, callers: str, staff: str, *, own: bool) -> tuple[str, ...]:  # noqa: ARG001
    _write(machine, HEADERS, example("nginx/helpline-headers.conf"))
    _write(machine, SITE, nginx_site(callers, staff))
    machine.write(NGINX, nginx_main(machine.path(NGINX).read_text()), 0o644)
    machine.path("/etc/nginx/sites-enabled/default").unlink(missing_ok=True)  # that site logs addresses
    return ("nginx", "-t")


def _certificate(machine: Machine, chosen: str, answers: dict[str, str]) -> None:
    folder, group = TLS[chosen], GROUPS[chosen]
    place = machine.path(folder)
    place.mkdir(parents=True, exist_ok=True)
    machine.own(place, group)
    place.chmod(0o750)
    for name, suffix in (("certificate", "pem"), ("certificate-key", "key")):
        machine.write(f"{folder}/helpline.{suffix}", machine.path(answers[name]).read_text(), 0o640, group)


def _write(machine: Machine, name: str, text: str) -> None:
    """Writes a file. If its old content differs, keeps the old content beside it as `….before`."""
    path = machine.path(name)
    if path.exists() and path.read_text() != text:
        path.replace(path.with_name(f"{path.name}.before"))
    machine.write(name, text, 0o644)


def _named(text: str, callers: str, staff: str) -> str:
    names = {"staf.hulp.example": staff, "hulp.example": callers}
    return re.sub(r"(?:staf\.)?hulp\.example", lambda match: names[match[0]], text)
