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
# # Run a network through time
#
# **What you will do.** Write one step of a recurrent network, repeat it along a sequence, and watch what the
# network remembers.
#
# **What you will know.** You will be able to
#
# - say what each of the five parameters of an RNN acts on, and its shape,
# - keep what the backward pass will need,
# - run one cell over a batch of sequences,
# - test that no state knows the future.
#
# **What is assumed.** Matrix products in NumPy; `softmax` from chapter 1.

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
# A sequence is read one element after the other. What a network has read so far it keeps in its *hidden
# state* $a$, and every new element changes it. The smallest such network has one unit: its next state is the
# tanh of the input plus $w$ times the state that it was in.
#
# It reads a single 1 and then zeros. Before you run the cell: for which of the weights 0.5, 0.9 and −0.9 is
# the 1 remembered longest?

# %%
def states_of_one_unit(w, inputs):
    """Return the state after each input."""
    a, states = 0.0, []
    for x in inputs:
        a = np.tanh(x + w * a)
        states.append(a)
    return np.array(states)


weights = (0.5, 0.9, -0.9)
memory = np.array([states_of_one_unit(w, [1.0] + 9 * [0.0]) for w in weights])
for w, states in zip(weights, memory, strict=True):
    print(f"w = {w:4}:", " ".join(f"{a:5.2f}" for a in states[:8]))

# %% [markdown]
# 0.9 and −0.9 remember equally long; with −0.9 the memory changes its sign at every step. A weight below 1
# forgets, and the tanh forgets a little more.

# %% [markdown]
# ## One step
#
# With $n_x$ inputs, $n_a$ hidden units and a batch of $m$ examples, numbers become matrices. Every column is
# an example of its own.
#
# ![One step of the RNN: the previous state times Waa, the input times Wax and the bias ba are added; the tanh
# of the sum is the new state, and the softmax of Wya times it plus by is the
# prediction.](../figures/rnn_cell.svg)
#
# $$a^{\langle t\rangle} = \tanh\bigl(W_{ax}\, x^{\langle t\rangle} + W_{aa}\, a^{\langle t-1\rangle} + b_a\bigr), \qquad
# \hat y^{\langle t\rangle} = \operatorname{softmax}\bigl(W_{ya}\, a^{\langle t\rangle} + b_y\bigr)$$
#
# | | shape |
# | --- | --- |
# | `xt` | (n_x, m) |
# | `a_prev`, `a_next` | (n_a, m) |
# | `Wax`, `Waa`, `ba` | (n_a, n_x), (n_a, n_a), (n_a, 1) |
# | `Wya`, `by`, `yt_pred` | (n_y, n_a), (n_y, 1), (n_y, m) |
#
# Read a weight's name from left to right: `Wax` leads *into* a *from* x. Formulas count steps from 1, since
# $a^{\langle 0\rangle}$ is the state before the first of them; arrays count from 0.

# %% [markdown]
# The bias has one column and the batch has $m$. Before you run the cell: does adding them fail, or does every
# example get the same bias?

# %%
z = np.zeros((2, 3)) + np.array([[1.0], [5.0]])
print(z)


# %% [markdown]
# The same for each: a column is *broadcast* along the batch. That is why biases have the shape (n, 1) and not
# (n,), which NumPy would take for a row.

# %% [markdown]
# ### Exercise 2.1: one step
#
# Complete `rnn_cell_forward`. Its third result, the *cache*, is what chapter 3 will need to go back through
# this step; the order of its parts matters.

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
    a_next = None

    # The prediction: the softmax of the scores, which are computed from the new state.
    yt_pred = None

    # The cache, for the backward pass: the new state, the previous state, the input, and
    # the parameters, in this order.
    cache = None

    return a_next, yt_pred, cache


# %%
check(rnn_cell_forward)


# %% [markdown]
# Here is the test of the assignment that this course grew from: it draws random numbers from a fixed seed and
# prints some of the results, yours and the expected ones.

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
# Two classes, so the second row of `yt_pred` fixes the first. What do the columns sum to, and between which
# bounds does every entry of `a_next` lie?

# %%
rng = np.random.default_rng(0)
parameters = {"Waa": rng.standard_normal((5, 5)), "Wax": rng.standard_normal((5, 3)), "ba": np.ones((5, 1))}
parameters |= {"Wya": rng.standard_normal((2, 5)), "by": np.ones((2, 1))}
inputs, states = rng.standard_normal((3, 10)), rng.standard_normal((5, 10))
a_next, yt_pred, _ = rnn.rnn_cell_forward(inputs, states, parameters)
print("sums:", yt_pred.sum(axis=0))
print(f"states from {a_next.min():.2f} to {a_next.max():.2f}")


