"""Attention: every step looks at every other step.  One head, several heads, and the way back.

Forward:   q, k, v  ->  out, cache;   x, parameters  ->  out, cache.
Backward:  dout, cache  ->  dq, dk, dv;   dout, cache  ->  a dict of gradients.

Arrays are those of the course, features first, examples next, time last: queries
(n_k, m, T_q), keys (n_k, m, T_k), values (n_v, m, T_k).  Scores and weights are
(T_k, m, T_q), as predictions are (n_y, m, T_x): for each query a column of
probabilities, whose classes are the keys.  A head is a block of rows: with ``n`` rows a
head, what the field calls ``[example, head, step, i]`` is ``[head * n + i, example,
step]`` here; see chapter 12.  In the subscripts of einsum, n and x are rows, m
examples, k keys, q queries, and t all steps.
"""

import numpy as np

from seqgrad.activations import softmax
from seqgrad.shapes import takes

CACHE = (("q", "n_k m T_q"), ("k", "n_k m T_k"), ("v", "n_v m T_k"), ("weights", "T_k m T_q"))
PARAMETERS = {"Wq": "n_k n_x", "Wk": "n_k n_x", "Wv": "n_v n_x", "Wo": "n_a n_v"}
HEAD_CACHE = (
    ("q", "n_k/n_heads m T_x"),
    ("k", "n_k/n_heads m T_x"),
    ("v", "n_v/n_heads m T_x"),
    ("weights", "T_x m T_x"),
)
MULTI_HEAD_CACHE = (
    ("x", "n_x m T_x"),
    ("head_caches", ["n_heads", HEAD_CACHE]),
    ("concat", "n_v m T_x"),
    ("parameters", PARAMETERS),
)


def causal_mask(T_x):
    """Let each step look at itself and at the steps before it.

    Parameters
    ----------
    T_x : int
        Number of steps.

    Returns
    -------
    array (T_x, 1, T_x) of bool
        At ``[key, 0, query]`` True where the query may look at the key; the same for all
        examples.

    Notes
    -----
    Vaswani et al., "Attention Is All You Need", NIPS 2017, section 3.2.3.
    """
    # The step of each key along the first axis, the step of each query along the last.
    key_step = np.arange(T_x)[:, np.newaxis, np.newaxis]
    query_step = np.arange(T_x)

    # A key may be looked at from its own step on.
    mask = key_step <= query_step

    return mask


@takes(q="n_k m T_q", k="n_k m T_k", v="n_v m T_k", mask="bool: T_k m|1 T_q|1")
def scaled_dot_product_attention(q, k, v, mask=None):
    """Give each query the mean of the values, weighted by how well their keys fit the query.

    Parameters
    ----------
    q : (n_k, m, T_q)
        Queries, one for each step that asks.
    k : (n_k, m, T_k)
        Keys, one for each step that is looked at.
    v : (n_v, m, T_k)
        Values, one for each key.
    mask : (T_k, m, T_q) of bool, optional
        At ``[key, example, query]`` True where the query may look at the key; the last
        two axes may be 1, for the same in all examples or for all queries.

    Returns
    -------
    out : (n_v, m, T_q)
        For each query a mean of the values.
    cache : tuple
        ``(q, k, v, weights)``; the weights are (T_k, m, T_q), and each column sums to 1.

    Raises
    ------
    ValueError, TypeError
        If the shapes do not fit, the mask is not of booleans, or it leaves a query no
        key at all.

    Notes
    -----
    Vaswani et al., "Attention Is All You Need", NIPS 2017, section 3.2.1.  In columns,
    as here: Phuong & Hutter, "Formal Algorithms for Transformers", arXiv:2207.09238
    (2022), algorithm 4.
    """
    n_k = q.shape[0]
    if mask is not None and not mask.any(axis=0).all():
        raise ValueError("scaled_dot_product_attention: mask hides all keys from a query; leave it one")

    # The scores: the dot product of each key with each query, over the root of its
    # number of terms.
    scores = np.einsum("nmk,nmq->kmq", k, q, optimize=True) / n_k**0.5

    # A key that a query may not look at gets the score -inf, and so the weight 0.
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)

    # The weights: for each query the softmax of its scores over all keys.
    weights = softmax(scores)

    # The output: for each query the sum of all values, each times its weight.
    out = np.einsum("nmk,kmq->nmq", v, weights, optimize=True)

    # What the backward pass will need: queries, keys, values and weights. It does not
    # need the mask, for the weight of a hidden key is 0.
    cache = (q, k, v, weights)

    return out, cache


