"""Frames about certificates: the keys that a supervisor can sign, and the signatures. Times in signed data
are whole Unix seconds."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.protocol.fields import At, Bytes, Opaque
from chat.protocol.frames import Ok, Request
from chat.protocol.retention import KeyUse

type Seconds = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class Signing(Request):
    """Asks when each key's certificate ends, and for which lines and services this browser may sign."""


class MakeSigner(Request):
    """Registers the signing key that this browser made. The key may sign nothing until a root of the
    organisation has signed a scope that lists the key."""

    key: Bytes


class Signature(Struct):
    """Holds a signature that this browser's signer made over a device's key, for a line or a service."""

    kind: Literal["line", "service"]
    slug: Opaque
    not_before: Seconds
    not_after: Seconds
    sig: Bytes


class Certify(Request):
    """Stores this browser's signatures over a device's key, one for each line or service. The supervisor has
    already compared the eight words of that key by voice."""

    device: Opaque
    signed: Annotated[list[Signature], Meta(max_length=32)]


class CertifyKey(Request):
    """Stores this browser's signature over the line's newest review key or letters key (`use`)."""

    line: Opaque
    generation: int
    not_before: Seconds
    not_after: Seconds
    sig: Bytes
    use: KeyUse = "review"


class Need(Struct):
    """Names a line or service for which a key should be certified. `until` is when the key's certificate
    ends, null if there never was a certificate. `mine` is true if this browser may sign for the line or
    service, and `by_me` if it has signed the key."""

    kind: Literal["line", "service"]
    slug: str
    name: str
    until: At | None
    mine: bool
    by_me: bool


class SignerRow(Struct):
    """Holds the public key of this browser's signer."""

    key: Bytes


class ScopeState(Struct):
    """Describes who may sign for a line, or for a service with a desk. `signers` is the number of signers.
    `gone` is how many of these left or had their device revoked; they can still sign until a root signs a new
    scope. `mine` is whether this browser may sign."""

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
    """Represents a device of a person who works for the supervisor's lines or services, with the lines and
    services for which it should be certified. Its eight words are derived from its `key`."""

    id: str
    state: str
    person: str
    alias: str
    label: str
    key: Bytes
    needs: list[Need]


class KeyNeeds(Struct):
    """Represents a line's newest review key or letters key. The key needs the signatures of `quorum` signers
    and has `signed` signatures. If a certificate of the key still needs signatures, `times` are the first and
    last second in which that certificate is valid; otherwise `times` is null."""

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
    """Answers `signing`. `named` is true if the callers' pages contain root keys; then only people with a
    certificate can take callers."""

    named: bool
    signer: SignerRow | None
    scopes: list[ScopeState]
    devices: list[DeviceNeeds]
    keys: list[KeyNeeds]
