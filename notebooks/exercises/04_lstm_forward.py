# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     notebook_metadata_filter: -jupytext.text_representation.jupytext_version
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Build a memory with gates
#
# **What you will do.** Write one step of the LSTM, run it along a sequence, and set its gates by hand until
# it knows whether it is inside a pair of brackets.
#
# **What you will know.** You will be able to
#
# - say what each of the three gates decides, and from what,
# - tell the cell state from the hidden state,
# - keep a number unchanged for as long as you like,
# - go on with a sequence where you left off.
#
# **What is assumed.** `softmax` and `sigmoid` from chapter 1; the RNN's forward pass from chapter 2.

# %% install=true jupyter={"source_hidden": true}
# Where seqgrad is missing, as on Colab, this installs it; elsewhere it does nothing.
import importlib.util
import subprocess
import sys

if importlib.util.find_spec("seqgrad") is None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--find-links", "."]
    subprocess.run([*pip, "seqgrad"])

# %%
import numpy as np

from seqgrad import figures, initialize, lstm
from seqgrad.activations import sigmoid, softmax
from seqgrad.check import beside, check
from seqgrad.text import one_hot

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# ## Keep some, let some in
#
# The RNN of chapter 2 writes its whole state anew at every step, and so it forgets. Here is another rule for
# a memory $c$ of one number: keep a share $f$ of it, and let in a share $i$ of something new, $\tilde c$.
#
# $$c^{\langle t\rangle} = f\, c^{\langle t-1\rangle} + i\, \tilde c^{\langle t\rangle}$$
#
# The memory starts at 1 and nothing is let in. Before you run the next cell: how much is left after 50 steps
# for $f$ = 0.9, 0.99 and 1?

# %%
for f in (0.9, 0.99, 1.0):
    c = 1.0
    for _ in range(50):
        c = f * c
    print(f"f = {f:.2f}: {c:.3f}")

# %% [markdown]
# No tanh stands in the way and no matrix: with $f = 1$ the number stays for ever. But a memory that never
# changes is of no use either. The idea of the LSTM is that the network decides at each step, for each unit,
# how far $f$ and $i$ are open. A *gate* is a sigmoid: 0 is shut, 1 is open.

# %% [markdown]
# ## One step
#
# There are two states now. The *cell state* $c$ is the memory; the *hidden state* $a$ is the part of it that
# is shown. All gates look at the same thing, the previous hidden state on top of the input.
#
# ![One step of the LSTM. The cell state runs straight from c_prev to c_next: it is multiplied by the forget
# gate, and the product of input gate and candidate is added. The tanh of it, times the output gate, is the
# hidden state, and the softmax of its scores is the prediction.](../figures/lstm_cell.svg)

# %% [markdown]
# $$\begin{aligned}
# f^{\langle t\rangle} &= \sigma\bigl(W_f\,[a^{\langle t-1\rangle};\, x^{\langle t\rangle}] + b_f\bigr)
# && \text{forget gate: how much is kept} \\
# i^{\langle t\rangle} &= \sigma\bigl(W_i\,[a^{\langle t-1\rangle};\, x^{\langle t\rangle}] + b_i\bigr)
# && \text{input gate: how much is let in} \\
# o^{\langle t\rangle} &= \sigma\bigl(W_o\,[a^{\langle t-1\rangle};\, x^{\langle t\rangle}] + b_o\bigr)
# && \text{output gate: how much is shown} \\
# \tilde c^{\langle t\rangle} &= \tanh\bigl(W_c\,[a^{\langle t-1\rangle};\, x^{\langle t\rangle}] + b_c\bigr)
# && \text{candidate: what could be let in} \\
# c^{\langle t\rangle} &= f^{\langle t\rangle} \odot c^{\langle t-1\rangle} +
# i^{\langle t\rangle} \odot \tilde c^{\langle t\rangle} \\
# a^{\langle t\rangle} &= o^{\langle t\rangle} \odot \tanh\bigl(c^{\langle t\rangle}\bigr) \\
# \hat y^{\langle t\rangle} &= \operatorname{softmax}\bigl(W_y\, a^{\langle t\rangle} + b_y\bigr)
# \end{aligned}$$
#
# The circle ⊙ is a product entry by entry.

