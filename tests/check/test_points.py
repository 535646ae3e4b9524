"""A verdict is worth points: in words for a person, as a bare number for nbgrader."""

import inspect

import numpy as np
import pytest

from seqgrad import rnn
from seqgrad.check import Verdict, check


@pytest.mark.parametrize(
    ("credit", "earned", "number"), [(1.0, 10, "10"), (0.0, 0, "0"), (2 / 3, 6.67, "6.67"), (0.5, 5, "5")]
)
def test_points_are_a_share_in_hundredths(credit, earned, number):
    verdict = Verdict("softmax", "wrong", credit=credit)
    points = verdict.points(10)
    assert points.earned == earned
    assert repr(points) == number and float(repr(points)) == earned
    assert str(points) == f"{verdict}\n{number} of 10 points"


@pytest.mark.parametrize(
    ("function", "credit"),
    [
        (rnn.rnn_cell_forward, 1.0),
        (lambda xt, a_prev, parameters: None, 0.0),
        (lambda xt, a_prev, parameters: 1 / 0, 0.0),
        (lambda *given: (1.0, *rnn.rnn_cell_forward(*given)[1:]), 2 / 3),
        (lambda *given: rnn.rnn_cell_forward(*given)[:2] + (None,), 2 / 3),
    ],
)
def test_the_credit_of_a_function_is_the_share_of_its_outputs_that_are_right(function, credit):
    assert check(function, "rnn_cell_forward").credit == pytest.approx(credit)


def test_a_function_that_is_right_alone_has_its_credit_whatever_feeds_it():
    """The mistake of a helper costs the helper's points, and is told at the function all the same."""
    home = {"np": np}
    texts = [inspect.getsource(inspect.unwrap(one)) for one in (rnn.rnn_cell_forward, rnn.rnn_forward)]
    wrong = texts[0].replace("Waa @ a_prev + ba", "Waa @ a_prev")
    exec("\n".join(["from seqgrad import softmax", *map(undecorated, (wrong, texts[1]))]), home)
    verdict = check(home["rnn_forward"])
    assert (verdict.outcome, verdict.culprit, verdict.credit) == ("passed", "rnn_cell_forward", 1.0)


def undecorated(text):
    """Return the text of a function from its `def` on."""
    return text[text.index("def ") :]


def test_in_a_notebook_the_card_of_the_verdict_stands_above_the_points():
    verdict = check(lambda x: x, "softmax")
    html = verdict.points(5)._repr_html_()
    assert html.startswith(verdict._repr_html_()) and "0 of 5 points" in html
