"""Makes a root, a signer in a supervisor's browser, their signatures, and the roots' file in a folder of the
test."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from django.test import TestCase
from pytest_django import Settings

from chat.lines import addresses, under_roots
from chat.supervision import alerts, certifying
from counsellors.certificates import roots, scopes, signed_bytes
from counsellors.certificates.scopes import Wanted
from counsellors.certificates.signed_bytes import DAY, LINE
from counsellors.certificates.signing import Signed
from counsellors.models import Device
from helpline.lib import clock, encoding
from tests.support.domain.cast import Counsellor


def a_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def scalar_of(private: ec.EllipticCurvePrivateKey) -> bytes:
    return private.private_numbers().private_value.to_bytes(32)


def point_of(private: ec.EllipticCurvePrivateKey) -> str:
    return encoding.encode(signed_bytes.point_of(private))


@dataclass
class Installation:
    """Holds an installation of which the test has the root."""

    root: ec.EllipticCurvePrivateKey = field(default_factory=a_key)
    signers: dict[str, ec.EllipticCurvePrivateKey] = field(default_factory=dict)

    def names_its_root(self, *, since: int = 0, named: bool = True) -> None:
        roots.add(signed_bytes.point_of(self.root), named=named, since=since)
        self.lists_the_pages()
        forget()

    def lists_the_pages(self) -> None:
        """Lists the pages as `helpline root paths` does, after somebody has compared them."""
        file = roots.read()
        assert file is not None
        paths, hosts = addresses.of_lines()
        roots.change(file, paths=paths, hosts=hosts)

    def signs_with(self, who: Counsellor) -> str:
        """Makes a signer in this supervisor's browser. Returns its point."""
        private = self.signers.setdefault(who.device.pk, a_key())
        certifying.make_signer(who.person, who.device.pk, signed_bytes.point_of(private), now=clock.now())
        return point_of(private)

    def signs_scopes(
        self,
        *signers: str,
        places: tuple[tuple[str, str], ...] = ((LINE, "helpwanted"),),
        now: datetime | None = None,
        root: ec.EllipticCurvePrivateKey | None = None,
    ) -> int:
        """Runs a signing session with the words typed in. Returns the lowest serial from then on."""
        now = now or clock.now()
        wanted = [
            Wanted(kind=kind, slug=slug, signers=list(signers), names=["?"] * len(signers))
            for kind, slug in places
        ]
        signed = scopes.sign(scopes.ask(wanted, now=now), scalar_of(root or self.root))
        forget()
        with TestCase.captureOnCommitCallbacks(execute=True):
            return scopes.take(signed, now=now)

    def certifies(
        self,
        by: Counsellor,
        device: Device,
        *,
        places: tuple[tuple[str, str], ...] = ((LINE, "helpwanted"),),
        now: datetime | None = None,
        days: int = 99,
    ) -> None:
        """Certifies as the board does, after the eight words were compared."""
        at = int((now or clock.now()).timestamp())
        key = bytes(Device.objects.get(pk=device.pk).key)
        signed = [self.signature(by, kind, slug, key, at, at + days * DAY) for kind, slug in places]
        certifying.certify(by.person, by.device.pk, device.fingerprint, signed, now=now or clock.now())
        forget()

    def signature(
        self, by: Counsellor, kind: str, slug: str, key: bytes, begins: int, ends: int, use: str = "device"
    ) -> Signed:
        message = signed_bytes.cert_bytes(use, kind, slug, key, begins, ends)
        return Signed(kind, slug, begins, ends, signed_bytes.sign(self.signers[by.device.pk], message))


def forget() -> None:
    """Forgets what a process caches for some seconds."""
    under_roots.forget()
    alerts.forget()


def an_installation(settings: Settings, folder: Path) -> Installation:
    settings.ROOTS = folder / "roots.json"
    forget()
    return Installation()