# %% [markdown]
# | in code | shape |
# | --- | --- |
# | `xt` | (n_x, m) |
# | `a_prev`, `c_prev`, `a_next`, `c_next` | (n_a, m) |
# | `ft`, `it`, `ot`, `cct` | (n_a, m) |
# | `Wf`, `Wi`, `Wo`, `Wc` with `bf`, `bi`, `bo`, `bc` | (n_a, n_a + n_x) with (n_a, 1) |
# | `Wy`, `by`, `yt_pred` | (n_y, n_a), (n_y, 1), (n_y, m) |
#
# A name to beware of: the assignment that this course grew from writes the input gate as an "update gate"
# $\Gamma_u$ in its formulas, and as `it` with the weights `Wi` in its code. It is one gate. The code's names
# hold here.

# %% [markdown]
# The stack comes first. Five hidden units and three inputs give every gate eight numbers to look at. Before
# you run the cell: which columns of `Wf` then act on the input?

# %%
five, three = np.full((5, 1), 1.0), np.full((3, 1), -1.0)
stacked = np.vstack([five, three])
print(stacked.shape, stacked.ravel())


# %% [markdown]
# The last three. Stacked the other way round, all shapes would fit and all results would be wrong.
#
# ### Exercise 4.1: one step
#
# Complete `lstm_cell_forward`. The cache has ten parts; chapter 5 takes it apart in the same order.

# %% exercise="lstm_cell_forward" points=15
def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    """Take one step of the LSTM.

    Parameters
    ----------
    xt : (n_x, m)
    a_prev, c_prev : (n_a, m)
    parameters : dict
        ``Wf``, ``Wi``, ``Wc``, ``Wo`` (n_a, n_a + n_x) with their biases ``bf``,
        ``bi``, ``bc``, ``bo`` (n_a, 1) for the forget gate, the input gate (the
        assignment's "update gate"), the candidate and the output gate;
        ``Wy`` (n_y, n_a), ``by`` (n_y, 1).

    Returns
    -------
    a_next, c_next : (n_a, m)
    yt_pred : (n_y, m)
    cache : tuple
        ``(a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)``.
    """
    Wf, Wi, Wc, Wo = parameters["Wf"], parameters["Wi"], parameters["Wc"], parameters["Wo"]
    bf, bi, bc, bo = parameters["bf"], parameters["bi"], parameters["bc"], parameters["bo"]
    Wy, by = parameters["Wy"], parameters["by"]

    # What all gates and the candidate see: the previous hidden state on top of the input.
    concat = None

    # The forget, input and output gates: sigmoids, each with its own weights and bias.
    ft = None
    it = None
    ot = None

    # The candidate for the cell state: a tanh, with its own weights and bias.
    cct = None

    # The new cell state: what the forget gate keeps of the old one, plus what the input
    # gate lets in of the candidate.
    c_next = None

    # The new hidden state: what the output gate shows of the tanh of the cell state.
    a_next = None

    # The prediction: the softmax of the scores, which are computed from the new hidden
    # state.
    yt_pred = None

    # The cache, for the backward pass, in this order: both new states, both previous
    # states, the forget gate, the input gate, the candidate, the output gate, the input,
    # and the parameters.
    cache = None

    return a_next, c_next, yt_pred, cache


# %%
check(lstm_cell_forward)


# %% [markdown]
# The numbers of the assignment's test, yours and the expected ones.

