"""The build makes both variants from one source, the same bytes each time, and loses nobody's work."""

import ast
import functools
import re
from pathlib import Path

import nbformat
import pytest

from seqgrad.check.reading.stub import cut_function, find_comments, group_steps
from tests.small_project import CHAPTER, MODULE, edit, generated, load, make, run_by_hand, work_in
from tools import Refusal
from tools.course import build, chapters, option, pairs
from tools.writing import write

ROOT = Path(__file__).parents[2]
NAMES = pairs.list_chapters(ROOT)


@pytest.fixture
def root(tmp_path):
    """Return a project with one module and one chapter, built."""
    return make(tmp_path)


def test_a_chapter_becomes_two_pairs(root):
    assert sorted(generated(root)) == [
        "exercises/00_start.ipynb",
        "exercises/00_start.py",
        "exercises/01_divide.ipynb",
        "exercises/01_divide.py",
        "solutions/01_divide.ipynb",
        "solutions/01_divide.py",
    ]


def test_both_halves_of_a_pair_have_the_same_cells(root):
    for variant in ("exercises", "solutions"):
        notebook, script = (load(root, f"{variant}/01_divide{suffix}") for suffix in (".ipynb", ".py"))
        assert chapters.digest_cells(notebook) == chapters.digest_cells(script)
        assert [cell.metadata for cell in notebook.cells] == [
            {key: value for key, value in cell.metadata.items() if key != "lines_to_next_cell"}
            for cell in script.cells
        ]


def test_the_solution_has_the_function_and_the_exercise_its_stub(root):
    exercise, solution = load(root), load(root, "solutions/01_divide.ipynb")
    assert solution.cells[2].source == cut_function(MODULE, "halve")
    assert "half = None" in exercise.cells[2].source
    others = [1, 3, 4]
    assert [exercise.cells[i].source for i in others] == [solution.cells[i].source for i in others]


ONLY = """
# %% [markdown] only="solutions"
# Why halves: two of them are one.

# %% only="solutions"
one = halve(1) + halve(1)

# %% [markdown] only="exercises"
# Your turn.
"""


def test_a_cell_for_one_variant_is_left_out_of_the_other(root):
    path = root / "notebooks/source/01_divide.py"
    write(path, pairs.read(path) + ONLY)
    build.build(root)
    exercise, solution = load(root), load(root, "solutions/01_divide.ipynb")
    assert [cell.source for cell in exercise.cells[6:-1]] == ["Your turn."]
    assert [cell.source for cell in solution.cells[6:-1]] == [
        "Why halves: two of them are one.",
        "one = halve(1) + halve(1)",
    ]
    assert all(b"two of them" not in text for name, text in generated(root).items() if "exercises" in name)
    assert build.list_stale(root) == []


def test_an_answer_is_folded_away_in_the_exercise_and_plain_in_the_solution(root):
    path = root / "notebooks/source/01_divide.py"
    answer = "\n# %% [markdown] answer=true\n# It is 1.5.\n#\n# So it goes on.\n"
    write(path, pairs.read(path) + answer)
    build.build(root)
    exercise, solution = (load(root, f"{variant}/01_divide.ipynb").cells[-2] for variant in chapters.VARIANTS)
    assert solution.source == "It is 1.5.\n\nSo it goes on."
    assert exercise.source == (
        "<details><summary>Answer</summary>\n\nIt is 1.5.\n\n</details>\n\nSo it goes on."
    )
    assert build.list_stale(root) == []


def test_stored_outputs_stay_beside_cells_for_one_variant(root):
    path = root / "notebooks/source/01_divide.py"
    write(path, pairs.read(path) + ONLY)
    build.build(root)
    run_by_hand(root, "solutions/01_divide.ipynb")
    edit(root, "notebooks/source/01_divide.py", "Your turn.", "Now you.")
    build.build(root)
    cells = pairs.list_code_cells(load(root, "solutions/01_divide.ipynb"))
    assert [cell.outputs[0].text for cell in cells] == ["1\n", "2\n", "3\n", "4\n", "5\n"]


def test_building_again_changes_nothing(root, capsys):
    before = generated(root)
    build.build(root)
    assert generated(root) == before
    assert capsys.readouterr().out.splitlines()[-1] == "3 of 3 notebooks were up to date."


def test_building_elsewhere_gives_the_same_bytes(root, tmp_path_factory):
    other = tmp_path_factory.mktemp("elsewhere")
    for path in ("seqgrad/small.py", "notebooks/source/01_divide.py"):
        write(other / path, pairs.read(root / path))
    build.build(other)
    assert generated(other) == generated(root)