@takes(cache=CACHE, dout="n_v m T_q")
def scaled_dot_product_attention_backward(dout, cache):
    """Pull a gradient back through attention, to queries, keys and values.

    Forward made, for each example, the scores ``kᵀ q / sqrt(n_k)``, from them the
    weights, by a softmax, and the output ``v weights``.

    Parameters
    ----------
    dout : (n_v, m, T_q)
        Gradient of the loss at the output.
    cache : tuple
        ``(q, k, v, weights)``, as `scaled_dot_product_attention` returned it.

    Returns
    -------
    dq : (n_k, m, T_q)
    dk : (n_k, m, T_k)
    dv : (n_v, m, T_k)

    Raises
    ------
    ValueError, TypeError
        If `dout` does not have the shape of the output, or the cache is not such a
        tuple.

    Notes
    -----
    The derivative of a softmax p at its scores is ``diag(p) - p pᵀ``.

    The forward pass is that of Vaswani et al., "Attention Is All You Need", NIPS 2017,
    section 3.2.1.
    """
    q, k, v, weights = cache
    n_k = q.shape[0]

    # From the output to the values and to the weights, whose product it was; the
    # gradient at a value sums over all queries.
    dv = np.einsum("nmq,kmq->nmk", dout, weights, optimize=True)
    dweights = np.einsum("nmk,nmq->kmq", v, dout, optimize=True)

    # Through the softmax: in each column the mean of the weights' gradients, weighted by
    # the weights themselves; then each weight times how far its gradient is above that.
    mean = (weights * dweights).sum(axis=0, keepdims=True)
    dscores = weights * (dweights - mean)

    # From the scores to the queries, summed over all keys, and to the keys, summed over
    # all queries; the root divides here as well.
    dq = np.einsum("nmk,kmq->nmq", k, dscores, optimize=True) / n_k**0.5
    dk = np.einsum("nmq,kmq->nmk", q, dscores, optimize=True) / n_k**0.5

    return dq, dk, dv


@takes(parameters=PARAMETERS, x="n_x m T_x", mask="bool: T_x m|1 T_x|1")
def multi_head_attention_forward(x, parameters, n_heads, mask=None):
    """Let a sequence look at itself with several heads, each with weights of its own.

    Parameters
    ----------
    x : (n_x, m, T_x)
        Inputs; queries, keys and values are all made from them.
    parameters : dict
        ``Wq``, ``Wk`` (n_k, n_x), ``Wv`` (n_v, n_x), ``Wo`` (n_a, n_v), where n_k and
        n_v count the rows of all heads together.
    n_heads : int
        Number of heads; it divides n_k and n_v.
    mask : (T_x, m, T_x) of bool, optional
        As for `scaled_dot_product_attention`; the same for all heads.

    Returns
    -------
    out : (n_a, m, T_x)
        ``Wo`` times the outputs of all heads.
    cache : tuple
        ``(x, list of the heads' caches, concat, parameters)``, where concat
        (n_v, m, T_x) holds the outputs of all heads.

    Raises
    ------
    ValueError, TypeError
        If a parameter is missing, a shape does not fit, or `n_heads` does not divide
        n_k and n_v.

    Notes
    -----
    Vaswani et al., "Attention Is All You Need", NIPS 2017, section 3.2.2.
    """
    Wq, Wk, Wv, Wo = parameters["Wq"], parameters["Wk"], parameters["Wv"], parameters["Wo"]
    n_k, n_v = Wq.shape[0], Wv.shape[0]
    if n_heads < 1 or n_k % n_heads or n_v % n_heads:
        sentence = f"n_heads is {n_heads}, but it must divide n_k = {n_k} and n_v = {n_v}"
        raise ValueError(f"multi_head_attention_forward: {sentence}")
    heads, head_caches = [], []

    # Queries, keys and values: each of the three weights times the input of every step.
    q = np.einsum("nx,xmt->nmt", Wq, x, optimize=True)
    k = np.einsum("nx,xmt->nmt", Wk, x, optimize=True)
    v = np.einsum("nx,xmt->nmt", Wv, x, optimize=True)

    # Each head gets a block of rows of each of the three.
    q_heads = np.split(q, n_heads)
    k_heads = np.split(k, n_heads)
    v_heads = np.split(v, n_heads)

    for h in range(n_heads):
        # One head: attention with its own queries, keys and values; the mask is that of
        # all heads.
        head, head_cache = scaled_dot_product_attention(q_heads[h], k_heads[h], v_heads[h], mask)

        # Keep what it returned, each at the end of its list.
        heads.append(head)
        head_caches.append(head_cache)

    # The outputs of all heads on top of each other.
    concat = np.concatenate(heads, axis=0)

    # The output: the output weights times these, at every step.
    out = np.einsum("an,nmt->amt", Wo, concat, optimize=True)

    # What the backward pass will need, in this order: the input, the list of the heads'
    # caches, the outputs of all heads, and the parameters.
    cache = (x, head_caches, concat, parameters)

    return out, cache


