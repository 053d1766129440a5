"""`python -m tests.drills.mutations --seed N` checks whether a change of the code makes a test fail. The seed
draws places in the product, from the packages in turn. Each is changed in a copy of the tree: a comparison,
an `and`, a `not` or a number is changed, or a statement or a condition is left out. The tests that name the
module run first, then the package's own, then all of `make test`. Mutations that survive are listed. `--list`
only shows the draw."""

import argparse
import ast
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
# The places to change, and the tests to run first.
ROOMS = {
    "conversation": (("chat/conversation", "chat/care"), ("conversation", "care")),
    "queue": (("chat/queue", "chat/lines"), ("queue", "lines")),
    "handoff": (("chat/handoff",), ("handoff",)),
    "ending": (("chat/retention", "helpline/lib/keyring.py"), ("retention", "guards/test_keeping.py")),
    "figures": (("chat/figures", "chat/planning"), ("figures", "planning")),
    "supervision": (("chat/supervision",), ("supervision",)),
    "people": (("counsellors",), ("staff", "certificates", "supervision")),
    "wire": (("chat/consumers", "chat/requests", "chat/bells", "helpline/lib"), ("wire", "runtime")),
    "caller": (("frontend/caller", "frontend/shared"), ("caller", "shared")),
    "staff": (("frontend/console", "frontend/board", "frontend/staff"), ("console", "board", "staff")),
}
OTHER = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
SIGNS = [("===", "!=="), ("!==", "==="), (" && ", " || "), (" || ", " && "), (" < ", " <= "), (" > ", " >= ")]
SIGNS += [(" <= ", " < "), (" >= ", " > "), (" + ", " - "), ("if (!", "if ("), (" ?? ", " && ")]
STATEMENT = re.compile(r"^\s+(?:await )?(?:this\.[#\w.]+|[a-z]\w*\.\w[\w.]*)(?: = |\().*;$")


@dataclass(frozen=True)
class Mutation:
    """Represents one place, before and after the change. `line` counts from 1."""

    room: str
    path: str
    line: int
    before: str
    after: str
    whole: str  # the file before
    source: str  # and after

    def __str__(self) -> str:
        after = self.after.strip() or "(left out)"
        return f"{self.path}:{self.line}\n    - {self.before.strip()}\n    + {after}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--of", default="", help="drawn from this commit: a sample stays what it was")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--only", type=int, nargs="*", help="the numbers to play")
    parser.add_argument("--rest", action="store_true", help="what `make test` left alive, by the long part")
    asked = parser.parse_args()
    print(f"seed {asked.seed}, {asked.count} of {', '.join(ROOMS)}", flush=True)
    if not asked.list and (uncommitted := _git(ROOT, "status", "--porcelain")):
        print(f"Commit first: a mutation is played in a tree of the last commit.\n{uncommitted}")
        return 2
    alive = 0
    with _tree(asked.of) as tree:
        sample = drawn(asked.seed, asked.count, tree)
    for number, mutation in enumerate(sample, start=1):
        if asked.only and number not in asked.only:
            continue
        verdict = "" if asked.list else killed_by(mutation, rest=asked.rest) or "LIVES"
        alive += verdict == "LIVES"
        print(f"{number:3}  {mutation}\n    {verdict}", flush=True)
    if not asked.list:
        print(f"{alive} live")
    return int(alive > 0)


def drawn(seed: int, count: int, tree: Path = ROOT) -> list[Mutation]:
    """Draws this many places, from the packages in turn. No file is drawn twice while there are others."""
    chance, found, used = random.Random(seed), [], set()
    rooms = [(name, sorted(files(places, tree))) for name, (places, _) in ROOMS.items()]
    for turn in range(count):
        name, paths = rooms[turn % len(rooms)]
        fresh = [path for path in paths if path not in used] or paths
        for path in chance.sample(fresh, len(fresh)):
            if some := list(mutations(name, path, tree)):
                used.add(path)
                found.append(chance.choice(some))
                break
    return found


def files(places: tuple[str, ...], tree: Path) -> Iterator[Path]:
    for place in places:
        here = tree / place
        found = [here] if here.is_file() else [*here.rglob("*.py"), *here.rglob("*.js")]
        yield from (path for path in found if "migrations" not in path.parts and path.name != "__init__.py")


def mutations(room: str, path: Path, tree: Path) -> Iterator[Mutation]:
    source = path.read_text()
    lines = source.splitlines(keepends=True)
    changes = _of_python(source) if path.suffix == ".py" else _of_javascript(lines)
    for first, last, after in changes:
        whole = "".join([*lines[: first - 1], after, *lines[last:]])
        before = "".join(lines[first - 1 : last])
        if before != after and _parses(path, whole):
            yield Mutation(room, str(path.relative_to(tree)), first, before, after, source, whole)


def _parses(path: Path, source: str) -> bool:
    if path.suffix == ".py":
        try:
            ast.parse(source)
        except SyntaxError:
            return False
    return True


WHOLE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
type Change = tuple[int, int, str]  # the first line, the last one, and the text in their place


