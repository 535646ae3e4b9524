"""A sample of random changes in the machinery, and whether the tests that mirror a file notice one of them.

``draw_sample(paths, size, seed)`` draws from all changes that can be made in `paths`: from each folder in
proportion, from each kind alike, and the same ones as long as their lines stay as they are.
``try_change(change)`` makes one in a copy of the project and runs the tests there.
"""

import ast
import contextlib
import hashlib
import itertools
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
LIMIT = 1800  # seconds for all tests of one change; what is not noticed by then is not noticed
FOR_ONE_TEST = 120  # seconds: a change may make it run for ever
MEMORY = 8 * 2**30  # bytes: or fill a list for ever
PASSED, NO_TESTS = 0, 5  # exit codes of pytest; what failed before any test is not among the last failed
PYTEST = (sys.executable, "-m", "pytest", "-x", "-q", "-m", "not exhaustive", f"--timeout={FOR_ONE_TEST}")
PYTEST += ("--disable-plugin-autoload", "-ppytest_timeout", "-phypothesispytest")  # the others load slowly

TURNED = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot,
    ast.IsNot: ast.Is, ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE,
}  # fmt: skip
EXCHANGED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.MatMult: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
REMOVED = ast.Expr | ast.AugAssign | ast.Raise | ast.Continue | ast.Break | ast.Delete


@dataclass(frozen=True)
class Change:
    """One change in a file of the project: of which kind, in which line, the part before and after."""

    file: str
    line: int
    kind: str
    text: bytes  # of the line
    before: str
    after: str
    source: str  # of the whole file, changed

    def __str__(self):
        """Return it as one line of a report."""
        return f"{self.file}:{self.line}  {shorten(self.before)} -> {shorten(self.after)}"

    @property
    def group(self):
        """Return the row of the report that counts it: its folder."""
        return Path(self.file).parent.as_posix()

    def draw(self, seed):
        """Return a number drawn by a seed, the same one wherever the line stands."""
        return digest(seed, self.file, self.text, self.before, self.after)