# %% [markdown]
# Many states are close to ±1: weights of size 1 are large, and the tanh is flat out there. Chapter 3 shows
# what that does to a gradient.

# %% [markdown]
# ## The whole sequence
#
# A sequence of $T_x$ steps is an array $x$ of shape (n_x, m, T_x), time along the last axis, so `x[:, :, t]`
# is the input of step $t$. Every step has the *same* weights; only the state goes from one to the next. So
# the number of parameters does not depend on how long the sequence is.
#
# The states come back in the same way, $a$ of shape (n_a, m, T_x), and the predictions as (n_y, m, T_x).

# %% [markdown]
# ### Exercise 2.2: all steps
#
# Complete `rnn_forward`, with your `rnn_cell_forward` for each step. Which state does the first step get?

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
    a_next = None

    for t in range(T_x):
        # One step, from the input at time t and the state after the step before.
        a_next, yt_pred, cache = None, None, None

        # Append each of the three results to its list.
        ...

    # Stack the states into one array, and the predictions into another; time is the last
    # axis.
    a = None
    y_pred = None

    # The caches, for the backward pass: the list of the steps' caches, and x.
    caches = None

    return a, y_pred, caches


# %%
check(rnn_forward)


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
# The caches are a pair, the list of the steps' caches and $x$ itself: `caches[1][1][3]` is `x[1][3]`.

# %% [markdown]
# ## No state knows the future
#
# A state may depend on what has been read, and on nothing that comes later. That can be tested without
# knowing a single right number: change the input at one step and look where the states move.
#
# Here is a network of six units on a sequence of eight steps. Before you run the cell: if the input of step 3
# changes, which states change?

# %%
n_x, n_a, n_y, m, T_x = 4, 6, 3, 2, 8
rng = np.random.default_rng(0)
small = initialize.rnn_parameters(rng, n_x, n_a, n_y)
x = rng.standard_normal((n_x, m, T_x))
a0 = rng.standard_normal((n_a, m))
a, _, _ = rnn.rnn_forward(x, a0, small)

# %%
felt = np.zeros((T_x, T_x))
for changed in range(T_x):
    other = x.copy()
    other[:, :, changed] += 0.1
    moved, _, _ = rnn.rnn_forward(other, a0, small)
    felt[:, changed] = np.linalg.norm(moved - a, axis=(0, 1))
print("moved by a change at step 3:", np.flatnonzero(felt[:, 3]))

# %%
figures.show(
    figures.reach(felt, "input changed at step", "state that moves, at step", "hidden"),
    "A square of eight by eight: how far the state at each step (row) moves when the input of a step (column) is "
    "changed. Everything above the diagonal is empty; below it the numbers fade away from the diagonal.",
)

# %% [markdown]
# Step 3 and all after it: the picture is empty above its diagonal, so the network is *causal*. Below, each
# column fades: the longer ago something was read, the less of it is left.

# %% [markdown]
# ## Does it matter where it began?
#
# Start the same network twice, from the state `a0` and from zeros, and let it read the same sequence. Before
# you run the cell: do the two ever meet?

# %%
a_zero, _, _ = rnn.rnn_forward(x, np.zeros_like(a0), small)
apart = np.linalg.norm(a - a_zero, axis=(0, 1))
print("distance after each step:", " ".join(f"{d:.3f}" for d in apart))

# %% [markdown]
# They come closer at every step. So what the units show at the end is what they have read, and no longer
# where they began. Do they settle on a value, or do they go on following the input?

# %%
figures.show(
    figures.over_time(a[:, 0], "hidden state a⟨t⟩"),
    "A map of colours: six hidden units over eight time steps, red where a state is positive and blue where it "
    "is negative. Every unit changes its sign at least once.",
)

# %% [markdown]
# They follow: there is no unit whose sign stays. A plain RNN writes over what it knows at every step, whether it
# should or not. Chapter 4 builds a network that can choose.

# %% [markdown]
# ## Try it yourself
#
# - Give the one-unit network a weight of 1.5. Where does its state settle, and why does it not grow for ever?
# - Multiply `small["Waa"]` by 3 and measure `apart` again. Does the network still forget where it began?
# - Swap two examples of the batch in `x` and `a0`. What happens to the columns of `a`?
# - Feed `rnn_forward` one step of a sequence at a time, each time from the state that it ended in. Do you get
#   the same states as in one go?

# %% [markdown]
# ## Further reading
#
# - Goodfellow, Bengio & Courville, *Deep Learning* (2016), section 10.1 (unfolding in time) and section 10.2
#   (the recurrent network; their h is our a).
# - Elman, "Finding Structure in Time", *Cognitive Science* 14 (1990): the network of this chapter, and what
#   its states learn.
