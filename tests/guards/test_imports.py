"""Imports run one way, so that each room can be read alone."""

import ast
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


def test_caller_and_console_share_code_only_through_shared() -> None:
    others = {
        "caller": ("console", "board"),
        "console": ("caller", "board"),
        "board": ("caller", "console"),
        "shared": ("caller", "console", "board"),
    }
    for folder, foreign in others.items():
        for path in (ROOT / "frontend" / folder).rglob("*.js"):
            for other in foreign:
                assert f"../{other}/" not in path.read_text(), path.name
