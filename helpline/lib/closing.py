"""Close codes that Daphne's transport refuses to send: RFC 6455 gives 1009, 1011 and 1012 to servers."""

from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol


class ClosesWithAnyCode(WebSocketProtocol):  # type: ignore[misc]
    def serverClose(self, code: int | None = None) -> None:  # noqa: N802 – Daphne's name
        """autobahn's `sendClose` allows an application 1000 and 3000–4999 only; the frame itself does not."""
        if self.state == self.STATE_OPEN:
            self.sendCloseFrame(code=code or 1000, isReply=False)


def install() -> None:
    WebSocketFactory.protocol = ClosesWithAnyCode
