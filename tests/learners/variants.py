"""Correct implementations that look nothing like the reference: none of them may be accused."""

# ruff: noqa: E501 - a table: an entry is a line or two, however long

import functools

import numpy as np

from tests.learners import FAMILIES, TEXTS, notebook

BOOK = notebook()
EDITS = {
    "softmax with exp2": ("softmax", ("np.exp(x - np.max(x, axis=0))", "np.exp2((x - np.max(x, axis=0)) / np.log(2))")),
    "softmax by logsumexp": ("softmax", ("    return e_x / e_x.sum(axis=0)", "    return np.exp(x - np.max(x, axis=0) - np.log(e_x.sum(axis=0)))")),
    "softmax in float32": ("softmax", ("def softmax(x):", "def softmax(x):\n    x = x.astype(np.float32)")),
    "sigmoid by tanh": ("sigmoid", ("1 / (1 + np.exp(-x))", "0.5 * (1 + np.tanh(0.5 * x))")),
    "sigmoid by logaddexp": ("sigmoid", ("1 / (1 + np.exp(-x))", "np.exp(-np.logaddexp(0, -x))")),
    "sigmoid in two halves": ("sigmoid", ("1 / (1 + np.exp(-x))", "np.where(x > 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))")),
    "adam zeros from products": ("initialize_adam", ('np.zeros(parameters["W" + str(l + 1)].shape)', '0.0 * parameters["W" + str(l + 1)]')),
    "adam with the correction in the rate": ("update_parameters_with_adam", ('v["d" + k] / (1 - np.power(beta1, t))', 'v["d" + k] * (1 / (1 - beta1 ** t))')),
    "adam by a running difference": ("update_parameters_with_adam", ('beta1 * v["d" + k] + (1 - beta1) * grads["d" + k]', 'v["d" + k] + (1 - beta1) * (grads["d" + k] - v["d" + k])')),
    "adam into the dicts that it was given": ("update_parameters_with_adam", ("parameters, v, s = dict(parameters), dict(v), dict(s)", "pass")),
    "rnn cell by einsum": ("rnn_cell_forward", ("np.dot(Waa, a_prev)", 'np.einsum("ij,jm->im", Waa, a_prev)')),
    "rnn cell with stacked weights": ("rnn_cell_forward", ("np.dot(Waa, a_prev) + np.dot(Wax, xt)", "np.hstack([Waa, Wax]) @ np.vstack([a_prev, xt])")),
    "rnn cell with copies in the cache": ("rnn_cell_forward", ("cache = (a_next, a_prev, xt, parameters)", "cache = (a_next.copy(), a_prev.copy(), xt.copy(), dict(parameters))")),
    "rnn cell with a list as cache": ("rnn_cell_forward", ("cache = (a_next, a_prev, xt, parameters)", "cache = [a_next, a_prev, xt, parameters]")),
    "rnn cell with its own softmax": ("rnn_cell_forward", ("softmax(np.dot(Wya, a_next) + by)", "(lambda e: e / e.sum(0))(np.exp(np.dot(Wya, a_next) + by - (np.dot(Wya, a_next) + by).max(0)))")),
    "rnn forward with lists": ("rnn_forward", ("    a = np.zeros((n_a, m, T_x))", "    states = []\n    a = np.zeros((n_a, m, T_x))"), ("a[:, :, t] = a_next", "states.append(a_next)"), ("    caches = (caches, x)", "    a = np.stack(states, axis=-1)\n    caches = (caches, x)")),
    "rnn forward in column order": ("rnn_forward", ("np.zeros((n_a, m, T_x))", 'np.zeros((n_a, m, T_x), order="F")')),
    "rnn forward from the stored state": ("rnn_forward", ("t], a_next,", "t], a0 if t == 0 else a[:, :, t - 1],")),
    "rnn forward in a while loop": ("rnn_forward", ("for t in range(T_x):", "t = -1\n    while t < T_x - 1:\n        t += 1")),
    "rnn forward over enumerated steps": ("rnn_forward", ("for t in range(T_x):", "for t, _ in enumerate(np.moveaxis(x, 2, 0)):")),
    "rnn cell backward by einsum": ("rnn_cell_backward", ("np.dot(dtanh, xt.T)", 'np.einsum("am,xm->ax", dtanh, xt)')),
    "rnn cell backward with extra keys": ("rnn_cell_backward", ('"dba": dba}', '"dba": dba, "dz": dtanh, "dWya": None}')),
    "rnn cell backward, factored": ("rnn_cell_backward", ("(1 - a_next**2) * da_next", "(1 - a_next) * (1 + a_next) * da_next")),
    "rnn cell backward, recomputed": ("rnn_cell_backward", ("1 - a_next**2", "1 - np.tanh(Wax @ xt + Waa @ a_prev + ba)**2")),
    "rnn cell backward, bias by a product": ("rnn_cell_backward", ("np.sum(dtanh, axis=1, keepdims=True)", "dtanh @ np.ones((dtanh.shape[1], 1))")),
    "rnn backward with sums of a list": ("rnn_backward", ("dWax += dWaxt", "dWax = sum([dWax, dWaxt])")),
    "rnn backward, counted down": ("rnn_backward", ("reversed(range(T_x))", "range(T_x - 1, -1, -1)")),
    "lstm cell in float32": ("lstm_cell_forward", ("    n_x, m = xt.shape", "    xt, a_prev, c_prev = (z.astype(np.float32) for z in (xt, a_prev, c_prev))\n    n_x, m = xt.shape")),
    "lstm cell with stacked weights": ("lstm_cell_forward", ("    ft = sigmoid(np.dot(Wf, concat) + bf)", "    zf, zi = np.split(np.vstack([Wf, Wi]) @ concat + np.vstack([bf, bi]), 2)\n    ft = sigmoid(zf)"), ("sigmoid(np.dot(Wi, concat) + bi)", "sigmoid(zi)")),
    "lstm cell without concat": ("lstm_cell_forward", ("np.dot(Wf, concat)", "(Wf[:, :n_a] @ a_prev + Wf[:, n_a:] @ xt)")),
    "lstm cell with its own sigmoid": ("lstm_cell_forward", ("ft = sigmoid(np.dot(Wf, concat) + bf)", "ft = (1 + np.tanh((np.dot(Wf, concat) + bf) / 2)) / 2")),
    "lstm forward with views of its own results": ("lstm_forward", ("a[:, :, t] = a_next", "a[:, :, t] = a_next\n        a_next = a[:, :, t]")),
    "lstm forward with a list for caches": ("lstm_forward", ("caches = (caches, x)", "caches = [caches, x]")),
    "lstm forward with a cell state from a0": ("lstm_forward", ("c_next = np.zeros((n_a, m))", "c_next = a0 * 0")),
    "lstm cell backward, output gate from a_next": ("lstm_cell_backward", ("dot = da_next * np.tanh(c_next) * ot * (1 - ot)", "dot = da_next * a_next * (1 - ot)")),
    "lstm cell backward, gates recomputed": ("lstm_cell_backward", ("    dot = ", '    ft = sigmoid(parameters["Wf"] @ np.vstack([a_prev, xt]) + parameters["bf"])\n    dot = ')),
    "lstm cell backward in float32": ("lstm_cell_backward", ("    dot = ", "    da_next, dc_next, c_next = (z.astype(np.float32) for z in (da_next, dc_next, c_next))\n    dot = ")),
    "lstm cell backward, sech": ("lstm_cell_backward", ("(1 - np.square(np.tanh(c_next)))", "(1 / np.cosh(c_next)**2)")),
    "lstm backward with a dict of sums": ("lstm_backward", ("dWf = dWf + gradients[\"dWf\"]", "dWf = np.add(dWf, gradients[\"dWf\"])")),
    "lstm backward, carried by copies": ("lstm_backward", ('da_prevt = gradients["da_prev"]', 'da_prevt = gradients["da_prev"].copy()')),
    "no docstring, a decorator, other argument names": ("sigmoid", ("def sigmoid(x):\n    return 1 / (1 + np.exp(-x))", "def twice(f):\n    def g(*z):\n        return f(*z)\n    return g\n\n\n@twice\ndef sigmoid(zahl):\n    return 1 / (1 + np.exp(-zahl))")),
}  # fmt: skip
for family in FAMILIES:
    EDITS |= family.VARIANTS


