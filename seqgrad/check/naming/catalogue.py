"""Mistakes of more than one token that people make, each as an edit of a right text and the sentence that names it.

They are stated only if they give the learner's numbers exactly; a sample, since the
search and the probes serve for the rest.
"""

# ruff: noqa: E501 - a table: an entry is a line or two, however long

from dataclasses import dataclass

from seqgrad.check.naming.alternatives import TEXTS
from seqgrad.check.verdict import Finding


@dataclass(frozen=True)
class Entry:
    """Pairs (text before, text after) to change in the exercise's alternative text, and the finding."""

    changes: tuple
    finding: Finding
    text: int = 0


def edited(exercise, entry):
    """Return the text of the mistake."""
    text = TEXTS[exercise][entry.text]
    for before, after in entry.changes:
        assert before in text, before
        text = text.replace(before, after)
    return text


def entry(subject, kind, sentence, *changes, text=0):
    """Return an entry from its finding and its changes."""
    return Entry(changes, Finding(subject, kind, sentence, True), text)


CARRY = ("da[:, :, t] + da_prev", "da[:, :, t]")
CARRY_C = (", dc_prev, steps[t]", ", 0 * dc_prev, steps[t]")
FROM_DBF = tuple((f"db{gate} = db{gate} +", f"db{gate} = dbf +") for gate in "ico")
GATES = (("f", "c_prev", "ft"), ("i", "cct", "it"))
NO_PARENTHESES = tuple(
    (f"dc_next * {left} * ({gate} * (1 - {gate}))", f"dc_next * {left}") for _, left, gate in GATES
)
ENTRIES = {
    "lstm_backward": (
        entry("da_prev", "not carried", "Nothing is carried back: both da_prev and dc_prev, the gradients that a step sends"
              " to the step before it, are left out. The expected table of this assignment's version 3 was made that way,"
              " and is wrong.", CARRY, CARRY_C),
        entry("da_prev", "not carried", "Nothing is carried back from step to step, and dbi, dbc and dbo are each added to"
              " dbf instead of to their own sum. The expected table of this assignment's version 3 has exactly these"
              " two mistakes.",
              CARRY, CARRY_C, *FROM_DBF),
        entry("da_prev", "not carried", "Nothing is carried back: da_prev and dc_prev keep their first zeros, in the loop and"
              " in da0.", CARRY, CARRY_C, ("da0 = da_prev", "da0 = 0 * da_prev")),
        entry("bias gradients", "wrong source", "dbi, dbc and dbo are each added to dbf instead of to their own sum.",
              *FROM_DBF),
        entry("da_prev", "extra term", "da_prev and dc_prev are added up over the steps; each step has to replace them.",
              ('da_prev = gradients["da_prev"]', 'da_prev = da_prev + gradients["da_prev"]'),
              ('dc_prev = gradients["dc_prev"]', 'dc_prev = dc_prev + gradients["dc_prev"]')),
        entry("weight gradients", "overwritten", "The weight and bias gradients are overwritten at every step, so they keep"
              " that of step 0 alone; the steps have to be added up.",
              *((f"d{kind}{gate} = d{kind}{gate} + ", f"d{kind}{gate} = ") for gate in "fico" for kind in "Wb")),
        entry("weight gradients", "wrong factor", "The weight and bias gradients are averaged over the batch; they have to"
              " be summed.",
              *((f'd{kind}{gate} + gradients["d{kind}{gate}"]', f'd{kind}{gate} + gradients["d{kind}{gate}"] / m')
                for gate in "fico" for kind in "Wb")),
        entry("da", "wrong step", "The steps are counted from the end of the caches: the last step of da is paired with the"
              " last step of x, which is wrong when da has fewer steps than x.", ("steps[t]", "steps[t - T]")),
    ),
    "rnn_backward": (
        entry("weight gradients", "overwritten", "The weight and bias gradients are overwritten at every step, so they keep"
              " that of step 0 alone; the steps have to be added up.",
              ("dWax +=", "dWax ="), ("dWaa +=", "dWaa ="), ("dba +=", "dba =")),
        entry("da", "wrong step", "The steps are counted from the end of the caches: the last step of da is paired with the"
              " last step of x, which is wrong when da has fewer steps than x.", ("steps[t]", "steps[t - T]")),
    ),
    "lstm_forward": (
        entry("c_prev", "overwritten", "The cell state starts as c[:, :, 0], a view of the array that is filled later: the"
              " c_prev kept for the first step is overwritten by c of that step. Start from new zeros.",
              ("c_next = np.zeros((n_a, m))", "c_next = c[:, :, 0]")),
        entry("a_prev", "overwritten", "The hidden state starts as a[:, :, 0], a view of the array that is filled later:"
              " a0 is ignored, and the a_prev kept for the first step is overwritten by a of that step.",
              ("a_next = a0", "a_next = a[:, :, 0]")),
        entry("a_prev", "overwritten", "Both states start as views of the arrays that are filled later: a0 is ignored, and"
              " a_prev and c_prev kept for the first step are overwritten.",
              ("a_next = a0", "a_next = a[:, :, 0]"), ("c_next = np.zeros((n_a, m))", "c_next = c[:, :, 0]")),
        entry("a_prev", "wrong step", "The previous state is read from a[:, :, t - 1]; at the first step that is the last"
              " entry of the array, not a0.", ("t], a_next, c_next", "t], a[:, :, t - 1], c_next")),
        entry("c_prev", "wrong step", "The previous cell state is read from c[:, :, t - 1]; at the first step that is the"
              " last entry of the array, overwritten at the end.", ("a_next, c_next, parameters", "a_next, c[:, :, t - 1], parameters")),
        entry("a_prev", "wrong step", "The previous states are read from a[:, :, t - 1] and c[:, :, t - 1]; at the first"
              " step these are the last entries of the arrays, not a0 and zeros.",
              ("t], a_next, c_next", "t], a[:, :, t - 1], c[:, :, t - 1]")),
        entry("c_next", "wrong source", "The cell state starts as a0; it has to start at zero.",
              ("c_next = np.zeros((n_a, m))", "c_next = a0")),
    ),
    "rnn_forward": (
        entry("a_prev", "overwritten", "The hidden state starts as a[:, :, 0], a view of the array that is filled later:"
              " a0 is ignored, and the a_prev kept for the first step is overwritten by a of that step.",
              ("a_next = a0", "a_next = a[:, :, 0]")),
        entry("a_prev", "wrong step", "The previous state is read from a[:, :, t - 1]; at the first step that is the last"
              " entry of the array, not a0.", ("t], a_next", "t], a[:, :, t - 1]")),
        entry("a0", "wrong source", "a0 is ignored: the hidden state starts at zero.", ("a_next = a0", "a_next = 0 * a0")),
        entry("a_prev", "not carried", "Every step starts from a0: the new state is not carried to the next step.",
              ("t], a_next,", "t], a0,")),
    ),
    "lstm_cell_backward": (
        entry("parentheses", "wrong factor", "The sigmoid's derivative multiplies only the term through da_next in the"
              " gradients of the forget and input gate: parentheses around the sum are missing.", *NO_PARENTHESES),
        *(entry({"f": "forget gate", "i": "input gate"}[gate], "wrong factor", f"{name}'s gradient has `{g} * (1 - {g})` on"
                f" the term through da_next alone: parentheses around the sum are missing.", change)
          for (gate, _, g), change, name in zip(GATES, NO_PARENTHESES, ("The forget gate", "The input gate"), strict=True)),
        entry("parentheses", "wrong factor", "The formulas of the version-3 text are typed as printed: without parentheses,"
              " so that the derivatives multiply one term alone, and with `cct * (1 - np.tanh(cct)**2)` in the candidate.",
              *NO_PARENTHESES, ("dc_next * it * (1 - cct**2)", "dc_next * it"),
              ("it * da_next * (1 - cct**2)", "it * da_next * cct * (1 - np.tanh(cct) ** 2)")),
        entry("da_prev, dxt", "wrong source", "The gradient that the gates send back is split at n_x, as if xt stood on top;"
              " a_prev does, so it has to be split at n_a.",
              ("[:, :n_a].T", "[:, xt.shape[0] :].T"), ("[:, n_a:].T", "[:, : xt.shape[0]].T")),
        entry("sigmoid", "wrong factor", "The sigmoid's derivative is taken at the gate, which is a sigmoid already:"
              " sigmoid(g) * (1 - sigmoid(g)) where g * (1 - g) belongs.",
              *((f"({g} * (1 - {g}))", f"(sigmoid({g}) * (1 - sigmoid({g})))") for g in ("ft", "it", "ot"))),
        entry("weight gradients", "extra factor", "The weight and bias gradients are averaged over the batch; they have to"
              " be summed.", ("@ concat.T", "@ concat.T / M"), ("axis=1, keepdims=True)", "axis=1, keepdims=True) / M")),
        *(entry({"f": "forget gate", "i": "input gate", "o": "output gate"}[gate], "wrong factor",
                f"The {word} gate is passed through the sigmoid again, where its derivative belongs.",
                (f"({g} * (1 - {g}))", f"sigmoid({g})"))
          for gate, g, word in (("f", "ft", "forget"), ("i", "it", "input"), ("o", "ot", "output"))),
    ),
    "rnn_cell_backward": (
        entry("tanh", "missing factor", "The gradient passes the tanh unchanged: the factor 1 - a_next**2 is missing.",
              ("(da_next * (1 - a_next**2))", "da_next")),
        entry("da_next", "missing factor", "The gradient that arrives, da_next, is not multiplied in.",
              ("(da_next * (1 - a_next**2))", "(1 - a_next**2)")),
        entry("tanh", "wrong factor", "The tanh's derivative is turned over: 1 / (1 - a_next**2) where 1 - a_next**2 belongs.",
              ("(da_next * (1 - a_next**2))", "(da_next / (1 - a_next**2))")),
        entry("weight gradients", "extra factor", "The weight and bias gradients are averaged over the batch; they have to"
              " be summed.", (" @ xt.T", " @ xt.T / M"), (" @ a_prev.T", " @ a_prev.T / M"), ("keepdims=True)", "keepdims=True) / M")),
    ),
    "lstm_cell_forward": (
        entry("concat", "wrong order", "The gates look at [xt; a_prev]; their weights are made for [a_prev; xt].",
              ("[a_prev, xt]", "[xt, a_prev]")),
        entry("input gate", "wrong order", "The forget gate and the input gate are exchanged in the new cell state.",
              ("ft * c_prev + it * cct", "it * c_prev + ft * cct")),
        entry("bf, bi", "wrong source", "The bias of the output gate, bo, stands in the forget and input gates too.",
              ("@ concat + bf", "@ concat + bo"), ("@ concat + bi", "@ concat + bo")),
        entry("input gate", "wrong source", "The input gate is `1 - ft`; it has weights of its own, Wi and bi.",
              ("it = sigmoid(Wi @ concat + bi)", "it = 1 - ft")),
        entry("gates", "wrong source", "The gates are passed through softmax, which lets them compete; each is a sigmoid.",
              ("= sigmoid(", "= softmax(")),
        entry("c_prev", "overwritten", "c_prev is changed in place, so the cache holds the new cell state as the old one.",
              ("c_next, a_prev, c_prev, ft", "c_next, a_prev, c_next, ft")),
    ),
    "rnn_cell_forward": (
        entry("a_next", "wrong source", "The hidden state is passed through a sigmoid; it should be a tanh.",
              ("np.tanh(", "sigmoid(")),
    ),
    "softmax": (
        entry("the result", "unstable", "Nothing is subtracted before the exponential, which overflows for large scores: shift"
              " each column by its maximum.", (" - np.max(x, axis=0, keepdims=True)", "")),
        entry("the result", "unstable", "All columns are shifted by the maximum of the whole array: a column far below it"
              " becomes 0/0. Shift each column by its own maximum.", ("np.max(x, axis=0, keepdims=True)", "np.max(x)")),
        entry("the result", "wrong axis", "All entries together sum to 1; each column should.",
              ("e_x.sum(axis=0)", "e_x.sum()")),
        entry("the result", "wrong axis", "Each row sums to 1, over the examples; each column should, over the classes.",
              ("e_x.sum(axis=0)", "e_x.sum(axis=1, keepdims=True)")),
        entry("the result", "wrong source", "The denominator adds up the scores; it should add up their exponentials.",
              ("e_x.sum(axis=0)", "x.sum(axis=0)")),
        entry("the result", "wrong source", "The denominator adds up the scores; it should add up their exponentials.",
              ("e_x.sum(axis=0)", "x.sum(axis=0)"), (" - np.max(x, axis=0, keepdims=True)", "")),
        entry("the result", "wrong axis", "All entries together sum to 1; each column should.",
              ("e_x.sum(axis=0)", "e_x.sum()"), (" - np.max(x, axis=0, keepdims=True)", "")),
        entry("the result", "wrong axis", "Each row sums to 1, over the examples; each column should, over the classes.",
              ("e_x.sum(axis=0)", "e_x.sum(axis=1, keepdims=True)"), (" - np.max(x, axis=0, keepdims=True)", "")),
    ),
    "sigmoid": (
        entry("the result", "sign", "The exponential has `x` where it should have `-x`: the result is 1 - sigmoid(x).",
              ("np.exp(-x)", "np.exp(x)")),
        entry("the result", "unstable", "exp(x) / (1 + exp(x)) is inf / inf for large x; divide by 1 + exp(-x) instead.",
              ("1 / (1 + np.exp(-x))", "np.exp(x) / (1 + np.exp(x))")),
        entry("the result", "wrong source", "The derivative s * (1 - s) is returned where s itself is needed.",
              ("return s", "return s * (1 - s)")),
        entry("the result", "wrong factor", "The tanh has `x` where it should have `x / 2`.", ("x / 2", "x"), text=1),
    ),
    "update_parameters_with_adam": (
        entry("v_corrected, s_corrected", "missing factor", "There is no bias correction: v and s have to be divided by"
              " 1 - beta1**t and 1 - beta2**t.", (" / (1 - beta1**t)", ""), (" / (1 - beta2**t)", "")),
        entry("v_corrected, s_corrected", "missing factor", "The correction lacks the power of t: 1 - beta1 and 1 - beta2"
              " where 1 - beta1**t and 1 - beta2**t belong.", ("**t", "")),
        entry("v_corrected, s_corrected", "wrong factor", "The correction multiplies beta by t; beta has to be raised to the"
              " power of t.", ("**t", " * t")),
        entry("beta1, beta2", "wrong order", "beta1 and beta2 are exchanged in the averages.",
              ("beta1 * v[d] + (1 - beta1)", "beta2 * v[d] + (1 - beta2)"),
              ("beta2 * s[d] + (1 - beta2)", "beta1 * s[d] + (1 - beta1)")),
        entry("v, s", "overwritten", "The corrected averages are stored in v and s; the next step needs them uncorrected.",
              ("v_corrected[d] = v[d] /", "v[d] = v_corrected[d] = v[d] /"),
              ("s_corrected[d] = s[d] /", "s[d] = s_corrected[d] = s[d] /")),
        entry("parameters", "wrong source", "The step uses v and s; it should use their corrected values.",
              ("v_corrected[d] / (np.sqrt(s_corrected[d])", "v[d] / (np.sqrt(s[d])")),
        entry("parameters", "wrong order", "v and s are exchanged in the step: the average of the squares is divided by the"
              " root of the average.", ("v_corrected[d] / (np.sqrt(s_corrected[d])", "s_corrected[d] / (np.sqrt(v_corrected[d])")),
        entry("v, s", "missing factor", "The factors 1 - beta1 and 1 - beta2 are missing: the averages become sums.",
              ("(1 - beta1) * ", ""), ("(1 - beta2) * ", "")),
        entry("epsilon", "unstable", "epsilon stands under the root; it should be added to the root, or it swallows small"
              " gradients.", ("np.sqrt(s_corrected[d]) + epsilon", "np.sqrt(s_corrected[d] + epsilon)")),
    ),
}  # fmt: skip
