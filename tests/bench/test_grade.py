"""What `bench grade` measures is what it says: correct submissions, all of them different; all processes."""

import ast
import inspect
import itertools
import sys

import pytest

from seqgrad import activations
from seqgrad.check.reading.stub import cut_function, shorten_docstring
from tests import hostile
from tests.learners import manners
from tests.marks import sample
from tools import Refusal
from tools.bench import grade as bench_grade
from tools.course.chapters import exercises
from tools.grade.collect import collect


def test_what_is_handed_in_is_the_solution_and_no_two_are_the_same(tmp_path):
    submissions = collect(bench_grade.hand_in(tmp_path / "submissions", 3, ["01"]))
    assert len({submission.digest() for submission in submissions}) == 3
    source = cut_function(inspect.getsource(activations), "softmax")
    solution = ast.unparse(ast.parse(shorten_docstring(source)))
    for submission in submissions:
        (content,) = submission.read().values()
        cells = [cell["source"] for cell in bench_grade.json.loads(content)["cells"]]
        (cell,) = (cell for cell in cells if "def softmax(" in cell)
        assert ast.unparse(ast.parse(cell)) == solution


def test_a_run_counts_the_time_and_the_memory_of_all_its_processes(tmp_path):
    burn = "import time; held = bytearray(10**8)\nwhile time.process_time() < 1.2: pass"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}]); print('done')"
    run = bench_grade.measure_command([sys.executable, "-c", code], tmp_path)
    assert run.words == "done\n"
    assert 1 <= run.cpu <= run.seconds + 0.2
    assert run.bytes >= 10**8


def test_a_run_that_fails_ends_the_measurement(tmp_path):
    with pytest.raises(Refusal, match="ended with 3: no more"):
        bench_grade.measure_command([sys.executable, "-c", "print('no more'); exit(3)"], tmp_path)


@pytest.mark.parametrize(("scores", "right"), [([5, 5], True), ([5, 4], False), ([5], False)])
def test_results_are_counted_and_have_to_have_full_marks(scores, right, tmp_path, capsys):
    for number, score in enumerate(scores):
        (tmp_path / f"s{number}.json").write_text(f'{{"score": {score}, "points": 5}}')
    assert bench_grade.check_results(tmp_path, 2) is right
    assert bool(capsys.readouterr().out) is not right


def test_what_a_hostile_function_may_get_follows_from_what_may_come_of_it():
    rows = {row.name: bench_grade.list_expected(row) for row in hostile.HOSTILE}
    assert rows["endless loop"] == {"raised"}
    assert rows["patches NumPy"] == {"wrong"}
    assert rows["kills itself"] == {"passed", "raised"}


SAMPLE = [
    (manner, work) for manner, work in zip(manners.MANNERS, itertools.cycle(manners.WORKS), strict=False)
]


@pytest.mark.parametrize("pair", sample(SAMPLE, 4), ids=lambda pair: f"{pair[0].__name__}-{pair[1]}")
def test_work_in_each_manner_is_read_by_check(pair, tmp_path):
    """All work in all manners, by grade as well, is for `bench grade`."""
    manner, work = pair
    texts, outcomes = manners.WORKS[work]
    for name, content in manner(texts).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    asked = tuple(one for one in exercises(bench_grade.ROOT) if one.name in manners.ASKED)
    assert bench_grade.check_outcomes(tmp_path, asked) == outcomes