def edited(identity):
    """Return the text of a variant and the function's name."""
    function, *changes = EDITS[identity]
    changed = TEXTS[function]
    for before, after in changes:
        assert before in changed, f"{identity}: {before!r} is not in the learner's text"
        changed = changed.replace(before, after)
    return function, changed


class Callable:
    """A callable object, as a learner might keep a function in."""

    def __call__(self, x):
        """Return the softmax."""
        return BOOK["softmax"](x)


def vectorised_rnn_forward(x, a0, parameters):
    """Make all input products at once, before the loop over time."""
    Wax, Waa, Wya, ba, by = (parameters[name] for name in ("Wax", "Waa", "Wya", "ba", "by"))
    inputs = np.tensordot(Wax, x, axes=1) + ba[:, :, np.newaxis]
    states = [a0]
    for t in range(x.shape[2]):
        states.append(np.tanh(inputs[:, :, t] + Waa @ states[-1]))
    a = np.stack(states[1:], axis=2)
    scores = np.tensordot(Wya, a, axes=1) + by[:, :, np.newaxis]
    e = np.exp(scores - scores.max(axis=0))
    caches = [(states[t + 1], states[t], x[:, :, t], parameters) for t in range(x.shape[2])]
    return a, e / e.sum(axis=0), (caches, x)


