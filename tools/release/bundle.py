"""The files of a release, and the archive that they become: the same bytes from the same files, always."""

import io
import re
import zipfile
from collections import Counter
from pathlib import Path

from tools import Refusal
from tools.course import chapters, navigation
from tools.environment import ROOT
from tools.imports import list_files, list_needed
from tools.reader import judge
from tools.writing import write

# What of the project goes into a release as it is: an environment, and the verbs that a learner needs with
# all that they import.  Jupyter's server loads `contents` by its name, and the start page `progress`; `build`
# is for who has the sources.
AS_IT_IS = ("LICENSE", "environment.yml", "pyproject.toml", "requirements.lock", "tools/course/jupyter")
MODULES = ("__main__", "course.lab", "course.contents", "reader.check", "reader.progress")
MODULES = tuple(f"tools.{name}" for name in MODULES)
LEFT_OUT = ("tools.course.build",)

README = """\
# {title}

{points} points: {exercises}.

{numbers}## Two commands

On a machine with Python 3.11 or later and pip, in this folder:

```
python3 -m tools lab      # opens JupyterLab on the notebooks
python3 -m tools check    # checks everything that you have saved, and says what is worth how many points
```

The first call installs what is needed into `.venv` (half a gigabyte, about a minute); after that nothing
needs the network. Inside an environment that already has it all, that one is used. With conda:

```
conda env create -f environment.yml
conda activate seqgrad
python3 -m tools lab
```

## What to do

Open the notebooks in `notebooks/exercises`; `00_start.ipynb` leads to them and adds up your points. Complete
each function (its comments are the steps), and run the check below it: it says what is wrong, and where.
Marks are given by the same checks on other numbers. {modules} has no copy of the functions that you are to
write.

## What to hand in

{notebooks}, saved. Saving a notebook in JupyterLab also writes its `.py` half; the `.ipynb` is enough.
"""

OWN_NUMBERS = """\
## Your numbers

You were given two things: this folder, which is the same for all, and a small file with a name that ends in
`.token`, which is yours alone. Put that file into this folder, beside this README. It opens the numbers on
which your functions are checked, and those of your test cells. Without it everything works, on numbers that
all have.

"""

DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip file can hold


def collect_files(root, plan, notebooks, package, own=False):
    """Return the files of a release, ``{path: bytes}``.

    Parameters
    ----------
    root : Path
        Of the course.
    plan : Plan
    notebooks : dict
        The released notebooks by name.
    package : Path
        A folder that holds seqgrad and the course's own modules without the answers, and nothing else.
    own : bool, optional
        Whether students have tokens, which open numbers of their own.
    """
    found = {
        "README.md": make_readme(plan, own).encode(),
        judge.LIST: judge.write_list(plan.exercises).encode(),
    }
    for path in list_shipped():
        found |= read_tree(path, path.relative_to(ROOT).as_posix())
    for path in list_files(package):
        found |= read_tree(path, path.relative_to(package).as_posix())
    for name, notebook in {navigation.START: make_release_start_page(root, plan), **notebooks}.items():
        for suffix, text in chapters.to_texts(notebook).items():
            found[f"notebooks/exercises/{name}{suffix}"] = text.encode()
        for cell in notebook.cells:
            for figure in re.findall(r"\(\.\./figures/([\w.-]+)\)", cell.source):
                found |= read_tree(root / "notebooks" / "figures" / figure, f"notebooks/figures/{figure}")
    for name in navigation.list_pages(root).values():
        text = (root / "notebooks" / name).read_text(encoding="utf-8")
        found[f"notebooks/{name}"] = navigation.unlink(text, list_files_to_open(root, plan)).encode()
    return found


def make_release_start_page(root, plan):
    """Return the notebook that a learner opens first: it leads to the chapters of the release alone."""
    points = Counter()
    for exercise in plan.exercises:
        points[exercise.chapter] += exercise.points
    return navigation.make_start_page(list_openings(root, plan), points, navigation.list_pages(root))


def list_openings(root, plan):
    """Return the Opening of each chapter of a release."""
    return [chapter for chapter in navigation.read_openings(root) if chapter.name in plan.chapters]


def list_files_to_open(root, plan):
    """Return the names of the notebooks and pages of a release that a text may lead to."""
    notebooks = {f"{name}.ipynb" for name in (navigation.START, *plan.chapters)}
    return notebooks | set(navigation.list_pages(root).values())


def list_shipped():
    """Return the files and folders of the project that go into a release as they are."""
    needed = list_needed(ROOT, *MODULES, left_out=LEFT_OUT)
    tools = [path for path in needed if path.is_relative_to(ROOT / "tools")]  # never seqgrad as it is
    return [*(ROOT / name for name in AS_IT_IS), *tools]


def read_tree(path, name):
    """Return a file, or all files below a folder, by their paths in the release; never bytecode."""
    if path.is_file():
        return {name: path.read_bytes()}
    if not path.is_dir():
        raise Refusal(f"{path} belongs into every release, and is not there.")
    return {f"{name}/{file.relative_to(path).as_posix()}": file.read_bytes() for file in list_files(path)}


def make_readme(plan, own=False):
    """Return the text that a release begins with."""
    each = [f"{exercise.number} `{exercise.name}` {exercise.points}" for exercise in plan.exercises]
    handed = [f"`notebooks/exercises/{name}.ipynb`" for name in plan.chapters]
    return README.format(
        title=plan.title,
        points=sum(exercise.points for exercise in plan.exercises),
        exercises=", ".join(each),
        modules=" and ".join(f"`{name}`" for name in plan.modules),
        notebooks=" and ".join(handed),
        numbers=OWN_NUMBERS if own else "",
    )


def write_archive(path, folder, found, comment=""):
    """Write files into a zip below one folder.

    Parameters
    ----------
    path : Path
        Where the archive goes.
    folder : str
        What it unpacks to; no folder if it is empty.
    found : dict
        The contents by path; ``run_autograder`` and ``setup.sh`` may be executed.
    comment : str
        What the archive says of itself.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.comment = comment.encode()
        for name in sorted(found):
            entry = zipfile.ZipInfo(f"{folder}/{name}" if folder else name, DATE)
            entry.create_system = 3  # the modes below are those of Unix, wherever this runs
            mode = 0o755 if Path(name).name in ("run_autograder", "setup.sh") else 0o644
            entry.external_attr = (0o100000 | mode) << 16
            archive.writestr(entry, found[name], zipfile.ZIP_DEFLATED, 9)
    write(path, packed.getvalue())


def read_comment(path):
    """Return what an archive says of itself; nothing if there is none, or none that can be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.comment.decode(errors="replace")
    except (OSError, zipfile.BadZipFile):
        return ""
