"""Intermediate results are compared in the order in which they are derived; the first wrong one is named."""

import numpy as np
import pytest

from seqgrad.check import check, example, front
from tests.learners import TEXTS, notebook


def step():
    """Return what an LSTM's step back begins with, by name."""
    da_next, dc_next, cache = example("lstm_cell_backward")
    names = ("a_next", "c_next", "a_prev", "c_prev", "ft", "it", "cct", "ot", "xt", "parameters")
    return {"da_next": da_next, "dc_next": dc_next} | dict(zip(names, cache, strict=True))


def derive(text, **names):
    """Return what an expression gives on the example's arrays."""
    return eval(text, {"np": np}, step() | names)


DC = "dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)"


def test_right_intermediate_results_pass_before_there_is_a_function():
    dc = derive(DC)
    verdict = check("lstm_cell_backward", dc=dc, dzf=derive("dc * c_prev * ft * (1 - ft)", dc=dc))
    assert str(verdict) == "dc, dzf of lstm_cell_backward: passed"


@pytest.mark.parametrize(
    ("name", "text", "cause"),
    [
        ("dc", DC.replace("da_next * ot", "da_next"), "lacks the factor `ot`"),
        ("dc", DC.replace("dc_next + ", ""), "lacks the term `dc_next`"),
        ("dzi", f"({DC}) * cct", "the slope of the sigmoid, `it * (1 - it)`"),
        ("dit", f"({DC}) * c_prev * it * (1 - it)", "`c_prev` where it should have `cct`"),
    ],
)
def test_the_first_wrong_one_is_named_with_its_cause(name, text, cause):
    """The array that follows from it is wrong too, and is not told; the assignment's names are known."""
    wrong = derive(text)
    verdict = check("lstm_cell_backward", dconcat=step()["parameters"]["Wi"].T @ wrong, **{name: wrong})
    assert verdict.outcome == "wrong" and cause in verdict.cause
    assert f"`{name}` differs" in str(verdict) and "`dconcat`" not in str(verdict)


def test_what_is_no_intermediate_result_is_refused_in_a_sentence():
    verdict = check("rnn_cell_backward", dzz=np.zeros(3))
    assert verdict.outcome == "not attempted" and "it has `dz`, `dxt`" in str(verdict)
    assert "step to step" in str(check("rnn_backward", da_prevt=1.0))
    with pytest.raises(ValueError, match="no exercise is called rnn_sell"):
        example("rnn_sell")


def test_what_is_still_none_is_not_attempted_and_the_others_are_compared():
    verdict = check("lstm_cell_backward", dc=None, dzf=None)
    assert verdict.outcome == "not attempted" and "`dc`, `dzf` are still None" in str(verdict)
    verdict = check("lstm_cell_backward", dzi=None, dc=derive(DC))
    assert verdict.outcome == "passed" and verdict.remarks == ("`dzi` is still None.",)
    verdict = check("lstm_cell_backward", dzi=None, dc=step()["dc_next"])
    assert "the cell state lacks" in verdict.cause and "`dzi` is still None" in str(verdict)
    assert "lacks the factor `1 - it`" in check("lstm_cell_backward", dit=derive(f"({DC}) * cct * it")).cause


def test_a_mistake_is_looked_for_in_the_step_itself_first():
    """A wrong sign of dc would give the same dzf."""
    dc = derive(DC)
    dzf = derive("-dc * c_prev * ft * (1 - ft)", dc=dc)
    assert check("lstm_cell_backward", dc=dc, dzf=dzf).cause.startswith(
        "The forget gate's gradient has the opposite"
    )


def test_an_exercise_that_draws_has_none_to_compare():
    assert "it has none" in str(check("sample", p=np.ones(3)))


def test_the_example_belongs_to_who_asks():
    example("softmax")[0][:] = 0
    assert example("softmax")[0].any()


LAST = "return gradients"
RETURNS = (
    ("return gradients", 'return gradients, {"dz": dtanh}'),
    ("return gradients", 'return gradients | {"dz": dtanh}'),
)


@pytest.mark.parametrize("change", RETURNS)
@pytest.mark.parametrize(
    ("slip", "sentence"),
    [
        (("np.dot(dtanh, a_prev.T)", "np.dot(dtanh, a_prev.T) + np.eye(len(a_prev)) * a_prev.mean()"),
         "`dz` is right, so the mistake lies behind."),
        (("(1 - a_next**2)", "(1 - a_next**4 * a_prev)"), "`dz` is the first intermediate result"),
    ],
)  # fmt: skip
def test_a_function_may_return_them_too(change, slip, sentence):
    """In a dict behind its results, or in the dict of the gradients; without the slip it passes."""
    text = TEXTS["rnn_cell_backward"].replace(*change)
    assert text != TEXTS["rnn_cell_backward"]
    assert str(check(notebook(rnn_cell_backward=text)["rnn_cell_backward"])) == "rnn_cell_backward: passed"
    assert slip[0] in text
    text = text.replace(*slip)
    assert sentence in str(check(notebook(rnn_cell_backward=text)["rnn_cell_backward"]))


def test_behind_several_results_a_dict_is_no_value_too_many():
    text = TEXTS["rnn_cell_forward"].replace(
        "return a_next, yt_pred, cache", 'return a_next, yt_pred, cache, {"z": 1}'
    )
    assert str(check(notebook(rnn_cell_forward=text)["rnn_cell_forward"])) == "rnn_cell_forward: passed"


def test_a_release_says_that_it_cannot_compare_them(monkeypatch):
    monkeypatch.setattr(front, "is_release", lambda: True)
    assert "has no intermediate results" in str(check("rnn_cell_backward", dz=np.zeros((5, 7))))
