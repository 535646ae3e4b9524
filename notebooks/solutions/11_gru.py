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
# # Chapter 11. Forget and update with one gate
#
# [← Chapter 10. Make readable code fast](10_from_readable_to_fast.ipynb) · [All chapters](../exercises/00_start.ipynb) · [Chapter 12. Look back with attention →](12_attention.ipynb)<br>
# To look up: [Recap](../recap.md) · [Symbols and shapes](../symbols.md) · [Glossary](../glossary.md)
#
# **What you will do.** Write the GRU forward and backward, derive its backward pass node by node, convert it to the
# conventions of other libraries, and train it beside the RNN and the LSTM.
#
# **What you will know.** You will be able to
#
# - say what the GRU leaves out of the LSTM, and what that costs,
# - follow a gradient along the four ways to the previous state,
# - tell where two definitions of the GRU differ, and convert the weights of one into the other where that is possible,
# - compare three recurrent networks with each other fairly.
#
# **What is assumed.** The LSTM, forward ([chapter 4](04_lstm_forward.ipynb)) and backward
# ([chapter 5](05_lstm_backward.ipynb)); the reach of a gradient ([chapter 7](07_what_vanishes.ipynb)); the names
# ([chapter 8](08_names.ipynb)).
#
# **Time.** About 3 hours.

# %% install=true jupyter={"source_hidden": true}
# Where seqgrad is missing, as on Colab, this installs it; elsewhere it does nothing.
import importlib.util
import subprocess
import sys

if importlib.util.find_spec("seqgrad") is None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--find-links", "."]
    subprocess.run([*pip, "seqgrad"])

# %% [markdown]
# As in [chapter 8](08_names.ipynb), the matrices are small, so one thread is enough.

# %%
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

# %%
import math

import numpy as np
from tqdm.auto import tqdm

from seqgrad import figures, gradcheck, gru, initialize, lstm, optimize, rnn, text, train, widgets
from seqgrad.activations import sigmoid, softmax
from seqgrad.check import beside, check
from seqgrad.text import one_hot

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# ## One gate in place of two
#
# An LSTM decides two things about its memory: how much to keep ($f$) and how much to let in ($i$). The *gated recurrent
# unit*, GRU, decides only one, $u$, and uses it for both. What is not replaced is kept:
#
# $$a^{\langle t\rangle} = u\, \tilde c^{\langle t\rangle} + (1 - u)\, a^{\langle t-1\rangle}$$
#
# $u$ is the *update gate*. There is no cell state: the memory is the hidden state itself.

# %% [markdown]
# A state is 0, the candidate is 1 at every step, and $u = 0.1$. What is the state after 1, after 10 and after 100 steps?
# Guess all three numbers, and which formula of [chapter 6](06_adam.ipynb) this is.

# %%
u, state, seen = 0.1, 0.0, []
for _ in range(100):
    state = u * 1.0 + (1 - u) * state
    seen.append(state)
print(*(f"after {steps}: {seen[steps - 1]:.3f}" for steps in (1, 10, 100)), sep="   ")

# %% [markdown] answer=true
# After one step it is 0.1, after ten steps $1 - 0.9^{10} = 0.65$, and after a hundred steps nearly 1. It is the moving
# average that Adam keeps of a gradient, with $\beta = 1 - u$. But here the network chooses $u$ itself, at every step and
# for every unit.
#
# The cell state of an LSTM can grow with every step. Can the state of a GRU become larger than 1, if it starts at 0 and
# all candidates lie between −1 and 1?

# %%
rng = np.random.default_rng(0)
state, largest = 0.0, 0.0
for _ in range(1000):
    gate, candidate = rng.uniform(0, 1), rng.choice([-1.0, 1.0])
    state += gate * (candidate - state)  # the same mixture, written with one product
    largest = max(largest, abs(state))
print(f"largest of 1000 states: {largest:.4f}")

# %% [markdown] answer=true
# It cannot: the new state lies between the old one and the candidate. So a GRU needs no second tanh and no output gate to
# keep what it shows within bounds. The price: one unit cannot count as the cell state of an LSTM can.

# %% [markdown]
# ## What the candidate may see
#
# A second gate decides which parts of the old state are *relevant* for the candidate. It is the *relevance gate* $r$;
# many texts call it the reset gate.
#
# ![One step of the GRU. The hidden state runs along the top from a_prev to a_next: it is multiplied by 1 minus the update
# gate, and the product of update gate and candidate is added. Both gates are fed by the previous hidden state and the
# input. The candidate is fed by the input, and by the previous hidden state times the relevance gate. The softmax of the
# new state is the prediction.](../figures/gru_cell.svg)
#
# *Figure 11.1. One step of the GRU. A cross is a product entry by entry.*

# %% [markdown]
# Both gates see $[a^{\langle t-1\rangle}; x^{\langle t\rangle}]$, the state on top of the input, as in the LSTM. In the
# code this stack is `concat`. The candidate sees another stack, `concat_r`, in which the state is multiplied by $r$ first:
#
# $$u = \sigma\bigl(W_u\, [a^{\langle t-1\rangle}; x^{\langle t\rangle}] + b_u\bigr)$$
#
# $$r = \sigma\bigl(W_r\, [a^{\langle t-1\rangle}; x^{\langle t\rangle}] + b_r\bigr)$$
#
# $$\tilde c = \tanh\bigl(W_c\, [r \odot a^{\langle t-1\rangle}; x^{\langle t\rangle}] + b_c\bigr)$$
#
# $$a^{\langle t\rangle} = u \odot \tilde c + (1 - u) \odot a^{\langle t-1\rangle}$$

# %% [markdown]
# | in code | shape |
# | --- | --- |
# | `xt` | (n_x, m) |
# | `a_prev`, `a_next` | (n_a, m) |
# | `ut`, `rt`, `cct` | (n_a, m) |
# | `Wu`, `Wr`, `Wc` | (n_a, n_a + n_x) |
# | `bu`, `br`, `bc` | (n_a, 1) |
# | `Wy`, `by`, `yt_pred` | (n_y, n_a), (n_y, 1), (n_y, m) |
#
# The output layer is that of the LSTM. It may be left out: without `Wy` and `by` the prediction is `None`.

# %% [markdown]
# An LSTM with 64 units that reads 27 characters has 23,552 numbers in its gates and its candidate. How many has a GRU of
# the same size?

