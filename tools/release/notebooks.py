"""From the exercise notebooks of a course to those of a release.

    chapter  ->  points in its check cells  ->  tests on a student's own numbers  ->  tags  ->  notebook

A release has no copy of the functions that are to be written.  What its demonstrations show is recorded; a
cell that a learner has changed may therefore end in a sentence, and is tagged so that the next one runs all
the same.
"""

import ast
import copy
import functools
import hashlib
import re
from dataclasses import dataclass

import nbformat

from seqgrad.check.reading.names import find_needed, find_touched
from tools import Refusal
from tools.course import chapters, folder, kernels, navigation, pairs, place
from tools.course.cells import python
from tools.environment import ROOT
from tools.release import bundle, verify

MAY_END = "raises-exception"  # the tag by which Jupyter, nbclient and nbgrader run the cells below, too

BEGINNING = """\
> **{title}, {points}.** {exercises}.
>
> {modules} has no copy of the functions that you are to write. The demonstrations show results that were
> recorded, so you can read on before you have written a line. If you change what a cell asks for, your own
> function is used, as soon as its check has passed in this session. Hand in this notebook, saved."""

OWN_NUMBERS = "The same test on numbers that were drawn for you alone: yours beside those that are expected."

# A cell of a chapter that draws numbers and compares what a test prints for both versions of a function.
COMPARISON = re.compile(r"np\.random\.seed\(\d+\).*^beside\(\w+, \w+\.(\w+), \1\)$", re.DOTALL | re.MULTILINE)

LEFT_OUT = (
    "> *A demonstration is left out of this release: it shows lines of {functions}, which you will write.*"
)


@dataclass(frozen=True)
class Plan:
    """What a release is of: its chapters by name, its exercises, and the functions that are withheld.

    Of the course, its name, and how the modules of its functions are called, packages by their own name.
    """

    chapters: tuple
    exercises: tuple
    withheld: tuple
    course: str = "seqgrad"
    modules: tuple = ("seqgrad",)

    @property
    def title(self):
        """How the release is called: ``seqgrad 04, 05``."""
        return f"{self.course} {', '.join(self.numbers)}"

    @property
    def folder(self):
        """The folder that an archive unpacks to: ``seqgrad-04-05``."""
        return "-".join([self.course, *self.numbers])

    @property
    def numbers(self):
        """The numbers of its chapters, ``("04", "05")``."""
        return tuple(name.partition("_")[0] for name in self.chapters)


def plan_release(root, begins):
    """Return the plan of a release of the chapters that begin so.

    What is withheld are the functions of these chapters and of all that come after the first of them.
    """
    names = sorted({pairs.find_chapter(begin, root) for begin in begins})
    known = chapters.exercises(root)
    released = tuple(exercise for exercise in known if exercise.chapter in names)
    if not released:
        raise Refusal(f"{', '.join(names)}: nothing is to be written there; name a chapter with exercises.")
    withheld = tuple(exercise.name for exercise in known if exercise.chapter >= names[0])
    modules = tuple(dict.fromkeys(name.partition(".")[0] for name in folder.list_modules(root)))
    return Plan(tuple(names), released, withheld, place.name_course(root), modules)


def make_notebooks(root, plan, own=False):
    """Return the notebooks of a release by name; if `own`, with test cells on a student's own numbers."""
    known, pages = bundle.list_openings(root, plan), navigation.list_pages(root)
    made = make_unlinked(root, plan, own)
    return {name: navigation.add_links(notebook, name, known, pages) for name, notebook in made.items()}


def make_unlinked(root, plan, own=False):
    """Return the same notebooks without the links to their neighbours, for pages that have others."""
    reached, beside = find_callers(root, plan.withheld), bundle.list_files_to_open(root, plan)
    made = {}
    for name in plan.chapters:
        cells = copy.deepcopy(choose_shown(root, name, plan.withheld)[0])
        asked = [exercise for exercise in plan.exercises if exercise.chapter == name]
        cells = [cells[0], make_beginning(plan, asked), *add_comparisons(cells[1:], asked, own)]
        for exercise in asked:
            mark_graded(cells, exercise)
        tag_cells(cells, reached)
        for cell in cells:
            if cell.cell_type == "markdown":
                cell.source = navigation.unlink(cell.source, beside)
        made[name] = chapters.make_notebook(cells, name)
    return made


def find_omissions(root, plan):
    """Return the functions because of which demonstrations are left out, {chapter: functions}."""
    found = {name: choose_shown(root, name, plan.withheld)[1] for name in plan.chapters}
    return {name: functions for name, functions in found.items() if functions}


@functools.cache
def choose_shown(root, name, withheld):
    """Return the cells of a chapter that a release may show, and the functions because of which some are not.

    A demonstration that holds a line of a function which is still to be written, as the cases of chapter 9
    do, is replaced by a sentence; so is a cell that needs a name from it.
    """
    hidden = verify.list_hidden(root, withheld)
    shown, functions, lost = [], [], {}  # lost: {name that no cell defines any more: function}
    for cell in read_exercise_cells(root, name):
        is_code = cell.cell_type == "code"
        defined = chapters.list_defined(cell.source) if is_code else ()
        found = None if "exercise" in cell.metadata else verify.find_first_secret(cell.source, hidden)
        reasons = [found[1]] if found else [lost[used] for used in list_taken(cell) if used in lost]
        lost = {other: function for other, function in lost.items() if other not in defined}
        if not reasons:
            shown.append(cell)
            continue
        functions += reasons
        lost |= dict.fromkeys(defined, reasons[0])
        names = ", ".join(f"`{function}`" for function in dict.fromkeys(reasons))
        shown.append(make_text(LEFT_OUT.format(functions=names), f"{cell.id}-left-out"))
    return shown, tuple(dict.fromkeys(functions))


