"""Scores become shares: whatever the scores are, and to the last digits."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from seqgrad.activations import sigmoid, softmax
from seqgrad.gradcheck import complex_step

EPS = np.finfo(float).eps
any_scores = arrays(float, array_shapes(max_dims=3, max_side=5), elements=st.floats(-1e300, 1e300))
modest_scores = arrays(float, (5, 3), elements=st.floats(-30, 30))


@pytest.fixture
def scores():
    return 3 * np.random.default_rng(0).standard_normal((4, 3, 2))


def test_softmax_is_the_share_of_each_exponential_in_its_column(scores):
    for _, j, k in np.ndindex(1, 3, 2):
        column = [math.exp(score) for score in scores[:, j, k]]
        shares = [value / math.fsum(column) for value in column]
        # exp of the shifted score: its argument is rounded once, which costs up to |x| eps.
        np.testing.assert_allclose(softmax(scores)[:, j, k], shares, rtol=20 * EPS)


@given(any_scores)
def test_softmax_gives_shares_that_sum_to_one(x):
    p = softmax(x)
    assert p.shape == x.shape
    assert np.all((p >= 0) & (p <= 1))
    np.testing.assert_allclose(p.sum(axis=0), 1, rtol=0, atol=len(x) * EPS)  # one rounding an entry


@given(modest_scores, st.integers(-1000, 1000))
def test_softmax_does_not_see_what_a_column_has_in_common(x, shift):
    shifts = np.array([shift, 0, -shift])
    # The shifted scores are rounded at a magnitude of 1030: by at most 1.2e-13.
    np.testing.assert_allclose(softmax(x + shifts), softmax(x), rtol=1e-12)


@given(modest_scores)
def test_softmax_keeps_the_order_of_the_scores(x):
    order = np.argsort(x, axis=0)
    assert np.all(np.diff(np.take_along_axis(softmax(x), order, axis=0), axis=0) >= 0)


def test_softmax_of_columns_two_thousand_apart_is_exact():
    column = np.array([0.0, math.log(3)])
    p = softmax(column[:, np.newaxis] + np.array([-1000, 0, 1000]))
    # A score near 1000 is itself rounded by up to 6e-14.
    np.testing.assert_allclose(p, np.array([0.25, 0.75])[:, np.newaxis] * np.ones(3), rtol=1e-13)


def test_softmax_of_one_column_does_not_depend_on_the_others(scores):
    for j, k in np.ndindex(3, 2):
        # Numbers that lie apart in memory may take another way through exp.
        np.testing.assert_allclose(softmax(scores)[:, j, k], softmax(scores[:, j, k]), rtol=4 * EPS)


def test_softmax_gives_nothing_to_a_score_of_minus_infinity():
    np.testing.assert_array_equal(softmax(np.array([-np.inf, 2.0, 2.0])), [0, 0.5, 0.5])


def test_softmax_has_the_derivative_p_times_one_minus_p_on_the_diagonal_and_minus_pq_beside_it():
    x = np.random.default_rng(1).standard_normal(4)
    p = softmax(x)
    for i in range(4):
        slopes = complex_step(lambda moved, i=i: softmax(moved["x"])[i], {"x": x})["dx"]
        # A handful of operations, each rounded once.
        np.testing.assert_allclose(slopes, p[i] * ((np.arange(4) == i) - p), rtol=1e-13)


@given(st.floats(-700, 700))
def test_sigmoid_is_right_to_the_last_digits_on_both_sides(x):
    # Where exp(-x) is huge, 1 + exp(-x) is exp(-x) to the last digit, so the plain formula is right too.
    assert sigmoid(x) == pytest.approx(1 / (1 + math.exp(-x)), rel=4 * EPS)


@pytest.mark.parametrize(
    "x, share", [(0.0, 0.5), (1000.0, 1.0), (-1000.0, 0.0), (np.inf, 1.0), (-np.inf, 0.0), (1e308, 1.0)]
)
def test_sigmoid_is_exact_at_its_middle_and_its_ends_and_never_warns(x, share):
    assert sigmoid(x) == share


def test_sigmoid_of_a_score_and_of_its_opposite_share_one():
    x = np.linspace(-50, 50, 1001)
    np.testing.assert_allclose(sigmoid(x) + sigmoid(-x), 1, rtol=0, atol=2 * EPS)  # two roundings


def test_sigmoid_is_softmax_of_the_score_against_zero(scores):
    against_zero = np.stack([scores, np.zeros_like(scores)])
    np.testing.assert_allclose(sigmoid(scores), softmax(against_zero)[0], rtol=4 * EPS)


def test_sigmoid_rises():
    assert np.all(np.diff(sigmoid(np.linspace(-30, 30, 601))) > 0)


def test_sigmoid_has_the_derivative_s_times_one_minus_s():
    x = np.array([-30.0, -2.0, -1e-9, 0.0, 0.5, 3.0])
    s = sigmoid(x)
    slopes = complex_step(lambda moved: sigmoid(moved["x"]).sum(), {"x": x})["dx"]
    np.testing.assert_allclose(slopes, s * (1 - s), rtol=1e-13)  # a handful of roundings


def test_sigmoid_says_nothing_about_what_is_not_a_number():
    np.testing.assert_array_equal(sigmoid(np.array([np.nan, 0.0])), [np.nan, 0.5])


def test_sigmoid_takes_integers_and_plain_numbers():
    np.testing.assert_array_equal(sigmoid(np.array([-1000, 0, 1000])), [0, 0.5, 1])
    assert sigmoid(0) == 0.5


@pytest.mark.parametrize("function", [softmax, sigmoid])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_stays_even_at_the_extremes(function, dtype):
    x = np.array([[-1000, 3], [0.5, 1000]], dtype=dtype)
    assert function(x).dtype == dtype
    assert np.isfinite(function(x)).all()


@pytest.mark.parametrize("function", [softmax, sigmoid])
def test_the_argument_stays_as_it_was_and_the_result_is_an_array_of_its_own(function, scores):
    before = scores.copy()
    result = function(scores)
    np.testing.assert_array_equal(scores, before)
    assert not np.shares_memory(result, scores)


@pytest.mark.parametrize("function", [softmax, sigmoid])
def test_the_order_in_memory_does_not_matter(function, scores):
    np.testing.assert_allclose(function(np.asfortranarray(scores)), function(scores), rtol=4 * EPS)
    np.testing.assert_allclose(function(scores[:, ::-1]), function(scores)[:, ::-1], rtol=4 * EPS)
