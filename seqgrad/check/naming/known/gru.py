"""The GRU as other people write it, and the mistakes of more than one token that are made there."""

# ruff: noqa: E501 - a table: a mistake is a line, however long

import numpy as np

from seqgrad.activations import sigmoid, softmax
from seqgrad.check.exercises import gru
from seqgrad.check.naming.known.known import Known, make_mistake


def gru_cell_forward(xt, a_prev, parameters):
    """Give the pre-activations and the scores names."""
    Wu, Wr, Wc = parameters["Wu"], parameters["Wr"], parameters["Wc"]
    bu, br, bc = parameters["bu"], parameters["br"], parameters["bc"]
    concat = np.concatenate([a_prev, xt], axis=0)
    zu = Wu @ concat + bu
    zr = Wr @ concat + br
    ut = sigmoid(zu)
    rt = sigmoid(zr)
    concat_r = np.concatenate([rt * a_prev, xt], axis=0)
    cct = np.tanh(Wc @ concat_r + bc)
    a_next = ut * cct + (1 - ut) * a_prev
    yt_pred = None
    if "Wy" in parameters:
        scores = parameters["Wy"] @ a_next + parameters["by"]
        yt_pred = softmax(scores)
    cache = (a_next, a_prev, ut, rt, cct, xt, parameters)
    return a_next, yt_pred, cache


def gru_forward(x, a0, parameters):
    """Fill arrays of zeros."""
    caches = []
    n_x, m, T_x = x.shape
    n_a = a0.shape[0]
    a = np.zeros((n_a, m, T_x))
    y = None
    if "Wy" in parameters:
        y = np.zeros((parameters["Wy"].shape[0], m, T_x))
    a_next = a0
    for t in range(T_x):
        a_next, yt_pred, cache = gru_cell_forward(x[:, :, t], a_next, parameters)
        a[:, :, t] = a_next
        if y is not None:
            y[:, :, t] = yt_pred
        caches.append(cache)
    return a, y, (caches, x)


def gru_cell_backward(da_next, cache):
    """Write the update gate's two terms out, and split the weights, not what the gates send back."""
    a_next, a_prev, ut, rt, cct, xt, parameters = cache
    Wu, Wr, Wc = parameters["Wu"], parameters["Wr"], parameters["Wc"]
    n_a = a_next.shape[0]
    concat = np.concatenate([a_prev, xt], axis=0)
    concat_r = np.concatenate([rt * a_prev, xt], axis=0)
    dzc = da_next * ut * (1 - cct**2)
    dzu = (da_next * cct - da_next * a_prev) * (ut * (1 - ut))
    da_relevant = Wc[:, :n_a].T @ dzc
    dzr = da_relevant * a_prev * (rt * (1 - rt))
    dWu = dzu @ concat.T
    dWr = dzr @ concat.T
    dWc = dzc @ concat_r.T
    dbu = np.sum(dzu, axis=1, keepdims=True)
    dbr = np.sum(dzr, axis=1, keepdims=True)
    dbc = np.sum(dzc, axis=1, keepdims=True)
    da_prev = (1 - ut) * da_next + rt * da_relevant + Wu[:, :n_a].T @ dzu + Wr[:, :n_a].T @ dzr
    dxt = Wc[:, n_a:].T @ dzc + Wu[:, n_a:].T @ dzu + Wr[:, n_a:].T @ dzr
    return {
        "dxt": dxt, "da_prev": da_prev,
        "dWu": dWu, "dbu": dbu, "dWr": dWr, "dbr": dbr, "dWc": dWc, "dbc": dbc,
    }  # fmt: skip


def gru_backward(da, caches):
    """Make arrays of zeros from sizes, and add without writing in place."""
    steps, x = caches
    n_a, m, T = da.shape
    n_x = x.shape[0]
    dx = np.zeros((n_x, m, T))
    da_prev = np.zeros((n_a, m))
    dWu, dWr, dWc = (np.zeros((n_a, n_a + n_x)) for _ in range(3))
    dbu, dbr, dbc = (np.zeros((n_a, 1)) for _ in range(3))
    for t in reversed(range(T)):
        gradients = gru_cell_backward(da[:, :, t] + da_prev, steps[t])
        da_prev = gradients["da_prev"]
        dx[:, :, t] = gradients["dxt"]
        dWu = dWu + gradients["dWu"]
        dWr = dWr + gradients["dWr"]
        dWc = dWc + gradients["dWc"]
        dbu = dbu + gradients["dbu"]
        dbr = dbr + gradients["dbr"]
        dbc = dbc + gradients["dbc"]
    da0 = da_prev
    return {
        "dx": dx, "da0": da0,
        "dWu": dWu, "dbu": dbu, "dWr": dWr, "dbr": dbr, "dWc": dWc, "dbc": dbc,
    }  # fmt: skip


SHARES = "ut * cct + (1 - ut) * a_prev"
BELOW = "Wc[:, a_prev.shape[0] :] @ xt"

