"""The grading session of the instructor's guide: its commands, run in order in a copy of the project.

``python3 -m tools.site.session`` runs them and writes what they print into notebooks/instructors.md.
"""

import functools
import json
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
CHAPTER = "04_lstm_forward"

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


def main():
    """Bring the page up to date."""
    text = GUIDE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        copy_project(Path(folder))
        GUIDE.write_text(record_page(text, Path(folder)), encoding="utf-8")


def copy_project(folder):
    """Copy the project, and put a class into it: a roster, and a secret that is the same every time."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    roster = ["id,name", *(f"{student},{NAMES[student]}" for student in CLASS)]
    (folder / "roster.csv").write_text("\n".join(roster) + "\n", encoding="utf-8")
    (folder / "course-secret").write_text("5e" * 32 + "\n", encoding="utf-8")
    (folder / "course-secret").chmod(0o600)


def record_page(text, folder):
    """Return the page with what its commands print now."""

    def again(block):
        commands = re.findall(r"^\$ (.*)$", block[1], re.MULTILINE)
        return (
            "```console\n"
            + "".join(f"$ {command}\n{run_command(command, folder)}" for command in commands)
            + "```"
        )

    return BLOCK.sub(again, text)


def run_command(command, folder):
    """Run a command of the page in the copy; return what it prints, without times and places."""
    if "tools grade " in command and not (folder / "submissions").exists():
        hand_in(folder)
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
    said = done.stdout.replace(f"{folder}{os.sep}", "").replace(str(folder), ".")
    said = re.sub(r"^\d+ of \d+, .* to go\n|[ \t\ufeff]+$|^\ufeff", "", said, flags=re.MULTILINE)
    return re.sub(r"\b\d+(\.\d+)? (s|ms|minutes?)\b", r"… \2", said)


def hand_in(folder):
    """Write submissions/: each student's notebook from the release, with what this student wrote."""
    made = chapters.make_variants(folder / "notebooks" / "source" / f"{CHAPTER}.py", folder)["solutions"]
    solutions = {cell.id: cell.source for cell in made.cells}
    (release,) = (folder / "dist").glob("seqgrad-*/")
    for student, edits in CLASS.items():
        with zipfile.ZipFile(release / f"{student}.zip") as archive:
            (name,) = (name for name in archive.namelist() if name.endswith(f"{CHAPTER}.ipynb"))
            notebook = json.loads(archive.read(name))
        for cell in notebook["cells"]:
            if (changes := edits.get(cell["id"])) is not None:
                cell["source"] = functools.reduce(change_text, changes.items(), solutions[cell["id"]])
        path = folder / "submissions" / student / f"{CHAPTER}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")


def change_text(text, change):
    """Return a text with one change made; it has to apply."""
    right, theirs = change
    assert right in text, f"the solution has no {right!r} any more"
    return text.replace(right, theirs)


if __name__ == "__main__":
    main()
