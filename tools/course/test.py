"""Compare everything: the built files, the tests, and every number that the solutions print."""

import difflib
import os
import subprocess
import sys
import time
from pathlib import Path

from tools import Refusal, environment, extras, verb_parser, writing
from tools.course.option import add_course, say_course
from tools.environment import ROOT

DESCRIPTION = """\
Check that the notebooks are what the sources make, run the tests on all cores, and run the solutions again
with nbval, which compares what they print with what is stored in them. One summary comes at the end.
Exhaustive sets are left to --all: every known mistake in a release, every hostile program, clusters, killed
graders."""

EXAMPLE = """\
example:
  python3 -m tools test
  python3 -m tools test --all --peers                    with PyTorch, Dask, nbgrader and a browser
  python3 -m tools test --lowest                         the mathematics and the checks, with NumPy 2.0
  python3 -m tools test tests/test_rnn.py -k backward    these tests alone
  python3 -m tools test notebooks/solutions/01_activations.ipynb"""

# The plugins that we need, and none of those that happen to be installed.
PLUGINS = ("nbval", "xdist", "pytest_timeout", "hypothesispytest")

DRAWING = {"figures", "widgets"}  # modules of seqgrad that need more than NumPy
ABOVE = ("reading",)  # tests of the checks that need the tools

USUAL = {False: "This takes about six minutes.", True: "This takes about half an hour."}
LEFT_OUT = "left out   the exhaustive sets; python3 -m tools test --all runs them, too"
WHY = {  # by the exit code of pytest
    4: "FAILED: pytest cannot run this; it says above why.",
    5: "FAILED: no test was run. Next: name other tests, or add --all if these are exhaustive.",
}

PEERS = ("peers", "cluster", "browser")  # extras that the tests can do without
PEERS_LIMIT = 300  # seconds for the download of the peers


def main(arguments):
    """Test; return the exit code."""
    options = parse(arguments)
    from tools import peers
    from tools.course import build, pairs

    root = options.course
    if options.lowest:
        return run_lowest(root)
    if options.peers:
        install_peers(root)
        peers.find_nbgrader(fetch=True)
    prepare_boxes()
    late = build.list_stale(root)
    silent = list_never_run(root)
    whole = not (options.paths or options.k)
    last = root / ".pytest_cache" / ("seconds-all" if options.all else "seconds")
    if whole:
        usual = USUAL[options.all] if root == ROOT else "This runs its solutions, and its tests."
        print(f"It took {pairs.read(last)} s last time." if last.exists() else usual, flush=True)
    began = time.perf_counter()
    code, tally = run_pytest(options)
    if whole and last.parent.exists():
        writing.write(last, f"{time.perf_counter() - began:.0f}")
    return summarise(late, silent, code, tally, options)


def summarise(late, silent, code, tally, options):
    """Print what was found, and what is next; return the exit code."""
    remedies = {
        "python3 -m tools build": late,
        "python3 -m tools validate": silent,
        "mend what is named above": tally.problems,
    }
    problems, silent_cells = sum(remedies.values(), []), count_not_compared(options.course)
    lines = [
        f"build      {len(late)} files out of date",
        f"tests      {tally.count('tests')}",
        f"notebooks  {tally.count('cells')}; {silent_cells} cells are run without being compared",
        *tally.list_skips(),
        *([] if options.all else [LEFT_OUT]),
    ]
    if code in WHY:
        last = WHY[code]
    elif code or problems:
        steps = [remedy for remedy, needed in remedies.items() if needed] or ["see what pytest says above"]
        last = f"FAILED, problems: {len(problems)}. Next: {', then '.join(steps)}."
    else:
        lab = f"python3 -m tools lab{say_course(options.course)}"
        last = f"Nothing failed. Next: commit; or {lab} opens the exercises."
    print("", *problems, *lines, last, sep="\n")
    return 1 if code or problems else 0


def parse(arguments):
    """Return the options; refuse a path that does not exist."""
    parser = verb_parser("test", DESCRIPTION, EXAMPLE)
    parser.add_argument("paths", metavar="PATH", nargs="*", help="by default tests and notebooks/solutions")
    parser.add_argument("-k", metavar="EXPRESSION", help="only what matches it, as for pytest")
    parser.add_argument("--all", action="store_true", help="the exhaustive sets, too")
    parser.add_argument("--peers", action="store_true", help="first install what only tests need")
    parser.add_argument("--lowest", action="store_true", help="instead, see that the oldest versions will do")
    add_course(parser)
    options = parser.parse_args(arguments)
    known = [
        path.relative_to(options.course).as_posix() for path in options.course.glob("tests/**/test_*.py")
    ]
    for path in (path.partition("::")[0] for path in options.paths):
        if not (options.course / path).exists():
            near = difflib.get_close_matches(path, known, 1, 0.8) or ["a file below tests/"]
            raise Refusal(f"There is no {path}; did you mean {near[0]}?")
    return options