# %%
sizes = {"n_x": 27, "n_a": 64, "n_y": 27}
for name, draw in (("LSTM", initialize.lstm_parameters), ("GRU", initialize.gru_parameters)):
    drawn = draw(rng, **sizes)
    print(f"{name:<5}", sum(drawn[key].size for key in drawn if key not in ("Wy", "by")))


# %% [markdown] answer=true
# It has 17,664, three quarters, because three weight matrices are left of four.

# %% [markdown]
# ### Exercise 11.1: one step
#
# *About 10 lines, 25 minutes, ★★☆*
#
# - **Given:** `xt`, `a_prev`, and the parameters, with or without `Wy` and `by`.
# - **Write:** both stacks, both gates, the candidate, the new state, the prediction, and the cache of seven parts.

# %% exercise="gru_cell_forward" points=15
def gru_cell_forward(xt, a_prev, parameters):
    """Take one step of the GRU.

    Parameters
    ----------
    xt : (n_x, m)
    a_prev : (n_a, m)
    parameters : dict
        ``Wu``, ``Wr``, ``Wc`` (n_a, n_a + n_x) with their biases ``bu``, ``br``, ``bc``
        (n_a, 1) for the update gate, the relevance gate and the candidate; for the
        prediction ``Wy`` (n_y, n_a), ``by`` (n_y, 1), which may be left out together.

    Returns
    -------
    a_next : (n_a, m)
    yt_pred : (n_y, m) or None
        Probability of each class; each column sums to 1.  None without ``Wy``, ``by``.
    cache : tuple
        ``(a_next, a_prev, ut, rt, cct, xt, parameters)``.
    """
    Wu, Wr, Wc = parameters["Wu"], parameters["Wr"], parameters["Wc"]
    bu, br, bc = parameters["bu"], parameters["br"], parameters["bc"]

    # What both gates look at: the previous hidden state on top of the input.
    concat = np.concatenate([a_prev, xt], axis=0)

    # The update gate and the relevance gate, each between 0 and 1, each with weights and
    # a bias of its own.
    ut = sigmoid(Wu @ concat + bu)
    rt = sigmoid(Wr @ concat + br)

    # What the candidate looks at: the previous hidden state times the relevance gate, on
    # top of the input.
    concat_r = np.concatenate([rt * a_prev, xt], axis=0)

    # The candidate for the hidden state, between -1 and 1.
    cct = np.tanh(Wc @ concat_r + bc)

    # The hidden state: the candidate where the update gate is open, the previous state
    # where it is closed, and a mixture of both in between.
    a_next = ut * cct + (1 - ut) * a_prev

    # The prediction: the softmax of the scores that the new hidden state gives to the
    # classes. Without an output layer there is none.
    yt_pred = softmax(parameters["Wy"] @ a_next + parameters["by"]) if "Wy" in parameters else None

    # What the backward pass will need, in this order: the new state, the previous state,
    # the update gate, the relevance gate, the candidate, the input and the parameters.
    cache = (a_next, a_prev, ut, rt, cct, xt, parameters)

    return a_next, yt_pred, cache


# %%
check(gru_cell_forward)


# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Start from your `lstm_cell_forward` and cross out: which gates are gone, and which state? Then write the second stack.
# In which order do you need `rt`, `concat_r` and `cct`? What must `yt_pred` be when `"Wy" in parameters` is false?
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** Two stacks that differ in one factor invite three slips:
#
# - the relevance gate multiplies *after* the product with `Wc`, as PyTorch does it, and not before (further down you will
#   see how much this changes);
# - `ut` and `1 - ut` change places, because many texts write $z$ for the part that is kept;
# - the candidate gets `concat`, so that the relevance gate does nothing at all. The shapes are right in all three cases.

# %%
def test(gru_cell_forward):
    """Print the new state, the prediction, and a part of the cache."""
    np.random.seed(1)
    xt, a_prev = np.random.randn(3, 10), np.random.randn(5, 10)
    shapes = {name + gate: {"W": (5, 8), "b": (5, 1)}[name] for gate in "urc" for name in "Wb"}
    shapes |= {"Wy": (2, 5), "by": (2, 1)}
    parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
    a_next, yt_pred, cache = gru_cell_forward(xt, a_prev, parameters)
    for name, value, row in (("a_next", a_next, 4), ("yt_pred", yt_pred, 1)):
        print(f"{name}[{row}] =", value[row])
        print(f"{name}.shape =", value.shape)
    print("cache[2][3] =", cache[2][3])
    print("len(cache) =", len(cache))


beside(test, gru.gru_cell_forward, gru_cell_forward)

# %% [markdown]
# ## Three networks in one
#
# A bias of 100 opens a gate whatever it sees, and −100 closes it. Three settings, three behaviours:
#
# | | update gate | relevance gate |
# | --- | --- | --- |
# | A | closed | any |
# | B | open | open |
# | C | open | closed |
#
# Which of the three is the RNN of [chapter 2](02_rnn_forward.ipynb), which forgets everything at every step, and which
# never changes?

# %%
small = initialize.gru_parameters(rng, n_x=3, n_a=5, n_y=2)
xt, a_prev = rng.standard_normal((3, 10)), rng.uniform(-1, 1, (5, 10))
as_rnn = {
    "Waa": small["Wc"][:, :5],
    "Wax": small["Wc"][:, 5:],
    "ba": small["bc"],
    "Wya": small["Wy"],
    "by": small["by"],
}
rnn_state, _, _ = rnn.rnn_cell_forward(xt, a_prev, as_rnn)
for name, update, relevance in (("A", -100.0, 0.0), ("B", 100.0, 100.0), ("C", 100.0, -100.0)):
    biased = small | {"bu": np.full((5, 1), update), "br": np.full((5, 1), relevance)}
    a, _, _ = gru.gru_cell_forward(xt, a_prev, biased)
    other, _, _ = gru.gru_cell_forward(xt, -a_prev, biased)
    found = {"unchanged": (a, a_prev), "the RNN's": (a, rnn_state), "without memory": (a, other)}
    print(name, [words for words, pair in found.items() if np.allclose(*pair, rtol=0, atol=1e-12)])


# %% [markdown] answer=true
# A never changes, B is the RNN, and C forgets everything. Between these corners the network decides for itself.