@takes(cache=MULTI_HEAD_CACHE, dout="n_a m T_x")
def multi_head_attention_backward(dout, cache):
    """Pull a gradient back through all heads, to the input and the weights.

    Forward made queries, keys and values with ``Wq``, ``Wk`` and ``Wv``, let each head
    look, and multiplied the outputs of all heads by ``Wo``.

    Parameters
    ----------
    dout : (n_a, m, T_x)
        Gradient of the loss at the output.
    cache : tuple
        ``(x, list of the heads' caches, concat, parameters)``, as
        `multi_head_attention_forward` returned it.

    Returns
    -------
    dict
        ``dx`` (n_x, m, T_x), ``dWq``, ``dWk`` (n_k, n_x), ``dWv`` (n_v, n_x), ``dWo``
        (n_a, n_v).  Weight gradients are summed over the batch and over time.

    Raises
    ------
    ValueError, TypeError
        If `dout` does not have the shape of the output, or the cache is not such a
        tuple.

    Notes
    -----
    The input is reached in three ways: through the queries, the keys and the values.

    The forward pass is that of Vaswani et al., "Attention Is All You Need", NIPS 2017,
    section 3.2.2.
    """
    x, head_caches, concat, parameters = cache
    Wq, Wk, Wv, Wo = parameters["Wq"], parameters["Wk"], parameters["Wv"], parameters["Wo"]
    n_heads = len(head_caches)
    dq_heads, dk_heads, dv_heads = [], [], []

    # From the output to the output weights, summed over the batch and over time, and to
    # the outputs of all heads.
    dWo = np.einsum("amt,nmt->an", dout, concat, optimize=True)
    dconcat = np.einsum("an,amt->nmt", Wo, dout, optimize=True)

    # Each head gets the gradient at its own block of rows.
    dheads = np.split(dconcat, n_heads)

    for h in range(n_heads):
        # Back through one head, to its queries, keys and values.
        dq_head, dk_head, dv_head = scaled_dot_product_attention_backward(dheads[h], head_caches[h])

        # Keep each at the end of its list.
        dq_heads.append(dq_head)
        dk_heads.append(dk_head)
        dv_heads.append(dv_head)

    # The gradients of all heads on top of each other.
    dq = np.concatenate(dq_heads, axis=0)
    dk = np.concatenate(dk_heads, axis=0)
    dv = np.concatenate(dv_heads, axis=0)

    # From queries, keys and values to their weights, summed over the batch and over
    # time.
    dWq = np.einsum("nmt,xmt->nx", dq, x, optimize=True)
    dWk = np.einsum("nmt,xmt->nx", dk, x, optimize=True)
    dWv = np.einsum("nmt,xmt->nx", dv, x, optimize=True)

    # The input made all three: what each of them sends back, and the sum of it.
    dx_by_q = np.einsum("nx,nmt->xmt", Wq, dq, optimize=True)
    dx_by_k = np.einsum("nx,nmt->xmt", Wk, dk, optimize=True)
    dx_by_v = np.einsum("nx,nmt->xmt", Wv, dv, optimize=True)
    dx = dx_by_q + dx_by_k + dx_by_v

    return {"dx": dx, "dWq": dWq, "dWk": dWk, "dWv": dWv, "dWo": dWo}
