"""Attention as other people write it, and the mistakes of more than one token that are made there."""

# ruff: noqa: E501 - a table: a mistake is a line, however long

import numpy as np

from seqgrad.activations import softmax
from seqgrad.check.exercises import attention
from seqgrad.check.naming.known.known import Known, make_mistake


def causal_mask(T_x):
    """Keep a triangle of ones."""
    ones = np.ones((T_x, T_x), dtype=bool)
    mask = np.triu(ones)[:, np.newaxis]
    return mask


def scaled_dot_product_attention(q, k, v, mask=None):
    """Scale in a line of its own."""
    products = np.einsum("nmk,nmq->kmq", k, q)
    scores = products / np.sqrt(q.shape[0])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores)
    out = np.einsum("nmk,kmq->nmq", v, weights)
    cache = (q, k, v, weights)
    return out, cache


def scaled_dot_product_attention_backward(dout, cache):
    """Subtract the sum over the keys, and scale the gradient at the scores once."""
    q, k, v, weights = cache
    dv = np.einsum("nmq,kmq->nmk", dout, weights)
    dweights = np.einsum("nmk,nmq->kmq", v, dout)
    total = np.sum(weights * dweights, axis=0, keepdims=True)
    dscores = weights * dweights - weights * total
    dproducts = dscores / np.sqrt(q.shape[0])
    dq = np.einsum("nmk,kmq->nmq", k, dproducts)
    dk = np.einsum("nmq,kmq->nmk", q, dproducts)
    return dq, dk, dv


def multi_head_attention_forward(x, parameters, n_heads, mask=None):
    """Cut each head's rows out, and fill an array of zeros."""
    Wq, Wk, Wv, Wo = parameters["Wq"], parameters["Wk"], parameters["Wv"], parameters["Wo"]
    q = np.einsum("nx,xmt->nmt", Wq, x)
    k = np.einsum("nx,xmt->nmt", Wk, x)
    v = np.einsum("nx,xmt->nmt", Wv, x)
    size = q.shape[0] // n_heads
    size_of_v = v.shape[0] // n_heads
    concat = np.zeros_like(v)
    head_caches = []
    for h in range(n_heads):
        rows = slice(h * size, (h + 1) * size)
        rows_of_v = slice(h * size_of_v, (h + 1) * size_of_v)
        head, head_cache = scaled_dot_product_attention(q[rows], k[rows], v[rows_of_v], mask)
        concat[rows_of_v] = head
        head_caches.append(head_cache)
    out = np.einsum("an,nmt->amt", Wo, concat)
    cache = (x, head_caches, concat, parameters)
    return out, cache


def multi_head_attention_backward(dout, cache):
    """Cut each head's rows out, and fill arrays of zeros."""
    x, head_caches, concat, parameters = cache
    Wq, Wk, Wv, Wo = parameters["Wq"], parameters["Wk"], parameters["Wv"], parameters["Wo"]
    n_heads = len(head_caches)
    m = x.shape[1]
    dWo = np.einsum("amt,nmt->an", dout, concat)
    dconcat = np.einsum("an,amt->nmt", Wo, dout)
    size = Wq.shape[0] // n_heads
    size_of_v = Wv.shape[0] // n_heads
    dq = np.zeros((Wq.shape[0], m, x.shape[2]))
    dk = np.zeros((Wq.shape[0], m, x.shape[2]))
    dv = np.zeros((Wv.shape[0], m, x.shape[2]))
    for h in range(n_heads):
        rows = slice(h * size, (h + 1) * size)
        rows_of_v = slice(h * size_of_v, (h + 1) * size_of_v)
        gradients = scaled_dot_product_attention_backward(dconcat[rows_of_v], head_caches[h])
        dq[rows], dk[rows], dv[rows_of_v] = gradients
    dWq = np.einsum("nmt,xmt->nx", dq, x)
    dWk = np.einsum("nmt,xmt->nx", dk, x)
    dWv = np.einsum("nmt,xmt->nx", dv, x)
    dx = (
        np.einsum("nx,nmt->xmt", Wq, dq) + np.einsum("nx,nmt->xmt", Wk, dk) + np.einsum("nx,nmt->xmt", Wv, dv)
    )
    return {"dx": dx, "dWq": dWq, "dWk": dWk, "dWv": dWv, "dWo": dWo}


