"""Softmax and sigmoid as other people write them, and the mistakes that are made there."""

# ruff: noqa: E501 - a table: a mistake is a line, however long

import numpy as np

from seqgrad.check.exercises import activations
from seqgrad.check.naming.known.known import Known, make_mistake


def softmax(x):
    """Divide by the sums of the columns, under a name of their own."""
    e_x = np.exp(x - np.max(x, axis=0, keepdims=True))
    total = e_x.sum(axis=0)
    return e_x / total


def sigmoid(x):
    """Write the formula as it stands."""
    s = 1 / (1 + np.exp(-x))
    return s


def sigmoid_by_tanh(x):
    """Take the way through tanh."""
    s = (1 + np.tanh(x / 2)) / 2
    return s


SHIFT = " - np.max(x, axis=0, keepdims=True)"
ALL = ("the result", "wrong axis", "All entries together sum to 1; each column should.")
ROWS = ("the result", "wrong axis", "Each row sums to 1, over the examples; each column should, over the classes.")  # fmt: skip
SCORES = ("the result", "wrong source", "The denominator adds up the scores; it should add up their exponentials.")  # fmt: skip

SOFTMAX = Known(activations.softmax, (softmax,), (
    make_mistake(softmax, "the result", "unstable", "Nothing is subtracted before the exponential, which overflows for large scores: shift each column by its maximum.", (SHIFT, "")),
    make_mistake(softmax, "the result", "unstable", "All columns are shifted by the maximum of the whole array: a column far below it becomes 0/0. Shift each column by its own maximum.", ("np.max(x, axis=0, keepdims=True)", "np.max(x)")),
    make_mistake(softmax, *ALL, ("e_x.sum(axis=0)", "e_x.sum()")),
    make_mistake(softmax, *ROWS, ("e_x.sum(axis=0)", "e_x.sum(axis=1, keepdims=True)")),
    make_mistake(softmax, *SCORES, ("e_x.sum(axis=0)", "x.sum(axis=0)")),
    make_mistake(softmax, *SCORES, ("e_x.sum(axis=0)", "x.sum(axis=0)"), (SHIFT, "")),
    make_mistake(softmax, "the result", "wrong axis", "The maximum is taken of each row, over the examples; take it of each column, over the classes.", ("np.max(x, axis=0, keepdims=True)", "np.max(x, axis=1, keepdims=True)")),
    make_mistake(softmax, "the result", "wrong source", "This is the sigmoid of each score by itself; in softmax the scores of a column share one denominator.", ("e_x / total", "1 / (1 + np.exp(-x))")),
    make_mistake(softmax, "the result", "wrong source", "The logarithm of the probabilities is returned; return the probabilities.", ("e_x / total", "np.log(e_x / total)")),
    make_mistake(softmax, "the result", "missing factor", "The exponentials are not divided by their sum.", ("e_x / total", "e_x")),
    make_mistake(softmax, *ALL, ("e_x.sum(axis=0)", "e_x.sum()"), (SHIFT, "")),
    make_mistake(softmax, *ROWS, ("e_x.sum(axis=0)", "e_x.sum(axis=1, keepdims=True)"), (SHIFT, "")),
))  # fmt: skip

SIGMOID = Known(activations.sigmoid, (sigmoid, sigmoid_by_tanh), (
    make_mistake(sigmoid, "the result", "sign", "The exponential has `x` where it should have `-x`: the result is 1 - sigmoid(x).", ("np.exp(-x)", "np.exp(x)")),
    make_mistake(sigmoid, "the result", "unstable", "exp(x) / (1 + exp(x)) is inf / inf for large x; divide by 1 + exp(-x) instead.", ("1 / (1 + np.exp(-x))", "np.exp(x) / (1 + np.exp(x))")),
    make_mistake(sigmoid, "the result", "wrong source", "The derivative s * (1 - s) is returned where s itself is needed.", ("return s", "return s * (1 - s)")),
    make_mistake(sigmoid, "the result", "wrong source", "This is the tanh of `x`, which lies between -1 and 1; the sigmoid lies between 0 and 1.", ("1 / (1 + np.exp(-x))", "np.tanh(x)")),
    make_mistake(sigmoid_by_tanh, "the result", "wrong factor", "The tanh has `x` where it should have `x / 2`.", ("x / 2", "x")),
))  # fmt: skip