def test_notebooks_are_valid_and_name_no_version_that_changes(root):
    for path, text in generated(root).items():
        assert b"jupytext_version:" not in text
        if path.endswith(".ipynb"):
            nbformat.validate(nbformat.reads(text.decode(), as_version=4))


def test_cells_keep_their_ids_when_another_one_is_inserted(root):
    before = [cell.id for cell in load(root).cells]
    edit(
        root,
        "notebooks/source/01_divide.py",
        "# %% [markdown]\n# By four.",
        "# %%\nprint(1)\n\n# %% [markdown]\n# By four.",
    )
    build.build(root)
    after = [cell.id for cell in load(root).cells]
    assert len(set(after)) == len(before) + 1
    assert [cell_id for cell_id in after if cell_id in before] == before


def test_equal_cells_have_different_ids(root):
    edit(root, "notebooks/source/01_divide.py", "print(halve(3))", "print(halve(3))\n\n# %%\nprint(halve(3))")
    build.build(root)
    ids = [cell.id for cell in load(root).cells]
    assert len(set(ids)) == len(ids)


def test_check_names_every_file_that_is_out_of_date_and_writes_none(root):
    edit(root, "notebooks/source/01_divide.py", "By two.", "By 2.")
    before = generated(root)
    assert build.list_stale(root) == [f"notebooks/{name}: out of date" for name in before if "01" in name]
    assert generated(root) == before


def test_check_notices_a_function_that_changed(root):
    edit(root, "seqgrad/small.py", "/ 2", "* 0.5")
    assert build.list_stale(root) == [
        f"notebooks/solutions/01_divide{suffix}: out of date" for suffix in (".ipynb", ".py")
    ]


def test_check_notices_a_generated_file_that_was_edited(root):
    edit(root, "notebooks/solutions/01_divide.py", "/ 2", "/ 3")
    edit(root, "notebooks/exercises/01_divide.py", "half = None", "half = x / 2")
    assert build.list_stale(root) == [
        "notebooks/exercises/01_divide.py: changed by hand",
        "notebooks/solutions/01_divide.py: changed by hand; `build` writes it anew and keeps yours beside it",
    ]


def test_only_what_is_out_of_date_is_written(root):
    times = {path: (root / "notebooks" / path).stat().st_mtime_ns for path in generated(root)}
    edit(root, "seqgrad/small.py", "/ 2", "* 0.5")
    build.build(root)
    written = [path for path, time in times.items() if (root / "notebooks" / path).stat().st_mtime_ns != time]
    assert sorted(written) == ["solutions/01_divide.ipynb", "solutions/01_divide.py"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "from seqgrad.small import halve",
            "from seqgrad.small import quarter",
            "cell 2: exercise halve should be `from MODULE import halve`, "
            "not `from seqgrad.small import quarter`.",
        ),
        (
            "from seqgrad.small import halve",
            "from seqgrad.small import halve as h",
            "cell 2: exercise halve should be `from MODULE import halve`, "
            "not `from seqgrad.small import halve as h`.",
        ),
        (
            '"halve" points=5\nfrom seqgrad.small import halve',
            '"third" points=5\nfrom seqgrad.small import third',
            "cell 2: exercise third in seqgrad/small.py: there is no function third, only halve, quarter.",
        ),
        (
            "from seqgrad.small import halve",
            "from seqgrad.large import halve",
            "cell 2: exercise halve comes from seqgrad.large, and there is no such file.",
        ),
        (
            "import numpy as np",
            "import numpy",
            "cell 2: exercise halve in seqgrad/small.py: it uses np, which no cell above imports or defines.",
        ),
        ("print(halve(3))", "print(halve(3)", "cell 3: '(' was never closed (cell, line 1)."),
        (
            "# %%\nimport numpy as np",
            '# %% only="solutions"\nimport numpy as np',
            "cell 2: exercise halve in seqgrad/small.py: it uses np, which no cell above imports or defines.",
        ),
        (
            "# %%\nprint(halve(3))",
            '# %% only="solution"\nprint(halve(3))',
            'cell 3: only="solution" names no variant: write only="exercises" or only="solutions".',
        ),
        (
            "# %% [markdown]\n# By four.",
            "# %% [markdown] only=true\n# By four.",
            'the text below cell 3: only=true names no variant: write only="exercises" or only="solutions".',
        ),
        (
            'exercise="quarter" points=10',
            'exercise="quarter" points=10 only="exercises"',
            "cell 4: exercise quarter belongs to both variants: leave out `only`.",
        ),
        (
            "points=10",
            "points=0",
            'cell 4: exercise quarter has no points: write `# %% exercise="quarter" points=10`.',
        ),
    ],
)
def test_a_cell_that_cannot_be_built_is_refused_with_file_and_cell(root, old, new, sentence):
    edit(root, "notebooks/source/01_divide.py", old, new)
    with pytest.raises(Refusal) as refusal:
        build.build(root)
    assert str(refusal.value) == f"notebooks/source/01_divide.py, {sentence}"


