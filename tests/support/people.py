"""Collects what a test needs to play people: sign in, call, counsel, and compare what each of them saw."""

from benchmarks.signin import SignIn, SignInRefused, totp
from tests.support.caller import CallerClient
from tests.support.counsellor import CounsellorClient, GuestClient
from tests.support.frames import Disconnected, Frame, HandshakeRefused, Predicate, Refused, is_entry, is_frame
from tests.support.seats import Posted, SeatClient, compare, compare_all, settle
from tests.support.transcript import Reading, Transcript
from tests.support.wire import WireClient

__all__ = [
    "CallerClient",
    "CounsellorClient",
    "Disconnected",
    "Frame",
    "GuestClient",
    "HandshakeRefused",
    "Posted",
    "Predicate",
    "Reading",
    "Refused",
    "SeatClient",
    "SignIn",
    "SignInRefused",
    "Transcript",
    "WireClient",
    "compare",
    "compare_all",
    "is_entry",
    "is_frame",
    "settle",
    "totp",
]