CELL_FORWARD = Known(gru.gru_cell_forward, (gru_cell_forward,), (
    make_mistake(gru_cell_forward, "update gate", "wrong order", "`ut` and `1 - ut` are exchanged in the hidden state: here `ut` is the share of the candidate. Many texts and frameworks call that share 1 - z.", (SHARES, "(1 - ut) * cct + ut * a_prev")),
    make_mistake(gru_cell_forward, "update gate", "wrong order", "The update gate and the relevance gate are exchanged: `rt` belongs before the candidate's product, `ut` in the hidden state.", ("[rt * a_prev", "[ut * a_prev"), (SHARES, "rt * cct + (1 - rt) * a_prev")),
    make_mistake(gru_cell_forward, "relevance gate", "wrong order", "The relevance gate acts after the product with Wc, as in PyTorch; here it acts on a_prev before the product.", ("Wc @ concat_r", f"rt * (Wc[:, : a_prev.shape[0]] @ a_prev) + {BELOW}")),
    make_mistake(gru_cell_forward, "relevance gate", "wrong order", "The relevance gate multiplies the whole product with Wc, the input's part as well; it acts on a_prev alone, before the product.", ("Wc @ concat_r", "rt * (Wc @ concat)")),
    make_mistake(gru_cell_forward, "relevance gate", "wrong order", "The relevance gate multiplies the candidate's whole pre-activation; it acts on a_prev alone, before the product.", ("Wc @ concat_r + bc", "rt * (Wc @ concat + bc)")),
    make_mistake(gru_cell_forward, "a_next", "extra factor", "The previous state is multiplied by the relevance gate in the hidden state as well; it belongs in the candidate alone.", ("(1 - ut) * a_prev", "(1 - ut) * (rt * a_prev)")),
    make_mistake(gru_cell_forward, "concat", "wrong order", "Both gates and the candidate look at [xt; a_prev]; their weights are made for [a_prev; xt].", ("[a_prev, xt]", "[xt, a_prev]"), ("[rt * a_prev, xt]", "[xt, rt * a_prev]")),
    make_mistake(gru_cell_forward, "br, bc", "wrong source", "The bias of the update gate, bu, stands in the relevance gate and in the candidate too.", ("@ concat + br", "@ concat + bu"), ("@ concat_r + bc", "@ concat_r + bu")),
    make_mistake(gru_cell_forward, "gates", "wrong source", "The gates are passed through softmax, which lets them compete; each is a sigmoid.", ("= sigmoid(", "= softmax(")),
    make_mistake(gru_cell_forward, "relevance gate", "wrong source", "The relevance gate is `1 - ut`; it has weights of its own, Wr and br.", ("rt = sigmoid(zr)", "rt = 1 - ut")),
))  # fmt: skip

VIEW = "a view of the array that is filled later: a0 is ignored, and the a_prev kept for the first step is overwritten by a of that step."

FORWARD = Known(gru.gru_forward, (gru_forward,), (
    make_mistake(gru_forward, "a0", "wrong source", "a0 is ignored: the hidden state starts from zeros.", ("a_next = a0", "a_next = np.zeros_like(a0)")),
    make_mistake(gru_forward, "a_prev", "overwritten", f"The hidden state starts as a[:, :, 0], {VIEW}", ("a_next = a0", "a_next = a[:, :, 0]")),
    make_mistake(gru_forward, "a_prev", "wrong step", "The previous state is read from a[:, :, t - 1]; at the first step that is the last entry of the array, not a0.", ("t], a_next,", "t], a[:, :, t - 1],")),
))  # fmt: skip

# The way back of a GRU whose relevance gate acts after the product.
AFTER = (
    ("da_relevant = Wc[:, :n_a].T @ dzc", "da_relevant = Wc[:, :n_a].T @ (rt * dzc)"),
    ("dzr = da_relevant * a_prev", "dzr = dzc * (Wc[:, :n_a] @ a_prev)"),
    ("rt * da_relevant", "da_relevant"),
)
BATCH = "The weight and bias gradients are averaged over the batch; they have to be summed."

