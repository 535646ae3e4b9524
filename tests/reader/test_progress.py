"""The start page adds up what the saved notebooks are worth, and says what to open next."""

import os
from pathlib import Path

import pytest

from tools.course import chapters, option, pairs
from tools.reader import check, judge
from tools.reader.progress import show_progress
from tools.writing import write

ROOT = Path(__file__).parents[2]
CHAPTERS = ("01_activations", "06_adam", "09_find_the_mistake")
FIRST, SECOND = (
    "[Chapter 1. Turn scores into probabilities](01_activations.ipynb)",
    "[Chapter 6. Update the parameters with Adam](06_adam.ipynb)",
)


@pytest.fixture
def root(tmp_path):
    """Return a project with three exercise notebooks as they are built."""
    for name in CHAPTERS:
        made = chapters.make_variants(ROOT / "notebooks/source" / f"{name}.py", ROOT)["exercises"]
        write(tmp_path / f"notebooks/exercises/{name}.ipynb", chapters.to_texts(made)[".ipynb"])
    asked = [one for one in chapters.exercises(ROOT) if one.chapter in CHAPTERS]
    write(tmp_path / judge.LIST, judge.write_list(asked))
    return tmp_path


def solve(root, name, functions):
    """Save solutions of some functions in a notebook."""
    path = root / "notebooks/exercises" / f"{name}.ipynb"
    notebook = chapters.read_notebook(pairs.read(path), ".ipynb")
    made = chapters.make_variants(ROOT / "notebooks/source" / f"{name}.py", ROOT)["solutions"]
    solutions = {cell.metadata.get("exercise"): cell.source for cell in made.cells}
    for cell in notebook.cells:
        if cell.metadata.get("exercise") in functions:
            cell.source = solutions[cell.metadata.exercise]
    write(path, chapters.to_texts(notebook)[".ipynb"])


def test_where_nothing_is_solved_that_is_said_and_where_to_begin(root):
    shown = show_progress(root)
    assert shown.sentence() == f"Nothing is solved yet: 0 of 30 points. Begin with {FIRST}."
    table = shown._repr_markdown_().splitlines()[4:]
    assert table == [f"| {FIRST} | 0 of 10 |  |", f"| {SECOND} | 0 of 20 |  |"]
    title = FIRST.partition("]")[0].removeprefix("[")
    assert repr(shown).splitlines()[-1] == f"Nothing is solved yet: 0 of 30 points. Begin with {title}."


def test_what_is_saved_counts_as_it_does_for_check(root, capsys, monkeypatch):
    solve(root, "01_activations", ("softmax", "sigmoid"))
    solve(root, "06_adam", ("initialize_adam",))
    shown = show_progress(root)
    assert shown.sentence() == f"You have 15 of 30 points. Next: {SECOND}."
    table = shown._repr_markdown_().splitlines()[4:]
    assert table == [f"| {FIRST} | 10 of 10 | done |", f"| {SECOND} | 5 of 20 | begun |"]
    monkeypatch.setattr(option, "ROOT", root)
    assert check.main([]) == 1
    assert capsys.readouterr().out.endswith("15 of 30 points. Next: python3 -m tools lab\n")


def test_where_all_is_solved_that_is_said(root):
    solve(root, "01_activations", ("softmax", "sigmoid"))
    solve(root, "06_adam", ("initialize_adam", "update_parameters_with_adam"))
    assert show_progress(root).sentence() == "You have all 30 points."


def test_copies_that_the_build_has_kept_do_not_count_twice(root, capsys, monkeypatch):
    folder = root / "notebooks/exercises"
    write(folder / "06_adam_mine_1.ipynb", pairs.read(folder / "06_adam.ipynb"))
    assert [row.most for row in show_progress(root).rows] == [10, 20]
    monkeypatch.setattr(option, "ROOT", root)
    check.main([])
    assert "0 of 30 points." in capsys.readouterr().out


def test_a_notebook_that_cannot_be_read_is_named_and_the_others_count(root):
    solve(root, "06_adam", ("initialize_adam",))
    (root / "notebooks/exercises/01_activations.ipynb").write_text("{", encoding="utf-8")
    shown = show_progress(root)
    problem = "`01_activations.ipynb` is damaged in line 1; no cell of it could be read. "
    assert shown.rows[0].problem == problem + judge.MENDED
    assert f"| {problem}" in shown._repr_markdown_().splitlines()[4]
    assert shown.sentence() == "You have 5 of 30 points. Next: [01_activations](01_activations.ipynb)."


def test_a_chapter_whose_notebook_is_gone_still_counts(root):
    (root / "notebooks/exercises/01_activations.ipynb").unlink()
    (first, second) = show_progress(root).rows
    assert (first.earned, first.most, second.most) == (0, 10, 20)
    assert first.problem.startswith("`01_activations.ipynb` cannot be read: No such file or directory.")


def test_where_there_is_no_notebook_that_is_said(tmp_path):
    assert (
        show_progress(tmp_path).sentence().startswith("There is no notebook with exercises beside this page")
    )


def test_the_cell_of_the_start_page_runs_where_the_page_is(root, monkeypatch):
    (cell,) = pairs.list_code_cells(
        chapters.read_notebook(pairs.read(ROOT / "notebooks/exercises/00_start.ipynb"), ".ipynb")
    )
    monkeypatch.chdir(ROOT / "notebooks/exercises")
    space = {}
    exec(cell.source.replace("\nshow_progress(", "\nshown = show_progress("), space)
    written = {exercise.chapter for exercise in chapters.exercises(ROOT)}
    assert len(space["shown"].rows) == len(written) and os.path.samefile(ROOT, "../..")
