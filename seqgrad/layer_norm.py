"""Layer normalization: each column to mean 0 and variance 1, then a scale and a shift for each row.

Forward:   x, gamma, beta  ->  out, cache.
Backward:  dout, cache  ->  dx, dgamma, dbeta.
"""

import numpy as np

from seqgrad.shapes import takes

CACHE = (("x_hat", "n_x m T_x"), ("std", "1 m T_x"), ("gamma", "n_x 1"))


@takes(x="n_x m T_x", gamma="n_x 1", beta="n_x 1")
def layer_norm_forward(x, gamma, beta, epsilon=1e-5):
    """Normalize each column to mean 0 and variance 1, then scale and shift its rows.

    Parameters
    ----------
    x : (n_x, m, T_x)
        Features of each example at each step.
    gamma, beta : (n_x, 1)
        Scale and shift of each feature.
    epsilon : float
        Added to the variance, under the root, so that no column is divided by zero.

    Returns
    -------
    out : (n_x, m, T_x)
        ``gamma * x_hat + beta``.
    cache : tuple
        ``(x_hat, std, gamma)``: the normalized columns, and the standard deviation
        (1, m, T_x) by which each of them was divided.

    Raises
    ------
    ValueError, TypeError
        If a shape does not fit, or an array holds integers; the message names it.

    Notes
    -----
    The variance is the mean of the squares: it divides by n_x, not by n_x - 1.

    Ba, Kiros & Hinton, "Layer Normalization", arXiv:1607.06450 (2016), section 3.
    """
    # Subtract from each column the mean of its features.
    centered = x - x.mean(axis=0, keepdims=True)

    # The standard deviation of each column: the root of the mean of the squares, with
    # epsilon under the root.
    std = np.sqrt((centered**2).mean(axis=0, keepdims=True) + epsilon)

    # The normalized columns.
    x_hat = centered / std

    # Each feature has a scale and a shift, the same for all examples and steps.
    out = gamma[:, :, np.newaxis] * x_hat + beta[:, :, np.newaxis]

    # What the backward pass will need: the normalized columns, the standard deviations
    # and the scale.
    cache = (x_hat, std, gamma)

    return out, cache


@takes(cache=CACHE, dout="n_x m T_x")
def layer_norm_backward(dout, cache):
    """Pull a gradient back through layer normalization.

    Forward made ``x_hat = (x - mean) / std`` and ``gamma * x_hat + beta``.

    Parameters
    ----------
    dout : (n_x, m, T_x)
        Gradient of the loss at the output.
    cache : tuple
        ``(x_hat, std, gamma)``, as `layer_norm_forward` returned it.

    Returns
    -------
    dx : (n_x, m, T_x)
    dgamma, dbeta : (n_x, 1)
        Summed over the batch and over time.

    Raises
    ------
    ValueError, TypeError
        If `dout` does not have the shape of the output, or the cache is not such a
        tuple.

    Notes
    -----
    Mean and standard deviation depend on x as well, so a column of dx sums to zero and
    has no part along x_hat (but for epsilon).

    The same derivative, with examples in the place of features: Ioffe & Szegedy, "Batch
    Normalization", ICML 2015, section 3.
    """
    x_hat, std, gamma = cache

    # From the output to the scale and the shift, summed over the batch and over time.
    dgamma = (dout * x_hat).sum(axis=(1, 2))[:, np.newaxis]
    dbeta = dout.sum(axis=(1, 2))[:, np.newaxis]

    # From the output to the normalized columns.
    dx_hat = dout * gamma[:, :, np.newaxis]

    # The mean of a column depends on all its features: each entry loses the column's mean
    # gradient.
    through_mean = dx_hat.mean(axis=0, keepdims=True)

    # So does the standard deviation: each entry also loses its own x_hat times the
    # column's mean of x_hat times its gradient.
    through_std = x_hat * (x_hat * dx_hat).mean(axis=0, keepdims=True)

    # The gradient at x: what is left, divided by the standard deviation.
    dx = (dx_hat - through_mean - through_std) / std

    return dx, dgamma, dbeta
