"""Checks that a browser has the key that it claims to have, by means of a box that only that key can open."""

import time

from django.conf import settings

from counsellors import challenges
from counsellors.challenges import Challenge
from helpline.lib.errors import Forbidden


class KeyChallenge[Of]:
    """Holds the challenge of one socket. `of` is the device or key that the newest challenge is for. After
    one wrong or late answer, the socket gets no further challenge."""

    def __init__(self) -> None:
        self.of: Of | None = None
        self._challenge: Challenge | None = None
        self._until = 0.0
        self._failed = False

    @property
    def is_owed(self) -> bool:
        return self._challenge is not None or self._failed

    def demand(self, name: str, key: bytes, of: Of) -> bytes:
        """Returns a box that only the holder of `key` can open, and makes earlier boxes invalid. The time to
        answer starts now. Raises Forbidden if an earlier answer was wrong or late."""
        if self._failed:
            raise Forbidden
        self.of, self._challenge = of, challenges.challenge(name, key)
        self._until = time.monotonic() + settings.OPENING.total_seconds()
        return self._challenge.box

    def meet(self, secret: bytes) -> Of:
        challenge, self._challenge = self._challenge, None  # each challenge allows only one try
        in_time = time.monotonic() <= self._until
        if challenge is None or self.of is None or not in_time or not challenge.is_met_by(secret):
            self._failed = True
            raise Forbidden
        return self.of