# %% [markdown]
# ## The whole sequence
#
# Only one state is passed on, as in the RNN.
#
# ### Exercise 11.2: all steps
#
# *About 10 lines, 10 minutes, ★☆☆*
#
# - **Given:** `x` (n_x, m, T_x), `a0`, and the parameters.
# - **Write:** a loop that calls your `gru_cell_forward` at each step, and collects states, predictions and caches.
#   Without an output layer, `y` is `None`.

# %% exercise="gru_forward" points=10
def gru_forward(x, a0, parameters):
    """Run the GRU over a sequence.

    Parameters
    ----------
    x : (n_x, m, T_x)
    a0 : (n_a, m)
    parameters : dict
        As for `gru_cell_forward`.

    Returns
    -------
    a : (n_a, m, T_x)
    y : (n_y, m, T_x) or None
        Prediction at each step; None without ``Wy``, ``by``.
    caches : tuple
        ``(list of the T_x cell caches, x)``.
    """
    T_x = x.shape[2]
    hidden_states, predictions, steps = [], [], []

    # The hidden state before the first step.
    a_next = a0

    for t in range(T_x):
        # One step: the input at time t meets the state that the step before it left.
        a_next, yt_pred, cache = gru_cell_forward(x[:, :, t], a_next, parameters)

        # Keep what the step returned, each at the end of its list.
        hidden_states.append(a_next)
        predictions.append(yt_pred)
        steps.append(cache)

    # One array of all hidden states, time along the last axis.
    a = np.stack(hidden_states, axis=2)

    # One array of all predictions likewise. Without an output layer there are none.
    y = np.stack(predictions, axis=2) if "Wy" in parameters else None

    # What the backward pass will need: the list of the steps' caches, and x.
    caches = (steps, x)

    return a, y, caches


# %%
check(gru_forward)


# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Take your `rnn_forward` and change the name of the cell. Then think about `y`: a list of `None` cannot be stacked. At
# which line do you have to ask whether there is an output layer?
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** The states are kept in a list and stacked at the end, so no cache holds a view of an array that is
# filled later ([chapter 5](05_lstm_backward.ipynb) tells what happens then). Likely slips: `a0` at every step, where the
# last state belongs; and a `y` of zeros, where the caller asked for none.

# %%
def test(gru_forward):
    """Print a state, a prediction, and how many caches there are."""
    np.random.seed(1)
    x, a0 = np.random.randn(3, 10, 7), np.random.randn(5, 10)
    shapes = {name + gate: {"W": (5, 8), "b": (5, 1)}[name] for gate in "urc" for name in "Wb"}
    shapes |= {"Wy": (2, 5), "by": (2, 1)}
    parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
    a, y, caches = gru_forward(x, a0, parameters)
    print(f"a[4][3][6] = {a[4][3][6]:.8f}")
    print("a.shape =", a.shape)
    print(f"y[1][4][3] = {y[1][4][3]:.8f}")
    print("y.shape =", y.shape)
    print("len(caches) =", len(caches))


beside(test, gru.gru_forward, gru_forward)


# %% [markdown]
# ## Brackets again
#
# In [chapter 4](04_lstm_forward.ipynb) one unit of an LSTM knew whether it was inside a pair of brackets. It needed a
# forget gate for `)` and an input gate for `(`. With one update gate for both, at which characters must it be open, and
# what must the candidate be there?

# %%
def brackets(strong):
    """Return the weights of one unit that remembers whether a bracket is open."""
    return {
        "Wu": np.array([[0, 2 * strong, 2 * strong, 0]]), "bu": np.array([[-strong]]),  # open at ( and )
        "Wr": np.zeros((1, 4)), "br": np.zeros((1, 1)),  # of no importance here
        "Wc": np.array([[0, strong, 0, 0]]), "bc": np.zeros((1, 1)),  # 1 at (, otherwise 0
    }  # fmt: skip


def read(text, parameters):
    """Return gates, candidate and state (T_x,) by name while one unit reads the text."""
    codes = np.array([["()".find(character) for character in text]]) % 3
    _, _, (steps, _) = gru.gru_forward(one_hot(codes, 3), np.zeros((1, 1)), parameters)
    names = ("a_next", "a_prev", "ut", "rt", "cct")
    return {name: np.array([step[k].item() for step in steps]) for k, name in enumerate(names)}


# %%
line = "one (two three) four"
seen = read(line, brackets(8.0))
for name in ("ut", "cct", "a_next"):
    print(f"{name:<6} is near 1 at", repr("".join(np.array(list(line))[seen[name] > 0.5])))


# %%
def show_gates(strong):
    """Draw gate, candidate and state over the text."""
    seen = read(line, brackets(strong))
    return figures.gates_over_text({name: seen[name] for name in ("ut", "cct", "a_next")}, line)


widgets.slide(show_gates, strong=(8, 0, 10, 0.5))

# %% [markdown]
# *Figure 11.2. One unit of a GRU reads a text: full colour is 1, no colour is 0. In a running notebook, move the slider.*
#
# The update gate opens at both brackets. At `(` the candidate is 1, so the state becomes 1; at `)` it is 0, and replaces
# the 1. To forget is to write a zero.

# %% [markdown]
# ## The way back
#
# One gradient arrives, `da_next`, and it has to reach the previous state. Count the ways from `a_prev` to `a_next` in figure 11.1.
#
# ![The way back through one step of the GRU; all arrows run backwards. At 1, da_next times the update gate reaches the
# candidate and passes its tanh: dzc. At 2, it reaches the update gate: dzu. At 3, the candidate sends a gradient to the
# product of relevance gate and previous state, da_relevant, and another to dxt. At 4, da_relevant reaches the relevance
# gate: dzr. At 5, both gates send gradients to the weights, to a_prev and to xt. At 6, four gradients are added to
# da_prev, and three to dxt.](../figures/gru_gradient.svg)
#
# *Figure 11.3. The way back through one step. It is figure 11.1 with all arrows turned around.*

# %% [markdown]
# There are four ways: along the top, through the product with the relevance gate, through the relevance gate itself, and through the
# update gate. Everything needed is a rule from [chapter 3](03_rnn_backward.ipynb) or [chapter
# 5](05_lstm_backward.ipynb); only one node is new to you.
#
# **The mixture**, $a = u \odot \tilde c + (1 - u) \odot a_\text{prev}$. By the product rule the candidate receives
# $da \odot u$, and the previous state $da \odot (1 - u)$. And the gate stands in both terms:
#
# $$du = da \odot \tilde c - da \odot a_\text{prev}$$
#
# $$\hphantom{du} = da \odot (\tilde c - a_\text{prev})$$
#
# What does the update gate learn when candidate and previous state are equal?

