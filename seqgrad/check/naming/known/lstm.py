"""The LSTM as other people write it, the mistakes that are made there, and what its gates are products of."""

# ruff: noqa: E501 - a table: a mistake is a line, however long

import numpy as np

from seqgrad.activations import sigmoid, softmax
from seqgrad.check.exercises import lstm
from seqgrad.check.naming.known.known import Known, Products, make_mistake


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    """Give the scores a name, and take the output gate last."""
    Wf, Wi, Wc, Wo = parameters["Wf"], parameters["Wi"], parameters["Wc"], parameters["Wo"]
    bf, bi, bc, bo = parameters["bf"], parameters["bi"], parameters["bc"], parameters["bo"]
    Wy, by = parameters["Wy"], parameters["by"]
    concat = np.concatenate([a_prev, xt], axis=0)
    ft = sigmoid(Wf @ concat + bf)
    it = sigmoid(Wi @ concat + bi)
    cct = np.tanh(Wc @ concat + bc)
    c_next = ft * c_prev + it * cct
    ot = sigmoid(Wo @ concat + bo)
    a_next = ot * np.tanh(c_next)
    scores = Wy @ a_next + by
    yt_pred = softmax(scores)
    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    return a_next, c_next, yt_pred, cache


def lstm_forward(x, a0, parameters):
    """Fill arrays of zeros."""
    caches = []
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wy"].shape
    a = np.zeros((n_a, m, T_x))
    c = np.zeros((n_a, m, T_x))
    y = np.zeros((n_y, m, T_x))
    a_next = a0
    c_next = np.zeros((n_a, m))
    for t in range(T_x):
        a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)
        a[:, :, t] = a_next
        c[:, :, t] = c_next
        y[:, :, t] = yt
        caches.append(cache)
    return a, y, c, (caches, x)


def lstm_cell_backward(da_next, dc_next, cache):
    """Write both paths out in each gate, and split the weights, not what the gates send back."""
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    Wf, Wi, Wc, Wo = parameters["Wf"], parameters["Wi"], parameters["Wc"], parameters["Wo"]
    n_a = a_next.shape[0]
    dzo = da_next * np.tanh(c_next) * (ot * (1 - ot))
    dzi = dc_next * cct * (it * (1 - it))
    dzi = dzi + (ot * (1 - np.tanh(c_next) ** 2)) * cct * da_next * (it * (1 - it))
    dzf = dc_next * c_prev * (ft * (1 - ft))
    dzf = dzf + (ot * (1 - np.tanh(c_next) ** 2)) * c_prev * da_next * (ft * (1 - ft))
    dzc = dc_next * it * (1 - cct**2) + (ot * (1 - np.tanh(c_next) ** 2)) * it * da_next * (1 - cct**2)
    concat = np.concatenate([a_prev, xt], axis=0)
    dWf = dzf @ concat.T
    dWi = dzi @ concat.T
    dWc = dzc @ concat.T
    dWo = dzo @ concat.T
    dbf = np.sum(dzf, axis=1, keepdims=True)
    dbi = np.sum(dzi, axis=1, keepdims=True)
    dbc = np.sum(dzc, axis=1, keepdims=True)
    dbo = np.sum(dzo, axis=1, keepdims=True)
    da_prev = Wf[:, :n_a].T @ dzf + Wi[:, :n_a].T @ dzi + Wc[:, :n_a].T @ dzc + Wo[:, :n_a].T @ dzo
    dc_prev = dc_next * ft + (ot * (1 - np.tanh(c_next) ** 2)) * ft * da_next
    dxt = Wf[:, n_a:].T @ dzf + Wi[:, n_a:].T @ dzi + Wc[:, n_a:].T @ dzc + Wo[:, n_a:].T @ dzo
    return {
        "dxt": dxt, "da_prev": da_prev, "dc_prev": dc_prev,
        "dWf": dWf, "dbf": dbf, "dWi": dWi, "dbi": dbi,
        "dWc": dWc, "dbc": dbc, "dWo": dWo, "dbo": dbo,
    }  # fmt: skip


