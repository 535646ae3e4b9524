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
# # Chapter 2. Run a network through time
#
# [← Chapter 1. Turn scores into probabilities](01_activations.ipynb) · [All chapters](../exercises/00_start.ipynb) · [Chapter 3. Send a gradient back through time →](03_rnn_backward.ipynb)<br>
# To look up: [Recap](../recap.md) · [Symbols and shapes](../symbols.md) · [Glossary](../glossary.md)
#
# **What you will do.** Write one step of a recurrent network, repeat it along a sequence, and measure what the
# network remembers.
#
# **What you will know.** You will be able to
#
# - say what each of the five parameters of an RNN acts on, and which shape it has,
# - keep what the backward pass will need,
# - run one cell over a batch of sequences,
# - test that no state depends on the future.
#
# **What is assumed.** Matrix products in NumPy; `softmax` from [chapter 1](01_activations.ipynb).
#
# **Time.** About 60 minutes.

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

from seqgrad import figures, initialize, rnn
from seqgrad.activations import softmax
from seqgrad.check import beside, check

np.set_printoptions(precision=8, suppress=True)


# %% [markdown]
# ## A memory of one number
#
# A recurrent network reads a sequence one element after the other, and keeps what it has read so far in its
# *hidden state* $a$. The smallest such network has one unit and one weight $w$:
#
# $$a^{\langle t\rangle} = \tanh\bigl(x^{\langle t\rangle} + w\, a^{\langle t-1\rangle}\bigr)$$
#
# The new state is made from the new input and the old state. The number in angle brackets is the time step.

# %% [markdown]
# The network starts at 0, reads a single 1, and then only zeros. With $w = 0.5$ its first states are $\tanh(1) =
# 0.76$ and $\tanh(0.5 \cdot 0.76) = 0.36$.
#
# Which of the weights 0.5, 0.9 and −0.9 remembers the 1 longest?

# %%
def run_one_unit(w, inputs):
    """Return the state after each input."""
    a, states = 0.0, []
    for x in inputs:
        a = np.tanh(x + w * a)
        states.append(a)
    return np.array(states)


for w in (0.5, 0.9, -0.9):
    states = run_one_unit(w, [1.0] + 7 * [0.0])
    print(f"w = {w:4}:", " ".join(f"{a:5.2f}" for a in states))

# %% [markdown] answer=true
# The weights 0.9 and −0.9 remember equally long; with −0.9 the state changes its sign at every step. A weight
# between −1 and 1 shrinks the memory at every step, and the tanh shrinks it a little more.

# %% [markdown]
# ## One step
#
# Now there are $n_x$ inputs, $n_a$ hidden units and a batch of $m$ examples. The numbers become matrices, in which
# each column is one example.
#
# ![One step of the RNN: the previous state times Waa, the input times Wax and the bias ba are added to z; the tanh
# of z is the new state; the softmax of Wya times the new state plus by is the
# prediction.](../figures/rnn_cell.svg)
#
# *Figure 2.1. One step of the RNN. `@` is NumPy's matrix product.*

# %% [markdown]
# The two formulas of a step:
#
# $$a^{\langle t\rangle} = \tanh\bigl(W_{ax}\, x^{\langle t\rangle} + W_{aa}\, a^{\langle t-1\rangle} + b_a\bigr)$$
#
# $$\hat y^{\langle t\rangle} = \operatorname{softmax}\bigl(W_{ya}\, a^{\langle t\rangle} + b_y\bigr)$$
#
# Read the name of a weight from left to right: $W_{ax}$ leads *into* $a$ *from* $x$. The argument of the tanh is
# called the *pre-activation* $z$.

# %% [markdown]
# Three inputs, five hidden units, ten examples: $x^{\langle t\rangle}$ is (3, 10) and $a^{\langle t\rangle}$ is (5,
# 10). Which shape must $W_{ax}$ have, and which shape $W_{aa}$?

# %%
n_x, n_a, m = 3, 5, 10
Wax, Waa = np.ones((n_a, n_x)), np.ones((n_a, n_a))
print((Wax @ np.ones((n_x, m))).shape, (Waa @ np.ones((n_a, m))).shape)

# %% [markdown] answer=true
# $W_{ax}$ is (5, 3), and $W_{aa}$ is (5, 5): as many rows as the result has, as many columns as the input has rows.
#
# | in code | what it is | shape |
# | --- | --- | --- |
# | `xt` | input at this step | (n_x, m) |
# | `a_prev`, `a_next` | state before and after | (n_a, m) |
# | `Wax`, `Waa`, `ba` | into the state | (n_a, n_x), (n_a, n_a), (n_a, 1) |
# | `Wya`, `by` | into the prediction | (n_y, n_a), (n_y, 1) |
# | `yt_pred` | probabilities of n_y classes | (n_y, m) |

