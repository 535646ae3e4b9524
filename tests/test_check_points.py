"""A verdict is worth points: in words for a person, as a bare number for nbgrader."""

import pytest

from seqgrad.check import Output, Verdict, check

OUTPUTS = (Output("a", True), Output("b", False, "value"), Output("c", True))


@pytest.mark.parametrize(
    ("verdict", "earned", "number"),
    [
        (Verdict("softmax", "passed", "", OUTPUTS[:1]), 10, "10"),
        (Verdict("softmax", "not attempted"), 0, "0"),
        (Verdict("softmax", "raised", "softmax"), 0, "0"),
        (Verdict("softmax", "wrong", "softmax", OUTPUTS), 6.67, "6.67"),
        (Verdict("softmax", "wrong", "softmax", OUTPUTS[:2]), 5, "5"),
    ],
)
def test_points_are_the_share_of_the_right_outputs_in_hundredths(verdict, earned, number):
    points = verdict.points(10)
    assert points.earned == earned
    assert repr(points) == number and float(repr(points)) == earned
    assert str(points) == f"{verdict}\n{number} of 10 points"


def test_in_a_notebook_the_card_of_the_verdict_stands_above_the_points():
    verdict = check(lambda x: x, "softmax")
    html = verdict.points(5)._repr_html_()
    assert html.startswith(verdict._repr_html_()) and "0 of 5 points" in html