def lstm_backward(da, caches):
    """Make arrays of zeros from sizes, and add without writing in place."""
    steps, x = caches
    n_a, m, T = da.shape
    n_x = x.shape[0]
    dx = np.zeros((n_x, m, T))
    da0 = np.zeros((n_a, m))
    da_prev = np.zeros((n_a, m))
    dc_prev = np.zeros((n_a, m))
    dWf, dWi, dWc, dWo = (np.zeros((n_a, n_a + n_x)) for _ in range(4))
    dbf, dbi, dbc, dbo = (np.zeros((n_a, 1)) for _ in range(4))
    for t in reversed(range(T)):
        gradients = lstm_cell_backward(da[:, :, t] + da_prev, dc_prev, steps[t])
        da_prev = gradients["da_prev"]
        dc_prev = gradients["dc_prev"]
        dx[:, :, t] = gradients["dxt"]
        dWf = dWf + gradients["dWf"]
        dWi = dWi + gradients["dWi"]
        dWc = dWc + gradients["dWc"]
        dWo = dWo + gradients["dWo"]
        dbf = dbf + gradients["dbf"]
        dbi = dbi + gradients["dbi"]
        dbc = dbc + gradients["dbc"]
        dbo = dbo + gradients["dbo"]
    da0 = da_prev
    return {
        "dx": dx, "da0": da0,
        "dWf": dWf, "dbf": dbf, "dWi": dWi, "dbi": dbi,
        "dWc": dWc, "dbc": dbc, "dWo": dWo, "dbo": dbo,
    }  # fmt: skip


# Each gate's gradient is a product: of these factors, and of the gradient that arrives.
SQUASH = "1 - np.tanh(c_next)**2"
FACTORS = {
    "dzf": ("c_prev", "ft", "1 - ft"),
    "dzi": ("cct", "it", "1 - it"),
    "dzc": ("it", "1 - cct**2"),
    "dc_prev": ("ft",),
}
RIGHT = {(name, "dc_next"): factors for name, factors in FACTORS.items()}
RIGHT |= {(name, "da_next"): ("ot", SQUASH, *factors) for name, factors in FACTORS.items()}
RIGHT |= {("dzo", "dc_next"): None, ("dzo", "da_next"): ("np.tanh(c_next)", "ot", "1 - ot")}
STATES = ("c_next", "c_prev", "a_next", "a_prev", "cct", "ft", "it", "ot")


def list_factors(drawn):
    """Return everything that could be a factor of a gate's gradient, by the name that a learner writes."""
    values = {name: drawn[name][:, 0] for name in STATES}
    c_next, c_prev, cct = values["c_next"], values["c_prev"], values["cct"]
    values |= {f"1 - {gate}": 1 - values[gate] for gate in ("ft", "it", "ot")}
    values |= {"1 - cct**2": 1 - cct**2, "np.tanh(c_next)": np.tanh(c_next), SQUASH: 1 - np.tanh(c_next) ** 2}
    values |= {"np.tanh(c_prev)": np.tanh(c_prev), "1 - np.tanh(c_prev)**2": 1 - np.tanh(c_prev) ** 2}
    values |= {"1 - c_next**2": 1 - c_next**2, "1 - np.tanh(c_next)": 1 - np.tanh(c_next), "1 - cct": 1 - cct}
    return values


def follow_gates(drawn, returned):
    """Return what the other outputs have to be, made of the gates' gradients that a function returned."""
    dz = {gate: returned["db" + gate] for gate in "fico"}
    concat = np.concatenate([drawn["a_prev"], drawn["xt"]], axis=0)
    dconcat = sum(drawn["parameters"]["W" + gate].T @ dz[gate] for gate in "fico")
    n_a = len(drawn["a_prev"])
    weights = {"dW" + gate: dz[gate] @ concat.T for gate in "fico"}
    return weights | {"da_prev": dconcat[:n_a], "dxt": dconcat[n_a:]}


GATES = {"ft": "forget gate", "it": "input gate", "ot": "output gate"}

CELL_FORWARD = Known(lstm.lstm_cell_forward, (lstm_cell_forward,), (
    make_mistake(lstm_cell_forward, "concat", "wrong order", "The gates look at [xt; a_prev]; their weights are made for [a_prev; xt].", ("[a_prev, xt]", "[xt, a_prev]")),
    make_mistake(lstm_cell_forward, "input gate", "wrong order", "The forget gate and the input gate are exchanged in the new cell state.", ("ft * c_prev + it * cct", "it * c_prev + ft * cct")),
    make_mistake(lstm_cell_forward, "bf, bi", "wrong source", "The bias of the output gate, bo, stands in the forget and input gates too.", ("@ concat + bf", "@ concat + bo"), ("@ concat + bi", "@ concat + bo")),
    make_mistake(lstm_cell_forward, "input gate", "wrong source", "The input gate is `1 - ft`; it has weights of its own, Wi and bi.", ("it = sigmoid(Wi @ concat + bi)", "it = 1 - ft")),
    make_mistake(lstm_cell_forward, "gates", "wrong source", "The gates are passed through softmax, which lets them compete; each is a sigmoid.", ("= sigmoid(", "= softmax(")),
    make_mistake(lstm_cell_forward, "input gate", "wrong source", "The new cell state has `1 - ft` where it should have `it`.", ("+ it * cct", "+ (1 - ft) * cct")),
    make_mistake(lstm_cell_forward, "bo", "wrong source", "The output gate has the bias `bf` where it should have `bo`.", ("@ concat + bo", "@ concat + bf")),
    make_mistake(lstm_cell_forward, "c_prev", "overwritten", "c_prev is changed in place, so the cache holds the new cell state as the old one.", ("c_next, a_prev, c_prev, ft", "c_next, a_prev, c_next, ft")),
))  # fmt: skip

