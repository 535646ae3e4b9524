"""The loss at the end: from predictions to one number, and back to the hidden states.

Forward:   y_pred, y  ->  loss, cache.
Backward:  cache  ->  dz at the logits  ->  dWya (or dWy), dby, and the da at the states
that `rnn_backward` and `lstm_backward` take.
"""

import numpy as np

from seqgrad.shapes import takes

CACHE = (("y_pred", "n_y m T_x"), ("y", "n_y m T_x"))


@takes(y_pred="n_y m T_x", y="n_y m T_x")
def cross_entropy_forward(y_pred, y):
    """Measure how surprised the predictions are by the targets.

    Parameters
    ----------
    y_pred : (n_y, m, T_x)
        Predicted probabilities, as `rnn_forward` and `lstm_forward` return them.
    y : (n_y, m, T_x)
        Targets as one-hot columns.  A column of zeros has no target: it is left out of
        the loss, so sequences of different lengths can share a batch.

    Returns
    -------
    loss : float
        Cross-entropy in nats (natural logarithm), *averaged* over all columns that have
        a target.
    cache : tuple
        ``(y_pred, y)``, what `cross_entropy_backward` needs.

    Raises
    ------
    ValueError, TypeError
        If the shapes differ, an array holds integers, or no column has a target.

    Notes
    -----
    A probability too small for its dtype counts as the smallest normal number, so the
    loss is always finite.

    Goodfellow, Bengio & Courville, *Deep Learning*, section
    6.2.2.3.
    """
    if not y.any():
        raise ValueError("cross_entropy_forward: y has no target, all its columns are zero")

    # The probability that each column gave to its target; 0 where there is no target.
    p = (y_pred * y).sum(axis=0)

    # How many columns have a target.
    targets = y.sum()

    # The mean of -log p over the columns that have a target; where p is 0, put the
    # smallest number in its place.
    smallest = np.finfo(p.dtype).tiny
    loss = -np.sum(y.sum(axis=0) * np.log(np.maximum(p, smallest))) / targets

    # What the backward pass will need.
    cache = (y_pred, y)

    return loss, cache


@takes(cache=CACHE)
def cross_entropy_backward(cache):
    """Pull the gradient of the loss back through logarithm and softmax in one step.

    Parameters
    ----------
    cache : tuple
        ``(y_pred, y)``, as `cross_entropy_forward` returned it.

    Returns
    -------
    (n_y, m, T_x)
        ``dz``, the gradient of the averaged loss at the logits (the scores that went into
        the softmax); zero in columns without a target.

    Raises
    ------
    ValueError, TypeError
        If the cache is not a pair of arrays of one shape.

    Notes
    -----
    Goodfellow, Bengio & Courville, *Deep Learning*, section 6.2.2.3.
    """
    y_pred, y = cache

    # Prediction minus target, in the columns that have a target.
    difference = y.sum(axis=0, keepdims=True) * y_pred - y

    # The loss is a mean: divide by the number of columns that have a target.
    dz = difference / y.sum()

    return dz


@takes(dz="n_y m T_x", a="n_a m T_x", parameters={"Wya|Wy": "n_y n_a"})
def output_backward(dz, a, parameters):
    """Pull a gradient back through the output layer.

    Forward was ``Wya @ a + by`` at every step.

    Parameters
    ----------
    dz : (n_y, m, T_x)
        Gradient at the logits.
    a : (n_a, m, T_x)
        Hidden states, the inputs of the layer.
    parameters : dict
        With ``Wya`` (n_y, n_a) for an RNN, or ``Wy`` for an LSTM.

    Returns
    -------
    dict
        ``da`` (n_a, m, T_x), what reaches each hidden state from its own output;
        ``dWya`` or ``dWy`` (n_y, n_a); ``dby`` (n_y, 1).  The weight gradients are
        summed over the batch and over time.

    Raises
    ------
    ValueError, TypeError
        If the shapes do not fit, or neither weight is there.

    Notes
    -----
    Goodfellow, Bengio & Courville, *Deep Learning*, section 10.2.2.
    """
    name = "Wya" if "Wya" in parameters else "Wy"
    W = parameters[name]

    # From the logits to the hidden states, at every step with the same weights.
    da = np.einsum("yn,ymt->nmt", W, dz, optimize=True)

    # From the logits to the weights and the bias, summed over the batch and over time.
    dW = np.einsum("ymt,nmt->yn", dz, a, optimize=True)
    dby = dz.sum(axis=(1, 2))[:, np.newaxis]

    return {"da": da, "d" + name: dW, "dby": dby}