# %%
def test(lstm_cell_forward):
    """Print what the assignment's test cell prints."""
    np.random.seed(1)
    xt, a_prev, c_prev = (np.random.randn(n, 10) for n in (3, 5, 5))
    shapes = {name + gate: {"W": (5, 8), "b": (5, 1)}[name] for gate in "fioc" for name in "Wb"}
    shapes |= {"Wy": (2, 5), "by": (2, 1)}
    parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
    a_next, c_next, yt, cache = lstm_cell_forward(xt, a_prev, c_prev, parameters)
    for name, value, row in (("a_next", a_next, 4), ("c_next", c_next, 2), ("yt", yt, 1)):
        print(f"{name}[{row}] =", value[row])
        print(f"{name}.shape =", value.shape)
    print("cache[1][3] =", cache[1][3])
    print("len(cache) =", len(cache))


beside(test, lstm.lstm_cell_forward, lstm_cell_forward)

# %%
np.random.seed(1)
xt, a_prev, c_prev = (np.random.randn(n, 10) for n in (3, 5, 5))
shapes = {name + gate: {"W": (5, 8), "b": (5, 1)}[name] for gate in "fioc" for name in "Wb"}
shapes |= {"Wy": (2, 5), "by": (2, 1)}
parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
a_next, c_next, yt, cache = lstm.lstm_cell_forward(xt, a_prev, c_prev, parameters)

# %% [markdown]
# Every hidden state lies between −1 and 1, for it is a gate times a tanh. Before you run the next cell: does
# the same bound hold for the cell state?

# %%
print(f"hidden states from {a_next.min():.2f} to {a_next.max():.2f}")
print(f"cell states from   {c_next.min():.2f} to {c_next.max():.2f}")

# %% [markdown]
# It does not: each step may add up to 1 to what is kept, and nothing squashes the sum. A cell state can
# count; further down you will see one reach 2.
#
# ## A memory that is kept to the last bit
#
# Biases of ±100 push a gate to its end, whatever it looks at. With the forget gate open and the input gate
# shut, $c^{\langle t\rangle} = c^{\langle t-1\rangle}$ should hold. Before you run the next cell: exactly, or
# nearly? And does the hidden state stay the same from step to step as well?

# %%
keeping = parameters | {"bf": np.full((5, 1), 100.0), "bi": np.full((5, 1), -100.0)}
a, c = a_prev, c_prev
noise, hidden = np.random.default_rng(0), []
for _ in range(50):
    a, c, _, _ = lstm.lstm_cell_forward(noise.standard_normal((3, 10)), a, c, keeping)
    hidden.append(a[0, 0])
print("cell state kept to the last bit:", np.array_equal(c, c_prev))
print("hidden state of one unit:", " ".join(f"{a:.3f}" for a in hidden[:6]))


# %% [markdown]
# Exactly, through fifty steps of noise. The hidden state moves all the same: the output gate still looks at
# the input, and decides at every step how much of the memory is shown.
#
# ## The whole sequence
#
# Two states go from step to step, and the weights stay the same:
#
# $$\bigl(a^{\langle t\rangle}, c^{\langle t\rangle}\bigr) = \text{cell}\bigl(x^{\langle t\rangle},\,
# a^{\langle t-1\rangle},\, c^{\langle t-1\rangle}\bigr), \qquad a, c: (n_a, m, T_x)$$
#
# $a^{\langle 0\rangle}$ comes from the caller. $c^{\langle 0\rangle}$ is zero unless the caller hands one
# over. What does the forget gate of the first step have to forget?
#
# ### Exercise 4.2: all steps
#
# Complete `lstm_forward`, with your `lstm_cell_forward` for each step.

