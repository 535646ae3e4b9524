"""The notebooks of a release are the exercises, with points, numbers of one's own, and no way to stop."""

import ast
import builtins
import functools
import hashlib
import re
import zipfile
from pathlib import Path

import nbformat
import pytest

from seqgrad.check.reading.names import find_needed
from tests.marks import exhaustive
from tools import Refusal
from tools.course import chapters, kernels, navigation, pairs
from tools.release import notebooks, release, verify

ROOT = Path(__file__).parents[2]
PLAN = notebooks.plan_release(ROOT, ["04", "05"])
SEED = 2718281828
make = functools.cache(functools.partial(notebooks.make_notebooks, ROOT, PLAN, own=True))
ALL = notebooks.plan_release(ROOT, [f"{number:02}" for number in range(1, 9)])
make_all = functools.cache(functools.partial(notebooks.make_notebooks, ROOT, ALL))


def cells(made=None):
    """Return all cells of notebooks, by default of those of the release of chapters 4 and 5."""
    return [cell for notebook in (made or make()).values() for cell in notebook.cells]


def find(name):
    """Return the exercise cell of a function, and its check."""
    (function,) = (cell for cell in cells() if cell.metadata.get("exercise") == name)
    (checked,) = (cell for cell in cells() if cell.source.startswith(f"check({name})"))
    return function, checked


def without_links(cell):
    """Return a cell whose links to chapters and pages are words."""
    return cell if cell.cell_type == "code" else {**cell, "source": navigation.unlink(cell.source, ())}


def test_a_release_withholds_its_own_functions_and_all_later_ones():
    assert PLAN.title == "seqgrad 04, 05" and PLAN.folder == "seqgrad-04-05"
    assert PLAN.chapters == ("04_lstm_forward", "05_lstm_backward")
    assert [exercise.number for exercise in PLAN.exercises] == ["4.1", "4.2", "5.1", "5.2"]
    assert PLAN.withheld[:4] == ("lstm_cell_forward", "lstm_forward", "lstm_cell_backward", "lstm_backward")
    assert PLAN.withheld[-1] == ALL.withheld[-1] and "rnn_forward" not in PLAN.withheld
    assert len(ALL.withheld) == len(chapters.exercises(ROOT))


@pytest.mark.parametrize(
    ("begins", "sentence"),
    [
        (["99"], "'99' names 0 chapters; there are 01_activations, 02_rnn_forward, "),
        (
            ["09", "10"],
            "09_find_the_mistake, 10_from_readable_to_fast: nothing is to be written there; name a ",
        ),
    ],
)
def test_a_release_without_exercises_is_refused(begins, sentence):
    with pytest.raises(Refusal) as refused:
        notebooks.plan_release(ROOT, begins)
    assert str(refused.value).startswith(sentence)


def test_all_cells_of_the_exercise_are_there_in_order_but_the_one_that_would_install_answers():
    for name, made in make().items():
        built = chapters.make_variants(ROOT / "notebooks/source" / f"{name}.py", ROOT)["exercises"].cells
        sources = [re.sub(r"\.points\(\d+\)$", "", without_links(cell)["source"]) for cell in made.cells]
        kept = [without_links(cell)["source"] for cell in built if cell.source != chapters.INSTALL]
        assert len(kept) == len(built) - 1 and chapters.INSTALL not in sources
        assert kept.pop(0).endswith(sources[0].partition("Glossary\n\n")[2])
        places = [sources.index(source.rstrip()) for source in kept if len(source) > 40]
        assert places == sorted(places)


def test_a_notebook_is_valid_and_a_pair_of_halves_that_agree():
    for made in make().values():
        texts = chapters.to_texts(made)
        nbformat.validate(nbformat.reads(texts[".ipynb"], as_version=4))
        halves = [chapters.read_notebook(text, suffix) for suffix, text in texts.items()]
        assert len({chapters.digest_cells(half) for half in halves} | {made.metadata.seqgrad.built}) == 1
        for one, other in zip(halves[0].cells, halves[1].cells, strict=True):
            assert one.metadata.get("nbgrader") == other.metadata.get("nbgrader")


WITH_EXERCISES = tuple(dict.fromkeys(exercise.chapter for exercise in chapters.exercises(ROOT)))
SOME = ("12_attention",)


