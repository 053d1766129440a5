"""`helpline setup` checks each answer before it changes anything, and an interrupted run may be repeated."""

import argparse
import re
import shlex
import stat
import subprocess
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chat.lines import templates
from helpline.lib import readiness
from helpline.machine import answers, environment_file, proxies, services, setup
from helpline.machine.__main__ import parser_of
from helpline.machine.answers import FROM_CADDY
from helpline.machine.machine import Machine, Stopped

RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
HOSTS = ["hulp.voorbeeld.nl", "staf.voorbeeld.nl"]
TYPED = {
    "callers-host": "hulp.voorbeeld.nl",
    "staff-host": "staf.voorbeeld.nl",
    "security-contact": "beveiliging@voorbeeld.nl",
    "backup-recipient": RECIPIENT,
    "proxy": "caddy",
    "certificate": "none",
}


class PaperMachine(Machine):
    """Plays a machine in a folder, whose programs only record that they were called."""

    def __init__(self, root: Path, installed: tuple[str, ...] = ("caddy",)) -> None:
        super().__init__(root)
        self.installed = installed
        self.called: list[str] = []
        self.refuses = ""

    def has(self, program: str) -> bool:
        return program in self.installed

    def says(self, *words: str) -> tuple[int, str]:
        self.called.append(" ".join(words))
        refused = bool(self.refuses) and self.called[-1].startswith(self.refuses)
        return int(refused or (words[0] == "age" and words[3] != RECIPIENT)), ""

    def own(self, path: Path, group: str) -> None:
        pass


@pytest.fixture
def machine(tmp_path: Path) -> PaperMachine:
    return PaperMachine(tmp_path)


def types(machine: Machine, *rows: str, **given: str) -> dict[str, str]:
    """Types these answers, one for each question."""
    waiting: Iterator[str] = iter(rows)

    def read(_: str) -> str:
        try:
            return next(waiting)
        except StopIteration:
            raise EOFError from None

    options = {name.replace("_", "-"): said for name, said in given.items()}
    found = answers.ask(answers.questions(machine), options, {}, read)
    assert list(waiting) == []
    return found


def test_each_answer_is_stored_as_the_settings_want_it(machine: PaperMachine) -> None:
    found = types(machine, *TYPED.values())
    assert setup.as_settings(found, {}) == {
        "HELPLINE_ORIGINS": "https://staf.voorbeeld.nl https://hulp.voorbeeld.nl",
        "HELPLINE_SECURITY_CONTACT": "mailto:beveiliging@voorbeeld.nl",
        "HELPLINE_BACKUP_RECIPIENT": RECIPIENT,
    }


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("callers-host", "https://hulp.voorbeeld.nl", "Write it without https://"),
        ("callers-host", "192.0.2.7", "is no host name"),
        ("callers-host", "hulp", "is no host name"),
        ("staff-host", "hulp.voorbeeld.nl", "Staff need another name"),
        ("security-contact", "beveiliging", "neither a mail address nor"),
        ("security-contact", 'a"b@voorbeeld.nl', "cannot contain a quote"),
        ("backup-recipient", "AGE-SECRET-KEY-1", "begins with age1"),
        ("backup-recipient", RECIPIENT.replace("q", "p", 1), "no public key of age"),
        ("proxy", "apache", "Write caddy or nginx"),
        ("proxy", "nginx", "apt-get install nginx"),
        ("certificate", "/root/nothing.pem", "cannot be read"),
        ("callers-host", "", "needs an answer"),
    ],
)
def test_a_wrong_answer_is_explained_and_asked_again(
    machine: PaperMachine, name: str, wrong: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row for key, right in TYPED.items() for row in ([wrong, right] if key == name else [right])]
    assert types(machine, *rows)[name]
    assert said in capsys.readouterr().out


def test_an_option_answers_and_a_wrong_one_stops_before_anything_changes(machine: PaperMachine) -> None:
    assert types(machine, *list(TYPED.values())[2:], callers_host="a.nl", staff_host="b.nl")
    with pytest.raises(Stopped, match=r"Nothing was changed\. --callers-host: .*no host name"):
        types(machine, callers_host="hulp")


def test_where_nobody_can_answer_it_names_the_option(machine: PaperMachine) -> None:
    with pytest.raises(Stopped, match=r"nobody answers\. Use --staff-host"):
        types(machine, "hulp.voorbeeld.nl")