def _of_python(source: str) -> Iterator[Change]:
    lines, tree = source.splitlines(keepends=True), ast.parse(source)
    for statement in ast.walk(tree):
        if not isinstance(statement, ast.stmt) or isinstance(statement, WHOLE):
            continue
        first, last = statement.lineno, statement.end_lineno or statement.lineno
        indent = re.match(r"\s*", lines[first - 1])
        space = indent.group() if indent else ""
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            yield first, last, f"{space}pass\n"
        if isinstance(statement, ast.If | ast.While | ast.For | ast.With | ast.AsyncWith | ast.Try):
            last = statement.body[0].lineno - 1
        for old, new in _expressions(statement):
            text = "".join(lines[first - 1 : last])
            if last >= first and text.count(old) == 1:
                yield first, last, text.replace(old, new)


def _expressions(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """Returns the expressions in the statement, each with its replacement."""
    for node in ast.walk(statement):
        old = ast.unparse(node) if isinstance(node, ast.expr) else ""
        if isinstance(node, ast.Compare) and type(node.ops[0]) in OTHER:
            changed = ast.Compare(node.left, [OTHER[type(node.ops[0])](), *node.ops[1:]], node.comparators)
            yield old, ast.unparse(changed)
        elif isinstance(node, ast.BoolOp):
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield old, ast.unparse(ast.BoolOp(other, node.values))
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield old, ast.unparse(node.operand)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"filter", "exclude"}:
            if len(node.keywords) > 1:
                yield f"{ast.unparse(node.keywords[-1])}", ""
        elif isinstance(node, ast.Constant) and type(node.value) is int and node.value > 1:
            yield old, str(node.value + 1)


def _of_javascript(lines: list[str]) -> Iterator[Change]:
    for number, line in enumerate(lines, start=1):
        if line.strip().startswith(("//", "*", "/*", "import ", "export {")):
            continue
        code = line.split(" // ")[0]
        for old, new in SIGNS:
            if code.count(old) == 1:
                yield number, number, line.replace(old, new)
        if STATEMENT.match(line):
            yield number, number, ""


def killed_by(mutation: Mutation, *, rest: bool) -> str:
    """Returns the first test that fails in a copy of the tree, or "" if all pass."""
    with _tree("HEAD") as tree:
        # The templates of databases lie under a hash of what they are made from, so they may be shared.
        (tree / ".cache").mkdir(exist_ok=True)
        for shared in (".venv", "frontend/node_modules", ".cache/test-templates"):
            (tree / shared).symlink_to(ROOT / shared)
        file = tree / mutation.path
        stands = file.read_text()
        if stands.count(mutation.before) != 1 and stands != mutation.whole:
            return "GONE: these lines are others now"
        once = stands.count(mutation.before) == 1
        file.write_text(stands.replace(mutation.before, mutation.after) if once else mutation.source)
        _git(tree, "commit", "--quiet", "--no-verify", "-am", "A mutation")
        return next(filter(None, (_red(words, tree) for words in _plays(mutation, rest=rest))), "")


@contextmanager
def _tree(commit: str) -> Iterator[Path]:
    """Returns the commit in a folder of its own, or the present files if no commit is named."""
    if not commit:
        yield ROOT
        return
    with tempfile.TemporaryDirectory(prefix="helpline-mutation-") as place:
        tree = Path(place) / "tree"
        _git(ROOT, "worktree", "add", "--quiet", "--detach", str(tree), commit)
        try:
            yield tree
        finally:
            _git(ROOT, "worktree", "remove", "--force", str(tree))


def _plays(mutation: Mutation, *, rest: bool) -> list[list[str]]:
    first = ROOMS[mutation.room][1]
    if rest:
        return [[*PYTEST, "-m", "long"]]
    if mutation.path.endswith(".js"):
        own = [["node", "--test", *(f"tests/js/{name}/*.test.js" for name in first)]]
        own += [["node", "--test", "tests/js/*/*.test.js"]]
    else:
        named = [_name_it(mutation.path), [f"tests/{name}" for name in first]]
        own = [[*PYTEST, "-m", SHORT, *some] for some in named if some]
    return [*own, [*PYTEST, "-m", SHORT]]


def _name_it(path: str) -> list[str]:
    """Returns the test files that name the module, which are the likeliest to fail and the first to run."""
    name = re.compile(rf"\b{Path(path).stem}\b")
    found = (file for file in (ROOT / "tests").rglob("test_*.py") if name.search(file.read_text()))
    return sorted(str(file.relative_to(ROOT)) for file in found if "browser" not in file.parts)[:MAX_FIRST]


def _red(words: list[str], tree: Path) -> str:
    """Returns the test that failed, or ""."""
    if words[0] == "node":  # its patterns are the shell's
        words = ["sh", "-c", " ".join(words)]
    done = subprocess.run(words, cwd=tree, capture_output=True, text=True, check=False)
    if done.returncode in (0, 5):  # 5: all of these tests are long
        return ""
    output = done.stdout + done.stderr
    found = re.search(r"^(?:FAILED|ERROR) (tests/\S+)|^not ok \d+ - (.*)$", output, re.MULTILINE)
    if found is None:
        raise RuntimeError(f"no test is red, but the tests did not end well:\n{output[-2000:]}")
    return f"killed by {found[1] or found[2]}"


def _git(where: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=where, check=True, capture_output=True, text=True).stdout


SHORT = "not long"
MAX_FIRST = 12
PYTEST = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "2", "--dist", "loadfile"]
PYTEST += ["-p", "no:cacheprovider"]


if __name__ == "__main__":
    sys.exit(main())