# %% [markdown]
# The bias has one column, but the batch has $m$ columns. What will this sum be: an error, or a (2, 3) array? And if
# an array, which one?

# %%
z = np.zeros((2, 3)) + np.array([[1.0], [5.0]])
print(z)


# %% [markdown] answer=true
# The sum is a (2, 3) array in which every example gets the same bias: NumPy *broadcasts* a column along the
# batch.
#
# This is why a bias has the shape (n_a, 1). NumPy would treat an array of shape (n_a,) as a row.

# %% [markdown]
# ### Exercise 2.1: one step
#
# *About 3 lines, 10 minutes, ★☆☆*
#
# - **Given:** `xt` and `a_prev`, and the five parameters in a dict.
# - **Write:** the new state, the prediction, and the *cache*: a tuple of what [chapter 3](03_rnn_backward.ipynb)
#   needs to go back through this step.
#
# `softmax` is seqgrad's, imported at the top.

# %% exercise="rnn_cell_forward" points=10
def rnn_cell_forward(xt, a_prev, parameters):
    """Take one step of the RNN.

    Parameters
    ----------
    xt : (n_x, m)
    a_prev : (n_a, m)
    parameters : dict
        ``Wax`` (n_a, n_x), ``Waa`` (n_a, n_a), ``Wya`` (n_y, n_a), ``ba`` (n_a, 1),
        ``by`` (n_y, 1).

    Returns
    -------
    a_next : (n_a, m)
    yt_pred : (n_y, m)
    cache : tuple
        ``(a_next, a_prev, xt, parameters)``, what `rnn_cell_backward` needs.
    """
    Wax, Waa, Wya = parameters["Wax"], parameters["Waa"], parameters["Wya"]
    ba, by = parameters["ba"], parameters["by"]

    # The new hidden state: the tanh of a sum of three terms, from the input, from the
    # previous state, and the bias.
    a_next = np.tanh(Wax @ xt + Waa @ a_prev + ba)

    # The prediction: the softmax of the scores, which are computed from the new state.
    yt_pred = softmax(Wya @ a_next + by)

    # The cache, for the backward pass: the new state, the previous state, the input, and
    # the parameters, in this order.
    cache = (a_next, a_prev, xt, parameters)

    return a_next, yt_pred, cache


# %%
check(rnn_cell_forward)


# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Write down the shape of each of the three terms inside the tanh before you add them. All three must fit (n_a, m).
# If the shapes of a product do not fit, its factors are in the wrong order, or it has the wrong weight.
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** Use `@` (or `np.dot`), not `*`: the product entry by entry of a (5, 5) and a (5, 10) array is
# an error, seen twice in public code. Two other slips give no error: the sigmoid in place of the tanh, and the
# sigmoid in place of the softmax, whose columns then do not sum to 1. And in three repositories the weights are
# read from the notebook's variables and not from `parameters`.

# %% [markdown]
# This course grew from a well-known programming assignment. The test of the assignment draws random numbers from a
# fixed seed, and prints some of the results. Here are yours and the expected ones.

# %%
def test(rnn_cell_forward):
    """Print what the assignment's test cell prints."""
    np.random.seed(1)
    xt = np.random.randn(3, 10)
    a_prev = np.random.randn(5, 10)
    shapes = {"Waa": (5, 5), "Wax": (5, 3), "Wya": (2, 5), "ba": (5, 1), "by": (2, 1)}
    parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
    a_next, yt_pred, cache = rnn_cell_forward(xt, a_prev, parameters)
    print("a_next[4] =", a_next[4])
    print("a_next.shape =", a_next.shape)
    print("yt_pred[1] =", yt_pred[1])
    print("yt_pred.shape =", yt_pred.shape)


beside(test, rnn.rnn_cell_forward, rnn_cell_forward)

# %% [markdown]
# Two things hold for every result, whatever the inputs are. What does each column of `yt_pred` sum to? And between
# which bounds is every entry of `a_next`?

# %%
rng = np.random.default_rng(0)
large = initialize.rnn_parameters(rng, n_x=3, n_a=5, n_y=2)
large["Waa"] *= 3
a_next, yt_pred, _ = rnn.rnn_cell_forward(rng.standard_normal((3, 4)), rng.standard_normal((5, 4)), large)
print("sums of the columns:", yt_pred.sum(axis=0))
print(f"states from {a_next.min():.2f} to {a_next.max():.2f}")


# %% [markdown] answer=true
# Each column sums to 1, and the states lie between −1 and 1.
#
# With large weights many states are close to these bounds, where the tanh is nearly flat: the unit is
# *saturated*. [Chapter 3](03_rnn_backward.ipynb) shows what this does to a gradient.

