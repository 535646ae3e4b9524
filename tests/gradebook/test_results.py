"""Result files are read as they are or refused in a sentence; nothing that stands in them can act."""

import copy
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqgrad.check import Verdict, check
from seqgrad.check.exercises import list_exercises
from tests import results as made
from tests.learners import mistakes
from tools.gradebook import results


def read(folder, data):
    """Return the Result for what a file holds."""
    path = folder / "anna.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return results.read_result(path)


@pytest.mark.parametrize(
    "slip", ["sigmoid_hidden", "v3_expected_output", "elementwise_product", "both_views"]
)
def test_a_verdict_survives_the_way_through_a_file(slip):
    verdict = check(mistakes.load(slip))
    again = Verdict.from_dict(json.loads(json.dumps(verdict.to_dict())))
    assert again == verdict
    assert str(again) == str(verdict)
    assert again._repr_html_() == verdict._repr_html_()


def test_a_result_is_read_as_it_was_written(tmp_path):
    result = read(tmp_path, made.of("anna", "gates_swapped", notes=["One."], unsafe=True))
    assert (result.stem, result.student, result.notes, result.unsafe) == ("anna", "anna", ("One.",), True)
    assert [one.name for one in result.exercises] == list(made.POINTS)
    assert [one.outcome for one in result.exercises] == ["wrong", "passed", "passed", "passed"]
    assert result.exercises[0].verdict == check(mistakes.load("gates_swapped"))


def test_totals_are_sums_of_hundredths_in_any_order(tmp_path):
    """Added as binary numbers, 0.1, 0.2 and 0.3 give another sum forwards than backwards."""
    data = made.of("anna")
    for part, score in zip(data["exercises"], (0.1, 0.2, 0.3, 1.005), strict=True):
        part["score"] = score
    data["score"] = 1.61
    forwards = read(tmp_path, data)
    data["exercises"].reverse()
    assert (forwards.score, read(tmp_path, data).score) == (161, 161)
    assert (results.to_decimals(161), results.to_points(161), results.to_points(1500)) == (
        "1.61",
        "1.61",
        "15",
    )


@pytest.mark.parametrize(
    ("number", "cents"), [(11.25, 1125), (1.005, 101), (0.125, 13), (20, 2000), (0.1 + 0.2, 30), (2.675, 268)]
)
def test_points_are_rounded_half_up_from_the_digits_that_stand_there(number, cents):
    assert results.to_hundredths(number) == cents


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda data: json.dumps(data)[:-9], "it is broken off or no JSON (line 1)"),
        (lambda data: "", "it is broken off or no JSON (line 1)"),
        (lambda data: "[" * 100_000, "it is nested too deeply"),
        (lambda data: [], "its parts are not those of a result of grade"),
        (lambda data: data.pop("exercises") and data, "it has no exercises"),
        (lambda data: data | {"student": " "}, "it does not say whose it is"),
        (lambda data: data | {"student": 7}, "its parts are not those of a result of grade"),
        (lambda data: data | {"score": 11.5}, "its score is 11.5, but its exercises add up to 75"),
        (lambda data: data | {"score": "many"}, "'many' is no number of points"),
        (lambda data: data | {"score": float("nan")}, "nan is no number of points"),
    ],
)
def test_what_is_no_result_is_refused_in_a_sentence(tmp_path, change, sentence):
    with pytest.raises(ValueError) as refused:
        read(tmp_path, change(made.of("anna")))
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("outcome", "fine", "lstm_cell_forward is said to be 'fine', which is no outcome"),
        ("score", 16, "lstm_cell_forward has 16 of 15 points"),
        ("score", -1, "lstm_cell_forward has -1 of 15 points"),
        ("verdict", {"exercise": "x"}, "it has no outputs"),
        ("stderr", None, "its parts are not those of a result of grade"),
        (
            "printed",
            [{"what": "a", "yours": 1, "expected": "1"}],
            "its parts are not those of a result of grade",
        ),
    ],
)
def test_an_exercise_that_cannot_be_is_refused_in_a_sentence(tmp_path, key, value, sentence):
    data = made.of("anna")
    data["exercises"][0][key] = value
    with pytest.raises(ValueError) as refused:
        read(tmp_path, data)
    assert str(refused.value) == sentence


def test_a_damaged_result_is_read_or_refused_and_never_stops_the_others(tmp_path):
    """One value after the other is exchanged for something else, wherever it stands."""
    whole = made.of("anna", "carried_accumulate", "cache_order")
    rng = random.Random(0)
    for _ in range(400):
        data = copy.deepcopy(whole)
        place = data
        while isinstance(place, dict | list) and place:
            key = rng.choice(list(place) if isinstance(place, dict) else range(len(place)))
            if not isinstance(place[key], dict | list) or rng.random() < 0.2:
                place[key] = rng.choice([None, 0, -3, 1e300, "x", "", [], {}, [[1]], {"name": 1}, True])
                break
            place = place[key]
        try:
            result = read(tmp_path, data)
        except ValueError as error:
            assert "\n" not in str(error)
        else:
            from tools.gradebook import feedback, gradescope, overview, table

            for form in (feedback.to_html, gradescope.write_result, table.list_values, overview.keep):
                form(result)


@given(st.text(), st.integers(1, 50))
def test_a_legible_text_has_nothing_unseen_and_is_short(text, longest):
    shown = results.clean_text(text, longest)
    assert not results.UNSEEN.search(shown)
    assert results.clean_text(shown, 10_000) == shown
    shown.encode()
    if len(text) > longest:
        assert shown.endswith(f"… ({len(text) - longest:,} more characters)")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07x", "x"),
        ("a\u202etxt.exe", "a<U+202E>txt.exe"),
        ("tab\tand\nline\r\n", "tab\tand\nline\n"),
        ("\x00\x07\x9b", "<U+0000><U+0007><U+009B>"),
        ("\ud800", "<U+D800>"),
        ("Öykü, Ōe, 李, 👩\u200d💻", "Öykü, Ōe, 李, 👩\u200d💻"),
    ],
)
def test_commands_to_a_terminal_go_and_unseen_characters_are_named(text, shown):
    assert results.clean_text(text, 100) == shown


def test_the_course_has_points_for_what_the_samples_are_made_of():
    assert set(made.POINTS) <= {exercise.name for exercise in list_exercises()}
