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
# # Chapter 4. Build a memory with gates
#
# [← Chapter 3. Send a gradient back through time](03_rnn_backward.ipynb) · [All chapters](../exercises/00_start.ipynb) · [Chapter 5. Send a gradient back through the gates →](05_lstm_backward.ipynb)<br>
# To look up: [Recap](../recap.md) · [Symbols and shapes](../symbols.md) · [Glossary](../glossary.md)
#
# **What you will do.** Write one step of the LSTM, run it along a sequence, and set its gates by hand until it knows
# whether it is inside a pair of brackets.
#
# **What you will know.** You will be able to
#
# - say what each of the three gates decides, and what it sees,
# - tell the cell state from the hidden state,
# - keep a number unchanged for as long as you like,
# - continue a sequence where you stopped.
#
# **What is assumed.** `softmax` and `sigmoid` from [chapter 1](01_activations.ipynb); the RNN's forward pass from
# [chapter 2](02_rnn_forward.ipynb).
#
# **Time.** About 75 minutes.

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

from seqgrad import figures, initialize, lstm, widgets
from seqgrad.activations import sigmoid, softmax
from seqgrad.check import beside, check
from seqgrad.text import one_hot

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# ## Keep some, let some in
#
# The RNN of [chapter 2](02_rnn_forward.ipynb) overwrites its whole state at every step, and so it forgets. Here is another rule, for a memory
# $c$ of one number: keep a fraction $f$ of it, and let in a fraction $i$ of a new value $\tilde c$.
#
# $$c^{\langle t\rangle} = f\, c^{\langle t-1\rangle} + i\, \tilde c^{\langle t\rangle}$$
#
# For example, with $f = 0.9$, $i = 0.3$ and $\tilde c = 0.5$, a memory of 2 becomes $1.8 + 0.15 = 1.95$.

# %% [markdown]
# The memory is 1, and nothing is let in: $i = 0$. How much is left after 50 steps for $f$ = 0.9, 0.99 and 1? Guess all
# three numbers.

# %%
for f in (0.9, 0.99, 1.0):
    c = 1.0
    for _ in range(50):
        c = f * c
    print(f"f = {f:.2f}: {c:.3f}")

# %% [markdown] answer=true
# For 0.9 almost nothing is left, for 0.99 more than half, and for 1 everything: there is no tanh and no matrix that could
# shrink it.
#
# But a memory that never changes is useless. In the LSTM, the network chooses $f$ and $i$ itself, at every step and for
# every unit. A number between 0 and 1 that is used in this way is a *gate*, and it is computed by a sigmoid: 0 is
# closed, 1 is open.

# %% [markdown]
# ## One step
#
# The LSTM has two states. The *cell state* $c$ is the memory. The *hidden state* $a$ is the part of it that is shown to
# the rest of the network.
#
# ![One step of the LSTM. The cell state runs straight from c_prev to c_next: it is multiplied by the forget gate, and
# the product of input gate and candidate is added. The tanh of it, times the output gate, is the hidden state a_next,
# and its softmax is the prediction. The previous hidden state and the input, stacked, feed the gates and the
# candidate.](../figures/lstm_cell.svg)
#
# *Figure 4.1. One step of the LSTM. A cross is a product entry by entry.*

# %% [markdown]
# All gates see the same thing: the previous hidden state on top of the input, $u = [a^{\langle t-1\rangle};
# x^{\langle t\rangle}]$. In the code it is called `concat`.
#
# | | formula | decides |
# | --- | --- | --- |
# | forget gate | $f = \sigma(W_f\, u + b_f)$ | how much is kept |
# | input gate | $i = \sigma(W_i\, u + b_i)$ | how much is let in |
# | output gate | $o = \sigma(W_o\, u + b_o)$ | how much is shown |
# | candidate | $\tilde c = \tanh(W_c\, u + b_c)$ | what could be let in |

# %% [markdown]
# Then the two states, and the prediction:
#
# $$c^{\langle t\rangle} = f \odot c^{\langle t-1\rangle} + i \odot \tilde c$$
#
# $$a^{\langle t\rangle} = o \odot \tanh c^{\langle t\rangle}$$
#
# $$\hat y^{\langle t\rangle} = \operatorname{softmax}\bigl(W_y\, a^{\langle t\rangle} + b_y\bigr)$$

