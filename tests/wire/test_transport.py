"""What we touch of Twisted, autobahn and Daphne beyond their documents: a release without it is noticed."""

import inspect
from typing import Any

import pytest
from autobahn.websocket.protocol import WebSocketProtocol
from daphne import http_protocol, ws_protocol
from daphne.server import Server
from twisted.internet import abstract, tcp
from twisted.web.http import HTTPChannel, Request


def test_a_transport_still_tells_how_much_is_unsent() -> None:
    sending: Any = abstract.FileDescriptor()
    assert (sending.dataBuffer, sending.offset, sending._tempDataLen) == (b"", 0, 0)
    source = inspect.getsource(abstract.FileDescriptor)
    assert "self._tempDataLen + " in source or "_tempDataLen +=" in source, "it is no sum of bytes any more"


def test_a_channel_still_knows_whether_a_request_is_being_answered() -> None:
    source = inspect.getsource(HTTPChannel)
    assert "self._handlingRequest = True" in source
    assert "self._handlingRequest = False" in source


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (ws_protocol.WebSocketFactory, "protocol"),
        (ws_protocol.WebSocketProtocol, "serverClose"),
        (ws_protocol.WebSocketProtocol, "serverSend"),
        (ws_protocol.WebSocketProtocol, "onMessage"),
        (ws_protocol.WebSocketProtocol, "sendMessage"),
        (WebSocketProtocol, "sendCloseFrame"),
        (WebSocketProtocol, "STATE_OPEN"),
        (http_protocol, "WebRequest"),
        (Request, "handleContentChunk"),
        (abstract.FileDescriptor, "pauseProducing"),
        (abstract.FileDescriptor, "resumeProducing"),
        (tcp.Port, "transport"),
        (tcp.Server, "doWrite"),
        (tcp.Server, "writeSequence"),
        (tcp.Server, "abortConnection"),
        (tcp.Server, "_aborting"),
        (http_protocol.HTTPFactory, "protocol"),
        (HTTPChannel, "allHeadersReceived"),
        (HTTPChannel, "allContentReceived"),
        (HTTPChannel, "requestDone"),
        (ws_protocol.WebSocketProtocol, "onConnect"),
        (ws_protocol.WebSocketProtocol, "onClose"),
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
