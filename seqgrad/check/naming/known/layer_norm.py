"""Layer normalization as other people write it, and the mistakes of more than one token that are made there."""

# ruff: noqa: E501 - a table: a mistake is a line, however long

import numpy as np

from seqgrad.check.exercises import layer_norm
from seqgrad.check.naming.known.known import Known, make_mistake


def layer_norm_forward(x, gamma, beta, epsilon=1e-5):
    """Give mean and variance names."""
    mean = np.mean(x, axis=0, keepdims=True)
    variance = np.var(x, axis=0, keepdims=True)
    std = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / std
    out = gamma[:, :, np.newaxis] * x_hat + beta[:, :, np.newaxis]
    cache = (x_hat, std, gamma)
    return out, cache


def layer_norm_backward(dout, cache):
    """Take sums in place of means, and divide by the number of features at the end."""
    x_hat, std, gamma = cache
    n_x, m, T_x = x_hat.shape
    dgamma = np.sum(dout * x_hat, axis=(1, 2))[:, np.newaxis]
    dbeta = np.sum(dout, axis=(1, 2))[:, np.newaxis]
    dx_hat = dout * gamma[:, :, np.newaxis]
    sum_mean = np.sum(dx_hat, axis=0, keepdims=True)
    sum_std = np.sum(dx_hat * x_hat, axis=0, keepdims=True)
    dx = (n_x * dx_hat - sum_mean - x_hat * sum_std) / (n_x * std)
    return dx, dgamma, dbeta


def take_axis(number):
    """Return the changes that take mean and variance along another axis."""
    return tuple((f"{name}(x, axis=0", f"{name}(x, axis={number}") for name in ("mean", "var"))


FORWARD = Known(layer_norm.layer_norm_forward, (layer_norm_forward,), (
    make_mistake(layer_norm_forward, "axis", "wrong axis", "Mean and variance are taken over the examples, as batch normalization does; each column has its own, along axis 0.", *take_axis(1)),
    make_mistake(layer_norm_forward, "axis", "wrong axis", "Mean and variance are taken over the time steps; each column has its own, along axis 0.", *take_axis(2)),
    make_mistake(layer_norm_forward, "axis", "wrong axis", "Mean and variance are taken over all entries; each column has its own, along axis 0.", *take_axis((0, 1, 2)), ("std = np.sqrt(variance + epsilon)", "std = np.sqrt(variance + epsilon)")),
    make_mistake(layer_norm_forward, "std", "wrong factor", "The variance divides by n_x - 1; here it is the mean of the squares, which divides by n_x.", ("np.var(x, axis=0", "np.var(x, ddof=1, axis=0")),
    make_mistake(layer_norm_forward, "std", "wrong source", "The columns are divided by the variance; it has to be its root.", ("np.sqrt(variance + epsilon)", "variance + epsilon")),
    make_mistake(layer_norm_forward, "epsilon", "wrong order", "epsilon is added beside the root; it belongs under it.", ("np.sqrt(variance + epsilon)", "np.sqrt(variance) + epsilon")),
    make_mistake(layer_norm_forward, "x_hat", "missing term", "The columns are scaled but not centered: the mean is not subtracted.", ("(x - mean)", "x")),
))  # fmt: skip

WHOLE = "(n_x * dx_hat - sum_mean - x_hat * sum_std) / (n_x * std)"

BACKWARD = Known(layer_norm.layer_norm_backward, (layer_norm_backward,), (
    make_mistake(layer_norm_backward, "dx", "missing term", "Mean and standard deviation are treated as constants: both depend on x, and a gradient comes back through each of them.", (WHOLE, "dx_hat / std")),
    make_mistake(layer_norm_backward, "dx", "missing term", "The mean is treated as a constant: it depends on x, so each entry loses the column's mean gradient.", (" - sum_mean", "")),
    make_mistake(layer_norm_backward, "dx", "missing term", "The standard deviation is treated as a constant: it depends on x, so each entry loses its x_hat times the mean of x_hat times its gradient.", (" - x_hat * sum_std", "")),
    make_mistake(layer_norm_backward, "through_std", "missing factor", "What comes back through the standard deviation lacks the factor `x_hat`: it is different for each feature.", (" - x_hat * sum_std", " - sum_std")),
    make_mistake(layer_norm_backward, "dx", "wrong factor", "Sums over the features stand where their means belong: n_x is missing.", ("(n_x * dx_hat", "(dx_hat"), ("/ (n_x * std)", "/ std")),
    make_mistake(layer_norm_backward, "dx", "missing factor", "`dx` is not divided by the standard deviation.", ("/ (n_x * std)", "/ n_x")),
    make_mistake(layer_norm_backward, "dgamma, dbeta", "extra factor", "`dgamma` and `dbeta` are averaged over examples and steps; they have to be summed.", ("np.sum(dout * x_hat, axis=(1, 2))", "np.mean(dout * x_hat, axis=(1, 2))"), ("np.sum(dout, axis=(1, 2))", "np.mean(dout, axis=(1, 2))")),
    make_mistake(layer_norm_backward, "dgamma", "missing factor", "`dgamma` lacks the factor `x_hat`.", ("np.sum(dout * x_hat,", "np.sum(dout,")),
    make_mistake(layer_norm_backward, "dx", "wrong axis", "The mean gradient is taken over the time steps; the mean of a column is over its features, along axis 0.", ("np.sum(dx_hat, axis=0", "np.sum(dx_hat, axis=2")),
    make_mistake(layer_norm_backward, "dx", "wrong axis", "The sums run over the examples, as in batch normalization; they have to run over the features, along axis 0.", ("np.sum(dx_hat, axis=0", "np.sum(dx_hat, axis=1"), ("np.sum(dx_hat * x_hat, axis=0", "np.sum(dx_hat * x_hat, axis=1")),
))  # fmt: skip
