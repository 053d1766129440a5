"""The holder of the root's words decides who may sign, in one step or with an offline machine between."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from chat.administration import trust
from chat.models import Line, Service, Work
from chat.runtime import key_check
from chat.supervision import signing_session
from counsellors.certificates import eight_words, roots, scopes, signed_bytes, signing
from counsellors.certificates.roots import Root
from counsellors.certificates.signed_bytes import LETTERS
from counsellors.models import Device, Scope
from helpline.lib import clock, encoding
from tests.support.domain.cast import Counsellor, a_partner
from tests.support.domain.certifying import Installation, a_key, forget, point_of, scalar_of
from tests.support.domain.supervisors import a_supervisor

pytestmark = pytest.mark.django_db(transaction=True)
DAY = 24 * 3600


def types(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def root(*told: str, **options: object) -> str:
    said = io.StringIO()
    call_command("root", *told, stdout=said, **options)
    return said.getvalue()


class TypesBack(io.StringIO):
    """Plays somebody who reads 24 words and types them back."""

    def __init__(self, said: io.StringIO, wrong: int = 0) -> None:
        super().__init__()
        self.said, self.wrong = said, wrong

    def isatty(self) -> bool:
        return False

    def readline(self, *_: object) -> str:  # type: ignore[override]
        spelled = [word for word in self.said.getvalue().split() if word in eight_words.listed()]
        shown = [
            word
            for row in self.said.getvalue().splitlines()
            if row.strip()[:1].isdigit()
            for word in row.split()
            if not word.isdigit()
        ]
        assert spelled
        if self.wrong:
            self.wrong -= 1
            return " ".join(reversed(shown))
        return " ".join(shown)


def makes(monkeypatch: pytest.MonkeyPatch, action: str = "make", wrong: int = 0) -> str:
    said = io.StringIO()
    monkeypatch.setattr("sys.stdin", TypesBack(said, wrong))
    call_command("root", action, stdout=said)
    return said.getvalue()


def test_a_root_is_shown_as_24_words_once_and_typed_back(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    said = makes(monkeypatch, wrong=1)
    file = roots.read()
    assert file is not None
    assert [root.named for root in file.roots] == [False]
    kept = settings.ROOTS.read_text()
    shown = [row.split()[1::2] for row in said.splitlines() if row.strip()[:1].isdigit()]
    spelled = [word for row in shown for word in row]
    assert len(spelled) == 24
    scalar = eight_words.hear(" ".join(spelled))
    assert encoding.encode(signed_bytes.point_of(signed_bytes.private_of(scalar))) == file.roots[0].point
    # Two of the listed words are JSON's own, and each is in one of the files.
    assert not ({*spelled} - {"true", "false"}) & {*kept.split()}
    assert encoding.encode(scalar) not in kept


def test_words_that_are_not_typed_back_make_no_root(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    with pytest.raises(CommandError, match="No root was made"):
        makes(monkeypatch, wrong=3)
    assert not settings.ROOTS.exists()


def test_who_ends_the_input_makes_no_root(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def ends(_question: str) -> str:
        raise EOFError

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", ends)
    with pytest.raises(CommandError, match="No root was made"):
        root("make")
    assert not settings.ROOTS.exists()


def test_scopes_are_signed_with_the_words_typed_in_for_each_line_and_each_desk(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, floor: Counsellor, helpwanted: Line
) -> None:
    Service.objects.create(slug="csg", name="CSG", desk=True)
    Service.objects.create(slug="112", name="112", desk=False)
    installation.names_its_root()
    key = installation.signs_with(floor)
    types(monkeypatch, " ".join(eight_words.say(scalar_of(installation.root))) + "\n")
    said = root("scope", yes=True)
    assert " ".join(eight_words.of_signer(encoding.decode(key))) in said, "to be compared by voice"
    rows = {(row.kind, row.slug): row for row in Scope.objects.all()}
    assert set(rows) == {("line", "helpwanted"), ("service", "csg")}
    assert {row.serial for row in rows.values()} == {1}
    assert rows["line", "helpwanted"].signers == [key]
    assert rows["line", "helpwanted"].quorum == 1
    file = roots.read()
    assert file is not None
    assert file.serial == 1


def test_a_file_that_was_lost_is_made_anew_from_the_words(
    certified: Installation, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    before = roots.read()
    with pytest.raises(CommandError, match="is there"):
        root("again", yes=True)
    settings.ROOTS.unlink()
    monkeypatch.setattr(roots, "_read", {})  # as in a new process
    forget()
    with pytest.raises(key_check.RootsLost):
        key_check.keep(clock.now())
    types(monkeypatch, " ".join(eight_words.say(scalar_of(a_key()))))
    with pytest.raises(CommandError, match="signed nothing"):
        root("again", yes=True)
    assert not settings.ROOTS.exists()
    types(monkeypatch, " ".join(eight_words.say(scalar_of(certified.root))))
    assert "root scope" in root("again", yes=True)
    after = roots.read()
    assert before is not None
    assert after is not None
    assert (after.serial, after.paths, after.hosts) == (before.serial, before.paths, before.hosts)
    assert [(one.point, one.named) for one in after.roots] == [(one.point, True) for one in before.roots]
    key_check.keep(clock.now())


def test_the_middle_step_needs_no_database_and_its_files_hold_no_secret(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, floor: Counsellor, tmp_path: Path
) -> None:
    installation.names_its_root()
    installation.signs_with(floor)
    asked, signed = tmp_path / "asked.json", tmp_path / "signed.json"
    root("scope", write=asked)
    types(monkeypatch, " ".join(eight_words.say(scalar_of(installation.root))))

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a machine without network has no database")

    with monkeypatch.context() as offline:
        offline.setattr("django.db.backends.utils.CursorWrapper.execute", never)
        root("scope", sign=asked, to=signed, yes=True)
    for path in (asked, signed):
        assert encoding.encode(scalar_of(installation.root)) not in path.read_text()
    root("scope", take=signed)
    assert Scope.objects.get().serial == 1


def test_after_a_restored_backup_the_same_scopes_are_taken_again_without_the_words(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, settings: Settings, floor: Counsellor
) -> None:
    installation.names_its_root()
    installation.signs_with(floor)
    spelled = " ".join(eight_words.say(scalar_of(installation.root))) + "\n"
    for _ in range(2):
        types(monkeypatch, spelled)
        root("scope", yes=True)
    kept = settings.ROOTS.with_name("signed-scopes.json")
    Scope.objects.all().delete()
    root("scope", take=kept)
    assert Scope.objects.get().serial == 2
    older = kept.read_text().replace('"serial": 2', '"serial": 1')
    kept.write_text(older)
    with pytest.raises(CommandError, match="not what was asked for"):
        root("scope", take=kept)


def test_a_session_that_would_take_somebody_s_callers_says_whose_and_takes_nothing(
    certified: Installation, monkeypatch: pytest.MonkeyPatch, floor: Counsellor, carla: Counsellor
) -> None:
    certified.certifies(floor, carla.device)
    del certified.signers[floor.device.pk]
    certified.signs_with(floor)  # in a second browser of hers, which has signed nothing
    spelled = " ".join(eight_words.say(scalar_of(certified.root))) + "\n"
    types(monkeypatch, spelled)
    with pytest.raises(CommandError, match="Helpwanted: 1 unsigned"):
        root("scope", yes=True)
    file = roots.read()
    assert file is not None
    assert (file.serial, Scope.objects.get().serial) == (1, 1)
    types(monkeypatch, spelled)
    root("scope", yes=True, anyway=True)
    assert Scope.objects.get().serial == 2


def test_a_line_for_which_nobody_could_sign_had_nothing_to_lose(
    certified: Installation,
    monkeypatch: pytest.MonkeyPatch,
    floor: Counsellor,
    carla: Counsellor,
    stopitnow: Line,
) -> None:
    """Its devices were approved, and could not be certified before this session."""
    certified.certifies(floor, carla.device)
    for who in (floor, carla):
        Work.objects.create(person=who.person, line=stopitnow)
    Device.objects.update(state=Device.State.APPROVED)  # for the new line, too
    types(monkeypatch, " ".join(eight_words.say(scalar_of(certified.root))) + "\n")
    root("scope", yes=True)
    assert Scope.objects.get(slug="stopitnow").serial == 2


def test_a_session_after_which_a_line_would_take_no_letters_says_so(
    certified: Installation,
    monkeypatch: pytest.MonkeyPatch,
    floor: Counsellor,
    carla: Counsellor,
    hanna: Counsellor,
) -> None:
    certified.certifies(floor, carla.device)
    key, at = signed_bytes.point_of(a_key()), int(clock.now().timestamp())
    Line.objects.update(letters=Line.Letters.ALWAYS, letters_key=key)
    signed = certified.signature(floor, "line", "helpwanted", key, at, at + 9 * DAY, "letters")
    mine = point_of(certified.signers[floor.device.pk])
    signing.store(floor.person, mine, LETTERS, key, signed, now=clock.now())
    for third in (hanna, a_supervisor("Iris", Line.objects.get())):
        certified.signs_with(third)  # with three, a letters key needs two signatures
    types(monkeypatch, " ".join(eight_words.say(scalar_of(certified.root))) + "\n")
    with pytest.raises(CommandError, match="Helpwanted: takes no letters"):
        root("scope", yes=True)


def test_a_request_that_would_mislead_whoever_reads_it_out_is_not_signed(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, floor: Counsellor, tmp_path: Path
) -> None:
    installation.names_its_root()
    key = installation.signs_with(floor)
    asked, to = tmp_path / "asked.json", tmp_path / "signed.json"
    one = {"kind": "line", "slug": "helpwanted", "signers": [key], "names": ["Bert"]}
    for wrong in (
        {"scopes": [one, {**one, "slug": "stopitnow", "names": ["Cees"]}]},  # one key by two names
        {"scopes": [{**one, "kind": "house"}]},
        {"scopes": [{**one, "names": []}]},
        {"scopes": [{**one, "signers": ["AA"]}]},
        {"scopes": [one], "serial": 2**32 - 1},  # there would be no higher number
    ):
        asked.write_text(json.dumps({"serial": 1, "not_after": 2_000_000_000, **wrong}))
        types(monkeypatch, " ".join(eight_words.say(scalar_of(installation.root))))
        with pytest.raises(CommandError, match="no request that can be signed"):
            root("scope", sign=asked, to=to, yes=True)
    assert not to.exists()


def test_more_signers_than_one_scope_holds_are_named_before_anybody_is_called(
    installation: Installation, helpwanted: Line
) -> None:
    Service.objects.create(slug="csg", name="CSG", desk=True)
    for number in range(16):
        installation.signs_with(a_supervisor(f"Floor {number}", helpwanted))
    assert [len(one.signers) for one in signing_session.wanted_scopes()] == [16, 16]
    installation.signs_with(a_supervisor("One more", helpwanted))
    with pytest.raises(signing_session.TooManySigners, match="helpwanted: 17"):
        signing_session.wanted_scopes()


def test_a_service_can_be_signed_for_before_its_first_browser_is_approved(
    installation: Installation, floor: Counsellor, helpwanted: Line
) -> None:
    service = Service.objects.create(slug="csg", name="CSG", desk=False)
    installation.signs_with(floor)
    assert [one.slug for one in signing_session.wanted_scopes()] == ["helpwanted"]
    a_partner("Gijs", service)
    Service.objects.update(desk=False)
    assert [one.slug for one in signing_session.wanted_scopes()] == ["helpwanted", "csg"]


def test_a_root_whose_words_were_seen_before_any_page_named_it_is_dropped(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    makes(monkeypatch)
    makes(monkeypatch)
    file = roots.read()
    assert file is not None
    root("drop", point=file.roots[0].point)
    left = roots.read()
    assert left is not None
    assert left.roots == file.roots[1:]


def test_scopes_of_a_strange_root_are_not_taken(
    installation: Installation, floor: Counsellor, tmp_path: Path
) -> None:
    installation.names_its_root()
    with pytest.raises(scopes.NotTaken):
        installation.signs_scopes(installation.signs_with(floor), root=a_key())
    assert not Scope.objects.exists()


def test_one_signer_a_person_and_never_one_whose_device_was_revoked(
    installation: Installation, floor: Counsellor, hanna: Counsellor
) -> None:
    first, second = installation.signs_with(floor), installation.signs_with(hanna)
    (wanted,) = signing_session.wanted_scopes()
    assert sorted(wanted.signers) == sorted([first, second])
    Device.objects.filter(pk=hanna.device.pk).update(state=Device.State.REVOKED)
    (wanted,) = signing_session.wanted_scopes()
    assert wanted.signers == [first]


def test_a_second_root_signs_only_once_no_page_is_open_that_does_not_know_it(
    certified: Installation, monkeypatch: pytest.MonkeyPatch, floor: Counsellor, settings: Settings
) -> None:
    makes(monkeypatch, "rotate")
    file = roots.read()
    assert file is not None
    assert [one.named for one in file.roots] == [True, True]
    other = a_key()
    young = Root(point=point_of(other), since=int(clock.now().timestamp()), named=True)
    roots.change(file, roots=[file.roots[0], young])
    signer = certified.signs_with(floor)
    with pytest.raises(scopes.TooSoon):
        certified.signs_scopes(signer, root=other)
    long_ago = young.since - int(settings.OPEN_SPAN.total_seconds())
    aged = Root(point=young.point, since=long_ago, named=True)
    roots.change(file, roots=[file.roots[0], aged])
    certified.signs_scopes(signer, root=other)
    with pytest.raises(CommandError, match="another one signs them first"):
        root("drop", point=aged.point)
    root("drop", point=file.roots[0].point)
    left = roots.read()
    assert left is not None
    assert [one.point for one in left.roots] == [aged.point]


def test_an_installation_becomes_certified_step_by_step_and_the_roots_come_last(
    installation: Installation, carla: Counsellor, floor: Counsellor
) -> None:
    assert trust.certificates(clock.now()).is_well is False
    installation.names_its_root(named=False)
    assert roots.metas() is None
    installation.signs_scopes(installation.signs_with(floor))
    with pytest.raises(CommandError, match="1 unsigned"):
        root("name")
    installation.certifies(floor, carla.device)
    assert "root name" in trust.certificates(clock.now()).advice
    root("name", yes=True)
    named = roots.metas()
    assert named == (point_of(installation.root), 1)
    assert trust.certificates(clock.now()).is_well


def test_a_server_with_scopes_and_no_file_does_not_start(
    certified: Installation, settings: Settings, tmp_path: Path
) -> None:
    settings.DEMO = True  # the demo's keys need no proof
    key_check.require(print)
    settings.ROOTS = tmp_path / "gone.json"
    with pytest.raises(CommandError, match="Scopes are signed"):
        key_check.require(print)


@pytest.mark.parametrize("torn", ["", "{", '{"serial": -1, "roots": []}', '{"roots": [{"point": "AA"}]}'])
def test_a_file_that_cannot_be_read_lets_nobody_in(
    certified: Installation, settings: Settings, torn: str
) -> None:
    settings.ROOTS.write_text(torn)
    assert roots.metas() == ("", roots.MAX_SERIAL)
    assert not trust.certificates(clock.now()).is_well
    settings.ROOTS.unlink()
    assert roots.metas() == ("", roots.MAX_SERIAL), "one that was there a moment ago is missed"


def test_setup_makes_the_root(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, helpwanted: Line
) -> None:
    Line.objects.all().delete()
    said = io.StringIO()
    monkeypatch.setattr("sys.stdin", TypesBack(said))
    first = {"line": ["young-victims"], "administrator": ["ilse"], "supervisor": ["floor=Floor"]}
    call_command("setup", stdout=said, organisation="Veilig Praten", **first)
    file = roots.read()
    assert file is not None
    assert [one.named for one in file.roots] == [True]
    assert roots.metas() == (file.roots[0].point, 0)


def test_no_character_of_a_name_hides_a_signer_from_whoever_types_the_words(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, floor: Counsellor
) -> None:
    installation.names_its_root()
    key = installation.signs_with(floor)
    type(floor.person).objects.update(alias="Floor\x1b[8m\r")
    types(monkeypatch, " ".join(eight_words.say(scalar_of(installation.root))))
    said = root("scope", yes=True)
    assert "\x1b" not in said
    assert "\r" not in said
    spelled = " ".join(eight_words.of_signer(encoding.decode(key)))
    assert f"1 of 1: {spelled}  (Floor?[8m?)" in said
    assert "Under serial 1, until" in said


def test_a_row_s_number_raises_no_serial_and_the_next_session_is_not_spoilt(
    certified: Installation, floor: Counsellor
) -> None:
    Scope.objects.update(serial=2**32 - 2)
    assert scopes.ask(signing_session.wanted_scopes(), now=clock.now()).serial == 2
    assert certified.signs_scopes(certified.signs_with(floor)) == 2


def test_beside_a_named_root_none_is_made_and_the_last_named_one_is_not_dropped(
    certified: Installation,
) -> None:
    with pytest.raises(CommandError, match="root rotate"):
        root("make")
    with pytest.raises(CommandError, match="no page would name a root"):
        root("drop", point=point_of(certified.root))
    assert roots.metas() is not None


def test_a_root_that_no_page_names_signs_nothing_beside_one_that_is_named(
    certified: Installation, floor: Counsellor
) -> None:
    other, file = a_key(), roots.read()
    assert file is not None
    hidden = Root(point=point_of(other), since=0, named=False)
    roots.change(file, roots=[*file.roots, hidden])
    with pytest.raises(scopes.TooSoon):
        certified.signs_scopes(certified.signs_with(floor), root=other)
