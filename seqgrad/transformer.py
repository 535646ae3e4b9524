"""A small transformer: every step sees itself and the steps before it, and predicts what comes next.

Forward:   x, parameters  ->  a, y, caches.
Backward:  da, caches  ->  a dict of gradients, of all but the output layer, as for the other networks.

One block of two layers, each of which is added to what goes into it::

    embedded = We @ x + be + positions
    attended = embedded + attention(norm(embedded))
    a        = norm(attended + dense(norm(attended)))
    y        = softmax(Wy @ a + by)

The dense layer is ``W2 @ relu(W1 @ x + b1) + b2``.  Vaswani et al., "Attention Is All You
Need", NIPS 2017, section 3; there the norm comes after the sum.
"""

import numpy as np

from seqgrad.activations import softmax
from seqgrad.attention import causal_mask, multi_head_attention_backward, multi_head_attention_forward
from seqgrad.layer_norm import layer_norm_backward, layer_norm_forward
from seqgrad.output import output_backward
from seqgrad.shapes import takes

HEADS = {"Wq": "n_a n_a", "Wk": "n_a n_a", "Wv": "n_a n_a", "Wo": "n_a n_a"}
DENSE = {"W1": "n_h n_a", "b1": "n_h 1", "W2": "n_a n_h", "b2": "n_a 1"}
NORMS = {f"{name}{i}": "n_a 1" for i in (1, 2, 3) for name in ("gamma", "beta")}
PARAMETERS = {"We": "n_a n_x", "be": "n_a 1"} | HEADS | DENSE | NORMS | {"Wy": "n_y n_a", "by": "n_y 1"}


def positions(n_a, T_x):
    """Return a column of sines and cosines for each step, (n_a, 1, T_x), by which steps can be told apart.

    Rows 2i and 2i + 1 turn with the same frequency, from 1 radian a step in the first rows to nearly
    1/10000 in the last: Vaswani et al., "Attention Is All You Need", NIPS 2017, section 3.5.
    """
    row = np.arange(n_a).reshape(n_a, 1, 1)
    angle = np.arange(T_x) / 10000.0 ** (2 * (row // 2) / n_a)
    return np.where(row % 2 == 0, np.sin(angle), np.cos(angle))


def dense(x, W, b):
    """Return ``W @ x + b`` at every step."""
    return np.einsum("nx,xmt->nmt", W, x, optimize=True) + b[:, :, np.newaxis]


def dense_backward(dout, x, W):
    """Pull a gradient back through `dense`, as through an output layer; return dx, dW and db."""
    gradients = output_backward(dout, x, {"Wy": W})
    return gradients["da"], gradients["dWy"], gradients["dby"]


@takes(parameters=PARAMETERS, x="n_x m T_x")
def transformer_forward(x, parameters, n_heads=4):
    """Run the transformer over a sequence.

    Parameters
    ----------
    x : (n_x, m, T_x)
        Inputs; time runs along the last axis.
    parameters : dict
        ``We`` (n_a, n_x), ``be`` (n_a, 1) of the embedding; ``Wq``, ``Wk``, ``Wv``,
        ``Wo`` (n_a, n_a) of the heads; ``W1`` (n_h, n_a), ``b1`` (n_h, 1), ``W2``
        (n_a, n_h), ``b2`` (n_a, 1) of the dense layer; ``gamma1``, ``beta1`` to
        ``gamma3``, ``beta3`` (n_a, 1) of the three norms; ``Wy`` (n_y, n_a), ``by``
        (n_y, 1).
    n_heads : int
        Divides n_a.

    Returns
    -------
    a : (n_a, m, T_x)
        What the output layer sees at each step.
    y : (n_y, m, T_x)
        Prediction at each step.
    caches : dict
        ``attention`` is the cache of `multi_head_attention_forward`.
    """
    gamma1, gamma2, gamma3 = (parameters[f"gamma{i}"] for i in (1, 2, 3))
    beta1, beta2, beta3 = (parameters[f"beta{i}"] for i in (1, 2, 3))
    n_a, T_x = len(gamma1), x.shape[2]

    # From characters to columns of n_a numbers, each with the mark of its position.
    embedded = dense(x, parameters["We"], parameters["be"]) + positions(n_a, T_x).astype(x.dtype)

    # Every step looks at itself and at the steps before it.
    seen, norm1 = layer_norm_forward(embedded, gamma1, beta1)
    heads, attention = multi_head_attention_forward(seen, parameters, n_heads, causal_mask(T_x))
    attended = embedded + heads

    # Every step on its own makes something of what it has seen.
    normal, norm2 = layer_norm_forward(attended, gamma2, beta2)
    hidden = np.maximum(dense(normal, parameters["W1"], parameters["b1"]), 0)
    transformed = attended + dense(hidden, parameters["W2"], parameters["b2"])

    # From there to the prediction.
    a, norm3 = layer_norm_forward(transformed, gamma3, beta3)
    y = softmax(dense(a, parameters["Wy"], parameters["by"]))

    caches = {
        "x": x, "norm1": norm1, "attention": attention, "norm2": norm2,
        "normal": normal, "hidden": hidden, "norm3": norm3, "parameters": parameters,
    }  # fmt: skip
    return a, y, caches


def transformer_backward(da, caches):
    """Pull gradients back through the transformer.

    Parameters
    ----------
    da : (n_a, m, T_x)
        Gradient at what the output layer saw, as `output_backward` returns it.
    caches : dict
        As `transformer_forward` returned it.

    Returns
    -------
    dict
        ``dx`` (n_x, m, T_x), and ``"d" + name`` for every parameter but ``Wy``, ``by``.
    """
    parameters, gradients = caches["parameters"], {}

    # Through the last norm and the dense layer, and past it: what was added to its output reaches its input.
    dtransformed, gradients["dgamma3"], gradients["dbeta3"] = layer_norm_backward(da, caches["norm3"])
    hidden, normal = caches["hidden"], caches["normal"]
    dhidden, gradients["dW2"], gradients["db2"] = dense_backward(dtransformed, hidden, parameters["W2"])
    dz = dhidden * (hidden > 0)
    dnormal, gradients["dW1"], gradients["db1"] = dense_backward(dz, normal, parameters["W1"])
    through, gradients["dgamma2"], gradients["dbeta2"] = layer_norm_backward(dnormal, caches["norm2"])
    dattended = dtransformed + through

    # Through attention, and past it.
    heads = multi_head_attention_backward(dattended, caches["attention"])
    dseen = heads.pop("dx")
    through, gradients["dgamma1"], gradients["dbeta1"] = layer_norm_backward(dseen, caches["norm1"])
    dembedded = dattended + through

    # Through the embedding; the positions have no parameters.
    dx, gradients["dWe"], gradients["dbe"] = dense_backward(dembedded, caches["x"], parameters["We"])
    return {"dx": dx} | heads | gradients


def attention_weights(caches):
    """Return the weights of all heads, (n_heads, T_k, m, T_q), from the caches of `transformer_forward`."""
    head_caches = caches["attention"][1]
    return np.stack([weights for *_, weights in head_caches])
