"""Runs somebody else's system: a real HTTPS server with a certificate of its own."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Receiver:
    """Runs a partner's own system: a real HTTPS server that answers as it is told."""

    url: str = ""
    answers: list[int] = field(default_factory=list)  # then 204
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    silence: float = 0.0
    dripping: float = 0.0  # seconds that its answer takes, a byte at a time

    def bodies(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(body) for _, body in self.got]


def answering(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            time.sleep(receiver.silence)
            until = time.monotonic() + receiver.dripping
            while time.monotonic() < until and self._drips():
                time.sleep(0.1)
            status = receiver.answers.pop(0) if receiver.answers else 204
            self.send_response(status)
            if status in range(300, 400):
                self.send_header("location", receiver.url + "/elsewhere")
            self.end_headers()

        def _drips(self) -> bool:
            try:
                self.wfile.write(b"H")
            except OSError:
                return False
            return True

        def do_GET(self) -> None:
            """Handles what a followed redirect would send."""
            receiver.got.append(({}, b"{}"))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Logs nothing."""

    return Handler


def make_certificate(path: Path) -> Path:
    """Makes a self-signed certificate for 127.0.0.1 and receiver.example."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
    begin = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=9))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.IPAddress(IPv4Address("127.0.0.1")), x509.DNSName("receiver.example")]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def receiving(certificate: Path | None) -> Iterator[Receiver]:
    receiver = Receiver()
    server = ThreadingHTTPServer(("127.0.0.1", 0), answering(receiver))
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        receiver.url = receiver.url.replace("http", "https")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