STEP = "        a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)\n"
STORE = "        a[:, :, t] = a_next\n", "        c[:, :, t] = c_next\n"
BEFORE = "stored before the step is taken, so that each entry is the state before the step; store what the step returns."

FORWARD = Known(lstm.lstm_forward, (lstm_forward,), (
    make_mistake(lstm_forward, "a, c", "wrong step", f"`a[:, :, t]` and `c[:, :, t]` are {BEFORE}", (STEP + "".join(STORE), "".join(STORE) + STEP)),
    make_mistake(lstm_forward, "a", "wrong step", f"`a[:, :, t]` is {BEFORE}", (STEP + STORE[0], STORE[0] + STEP)),
    make_mistake(lstm_forward, "c", "wrong step", f"`c[:, :, t]` is {BEFORE}", (STEP, STORE[1] + STEP), (STORE[0] + STORE[1], STORE[0])),
    make_mistake(lstm_forward, "c_prev", "overwritten", "The cell state starts as c[:, :, 0], a view of the array that is filled later: the c_prev kept for the first step is overwritten by c of that step. Start from new zeros.", ("c_next = np.zeros((n_a, m))", "c_next = c[:, :, 0]")),
    make_mistake(lstm_forward, "a_prev", "overwritten", "The hidden state starts as a[:, :, 0], a view of the array that is filled later: a0 is ignored, and the a_prev kept for the first step is overwritten by a of that step.", ("a_next = a0", "a_next = a[:, :, 0]")),
    make_mistake(lstm_forward, "a_prev", "overwritten", "Both states start as views of the arrays that are filled later: a0 is ignored, and a_prev and c_prev kept for the first step are overwritten.", ("a_next = a0", "a_next = a[:, :, 0]"), ("c_next = np.zeros((n_a, m))", "c_next = c[:, :, 0]")),
    make_mistake(lstm_forward, "a_prev", "wrong step", "The previous state is read from a[:, :, t - 1]; at the first step that is the last entry of the array," " not a0.", ("t], a_next, c_next", "t], a[:, :, t - 1], c_next")),
    make_mistake(lstm_forward, "c_prev", "wrong step", "The previous cell state is read from c[:, :, t - 1]; at the first step that is the last entry of the array, overwritten at the end.", ("a_next, c_next, parameters", "a_next, c[:, :, t - 1], parameters")),
    make_mistake(lstm_forward, "a_prev", "wrong step", "The previous states are read from a[:, :, t - 1] and c[:, :, t - 1]; at the first step these are the last entries of the arrays, not a0 and zeros.", ("t], a_next, c_next", "t], a[:, :, t - 1], c[:, :, t - 1]")),
    make_mistake(lstm_forward, "c_next", "wrong source", "The cell state starts as a0; it has to start at zero.", ("c_next = np.zeros((n_a, m))", "c_next = a0")),
))  # fmt: skip

# A gate's derivative on the path through da_next alone: what is left of the other path without parentheses.
FORGET = ("dc_next * c_prev * (ft * (1 - ft))", "dc_next * c_prev")
INPUT = ("dc_next * cct * (it * (1 - it))", "dc_next * cct")
LAST_GATE = "on the term through da_next alone: parentheses around the sum are missing."

