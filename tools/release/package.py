"""The modules of a release: what is to be written is emptied, and answers from what was recorded.

seqgrad and a course's own modules, functions to withhold  ->  the same with stubs
chapters, exercises  ->  recorded answers, locks
"""

import ast
import contextlib
import functools
import io
import warnings

from seqgrad.check.reading.stub import cut_function, stub
from seqgrad.check.released.stand_in import MOST
from seqgrad.check.running import wire
from tools.course import chapters
from tools.course.cells import python
from tools.course.folder import list_all_files
from tools.course.place import list_sources
from tools.environment import ROOT
from tools.release import record
from tools.release.locks import find_locks

# The folder in which a diagnosis is made from right steps; no release has it.
NEVER = "seqgrad/check/naming/"

FAST = ("rnn_forward", "rnn_backward", "lstm_forward", "lstm_backward")
SLOW = '''\
"""In a release that withholds passes over sequences the readable ones stand for the fast ones."""

from seqgrad.lstm import lstm_backward, lstm_forward
from seqgrad.rnn import rnn_backward, rnn_forward

__all__ = ["lstm_backward", "lstm_forward", "rnn_backward", "rnn_forward"]
'''

# A cell that asks for more answers, or longer ones, goes on with the learner's own functions instead.
MOST_CALLS = 1000
MOST_BYTES = 2 << 20


def write_package(folder, withheld, exercises=(), root=ROOT):
    """Write seqgrad and a course's own modules without answers, and what is recorded in their place.

    Parameters
    ----------
    folder : Path
        Where ``seqgrad`` goes, and the modules beside it.
    withheld : tuple of str
        The functions to empty.
    exercises : tuple of Exercise
        Those to check: none for a sandbox, which gets no recorded answer at all.
    """
    for name, content in make_files(withheld, root).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    if exercises:
        checked = list_up_to(exercises, root)
        answers = dict(record_demonstrations(withheld, root, *sorted({one.chapter for one in exercises})))
        answers |= record.record_checks(checked, withheld)
        held = {"answers": answers, "intermediates": record.record_intermediates(checked)}
        (folder / "seqgrad/data/answers.bin").write_bytes(wire.encode(held, MOST))
        (folder / "seqgrad/data/locks.bin").write_bytes(wire.encode(find_locks(checked, root), MOST))


def list_up_to(exercises, root):
    """Return the names of the exercises of these chapters and of all before them."""
    last = max(one.chapter for one in exercises)
    return tuple(one.name for one in chapters.exercises(root) if one.chapter <= last)


@functools.cache
def make_files(withheld, root):
    """Return the files of seqgrad and of the course's own modules, ``{path: bytes}``."""
    numbers = {one.name: one.number for one in chapters.exercises(root) if one.name in withheld}
    homes = locate_functions(numbers, root)
    found = {}
    for path in list_all_files(root):
        name = path.relative_to(ROOT if path.is_relative_to(ROOT / "seqgrad") else root).as_posix()
        if name.startswith(NEVER):
            continue
        found[name] = path.read_bytes()
        if name == "seqgrad/fused.py" and set(FAST) & set(numbers):
            found[name] = SLOW.encode()
        elif own := [function for function, home in homes.items() if home == path]:
            changed = {function: numbers[function] for function in own}
            found[name] = replace_functions(found[name].decode(), changed).encode()
    return found


def locate_functions(names, root):
    """Return the files in which functions of the course stand, by their names."""
    cells = [cell for path in list_sources(root) for cell in chapters.list_exercise_cells(path, root)]
    asked = [cell for cell in cells if cell.metadata["exercise"] in names]
    return {cell.metadata["exercise"]: root / chapters.find_function(cell, root)[0] for cell in asked}


def replace_functions(text, numbers):
    """Return a module's text with these functions as stand-ins for the exercises of these numbers."""
    lines, tree = text.split("\n"), ast.parse(text)
    changed = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in numbers]
    if not changed:
        return text
    for node in reversed(changed):
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        declared, body = lines[first - 1 : node.lineno - 1], stub(cut_function(text, node.name))
        new = [f'@stand_in("{numbers[node.name]}")', *declared, *body.split("\n")]
        lines[first - 1 : node.end_lineno] = new
    last = max(node.end_lineno for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom))
    lines[last:last] = ["from seqgrad.check.released.stand_in import stand_in"]
    return "\n".join(lines)


@functools.cache
def record_demonstrations(names, root, *chosen):
    """Return what the cells of the released chapters ask of withheld functions, {key: answer}."""
    found = {}
    for name in chosen:
        made = chapters.make_variants(root / "notebooks" / "source" / f"{name}.py", root)["exercises"]
        found |= record_cells(made.cells, names)
    return found


def record_cells(cells, names):
    """Run cells with seqgrad's right functions, and return the answers that they asked for."""
    found, home = {}, {"__name__": "__main__"}
    with silence_cells(), record.record_calls(names) as tape:
        for cell in cells:
            if cell.cell_type != "code" or cell.source.startswith("check("):
                continue
            tape.answers, tape.calls, tape.bytes = {}, MOST_CALLS, MOST_BYTES
            try:
                exec(compile(python(cell.source), "<cell>", "exec"), home)
            except record.Full:
                continue  # in the release, too, it ends here, or goes on with the learner's own functions
            except Exception:  # it may use a function that is yet to be written
                pass
            found |= tape.answers
    return found


@contextlib.contextmanager
def silence_cells():
    """Run the cells of a notebook without a word and without a window."""
    import matplotlib

    before = matplotlib.get_backend()
    matplotlib.use("agg")
    try:
        words = io.StringIO()
        with contextlib.redirect_stdout(words), contextlib.redirect_stderr(words), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        matplotlib.use(before)
