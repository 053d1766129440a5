"""Imports run one way, so that each room can be read alone."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("helpline", "chat", "counsellors")

DOORS = (
    "chat.consumers",
    "chat.views",
    "chat.views_figures",
    "chat.management",
    "helpline.asgi",
    "helpline.urls",
    "helpline.operations",
)
LEAVES = ("chat.states", "chat.protocol", "helpline.lib")
NETWORK = ("channels", "daphne", "django.http", "json", "twisted", "asyncio")
DOMAIN_EXCEPTIONS = {
    "chat.bells": {"channels", "asyncio"},  # the one module that knows the layer
    "chat.seed": {"json"},  # reads the directory's data file
    "chat.asyncapi": set(),
}


def modules() -> dict[str, Path]:
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if "migrations" not in path.parts:
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
                found[name] = path
    return found


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


def domain() -> list[str]:
    return [
        name
        for name in MODULES
        if is_in(name, "chat") and not is_in(name, *DOORS, *LEAVES, "chat.admin", "chat.apps", "chat.pages")
    ]


def test_the_staff_s_package_never_imports_the_chat() -> None:
    for name in MODULES:
        if is_in(name, "counsellors"):
            assert not [other for other in imports(MODULES[name]) if is_in(other, "chat")], name


def test_leaves_import_nothing_of_ours_but_leaves() -> None:
    for name in MODULES:
        if is_in(name, *LEAVES):
            ours = [other for other in imports(MODULES[name]) if is_in(other, *PACKAGES)]
            assert not [other for other in ours if not is_in(other, *LEAVES)], name


@pytest.mark.parametrize("name", domain())
def test_the_domain_knows_no_door_no_socket_no_http_and_no_json(name: str) -> None:
    used = imports(MODULES[name])
    assert not [other for other in used if is_in(other, *DOORS)], "a door is imported from the domain"
    forbidden = set(NETWORK) - DOMAIN_EXCEPTIONS.get(name, set())
    assert not [other for other in used if is_in(other, *forbidden)], (
        "a rule belongs in the domain, a format in a door"
    )


def test_only_bells_imports_the_channel_layer() -> None:
    users = [
        name for name in MODULES if any(is_in(other, "channels.layers") for other in imports(MODULES[name]))
    ]
    assert users == ["chat.bells"]


def test_there_is_one_bridge_from_async_code_to_the_database() -> None:
    bridges = {"sync_to_async", "database_sync_to_async", "run_in_executor", "to_thread"}
    users = [name for name in MODULES if any(bridge in MODULES[name].read_text() for bridge in bridges)]
    assert users == ["helpline.lib.bridge"]


def test_no_consumer_touches_the_orm() -> None:
    for name in MODULES:
        if is_in(name, "chat.consumers"):
            assert ".objects" not in MODULES[name].read_text(), name


# What the modules of a folder may import besides their own, so that no page loads another one's code.
MAY_IMPORT = {
    "caller": {"shared", "vendor"},
    "console": {"staff", "shared", "vendor"},
    "board": {"staff", "shared", "vendor"},
    "staff": {"shared", "vendor"},
    "shared": {"vendor"},
}


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_a_page_imports_what_it_shares_and_never_another_page(folder: str) -> None:
    frontend = ROOT / "frontend"
    for path in (frontend / folder).rglob("*.js"):
        for name in re.findall(r"""(?:from|import)\s*\(?\s*["'`](\.[^"'`]+)["'`]""", path.read_text()):
            room = (path.parent / name).resolve().relative_to(frontend).parts[0]
            assert room == folder or room in MAY_IMPORT[folder], (path.relative_to(frontend), name)


def test_the_caller_s_first_load_names_all_that_it_imports() -> None:
    """A module that the page does not name is fetched only once another has come: a wait more on a phone."""
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