# %% [markdown]
# | in code | shape |
# | --- | --- |
# | `xt` | (n_x, m) |
# | `a_prev`, `c_prev`, `a_next`, `c_next` | (n_a, m) |
# | `ft`, `it`, `ot`, `cct` | (n_a, m) |
# | `Wf`, `Wi`, `Wo`, `Wc` | (n_a, n_a + n_x) |
# | `bf`, `bi`, `bo`, `bc` | (n_a, 1) |
# | `Wy`, `by`, `yt_pred` | (n_y, n_a), (n_y, 1), (n_y, m) |
#
# One gate has two names: the assignment that this course grew from calls the input gate "update gate" $\Gamma_u$ in its
# formulas, and `it` with the weights `Wi` in its code.

# %% [markdown]
# Five hidden units and three inputs, so $u$ has eight rows and $W_f$ eight columns. Which columns of $W_f$ multiply the
# input: the first three, or the last three?

# %%
five, three = np.full((5, 1), 1.0), np.full((3, 1), -1.0)
stacked = np.vstack([five, three])
print(stacked.shape, stacked.ravel())


# %% [markdown] answer=true
# The last three columns, because the input is below the state. If you stack them the other way round, all shapes fit,
# and all results are wrong.

# %% [markdown]
# ### Exercise 4.1: one step
#
# *About 9 lines, 25 minutes, ★★☆*
#
# - **Given:** `xt`, both previous states, and the parameters.
# - **Write:** the stack, three gates, the candidate, both new states, the prediction, and the cache of ten parts.
#   [Chapter 5](05_lstm_backward.ipynb) unpacks it in the same order.

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
    concat = np.concatenate([a_prev, xt], axis=0)

    # The forget, input and output gates: sigmoids, each with its own weights and bias.
    ft = sigmoid(Wf @ concat + bf)
    it = sigmoid(Wi @ concat + bi)
    ot = sigmoid(Wo @ concat + bo)

    # The candidate for the cell state: a tanh, with its own weights and bias.
    cct = np.tanh(Wc @ concat + bc)

    # The new cell state: what the forget gate keeps of the old one, plus what the input
    # gate lets in of the candidate.
    c_next = ft * c_prev + it * cct

    # The new hidden state: what the output gate shows of the tanh of the cell state.
    a_next = ot * np.tanh(c_next)

    # The prediction: the softmax of the scores, which are computed from the new hidden
    # state.
    yt_pred = softmax(Wy @ a_next + by)

    # The cache, for the backward pass, in this order: both new states, both previous
    # states, the forget gate, the input gate, the candidate, the output gate, the input,
    # and the parameters.
    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)

    return a_next, c_next, yt_pred, cache


# %%
check(lstm_cell_forward)


# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Go through figure 4.1 from the bottom to the top, and write one line for each box. Along which axis does the stack of a
# (5, 10) and a (3, 10) array have the shape (8, 10)? Then compare the three gates with each other: they differ in the
# names of their weights, and in nothing else.
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** Three gates on three nearly equal lines invite copying. The slips that we found in public code:
# input and forget gate exchanged in the cell state (three times), and `bo` or `Wf` copied into another gate (three
# times). Each gives the right shapes. A stack along `axis=1` is an error; a softmax in a gate is not, but then the units
# compete with each other.

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

# %% [markdown]
# ## Two states, two bounds
#
# Every hidden state is a gate times a tanh, so it lies between −1 and 1. True or false? The same holds for every cell
# state.

# %%
rng = np.random.default_rng(0)
parameters = initialize.lstm_parameters(rng, n_x=3, n_a=5, n_y=2)
xt, a_prev, c_prev = rng.standard_normal((3, 10)), rng.uniform(-1, 1, (5, 10)), rng.standard_normal((5, 10))
a_next, c_next, _, _ = lstm.lstm_cell_forward(xt, a_prev, c_prev, parameters)
print(f"hidden states from {a_next.min():.2f} to {a_next.max():.2f}")
print(f"cell states from   {c_next.min():.2f} to {c_next.max():.2f}")