@pytest.mark.parametrize(
    "first",
    [pytest.param(name, marks=[] if name in SOME else exhaustive) for name in WITH_EXERCISES],
)
def test_every_choice_of_chapters_can_be_released(first):
    """What a notebook may show depends on the first chapter alone, so one each with each later one is all."""
    later = [name for name in pairs.list_chapters(ROOT) if name >= first]
    plan = notebooks.plan_release(ROOT, later)
    hidden, clean = verify.list_hidden(ROOT, plan.withheld), set()
    for name, made in notebooks.make_notebooks(ROOT, plan, own=True).items():
        files = {f"{name}{suffix}": text.encode() for suffix, text in chapters.to_texts(made).items()}
        verify.refuse_answers(files, hidden, clean)
        alone = notebooks.make_notebooks(ROOT, notebooks.plan_release(ROOT, [first, name]), own=True)[name]
        # The second cell names all that is released, and texts lead to it.
        assert [*map(without_links, alone.cells[2:-1])] == [*map(without_links, made.cells[2:-1])]
    assert not set(WITH_EXERCISES) & set(notebooks.find_omissions(ROOT, plan))


@exhaustive
@pytest.mark.parametrize("first", ["01", "05"])
def test_many_chapters_at_once_are_released_with_all_that_is_recorded(first, tmp_path):
    plan = notebooks.plan_release(ROOT, [name[:2] for name in pairs.list_chapters(ROOT) if name >= first])
    release.make_archive(ROOT, plan, tmp_path / "release.zip")
    assert zipfile.is_zipfile(tmp_path / "release.zip")


def test_a_demonstration_that_would_give_an_answer_away_is_left_out_with_all_that_needs_it(monkeypatch):
    line = "dzf = dc * c_prev * ft * (1 - ft)"
    sources = ["# A title", "dc = c_prev = ft = 0.5", line, "twice = 2 * dzf", "print(twice)", "print(ft)"]
    sources += ["twice = 4", "print(twice)", f"As everybody knows, `{line}`.", "dzf, twice = 3, 4"]
    kinds = {"# A title": "markdown", sources[8]: "markdown"}
    made = [
        nbformat.from_dict(
            {"cell_type": kinds.get(source, "code"), "id": f"c{number}", "metadata": {}, "source": source}
        )
        for number, source in enumerate(sources)
    ]
    monkeypatch.setattr(notebooks, "read_exercise_cells", lambda root, name: made)
    shown, functions = notebooks.choose_shown.__wrapped__(ROOT, "any", PLAN.withheld)
    assert functions == ("lstm_cell_backward",)
    left = [number for number, cell in enumerate(shown) if cell.id.endswith("-left-out")]
    assert left == [2, 3, 4, 8]
    assert [cell.source for number, cell in enumerate(shown) if number not in left] == [
        source for number, source in enumerate(sources) if number not in left
    ]
    assert shown[2].source == notebooks.LEFT_OUT.format(functions="`lstm_cell_backward`")


def test_a_learner_reads_at_the_top_what_is_to_be_handed_in_and_what_it_is_worth():
    for made in make().values():
        assert made.cells[0].source.startswith("# ")
        assert made.cells[1].source.startswith("> **seqgrad 04, 05, ")
    first = make()["04_lstm_forward"].cells[1].source
    assert "30 points in this notebook.** `lstm_cell_forward` 15, `lstm_forward` 15." in first


@pytest.mark.parametrize("exercise", PLAN.exercises, ids=lambda exercise: exercise.name)
def test_exercise_and_check_carry_the_metadata_of_nbgrader_and_nothing_else_in_it(exercise):
    function, checked = find(exercise.name)
    assert set(function.metadata.nbgrader) == {
        "schema_version", "grade", "solution", "locked", "grade_id", "checksum", "cell_type",
    }  # fmt: skip
    assert set(checked.metadata.nbgrader) == {*function.metadata.nbgrader, "points"}
    flags = ("schema_version", "grade", "solution", "locked", "cell_type")
    assert [function.metadata.nbgrader[flag] for flag in flags] == [3, False, True, False, "code"]
    assert [checked.metadata.nbgrader[flag] for flag in flags] == [3, True, False, True, "code"]
    assert checked.metadata.nbgrader.points == exercise.points == function.metadata.points
    assert checked.source == f"check({exercise.name}).points({exercise.points})"
    assert (checked.metadata.editable, checked.metadata.deletable) == (False, False)
    assert "editable" not in function.metadata
    said = f"{checked.source}codeTrueFalseTruecheck_{exercise.name}{exercise.points}.0"
    assert checked.metadata.nbgrader.checksum == hashlib.md5(said.encode()).hexdigest()