def test_nginx_needs_a_certificate_and_its_key(tmp_path: Path) -> None:
    machine = PaperMachine(tmp_path, ("nginx",))
    (tmp_path / "own.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    (tmp_path / "own.key").write_text("-----BEGIN PRIVATE KEY-----\n")
    rows = [*list(TYPED.values())[:5], "nginx", "none", "/own.pem", "/own.pem", "/own.key"]
    found = types(machine, *rows)
    assert (found["certificate"], found["certificate-key"]) == ("/own.pem", "/own.key")


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_a_file_that_names_a_store_no_more_stops_before_anything_is_asked(
    machine: PaperMachine, name: str
) -> None:
    environment_file.make(machine)
    rows = machine.path(environment_file.FILE).read_text().splitlines()
    left = "\n".join(row for row in rows if not row.startswith(name)) + "\n"
    machine.path(environment_file.FILE).write_text(left)
    with pytest.raises(Stopped, match=f"has no {name}. Put its row back; (.|\n)*\n{name}=."):
        setup.run(machine, argparse.Namespace())
    assert machine.path(environment_file.FILE).read_text() == left


def test_the_settings_file_has_secrets_of_its_own_and_keeps_them(machine: PaperMachine) -> None:
    environment_file.make(machine)
    first = environment_file.read(machine)
    assert len({first["HELPLINE_SECRET_KEY"], first["HELPLINE_METRICS_TOKEN"]}) == 2
    assert "put-a" not in "".join(first[name] for name in ("HELPLINE_SECRET_KEY", "REDIS_URL"))
    environment_file.make(machine)
    environment_file.change(machine, {"HELPLINE_ORIGINS": "https://a.nl", "HELPLINE_APPS": "none"})
    again = environment_file.read(machine)
    assert again == first | {"HELPLINE_ORIGINS": "https://a.nl", "HELPLINE_APPS": "none"}
    mode = machine.path(environment_file.FILE).stat().st_mode
    assert stat.S_IMODE(mode) == 0o640
    assert not any(first["HELPLINE_SECRET_KEY"] in row for row in machine.called), "in no command line"


@pytest.mark.parametrize("value", ['"Pa$word"', '"a`b"', "Pa$word", '"a\\\\b"'])
def test_a_value_that_sh_would_change_is_named_by_its_line_and_never_shown(
    machine: PaperMachine, value: str
) -> None:
    environment_file.make(machine)
    rows = machine.path(environment_file.FILE)
    rows.write_text(f"{rows.read_text()}\nHELPLINE_MAIL_PASSWORD={value}\n")
    with pytest.raises(Stopped, match="value of HELPLINE_MAIL_PASSWORD in single quotes") as error:
        environment_file.read(machine)
    assert value.strip('"') not in str(error.value)
    rows.write_text(rows.read_text().replace(value, f"'{value.strip(chr(34))}'"))
    assert environment_file.read(machine)["HELPLINE_MAIL_PASSWORD"] == value.strip('"')


def test_a_second_run_offers_the_first_answers_and_the_example_s_names_are_none(
    machine: PaperMachine,
) -> None:
    environment_file.make(machine)
    assert "callers-host" not in setup.before(machine, environment_file.read(machine))
    found = types(machine, *TYPED.values())
    environment_file.change(machine, setup.as_settings(found, {}))
    assert setup.before(machine, environment_file.read(machine)) == found


def test_a_second_run_keeps_the_hosts_about_which_it_does_not_ask(machine: PaperMachine) -> None:
    """A line may have a host of its own, which stands last."""
    environment_file.make(machine)
    environment_file.change(machine, setup.as_settings(types(machine, *TYPED.values()), {}))
    three = "https://staf.voorbeeld.nl https://hulp.voorbeeld.nl https://jongeren.voorbeeld.nl"
    environment_file.change(
        machine, {"HELPLINE_ORIGINS": three, "HELPLINE_OWN_HOSTS": "jongeren.voorbeeld.nl"}
    )
    settings = environment_file.read(machine)
    found = setup.before(machine, settings)
    assert (found["staff-host"], found["callers-host"]) == ("staf.voorbeeld.nl", "hulp.voorbeeld.nl")
    assert setup.as_settings(found, settings)["HELPLINE_ORIGINS"] == three
    moved = found | {"callers-host": "chat.voorbeeld.nl"}
    assert setup.as_settings(moved, settings)["HELPLINE_ORIGINS"] == three.replace("hulp.", "chat.")


@pytest.mark.parametrize("own", [False, True])
def test_the_proxy_s_file_has_the_organisation_s_names_and_certificate(
    machine: PaperMachine, own: bool
) -> None:
    (machine.root / "own.pem").write_text("BEGIN CERTIFICATE")
    (machine.root / "own.key").write_text("PRIVATE KEY")
    found = {**TYPED, "certificate": "/own.pem" if own else FROM_CADDY, "certificate-key": "/own.key"}
    proxies.set_up(machine, found)
    text = machine.path(proxies.CADDYFILE).read_text()
    assert "\nhulp.voorbeeld.nl {" in text
    assert "\nstaf.voorbeeld.nl {" in text
    assert "hulp.example" not in text
    assert text.count("\n\ttls /etc/caddy/tls/helpline.pem") == (2 if own else 0)
    assert machine.called[-2:] == ["systemctl enable caddy", "systemctl restart caddy"]


def test_a_renewed_certificate_reaches_the_proxy_and_one_that_is_given_up_comes_back_by_no_enter(
    machine: PaperMachine,
) -> None:
    environment_file.make(machine)
    with pytest.raises(Stopped, match="Caddy fetches it"):
        proxies.renew(machine, HOSTS)
    certificate, key = machine.root / "live.pem", machine.root / "live.key"
    certificate.write_text("BEGIN CERTIFICATE of spring")
    key.write_text("PRIVATE KEY")
    own = {"certificate": "/live.pem", "certificate-key": "/live.key"}
    proxies.set_up(machine, TYPED | own)
    certificate.write_text("BEGIN CERTIFICATE of summer")
    proxies.renew(machine, HOSTS)
    assert machine.path("/etc/caddy/tls/helpline.pem").read_text() == "BEGIN CERTIFICATE of summer"
    assert machine.called[-1] == "systemctl restart caddy", "it has no admin interface that could reload"
    settings = environment_file.read(machine)
    assert setup.before(machine, settings).items() >= own.items(), "not the copy"
    proxies.set_up(machine, TYPED)
    assert setup.before(machine, settings)["certificate"] == FROM_CADDY
    proxies.set_up(machine, TYPED | own)
    certificate.unlink()
    with pytest.raises(Stopped, match=r"/live\.pem cannot be read"):
        proxies.renew(machine, HOSTS)


@pytest.fixture
def own(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """Makes a certificate with its key, as openssl does, and returns the answers that name them."""

    def make(names: Sequence[str], days: int = 30) -> dict[str, str]:
        named = ",".join(f"DNS:{name}" for name in names)
        words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        words += ["-subj", "/CN=x", "-addext", f"subjectAltName={named}"]
        begins = datetime.now(UTC) - timedelta(days=60)
        words += ["-not_before", begins.strftime("%Y%m%d%H%M%SZ")]
        words += ["-not_after", (datetime.now(UTC) + timedelta(days=days)).strftime("%Y%m%d%H%M%SZ")]
        words += ["-out", str(tmp_path / "own.pem"), "-keyout", str(tmp_path / "own.key")]
        subprocess.run(words, check=True, capture_output=True)
        return {"certificate": "/own.pem", "certificate-key": "/own.key"}

    return make


class WithOpenssl(PaperMachine):
    """Plays a machine whose openssl is the real one."""

    def says(self, *words: str) -> tuple[int, str]:
        return Machine.says(self, *words) if words[0] == "openssl" else super().says(*words)


def test_a_certificate_that_has_expired_or_is_of_another_name_is_refused_and_the_proxy_keeps_what_it_has(
    tmp_path: Path, own: Callable[..., dict[str, str]]
) -> None:
    machine = WithOpenssl(tmp_path, ("caddy", "openssl"))
    good = own(HOSTS)
    assert types(machine, *list(TYPED.values())[:5], *good.values())["certificate"] == "/own.pem"
    proxies.set_up(machine, TYPED | good)
    kept = machine.path("/etc/caddy/tls/helpline.pem").read_text()
    for names, days, said in ((HOSTS, -1, "has expired"), (HOSTS[:1], 30, f"is not for {HOSTS[1]}")):
        own(names, days)
        with pytest.raises(Stopped, match=f"{said}.*The proxy keeps the certificate that it has"):
            proxies.renew(machine, HOSTS)
        with pytest.raises(Stopped, match=f"{said}.*The proxy keeps"):
            proxies.set_up(machine, TYPED | good)
        with pytest.raises(Stopped, match=f"Nothing was changed. --certificate: .*{said}"):
            types(machine, **{name.replace("-", "_"): value for name, value in (TYPED | good).items()})
    assert machine.path("/etc/caddy/tls/helpline.pem").read_text() == kept
    own(["*.voorbeeld.nl"])
    said = proxies.renew(machine, HOSTS)
    assert machine.path("/etc/caddy/tls/helpline.pem").read_text() != kept
    assert re.fullmatch(r"caddy has the certificate, which ends on \w+ .* GMT\.", said)


@pytest.mark.parametrize("row", ["HELPLINE_APPS=none", "HELPLINE_APPS='none'", 'HELPLINE_APPS="none" '])
def test_a_setting_is_read_as_systemd_reads_it_with_any_quotes(machine: PaperMachine, row: str) -> None:
    machine.write(environment_file.FILE, f"# the apps\n{row}\n", 0o640)
    assert environment_file.read(machine) == {"HELPLINE_APPS": "none"}


def test_a_row_that_sh_would_read_otherwise_is_named_by_its_number(machine: PaperMachine) -> None:
    machine.write(environment_file.FILE, "\nHELPLINE_OWN_HOSTS=a.nl b.nl\n", 0o640)
    with pytest.raises(Stopped, match=r'line 2: write it as NAME="value", without spaces beside the ='):
        environment_file.read(machine)


def test_a_worker_that_did_not_stay_up_is_no_success(
    machine: PaperMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "wait", lambda *_, **__: True)
    services.start(machine)
    machine.refuses = "systemctl is-active --quiet helpline-worker"
    with pytest.raises(Stopped, match="helpline-worker did not stay up"):
        services.start(machine)


def test_what_somebody_changed_in_the_proxy_s_file_is_kept_beside_it(
    machine: PaperMachine, capsys: pytest.CaptureFixture[str]
) -> None:
    for text, beside in (("Debian's own", ".before"), ("changed by hand", ".before.2")):
        machine.write(proxies.CADDYFILE, text, 0o644)
        proxies.set_up(machine, TYPED)
        assert machine.path(proxies.CADDYFILE + beside).read_text() == text
        assert f"what was there is now in {proxies.CADDYFILE}{beside}.\n" in capsys.readouterr().out
    proxies.set_up(machine, TYPED)
    assert capsys.readouterr().out == ""
    for name in ("mistyped.nl", "voorbeeld.nl"):
        proxies.set_up(machine, TYPED | {"callers-host": name})
    assert machine.path(f"{proxies.CADDYFILE}.before.2").read_text() == "changed by hand"


def test_a_key_that_is_not_the_certificate_s_does_not_replace_the_pair_that_the_proxy_has(
    machine: PaperMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"certificate": "/live.pem", "certificate-key": "/live.key"}
    for name in own.values():
        machine.write(name, "of spring", 0o640)
    proxies.set_up(machine, TYPED | own)
    machine.installed = ("openssl",)
    monkeypatch.setattr(machine, "says", lambda *words: (0, words[-1]))  # two public keys
    machine.write("/live.pem", "of summer", 0o640)
    machine.write("/new.pem", "of summer", 0o640)
    with pytest.raises(Stopped, match=r"/live\.key is not the key of /live\.pem"):
        proxies.renew(machine, HOSTS)
    with pytest.raises(Stopped, match=r"/live\.key is not the key of /new\.pem"):
        proxies.set_up(machine, TYPED | own | {"certificate": "/new.pem"})
    assert machine.path("/etc/caddy/tls/helpline.pem").read_text() == "of spring"
    assert proxies.own_certificate(machine) == own


def test_nginx_gets_one_certificate_for_both_names_and_enough_connections() -> None:
    text = proxies.nginx_site(proxies.Sites("hulp.voorbeeld.nl", "staf.voorbeeld.nl", "/mnt/shared"))
    assert text.count("root /mnt/shared;") == 4
    assert "hulp.example" not in text
    assert text.count("ssl_certificate /etc/nginx/tls/helpline.pem;") == 2
    assert text.count("ssl_certificate_key /etc/nginx/tls/helpline.key;") == 2
    main = "events {\n\tworker_connections 768;\n}\n"
    once = proxies.nginx_main(main)
    assert "worker_connections 16384;" in once
    assert proxies.nginx_main(once) == once


def test_the_help_says_what_may_stand_there_and_shows_a_line_that_can_be_typed(
    machine: PaperMachine, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parser_of(machine).parse_args(["setup", "--help"])
    said = capsys.readouterr().out
    assert "…" not in said.replace("age1…", "")
    for allowed in ("{caddy,nginx}", "{FILE,none}", "TEMPLATE[=SLUG]", "NAME[=ALIAS]", *templates.names()):
        assert allowed in said.replace("-\n                        ", "-"), allowed
    (example,) = [row for row in said.splitlines() if row.startswith("helpline setup ")]
    given = parser_of(machine).parse_args(shlex.split(example)[1:])
    assert given.line == ["young-victims"]


@pytest.mark.parametrize(
    ("option", "said"),
    [("--line=young", "Write one of worried-adults, young-victims"), ("--phone=abc", "no telephone number")],
)
def test_a_mistyped_template_or_number_is_refused_before_anything_changes(
    machine: PaperMachine, option: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parser_of(machine).parse_args(["setup", option])
    assert said in capsys.readouterr().err