# %% [markdown] answer=true
# It is false for the cell state: each step can add up to 1 to what is kept, and nothing bounds the sum. So a cell state
# can count. Further down you will see one that reaches 2.

# %% [markdown]
# ## A memory that is kept to the last bit
#
# A bias of 100 opens a gate whatever it sees, and −100 closes it. With the forget gate open and the input gate closed,
# the formula says $c^{\langle t\rangle} = c^{\langle t-1\rangle}$.
#
# The network reads fifty random inputs. Which state is unchanged at the end: the cell state, the hidden state, or both?

# %%
keeping = parameters | {"bf": np.full((5, 1), 100.0), "bi": np.full((5, 1), -100.0)}
a, c, shown = a_prev, c_prev, []
for _ in range(50):
    a, c, _, _ = lstm.lstm_cell_forward(rng.standard_normal((3, 10)), a, c, keeping)
    shown.append(a[0, 0])
print("cell state unchanged:", np.array_equal(c, c_prev))
print("hidden state of one unit:", " ".join(f"{number:.2f}" for number in shown[:8]))


# %% [markdown] answer=true
# Only the cell state is unchanged, to the last bit. The hidden state still moves: the output gate sees the input,
# and decides at every step how much of the memory is shown.

# %% [markdown]
# ## The whole sequence
#
# As in [chapter 2](02_rnn_forward.ipynb), all steps use the same weights. But now two states are passed on from step to step. The hidden state
# before the first step, `a0`, is given by the caller. The cell state is zero, unless the caller gives a `c0`.

# %% [markdown]
# ### Exercise 4.2: all steps
#
# *About 10 lines, 15 minutes, ★★☆*
#
# - **Given:** `x` (n_x, m, T_x), `a0`, the parameters, and perhaps `c0`.
# - **Write:** a loop that calls your `lstm_cell_forward` at each step, and collects both states, the predictions and the
#   caches.

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
    a_next = a0
    c_next = np.zeros_like(a0) if c0 is None else c0

    for t in range(T_x):
        # One step, from the input at time t and both states after the step before.
        a_next, c_next, yt_pred, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)

        # Append each of the four results to its list.
        hidden_states.append(a_next)
        predictions.append(yt_pred)
        cell_states.append(c_next)
        steps.append(cache)

    # Stack the hidden states, the predictions and the cell states into one array each;
    # time is the last axis.
    a = np.stack(hidden_states, axis=2)
    y = np.stack(predictions, axis=2)
    c = np.stack(cell_states, axis=2)

    # The caches, for the backward pass: the list of the steps' caches, and x.
    caches = (steps, x)

    return a, y, c, caches


# %%
check(lstm_forward)


# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Take your `rnn_forward` and add the second state: it is set before the loop, given to the cell, replaced by what the
# cell returns, and collected in a list of its own. Which shape do the zeros have, if `c0` is not given?
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** The zeros are an array of their own, `np.zeros_like(a0)`. In four of 37 public repositories, the
# first state is a *view* of the array that is filled later, such as `c[:, :, 0]`: every state is right, and the backward
# pass is wrong. [Chapter 5](05_lstm_backward.ipynb) tells the story. Other slips: `c` and `y` returned in the wrong order (three times), and `a0`
# used as the first cell state (once).

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

# %% [markdown]
# ## Where a sequence may be cut
#
# A long sequence is read in two parts: three steps, then four more, from where the first part ended. What must be passed
# on, so that the result is the same as in one go: the hidden state, the cell state, or both?

# %%
x, a0 = rng.standard_normal((3, 2, 7)), rng.uniform(-1, 1, (5, 2))
whole, _, _, _ = lstm.lstm_forward(x, a0, parameters)
first_a, _, first_c, _ = lstm.lstm_forward(x[:, :, :3], a0, parameters)
a3, c3 = first_a[:, :, -1], first_c[:, :, -1]

# %%
for name, start, cell in (("both", a3, c3), ("hidden alone", a3, None), ("cell alone", 0 * a3, c3)):
    second, _, _, _ = lstm.lstm_forward(x[:, :, 3:], start, parameters, c0=cell)
    print(f"{name:<13} largest differences:", np.abs(second - whole[:, :, 3:]).max(axis=(0, 1)).round(3))