MASK = Known(attention.causal_mask, (causal_mask,), (
    make_mistake(causal_mask, "mask", "wrong order", "The mask lets each step look at itself and at the steps after it: key and query are exchanged.", ("np.triu(", "np.tril(")),
    make_mistake(causal_mask, "mask", "wrong step", "The mask does not let a step look at itself.", ("np.triu(ones)", "np.triu(ones, 1)")),
    make_mistake(causal_mask, "mask", "dtype", "The mask holds numbers; it has to hold truth values, which comparisons give.", ("np.triu(ones)[:, np.newaxis]", "1.0 * np.triu(ones)[:, np.newaxis]")),
    make_mistake(causal_mask, "mask", "sign", "The mask is True where a key is hidden; it has to be True where a query may look.", ("np.triu(ones)[:, np.newaxis]", "~np.triu(ones)[:, np.newaxis]")),
))  # fmt: skip

ROOT = "products / np.sqrt(q.shape[0])"
HIDE = "    if mask is not None:\n        scores = np.where(mask, scores, -np.inf)\n"
AFTER = "    if mask is not None:\n        weights = np.where(mask, weights, 0.0)\n"
TWICE = "softmax(scores.transpose(2, 1, 0)).transpose(2, 1, 0)"
BATCH = "softmax(scores.transpose(1, 0, 2)).transpose(1, 0, 2)"

HEAD = Known(attention.scaled_dot_product_attention, (scaled_dot_product_attention,), (
    make_mistake(scaled_dot_product_attention, "scores", "missing factor", "The scores are not divided by the root of their number of rows, np.sqrt(n_k).", (ROOT, "products")),
    make_mistake(scaled_dot_product_attention, "scores", "wrong factor", "The scores are divided by n_k; it has to be its root, np.sqrt(n_k).", (ROOT, "products / q.shape[0]")),
    make_mistake(scaled_dot_product_attention, "scores", "wrong factor", "The scores are divided by the root of the number of rows of the values; it has to be that of queries and keys, n_k.", (ROOT, "products / np.sqrt(v.shape[0])")),
    make_mistake(scaled_dot_product_attention, "scores", "wrong factor", "The scores are divided by the root of the number of steps; it has to be that of the rows, n_k.", (ROOT, "products / np.sqrt(k.shape[2])")),
    make_mistake(scaled_dot_product_attention, "scores", "wrong factor", "The scores are multiplied by the root of n_k; they have to be divided by it.", (ROOT, "products * np.sqrt(q.shape[0])")),
    make_mistake(scaled_dot_product_attention, "weights", "wrong order", "The division by the root of n_k comes after the softmax; it belongs before it.", (ROOT, "products"), ("softmax(scores)", "softmax(scores) / np.sqrt(q.shape[0])")),
    make_mistake(scaled_dot_product_attention, "mask", "wrong order", "The mask is applied after the softmax, so that the weights of a query no longer sum to 1; it belongs before the softmax, with -inf.", (HIDE, ""), ("    out =", AFTER + "    out =")),
    make_mistake(scaled_dot_product_attention, "mask", "missing term", "The mask is not used.", (HIDE, "")),
    make_mistake(scaled_dot_product_attention, "mask", "wrong order", "The mask hides what may be looked at: the scores belong where it is True, -inf where it is False.", ("np.where(mask, scores, -np.inf)", "np.where(mask, -np.inf, scores)")),
    make_mistake(scaled_dot_product_attention, "mask", "wrong source", "A hidden key gets the score 0, which still has a weight; it has to be -inf.", ("np.where(mask, scores, -np.inf)", "np.where(mask, scores, 0.0)")),
    make_mistake(scaled_dot_product_attention, "mask", "wrong source", "The mask is added to the scores as 1 and 0; a hidden key needs the score -inf.", ("np.where(mask, scores, -np.inf)", "scores + mask")),
    make_mistake(scaled_dot_product_attention, "weights", "wrong axis", "The softmax is taken over the queries, along the last axis; for each query it has to be taken over the keys, along the first.", ("softmax(scores)", TWICE)),
    make_mistake(scaled_dot_product_attention, "weights", "wrong axis", "The softmax is taken over the examples; for each query it has to be taken over the keys, along the first axis.", ("softmax(scores)", BATCH)),
    make_mistake(scaled_dot_product_attention, "weights", "wrong axis", "All weights together sum to 1; those of each query have to: the softmax is taken over the keys, along the first axis.", ("softmax(scores)", "softmax(scores.ravel()).reshape(scores.shape)")),
))  # fmt: skip

