"""Imports go in one direction, so that each package can be read without those that use it."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("helpline", "chat", "counsellors")

LEAVES = ("chat.states", "chat.spans", "chat.protocol", "helpline.lib")
ROWS = ("chat.models", "chat.bells", "chat.line_scope", "chat.outbox", "chat.one_use", "chat.keys")
# These belong to a conversation's life and may know each other, without a cycle of modules.
LIFE = ("chat.conversation", "chat.queue", "chat.handoff", "chat.letters", "chat.cases", "chat.retention")
LOWEST = ("chat.lines", "chat.figures", "chat.care")
HIGHEST = ("chat.supervision",)
# These are the optional apps, and the modules of each that have no rules.
APPS = ("chat.planning", "chat.reports", "chat.practice", "chat.administration", "chat.demo")
RULES = ("chat.planning", "chat.reports", "chat.practice")  # those of them that have a domain
EDGES = tuple(f"{app}.{part}" for app in APPS for part in ("requests", "pages", "urls", "apps"))
DOMAIN = (*LOWEST, *LIFE, *HIGHEST)
CONSUMERS = (
    "chat.consumers",
    "chat.views",
    "chat.templatetags",
    "chat.management",
    "chat.admin",
    "helpline.asgi",
    "helpline.urls",
    "helpline.operations",
)
NETWORK = ("channels", "daphne", "django.http", "json", "twisted", "asyncio")


def modules() -> dict[str, Path]:
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if "migrations" not in path.parts:
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
                found[name] = path
    return found


@cache
def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


MODULES = modules()


def is_in(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def inside(*packages: str) -> list[str]:
    return [name for name in MODULES if is_in(name, *packages)]


def ours(name: str, *packages: str) -> list[str]:
    """Returns what a module imports from these packages."""
    return sorted(other for other in imports(MODULES[name]) if is_in(other, *packages))


def test_every_module_of_the_chat_has_a_layer() -> None:
    layers = (
        *LEAVES,
        *ROWS,
        *DOMAIN,
        *APPS,
        *CONSUMERS,
        "chat.runtime",
        "chat.requests",
        "chat.contract",
        "chat.apps",
    )
    assert [name for name in inside("chat") if not is_in(name, *layers) and name != "chat"] == []


def places() -> list[list[str]]:
    """Returns the packages of each place, from left to right, as the document names them."""
    text = (ROOT / "docs" / "architecture.md").read_text().split("\n## Imports\n")[1].split("Only `")[0]
    return [re.findall(r"`([a-z_.]+)`", part) for part in text.split("←")]


def test_each_package_imports_only_those_that_the_document_has_to_its_left() -> None:
    place = {package: number for number, packages in enumerate(places()) for package in packages}
    wrong = [
        f"{name}: {other}"
        for name in MODULES
        for other in ours(name, *PACKAGES)
        if other in MODULES and not any(is_in(one, other) and one != other for one in imports(MODULES[name]))
        if (home := _home(name, place)) and (its := _home(other, place)) and place[its] > place[home]
    ]
    assert wrong == []


def _home(name: str, place: dict[str, int]) -> str:
    """Returns the innermost package that has a place, or "" if only modules of its app have places."""
    return max((package for package in place if is_in(name, package)), key=len, default="")


def test_leaves_import_nothing_of_ours_but_leaves() -> None:
    for name in inside(*LEAVES):
        assert [other for other in ours(name, *PACKAGES) if not is_in(other, *LEAVES)] == [], name


def test_the_domain_knows_no_consumer_no_request_no_socket_no_http_and_no_json() -> None:
    hung, formats = {}, {}
    for name in [one for one in inside(*DOMAIN, *ROWS, *RULES) if not is_in(one, *EDGES)]:
        hung[name] = ours(name, *CONSUMERS, *EDGES, "chat.requests", "chat.runtime")
        network = NETWORK if name != "chat.bells.ringing" else ("django.http", "json", "twisted", "daphne")
        formats[name] = ours(name, *network)
    assert {name: found for name, found in hung.items() if found} == {}, "a rule would hang on a consumer"
    assert {name: found for name, found in formats.items() if found} == {}, "a format belongs in a consumer"


def test_what_a_line_says_and_what_is_counted_lie_lowest_and_supervision_highest() -> None:
    for name in inside(*LOWEST, *ROWS):
        above = (*LIFE, *HIGHEST)
        # The outbox counts what became of what it sent.
        assert ours(name, *above) == [], name
    for name in inside(*LIFE):
        assert ours(name, *HIGHEST) == [], name


def test_a_conversation_s_life_is_no_circle_of_modules() -> None:
    graph = {name: {other for other in ours(name, *LIFE) if other in MODULES} for name in inside(*LIFE)}
    done: set[str] = set()

    def walk(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " → ".join((*way, name))
        if name not in done:
            for other in graph[name]:
                walk(other, (*way, name))
            done.add(name)

    for name in graph:
        walk(name, ())


def test_requests_know_their_consumers_by_what_consumers_py_says_of_them() -> None:
    for name in inside("chat.requests", *(f"{app}.requests" for app in APPS)):
        assert ours(name, *CONSUMERS, "chat.runtime") == [], name
        assert ".objects" not in MODULES[name].read_text(), (
            f"{name}: a question to the database is the domain's"
        )


def test_the_core_imports_no_optional_app_and_none_of_them_another() -> None:
    for app in APPS:
        users = [name for name in MODULES if not is_in(name, app) and ours(name, app)]
        assert users == [], app


def test_only_bells_imports_the_channel_layer() -> None:
    users = [
        name for name in MODULES if any(is_in(other, "channels.layers") for other in imports(MODULES[name]))
    ]
    assert users == ["chat.bells.ringing"]


def test_there_is_one_bridge_from_async_code_to_the_database() -> None:
    bridges = {"sync_to_async", "database_sync_to_async", "run_in_executor", "to_thread", "wrap_future"}
    users = [name for name in MODULES if any(bridge in MODULES[name].read_text() for bridge in bridges)]
    assert users == ["helpline.lib.bridge.threads"]


def test_no_consumer_touches_the_orm() -> None:
    for name in inside("chat.consumers"):
        assert ".objects" not in MODULES[name].read_text(), name


# The modules that a folder may import besides its own, so that no page loads another one's code.
MAY_IMPORT = {
    "caller": {"shared", "vendor"},
    "console": {"staff", "shared", "vendor"},
    "board": {"staff", "shared", "vendor"},
    "planning": {"board", "staff", "shared", "vendor"},
    "reports": {"board", "staff", "shared", "vendor"},
    "practice": {"console", "caller", "staff", "shared", "vendor"},
    "staff": {"shared", "vendor"},
    "shared": {"vendor"},
}


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_a_page_imports_what_it_shares_and_never_another_page(folder: str) -> None:
    frontend = ROOT / "frontend"
    for path in (frontend / folder).rglob("*.js"):
        for name in re.findall(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""", path.read_text()):
            room = (path.parent / name).resolve().relative_to(frontend).parts[0]
            assert room == folder or room in MAY_IMPORT[folder], (path.relative_to(frontend), name)


def test_the_caller_s_first_load_names_all_that_it_imports() -> None:
    """A module that the page does not name is requested only after another one has arrived, which costs a
    round trip."""
    frontend = ROOT / "frontend"
    page = (ROOT / "chat/templates/chat/caller.html").read_text()
    named = set(re.findall(r'(?:src|href)="/app/{{ release }}/([^"]+\.js)"', page))
    needed, left = set(), {"caller/caller.js"}
    while left:
        name = left.pop()
        needed.add(name)
        for other in re.findall(
            r"""^(?:import|export)\s(?:[\w*{},\s]*\sfrom\s)?["'](\.[^"']+)["']""",
            (frontend / name).read_text(),
            re.MULTILINE,
        ):
            found = (frontend / name).parent.joinpath(other).resolve().relative_to(frontend).as_posix()
            left |= {found} - needed
    assert named == needed
