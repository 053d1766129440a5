"""A webhook's address cannot make the server connect to its own network."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from threading import Thread
from typing import Any

import pytest
from pytest_django import Settings
from standardwebhooks import Webhook

from helpline.lib import public_addresses
from helpline.lib.environment import Environment
from helpline.lib.public_addresses import LeadsInside
from helpline.lib.signed_post import SignedPost, new_secret
from tests.support.domain.receivers import Receiver

NAME = "receiver.example"
PUBLIC = "93.184.215.14"  # no test connects to it

INSIDE = {
    "loopback": "127.0.0.1",
    "loopback, elsewhere": "127.8.8.8",
    "private, 10": "10.0.0.1",
    "private, 172.16": "172.16.5.4",
    "private, 192.168": "192.168.1.1",
    "shared": "100.64.0.1",
    "link-local": "169.254.1.1",
    "a cloud's metadata": "169.254.169.254",
    "another cloud's metadata": "100.100.100.200",
    "Azure's host": "168.63.129.16",
    "this host": "0.0.0.0",  # noqa: S104 – refused
    "multicast": "224.0.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "IPv6 loopback": "::1",
    "IPv6 unspecified": "::",
    "IPv6 link-local": "fe80::1",
    "IPv6 link-local, with its interface": "fe80::1%lo",
    "IPv6 private": "fd00:ec2::254",
    "IPv6 site-local": "fec0::1",
    "IPv6 multicast": "ff02::1",
    "mapped loopback": "::ffff:127.0.0.1",
    "mapped private": "::ffff:10.0.0.1",
    "mapped metadata": "::ffff:169.254.169.254",
    "compatible loopback": "::127.0.0.1",
    "NAT64 to private": "64:ff9b::10.0.0.1",
    "6to4 to loopback": "2002:7f00:1::1",
    "Teredo": "2001:0:7f00:1::1",
}


def post(url: str) -> SignedPost:
    return SignedPost(url, new_secret(), "id", 1_800_000_000, b"{}")


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[list[str]]], list[str]]:
    """Makes the name resolve to the first addresses when it is first looked up, to the next ones the second
    time, and so on. A connection to PUBLIC fails at once. Returns the list of lookups."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def leads(answers: list[list[str]]) -> list[str]:
        def getaddrinfo(host: str, port: Any, *args: Any, **named: Any) -> Any:
            asked.append(host)
            if host == NAME:
                found = answers.pop(0) if len(answers) > 1 else answers[0]
                return [row for one in found for row in real(one, port, *args, **named)]
            if host == PUBLIC:
                raise OSError
            return real(host, port, *args, **named)

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return asked

    return leads


@pytest.mark.parametrize("address", INSIDE.values(), ids=INSIDE.keys())
def test_an_address_inside_is_refused_however_it_is_written(address: str) -> None:
    assert not public_addresses.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"])
def test_an_address_outside_is_not(address: str) -> None:
    assert ip_address(address)
    assert public_addresses.is_public(address)


def test_a_receiver_inside_is_sent_nothing_unless_the_operator_names_it(
    receiver: Receiver, settings: Settings
) -> None:
    settings.RECEIVERS_INSIDE = ["127.0.0.2", NAME]
    assert not post(receiver.url).send(timeout=2)
    assert receiver.got == []
    settings.RECEIVERS_INSIDE = ["127.0.0.1"]
    assert post(receiver.url).send(timeout=2)
    assert len(receiver.got) == 1


@pytest.mark.parametrize("written", ["127.1", "0x7f.1", "2130706433", "localhost", "[::ffff:127.0.0.1]"])
def test_another_way_to_write_it_helps_nobody(receiver: Receiver, settings: Settings, written: str) -> None:
    settings.RECEIVERS_INSIDE = []
    assert not post(receiver.url.replace("127.0.0.1", written)).send(timeout=2)
    assert receiver.got == []


def test_a_name_that_leads_inside_is_sent_nothing_unless_the_operator_names_it(
    receiver: Receiver, settings: Settings, resolved: Callable[[list[list[str]]], list[str]]
) -> None:
    resolved([["127.0.0.1"]])
    settings.RECEIVERS_INSIDE = ["127.0.0.1"]
    url = receiver.url.replace("127.0.0.1", NAME)
    assert not post(url).send(timeout=2)
    assert receiver.got == []
    settings.RECEIVERS_INSIDE = [NAME]
    assert post(url).send(timeout=2), "by the certificate of its name"
    assert receiver.got[0][0]["host"] == url.removeprefix("https://")


