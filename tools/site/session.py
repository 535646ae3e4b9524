"""The sessions of the guides: the commands of a page, run in order in a copy of the project.

``python3 -m tools.site.session`` runs them and writes what they print into notebooks/instructors.md and
notebooks/own_exercises.md; of the latter also what stands in its files, and what its blocks of Python print.
"""

import contextlib
import functools
import io
import json
import linecache
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tools.course import chapters
from tools.environment import ROOT

GUIDE = ROOT / "notebooks" / "instructors.md"
OWN_GUIDE = ROOT / "notebooks" / "own_exercises.md"
COPIED = (
    "seqgrad",
    "tools",
    "notebooks",
    "pyproject.toml",
    "requirements.lock",
    "environment.yml",
    "LICENSE",
)
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"^`([\w./]+)`\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PRINTING = re.compile(r"^(```python\n(.*?)^```\n\n```text\n)(.*?)^```$", re.MULTILINE | re.DOTALL)
CHAPTER, OWN_CHAPTER = "04_lstm_forward", "01_batch_norm"

# The class: what each of them wrote, as changes of the solution; None is an exercise that was left alone.
OWN_WAY = {"@ concat": "@ both", "concat =": "both =", "ft * c_prev + it * cct": "it * cct + ft * c_prev"}
CLASS = {
    "ada": {"lstm_cell_forward": OWN_WAY, "lstm_forward": {}},
    "bela": {"lstm_cell_forward": {"[a_prev, xt]": "[xt, a_prev]"}, "lstm_forward": {}},
    "chen": {"lstm_cell_forward": {}, "lstm_forward": {"states.append(c_next)": "states.append(a_next)"}},
    "dana": {"lstm_cell_forward": {}, "lstm_forward": None},
    "emre": {"lstm_cell_forward": {'parameters["Wi"]': 'parameters["Wu"]'}, "lstm_forward": {}},
    "finn": {"lstm_cell_forward": OWN_WAY | {"cct": "candidate"}, "lstm_forward": {}},
}
NAMES = {"ada": "Ada", "bela": "Béla", "chen": "Chen", "dana": "Dana", "emre": "Emre", "finn": "Finn"}

# The others in the class of thirty: each has one of these, in turn.
OTHERS = "gita hugo ines jan kofi lena mads nora omar pia qing rosa sven tara uma vito wen xenia yara zoe"
OTHERS += " aiko bruno cleo david"
WORKS = (
    {"lstm_cell_forward": {}, "lstm_forward": {}},
    {"lstm_cell_forward": {"Wf @ concat + bf": "Wf @ concat"}, "lstm_forward": {}},
    {"lstm_cell_forward": {}, "lstm_forward": {"caches = (steps, x)": "caches = (x, steps)"}},
    {"lstm_cell_forward": {"ot * np.tanh(c_next)": "ot * c_next"}, "lstm_forward": None},
    {"lstm_cell_forward": {"ft * c_prev + it * cct": "it * c_prev + ft * cct"}, "lstm_forward": {}},
)
CLASS |= {name: WORKS[number % len(WORKS)] for number, name in enumerate(OTHERS.split())}
NAMES |= {name: name.title() for name in OTHERS.split()}

# When they handed in, and what was decided.
LATE = {
    "bela": "2026-11-21 00:04",
    "chen": "2026-11-22 09:30",
    "gita": "2026-11-24 20:00",
    "zoe": "2026-12-01 08:00",
}
RULES = """\
credit = "once"
zone = "Europe/Berlin"
released = 2026-11-06T12:00:00

[deadline]
due = 2026-11-20T23:59:00
grace = 15
percent = 10
most = 50
closed = 7
times = "times.csv"
extensions = "extensions.csv"
"""
EXTENSIONS = "student,days\ngita,4\n"
OVERRIDES = """\
student,exercise,points,delta,comment,remark
emre,lstm_cell_forward,12,,One key is misspelt; the rest is right.,agreed with Carla
"""


# The class of the course in a folder of one's own.
EXAMPLES = {"np.mean(x, axis=1": "np.mean(x, axis=0"}
CONSTANT = {"dx_hat - through_mean - through_std": "dx_hat - through_mean"}
OWN_WORDS = {"centered = x - np.mean(x,": "difference = x - x.mean(", "centered": "difference"}
OWN_CLASS = {
    "ada": {"batch_norm_forward": OWN_WORDS, "batch_norm_backward": {}},
    "bela": {"batch_norm_forward": EXAMPLES, "batch_norm_backward": CONSTANT},
    "chen": {"batch_norm_forward": {}, "batch_norm_backward": None},
}


def main():
    """Bring the pages up to date."""
    with tempfile.TemporaryDirectory() as folder:
        copy_project(Path(folder))
        GUIDE.write_text(record_page(GUIDE.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        text = OWN_GUIDE.read_text(encoding="utf-8")
        OWN_GUIDE.write_text(record_own_page(text, Path(folder)), encoding="utf-8")


def copy_project(folder):
    """Copy the project, and put a class into it: a roster, and a secret that is the same every time."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    roster = ["id,name", *(f"{student},{NAMES[student]}" for student in CLASS)]
    usual = {name: f"2026-11-{7 + number % 14:02} 18:00" for number, name in enumerate(CLASS)}
    times = ["student,Submission Time", *(f"{name},{time}" for name, time in (usual | LATE).items())]
    tables = {"roster.csv": "\n".join(roster), "times.csv": "\n".join(times)}
    tables |= {"rules.toml": RULES, "extensions.csv": EXTENSIONS, "overrides.csv": OVERRIDES}
    for name, text in tables.items():
        (folder / name).write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    (folder / "course-secret").write_text("5e" * 32 + "\n", encoding="utf-8")
    (folder / "course-secret").chmod(0o600)


def record_own_page(text, folder):
    """Return the page on a course of one's own with what everything on it prints now.

    In the folder come to lie a copy of the project, and beside it the files of the page and what they become.
    """
    copy_project(folder / "seqgrad")
    for name, content in FILE.findall(text):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    space = {"__name__": "__main__"}  # what the blocks have in common, as the cells of a notebook
    text = PRINTING.sub(lambda block: f"{block[1]}{run_code(block[2], space)}```", text)
    own = functools.partial(hand_in, folder / "norms", folder, OWN_CHAPTER, OWN_CLASS)
    return record_page(text, folder / "seqgrad", folder, own)


def run_code(code, space):
    """Return what a block of Python prints, its text at hand as in a notebook."""
    name, words = f"<block {hash(code)}>", io.StringIO()
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    with contextlib.redirect_stdout(words):
        exec(compile(code, name, "exec"), space)
    return words.getvalue().rstrip() + "\n"


def record_page(text, folder, above=None, hand_in_all=None):
    """Return a page with what its commands print now.

    Parameters
    ----------
    text : str
    folder : Path
        The copy of the project, in which they are run.
    above : Path, optional
        The folder whose place is left out of what they print; by default the copy.
    hand_in_all : callable, optional
        What lets the class hand in, before the first command that grades.
    """
    above = above or folder
    hand_in_all = hand_in_all or functools.partial(hand_in, folder, folder, CHAPTER, CLASS)

    def again(block):
        commands = re.findall(r"^\$ (.*)$", block[1], re.MULTILINE)
        return (
            "```console\n"
            + "".join(f"$ {each}\n{run_command(each, folder, above, hand_in_all)}" for each in commands)
            + "```"
        )

    return BLOCK.sub(again, text)


def run_command(command, folder, above, hand_in_all):
    """Run a command of a page in the copy; return what it prints, without times and places."""
    if "tools grade " in command and not (above / "submissions").exists():
        hand_in_all()
    ours = re.sub(r"^python3\b", f'"{sys.executable}"', command)
    calm = {"PYTHONPATH": str(folder), "NO_COLOR": "1", "OPENBLAS_NUM_THREADS": "1", "COLUMNS": "100"}
    done = subprocess.run(
        ours,
        shell=True,
        cwd=folder,
        env=os.environ | calm,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = done.stdout.replace(f"{above}{os.sep}", "").replace(str(above), ".")
    said = re.sub(r"^\d+ of \d+, .* to go\n|[ \t\ufeff]+$|^\ufeff", "", said, flags=re.MULTILINE)
    return re.sub(r"\b\d+(\.\d+)? (s|ms|minutes?)\b", r"… \2", said)


def hand_in(root, folder, chapter, students):
    """Write submissions/ into a folder: each student's notebook, as the release has it, with what they wrote.

    `root` is that of the course.
    """
    made = chapters.make_variants(root / "notebooks" / "source" / f"{chapter}.py", root)["solutions"]
    solutions = {cell.id: cell.source for cell in made.cells}
    (path,) = (root / "dist").glob("*.zip")
    with zipfile.ZipFile(path) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(f"{chapter}.ipynb"))
        released = archive.read(name)
    for student, edits in students.items():
        notebook = json.loads(released)
        for cell in notebook["cells"]:
            if (changes := edits.get(cell["id"])) is not None:
                cell["source"] = functools.reduce(change_text, changes.items(), solutions[cell["id"]])
        path = folder / "submissions" / student / f"{chapter}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")


def change_text(text, change):
    """Return a text with one change made; it has to apply."""
    right, theirs = change
    assert right in text, f"the solution has no {right!r} any more"
    return text.replace(right, theirs)


if __name__ == "__main__":
    main()
