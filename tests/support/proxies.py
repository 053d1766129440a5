"""Runs nginx and Caddy with the configurations of deploy/, on ports and folders of a test's own."""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
from abc import abstractmethod
from pathlib import Path

from tests.support.binaries import NoServer
from tests.support.platform import ROOT
from tests.support.servers import Server, free_ports

DEPLOY = ROOT / "deploy"
NAMES = ("hulp.example", "staf.hulp.example")
CALLERS, STAFF = NAMES
CLIENT = "127.77.13.9"  # the source address of its requests: no other connection has it

# As on an unchanged Debian, except its folders; beside ours there is a site of somebody else.
NGINX_CONF = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 768; }}
http {{
	include /etc/nginx/mime.types;
	default_type application/octet-stream;
	ssl_protocols TLSv1.2 TLSv1.3;
	access_log {folder}/access.log;
	gzip on;
	client_body_temp_path {folder}/body;
	proxy_temp_path {folder}/proxy;
	fastcgi_temp_path {folder}/fastcgi;
	uwsgi_temp_path {folder}/uwsgi;
	scgi_temp_path {folder}/scgi;
	include {folder}/helpline.conf;
	server {{ listen {plain}; server_name other.example; return 204; }}
}}
"""


class Proxy(Server):
    """Runs a proxy in front of `upstream` and the port after it, which are the callers' and the staff's. It
    serves the files in `served`."""

    program = ""

    def __init__(self, served: Path, upstream: int) -> None:
        super().__init__()
        self.served = served
        self.upstream = upstream
        self.plain = 0

    def get(
        self, name: str, path: str, *, method: str = "GET", client: str = CLIENT, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """Returns the answer, and its body as it was sent."""
        connection = self.connection(name, client)
        connection.request(method, path, headers={"Host": name} | headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body

    @abstractmethod
    def connection(self, name: str, client: str) -> http.client.HTTPConnection:
        """Connects to a site of ours, from that address."""

    def written(self) -> str:
        """Returns everything that it logged anywhere."""
        return "".join(path.read_text(errors="replace") for path in self.folder.rglob("*") if path.is_file())

    def _prepare(self) -> None:
        if shutil.which(self.program) is None:
            raise NoServer(f"{self.program} was not found: install it.")

    def _in_our_places(self, text: str) -> str:
        for number, port in enumerate((8001, 8002)):
            text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{self.upstream + number}")
        return text.replace("/srv/helpline", str(self.served))

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=2).close()
        except OSError:
            return False
        return True


class Nginx(Proxy):
    program = "nginx"

    def connection(self, name: str, client: str) -> http.client.HTTPConnection:
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=10, source_address=(client, 0))
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection(name, timeout=10, context=context)
        connection.sock = context.wrap_socket(plain, server_hostname=name)
        return connection

    def _prepare(self) -> None:
        super()._prepare()
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        made = ["-subj", "/CN=test", "-keyout", "tls.key", "-out", "tls.pem"]
        subprocess.run(
            ["openssl", "req", "-x509", *key, *made], cwd=self.folder, check=True, capture_output=True
        )
        shutil.copy(DEPLOY / "nginx" / "helpline-headers.conf", self.folder)

    def _command(self) -> list[str]:
        self.plain = free_ports()
        text = self._in_our_places((DEPLOY / "nginx" / "helpline.conf").read_text())
        text = re.sub(r"^\tlisten \[::\].*\n", "", text, flags=re.MULTILINE)  # a machine may have no IPv6
        text = text.replace("listen 443", f"listen {self.port}").replace("listen 80", f"listen {self.plain}")
        text = re.sub(r"/etc/nginx/tls/\S+\.(pem|key);", rf"{self.folder}/tls.\1;", text)
        text = text.replace("/etc/nginx/snippets/", f"{self.folder}/")
        (self.folder / "helpline.conf").write_text(text)
        account = "user root;" if os.geteuid() == 0 else ""  # its workers read the test's folder
        main = account + NGINX_CONF.format(folder=self.folder, plain=self.plain)
        (self.folder / "nginx.conf").write_text(main)
        return ["nginx", "-e", str(self.folder / "error.log"), "-c", str(self.folder / "nginx.conf")]


class Caddy(Proxy):
    program = "caddy"

    def connection(self, name: str, client: str) -> http.client.HTTPConnection:  # noqa: ARG002 – without TLS
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10, source_address=(client, 0))

    def _command(self) -> list[str]:
        self.plain = self.port
        text = self._in_our_places((DEPLOY / "caddy" / "Caddyfile").read_text())
        for name in NAMES:
            text = re.sub(
                rf"^{re.escape(name)} {{", f"http://{name}:{self.port} {{", text, flags=re.MULTILINE
            )
        # Nobody reconnects in this test.
        text = text.replace("lb_try_duration 5s", "lb_try_duration 100ms").replace("250ms", "50ms")
        (self.folder / "Caddyfile").write_text(text)
        home = [f"HOME={self.folder}", f"XDG_DATA_HOME={self.folder}", f"XDG_CONFIG_HOME={self.folder}"]
        return ["env", *home, "caddy", "run", "--config", "Caddyfile", "--adapter", "caddyfile"]