# %% exercise="lstm_forward" points=15
def lstm_forward(x, a0, parameters, c0=None):
    """Run the LSTM over a sequence.

    Parameters
    ----------
    x : (n_x, m, T_x)
    a0 : (n_a, m)
    parameters : dict
        As for `lstm_cell_forward`.
    c0 : (n_a, m), optional
        Cell state before the first step; zeros if it is not given.

    Returns
    -------
    a : (n_a, m, T_x)
    y : (n_y, m, T_x)
    c : (n_a, m, T_x)
    caches : tuple
        ``(list of the T_x cell caches, x)``.
    """
    T_x = x.shape[2]
    hidden_states, predictions, cell_states, steps = [], [], [], []

    # The states before the first step. The cell state is an array of zeros, unless it is
    # given.
    a_next = None
    c_next = None

    for t in range(T_x):
        # One step, from the input at time t and both states after the step before.
        a_next, c_next, yt_pred, cache = None, None, None, None

        # Append each of the four results to its list.
        ...

    # Stack the hidden states, the predictions and the cell states into one array each;
    # time is the last axis.
    a = None
    y = None
    c = None

    # The caches, for the backward pass: the list of the steps' caches, and x.
    caches = None

    return a, y, c, caches


# %%
check(lstm_forward)


# %%
def test(lstm_forward):
    """Print what the assignment's test cell prints."""
    np.random.seed(1)
    x, a0 = np.random.randn(3, 10, 7), np.random.randn(5, 10)
    shapes = {name + gate: {"W": (5, 8), "b": (5, 1)}[name] for gate in "fioc" for name in "Wb"}
    shapes |= {"Wy": (2, 5), "by": (2, 1)}
    parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
    a, y, c, caches = lstm_forward(x, a0, parameters)
    print(f"a[4][3][6] = {a[4][3][6]:.8f}")
    print("a.shape =", a.shape)
    print(f"y[1][4][3] = {y[1][4][3]:.8f}")
    print("y.shape =", y.shape)
    print("caches[1][1][1] =", caches[1][1][1])
    print(f"c[1][2][1] = {c[1][2][1]:.8f}")
    print("len(caches) =", len(caches))


beside(test, lstm.lstm_forward, lstm_forward)

# %%
np.random.seed(1)
x, a0 = np.random.randn(3, 10, 7), np.random.randn(5, 10)
parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
a, _, _, _ = lstm.lstm_forward(x, a0, parameters)

# %% [markdown]
# The fifth of these, `caches[1][1][1]`, is the input `x[1][1]`: as in chapter 2, the caches are a pair. And
# the first forget gate has nothing to forget: it multiplies zeros.
#
# ## Where a sequence may be cut
#
# A long sequence is read in two parts: three steps, then the other four from the states that the first part
# ended in. Before you run the next cell: must both states be handed over, or is the hidden state enough?

# %%
first_a, _, first_c, _ = lstm.lstm_forward(x[:, :, :3], a0, parameters)
both, _, _, _ = lstm.lstm_forward(x[:, :, 3:], first_a[:, :, -1], parameters, c0=first_c[:, :, -1])
only_a, _, _, _ = lstm.lstm_forward(x[:, :, 3:], first_a[:, :, -1], parameters)
for name, second in (("both states:", both), ("hidden state alone:", only_a)):
    off = np.abs(second - a[:, :, 3:]).max(axis=(0, 1))
    print(f"{name:<20}", "largest difference at each step", np.round(off, 4))

# %% [markdown]
# Both. The hidden state shows only a part of the memory, and what it does not show cannot be read back from
# it.
#
# ## Set the gates by hand
#
# What would a network have to learn to know whether it is inside brackets? One unit is enough, and we can
# write its weights down ourselves. Characters come as three rows: an opening bracket, a closing one, anything
# else. The columns of each weight are [a; (; ); else].

# %%
strong = 8.0
brackets = {
    "Wf": np.array([[0, 0, -2 * strong, 0]]), "bf": np.array([[strong]]),  # shut at a closing bracket
    "Wi": np.array([[0, 2 * strong, 0, 0]]), "bi": np.array([[-strong]]),  # open at an opening one
    "Wc": np.zeros((1, 4)), "bc": np.array([[strong]]),  # what is let in is always 1
    "Wo": np.zeros((1, 4)), "bo": np.array([[strong]]),  # show everything
    "Wy": np.zeros((2, 1)), "by": np.zeros((2, 1)),
}  # fmt: skip


# %% [markdown]
# Before you run the next cell: at which characters of the text below is the input gate open, at which is the
# forget gate shut, and where is the cell state 1?