@functools.cache
def read_exercise_cells(root, name):
    """Return the cells of a chapter's exercise notebook, without the one that installs seqgrad's answers."""
    cells = chapters.make_variants(root / "notebooks" / "source" / f"{name}.py", root)["exercises"].cells
    return [cell for cell in cells if "install" not in cell.metadata]


@functools.cache
def find_callers(root, withheld):
    """Return the names of withheld functions, and of all in the course that cannot do without one of them."""
    uses = {}
    for path in (*(ROOT / "seqgrad").glob("*.py"), *folder.list_course_files(root)):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                uses.setdefault(node.name, set()).update(list_mentioned(node))
    reached = set(withheld)
    while more := {name for name, used in uses.items() if used & reached} - reached:
        reached |= more
    return reached


def list_taken(cell):
    """Return the names that a cell takes from the cells above it, in order."""
    needed, given = {}, set()
    for statement in ast.parse(python(cell.source)).body if cell.cell_type == "code" else ():
        needed |= dict.fromkeys(sorted(find_needed(ast.unparse(statement)) - given))
        given |= find_touched(statement)[0]
    return list(needed)


def list_mentioned(tree):
    """Return the names and the attributes that stand in a piece of Python."""
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return found | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def make_text(text, id):
    """Return a text cell."""
    return nbformat.v4.new_markdown_cell(text, id=id)


def make_beginning(plan, exercises):
    """Return the cell that says below a chapter's title what is to be handed in."""
    total = sum(exercise.points for exercise in exercises)
    each = [f"`{exercise.name}` {exercise.points}" for exercise in exercises]
    points = f"{total} points in this notebook"
    modules = " and ".join(f"`{name}`" for name in plan.modules)
    told = {"title": plan.title, "points": points, "exercises": ", ".join(each), "modules": modules}
    return make_text(BEGINNING.format(**told), "release")


def mark_graded(cells, exercise):
    """Put nbgrader's metadata on an exercise and on its check, and the points into the check."""
    name = exercise.name
    (function,) = (cell for cell in cells if cell.metadata.get("exercise") == name)
    checks = [cell for cell in cells if cell.cell_type == "code" and cell.source == f"check({name})"]
    if len(checks) != 1:
        raise Refusal(f"{exercise.chapter}.py: {len(checks)} cells are `check({name})`, and one is needed.")
    (checked,) = checks
    checked.source = f"check({name}).points({exercise.points})"
    checked.metadata |= {"editable": False, "deletable": False}
    function.metadata |= {"deletable": False}
    mark_for_nbgrader(function, name, solution=True)
    mark_for_nbgrader(checked, f"check_{name}", grade=True, locked=True, points=exercise.points)


def mark_for_nbgrader(cell, grade_id, grade=False, solution=False, locked=False, **points):
    """Put nbgrader's metadata on a cell, version 3 of its schema, as it stands in a released copy."""
    cell.source = cell.source.rstrip()  # a pair's .py half keeps no newlines at the end
    written = [cell.source, cell.cell_type, grade, solution, locked, grade_id, *map(float, points.values())]
    checksum = hashlib.md5("".join(map(str, written)).encode(), usedforsecurity=False).hexdigest()
    cell.metadata.nbgrader = nbformat.from_dict(
        {
            "schema_version": 3,
            "grade_id": grade_id,
            "grade": grade,
            "solution": solution,
            "locked": locked,
            "cell_type": cell.cell_type,
            "checksum": checksum,
            **points,
        }
    )


def add_comparisons(cells, exercises, own):
    """Return the cells of a chapter; if `own`, below each test of an exercise one on a student's own numbers.

    The test itself stays as it is, since the text around it speaks of its numbers.
    """
    made, known = [], {exercise.name for exercise in exercises}
    for cell in cells:
        made.append(cell)
        comparison = cell.cell_type == "code" and COMPARISON.search(cell.source)
        if own and comparison and comparison[1] in known:
            name = comparison[1]
            code = re.sub(r"np\.random\.seed\(\d+\)", f'np.random.seed(own_seed("{name}"))', cell.source)
            code = f"from seqgrad.check import own_seed\n\n\n{code}"
            made += [
                make_text(OWN_NUMBERS, f"{name}-test"),
                nbformat.v4.new_code_cell(code, id=f"{name}-beside", metadata={"tags": [MAY_END]}),
            ]
    return made


def tag_cells(cells, reached):
    """Tag the code cells that a withheld function can end: those that reach one, and those that need such."""
    doubtful, sure = set(reached), set()
    for cell in cells:
        if cell.cell_type != "code":
            continue
        defined = chapters.list_defined(cell.source)
        used = list_mentioned(ast.parse(python(cell.source)))
        if "exercise" in cell.metadata or kernels.list_checked(cell.source):
            sure |= defined
        elif used & doubtful:
            doubtful |= defined - sure
            cell.metadata.tags = list(dict.fromkeys([*cell.metadata.get("tags", []), MAY_END]))
        else:
            doubtful -= defined - set(reached)