# %% [markdown]
# Both states must be passed on. The hidden state shows only a part of the memory, and the rest cannot be computed from it.
# The cell state alone is not enough either, since the gates see the hidden state.

# %% [markdown]
# ## Set the gates by hand
#
# What would a network have to learn in order to know whether it is inside brackets? One unit is enough, and you can write
# its weights down. A character is a column of three numbers, one of which is 1: opening bracket, closing bracket, or
# anything else. So each weight has four columns: for the hidden state, for `(`, for `)`, and for anything else.

# %%
def brackets(strong):
    """Return the weights of one unit that remembers whether a bracket is open."""
    return {
        "Wf": np.array([[0, 0, -2 * strong, 0]]), "bf": np.array([[strong]]),  # closed at )
        "Wi": np.array([[0, 2 * strong, 0, 0]]), "bi": np.array([[-strong]]),  # open at (
        "Wc": np.zeros((1, 4)), "bc": np.array([[strong]]),  # always about 1
        "Wo": np.zeros((1, 4)), "bo": np.array([[strong]]),  # always open
        "Wy": np.zeros((2, 1)), "by": np.zeros((2, 1)),
    }  # fmt: skip


# %% [markdown]
# The text is `one (two three) four`, and `strong` is 8. Three questions: at which characters is the input gate open, at
# which is the forget gate closed, and where is the cell state 1?

# %%
def read(text, parameters):
    """Return gates, candidate and states (T_x,) by name while one unit reads the text."""
    codes = np.array([["()".find(character) for character in text]]) % 3
    _, _, _, (steps, _) = lstm.lstm_forward(one_hot(codes, 3), np.zeros((1, 1)), parameters)
    names = ("a_next", "c_next", "a_prev", "c_prev", "ft", "it", "cct", "ot")
    return {name: np.array([step[k].item() for step in steps]) for k, name in enumerate(names)}


# %%
text = "one (two three) four"
seen = read(text, brackets(8.0))
for name in ("it", "ft", "c_next"):
    print(f"{name:<6} is near 1 at", repr("".join(np.array(list(text))[seen[name] > 0.5])))


# %%
def show_gates(strong):
    """Draw gates and states over the text."""
    return figures.gates_over_text(read(text, brackets(strong)), text)


widgets.slide(show_gates, strong=(8, 0, 10, 0.5))

# %% [markdown]
# *Figure 4.2. One unit reads a text: full colour is 1, no colour is 0. In a running notebook, move the slider: with weak
# weights the gates no longer close.*
#
# The input gate opens at `(`, the forget gate closes at `)`, and the cell state is 1 from the opening bracket to the last
# letter before the closing one. In between, nothing happens over nine characters, and the memory is kept. The hidden
# state is paler: $\tanh 1$ is 0.76.

# %% [markdown]
# Now brackets within brackets: `(a (b) c) d`. What is the cell state at `c`, which is still inside the outer pair?

# %%
nested = "(a (b) c) d"
for character, c in zip(nested, read(nested, brackets(8.0))["c_next"], strict=True):
    print(f"{character!r}: {c:z.1f}")

# %% [markdown] answer=true
# The cell state at `c` is 0, which is wrong. The second opening bracket was added to the first, and the cell
# state reached 2; but one closing bracket makes the unit forget everything.
#
# This unit cannot count. With other weights it could: see the first question of *Try it yourself*.

# %% [markdown]
# ## Before training
#
# Nobody sets gates by hand in practice. A network starts with random weights, and usually with a forget bias of 1. Is its
# forget gate then near 1, near 0.7, or near 0.5? And its input gate?

# %%
drawn = initialize.lstm_parameters(np.random.default_rng(0), n_x=10, n_a=50, n_y=2)
x = np.random.default_rng(1).standard_normal((10, 20, 30))
_, _, _, (steps, _) = lstm.lstm_forward(x, np.zeros((50, 20)), drawn)
for k, name in enumerate(("forget gate", "input gate", "candidate", "output gate"), start=4):
    values = np.array([step[k] for step in steps])
    low, high = np.quantile(values, [0.05, 0.95])
    print(f"{name:<12} mean {values.mean():z.2f}, nine of ten from {low:.2f} to {high:.2f}")