def test_the_exercises_of_a_course_are_known_with_their_points_and_numbers(root):
    assert chapters.exercises(root) == (
        chapters.Exercise("halve", "01_divide", 5, "1.1"),
        chapters.Exercise("quarter", "01_divide", 10, "1.2"),
    )
    edit(root, "notebooks/source/01_divide.py", " points=10", "")
    with pytest.raises(Refusal) as refusal:
        chapters.exercises(root)
    assert str(refusal.value).startswith("notebooks/source/01_divide.py: exercise quarter has no points: ")


def test_names_come_from_any_cell_above_and_ipython_lines_do_not_disturb(root):
    edit(
        root,
        "notebooks/source/01_divide.py",
        "import numpy as np",
        "# %matplotlib inline\nimport numpy as np",
    )
    build.build(root)
    assert "%matplotlib inline\nimport" in load(root).cells[1].source


def test_stored_outputs_stay_while_the_code_does(root):
    run_by_hand(root, "solutions/01_divide.ipynb")
    assert build.list_stale(root) == []
    edit(root, "notebooks/source/01_divide.py", "By two.", "By 2.")
    build.build(root)
    solution = load(root, "solutions/01_divide.ipynb")
    assert solution.cells[0].source.endswith("By 2.")
    assert [cell.outputs[0].text for cell in pairs.list_code_cells(solution)] == ["1\n", "2\n", "3\n", "4\n"]


def test_stored_outputs_go_when_any_code_changes(root):
    run_by_hand(root, "solutions/01_divide.ipynb")
    edit(root, "seqgrad/small.py", "/ 2", "* 0.5")
    build.build(root)
    cells = pairs.list_code_cells(load(root, "solutions/01_divide.ipynb"))
    assert [(cell.outputs, cell.execution_count) for cell in cells] == [([], None)] * 4


@pytest.mark.parametrize("half", [".ipynb", ".py", "both"])
def test_work_in_an_exercise_survives_a_new_version_of_its_chapter(root, capsys, half):
    untouched = {suffix: generated(root)[f"exercises/01_divide{suffix}"] for suffix in (".ipynb", ".py")}
    work_in(root)
    if half != "both":  # edited outside of JupyterLab
        other = {".ipynb": ".py", ".py": ".ipynb"}[half]
        (root / f"notebooks/exercises/01_divide{other}").write_bytes(untouched[other])
    mine = {path: text for path, text in generated(root).items() if path.startswith("exercises")}

    capsys.readouterr()
    build.build(root)
    assert capsys.readouterr().out == "2 of 3 notebooks were up to date.\n"
    edit(root, "notebooks/source/01_divide.py", "By two.", "By 2.")
    build.build(root)
    assert mine.items() <= generated(root).items()
    assert b"By 2." in generated(root)["solutions/01_divide.py"]


def test_kept_work_is_told_with_the_way_on(root, capsys):
    work_in(root)
    edit(root, "notebooks/source/01_divide.py", "By two.", "By 2.")
    capsys.readouterr()
    build.build(root)
    told = capsys.readouterr().out.splitlines()[0]
    assert told == (
        "notebooks/exercises/01_divide holds your work and stays as it is, but its chapter has "
        "changed: `python3 -m tools build --fresh 01_divide` puts the new one in its place and keeps yours "
        "beside it."
    )


def test_a_fresh_exercise_leaves_the_old_one_under_another_name(root):
    work_in(root)
    mine = generated(root)
    for number in (1, 2):
        aside = pairs.set_aside("01", root)
        assert aside.name == f"01_divide_mine_{number}"
        build.build(root)
    now = generated(root)
    assert now["exercises/01_divide_mine_1.ipynb"] == mine["exercises/01_divide.ipynb"]
    assert now["exercises/01_divide_mine_1.py"] == mine["exercises/01_divide.py"]
    assert b"half = None" in now["exercises/01_divide.py"]