WEIGHTED = "weights * dweights - weights * total"

HEAD_BACK = Known(attention.scaled_dot_product_attention_backward, (scaled_dot_product_attention_backward,), (
    make_mistake(scaled_dot_product_attention_backward, "dscores", "missing term", "The gradient passes the softmax without the sum over the keys: each column of `weights * dweights` loses its own sum times the weights.", (WEIGHTED, "weights * dweights")),
    make_mistake(scaled_dot_product_attention_backward, "dscores", "wrong factor", "The softmax is treated as if it were a sigmoid, weights * (1 - weights): that is the diagonal of its Jacobian, and the other entries are missing.", (WEIGHTED, "weights * (1 - weights) * dweights")),
    make_mistake(scaled_dot_product_attention_backward, "dscores", "wrong source", "`weights - dweights` is the gradient of a softmax with cross-entropy; there is no cross-entropy here.", (WEIGHTED, "weights - dweights")),
    make_mistake(scaled_dot_product_attention_backward, "dscores", "missing factor", "The gradient passes the softmax unchanged.", (WEIGHTED, "dweights")),
    make_mistake(scaled_dot_product_attention_backward, "dscores", "missing factor", "What is subtracted in each column is the sum of dweights; it has to be the sum of weights * dweights.", ("np.sum(weights * dweights,", "np.sum(dweights,")),
    make_mistake(scaled_dot_product_attention_backward, "dscores", "wrong factor", "What is subtracted in each column is the plain mean of dweights; it has to be the mean under the weights, the sum of weights * dweights.", ("np.sum(weights * dweights,", "np.mean(dweights,")),
    make_mistake(scaled_dot_product_attention_backward, "dscores", "wrong axis", "The sum runs over the queries, along the last axis; it has to run over the keys, along the first, as the softmax does.", ("axis=0", "axis=2")),
    make_mistake(scaled_dot_product_attention_backward, "dq, dk", "missing factor", "`dq` and `dk` are not divided by the root of n_k, by which the scores were divided.", ("dscores / np.sqrt(q.shape[0])", "dscores")),
    make_mistake(scaled_dot_product_attention_backward, "dq, dk", "wrong factor", "`dq` and `dk` are divided by n_k; it has to be its root, np.sqrt(n_k).", ("np.sqrt(q.shape[0])", "q.shape[0]")),
    make_mistake(scaled_dot_product_attention_backward, "dv", "wrong source", "`dv` is made from dweights; the values were multiplied by the weights.", ("dout, weights)", "dout, dweights)"), ("    dv = np.einsum(\"nmq,kmq->nmk\", dout, dweights)\n    dweights = np.einsum(\"nmk,nmq->kmq\", v, dout)\n", "    dweights = np.einsum(\"nmk,nmq->kmq\", v, dout)\n    dv = np.einsum(\"nmq,kmq->nmk\", dout, dweights)\n")),
    make_mistake(scaled_dot_product_attention_backward, "dq, dk, dv", "extra factor", "All three gradients are averaged over the batch; each example has its own queries, keys and values.", ("return dq, dk, dv", "return dq / q.shape[1], dk / q.shape[1], dv / q.shape[1]")),
))  # fmt: skip