# %% [markdown]
# ## The whole sequence
#
# A sequence of $T_x$ steps is an array $x$ of shape (n_x, m, T_x). Time is the last axis, so `x[:, :, t]` is the
# input of step `t`. All steps use the *same* weights; only the state is passed on.
#
# Formulas count steps from 1, because $a^{\langle 0\rangle}$ is the state before the first step. Arrays count from
# 0: `a[:, :, 0]` is $a^{\langle 1\rangle}$.

# %% [markdown]
# ### Exercise 2.2: all steps
#
# *About 7 lines, 15 minutes, ★★☆*
#
# - **Given:** `x` (n_x, m, T_x), the state `a0` before the first step, and the parameters.
# - **Write:** a loop that calls your `rnn_cell_forward` at each step, and collects the states, the predictions and
#   the caches.
#
# Which state does the first step start from, and which one does the second?

# %% exercise="rnn_forward" points=10
def rnn_forward(x, a0, parameters):
    """Run the RNN over a sequence.

    Parameters
    ----------
    x : (n_x, m, T_x)
    a0 : (n_a, m)
    parameters : dict
        As for `rnn_cell_forward`.

    Returns
    -------
    a : (n_a, m, T_x)
    y_pred : (n_y, m, T_x)
    caches : tuple
        ``(list of the T_x cell caches, x)``.
    """
    T_x = x.shape[2]
    states, predictions, steps = [], [], []

    # The state before the first step.
    a_next = a0

    for t in range(T_x):
        # One step, from the input at time t and the state after the step before.
        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)

        # Append each of the three results to its list.
        states.append(a_next)
        predictions.append(yt_pred)
        steps.append(cache)

    # Stack the states into one array, and the predictions into another; time is the last
    # axis.
    a = np.stack(states, axis=2)
    y_pred = np.stack(predictions, axis=2)

    # The caches, for the backward pass: the list of the steps' caches, and x.
    caches = (steps, x)

    return a, y_pred, caches


# %%
check(rnn_forward)


# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Write the first two steps without a loop, on paper. The first step starts from `a0` and returns a state; the second
# step starts from that state. One variable is enough, if every step both reads it and replaces it.
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** The first step starts from `a0`, the second from what the first returned. In public code the
# given `a0` is sometimes ignored (zeros, or a view `a[:, :, 0]` of the array to be filled), or passed again at every
# step, so that nothing is remembered. A list of states and one `np.stack` at the end avoid the view: nothing is
# written into an array that a cache still holds. [Chapter 5](05_lstm_backward.ipynb) tells what such a view can do.

# %%
def test(rnn_forward):
    """Print what the assignment's test cell prints."""
    np.random.seed(1)
    x = np.random.randn(3, 10, 4)
    a0 = np.random.randn(5, 10)
    shapes = {"Waa": (5, 5), "Wax": (5, 3), "Wya": (2, 5), "ba": (5, 1), "by": (2, 1)}
    parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
    a, y_pred, caches = rnn_forward(x, a0, parameters)
    print("a[4][1] =", a[4][1])
    print("a.shape =", a.shape)
    print("y_pred[1][3] =", y_pred[1][3])
    print("y_pred.shape =", y_pred.shape)
    print("caches[1][1][3] =", caches[1][1][3])
    print("len(caches) =", len(caches))


beside(test, rnn.rnn_forward, rnn_forward)

# %% [markdown]
# `caches` is a pair: the list of the steps' caches, and `x` itself. So `caches[1][1][3]` is `x[1][3]`, and
# `len(caches)` is 2, however long the sequence is.

# %% [markdown]
# ## No state knows the future
#
# A state may depend on what has been read, but not on what comes later. You can test this without knowing a single
# right number: change the input of one step, and look which states move.
#
# Here are six units and six steps. The input of step 2 changes: do the states 0 and 1 move, or only state 2, or the
# states 2 to 5?

# %%
rng = np.random.default_rng(0)
small = initialize.rnn_parameters(rng, n_x=4, n_a=6, n_y=3)
x, a0 = rng.standard_normal((4, 2, 6)), rng.standard_normal((6, 2))
a, _, _ = rnn.rnn_forward(x, a0, small)

# %%
moved = np.zeros((6, 6))
for step in range(6):
    changed = x.copy()
    changed[:, :, step] += 0.1
    other, _, _ = rnn.rnn_forward(changed, a0, small)
    moved[:, step] = np.linalg.norm(other - a, axis=(0, 1))
print("states that a change at step 2 moves:", np.flatnonzero(moved[:, 2]))