def test_grade_ids_are_unique_in_the_whole_course():
    ids = [cell.metadata.nbgrader.grade_id for cell in cells(make_all()) if "nbgrader" in cell.metadata]
    assert len(ids) == len(set(ids)) == 2 * len(ALL.exercises)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", id) for id in ids)


def test_every_function_with_a_test_cell_gets_one_that_prints_both_versions():
    both = [cell for cell in cells(make_all(own=True)) if cell.id.endswith("-beside")]
    steps = ("cell_forward", "forward", "cell_backward", "backward")
    assert [cell.source.split("\n")[-1] for cell in both] == [
        f"beside(test, {network}.{network}_{step}, {network}_{step})"
        for network in ("rnn", "lstm")
        for step in steps
    ]
    for cell in both:
        name = cell.id.removesuffix("-beside")
        assert f'np.random.seed(own_seed("{name}"))' in cell.source and "np.random.seed(1)" not in cell.source
        assert cell.metadata.tags == [notebooks.MAY_END]  # without a token it ends in a sentence


def test_the_tests_of_the_course_stay_as_they_are():
    """The text around them speaks of their numbers; a release without a roster has no others."""
    sources = [cell.source for cell in cells()]
    own = [cell for cell in cells() if cell.id.endswith("-beside")]
    course = [re.sub(r'own_seed\("\w+"\)', "1", cell.source.split("\n\n\n", 1)[1]) for cell in own]
    assert [source in sources for source in course] == [True] * 4
    without = cells(notebooks.make_notebooks(ROOT, PLAN))
    assert [cell.source for cell in without] == [
        cell.source for cell in cells() if not cell.id.endswith(("-test", "-beside"))
    ]


def test_a_cell_that_prints_both_versions_stands_for_itself():
    """It needs the imports of the chapter, and no other cell."""
    for cell in cells(make_all(own=True)):
        if cell.id.endswith("-beside"):
            _, test, _ = ast.parse(cell.source).body
            needed = find_needed(ast.unparse(test)) - set(dir(builtins))
            assert needed <= {"np", "rnn", "lstm", "own_seed"}


def test_only_cells_that_a_withheld_function_can_end_are_tagged():
    sources = {
        "x = np.ones(3)": False,
        "a, c = lstm.lstm_forward(x)": True,
        "print(a + x)": True,
        "print(x)": False,
        "check(lstm_forward)": False,
        "def read(text):\n    return lstm_forward(text)": True,
        "seen = read('a')": True,
    }
    made = [nbformat.v4.new_code_cell(source) for source in sources]
    notebooks.tag_cells(made, {"lstm_forward"})
    assert {cell.source: "tags" in cell.metadata for cell in made} == sources

    assert all(cell.metadata.get("tags", [notebooks.MAY_END]) == [notebooks.MAY_END] for cell in cells())
    for cell in cells():
        if "exercise" in cell.metadata or kernels.list_checked(cell.source):
            assert "tags" not in cell.metadata
        elif cell.cell_type == "code" and re.search(r"\blstm\.lstm_", cell.source):
            assert "tags" in cell.metadata


def test_tags_that_a_cell_has_already_stay():
    made = notebooks.make_notebooks(ROOT, notebooks.plan_release(ROOT, ["08"]))
    tags = [cell.metadata.tags for cell in cells(made) if "tags" in cell.metadata]
    assert ["nbval-ignore-output", notebooks.MAY_END] in tags


def test_what_reaches_a_withheld_function_is_found_through_others():
    reached = notebooks.find_callers(ROOT, ("softmax",))
    assert {"softmax", "rnn_cell_forward", "rnn_forward", "cell_step", "sample"} <= reached
    assert "one_hot" not in reached and "clip" not in reached


def test_an_exercise_without_its_check_is_refused():
    made = [cell for cell in cells() if not cell.source.startswith("check(lstm_forward)")]
    with pytest.raises(Refusal) as refused:
        notebooks.mark_graded(made, PLAN.exercises[1])
    assert str(refused.value) == ("04_lstm_forward.py: 0 cells are `check(lstm_forward)`, and one is needed.")