CELL_BACKWARD = Known(gru.gru_cell_backward, (gru_cell_backward,), (
    make_mistake(gru_cell_backward, "sigmoid", "wrong factor", "The sigmoid's derivative is taken at the gate, which is a sigmoid already: sigmoid(g) * (1 - sigmoid(g)) where g * (1 - g) belongs.", *((f"({g} * (1 - {g}))", f"(sigmoid({g}) * (1 - sigmoid({g})))") for g in ("ut", "rt"))),
    make_mistake(gru_cell_backward, "update gate", "wrong factor", "The update gate is passed through the sigmoid again, where its derivative belongs.", ("(ut * (1 - ut))", "sigmoid(ut)")),
    make_mistake(gru_cell_backward, "relevance gate", "wrong factor", "The relevance gate is passed through the sigmoid again, where its derivative belongs.", ("(rt * (1 - rt))", "sigmoid(rt)")),
    make_mistake(gru_cell_backward, "update gate", "missing factor", "The update gate's gradient lacks the sigmoid's derivative, ut * (1 - ut).", (" * (ut * (1 - ut))", "")),
    make_mistake(gru_cell_backward, "relevance gate", "missing factor", "The relevance gate's gradient lacks the sigmoid's derivative, rt * (1 - rt).", (" * (rt * (1 - rt))", "")),
    make_mistake(gru_cell_backward, "update gate", "wrong factor", "The sigmoid's derivative multiplies only the term of the previous state in the update gate's gradient: parentheses around the difference are missing.", ("(da_next * cct - da_next * a_prev) *", "da_next * cct - da_next * a_prev *")),
    make_mistake(gru_cell_backward, "update gate", "wrong order", "This is the way back of `(1 - ut) * cct + ut * a_prev`; forward, `ut` is the share of the candidate.", ("da_next * ut *", "da_next * (1 - ut) *"), ("da_next * cct - da_next * a_prev", "da_next * a_prev - da_next * cct"), ("(1 - ut) * da_next", "ut * da_next")),
    make_mistake(gru_cell_backward, "relevance gate", "wrong order", "This is the way back of a relevance gate that acts after the product with Wc; here it acts on a_prev before the product.", *AFTER, ("dWc = dzc @ concat_r.T", "dWc = np.concatenate([(rt * dzc) @ a_prev.T, dzc @ xt.T], axis=1)")),
    make_mistake(gru_cell_backward, "relevance gate", "wrong order", "The gradients at rt and a_prev are those of a relevance gate that acts after the product with Wc; here it acts on a_prev before the product.", *AFTER),
    make_mistake(gru_cell_backward, "relevance gate", "wrong source", "The relevance gate's gradient starts from da_next; rt reaches the hidden state through the candidate alone.", ("da_relevant * a_prev *", "da_next * (1 - ut) * a_prev *")),
    make_mistake(gru_cell_backward, "da_prev, dxt", "missing term", "da_prev and dxt lack what the two gates send back: the gates looked at a_prev and xt as well.", (" + Wu[:, :n_a].T @ dzu + Wr[:, :n_a].T @ dzr", ""), (" + Wu[:, n_a:].T @ dzu + Wr[:, n_a:].T @ dzr", "")),
    make_mistake(gru_cell_backward, "da_prev, dxt", "wrong source", "What is sent back is split at n_x, as if xt stood on top; a_prev does, so it has to be split at n_a.", ("Wu[:, :n_a].T", "Wu[:, xt.shape[0] :].T"), ("Wr[:, :n_a].T", "Wr[:, xt.shape[0] :].T"), ("Wc[:, :n_a].T", "Wc[:, xt.shape[0] :].T"), ("[:, n_a:].T", "[:, : xt.shape[0]].T")),
    make_mistake(gru_cell_backward, "da_relevant", "wrong source", "What the candidate sends back is split at n_x, as if xt stood on top; rt * a_prev does, so it has to be split at n_a.", ("Wc[:, :n_a].T", "Wc[:, xt.shape[0] :].T"), ("Wc[:, n_a:].T", "Wc[:, : xt.shape[0]].T")),
    make_mistake(gru_cell_backward, "weight gradients", "extra factor", BATCH, ("@ concat.T", "@ concat.T / M"), ("@ concat_r.T", "@ concat_r.T / M"), ("axis=1, keepdims=True)", "axis=1, keepdims=True) / M")),
))  # fmt: skip

GRADIENTS = [f"d{kind}{gate}" for gate in "urc" for kind in "Wb"]

BACKWARD = Known(gru.gru_backward, (gru_backward,), (
    make_mistake(gru_backward, "da", "missing term", "Only the last step of `da` is used; at each step, `da[:, :, t]` has to be added to the gradient that is carried back.", ("da_prev = np.zeros((n_a, m))", "da_prev = da[:, :, -1]"), ("da[:, :, t] + da_prev", "da_prev")),
    make_mistake(gru_backward, "da_prev", "not carried", "Nothing is carried back: da_prev, the gradient that a step sends to the step before it, is left out.", ("da[:, :, t] + da_prev", "da[:, :, t]")),
    make_mistake(gru_backward, "da_prev", "not carried", "Nothing is carried back: da_prev keeps its first zeros, in the loop and in da0.", ("da[:, :, t] + da_prev", "da[:, :, t]"), ("da0 = da_prev", "da0 = 0 * da_prev")),
    make_mistake(gru_backward, "da_prev", "extra term", "da_prev is added up over the steps; each step has to replace it.", ('da_prev = gradients["da_prev"]', 'da_prev = da_prev + gradients["da_prev"]')),
    make_mistake(gru_backward, "weight gradients", "overwritten", "The weight and bias gradients are overwritten at every step, so they keep that of step 0 alone; the steps have to be added up.", *((f"{name} = {name} + ", f"{name} = ") for name in GRADIENTS)),
    make_mistake(gru_backward, "weight gradients", "wrong factor", BATCH, *((f'{name} + gradients["{name}"]', f'{name} + gradients["{name}"] / m') for name in GRADIENTS)),
    make_mistake(gru_backward, "da", "wrong step", "The steps are counted from the end of the caches: the last step of da is paired with the last step of x, which is wrong when da has fewer steps than x.", ("steps[t]", "steps[t - T]")),
))  # fmt: skip
