"""`helpline check --url` checks from outside what a browser and a stranger are served through the proxy."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.management import CommandError, call_command
from django.test import Client

from chat.administration import outside
from chat.models import Line
from tests.support.domain.cast import a_line
from tests.support.servers import free_ports

type Answers = dict[str, tuple[int, list[tuple[str, str]], str]]

CHECKS = ["certificate", "redirect", "headers", "cookies", "metrics", "admin", "readiness"]
GUARDED = "sessionid=x; Path=/; Secure; HttpOnly; SameSite=Strict"


@pytest.fixture
def helpwanted(db: None) -> Line:
    return a_line()


@pytest.fixture
def served(client: Client, helpwanted: Line) -> Answers:
    """Returns what this server answers a stranger, as a proxy would pass it on."""
    pages: Answers = {}
    for path in ("/", "/nl/", "/login/", "/admin/", "/metrics"):
        answer = client.get(path, secure=True)
        rows = [(name, value) for name, value in answer.items() if name != "Content-Length"]
        pages[path] = (answer.status_code, rows, answer.content.decode())
    pages["/login/"][1].append(("Set-Cookie", GUARDED))
    pages["/readyz"] = (200, [], "ready")
    return pages


@pytest.fixture(scope="module")
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def certify(key: ec.EllipticCurvePrivateKey, folder: Path, days: int) -> Path:
    """Makes a certificate for 127.0.0.1 that ends after so many days, and its key."""
    now, name = datetime.now(UTC), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=365)).not_valid_after(
        now + timedelta(days=days, hours=1)
    )
    place = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = made.add_extension(place, critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both = folder / "both.pem"
    both.write_bytes(private + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return both


class Proxy:
    """Plays a proxy that gives prepared answers, with and without TLS."""

    def __init__(self, answers: Answers, pem: Path | None) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, rows, text = answers.get(self.path, (404, [], ""))
                self.send_response_only(status)
                for name, value in rows:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", free_ports()), Handler)
        if pem:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(pem)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Look:
    def __init__(self, url: str) -> None:
        out, self.status = StringIO(), 0
        try:
            call_command("check", url=url, stdout=out)
        except CommandError as error:
            self.status = error.returncode
        self.lines = out.getvalue().splitlines()
        self.checks = [line[6:].split(":")[0] for line in self.lines]
        self.wrong = [line[6:].split(":")[0] for line in self.lines if line.startswith("WRONG")]
        assert self.status == bool(self.wrong)
        assert all(" → " in line for line in self.lines if line.startswith("WRONG")), "each says what to do"


@pytest.fixture
def site(
    served: Answers, key: ec.EllipticCurvePrivateKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Returns the proxy's address. A test changes `served` before the check."""
    pem = certify(key, tmp_path, days=60)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setattr(outside, "PLAIN_PORT", free_ports())
    proxy = Proxy(served, pem)
    yield f"https://127.0.0.1:{proxy.port}"
    proxy.close()


def test_a_host_of_the_staff_alone_is_sound_without_a_page_for_callers(site: str, served: Answers) -> None:
    """The name leads to the sign-in, which sets a protected cookie and sends a referrer to its own site
    only."""
    del served["/nl/"], served["/metrics"], served["/readyz"]
    served["/"] = served["/login/"]
    assert ("Referrer-Policy", "same-origin") in served["/"][1]
    look = Look(site)
    assert (look.wrong, look.checks) == ([], CHECKS)


def test_a_host_of_the_callers_alone_is_sound_without_the_staff_s_pages(site: str, served: Answers) -> None:
    for path in ("/login/", "/admin/", "/metrics", "/readyz"):
        del served[path]
    look = Look(site)
    assert (look.wrong, look.checks) == ([], CHECKS)


def test_a_server_that_does_not_know_the_name_is_named_and_nothing_else_is_blamed(
    site: str, served: Answers
) -> None:
    for path in ("/", "/nl/", "/login/", "/admin/", "/metrics", "/readyz"):
        served[path] = (400, [], "Bad Request (400)")
    found = Look(site)
    assert (found.checks, found.wrong) == (["certificate", "address"], ["address"])
    assert "put https://127.0.0.1 into HELPLINE_ORIGINS" in found.lines[1]


