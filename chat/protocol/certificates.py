"""People certify keys: what a supervisor can sign, and the signatures. Times are whole Unix seconds."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.protocol.fields import At, Bytes, Opaque
from chat.protocol.frames import Ok, Request

type Seconds = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class Signing(Request):
    """Whose keys are certified until when, and for what this browser may sign."""


class MakeSigner(Request):
    """This browser made a key that signs. It signs for nothing before a root's scope names it."""

    key: Bytes


class Signature(Struct):
    """Of this browser's signer, under the device's certificate for a line or a service."""

    kind: Literal["line", "service"]
    slug: Opaque
    not_before: Seconds
    not_after: Seconds
    sig: Bytes


class Certify(Request):
    """The device's eight words were compared, and this browser signed: for each line of its person."""

    device: Opaque
    signed: Annotated[list[Signature], Meta(max_length=32)]


class CertifyKey(Request):
    """This browser signed the line's newest key for reading afterwards."""

    line: Opaque
    generation: int
    not_before: Seconds
    not_after: Seconds
    sig: Bytes


class Need(Struct):
    """For what a key should be certified. `until`: null where it never was; `mine`: this browser may sign;
    `by_me`: it did."""

    kind: Literal["line", "service"]
    slug: str
    name: str
    until: At | None
    mine: bool
    by_me: bool


class SignerRow(Struct):
    """This browser's signer."""

    key: Bytes


class ScopeState(Struct):
    """Who may sign for a line or a service with a desk; `signers`: how many. `gone`: of these, whose device
    was revoked or who left, so that the root has to sign anew."""

    kind: Literal["line", "service"]
    slug: str
    name: str
    serial: int
    until: At
    quorum: int
    signers: int
    gone: int
    mine: bool


class DeviceNeeds(Struct):
    """A device of their own lines. Its words are those of its key."""

    id: str
    state: str
    person: str
    alias: str
    label: str
    key: Bytes
    needs: list[Need]


class ReviewNeeds(Struct):
    """A line's key for reading afterwards: `signed` of `quorum` signed; `times` of that certificate."""

    line: str
    generation: int
    key: Bytes
    need: Need
    times: tuple[int, int] | None
    signed: int
    quorum: int
    by_me: bool


class SigningOk(Ok):
    """Answer of `signing`. `named`: pages name roots; without a certificate nobody takes callers."""

    named: bool
    signer: SignerRow | None
    scopes: list[ScopeState]
    devices: list[DeviceNeeds]
    reviews: list[ReviewNeeds]
