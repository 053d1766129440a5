"""Certificates: what a supervisor can sign, and the signatures. Times that are signed are whole Unix
seconds."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.protocol.fields import At, Bytes, Opaque
from chat.protocol.frames import Ok, Request
from chat.protocol.retention import KeyUse

type Seconds = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class Signing(Request):
    """Asks which keys are certified until when, and for what this browser may sign."""


class MakeSigner(Request):
    """Registers the signing key that this browser made. It may sign nothing until a root's scope names it."""

    key: Bytes


class Signature(Struct):
    """A signature that this browser's signer made of a device's key, for a line or a service."""

    kind: Literal["line", "service"]
    slug: Opaque
    not_before: Seconds
    not_after: Seconds
    sig: Bytes


class Certify(Request):
    """Stores this browser's signatures of a device whose eight words were compared, one for each line or
    service."""

    device: Opaque
    signed: Annotated[list[Signature], Meta(max_length=32)]


class CertifyKey(Request):
    """Stores this browser's signature of the line's newest key of this use."""

    line: Opaque
    generation: int
    not_before: Seconds
    not_after: Seconds
    sig: Bytes
    use: KeyUse = "review"


class Need(Struct):
    """A line or service for which a key should be certified. `until`: when its certificate ends, null where
    there never was one; `mine`: this browser may sign for it; `by_me`: this browser did sign."""

    kind: Literal["line", "service"]
    slug: str
    name: str
    until: At | None
    mine: bool
    by_me: bool


class SignerRow(Struct):
    """The public key of this browser's signer."""

    key: Bytes


class ScopeState(Struct):
    """Who may sign for a line, or for a service with a desk. `signers`: how many may; `gone`: how many of
    these had their device revoked or left, so that a root has to sign anew; `mine`: this browser may."""

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
    """A device of the supervisor's own lines, and for what it should be certified. Its eight words are made
    of its `key`."""

    id: str
    state: str
    person: str
    alias: str
    label: str
    key: Bytes
    needs: list[Need]


class KeyNeeds(Struct):
    """A line's newest key of a use: `signed` of the `quorum` it needs have signed. `times`: the first and
    last second of a certificate that too few have signed yet, or null."""

    line: str
    use: KeyUse
    generation: int
    key: Bytes
    need: Need
    times: tuple[int, int] | None
    signed: int
    quorum: int
    by_me: bool


class SigningOk(Ok):
    """Answer of `signing`. `named`: the callers' pages name roots, so that nobody without a certificate takes
    callers."""

    named: bool
    signer: SignerRow | None
    scopes: list[ScopeState]
    devices: list[DeviceNeeds]
    keys: list[KeyNeeds]
