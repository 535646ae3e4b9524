"""The way of a check: whose mistake it is, and that a fault of the check is told, not swallowed."""

import numpy as np
import pytest

from seqgrad.check import check
from seqgrad.check.diagnose import diagnose
from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.learner import Learner
from seqgrad.check.naming import search
from seqgrad.check.naming.causes import find_causes
from tests.learners import TEXTS, mistakes, notebook
from tests.marks import sample

NESTED = []
NESTED.append(NESTED)
ODD = {
    "text": "text",
    "a number": 3.0,
    "an empty dict": {},
    "an empty tuple": (),
    "what is in no dict": {"dx": "text", "dxt": [1, 2], "dWf": None, "dba": 3, "da0": {}, "dz": NESTED},
    "things of other kinds": ("text", None, {}, np.array([None]), len),
    "nested in itself": NESTED,
    "complex numbers": np.ones((5, 7)) * 1j,
    "whole numbers": np.ones((5, 7), dtype=int),
    "nan": np.full((5, 7), np.nan),
    "nothing": np.zeros((0, 7)),
    "a matrix of objects": np.full((5, 7), None),
    "lists of lists": [[1.0, 2.0], [[3.0]]],
}


@pytest.mark.parametrize(
    "exercise", sample(["sigmoid", "lstm_forward", "rnn_backward", "lstm_cell_backward", "sample"], 4)
)
def test_whatever_is_returned_has_its_verdict_and_no_search_fails_on_it(exercise, monkeypatch):
    """Of the search only its beginning, which sees every one of these values."""
    monkeypatch.setattr(search, "SECONDS", 0.0)
    monkeypatch.setattr(search, "MORE_SECONDS", 0.0)
    for returned in ODD.values():
        for form in (returned, (returned,) * 4, {"dx": returned}):
            verdict = check(lambda *given, form=form: form, exercise)
            assert verdict.outcome in ("wrong", "raised", "not attempted") and not verdict.fault


def test_a_search_that_fails_is_told_and_what_was_measured_stays():
    def fail(trial, probes):
        raise KeyError("x")

    exercise = find_exercise("rnn_cell_backward")
    learner = Learner(mistakes.load("plus"), exercise)
    verdict, whole = diagnose(learner, fail), diagnose(learner, find_causes)
    assert verdict.fault == "No cause could be looked for: KeyError: 'x'"
    assert (verdict.outcome, verdict.outputs, verdict.credit) == (whole.outcome, whole.outputs, whole.credit)
    assert not verdict.findings[0].exact and verdict.to_dict()["fault"] == verdict.fault
    assert str(verdict).splitlines()[-1] == verdict.fault and not whole.fault


@pytest.mark.parametrize(
    ("exercise", "above", "changes", "sentence"),
    [
        ("sigmoid", "x = np.ones((5, 7))", [("(x)", "(z)", 1)], "`x` is read from the notebook"),
        (
            "rnn_cell_backward",
            "a_next = np.ones((5, 7))",
            [("(a_next, a_prev", "(_, a_prev", 1)],
            "`a_next` is read from the notebook",
        ),
        (
            "lstm_cell_backward",
            "Wf = Wi = np.ones((5, 8))",
            [('parameters["Wf"]', "Wf", 9), ('parameters["Wi"]', "Wi", 9)],
            "`Wf`, `Wi` are read from the notebook",
        ),
    ],
)
def test_what_is_read_from_the_notebook_is_told(exercise, above, changes, sentence):
    text = TEXTS[exercise]
    for before, after, count in changes:
        assert before in text
        text = text.replace(before, after, count)
    verdict = check(notebook(**{exercise: above + "\n" + text})[exercise])
    assert verdict.outcome == "wrong" and sentence in str(verdict) and verdict.findings[0].exact


OFFICIAL = TEXTS["softmax"].replace("np.max(x, axis=0)", "np.max(x)")
C_IS_A0 = TEXTS["lstm_forward"].replace("c_next = np.zeros((n_a, m))", "c_next = a0")


@pytest.mark.parametrize("exercise", ["lstm_forward", "lstm_backward", "rnn_backward", "lstm_cell_backward"])
def test_a_helper_that_changes_nothing_is_not_accused(exercise):
    """The assignment's softmax is wrong for columns far apart; no state and no gradient depends on it."""
    verdict = check(notebook(softmax=OFFICIAL)[exercise])
    assert (str(verdict), verdict.culprit) == (f"{exercise}: passed", "")


def test_a_suspect_matters_only_if_exchanging_it_mends_the_result():
    """With a wrong forward pass beside it the assignment's softmax is as innocent as without."""
    names = notebook(softmax=OFFICIAL, lstm_forward=C_IS_A0)
    verdict = check(names["lstm_backward"])
    assert (verdict.outcome, verdict.culprit) == ("passed", "lstm_forward")
    assert "it has to start at zero" in str(verdict) and "softmax" not in str(verdict)
    wrong = notebook(softmax=TEXTS["softmax"].replace("sum(axis=0)", "sum()"), lstm_forward=C_IS_A0)
    assert check(wrong["lstm_cell_forward"]).culprit == "softmax"


def test_of_two_mistakes_in_what_feeds_a_function_one_is_told():
    wrong = TEXTS["lstm_cell_backward"].replace("(1 - np.square(cct))", "(1 - cct)")
    verdict = check(notebook(lstm_forward=C_IS_A0, lstm_cell_backward=wrong)["lstm_backward"])
    assert verdict.outcome == "passed" and verdict.culprit in ("lstm_forward", "lstm_cell_backward")


@pytest.mark.parametrize("identity", sample(["c_view", "both_views", "gates_swapped", "axis1"], 4))
def test_one_mistake_costs_one_exercise(identity):
    """Whatever it feeds is right alone: told there, and charged where it was made."""
    wrong = mistakes.MISTAKES[identity][0]
    names = notebook(**{wrong: mistakes.text(identity)})
    for exercise in list_exercises():
        if exercise.name in names and find_exercise(wrong) in exercise.stands_on:
            verdict = check(names[exercise.name])
            assert verdict.outcome == "passed" and verdict.credit == 1.0 and verdict.culprit in ("", wrong)