def prepare_boxes():
    """Have bubblewrap here before tests need it; where it cannot be had, say so."""
    from tools import bubblewrap

    try:
        bubblewrap.find()
    except Refusal as refusal:
        print(f"{refusal} The tests that need it are skipped.", flush=True)


def run_pytest(options):
    """Run pytest, on all cores where there is enough to do; return its exit code and a tally."""
    import pytest

    from tools.course.tally import Tally

    environment.prepare_kernels()
    os.chdir(options.course)
    paths = options.paths or [path for path in ("tests", "notebooks/solutions") if Path(path).exists()]
    arguments = ["--disable-plugin-autoload", *(f"-p{name}" for name in PLUGINS), *paths]
    arguments += ["--nbval", "--nbval-current-env"]
    if count_files(paths) > 2 * environment.count_cores():  # for fewer the processes do not pay
        arguments += spread_files()
    if not options.all:
        arguments += ["-m", "not exhaustive"]
    if options.k:
        arguments += ["-k", options.k]
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        arguments += ["--color=no"]  # nbval would paint all the same
    tally = Tally(options.course)
    code = int(pytest.main(arguments, plugins=[tally]))
    if tally.interrupted:
        raise KeyboardInterrupt
    return code, tally


def run_lowest(root):
    """Run what needs NumPy alone with the oldest versions that we allow; return the exit code."""
    from tools import peers

    python = peers.find_lowest(root)
    if python is None:
        return 0
    subjects = {"networks", "seed", *(path.stem for path in root.glob("seqgrad/*.py"))} - DRAWING
    files = [path for path in sorted(root.glob("tests/test_*.py")) if path.stem.split("_")[1] in subjects]
    files.append(root / "tests" / "check")
    environment.prepare_kernels()
    command = [python, "-m", "pytest", "-pno:cacheprovider", *spread_files(), "-m", "not exhaustive"]
    command += [f"--ignore={root / 'tests' / 'check' / folder}" for folder in ABOVE]
    return subprocess.run([*command, *files], cwd=root).returncode


def spread_files():
    """Return how pytest spreads files, which stay whole, since the cells of a notebook belong together.

    There is one process more than there are cores, because some tests wait.
    """
    return [f"-n{environment.count_cores() + 1}", "--dist=loadfile"]


def count_files(paths):
    """Return how many files with tests and how many notebooks there are in paths."""
    return sum(len([*path.rglob("test_*.py"), *path.rglob("*.ipynb")]) or 1 for path in map(Path, paths))


def install_peers(root):
    """Install what the extras of PEERS ask for in pyproject.toml, if it can be had in time; or say so."""
    try:
        news = f"Fetching {{missing}}, for at most {PEERS_LIMIT} s."
        extras.install(PEERS, news, limit=PEERS_LIMIT, root=root)
    except Refusal as refusal:
        print(f"{refusal} What compares with it is skipped.", flush=True)


def read_stored(root):
    """Yield the path of each solution that can be read, relative to the project, and its code cells."""
    from tools.course import pairs
    from tools.course.halves import read_half

    for path in sorted((root / "notebooks" / "solutions").glob("*.ipynb")):
        if notebook := read_half(path).notebook:
            yield path.relative_to(root), pairs.list_code_cells(notebook)


def list_never_run(root):
    """Return a sentence for each solution with cells that were never run: nbval passes over them."""
    from tools.course import pairs

    problems = []
    for path, cells in read_stored(root):
        missing = [number for number, cell in enumerate(cells, 1) if cell.execution_count != number]
        if missing:
            first = pairs.name_cell(missing[0], cells[missing[0] - 1])
            problems.append(f"{path}, {first}: {len(missing)} cells from here on were never run")
    return problems


def count_not_compared(root):
    """Return how many cells are tagged so that nbval runs them and does not look at what they print."""
    tags = [tag for _, cells in read_stored(root) for cell in cells for tag in cell.metadata.get("tags", [])]
    return tags.count("nbval-ignore-output")