# %%
def read(text, parameters):
    """Return gates, candidate and states (T_x,) by name while one unit reads the text."""
    codes = np.array([["()".find(character) for character in text]]) % 3
    _, _, _, (steps, _) = lstm.lstm_forward(one_hot(codes, 3), np.zeros((1, 1)), parameters)
    names = ("a_next", "c_next", "a_prev", "c_prev", "ft", "it", "cct", "ot")
    return {name: np.array([step[k].item() for step in steps]) for k, name in enumerate(names)}


text = "one (two three) four"
seen = read(text, brackets)
print("inside:", "".join(character for character, c in zip(text, seen["c_next"], strict=True) if c > 0.5))

# %%
figures.show(
    figures.gates_over_text(seen, text),
    "Five rows over the characters of 'one (two three) four', full colour for 1 and white for 0. The forget "
    "gate is coloured everywhere but at the closing bracket, the input gate only at the opening bracket; the "
    "candidate throughout; the cell state from the opening bracket up to the last letter "
    "before the closing one, and the hidden state likewise, a little paler.",
)

# %% [markdown]
# The unit reads a bracket once and keeps what it says over nine characters in which nothing happens. The
# hidden state is paler: tanh(1) is 0.76.
#
# Now brackets within brackets. Before you run the next cell: what is the cell state at the *c*, which stands
# inside the outer pair?

# %%
text = "(a (b) c) d"
for character, c in zip(text, read(text, brackets)["c_next"], strict=True):
    print(f"{character!r}: {c:z.1f}")

# %% [markdown]
# It is 0, and wrong. The second opening bracket is added to the first, for nothing bounds a cell state; but a
# closing bracket forgets everything at once. This unit knows *inside* from *outside*, and cannot count. It
# could, with other weights: the first thing to try.
#
# ## Weights as training begins
#
# Nobody sets gates by hand in earnest. A network begins with random weights, and with a forget bias of 1.
# Before you run the next cell: is its forget gate nearer to 1, to a half, or to 0? And its input gate?

# %%
rng = np.random.default_rng(0)
drawn = initialize.lstm_parameters(rng, n_x=10, n_a=50, n_y=2)
x = rng.standard_normal((10, 20, 30))
_, _, c, (steps, _) = lstm.lstm_forward(x, np.zeros((50, 20)), drawn)
for k, name in enumerate(("forget gate", "input gate", "candidate", "output gate"), start=4):
    values = np.array([step[k] for step in steps])
    low, high = np.quantile(values, [0.05, 0.95])
    print(f"{name:<12} mean {values.mean():z.2f}, nine of ten from {low:.2f} to {high:.2f}")

# %% [markdown]
# The forget gate stands near $\sigma(1) = 0.73$, the others near the middle: every unit keeps much, lets in
# something, and shows something. From there training can go either way, and chapter 7 measures how much that
# bias of 1 is worth.
#
# ## Try it yourself
#
# - Let the unit count: at a closing bracket keep everything, and let in a candidate of −1. Which weights have
#   to change? By how much do its hidden states at depths 1, 2, 3 and 4 differ?
# - Give `brackets` a weaker `strong` of 2. What does the cell state say far behind the closing bracket, and
#   which of the gates is to blame?
# - Let the output gate open at closing brackets alone. Which of the states changes, which does not?
# - The forget bias of −100 and the input bias of 100 turn the LSTM into something like an RNN. Into which one
#   exactly?
#
# ## Further reading
#
# - Hochreiter & Schmidhuber, "Long Short-Term Memory", *Neural Computation* 9 (1997): the cell state that is
#   kept. It had no forget gate yet.
# - Gers, Schmidhuber & Cummins, "Learning to Forget: Continual Prediction with LSTM", *Neural Computation* 12
#   (2000), section 3: the forget gate.
# - Goodfellow, Bengio & Courville, *Deep Learning* (2016), section 10.10.1.