def digest(*parts):
    """Return a short text that stays the same as long as all parts do."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def shorten(text):
    """Return a text on one line."""
    return textwrap.shorten(text, 60, placeholder=" ...")


def draw_sample(paths, size, seed):
    """Return a sample of the changes in all Python files in `paths`, in the order of the files."""
    folders = defaultdict(list)
    for path in paths:
        for file in sorted((ROOT / path).rglob("*.py")) if (ROOT / path).is_dir() else [ROOT / path]:
            for change in list_changes(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")):
                folders[change.group].append(change)
    total = sum(map(len, folders.values()))
    shares = {folder: size * len(changes) / total for folder, changes in folders.items()}
    rounded_up = sorted(shares, key=lambda folder: int(shares[folder]) - shares[folder])
    rounded_up = rounded_up[: size - sum(map(int, shares.values()))]
    drawn = []
    for folder, changes in folders.items():
        number = int(shares[folder]) + (folder in rounded_up)
        drawn += one_kind_after_another(changes, seed)[:number]
    return sorted(drawn, key=lambda change: (change.file, change.line))


def one_kind_after_another(changes, seed):
    """Return changes in an order drawn by a seed, in which each kind comes as often as any other."""
    drawn, count = [], Counter()
    for change in sorted(changes, key=lambda change: change.draw(seed)):
        count[change.kind] += 1
        drawn.append((count[change.kind], change.draw(seed), change))
    return [change for *_, change in sorted(drawn, key=lambda entry: entry[:2])]


def list_changes(file, text):
    """Yield all changes that can be made in a file."""
    data = text.encode()
    lines = data.splitlines(keepends=True)
    starts = list(itertools.accumulate(map(len, lines), initial=0))
    for node in walk(ast.parse(text)):
        for kind, part, after in change_node(node):
            begin = starts[part.lineno - 1] + part.col_offset
            end = starts[part.end_lineno - 1] + part.end_col_offset
            before, source = data[begin:end].decode(), (data[:begin] + after.encode() + data[end:]).decode()
            yield Change(file, part.lineno, kind, lines[part.lineno - 1].strip(), before, after, source)


def walk(node):
    """Yield a node and all below it, without docstrings, type hints, and what stands within an f-string."""
    yield node
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            hint = name in ("annotation", "returns")
            if isinstance(child, ast.AST) and not hint and not is_docstring(child):
                if not isinstance(node, ast.JoinedStr):
                    yield from walk(child)


def is_docstring(node):
    """Say whether a node is a text that stands alone."""
    return isinstance(node, ast.Expr) and isinstance(getattr(node.value, "value", None), str)


def change_node(node):
    """Yield (kind, node to replace, text that replaces it) for each change of a node."""
    match node:
        case ast.Compare(ops=[operator]):
            turned = ast.Compare(node.left, [TURNED[type(operator)]()], node.comparators)
            yield "comparison turned", node, f"({ast.unparse(turned)})"
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            yield "condition negated", test, f"(not ({ast.unparse(test)}))"
        case ast.match_case(guard=ast.expr() as test) | ast.comprehension(ifs=[test]):
            yield "condition negated", test, f"(not ({ast.unparse(test)}))"
        case ast.Constant(value=bool() | None):
            pass
        case ast.Constant(value=int() | float()):
            yield "number plus one", node, str(node.value + 1)
        case ast.Constant(value=str(text)) if text:
            yield "string emptied", node, '("")'
        case ast.JoinedStr():
            yield "string emptied", node, '("")'
        case ast.Return(value=ast.expr()):
            yield "return of None", node, "return None"
        case ast.BoolOp():
            other = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
            yield "and, or", node, f"({ast.unparse(ast.BoolOp(other, node.values))})"
        case ast.BinOp() if type(node.op) in EXCHANGED:
            other = ast.BinOp(node.left, EXCHANGED[type(node.op)](), node.right)
            yield "operator exchanged", node, f"({ast.unparse(other)})"
    if isinstance(node, REMOVED) or (isinstance(node, ast.Assign) and not binds_name(node)):
        yield "statement removed", node, "pass"


def binds_name(assignment):
    """Say whether names are without a value when an assignment is gone, which the next line notices."""
    return not all(isinstance(target, ast.Attribute | ast.Subscript) for target in assignment.targets)


def find_tests(file):
    """Return the test files that mirror a file, the namesake first, then the nearest and importers.

    Where no folder of tests mirrors its folder, these are all.  Those that need a browser are left out: it
    does not start in the memory that the tests of a change are given.
    """
    folder, name = Path(file).parent, Path(file).stem.strip("_")
    name = folder.name if name == "init" else name
    mirror = Path("tests", *folder.parts[1:])
    top = ROOT.joinpath(*mirror.parts[:2])
    everywhere = top == ROOT / "tests" or not top.is_dir()
    ranks = {}
    found = (ROOT / "tests" if everywhere else top).rglob("test_*.py")
    for path in sorted(path for path in found if not path.name.startswith("test_browser_")):
        text = path.read_text(encoding="utf-8")
        imported = re.search(rf"^ *(from|import) .*\b{name}\b", text, re.M) is not None
        namesake = path.stem == f"test_{name}"
        if imported or namesake or not everywhere:
            shared = os.path.commonpath([path.parent, ROOT / mirror])
            ranks[path.relative_to(ROOT).as_posix()] = not namesake, -len(shared), not imported
    return sorted(ranks, key=lambda path: (ranks[path], path))


def try_change(change):
    """Return whether a test fails with a change in a copy of the project, and does not without it."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # a box runs as a user of its own, and without this its tests are skipped
        copy = Path(folder, "project")
        copy_project(copy)
        (copy / change.file).write_text(change.source, encoding="utf-8")
        nearest, *others = find_tests(change.file)
        for tests in filter(None, ([nearest], others)):  # most of what is noticed, one file notices
            if run_tests(copy, tests) not in (PASSED, NO_TESTS, None):
                shutil.copy2(ROOT / change.file, copy / change.file)  # older: no .pyc fits
                if run_tests(copy, [*tests, "--lf", "--lfnf=none"]) not in (PASSED, NO_TESTS):
                    raise RuntimeError(f"a test of {change.file} fails without any change, too")
                return True
        return False


def copy_project(copy):
    """Copy the files of the project that git knows or would add."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    for name in names:
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)


def run_tests(copy, arguments):
    """Run pytest in a copy until a test fails; return its exit code, None if that takes too long."""
    variables = os.environ | {"PYTHONPATH": str(copy), "HOME": str(copy.parent), "TMPDIR": str(copy.parent)}
    process = subprocess.Popen(
        [*PYTEST, *arguments],
        cwd=copy,
        env=variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )
    try:
        return process.wait(LIMIT)
    except subprocess.TimeoutExpired:
        return None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