# %%
da, u, before = 1.0, 0.4, 0.7
for candidate in (0.7, 0.8, -0.7):
    print(f"candidate {candidate:4.1f}: gradient at the gate {da * (candidate - before):5.2f}")

# %% [markdown] answer=true
# Nothing: it is a choice between two equal things. The more they differ, the more the gate matters.

# %% [markdown]
# ## One step by hand
#
# One input, one unit, one example, and biases of 0. The previous state is 1 and the input is 1:
#
# $$W_u = (2, -2)$$
#
# $$W_r = (-3, 3)$$
#
# $$W_c = (2, -1)$$
#
# The first number of each multiplies the state, the second one the input. Compute $u$, $r$, $\tilde c$ and
# $a_\text{next}$. All you need is $\sigma(0) = \tfrac12$ and $\tanh 0 = 0$.

# %%
tiny = {"Wu": np.array([[2.0, -2.0]]), "Wr": np.array([[-3.0, 3.0]]), "Wc": np.array([[2.0, -1.0]])}
tiny |= {"b" + gate: np.zeros((1, 1)) for gate in "urc"}
xt, a_prev = np.ones((1, 1)), np.ones((1, 1))
a_next, _, cache = gru.gru_cell_forward(xt, a_prev, tiny)
_, _, ut, rt, cct, _, _ = cache
for name, value in (("ut", ut), ("rt", rt), ("cct", cct), ("a_next", a_next)):
    print(f"{name:<6} = {value.item():z.2f}")

# %% [markdown]
# | | by hand |
# | --- | --- |
# | `ut` | σ(2 · 1 − 2 · 1) = ½ |
# | `rt` | σ(−3 · 1 + 3 · 1) = ½ |
# | `cct` | tanh(2 · (½ · 1) − 1 · 1) = 0 |
# | `a_next` | ½ · 0 + ½ · 1 = ½ |

# %% [markdown]
# ## The same step backward, row by row
#
# One row for each number in figure 11.3. The first row is done.

# %% [markdown] only="solutions"
# | number, node | forward | what comes back |
# | --- | --- | --- |
# | 1: mixture, then tanh | `ut * cct`; `tanh(zc)` | `dzc = da_next * ut * (1 - cct**2)` |
# | 2: mixture, then sigmoid | `ut * cct + (1 - ut) * a_prev`; `sigmoid(zu)` | `dzu = da_next * (cct - a_prev) * ut * (1 - ut)` |
# | 3: product of the candidate | `Wc @ [rt * a_prev; xt]` | `da_relevant`, the upper rows of `Wc.T @ dzc`; the lower rows are a part of `dxt` |
# | 4: product, then sigmoid | `rt * a_prev`; `sigmoid(zr)` | `dzr = da_relevant * a_prev * rt * (1 - rt)` |
# | 5: products of both gates | `Wu @ [a_prev; xt]`, `Wr @ [a_prev; xt]` | `dconcat = Wu.T @ dzu + Wr.T @ dzr` |
# | 6: four ways to the state | | `da_next * (1 - ut) + da_relevant * rt`, plus the upper rows of `dconcat` |
# | 6: three ways to the input | | the lower rows of `Wc.T @ dzc`, plus those of `dconcat` |

# %% [markdown]
# The next cell measures the right values for the step above, with complex steps: it changes one value inside the step, and
# measures how the loss changes. The upstream gradient is 16, so that all results are whole numbers.

# %%
da_next = np.full((1, 1), 16.0)


def loss(changed):
    """Return the loss of the step when some of its values are replaced."""
    before, x = changed.get("a_prev", a_prev), changed.get("xt", xt)
    zu, zr = (changed.get("z" + gate, tiny["W" + gate] @ np.vstack([before, x])) for gate in "ur")
    relevant = changed.get("a_relevant", sigmoid(zr) * before)
    zc = changed.get("zc", tiny["Wc"] @ np.vstack([relevant, x]))
    return np.sum(da_next * (sigmoid(zu) * np.tanh(zc) + (1 - sigmoid(zu)) * before))


# %%
values = {"zc": 0 * xt, "zu": 0 * xt, "a_relevant": rt * a_prev, "zr": 0 * xt, "a_prev": a_prev, "xt": xt}
measured = {}
for name, value in values.items():
    measured |= gradcheck.complex_step(loss, {name: value})


def compare(name, yours):
    """Print what is measured at a place, and whether your row agrees."""
    exact = measured[name].item()
    fits = yours is not None and np.allclose(yours, exact, rtol=0, atol=1e-9)
    verdict = "your row is empty" if yours is None else "your row is right" if fits else f"yours is {yours}"
    print(f"{name:<11} measured {exact:5.1f}: {verdict}")


# %% [markdown]
# **Rows 1 to 4.** Write them with the names of the cache and of `tiny`, in this order. Which of the four gradients does
# *not* start from `da_next` directly?

# %% only="solutions"
dzc = da_next * ut * (1 - cct**2)
dzu = da_next * (cct - a_prev) * ut * (1 - ut)
da_relevant = (tiny["Wc"].T @ dzc)[:1]
dzr = da_relevant * a_prev * rt * (1 - rt)

# %%
for name, yours in (("dzc", dzc), ("dzu", dzu), ("da_relevant", da_relevant), ("dzr", dzr)):
    compare(name, yours)

# %% [markdown]
# `da_relevant` and `dzr`: the relevance gate reaches the state only through the candidate, so its gradient comes from
# `dzc`. By hand: `dzu` is $16 \cdot (0 - 1) \cdot \tfrac14 = -4$, `da_relevant` is $2 \cdot 8 = 16$, and `dzr` is
# $16 \cdot 1 \cdot \tfrac14 = 4$.
#
# **Row 6.** Now add up the ways. On which of the four ways to `a_prev` is the last factor a weight matrix?

# %% only="solutions"
dconcat = tiny["Wu"].T @ dzu + tiny["Wr"].T @ dzr
da_prev = da_next * (1 - ut) + da_relevant * rt + dconcat[:1]
dxt = (tiny["Wc"].T @ dzc)[1:] + dconcat[1:]