CELL_BACKWARD = Known(lstm.lstm_cell_backward, (lstm_cell_backward,), (
    make_mistake(lstm_cell_backward, "parentheses", "wrong factor", "The sigmoid's derivative multiplies only the term through da_next in the gradients of the forget and input gate: parentheses around the sum are missing.", FORGET, INPUT),
    make_mistake(lstm_cell_backward, "forget gate", "wrong factor", f"The forget gate's gradient has `ft * (1 - ft)` {LAST_GATE}", FORGET),
    make_mistake(lstm_cell_backward, "input gate", "wrong factor", f"The input gate's gradient has `it * (1 - it)` {LAST_GATE}", INPUT),
    make_mistake(lstm_cell_backward, "parentheses", "wrong factor", "The formulas of the version-3 text are typed as printed: without parentheses, so that the derivatives multiply one term alone, and with `cct * (1 - np.tanh(cct)**2)` in the candidate.", FORGET, INPUT, ("dc_next * it * (1 - cct**2)", "dc_next * it"), ("it * da_next * (1 - cct**2)", "it * da_next * cct * (1 - np.tanh(cct) ** 2)")),
    make_mistake(lstm_cell_backward, "da_prev, dxt", "wrong source", "The gradient that the gates send back is split at n_x, as if xt stood on top; a_prev does, so it has to be split at n_a.", ("[:, :n_a].T", "[:, xt.shape[0] :].T"), ("[:, n_a:].T", "[:, : xt.shape[0]].T")),
    make_mistake(lstm_cell_backward, "sigmoid", "wrong factor", "The sigmoid's derivative is taken at the gate, which is a sigmoid already: sigmoid(g) * (1 - sigmoid(g)) where g * (1 - g) belongs.", *((f"({g} * (1 - {g}))", f"(sigmoid({g}) * (1 - sigmoid({g})))") for g in GATES)),
    make_mistake(lstm_cell_backward, "weight gradients", "extra factor", "The weight and bias gradients are averaged over the batch; they have to be summed.", ("@ concat.T", "@ concat.T / M"), ("axis=1, keepdims=True)", "axis=1, keepdims=True) / M")),
    *(make_mistake(lstm_cell_backward, name, "wrong factor", f"The {name} is passed through the sigmoid again, where its derivative belongs.", (f"({g} * (1 - {g}))", f"sigmoid({g})"))
      for g, name in GATES.items()),
), Products(RIGHT, list_factors, follow_gates))  # fmt: skip

CARRY = ("da[:, :, t] + da_prev", "da[:, :, t]")
CARRY_C = (", dc_prev, steps[t]", ", 0 * dc_prev, steps[t]")
FROM_DBF = tuple((f"db{gate} = db{gate} +", f"db{gate} = dbf +") for gate in "ico")
GRADIENTS = [f"d{kind}{gate}" for gate in "fico" for kind in "Wb"]

BACKWARD = Known(lstm.lstm_backward, (lstm_backward,), (
    make_mistake(lstm_backward, "da", "missing term", "Only the last step of `da` is used; at each step, `da[:, :, t]` has to be added to the gradient that is carried back.", ("da_prev = np.zeros((n_a, m))", "da_prev = da[:, :, -1]"), ("da[:, :, t] + da_prev", "da_prev")),
    make_mistake(lstm_backward, "da_prev", "not carried", "Nothing is carried back: both da_prev and dc_prev, the gradients that a step sends to the step before it, are left out. The expected table of this assignment's version 3 was made that way, and is wrong.", CARRY, CARRY_C),
    make_mistake(lstm_backward, "da_prev", "not carried", "Nothing is carried back from step to step, and dbi, dbc and dbo are each added to dbf instead of to their own sum. The expected table of this assignment's version 3 has exactly these two mistakes.", CARRY, CARRY_C, *FROM_DBF),
    make_mistake(lstm_backward, "da_prev", "not carried", "Nothing is carried back: da_prev and dc_prev keep their first zeros, in the loop and in da0.", CARRY, CARRY_C, ("da0 = da_prev", "da0 = 0 * da_prev")),
    make_mistake(lstm_backward, "da_prev", "not carried", "`da_prev`, which each step sends to the step before it, is not carried: add it to `da[:, :, t]`.", CARRY),
    make_mistake(lstm_backward, "bias gradients", "wrong source", "dbi, dbc and dbo are each added to dbf instead of to their own sum.", *FROM_DBF),
    make_mistake(lstm_backward, "da_prev", "extra term", "da_prev and dc_prev are added up over the steps; each step has to replace them.", ('da_prev = gradients["da_prev"]', 'da_prev = da_prev + gradients["da_prev"]'), ('dc_prev = gradients["dc_prev"]', 'dc_prev = dc_prev + gradients["dc_prev"]')),
    make_mistake(lstm_backward, "weight gradients", "overwritten", "The weight and bias gradients are overwritten at every step, so they keep that of step 0 alone; the steps have to be added up.", *((f"{name} = {name} + ", f"{name} = ") for name in GRADIENTS)),
    make_mistake(lstm_backward, "weight gradients", "wrong factor", "The weight and bias gradients are averaged over the batch; they have to be summed.", *((f'{name} + gradients["{name}"]', f'{name} + gradients["{name}"] / m') for name in GRADIENTS)),
    make_mistake(lstm_backward, "da", "wrong step", "The steps are counted from the end of the caches: the last step of da is paired with the last step of x, which is wrong when da has fewer steps than x.", ("steps[t]", "steps[t - T]")),
))  # fmt: skip
