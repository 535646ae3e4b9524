"""Check every exercise that is saved in the notebooks, without Jupyter."""

import ast
import json
import linecache
import symtable
from pathlib import Path

from tools import Refusal, verb_parser
from tools.cells import python
from tools.environment import ROOT

DESCRIPTION = """\
Print the verdict on every exercise in notebooks/exercises, as it was saved last. Of each notebook only what
the exercises need is run: their functions, and the imports, helpers and values that these use."""

EXAMPLE = """\
example:
  python3 -m tools check
  python3 -m tools check 04               the chapters whose files begin so
  python3 -m tools check path/to/my.ipynb"""


def main(arguments):
    """Check the exercises; return 0 if all of them pass."""
    parser = verb_parser("check", DESCRIPTION, EXAMPLE)
    parser.add_argument("notebooks", metavar="NOTEBOOK", nargs="*", help="by default all of them")
    options = parser.parse_args(arguments)
    paths = [path for name in options.notebooks or [""] for path in found(name, ROOT)]

    earned = total = 0
    for path in paths:
        print(f"\n{path.name}" if path is not paths[0] else path.name)
        cells = read(path)
        home = run_needed(path.name, cells)
        for name, most in exercises(cells).items():
            worth = verdict(home, name).points(most)
            print(f"{worth}\n")
            earned, total = earned + worth.earned, total + most
    following = "hand it in." if earned == total else "python3 -m tools lab"
    print(f"{earned:g} of {total:g} points. Next: {following}")
    return 0 if earned == total else 1


def found(name, root):
    """Return the notebooks that a name stands for: a file, or the chapters that begin so."""
    if name.endswith(".ipynb"):
        return [Path(name)]
    paths = sorted((root / "notebooks" / "exercises").glob(f"{name}*.ipynb"))
    if not paths:
        raise Refusal(f"notebooks/exercises has no notebook that begins with {name!r}.")
    return paths


def read(path):
    """Return the code cells of a notebook, pairs (source, metadata)."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [("".join(cell["source"]), cell["metadata"]) for cell in cells if cell["cell_type"] == "code"]
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal(f"{path} is no notebook: open it in JupyterLab and save it again.") from error


def exercises(cells):
    """Return the points of each exercise of a notebook by name."""
    return {each["exercise"]: each["points"] for _, each in cells if {"exercise", "points"} <= set(each)}


def verdict(home, name):
    """Return the verdict on a function of a notebook."""
    from seqgrad.check import Verdict, check

    return check(home[name], name) if name in home else Verdict(name, "not attempted", name)


def run_needed(name, cells):
    """Run what the exercises of a notebook need, in its order; say what cannot be run; return the names."""
    home, statements = {"__name__": "__main__"}, []
    for number, (source, _) in enumerate(cells, 1):
        place = f"{name}, cell [{number}]"
        try:
            parsed = ast.parse(python(source), place).body
        except SyntaxError as error:
            print(f"{place}, line {error.lineno}: {error.msg}.")
            continue
        linecache.cache[place] = (len(source), None, source.splitlines(keepends=True), place)
        statements += [(place, statement) for statement in parsed]

    for place, statement in needed(statements, set(exercises(cells))):
        try:
            exec(compile(ast.Module([statement], []), place, "exec"), home)
        except Exception as error:
            print(f"{place}, line {statement.lineno}: {type(error).__name__}: {error}.")
    return home


def needed(statements, wanted):
    """Return those statements that give the wanted names their values, and those that these need."""
    chosen = set()
    while True:
        more = {i for i, (_, one) in enumerate(statements) if i not in chosen and given(one) & wanted}
        if not more:
            return [statements[i] for i in sorted(chosen)]
        chosen |= more
        wanted = wanted.union(*(read_by(statements[i][1]) for i in more))


def read_by(statement):
    """Return the names that a statement takes from others, now or when its function is called."""
    tables = [symtable.symtable(ast.unparse(statement), "cell", "exec")]
    for table in tables:
        tables += table.get_children()
    symbols = [symbol for table in tables for symbol in table.get_symbols()]
    read = {symbol.get_name() for symbol in symbols if symbol.is_referenced() and symbol.is_global()}
    changed = (node.target for node in ast.walk(statement) if isinstance(node, ast.AugAssign))
    return read - (given(statement) - {target.id for target in changed if isinstance(target, ast.Name)})


def given(statement):
    """Return the names that a statement gives a value to."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    nodes = ast.walk(statement)
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
