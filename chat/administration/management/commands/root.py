"""Makes roots, signs scopes with roots, writes roots into the pages ("names" them), and removes roots."""

from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from chat.administration import root_words, trust
from chat.lines import addresses
from chat.supervision import signing_session
from counsellors.certificates import certified, eight_words, roots, scopes, signed_bytes
from counsellors.certificates.roots import Unreadable
from counsellors.models import Scope
from helpline.lib import clock, decoding, encoding
from helpline.lib.asking import asked
from helpline.lib.errors import BadFrame
from helpline.lib.typed import as_typed_here

ACTIONS = ("make", "scope", "name", "paths", "rotate", "drop", "show", "again")
NEXT = "Next: `helpline root scope`; sign everybody on the board; `helpline root name`."


class Command(BaseCommand):
    help = (
        "Makes and keeps the roots, which say who may sign. "
        "make: a root, whose 24 words are shown once. scope: signs who may sign for which line, with the "
        "words typed in; in one step, or in three, the middle one on a machine without network (--write, "
        "--sign, --take). "
        "name: the pages name the roots. paths: the file lists each line's addresses anew, once you compared "
        "them. rotate: another root beside the old. drop: a root goes. show: which "
        "there are. again: the file was lost, and is made anew from the words."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=ACTIONS)
        parser.add_argument("--write", type=Path, help="scope: write here what is to be signed")
        parser.add_argument("--sign", type=Path, help="scope: sign what stands here")
        parser.add_argument("--to", type=Path, help="with --sign: where the signatures are written")
        parser.add_argument("--take", type=Path, help="scope: take these signatures")
        parser.add_argument("--yes", action="store_true", help="all that is asked was compared")
        parser.add_argument("--point", help="drop: the root as `show` prints it")
        parser.add_argument("--anyway", action="store_true", help="name, scope: although somebody lacks it")

    def handle(self, *_: Any, action: str, **options: Any) -> None:
        try:
            getattr(self, action)(options)
        except (Unreadable, root_words.NotTypedBack, eight_words.NotTheWords, scopes.NotTaken) as error:
            raise CommandError(as_typed_here(" ".join((error.__doc__ or "").split()))) from error
        except ValueError as error:
            raise CommandError(as_typed_here(str(error))) from error

    def make(self, _: dict[str, Any]) -> None:
        file = roots.read()
        if file is not None and any(root.named for root in file.roots):
            raise ValueError("a root is named already: `helpline root rotate` puts another one beside it")
        self._add(named=False)
        self.stdout.write(as_typed_here(NEXT))

    def rotate(self, _: dict[str, Any]) -> None:
        """Adds a root to the existing ones and immediately names the new root on the pages. The new root may
        sign only later, after every page that was loaded without this root has been closed."""
        file = roots.read()
        if file is None or not any(root.named for root in file.roots):
            raise ValueError("no root is named yet: `helpline root make`")
        self._add(named=True)
        self.stdout.write(f"It may sign from {scopes.signs_from(clock.now()):%Y-%m-%d %H:%M} UTC on.")

    def scope(self, options: dict[str, Any]) -> None:
        if options["take"] is not None:
            self._take(_read(options["take"], list[scopes.SignedScope]), options)
            return
        if options["sign"] is not None:
            if options["to"] is None:
                raise ValueError("--sign needs --to: where the signatures are written")
            signed = self._signed(_read(options["sign"], scopes.Request), options)
            options["to"].write_bytes(msgspec.json.format(msgspec.json.encode(signed)))
            self.stdout.write(f"{len(signed)} scopes in {options['to']}: take them with --take")
            return
        request = scopes.ask(signing_session.wanted_scopes(), now=clock.now())
        if not request.scopes:
            raise ValueError("no supervisor's browser signs yet: on the board, under People, Signatures")
        if options["write"] is not None:
            options["write"].write_bytes(msgspec.json.format(msgspec.json.encode(request)))
            self.stdout.write(f"{len(request.scopes)} scopes in {options['write']}: sign them with --sign")
            return
        if silent := signing_session.without_signer():
            self.stdout.write(f"Nobody signs for: {', '.join(silent)}. They get no scope.")
        self._take(self._signed(request, options), options)

    def name(self, options: dict[str, Any]) -> None:
        """Lists the roots in every page, so that browsers require certificates. Do this last, when everybody
        who takes callers has been certified: after this command, nobody can take callers without a
        certificate, and a line whose staff lack certificates could close."""
        file = roots.read()
        if file is None or not file.roots:
            raise ValueError("there is no root: `helpline root make`")
        missing = trust.not_certified(clock.now())
        if missing and not options["anyway"]:
            raise ValueError(f"these would take no callers: {'; '.join(missing)}")
        if not file.paths:
            file = self._list_addresses(file, options)
        named = [roots.Root(point=root.point, since=root.since, named=True) for root in file.roots]
        roots.change(file, roots=named)
        self.show(options)

    def paths(self, options: dict[str, Any]) -> None:
        file = roots.read()
        if file is None or not file.roots:
            raise ValueError("there is no root: `helpline root make`")
        self._list_addresses(file, options)

    def _list_addresses(self, file: roots.File, options: dict[str, Any]) -> roots.File:
        """Stores the lines' addresses in the file of roots after the operator has confirmed them: an attacker
        who can write to the database could have swapped the addresses of two lines."""
        paths, hosts = addresses.of_lines()
        self._write_addresses(paths, hosts)
        for row in addresses.differing(file):
            self.stdout.write(_plain(row))
        if not options["yes"] and not asked("Does each lead to its own line?"):
            raise ValueError("nothing was listed")
        return roots.change(file, paths=paths, hosts=hosts)

    def drop(self, options: dict[str, Any]) -> None:
        file = roots.read()
        left = [root for root in file.roots if root.point != options["point"]] if file else []
        if file is None or len(left) == len(file.roots):
            raise ValueError("--point: no root of this installation")
        if any(root.named for root in file.roots) and not any(root.named for root in left):
            raise ValueError("no page would name a root any more: name another one first")
        if signing := scopes.signed_by(options["point"]):
            raise ValueError(
                f"it has signed the scopes of {', '.join(signing)}: another one signs them first"
            )
        roots.change(file, roots=left)
        self.show(options)

    def again(self, options: dict[str, Any]) -> None:
        """Makes a new file of roots in place of a lost one. The new file contains the root whose words the
        operator types. The database must contain scopes that this root signed. The highest serial of these
        scopes becomes the lowest serial that the new file accepts, until the next `root scope` raises it."""
        if roots.read() is not None:
            raise ValueError(f"{settings.ROOTS} is there: bring back a right one, or move it away first")
        point = signed_bytes.point_of(signed_bytes.private_of(root_words.ask(self.stdout.write)))
        root = roots.Root(point=encoding.encode(point), since=int(clock.now().timestamp()), named=True)
        trusted = roots.Trust(frozenset([point]), 0)
        serials = [row.serial for row in Scope.objects.all() if certified.stands(row, trusted)]
        if not serials:
            raise ValueError("this root signed nothing that is in the database")
        self._list_addresses(roots.File(serial=max(serials), roots=[root]), options)
        self.show(options)
        self.stdout.write(
            as_typed_here("Next: `helpline root scope`, which ends what an older copy brought back.")
        )

    def show(self, _: dict[str, Any]) -> None:
        file = roots.read() or roots.File()
        if not file.roots:
            self.stdout.write(as_typed_here("There is no root: `helpline root make` makes one."))
        self.stdout.write(f"lowest serial {file.serial}")
        for root in file.roots:
            made = datetime.fromtimestamp(root.since, UTC)
            self.stdout.write(f"{root.point}  {'named' if root.named else 'not named yet'}, {made:%Y-%m-%d}")
        self._write_addresses(file.paths, file.hosts)

    def _write_addresses(self, paths: Mapping[str, str], hosts: Mapping[str, str]) -> None:
        found = {f"/{path}/": slug for path, slug in paths.items()} | {**hosts}
        for address, slug in sorted(found.items()):
            self.stdout.write(f"{_plain(address)}  {_plain(slug)}")

    def _add(self, *, named: bool) -> None:
        point = root_words.make(self.stdout.write)
        roots.add(point, named=named, since=int(clock.now().timestamp()))
        self.stdout.write(f"\nIts point, for whoever compares pages: {encoding.encode(point)}")

    def _signed(self, request: scopes.Request, options: dict[str, Any]) -> list[scopes.SignedScope]:
        """Shows eight words for each signer. Signs the scopes after the operator has compared the words with
        each signer by telephone, because an attacker could have added signers to the database."""
        scopes.require_plain(request)
        shown: dict[str, str] = {}
        ends = datetime.fromtimestamp(request.not_after, UTC)
        self.stdout.write(f"Under serial {request.serial}, until {ends:%Y-%m-%d}:")
        for one in request.scopes:
            names = [_plain(name) for name in one.names]
            shown |= dict(zip(one.signers, names, strict=True))
            numbered = [f"{[*shown].index(key) + 1} {shown[key]}" for key in one.signers]
            many = f"{len(one.signers)} may sign, {scopes.quorum_of(len(one.signers))} for a review key"
            self.stdout.write(f"  {_plain(one.kind)} {_plain(one.slug)} ({many}): {', '.join(numbered)}")
        self.stdout.write(f"\nCall each of these {len(shown)}, and compare the eight words on their screen:")
        for number, (key, name) in enumerate(shown.items(), 1):
            spelled = " ".join(eight_words.of_signer(_point(key)))
            self.stdout.write(f"  {number} of {len(shown)}: {spelled}  ({name})")
        if not options["yes"] and not asked("Are they all right?"):
            raise ValueError("nothing was signed")
        return scopes.sign(request, root_words.ask(self.stdout.write))

    def _take(self, signed: list[scopes.SignedScope], options: dict[str, Any]) -> None:
        try:
            serial = signing_session.take(signed, anyway=options["anyway"], now=clock.now())
        except signing_session.WouldLose as error:
            raise ValueError(f"{error.__doc__}\n  {error}") from error
        # After an older backup has been restored, `root scope --take` can store these scopes again, without
        # the root's words.
        kept = settings.ROOTS.with_name("signed-scopes.json")
        kept.write_bytes(msgspec.json.format(msgspec.json.encode(signed)))
        self.stdout.write(f"{len(signed)} scopes were taken under serial {serial}; they lie in {kept}, too.")


def _plain(text: str) -> str:
    """Returns the text with "?" in place of each unprintable character: an attacker could put such characters
    into the database, to hide a line of text from the operator who compares the text."""
    return "".join(one if one.isprintable() else "?" for one in text)


def _point(key: str) -> bytes:
    try:
        return certified.point(key)
    except (BadFrame, ValueError) as error:
        raise scopes.NotAsked from error


def _read[Told](path: Path, kind: type[Told]) -> Told:
    try:
        return decoding.from_json(kind)(path.read_bytes())
    except (OSError, msgspec.MsgspecError) as error:
        raise ValueError(f"{path} cannot be read: {error}") from error
