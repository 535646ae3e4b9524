"""The test cell below an exercise: its record says what the chapter draws and prints."""

import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

import seqgrad
from seqgrad.check.exercises import list_exercises
from seqgrad.check.exercises.testcell import Field, answer_test, draw_inputs, list_fields, name_outputs
from seqgrad.check.naming.fields import read_fields

TESTED = [exercise for exercise in list_exercises() if exercise.test]
each_tested = pytest.mark.parametrize("exercise", TESTED, ids=lambda exercise: exercise.name)


@pytest.fixture(scope="module")
def outputs():
    """Return for each exercise what the solutions print between it and the next one."""
    texts, current = defaultdict(str), None
    solutions = Path(seqgrad.__file__).parents[1] / "notebooks" / "solutions"
    for path in sorted(solutions.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            current = cell["metadata"].get("exercise", current)
            for output in cell.get("outputs", ()):
                text = output.get("text") or output.get("data", {}).get("text/plain", "")
                texts[current] += "".join(text) + "\n"
    return texts


@each_tested
def test_the_record_lists_what_the_solution_prints_and_the_numbers_are_right(exercise, outputs):
    right = answer_test(exercise)
    printed = [field for field in read_fields(outputs[exercise.name]) if field.pick(right) is not None]
    labels = dict.fromkeys(field.label for field in printed)
    assert list(labels) == [field.label for field in list_fields(exercise)]
    assert all(field.is_print_of(right) for field in printed)


@each_tested
def test_a_seed_gives_other_numbers_of_the_same_shapes(exercise):
    (*_, parameters), arriving = draw_inputs(exercise)
    (*_, others), more = draw_inputs(exercise, 2)
    assert parameters.keys() == others.keys() and len(arriving) == len(more)
    drawn = [name for name in parameters if name not in exercise.test.given]
    assert all(parameters[name].shape == others[name].shape for name in parameters)
    assert not any(np.array_equal(parameters[name], others[name]) for name in drawn)


def test_a_field_that_is_not_there_is_none():
    outputs = {"a": np.ones((2, 3)), "caches": ([np.ones(2)], None)}
    assert Field("a", (1, 2)).pick(outputs) == 1 and Field("a", of="shape").pick(outputs).tolist() == [2, 3]
    assert Field("caches", of="len").pick(outputs) == 2
    for missing in (Field("b"), Field("a", (2,)), Field("a", (0, 0, 0)), Field("caches", (1,), "shape")):
        assert missing.pick(outputs) is None


@pytest.mark.parametrize("returned", [None, 3, (1,), {"x": 1}, [1, 2, 3, 4, 5]])
def test_what_has_no_names_has_none(returned):
    forward = next(exercise for exercise in TESTED if exercise.names)
    assert name_outputs(forward, returned) == {}