def vectorised_rnn_backward(da, caches):
    """Take the weight gradients after the loop, in one product over all steps."""
    steps, x = caches
    T = da.shape[2]
    a, before = (np.stack([step[k] for step in steps[:T]], axis=2) for k in (0, 1))
    Wax, Waa = steps[0][3]["Wax"], steps[0][3]["Waa"]
    dz, carried = np.zeros_like(da), np.zeros(da.shape[:2])
    for t in range(T - 1, -1, -1):
        dz[:, :, t] = (da[:, :, t] + carried) * (1 - a[:, :, t] ** 2)
        carried = Waa.T @ dz[:, :, t]
    return {
        "dx": np.einsum("ax,amt->xmt", Wax, dz), "da0": carried, "dWax": np.einsum("amt,xmt->ax", dz, x[:, :, :T]),
        "dWaa": np.einsum("amt,bmt->ab", dz, before), "dba": dz.sum(axis=(1, 2))[:, None],
    }  # fmt: skip


def generator_rnn_forward(x, a0, parameters):
    """Yield the three results, which unpack as a tuple does."""
    yield from BOOK["rnn_forward"](x, a0, parameters)


def sampled_by_hand(parameters, newline, rng, max_length=50):
    """Draw by the cumulative sum of the probabilities, and yield the codes."""
    from seqgrad.text import cell_step

    n_y, n_a = len(parameters["by"]), len(parameters["bf" if "Wf" in parameters else "ba"])
    xt, a, c, code = np.zeros((n_y, 1)), np.zeros((n_a, 1)), np.zeros((n_a, 1)), None
    while code != newline and max_length:
        a, c, p = cell_step(xt, a, c, parameters)
        code = min(int(np.searchsorted(np.cumsum(p[:, 0]), rng.random())), n_y - 1)
        xt = np.eye(n_y)[:, [code]]
        max_length -= 1
        yield code


def masked_loss(y_pred, y):
    """Return the loss, computed on the columns that have a target."""
    taken = y > 0
    return -np.log(np.maximum(y_pred[taken], 1e-300)).mean(), (y_pred, y)


def adam_averages_side_by_side(parameters):
    """Keep both averages of a parameter in one array, which they share no entry of."""
    both = {"d" + name: np.zeros((*value.shape, 2)) for name, value in parameters.items()}
    return {d: pair[..., 0] for d, pair in both.items()}, {d: pair[..., 1] for d, pair in both.items()}


FUNCTIONS = {
    "a callable object": (Callable(), "softmax"),
    "a lambda": (lambda x: BOOK["sigmoid"](x), "sigmoid"),
    "a partial": (functools.partial(BOOK["lstm_forward"]), "lstm_forward"),
    "rnn forward, vectorised": (vectorised_rnn_forward, "rnn_forward"),
    "rnn backward, vectorised": (vectorised_rnn_backward, "rnn_backward"),
    "rnn forward, a generator": (generator_rnn_forward, "rnn_forward"),
    "sample by cumulative sums": (sampled_by_hand, "sample"),
    "adam's averages side by side in one array": (adam_averages_side_by_side, "initialize_adam"),
    "loss by a mask": (masked_loss, "cross_entropy_forward"),
    "clip by minimum and maximum": (lambda gradients, maxValue: {k: np.minimum(np.maximum(g, -maxValue), maxValue) for k, g in gradients.items()}, "clip"),
    "norm by vdot": (lambda g, n: ((lambda z: ({k: v * min(1.0, n / z) if z else v for k, v in g.items()}, z))(float(np.sqrt(sum(np.vdot(v, v) for v in g.values()))))), "clip_by_global_norm"),
    "output backward by tensordot": (lambda dz, a, p: {"da": np.tensordot(p["Wya" if "Wya" in p else "Wy"].T, dz, axes=1), "dWya" if "Wya" in p else "dWy": np.tensordot(dz, a, axes=([1, 2], [1, 2])), "dby": dz.sum(axis=2).sum(axis=1, keepdims=True)}, "output_backward"),
    "softmax as a matrix": (lambda x: np.matrix(BOOK["softmax"](x)) if x.ndim == 2 else BOOK["softmax"](x), "softmax"),
}  # fmt: skip


def list_variants():
    """Return what identifies each variant."""
    return [*EDITS, *FUNCTIONS]


def load(identity):
    """Return a variant, and the name of its exercise."""
    if identity in FUNCTIONS:
        return FUNCTIONS[identity]
    exercise, text = edited(identity)
    return notebook(**{exercise: text})[exercise], exercise
