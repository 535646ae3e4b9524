"""A test's lines for two versions of a function stand side by side, and what differs is marked."""

import numpy as np
import pytest

from seqgrad.check import beside
from seqgrad.check.equality import close_lines


def test_cell(double):
    """Print as the test cells of the assignment do."""
    np.random.seed(7)  # noqa: NPY002
    x = np.random.randn(3)  # noqa: NPY002
    y = double(x)
    print("y =", y)
    print("y.shape =", y.shape)
    print(f"y[1] = {y[1]:.8f}")


test_cell.__test__ = False


def double(x):
    return 2 * x


def halve(x):
    return x / 2


def unfinished(x):
    return None  # as a stub does


def test_a_function_that_is_right_has_every_line_once():
    text = repr(beside(test_cell, double, double))
    assert text.splitlines()[0] == "double: 3 of 3 lines are as expected."
    assert "≠" not in text and text.count("y.shape = (3,)") == 1


def test_what_differs_stands_above_what_is_expected():
    lines = repr(beside(test_cell, double, halve)).splitlines()
    assert lines[0] == "halve: 1 of 3 lines are as expected."
    assert lines[-2:] == ["  ≠ y[1] = -0.23296869", "    y[1] = -0.93187474  is expected"]


def test_a_function_that_is_not_finished_leaves_what_is_expected():
    text = repr(beside(test_cell, double, unfinished))
    assert "Yours ends with AttributeError: 'NoneType' object has no attribute 'shape'." in text
    assert text.splitlines()[-2:] == ["    y.shape = (3,)", "    y[1] = -0.93187474"]


def test_an_error_of_the_expected_side_is_raised_as_it_is():
    with pytest.raises(AttributeError, match="no attribute"):
        beside(test_cell, unfinished, double)


def test_the_generator_of_the_notebook_goes_on_where_it_was():
    np.random.seed(3)  # noqa: NPY002
    expected = np.random.randn(2)  # noqa: NPY002
    np.random.seed(3)  # noqa: NPY002
    first = np.random.randn()  # noqa: NPY002
    beside(test_cell, double, halve)
    assert [first, np.random.randn()] == list(expected)  # noqa: NPY002


def test_in_a_notebook_it_is_a_table_that_says_in_words_what_differs():
    html = beside(test_cell, double, halve)._repr_html_()
    assert html.count("<tr>") == 4 and html.count("differs") == 2 and html.count("<mark>") == 2
    assert html.count('<td colspan="2"') == html.count("same") == 1 and html.count("y.shape = (3,)") == 1
    assert "&lt;b&gt;" in beside(lambda name: print(name()), lambda: "<b>", halve_text)._repr_html_()


def test_where_all_lines_are_the_same_no_head_promises_two_columns():
    html = beside(test_cell, double, double)._repr_html_()
    assert "expected</th>" not in html and html.count("<tr>") == html.count("same") == 3
    assert "expected</th>" in beside(test_cell, double, halve)._repr_html_()


def halve_text():
    return "<i>"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a = 0.12345678", "a = 0.12345679", True),
        ("a = 0.12345678", "a = 0.12345680", False),
        ("a = [0.1 0.2]", "a = [0.1  0.2 ]", True),
        ("a = [0.1 0.2]", "a = [0.1 0.2 0.3]", False),
        ("a = 1.2e-05", "a = 1.3e-05", True),
        ("a = 1.2e-05", "a = 1.2e-04", False),
        ("a.shape = (5, 10)", "a.shape = (5, 11)", False),
        ("len = 4", "len = 5", False),
        ("a = nan", "a = nan", True),
        ("a = nan", "a = 1.0", False),
        ("a = inf", "a = 1.0", False),
        ("a = 1.0", "b = 1.0", False),
        ("", "", True),
    ],
)
def test_lines_agree_up_to_one_in_the_last_digit(one, other, same):
    assert close_lines(one, other) is same
    assert close_lines(other, one) is same
