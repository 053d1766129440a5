"""Handles supervisors' requests to certify keys: listing the keys that can be signed, registering the
browser's signer, and storing signatures."""

from chat import protocol
from chat.protocol import CONSOLE
from chat.requests import consumers
from chat.requests.copied import copied
from chat.requests.declared import APPROVED_NOW, request
from chat.supervision import certificate_ends, certifying
from counsellors.certificates.signed_bytes import LINE, POINT_BYTES, SIGNATURE_BYTES
from counsellors.certificates.signing import Signed
from helpline.lib import clock, encoding
from helpline.lib.bridge import in_database


@request(protocol.Signing, consumers=CONSOLE, may="devices")
async def list_signing(consumer: consumers.Console, asked: protocol.Signing) -> protocol.SigningOk:
    found = await in_database(certifying.look, consumer.person, consumer.device_id, now=clock.now())
    return protocol.SigningOk(
        ref=asked.ref,
        named=found.named,
        signer=protocol.SignerRow(found.signer.key) if found.signer else None,
        scopes=[_scope(row) for row in found.scopes],
        devices=[_device(row) for row in found.devices],
        keys=[_key(row) for row in found.keys],
    )


@request(protocol.MakeSigner, consumers=CONSOLE, may="devices", device=APPROVED_NOW)
async def make_signer(consumer: consumers.Console, asked: protocol.MakeSigner) -> None:
    key = protocol.wire_bytes(asked.key, POINT_BYTES)
    await in_database(certifying.make_signer, consumer.person, consumer.device_id, key, now=clock.now())


@request(protocol.Certify, consumers=CONSOLE, may="devices", device=APPROVED_NOW, scope="device")
async def certify(consumer: consumers.Console, asked: protocol.Certify) -> None:
    signed = [
        Signed(
            one.kind, one.slug, one.not_before, one.not_after, protocol.wire_bytes(one.sig, SIGNATURE_BYTES)
        )
        for one in asked.signed
    ]
    await in_database(
        certifying.certify, consumer.person, consumer.device_id, asked.device, signed, now=clock.now()
    )


@request(protocol.CertifyKey, consumers=CONSOLE, may="review", device=APPROVED_NOW, scope="line")
async def certify_key(consumer: consumers.Console, asked: protocol.CertifyKey) -> None:
    sig = protocol.wire_bytes(asked.sig, SIGNATURE_BYTES)
    signed = Signed(LINE, asked.line, asked.not_before, asked.not_after, sig)
    await in_database(
        certifying.certify_key,
        consumer.person,
        consumer.device_id,
        asked.generation,
        signed,
        use=asked.use,
        now=clock.now(),
    )


def need_frame(need: certificate_ends.Need) -> protocol.Need:
    return copied(protocol.Need, need)


def _scope(row: certifying.ScopeRow) -> protocol.ScopeState:
    scope = row.scope
    return copied(
        protocol.ScopeState,
        scope,
        name=row.name,
        until=clock.stamp(certificate_ends.instant(scope.not_after)),
        signers=len(scope.signers),
        gone=row.gone,
        mine=row.mine,
    )


def _device(row: certifying.DeviceNeeds) -> protocol.DeviceNeeds:
    device = row.device
    return protocol.DeviceNeeds(
        id=device.fingerprint,
        state=device.state,
        person=device.person.handle,
        alias=device.person.alias,
        label=device.label,
        key=encoding.encode(bytes(device.key)),
        needs=[need_frame(need) for need in row.needs],
    )


def _key(row: certifying.KeyNeeds) -> protocol.KeyNeeds:
    return copied(
        protocol.KeyNeeds,
        row,
        line=row.need.slug,
        use=row.key.use,
        generation=row.key.generation,
        key=encoding.encode(bytes(row.key.public)),
        need=need_frame(row.need),
    )