# %% [markdown] answer=true
# The forget gate is near $\sigma(1) = 0.73$ on average, and the input gate near $\sigma(0) = 0.5$.
#
# So every unit keeps most of its memory and lets in something new. [Chapter 7](07_what_vanishes.ipynb) measures
# what this bias of 1 is worth.

# %% [markdown]
# ## Try it yourself
#
# 1. Let the unit count: at a closing bracket it keeps everything, and lets in a candidate of −1. Which weights have to
#    change? By how much do its hidden states differ at depths 1, 2, 3 and 4?
# 2. Set `strong` to 2. What is the cell state at the end of the text, and which gate is to blame?
# 3. Let the output gate open only at closing brackets. Which state changes, and which does not?
# 4. A forget bias of −100 and an input bias of 100 turn the LSTM into something like an RNN. Into what exactly?

# %% [markdown] only="solutions"
# ### Answers
#
# 1\. The forget gate stays open, the input gate opens at both brackets, and the candidate is +1 or −1. The hidden states
# at depths 3 and 4 are almost the same: the tanh is flat there, although the cell state counts on.

# %% only="solutions"
counter = brackets(8.0) | {"Wf": np.zeros((1, 4)), "Wi": np.array([[0, 16.0, 16.0, 0]])}
counter |= {"Wc": np.array([[0, 8.0, -8.0, 0]]), "bc": np.zeros((1, 1))}
deep = read("((((a))))", counter)
print("cell states:  ", deep["c_next"].round(2))
print("hidden states:", deep["a_next"].round(2))

# %% [markdown] only="solutions"
# 2\. The cell state at the end is 0.58, although all brackets are closed. The input gate is to blame: at every ordinary
# character it is still open by $\sigma(-2) = 0.12$, and lets in a little of the candidate. These little parts add up.

# %% only="solutions"
weak = read(text, brackets(2.0))
print("cell state at the end:", weak["c_next"][-1].round(2), " input gate there:", weak["it"][-1].round(2))

# %% [markdown] only="solutions"
# 3\. The hidden state changes, the cell state does not: no gate looks at the hidden state here, since the first column of
# every weight is 0.

# %% only="solutions"
hidden = brackets(8.0) | {"Wo": np.array([[0, 0, 16.0, 0]]), "bo": np.array([[-8.0]])}
for name in ("c_next", "a_next"):
    same = np.allclose(read(text, hidden)[name], read(text, brackets(8.0))[name], rtol=0, atol=1e-2)
    print(f"{name} is the same:", same)

# %% [markdown] only="solutions"
# 4\. Into an RNN whose state is squashed twice and passes an output gate: $c = \tilde c$, so $a = o \odot \tanh(\tanh(W_c\,
# u + b_c))$. Nothing is kept from the old cell state.

# %% only="solutions"
forgetting = parameters | {"bf": np.full((5, 1), -100.0), "bi": np.full((5, 1), 100.0)}
a_next, c_next, _, cache = lstm.lstm_cell_forward(xt, a_prev, c_prev, forgetting)
print("c_next is the candidate:", np.allclose(c_next, cache[6], rtol=0, atol=1e-12))
print("a_next is o * tanh(candidate):", np.allclose(a_next, cache[7] * np.tanh(cache[6]), rtol=0, atol=1e-12))

# %% [markdown]
# ## Further reading
#
# - Hochreiter & Schmidhuber, "Long Short-Term Memory", *Neural Computation* 9 (1997): the cell state that is kept. It had
#   no forget gate yet.
# - Gers, Schmidhuber & Cummins, "Learning to Forget: Continual Prediction with LSTM", *Neural Computation* 12 (2000),
#   section 3: the forget gate.
# - Goodfellow, Bengio & Courville, *Deep Learning* (2016), section 10.10.1.

# %% [markdown]
# ---
#
# [← Chapter 3. Send a gradient back through time](03_rnn_backward.ipynb) · [All chapters](../exercises/00_start.ipynb) · [Chapter 5. Send a gradient back through the gates →](05_lstm_backward.ipynb)<br>
# To look up: [Recap](../recap.md) · [Symbols and shapes](../symbols.md) · [Glossary](../glossary.md)
