"""What stands in for a function in a release: it answers what was recorded, then the learner's own."""

import numpy as np
import pytest

from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.learner import Learner
from seqgrad.check.released import front, stand_in
from seqgrad.check.verdict import Verdict

X, PARAMETERS = np.arange(3.0), {"W": np.eye(3)}


@pytest.fixture
def answers(monkeypatch):
    """Return what a release holds, to be filled."""
    held = {"answers": {}, "intermediates": {}}
    monkeypatch.setattr(stand_in, "read_answers", lambda: held)
    monkeypatch.setattr(front, "find_own", lambda name, kind: 5)
    return held["answers"]


@pytest.fixture
def layer(answers):
    """Return a function that is withheld, with an answer recorded for X."""

    def layer(x, parameters, scale=2.0):
        if x.ndim != 1:
            raise ValueError("x has to be a vector")

    answers[stand_in.make_key(layer, (X, PARAMETERS, 2.0))] = {
        "value": {"out": 2 * X, "cache": (0, [None, None]), "none": None},
        "given": [(("cache", 1, 0), (0,)), (("cache", 1, 1), (1, "W")), (("none",), (1,))],
    }
    return stand_in.stand_in("2.1")(layer)


def test_what_was_recorded_is_answered_however_it_is_passed_and_may_be_changed(layer):
    for answer in (layer(X, PARAMETERS), layer(parameters=PARAMETERS, x=X, scale=2.0)):
        assert answer["out"].tolist() == [0, 2, 4] and answer["cache"][0] == 0
        answer["out"][0] = 7  # the next answer is as it was


def test_the_arguments_themselves_stand_where_the_right_function_puts_them(layer):
    answer = layer(X, PARAMETERS)
    assert answer["cache"][1][0] is X and answer["cache"][1][1] is PARAMETERS["W"]
    assert answer["none"] is PARAMETERS


def test_what_was_not_recorded_is_asked_of_the_learners_version_once_it_has_passed(layer):
    sentence = (
        "layer is yours to write, in exercise 2.1: this release has no copy of it, and goes on with yours as "
        "soon as check(layer) has passed."
    )
    with pytest.raises(stand_in.Withheld) as refused:
        layer(X, PARAMETERS, scale=3.0)
    assert refused.value._render_traceback_() == [str(refused.value)] == [sentence]
    layer.learned = lambda x, parameters, scale: ("mine", scale)
    assert layer(X, PARAMETERS, scale=3.0) == ("mine", 3.0)
    assert layer(X, PARAMETERS)["out"].tolist() == [0, 2, 4]


def test_what_the_right_function_refuses_is_refused(layer):
    layer.learned = lambda *given: "mine"
    with pytest.raises(ValueError, match="x has to be a vector"):
        layer(np.eye(3), PARAMETERS)


def test_nothing_is_answered_while_it_is_shut(layer):
    layer.learned = mine = lambda *given: "mine"
    for _ in range(2):
        with pytest.raises(stand_in.Withheld), layer.shut():
            layer(X, PARAMETERS)
        assert layer.learned is mine and layer(X, PARAMETERS)["out"].tolist() == [0, 2, 4]


def test_where_there_is_no_release_there_are_no_answers(tmp_path, monkeypatch):
    monkeypatch.setattr(stand_in, "ANSWERS", tmp_path / "none")
    assert stand_in.read_answers.__wrapped__() == {"answers": {}, "intermediates": {}}


# The check in a release.


def judge_as(outcome):
    """Return a diagnosis that has one outcome for everything, and a list of what it was asked."""
    asked = []

    def diagnose(learner, find_causes, salt):
        asked.append((learner.exercise.name, salt))
        return Verdict(learner.exercise.name, outcome)

    return diagnose, asked


def test_a_check_of_the_stand_in_itself_says_what_it_is(layer):
    exercise = Exercise("layer", layer, [(X, PARAMETERS)])
    verdict = front.check_in_release(Learner(layer, exercise), None)
    assert verdict.outcome == "not attempted"
    assert "This is seqgrad's placeholder for `layer`. Run the cell in which you define your own" in str(
        verdict
    )


def test_without_recorded_numbers_there_is_nothing_to_compare_with(layer):
    exercise = Exercise("layer", layer, [(X, PARAMETERS), (2 * X, PARAMETERS)])
    verdict = front.check_in_release(Learner(lambda x, parameters: x, exercise), None)
    assert verdict.outcome == "not attempted"
    assert "This release has no numbers to compare layer with." in str(verdict)


@pytest.mark.parametrize(("outcome", "learns"), [("passed", True), ("wrong", False), ("raised", False)])
def test_a_stand_in_goes_on_with_a_function_that_has_passed(layer, outcome, learns):
    diagnose, asked = judge_as(outcome)
    learner = Learner(lambda x, parameters: x, Exercise("layer", layer, [(X, PARAMETERS)]))
    assert front.check_in_release(learner, diagnose).outcome == outcome
    assert (layer.learned is learner.function) is learns and asked == [("layer", 5)]


def test_a_function_that_is_not_withheld_is_judged_as_in_the_course():
    diagnose, asked = judge_as("passed")
    learner = Learner(np.negative, Exercise("up", np.negative, [(X,)]))
    assert front.check_in_release(learner, diagnose).outcome == "passed" and asked == [("up", None)]


@pytest.mark.parametrize("learned", [None, abs])
def test_the_learners_helpers_are_checked_first_unless_they_have_passed(layer, learned):
    diagnose, asked = judge_as("passed")
    helper = Exercise("layer", layer, [(X, PARAMETERS)])
    whole = Exercise("whole", lambda x: x, [(X,)], helpers=(helper, abs))
    home = {}
    exec("def layer(x, parameters): return x\n\n\ndef whole(x): return layer(x, {}), abs(x)\n", home)
    layer.learned = learned
    front.check_in_release(Learner(home["whole"], whole), diagnose)
    assert [name for name, _ in asked] == ["whole"] if learned else ["layer", "whole"]
    assert layer.learned is (learned or home["layer"])