DEALT = ("slice(h * size, (h + 1) * size)", "slice(h, None, n_heads)")
DEALT_V = ("slice(h * size_of_v, (h + 1) * size_of_v)", "slice(h, None, n_heads)")
DEALT_OUT = "Each head has every n_heads-th row, as a reshape to (rows, n_heads) gives it; a head is a block of rows that lie together."

HEADS = Known(attention.multi_head_attention_forward, (multi_head_attention_forward,), (
    make_mistake(multi_head_attention_forward, "heads", "wrong order", DEALT_OUT, DEALT, DEALT_V),
    make_mistake(multi_head_attention_forward, "concat", "wrong order", "The rows of the heads' outputs are shuffled together, one of each head in turn; the outputs have to lie on top of each other.", ("concat[rows_of_v] = head", "concat[h::n_heads] = head")),
    make_mistake(multi_head_attention_forward, "heads", "wrong order", "Queries, keys and values are dealt out row by row, and the outputs lie on top of each other; a head is a block of rows that lie together.", ("(q[rows], k[rows], v[rows_of_v], mask)", "(q[h::n_heads], k[h::n_heads], v[h::n_heads], mask)")),
    make_mistake(multi_head_attention_forward, "heads", "wrong source", "All heads look with the queries and keys of the first one.", ("(q[rows], k[rows],", "(q[:size], k[:size],")),
    make_mistake(multi_head_attention_forward, "mask", "missing term", "The mask is not handed to the heads.", (", mask)\n", ")\n")),
    make_mistake(multi_head_attention_forward, "heads", "wrong order", "Queries and keys are exchanged in the heads.", ("(q[rows], k[rows],", "(k[rows], q[rows],")),
    make_mistake(multi_head_attention_forward, "concat", "extra factor", "The outputs of the heads are divided by their number; they lie on top of each other as they are.", ("concat[rows_of_v] = head", "concat[rows_of_v] = head / n_heads")),
    make_mistake(multi_head_attention_forward, "scores", "wrong factor", "The scores of a head are divided by the root of the rows of all heads together; it has to be that of one head.", ("(q[rows], k[rows],", "(q[rows] / np.sqrt(n_heads), k[rows],"), ("head_caches.append(head_cache)", "head_caches.append((q[rows], *head_cache[1:]))")),
))  # fmt: skip

HEADS_BACK = Known(attention.multi_head_attention_backward, (multi_head_attention_backward,), (
    make_mistake(multi_head_attention_backward, "heads", "wrong order", DEALT_OUT, DEALT, DEALT_V),
    make_mistake(multi_head_attention_backward, "dheads", "wrong order", "The gradient at the heads' outputs is dealt out row by row; each head has to get its own block of rows.", ("dconcat[rows_of_v]", "dconcat[h::n_heads]")),
    make_mistake(multi_head_attention_backward, "dx", "missing term", "`dx` has what comes back through the queries alone; keys and values were made from x as well.", (' + np.einsum("nx,nmt->xmt", Wk, dk) + np.einsum("nx,nmt->xmt", Wv, dv)', "")),
    make_mistake(multi_head_attention_backward, "dx", "extra factor", "`dx` is the mean of the three ways back; they have to be added up.", ("    return", "    dx = dx / 3\n    return")),
    make_mistake(multi_head_attention_backward, "weight gradients", "extra factor", "The weight gradients are averaged over the batch; they have to be summed.", *((f"d{name} = ", f"d{name} = 1 / m * ") for name in ("Wq", "Wk", "Wv", "Wo"))),
    make_mistake(multi_head_attention_backward, "dWq, dWk, dWv", "extra factor", "The gradients of Wq, Wk and Wv are averaged over the batch; they have to be summed.", *((f"d{name} = ", f"d{name} = 1 / m * ") for name in ("Wq", "Wk", "Wv"))),
))  # fmt: skip
