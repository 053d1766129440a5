"""Waits until a process of ours is ready. It needs no Django, because the program that sets up a machine has
none."""

import http.client
import time


def wait(port: int, *, seconds: float) -> bool:
    """Requests /readyz on this port of this host until the response is 200. Returns False after `seconds`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.client.OK:
                return True
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.2)
    return False
