"""Check every exercise that is saved in the notebooks, without Jupyter."""

import ast
import linecache
from collections import defaultdict
from pathlib import Path

from tools import Refusal, reading, verb_parser
from tools.course.cells import python
from tools.course.names import find_needed, find_touched
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
    asked = [path for name in options.notebooks for path in find(name, ROOT)]

    earned = total = problems = shown = 0
    for path in asked or find("", ROOT):
        notebook, problem = read_or_say(path)
        if notebook and not asked and not is_asked_for(path, notebook):
            continue
        print(f"\n{path.name}" if shown else path.name)
        shown += 1
        if problem:  # the others are checked all the same
            print(problem)
            problems += 1
            continue
        for worth in judge(path, notebook):
            print(f"{worth}\n")
            earned, total = earned + worth.earned, total + worth.most
    complete = earned == total and not problems
    print(f"{earned:g} of {total:g} points. Next: {'hand it in.' if complete else 'python3 -m tools lab'}")
    return 0 if complete else 1


def find(name, root):
    """Return the notebooks that a name means: a file, or the chapters that begin so."""
    if name.endswith(".ipynb"):
        return [Path(name)]
    paths = sorted((root / "notebooks" / "exercises").glob(f"{name}*.ipynb"))
    if not paths:
        raise Refusal(f"notebooks/exercises has no notebook that begins with {name!r}.")
    return paths


def read(path):
    """Return the notebook in a file."""
    try:
        return reading.parse_notebook(reading.decode(path.read_bytes())[0])
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}.") from error
    except reading.Unreadable as error:
        raise Refusal(
            f"{path} {error}; `python3 -m tools lab` mends it from its .py half, if that can be read."
        ) from error


def read_or_say(path):
    """Return the notebook in a file and "", or None and the sentence that says why it cannot be read."""
    try:
        return read(path), ""
    except Refusal as refusal:
        return None, str(refusal)


def code_cells(notebook):
    """Return the code cells of a notebook, pairs (source, metadata)."""
    return [(cell["source"], cell["metadata"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def is_asked_for(path, notebook):
    """Say whether a notebook has exercises and is no copy: the build has left its name in it."""
    name = reading.as_dict(notebook["metadata"].get("seqgrad")).get("name", path.stem)
    return name == path.stem and bool(exercises(code_cells(notebook)))


def judge(path, notebook):
    """Yield what each exercise of a saved notebook is worth: its verdict with its points."""
    cells = code_cells(notebook)
    home = run_needed(path.name, cells)
    for name, most in exercises(cells).items():
        yield verdict(home, name).points(most)


def exercises(cells):
    """Return the points of each exercise of a notebook by name."""
    asked = [(each.get("exercise"), each.get("points")) for _, each in cells]
    return {name: points for name, points in asked if isinstance(name, str) and type(points) is int}


def verdict(home, name):
    """Return the verdict on a function of a notebook."""
    from seqgrad.check import Verdict, check

    return check(home[name], name) if name in home else Verdict(name, "not attempted", name)


def statements_of(name, cells):
    """Return the statements of a notebook, (place, statement, names it needs); say what is no Python."""
    found = []
    for number, (source, _) in enumerate(cells, 1):
        place = f"{name}, cell [{number}]"
        try:
            parsed = ast.parse(python(source), place).body
            needs = [find_needed(ast.unparse(statement)) for statement in parsed]
        except SyntaxError as error:
            print(f"{place}, line {error.lineno}: {error.msg}.")
            continue
        except (ValueError, RecursionError, MemoryError) as error:
            print(f"{place}: {error}.")
            continue
        linecache.cache[place] = (len(source), None, source.splitlines(keepends=True), place)
        found += [(place, statement, names) for statement, names in zip(parsed, needs, strict=True)]
    return found


def run_needed(name, cells):
    """Run what the exercises of a notebook need, in its order; say what cannot be run; return the names."""
    home = {"__name__": "__main__"}
    for place, statement, _ in needed(statements_of(name, cells), set(exercises(cells))):
        try:
            exec(compile(ast.Module([statement], []), place, "exec"), home)
        except Exception as error:
            print(f"{place}, line {statement.lineno}: {type(error).__name__}: {error}.")
    return home


def needed(statements, wanted):
    """Return those statements that give the wanted names their values, and those that these need."""
    givers = defaultdict(list)
    for i, (_, statement, _) in enumerate(statements):
        for name in find_touched(statement)[0]:
            givers[name].append(i)
    chosen, known, left = set(), set(wanted), list(wanted)
    while left:
        more = set(givers[left.pop()]) - chosen
        chosen |= more
        left += set().union(*(statements[i][2] for i in more)) - known
        known.update(left)
    return [statements[i] for i in sorted(chosen)]
