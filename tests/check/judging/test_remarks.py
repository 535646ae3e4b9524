"""What has passed may have a remark, which is no fault: full marks, one sentence."""

import json

import numpy as np
import pytest

import seqgrad
from seqgrad.check import Verdict, check
from seqgrad.check.exercises import list_exercises
from tests.learners import TEXTS, notebook
from tests.marks import sample

ADAM = TEXTS["update_parameters_with_adam"]
FIVE = ADAM.replace("return parameters, v, s", "return parameters, v, s, v_corrected, s_corrected")
SAMPLE = """
def sample(parameters, char_to_ix, seed):
    Waa, Wax, Wya = parameters["Waa"], parameters["Wax"], parameters["Wya"]
    by, b = parameters["by"], parameters["b"]
    vocab_size, n_a = by.shape[0], Waa.shape[1]
    x, a_prev = np.zeros((vocab_size, 1)), np.zeros((n_a, 1))
    indices, idx, counter = [], -1, 0
    while idx != char_to_ix["\\n"] and counter != 50:
        a = np.tanh(np.dot(Wax, x) + np.dot(Waa, a_prev) + b)
        y = softmax(np.dot(Wya, a) + by)
        np.random.seed(counter + seed)
        idx = np.random.choice(list(range(vocab_size)), p=y.ravel())
        indices.append(idx)
        x = np.zeros((vocab_size, 1))
        x[idx] = 1
        a_prev = a
        seed += 1
        counter += 1
    if counter == 50:
        indices.append(char_to_ix["\\n"])
    return indices
"""
CLIP = """
def clip(gradients, maxValue):
    dWaa, dWax, dWya = gradients["dWaa"], gradients["dWax"], gradients["dWya"]
    db, dby = gradients["db"], gradients["dby"]
    for gradient in [dWax, dWaa, dWya, db, dby]:
        np.clip(gradient, -maxValue, maxValue, out=gradient)
    return {"dWaa": dWaa, "dWax": dWax, "dWya": dWya, "db": db, "dby": dby}
"""


def changed(name, *changes):
    """Return a learner's function with some of its text changed."""
    text = TEXTS.get(name) or {"sample": SAMPLE, "clip": CLIP}[name]
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return notebook(**{name: text})[name]


def remarks(function, name=None):
    """Return the remarks on a function, which has passed, with all points and without a finding."""
    verdict = check(function, name)
    assert (verdict.outcome, verdict.culprit, verdict.findings, verdict.credit) == ("passed", "", (), 1.0)
    assert Verdict.from_dict(json.loads(json.dumps(verdict.to_dict()))) == verdict
    assert all(f"Remark: {remark}" in str(verdict) for remark in verdict.remarks)
    return " ".join(verdict.remarks)


@pytest.mark.parametrize("exercise", list_exercises(), ids=lambda exercise: exercise.name)
def test_the_right_function_has_no_remark(exercise):
    assert remarks(exercise.function) == ""


def test_values_behind_those_that_are_expected_are_accepted():
    """As today's version of the assignment returns the corrected averages, too."""
    said = "returned 5 values; the first 3 count: parameters, v, s."
    assert said in remarks(notebook(update_parameters_with_adam=FIVE)["update_parameters_with_adam"])
    for name in ("rnn_forward", "lstm_cell_forward", "cross_entropy_forward", "clip_by_global_norm"):
        function = getattr(seqgrad, name)
        assert "the first" in remarks(lambda *given, f=function: (*f(*given), "more"), name)


def test_a_mistake_is_found_beside_values_that_are_not_expected():
    text = FIVE.replace('np.sqrt(s_corrected["d" + k]) + epsilon', 'np.sqrt(s_corrected["d" + k] + epsilon)')
    verdict = check(notebook(update_parameters_with_adam=text)["update_parameters_with_adam"])
    assert (verdict.findings[0].subject, verdict.findings[0].exact) == ("epsilon", True)
    assert verdict.points(15).earned == 12.5


@pytest.mark.parametrize("place", sample(range(4), 4))
def test_values_before_those_that_are_expected_are_not(place):
    right = seqgrad.lstm_cell_forward
    wrong = check(lambda *given: (*right(*given)[:place], 0.5, *right(*given)[place:]), "lstm_cell_forward")
    assert (wrong.outcome, wrong.credit) == ("wrong", 0.0)


def test_a_sigmoid_that_overflows_or_loses_digits_passes_and_that_is_said():
    assert "Far from zero, NumPy warns: overflow encountered." in remarks(notebook()["sigmoid"])
    tanh = changed("sigmoid", ("1 / (1 + np.exp(-x))", "(1 + np.tanh(x / 2)) / 2"))
    assert "Far from zero, digits are lost: entry [0, 2] is 0, but exactly it is 4.248e-18." in remarks(tanh)
    quiet = changed("sigmoid", ("return", "with np.errstate(over='ignore'):\n        return"))
    assert remarks(quiet) == ""


def test_new_arrays_in_the_callers_dicts_pass_and_that_is_said():
    name = "update_parameters_with_adam"
    kept = changed(name, ("dict(parameters), dict(v), dict(s)", "parameters, v, s"))
    assert 'after the call `parameters["W1"]` is another array there' in remarks(kept)
    written = check(changed(name, ("parameters[k] = parameters[k] -", "parameters[k] -=")))
    assert written.outcome == "wrong" and written.findings[0].kind == "argument changed"
    assert (
        'the argument `parameters["W1"]` is changed in place: after the call, the caller\'s own array'
        in str(written)
    )


def test_clip_passes_as_the_assignment_has_it():
    """With one bias called `db`, in place; what it changes is said."""
    assert 'after the call `gradients["dWax"]` has lost the values that it had.' in remarks(changed("clip"))
    wrong = check(changed("clip", ("-maxValue", "0")))
    assert wrong.outcome == "wrong" and "`dWax` differs" in str(wrong)
    assert check(changed("clip", ('gradients["db"]', 'gradients["dbb"]'))).outcome == "raised"


def test_sample_passes_as_the_assignment_has_it():
    assert "It has the assignment's interface" in remarks(changed("sample"))


@pytest.mark.parametrize(
    "change",
    [
        ("np.random.choice(list(range(vocab_size)), p=y.ravel())", "int(y.argmax())"),
        ("np.random.choice(list(range(vocab_size)), p=y.ravel())", "np.random.choice(vocab_size)"),
        ("a_prev = a\n", "a_prev = 0 * a\n"),
        ("x[idx] = 1", "pass"),
        (" + b)", ")"),
        (" + by", ""),
        ("counter != 50", "counter != 60"),
    ],
)
def test_a_mistake_in_the_assignments_sample_is_found(change):
    assert check(changed("sample", change)).outcome == "wrong"


def test_warnings_of_the_right_function_are_no_remark():
    """Only what the learner could do without is worth one."""
    assert "NumPy" not in remarks(
        lambda x: np.where(x.real < 0, 1 - seqgrad.sigmoid(-x), seqgrad.sigmoid(x)), "sigmoid"
    )
