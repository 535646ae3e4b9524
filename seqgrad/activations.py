"""Two functions that turn scores into probabilities: softmax for many classes, sigmoid for two."""

import numpy as np

from seqgrad.shapes import takes


@takes(x="n_y ...")
def softmax(x):
    """Turn each column of scores into probabilities that sum to 1.

    Parameters
    ----------
    x : (n_y, ...)
        Scores (logits); classes run along axis 0, everything after it is examples.

    Returns
    -------
    (n_y, ...)
        ``exp(x) / exp(x).sum(axis=0)``, with the dtype of `x`.

    Raises
    ------
    TypeError
        If `x` is not an array of floats.

    Notes
    -----
    Adding a number to all scores of a column changes nothing, so each column is shifted
    by its *own* maximum: no score is large enough to overflow, and in no column do all
    of them underflow.  Shifting by the maximum of the whole array gives 0/0 in a column
    whose scores all lie about 750 or more below it.

    Goodfellow, Bengio & Courville, *Deep Learning*, section 4.1.
    """
    # Subtract from each column its own largest score, then take the exponential: no
    # term is above 1, and at least one is 1.
    e = np.exp(x - x.max(axis=0, keepdims=True))

    # Divide each column by its sum.
    p = e / e.sum(axis=0, keepdims=True)

    return p


@takes(x="numbers")
def sigmoid(x):
    """Map every number to a number between 0 and 1.

    Parameters
    ----------
    x : array of any shape, or a number

    Returns
    -------
    array as `x`
        ``1 / (1 + exp(-x))``, with the dtype of `x` (integers give floats).

    Raises
    ------
    TypeError
        If `x` holds anything but numbers.

    Notes
    -----
    Written with the exponential of ``-|x|``, which lies between 0 and 1, so that
    nothing overflows, and small values keep all their digits: ``sigmoid(-40.0)`` is
    4.2e-18, where ``(1 + tanh(x / 2)) / 2`` gives 0.

    Goodfellow, Bengio & Courville, *Deep Learning*, section 3.10.
    """
    x = np.asarray(x)

    # The exponential of -|x|, which is never above 1.
    negative = x.real < 0
    e = np.exp(np.where(negative, x, -x))

    # Both formulas divide by 1 plus this exponential. The numerator is the exponential
    # where x is negative, and 1 elsewhere.
    s = np.where(negative, e, 1) / (1 + e)

    return s