def test_the_verb_checks_builds_and_begins_anew(root, monkeypatch, capsys):
    monkeypatch.setattr(option, "ROOT", root)
    edit(root, "seqgrad/small.py", "/ 2", "* 0.5")
    capsys.readouterr()
    assert build.main(["--check"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "Next: python3 -m tools build"
    assert build.main([]) == 0
    assert "wrote notebooks/solutions/01_divide.ipynb and .py" in capsys.readouterr().out
    assert build.main(["--check"]) == 0
    assert capsys.readouterr().out == "Every notebook is what the sources make.\n"
    assert build.main(["--fresh", "01"]) == 0
    assert "yours is now notebooks/exercises/01_divide_mine_1.ipynb" in capsys.readouterr().out


def test_a_notebook_that_a_merge_has_broken_is_kept(root):
    broken = root / "notebooks/exercises/01_divide.ipynb"
    broken.write_text("<<<<<<< yours\n{}\n=======\n{}\n>>>>>>> theirs\n")
    build.build(root)
    assert broken.read_text().startswith("<<<<<<< yours")


def test_an_unknown_chapter_is_refused_with_those_that_there_are(root):
    with pytest.raises(Refusal, match="^'07' names 0 chapters; there are 01_divide.$"):
        pairs.set_aside("07", root)


def test_an_exercise_that_was_merely_run_is_left_alone_by_lab_and_tidied_by_build(root):
    clean = generated(root)
    run_by_hand(root, "exercises/01_divide.ipynb")
    executed = generated(root)
    assert build.list_stale(root) == [
        "notebooks/exercises/01_divide.ipynb: executed or saved since it was built"
    ]
    build.build(root, tidy=False)
    assert generated(root) == executed
    build.build(root)
    assert generated(root) == clean


def test_what_a_removed_chapter_left_is_removed_but_not_a_persons_work(root):
    write(root / "notebooks/source/02_again.py", CHAPTER)
    build.build(root)
    work_in(root)
    for path in (root / "notebooks/source").iterdir():
        path.unlink()
    build.build(root)
    assert sorted(generated(root)) == ["exercises/01_divide.ipynb", "exercises/01_divide.py"]


def test_a_notebook_that_the_build_did_not_make_is_left_alone(root):
    own = root / "notebooks/exercises/scratch.ipynb"
    own.write_text(nbformat.writes(nbformat.v4.new_notebook()))
    build.build(root)
    assert own.exists()


def test_a_write_that_fails_leaves_the_old_text_and_nothing_else(tmp_path):
    path = tmp_path / "notebook.py"
    write(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write(path, "\ud800")
    assert [file.name for file in tmp_path.iterdir()] == ["notebook.py"]
    assert path.read_text() == "old"


@functools.cache
def steps_to_write(name):
    """Return the steps that the exercises of a chapter leave to write, in the words of the library."""
    steps = []
    for cell in chapters.read_notebook(pairs.read(ROOT / f"notebooks/source/{name}.py")).cells:
        if "exercise" in cell.metadata:
            module = re.search(r"from ([\w.]+) import", cell.source)[1]
            text = pairs.read(ROOT / f"{module.replace('.', '/')}.py")
            source = cut_function(text, cell.metadata["exercise"])
            block = ast.parse(source).body[0].body[:-1]
            for run in group_steps(block, find_comments(source)[0]):
                steps += [ast.get_source_segment(source, step) for step in run]
    return steps


def squeezed(text):
    """Return a text without what its form adds: spaces, comment signs, and the quotes and commas of JSON."""
    return re.sub(r"\\n|[\s#\"',\\]", "", text)


@functools.cache
def halves_made(name, variant):
    """Return what the build makes of a chapter, squeezed; that the files say the same is for --check."""
    notebook = chapters.make_variants(ROOT / f"notebooks/source/{name}.py", ROOT)[variant]
    return [squeezed(text) for text in chapters.to_texts(notebook).values()]


@pytest.mark.parametrize("name", NAMES)
def test_steps_are_found_in_both_halves_of_the_solution_so_they_would_be_found_in_an_exercise(name):
    for text in halves_made(name, "solutions"):
        assert [step for step in steps_to_write(name) if squeezed(step) not in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_step_of_a_solution_stands_in_any_exercise(name):
    for other in NAMES:
        for text in halves_made(other, "exercises"):
            assert [step for step in steps_to_write(name) if squeezed(step) in text] == [], other