# %%
compare("da_prev", da_prev)
compare("dxt", dxt)


# %% [markdown]
# On the ways through the two gates: $W_u^{\mathsf T} dz_u$ and $W_r^{\mathsf T} dz_r$. By hand: `da_prev` is $16 \cdot \tfrac12 +
# 16 \cdot \tfrac12 + 2 \cdot (-4) - 3 \cdot 4 = -4$, and `dxt` is $-1 \cdot 8 - 2 \cdot (-4) + 3 \cdot 4 = 12$.
#
# The weights follow the rule for products: each receives its own $dz$ times the transposed stack *that it was multiplied
# by*. For two of them that is `concat`, and for `Wc` it is `concat_r`.

# %% [markdown]
# ### Exercise 11.3: one step back
#
# *About 20 lines, 40 minutes, ★★★*
#
# - **Given:** `da_next`, and the cache of seven parts.
# - **Write:** your rows, now for any sizes; then the weights and the biases.

# %% exercise="gru_cell_backward" points=20
def gru_cell_backward(da_next, cache):
    """Pull a gradient back through one step of the GRU.

    Parameters
    ----------
    da_next : (n_a, m)
    cache : tuple
        ``(a_next, a_prev, ut, rt, cct, xt, parameters)``, as `gru_cell_forward`
        returned it.

    Returns
    -------
    dict
        ``dxt`` (n_x, m), ``da_prev`` (n_a, m), ``dWu``, ``dWr``, ``dWc``
        (n_a, n_a + n_x), ``dbu``, ``dbr``, ``dbc`` (n_a, 1).  Weight gradients are
        summed over the batch, not averaged.
    """
    a_next, a_prev, ut, rt, cct, xt, parameters = cache
    Wu, Wr, Wc = parameters["Wu"], parameters["Wr"], parameters["Wc"]
    n_a = a_next.shape[0]

    # From the hidden state to the candidate, and through its tanh to its pre-activation.
    dzc = da_next * ut * (1 - cct**2)

    # From the hidden state to the update gate, which weighs the candidate against the
    # previous state, and through its sigmoid.
    dzu = da_next * (cct - a_prev) * ut * (1 - ut)

    # The candidate looked at [rt * a_prev; xt]: what it sends back to the two parts.
    dconcat_r = Wc.T @ dzc
    da_relevant = dconcat_r[:n_a]
    dxt_candidate = dconcat_r[n_a:]

    # From the product rt * a_prev to the relevance gate, and through its sigmoid.
    dzr = da_relevant * a_prev * rt * (1 - rt)

    # Both gates looked at [a_prev; xt]: add up what they send back.
    dconcat = Wu.T @ dzu + Wr.T @ dzr

    # The previous state is reached directly, through the product with the relevance
    # gate, and through both gates; the input through the candidate and through both.
    da_prev = da_next * (1 - ut) + da_relevant * rt + dconcat[:n_a]
    dxt = dxt_candidate + dconcat[n_a:]

    # From the pre-activations to the weights, by what each of them looked at; each sums
    # over the batch.
    concat = np.concatenate([a_prev, xt], axis=0)
    concat_r = np.concatenate([rt * a_prev, xt], axis=0)
    dWu = dzu @ concat.T
    dWr = dzr @ concat.T
    dWc = dzc @ concat_r.T

    # From the pre-activations to the biases; these, too, sum over the batch.
    dbu = dzu.sum(axis=1, keepdims=True)
    dbr = dzr.sum(axis=1, keepdims=True)
    dbc = dzc.sum(axis=1, keepdims=True)

    return {
        "dxt": dxt, "da_prev": da_prev,
        "dWu": dWu, "dbu": dbu, "dWr": dWr, "dbr": dbr, "dWc": dWc, "dbc": dbc,
    }  # fmt: skip


# %%
check(gru_cell_backward)


# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Run your function on the step by hand, `gru_cell_backward(da_next, cache)`. Its `dbc`, `dbu` and `dbr` must be 8, −4 and 4:
# with one example they are the gradients at the pre-activations. If these are right, write the shape of `Wc.T @ dzc` down:
# which of its rows belong to the state?
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** `dzr` can only be computed after `dzc`, because the relevance gate is an input of the candidate. Likely
# slips:
#
# - a way to `a_prev` is forgotten, most often the one through the product, `da_relevant * rt`;
# - `dWc` is multiplied by `concat` in place of `concat_r`: the shape is right;
# - the update gate receives `da_next * cct` only, without what it takes away from the previous state.

# %%
def test(gru_cell_backward):
    """Print some entries of each gradient."""
    np.random.seed(1)
    xt, a_prev = np.random.randn(3, 10), np.random.randn(5, 10)
    shapes = {name + gate: {"W": (5, 8), "b": (5, 1)}[name] for gate in "urc" for name in "Wb"}
    shapes |= {"Wy": (2, 5), "by": (2, 1)}
    parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
    _, _, cache = gru.gru_cell_forward(xt, a_prev, parameters)
    gradients = gru_cell_backward(np.random.randn(5, 10), cache)
    for name, row, column in (("dxt", 1, 2), ("da_prev", 2, 3), ("dWu", 3, 1), ("dWr", 1, 2), ("dWc", 3, 1)):
        print(f'gradients["{name}"][{row}][{column}] = {gradients[name][row, column]:.8f}')
        print(f'gradients["{name}"].shape =', gradients[name].shape)
    for gate in "urc":
        print(f'gradients["db{gate}"][4] =', gradients["db" + gate][4])


beside(test, gru.gru_cell_backward, gru_cell_backward)

# %% [markdown]
# And the complex step, at every entry of every gradient:

# %%
print(gradcheck.format_table(gradcheck.gradient_table(gru.gru_cell_backward)))

# %% [markdown]
# ## Back through the sequence
#
# The update gate is closed in all steps, so that the state is kept. A gradient arrives at the last state. How much of it is
# left at `a0`, and which weights receive something?

# %%
x, a0 = rng.standard_normal((3, 10, 7)), rng.uniform(-1, 1, (5, 10))
_, _, caches = gru.gru_forward(x, a0, small | {"bu": np.full((5, 1), -100.0)})
da = np.zeros((5, 10, 7))
da[:, :, -1] = rng.standard_normal((5, 10))
kept = gru.gru_backward(da, caches)
print("da0 is what arrived:", np.array_equal(kept["da0"], da[:, :, -1]))
print("not zero:", [name for name, gradient in kept.items() if np.abs(gradient).max() > 1e-12])


