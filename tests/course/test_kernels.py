"""What notebooks print is looked at and stored in a form that is the same everywhere and every time."""

from nbformat.v4 import new_code_cell, new_notebook, new_output

from tools.course import chapters, kernels, pairs


def cell(source, text="", **metadata):
    """Return a code cell that has printed some text."""
    outputs = [new_output("stream", name="stdout", text=text)] if text else []
    return new_code_cell(source, outputs=outputs, metadata=metadata)


def test_only_checks_of_functions_count():
    assert kernels.list_checked("check(halve)\nprint(check(third, 'half'))") == {"halve", "third"}
    assert kernels.list_checked("# check(halve)\ncheck('halve')\nself.check(halve)\ncheck()") == set()
    assert kernels.list_checked("%timeit check(halve)") == set()


def test_every_exercise_needs_a_check_that_says_not_attempted():
    cells = [
        cell("def halve(x): ...", exercise="halve"),
        cell("def third(x): ...", exercise="third"),
        cell("def quarter(x): ...", exercise="quarter"),
        cell("check(halve)", "halve: not attempted"),
        cell("check(third)", "third: passed"),
        cell("check(elsewhere)", "elsewhere: wrong"),
    ]
    assert kernels.list_unanswered(cells) == [
        "cell [5] `check(third)`: it does not say `not attempted`",
        "the exercise quarter has no check",
    ]


def test_a_cell_that_is_no_python_checks_nothing():
    assert kernels.list_checked("check(halve) \0") == kernels.list_checked("(" * 10_000) == set()


def test_a_notebook_that_cannot_be_read_is_a_problem_and_runs_nothing(tmp_path):
    (tmp_path / "x.ipynb").touch()
    (tmp_path / "y.ipynb").mkdir()
    assert kernels.run_all([tmp_path / "x.ipynb", tmp_path / "y.ipynb"], 5, tmp_path) == [
        "x.ipynb is empty",
        "y.ipynb cannot be read: Is a directory",
    ]


def test_paths_of_this_machine_are_noticed(tmp_path):
    cells = [
        cell("print(1)", "1"),
        cell("print(here)", f"{tmp_path}/x.py"),
        cell("warn()", "/a/ipykernel_1/2.py"),
    ]
    assert [problem.split(":")[0] for problem in kernels.list_paths(cells, tmp_path)] == [
        "cell [2] `print(here)`",
        "cell [3] `warn()`",
    ]


def test_what_differs_from_run_to_run_is_not_stored(tmp_path):
    widget = {"text/plain": "100%", "application/vnd.jupyter.widget-view+json": {"model_id": "random"}}
    outputs = [
        new_output("execute_result", data={"text/plain": "1"}, execution_count=77),
        new_output("display_data", data=widget),
        new_output("error", ename="KeyError", evalue="'a'", traceback=["File /home/someone/x.py"]),
    ]
    notebook = new_notebook(cells=[new_code_cell("x", outputs=outputs, execution_count=3)])
    kernels.store(tmp_path / "x.ipynb", notebook)
    stored = chapters.read_notebook(pairs.read(tmp_path / "x.ipynb"), ".ipynb").cells[0].outputs
    assert stored[0].execution_count == 3
    assert stored[1].data == {"text/plain": "100%"}
    assert stored[2].traceback == ["KeyError: 'a'"]


def test_an_unchanged_notebook_is_not_written_again(tmp_path):
    notebook = new_notebook(cells=[cell("print(1)", "1")])
    path = tmp_path / "x.ipynb"
    kernels.store(path, notebook)
    written = path.stat().st_mtime_ns
    kernels.store(path, notebook)
    assert path.stat().st_mtime_ns == written