# %% [markdown]
# The states 2 to 5 move. The next figure shows all six experiments. Each *column* is one experiment, named after the
# step whose input was changed. Each *row* is a state. The number says how far this state moved, as a norm over units
# and examples; an empty square means that it did not move at all.

# %%
figures.show(figures.reach(moved, "input changed at step", "state that moves, at step", "hidden"))

# %% [markdown]
# *Figure 2.2. How far each state moves when the input of one step is changed.*
#
# Above the diagonal everything is empty: no state depends on a later input. We say that the network is *causal*.
# Down each column the numbers fall: the longer ago something was read, the less of it is left.

# %% [markdown]
# ## Does the start matter?
#
# Run the same network twice on the same sequence, once from the state `a0` and once from zeros. True or false? After
# six steps, the two states are still far apart.

# %%
from_zero, _, _ = rnn.rnn_forward(x, np.zeros_like(a0), small)
distances = np.linalg.norm(a - from_zero, axis=(0, 1))
print("distance at the start:   ", f"{np.linalg.norm(a0):.3f}")
print("distance after each step:", " ".join(f"{d:.3f}" for d in distances))

# %% [markdown] answer=true
# False: the distance shrinks at every step. At the end, the state says what has been read, not where it started.
#
# Do the states settle, or do they follow the input? Look at the next figure: in how many of the six units does the
# sign stay the same?

# %%
figures.show(figures.over_time(a[:, 0], "hidden state a⟨t⟩"))

# %% [markdown]
# *Figure 2.3. The states of the six units for the first example, over six steps.*
#
# The sign stays the same in none of them: all states follow the input. A plain RNN overwrites its whole state at
# every step, whether it should or not. [Chapter 4](04_lstm_forward.ipynb) builds a network that can choose.

# %% [markdown]
# ## Try it yourself
#
# 1. Give the one-unit network the weight 1.5. Where does its state settle, and why does it not grow for ever?
# 2. Multiply `small["Waa"]` by 3 and measure `distances` again. Does the network still forget its start?
# 3. Swap the two examples in `x` and in `a0`. What happens to the columns of `a`?
# 4. Call `rnn_forward` on one step of the sequence at a time, each time from the state where it ended. Do you get
#    the same states as in one call?

# %% [markdown] only="solutions"
# ### Answers
#
# 1\. The state settles where $a = \tanh(1.5\, a)$, at about 0.86. It cannot grow further, because the tanh is below
# 1.

# %% only="solutions"
print(np.round(run_one_unit(1.5, [1.0] + 19 * [0.0])[[0, 1, 2, 9, 19]], 4))

# %% [markdown] only="solutions"
# 2\. It does not forget its start within these six steps: the distance no longer falls step by step. Large recurrent
# weights keep differences alive; [chapter 7](07_what_vanishes.ipynb) says how large they have to be.

# %% only="solutions"
stretched = small | {"Waa": 3 * small["Waa"]}
one, _, _ = rnn.rnn_forward(x, a0, stretched)
two, _, _ = rnn.rnn_forward(x, np.zeros_like(a0), stretched)
print("distance after each step:", " ".join(f"{d:.3f}" for d in np.linalg.norm(one - two, axis=(0, 1))))

# %% [markdown] only="solutions"
# 3\. The columns of `a` are swapped too, and nothing else changes: the examples of a batch do not see each other.
#
# 4\. Yes, you get the same states: the state is all that one step passes on to the next.

# %% only="solutions"
swapped, _, _ = rnn.rnn_forward(x[:, ::-1], a0[:, ::-1], small)
print("columns swapped:", np.allclose(swapped, a[:, ::-1], rtol=0, atol=1e-12))
state, pieces = a0, []
for t in range(6):
    piece, _, _ = rnn.rnn_forward(x[:, :, t : t + 1], state, small)
    state = piece[:, :, -1]
    pieces.append(state)
print("step by step, the same:", np.allclose(np.stack(pieces, axis=2), a, rtol=0, atol=1e-12))

# %% [markdown]
# ## Further reading
#
# - Goodfellow, Bengio & Courville, *Deep Learning* (2016), section 10.1 (unfolding in time) and section 10.2 (the
#   recurrent network; their h is our a).
# - Elman, "Finding Structure in Time", *Cognitive Science* 14 (1990): the network of this chapter, and what its
#   states learn.

# %% [markdown]
# ---
#
# [← Chapter 1. Turn scores into probabilities](01_activations.ipynb) · [All chapters](../exercises/00_start.ipynb) · [Chapter 3. Send a gradient back through time →](03_rnn_backward.ipynb)<br>
# To look up: [Recap](../recap.md) · [Symbols and shapes](../symbols.md) · [Glossary](../glossary.md)