# %% [markdown] answer=true
# All of it is left, unchanged, and no weight receives anything: what keeps a memory keeps a gradient, as in the LSTM.
#
# ### Exercise 11.4: backpropagation through time
#
# *About 16 lines, 20 minutes, ★★☆*
#
# - **Given:** `da` (n_a, m, T) and the caches of the forward pass; T may be smaller than T_x.
# - **Write:** the loop from the last step to the first, with your `gru_cell_backward` in it.

# %% exercise="gru_backward" points=15
def gru_backward(da, caches):
    """Pull gradients back through the sequence: backpropagation through time.

    Parameters
    ----------
    da : (n_a, m, T)
    caches : tuple
        ``(list of cell caches, x)``, as `gru_forward` returned it.

    Returns
    -------
    dict
        ``dx`` (n_x, m, T), ``da0`` (n_a, m), ``dWu``, ``dWr``, ``dWc``
        (n_a, n_a + n_x), ``dbu``, ``dbr``, ``dbc`` (n_a, 1).  Weight gradients are
        summed over the batch and over time.
    """
    steps, x = caches
    T = da.shape[2]
    parameters = steps[0][6]

    # Room for the gradient at each input.
    dx = np.zeros_like(x[:, :, :T])

    # Nothing comes back from beyond the last step.
    da_prev = np.zeros_like(da[:, :, 0])

    # Sums over the steps that begin at zero: for each gate and for the candidate the
    # weights and the bias.
    dWu, dWr, dWc = (np.zeros_like(parameters["W" + gate]) for gate in "urc")
    dbu, dbr, dbc = (np.zeros_like(parameters["W" + gate][:, :1]) for gate in "urc")

    for t in reversed(range(T)):
        # The gradient at this hidden state: from its own output, and from the step
        # after it.
        da_next = da[:, :, t] + da_prev

        # One step back; what it sends to the previous state is carried on.
        step = gru_cell_backward(da_next, steps[t])
        da_prev = step["da_prev"]

        # The gradient at this step's input.
        dx[:, :, t] = step["dxt"]

        # All steps share their weights, so their contributions add up, gate by gate.
        dWu += step["dWu"]
        dbu += step["dbu"]
        dWr += step["dWr"]
        dbr += step["dbr"]
        dWc += step["dWc"]
        dbc += step["dbc"]

    # What comes out of the first step is the gradient at the initial hidden state.
    da0 = da_prev

    return {
        "dx": dx, "da0": da0,
        "dWu": dWu, "dbu": dbu, "dWr": dWr, "dbr": dbr, "dWc": dWc, "dbc": dbc,
    }  # fmt: skip


# %%
check(gru_backward)


# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# It is your `rnn_backward` with six sums in place of three. Write down which gradient enters the cell at step t. What are
# its two parts, and what is the second one at the last step?
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** Only one gradient is carried, because there is only one state. The slips are those of [chapter
# 3](03_rnn_backward.ipynb): nothing is carried, what is carried is added up instead of replaced, or the sums are
# overwritten. With six sums on six lines, there is one more: `dWr += step["dWu"]`.

# %%
def test(gru_backward):
    """Print some entries of each gradient, over four of seven steps."""
    np.random.seed(1)
    x, a0 = np.random.randn(3, 10, 7), np.random.randn(5, 10)
    shapes = {name + gate: {"W": (5, 8), "b": (5, 1)}[name] for gate in "urc" for name in "Wb"}
    shapes |= {"Wy": (2, 5), "by": (2, 1)}
    parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
    _, _, caches = gru.gru_forward(x, a0, parameters)
    gradients = gru_backward(np.random.randn(5, 10, 4), caches)
    print('gradients["dx"][1][2] =', gradients["dx"][1][2])
    print('gradients["dx"].shape =', gradients["dx"].shape)
    for name, row, column in (("da0", 2, 3), ("dWu", 3, 1), ("dWr", 1, 2), ("dWc", 3, 1)):
        print(f'gradients["{name}"][{row}][{column}] = {gradients[name][row, column]:.8f}')
    for gate in "urc":
        print(f'gradients["db{gate}"][4] =', gradients["db" + gate][4])


beside(test, gru.gru_backward, gru_backward)

# %%
print(gradcheck.format_table(gradcheck.gradient_table(gru.gru_backward)))

# %% [markdown]
# ## Which step reaches which
#
# A gradient is put at one of six steps after the other, and we look at which inputs it arrives. Which half of the square
# is empty this time?

# %%
_, _, caches = gru.gru_forward(x[:, :, :6], a0, small)
arrived = np.zeros((6, 6))
for t in range(6):
    impulse = np.zeros((5, 10, 6))
    impulse[:, :, t] = 1
    arrived[:, t] = np.linalg.norm(gru.gru_backward(impulse, caches)["dx"], axis=(0, 1))
print("a gradient at step 3 reaches the inputs of steps", np.flatnonzero(arrived[:, 3]))
figures.show(figures.reach(arrived, "gradient put at step", "arrives at the input of step", "gradient"))

# %% [markdown]
# *Figure 11.4. How much of a gradient that is put at one step (column) arrives at the input of each step (row).*
#
# The lower half, as in every recurrent network: an input cannot change what came before it. Compare the columns with those
# of [figure 3.5](03_rnn_backward.ipynb): how fast the numbers fall is what distinguishes the networks.

# %% [markdown]
# ## How far a gradient reaches
#
# [Chapter 7](07_what_vanishes.ipynb) sent a gradient of norm 1 back through 60 steps of noise, with 50 units. After 60 steps
# about $10^{-13}$ was left in the RNN, and nearly $10^{-3}$ in the LSTM with a forget bias of 1. The GRU starts with biases of
# 0, so its update gate is near ½ and half of the old state is kept. Where will its curve lie: near the RNN's, near the
# LSTM's, or between them?

# %%
n_x, n_a, n_y, m, T_x = 10, 50, 5, 20, 60
draws = np.random.default_rng(1)
x = draws.standard_normal((n_x, m, T_x))
da_last = draws.standard_normal((n_a, m))
da_last /= np.linalg.norm(da_last)


def measure(parameters):
    """Return the gradient's norm at all states from a⟨0⟩ on when it starts with 1 at the last one."""
    is_lstm, is_gru = "Wf" in parameters, "Wu" in parameters
    forward = lstm.lstm_forward if is_lstm else gru.gru_forward if is_gru else rnn.rnn_forward
    back = lstm.lstm_cell_backward if is_lstm else gru.gru_cell_backward if is_gru else rnn.rnn_cell_backward
    steps, _ = forward(x, np.zeros((n_a, m)), parameters)[-1]
    arriving, norms = [da_last, *[np.zeros_like(da_last)] * is_lstm], [1.0]
    for cache in reversed(steps):
        gradients = back(*arriving, cache)
        arriving = [gradients[name] for name in ("da_prev", "dc_prev") if name in gradients]
        norms.append(np.linalg.norm(arriving))
    return np.array(norms[::-1])


# %%
draw = {
    "RNN": initialize.rnn_parameters,
    "LSTM": initialize.lstm_parameters,
    "GRU": initialize.gru_parameters,
}
curves = {name: measure(draw[name](np.random.default_rng(0), n_x, n_a, n_y)) for name in draw}
for name, norms in curves.items():
    print(f"{name:<5}", "   ".join(f"step {t}: {norms[t]:.0e}" for t in (60, 40, 20, 0)))
figures.show(figures.gradients_through_time(curves))

# %% [markdown]
# *Figure 11.5. The same gradient, sent back through three networks.*
#
# Between them: far above the RNN and below the LSTM. Now make the comparison fair: an LSTM with a forget bias of 1 keeps
# $\sigma(1) = 0.73$. Which bias of the update gate keeps as much?

# %%
print("bias of the update gate   kept   left at the start")
weights = initialize.gru_parameters(np.random.default_rng(0), n_x, n_a, n_y)
for bias in (0.0, -1.0, -2.0, -3.0):
    norms = measure(weights | {"bu": np.full((n_a, 1), bias)})
    print(f"{bias:>23.0f}{1 - sigmoid(bias):>7.2f}{norms[0]:>20.0e}")


# %% [markdown] answer=true
# The bias −1, since $1 - \sigma(-1) = \sigma(1)$. With it $10^{-5}$ is left, still less than in that LSTM, which has two states
# for a gradient to travel on. With −2 more is left than in that LSTM. So the bias of the gate decides more than the name
# of the network.

# %% [markdown]
# ## The GRU in other libraries
#
# If you load weights from somewhere else, two things can differ: whether the gate is the part that is new or the part that is kept, and whether
# the relevance gate multiplies before or after the product with the weights.
#
# - This course, and Chung et al. 2014: the new state is $u\,\tilde c + (1 - u)\,a$, and the candidate sees $W\,(r \odot a)$.
# - Cho et al. 2014, ONNX, and Keras with `reset_after=False`: the new state is $(1 - z)\,\tilde c + z\,a$, and the candidate
#   sees $W\,(r \odot a)$.
# - PyTorch, Keras as it is today, and ONNX with `linear_before_reset=1`: the new state is $(1 - z)\,\tilde c + z\,a$, and the
#   candidate sees $r \odot (W a + b)$.

# %% [markdown]
# The first difference is easy to convert. With $z = 1 - u$ and $1 - \sigma(s) = \sigma(-s)$, what has to happen to `Wu` and
# `bu`?

# %%
def to_torch(parameters):
    """Return the arrays of PyTorch's nn.GRU: weight_ih, weight_hh, bias_ih and bias_hh of one layer."""
    sign = {"r": 1.0, "u": -1.0, "c": 1.0}  # in this order one above the other; z is 1 - u
    W, b = (np.concatenate([sign[gate] * parameters[kind + gate] for gate in sign]) for kind in "Wb")
    n_a = len(parameters["bu"])
    return W[:, n_a:], W[:, :n_a], b[:, 0], np.zeros(3 * n_a)


def reset_after_the_product(xt, a_prev, arrays):
    """Take one step of the GRU as PyTorch defines it."""
    weight_ih, weight_hh, bias_ih, bias_hh = arrays
    of_x = np.split(weight_ih @ xt + bias_ih[:, np.newaxis], 3)
    of_a = np.split(weight_hh @ a_prev + bias_hh[:, np.newaxis], 3)
    r, z = sigmoid(of_x[0] + of_a[0]), sigmoid(of_x[1] + of_a[1])
    candidate = np.tanh(of_x[2] + r * of_a[2])
    return (1 - z) * candidate + z * a_prev


# %% [markdown] answer=true
# Both change their sign. The second difference cannot be converted in general: $W (r \odot a)$ multiplies each *column* of $W$ by a
# number, and $r \odot (W a)$ each *row*.

# %% [markdown]
# For which of these three kinds of weights do both give the same state: any weights; a `Wc` in which each unit sees only itself; a relevance gate that is the same for all units?

# %%
xt, a_prev = rng.standard_normal((3, 10)), rng.uniform(-1, 1, (5, 10))
itself = np.hstack([np.eye(5), np.ones((5, 3))])
kinds = {
    "any weights": small,
    "each unit sees only itself": small | {"Wc": itself * small["Wc"]},
    "one relevance gate for all": small | {"Wr": np.repeat(small["Wr"][:1], 5, axis=0)},
}
for name, parameters in kinds.items():
    a_next, _, _ = gru.gru_cell_forward(xt, a_prev, parameters)
    difference = np.abs(reset_after_the_product(xt, a_prev, to_torch(parameters)) - a_next).max()
    print(f"{name:<27}", "the same" if difference < 1e-12 else f"up to {difference:.3f} apart")

# %% [markdown] answer=true
# For the last two kinds. The tests of this project compare `to_torch` and `reset_after_the_product` with PyTorch's own
# `nn.GRU`, forward for any weights, and for these two kinds `gru_backward` as well: they agree to $10^{-10}$.
#
# Why did the libraries choose the other order? All products with $a$ can then be computed at once, since none of them waits for $r$. That is faster on a graphics card.

# %% [markdown]
# ## Three networks write names
#
# The training is that of [chapter 8](08_names.ipynb): the same names in the same order, 64 units, eight passes over the
# list, and a learning rate that falls to zero. On the held-out names the bigram model has 2.36 nats per character. In
# which order will the three networks be, and how far apart?

# %%
train_names, held_out_names = train.split(text.load_names(), 0.1, np.random.default_rng(0))


def train_network(parameters, epochs=8, size=64, learning_rate=0.02):
    """Return trained parameters."""
    order, t = np.random.default_rng(5), 0
    v, s = optimize.initialize_adam(parameters)
    total = epochs * math.ceil(len(train_names) / size)
    for _ in tqdm(range(epochs)):
        for batch in train.batches(train_names, size, order):
            x, y = text.names_to_arrays(batch)
            rate, t = learning_rate * (1 - t / total), t + 1
            _, _, parameters, v, s = train.step(x, y, parameters, v, s, t, rate)
    return parameters


# %% tags=["nbval-ignore-output"]
trained = {name: train_network(draw[name](np.random.default_rng(6), **sizes)) for name in draw}

# %%
print(f"{'nats per character':<20}{'training':>9}{'held out':>9}{'numbers':>9}")
for name, parameters in trained.items():
    losses = [train.cross_entropy(part, parameters) for part in (train_names, held_out_names)]
    count = sum(array.size for array in parameters.values())
    print(f"{name:<20}{losses[0]:>9.2f}{losses[1]:>9.2f}{count:>9}")

# %% [markdown]
# The LSTM and the GRU are ahead of the RNN by a few hundredths of a nat, and the difference between these two is no
# larger than chance. The GRU needs only about three quarters of the LSTM's parameters. This is what larger studies found as well: neither of the two is better in general.
#
# `text.sample` writes names with a GRU, too:

# %%
pen = np.random.default_rng(7)
print(*(text.decode(text.sample(trained["GRU"], 0, pen)) for _ in range(8)), sep="  ")

# %% [markdown]
# ## Try it yourself
#
# 1. Set `br` to −100 in the trained GRU. By how much does its cross-entropy on the held-out names rise?
# 2. Give `reset_after_the_product` weights that PyTorch could have, with a `bias_hh` that is not zero. Which parameter of our
#    GRU could hold its last third?
# 3. In a copy of your `gru_cell_backward`, leave the way through the product out of `da_prev`. Which gradients of
#    `gru_cell_backward` are wrong, and which of `gru_backward`?
# 4. Train the GRU with `bu` at −1 from the start. Does it become better on names?

# %% [markdown] only="solutions"
# ### Answers
#
# 1\. By more than one nat: the network has learned to use what its relevance gate lets through, and now its candidates see
# the input only.

# %% only="solutions"
closed = trained["GRU"] | {"br": np.full((64, 1), -100.0)}
for name, parameters in (("as trained", trained["GRU"]), ("relevance gate closed", closed)):
    print(f"{name:<22}{train.cross_entropy(held_out_names, parameters):.2f}")

# %% [markdown] only="solutions"
# 2\. None of them. The biases of the first two thirds are added to `br` and `bu`; but $r \odot (W a + b)$ multiplies
# the last third by the relevance gate, and our `bc` is added without it.

# %% only="solutions"
weight_ih, weight_hh, bias_ih, bias_hh = to_torch(kinds["each unit sees only itself"])
shifted = (weight_ih, weight_hh, bias_ih, np.concatenate([0 * bias_hh[:10], np.ones(5)]))
moved = kinds["each unit sees only itself"] | {"bc": small["bc"] + 1}
a_next, _, _ = gru.gru_cell_forward(xt, a_prev, moved)
print(f"with bc + 1: {np.abs(reset_after_the_product(xt, a_prev, shifted) - a_next).max():.3f} apart")


# %% [markdown] only="solutions"
# 3\. Of `gru_cell_backward` only `da_prev` is wrong. Of `gru_backward` everything is, since a wrong `da_prev` is carried to every step before it.

# %% only="solutions"
def without_product(da_next, cache):
    """Go back one step, and forget one of the four ways to the previous state."""
    gradients = gru.gru_cell_backward(da_next, cache)
    _, _, ut, rt, cct, _, parameters = cache
    dzc = da_next * ut * (1 - cct**2)
    lost = (parameters["Wc"].T @ dzc)[: len(ut)] * rt
    return gradients | {"da_prev": gradients["da_prev"] - lost}


def sequence(da, caches):
    """Go back through the sequence with this step."""
    carried, total = np.zeros(da.shape[:2]), {}
    for t in reversed(range(da.shape[2])):
        step = without_product(da[:, :, t] + carried, caches[0][t])
        carried = step["da_prev"]
        total = {name: total.get(name, 0) + gradient for name, gradient in step.items()}
    return total | {"da0": carried, "dx": np.zeros_like(caches[1])}


errors = gradcheck.gradient_table(without_product, "gru_cell_backward")
print("wrong in the cell:    ", [name for name, error in errors.items() if error > 1e-9])
errors = gradcheck.gradient_table(sequence, "gru_backward")
print("wrong in the sequence:", [name for name, error in errors.items() if error > 1e-9])

# %% [markdown] only="solutions"
# 4\. No: names are short, and a gradient that reaches twenty steps is enough for them.

# %% only="solutions" tags=["nbval-ignore-output"]
start = initialize.gru_parameters(np.random.default_rng(6), **sizes) | {"bu": np.full((64, 1), -1.0)}
remembering = train_network(start)

# %% only="solutions"
print(f"held out: {train.cross_entropy(held_out_names, remembering):.2f}")

# %% [markdown]
# ## Further reading
#
# - Cho, van Merriënboer, Gulcehre, Bahdanau, Bougares, Schwenk & Bengio, "Learning Phrase Representations using RNN
#   Encoder-Decoder for Statistical Machine Translation", EMNLP 2014, section 2.3: the first GRU; their z is our 1 − u.
# - Chung, Gulcehre, Cho & Bengio, "Empirical Evaluation of Gated Recurrent Neural Networks on Sequence Modeling",
#   arXiv:1412.3555 (2014), section 3.2: the GRU as written here.
# - Jozefowicz, Zaremba & Sutskever, "An Empirical Exploration of Recurrent Network Architectures", ICML 2015: many
#   networks of this kind compared, and what the forget bias is worth.

# %% [markdown]
# ---
#
# [← Chapter 10. Make readable code fast](10_from_readable_to_fast.ipynb) · [All chapters](../exercises/00_start.ipynb) · [Chapter 12. Look back with attention →](12_attention.ipynb)<br>
# To look up: [Recap](../recap.md) · [Symbols and shapes](../symbols.md) · [Glossary](../glossary.md)
