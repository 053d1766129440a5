"""The public methods of Twisted, autobahn and Daphne that we override: a release without it is noticed."""

import inspect
from typing import Any

import pytest
from autobahn.websocket.protocol import WebSocketProtocol
from daphne import http_protocol, ws_protocol
from daphne.server import Server
from twisted.internet import abstract
from twisted.web.http import HTTPChannel, Request


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (ws_protocol.WebSocketFactory, "protocol"),
        (ws_protocol.WebSocketProtocol, "serverClose"),
        (ws_protocol.WebSocketProtocol, "serverSend"),
        (ws_protocol.WebSocketProtocol, "onMessage"),
        (ws_protocol.WebSocketProtocol, "onConnect"),
        (ws_protocol.WebSocketProtocol, "onClose"),
        (ws_protocol.WebSocketProtocol, "sendMessage"),
        (WebSocketProtocol, "sendCloseFrame"),
        (WebSocketProtocol, "processData"),
        (WebSocketProtocol, "consumeData"),
        (WebSocketProtocol, "STATE_OPEN"),
        (http_protocol.HTTPFactory, "protocol"),
        (HTTPChannel, "requestFactory"),
        (HTTPChannel, "allHeadersReceived"),
        (HTTPChannel, "allContentReceived"),
        (HTTPChannel, "requestDone"),
        (HTTPChannel, "pauseProducing"),
        (HTTPChannel, "resumeProducing"),
        (HTTPChannel, "write"),
        (HTTPChannel, "writeSequence"),
        (Request, "handleContentChunk"),
        (abstract.FileDescriptor, "registerProducer"),
        (abstract.FileDescriptor, "pauseProducing"),
        (abstract.FileDescriptor, "resumeProducing"),
        (abstract.FileDescriptor, "bufferSize"),
    ],
)
def test_what_we_replace_or_call_is_there(owner: Any, name: str) -> None:
    assert hasattr(owner, name), f"helpline/lib/transport/ relies on {name}"


def test_daphne_still_takes_what_serve_gives_it() -> None:
    given = {
        "application", "endpoints", "signal_handlers", "verbosity", "server_name", "websocket_timeout",
        "websocket_connect_timeout", "ping_interval", "ready_callable",
    }  # fmt: skip
    assert given <= set(inspect.signature(Server.__init__).parameters)