def test_a_name_that_leads_inside_once_it_was_looked_at_leads_nowhere(
    receiver: Receiver, settings: Settings, resolved: Callable[[list[list[str]]], list[str]]
) -> None:
    settings.RECEIVERS_INSIDE = []
    asked = resolved([[PUBLIC], ["127.0.0.1"]])
    url = receiver.url.replace("127.0.0.1", NAME)
    assert not post(url).send(timeout=2)
    assert asked == [NAME, PUBLIC], "the connection goes to what was looked at"
    assert not post(url).send(timeout=2)
    assert asked == [NAME, PUBLIC, NAME], "and each try looks for itself"
    assert receiver.got == []


def test_of_a_name_s_addresses_those_inside_are_left_out(
    resolved: Callable[[list[list[str]]], list[str]],
) -> None:
    resolved([["127.0.0.1", "8.8.8.8", "10.0.0.1", "8.8.4.4"], ["10.0.0.1"]])
    assert public_addresses.of(NAME, 443, allowed=[]) == ["8.8.8.8", "8.8.4.4"]
    with pytest.raises(LeadsInside):
        public_addresses.of(NAME, 443, allowed=[])
    assert public_addresses.of(NAME, 443, allowed=[NAME]) == ["10.0.0.1"]


def test_a_second_address_is_tried_where_the_first_does_not_answer(
    receiver: Receiver, settings: Settings, resolved: Callable[[list[list[str]]], list[str]]
) -> None:
    settings.RECEIVERS_INSIDE = [NAME]
    resolved([["127.0.0.3", "127.0.0.1"]])
    assert post(receiver.url.replace("127.0.0.1", NAME)).send(timeout=2)
    assert len(receiver.got) == 1


def test_through_a_proxy_it_asks_for_the_address_that_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    resolved: Callable[[list[list[str]]], list[str]],
) -> None:
    settings.RECEIVERS_INSIDE = []
    with proxying() as (url, heard):
        monkeypatch.setenv("https_proxy", url)
        monkeypatch.delenv("no_proxy", raising=False)
        resolved([[PUBLIC], ["127.0.0.1"]])
        assert not post(f"https://{NAME}/").send(timeout=2)
        assert not post(f"https://{NAME}/").send(timeout=2)
    assert heard == [f"CONNECT {PUBLIC}:443 HTTP/1.1"]


@contextmanager
def proxying() -> Iterator[tuple[str, list[str]]]:
    """Runs a proxy that records each request and forwards none."""
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                with caller:
                    heard.append(caller.recv(4096).decode().splitlines()[0])
                    caller.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

        thread = Thread(target=answer, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", heard
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize(
    "url", ["https://u:p@127.0.0.1/", "https:///x", "http://8.8.8.8/", "https://[::1/", ""]
)
def test_what_is_no_plain_https_address_is_sent_nothing(url: str) -> None:
    assert not post(url).send(timeout=2)


def test_the_library_of_the_receivers_takes_the_signature(receiver: Receiver) -> None:
    secret = new_secret()
    now = int(time.time())
    assert SignedPost(receiver.url, secret, "msg_1", now, b'{"kind":"ringing"}').send(timeout=2)
    [(headers, body)] = receiver.got
    assert Webhook(secret).verify(body, headers) == {"kind": "ringing"}


@pytest.mark.parametrize(
    "wrong", ["https://pager.example", "10.0.0.0/8", "pager.example:443", "a b/c", "*.example"]
)
def test_the_setting_takes_hosts_and_says_what_is_none(wrong: str) -> None:
    read = Environment({"HELPLINE_RECEIVERS_INSIDE": f"Pager.Example 10.0.0.5 fd00::5 {wrong}"})
    assert read.hosts("RECEIVERS_INSIDE")[:3] == ["pager.example", "10.0.0.5", "fd00::5"]
    assert len(read.wrong) == 1
    assert "write it as pager.example or 10.0.0.5" in read.wrong[0]