def test_a_sound_site_has_a_line_for_each_check_and_nothing_to_do(site: str) -> None:
    look = Look(site)
    assert (look.wrong, look.checks, look.status) == ([], CHECKS, 0)


@pytest.mark.parametrize("name", sorted(outside.EXPECTED))
@pytest.mark.parametrize("change", ["dropped", "doubled", "weaker"])
def test_a_header_that_the_proxy_drops_doubles_or_weakens(
    site: str, served: Answers, name: str, change: str
) -> None:
    status, rows, text = served["/"]
    (row,) = [row for row in rows if row[0] == name]
    others = [row for row in rows if row[0] != name]
    served["/"] = (
        status,
        others + {"dropped": [], "doubled": [row] * 2, "weaker": [(name, "x")]}[change],
        text,
    )
    look = Look(site)
    assert look.wrong == ["headers"]
    assert any(name in line for line in look.lines)


@pytest.mark.parametrize("cookie", ["a=b", GUARDED.replace("; Secure", ""), GUARDED.replace("Strict", "Lax")])
def test_a_cookie_that_is_not_guarded(site: str, served: Answers, cookie: str) -> None:
    served["/login/"][1].append(("Set-Cookie", cookie))
    assert Look(site).wrong == ["cookies"]


def test_a_cookie_for_a_caller(site: str, served: Answers) -> None:
    served["/"][1].append(("Set-Cookie", GUARDED))
    assert Look(site).wrong == ["cookies"]


def test_numbers_that_anybody_reads(site: str, served: Answers) -> None:
    served["/metrics"] = (200, [], "helpline_purge_overdue 0.0")
    assert Look(site).wrong == ["metrics"]


@pytest.mark.parametrize("answer", [(200, [], "Django"), (302, [("Location", "/admin/login/")], "")])
def test_an_admin_that_opens_to_a_stranger(
    site: str, served: Answers, answer: tuple[int, list[tuple[str, str]], str]
) -> None:
    served["/admin/"] = answer
    assert Look(site).wrong == ["admin"]


@pytest.mark.parametrize(
    ("status", "text"), [(503, "not ready"), (503, "database"), (200, "ready: PostgreSQL 17")]
)
def test_a_server_that_is_not_ready_or_tells_why(site: str, served: Answers, status: int, text: str) -> None:
    served["/readyz"] = (status, [], text)
    assert Look(site).wrong == ["readiness"]


@pytest.mark.parametrize("days", [0, 13])
def test_a_certificate_that_is_about_to_end(
    served: Answers,
    key: ec.EllipticCurvePrivateKey,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    days: int,
) -> None:
    pem = certify(key, tmp_path, days)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setattr(outside, "PLAIN_PORT", free_ports())
    proxy = Proxy(served, pem)
    try:
        assert Look(f"https://127.0.0.1:{proxy.port}").wrong == ["certificate"]
    finally:
        proxy.close()


def test_a_certificate_that_no_browser_believes(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert Look(site).checks == Look(site).wrong == ["certificate"]


def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Look(f"https://127.0.0.1:{free_ports()}").wrong == ["certificate"]


@pytest.mark.parametrize("url", ["http://hulp.example", "hulp.example", "https://", "ftp://hulp.example"])
def test_an_address_without_tls_is_not_looked_at(url: str) -> None:
    assert Look(url).wrong == ["address"]


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ((308, [("Location", "https://127.0.0.1/")], ""), []),
        ((301, [("Location", "https://127.0.0.1:8443/x")], ""), []),
        ((200, [], "hello"), ["redirect"]),
        ((302, [("Location", "http://127.0.0.1/nl/")], ""), ["redirect"]),
        ((302, [("Location", "https://elsewhere.example/")], ""), ["redirect"]),
    ],
)
def test_what_answers_without_tls_sends_to_tls(
    site: str,
    monkeypatch: pytest.MonkeyPatch,
    answer: tuple[int, list[tuple[str, str]], str],
    wrong: list[str],
) -> None:
    plain = Proxy({"/": answer}, None)
    monkeypatch.setattr(outside, "PLAIN_PORT", plain.port)
    try:
        assert Look(site).wrong == wrong
    finally:
        plain.close()


@pytest.mark.django_db
def test_a_stranger_is_not_told_why_a_server_is_not_ready(client: Client) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"not ready")
