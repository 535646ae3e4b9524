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
# # Chapter 12. Look back with attention
#
# [← Chapter 11. Forget and update with one gate](11_gru.ipynb) · [All chapters](00_start.ipynb)<br>
# To look up: [Recap](../recap.md) · [Symbols and shapes](../symbols.md) · [Glossary](../glossary.md)
#
# **What you will do.** Write attention with one head and with several, forward and backward, and layer normalization; then
# put them together and train them on the names, beside three recurrent networks.
#
# **What you will know.** You will be able to
#
# - say what queries, keys and values are for, and why the scores are divided by a root,
# - send a gradient back through a softmax that is not followed by a cross-entropy,
# - test with impulses that no step sees the future,
# - say what attention costs as a sequence grows, and what it saves.
#
# **What is assumed.** The softmax ([chapter 1](01_activations.ipynb)) and its Jacobian ([chapter 8](08_names.ipynb)), with
# `np.einsum` from there; the way back through a graph ([chapter 3](03_rnn_backward.ipynb)).
#
# **Time.** About 4 hours.

# %% install=true jupyter={"source_hidden": true}
# Where seqgrad is missing, as on Colab, this installs it; elsewhere it does nothing.
import importlib.util
import subprocess
import sys

if importlib.util.find_spec("seqgrad") is None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--find-links", "."]
    subprocess.run([*pip, "seqgrad"])

# %%
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as in chapter 8: the matrices are small

# %%
import math
import time

import numpy as np
from tqdm.auto import tqdm

from seqgrad import (
    attention,
    figures,
    gradcheck,
    initialize,
    layer_norm,
    optimize,
    rnn,
    text,
    train,
    transformer,
)
from seqgrad.activations import softmax
from seqgrad.check import beside, check

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# ## Look it up instead of carrying it
#
# A recurrent network that needs something from ten steps ago has to carry it through ten steps. *Attention* looks it up.
# Each step $t$ has a *query* $q_t$: what it is looking for. Each step $s$ has a *key* $k_s$, which says what can be found
# there, and a *value* $v_s$, which is what one gets.
#
# How well a key fits a query is their dot product, the *score*. The softmax of the scores gives *weights*, and the result
# is the mean of the values under these weights:
#
# $$p_{st} = \operatorname{softmax}_s\bigl(k_s \cdot q_t\bigr)$$
#
# $$\text{out}_t = \sum_s p_{st}\, v_s$$

# %% [markdown]
# Three keys and their values 10, 20 and 60. A query fits the second key perfectly, and the others not at all. Then it is
# made ten times longer, and then it becomes zero. In which of the three cases is the result 20 to two digits, and in which 30?

# %%
keys, values = np.eye(3), np.array([10.0, 20.0, 60.0])
for scale in (1.0, 10.0, 0.0):
    weights = softmax(keys.T @ (scale * np.array([0.0, 1.0, 0.0])))
    print(f"query times {scale:4.1f}: weights {weights.round(3)}, result {values @ weights:.2f}")

# %% [markdown] answer=true
# <details><summary>Answer</summary>
#
# It is 20 for the long query, which takes one value, and 30 for the query of zero, which takes the mean of all. In between,
# attention *mixes*. Because it mixes and never chooses, it has a gradient.
#
# </details>

# %% [markdown]
# ## Why a root
#
# The entries of keys and queries are random numbers of size 1, and each has $n$ rows. The variances of $n$ products add
# up, so a score is about as large as $\sqrt n$. What does a softmax of ten such scores look like for $n$ = 1, 64 and 4096?
# How large is its largest weight?

# %%
rng = np.random.default_rng(0)
for n in (1, 64, 4096):
    k, q = rng.standard_normal((n, 10)), rng.standard_normal((n, 1000))
    largest = [softmax(k.T @ q / divisor).max(axis=0).mean() for divisor in (1, np.sqrt(n))]
    print(f"n = {n:>4}: largest weight {largest[0]:.2f} on average, divided by the root {largest[1]:.2f}")

# %% [markdown]
# For 4096 rows one key takes nearly everything, by chance, and a softmax that is saturated passes no gradient. Divided by
# $\sqrt n$ the scores have size 1 again, whatever $n$ is. So that is part of the definition:
#
# $$\text{scores}_{st} = \frac{k_s \cdot q_t}{\sqrt{n_k}}$$

# %% [markdown]
# ## Axes
#
# We keep the axes of this course: features first, examples next, time last. Each example looks at its own steps only.
#
# | in code | shape | |
# | --- | --- | --- |
# | `q` | (n_k, m, T_q) | a query for each step that looks |
# | `k`, `v` | (n_k, m, T_k), (n_v, m, T_k) | a key and a value for each step that is looked at |
# | `scores`, `weights` | (T_k, m, T_q) | for each query a column, one row for each key |
# | `mask` | (T_k, m, T_q), or 1 for the last two | True where the query may look at the key |
# | `out` | (n_v, m, T_q) | |
#
# So a query's weights are a column of probabilities over the keys, as a prediction is over the classes, and `softmax` from
# [chapter 1](01_activations.ipynb) can be used as it is.

# %% [markdown]
# ![Queries and keys meet in a product, each key with each query, divided by the root of their number of rows: these are
# the scores. A mask hides keys that a query may not look at. The softmax of the scores over all keys gives the weights. The
# output is the product of the values with the weights.](../figures/attention.svg)
#
# *Figure 12.1. Attention with one head.*

# %% [markdown]
# ## The future is hidden
#
# A model that writes names must not look at characters that it is about to write. A *mask* hides them: a hidden key gets
# the score $-\infty$. With this *causal mask*, each step looks at itself and at the steps before it.
#
# Four steps, so the mask is a square of 4 keys (rows) by 4 queries (columns). Where is it True: on and above the diagonal, or on and
# below it? And what is the softmax of (2, $-\infty$, 1)?

# %%
print(attention.causal_mask(4)[:, 0].astype(int))
print(softmax(np.array([2.0, -np.inf, 1.0])).round(3))


# %% [markdown] answer=true
# <details><summary>Answer</summary>
#
# On and above the diagonal: key $s$ may be looked at by query $t$ if $s \le t$. A score of $-\infty$ gives the weight 0, and
# the other weights sum to 1.
#
# </details>
#
# ### Exercise 12.1: the causal mask
#
# *About 3 lines, 10 minutes, ★☆☆*
#
# - **Given:** the number of steps, T_x.
# - **Write:** the mask, an array of booleans of shape (T_x, 1, T_x). It is the same for all examples, so the axis in the middle has
#   length 1.

# %% exercise="causal_mask" points=5
def causal_mask(T_x):
    """Let each step look at itself and at the steps before it.

    Parameters
    ----------
    T_x : int
        Number of steps.

    Returns
    -------
    array (T_x, 1, T_x) of bool
        At ``[key, 0, query]`` True where the query may look at the key; the same for all
        examples.
    """
    # The step of each key along the first axis, the step of each query along the last.
    key_step = None
    query_step = None

    # A key may be looked at from its own step on.
    mask = None

    return mask


# %%
check(causal_mask)


# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Compare two arrays of step numbers: one runs along the first axis, one along the last. Which shapes must they have, so that
# NumPy broadcasts them to (T_x, 1, T_x)?
#
# </details>

# %%
def test(causal_mask):
    """Print the mask of three steps."""
    mask = causal_mask(3)
    print("shape:", mask.shape, " dtype:", mask.dtype)
    print(mask[:, 0].astype(int))


beside(test, attention.causal_mask, causal_mask)


# %% [markdown]
# ### Exercise 12.2: attention with one head
#
# *About 6 lines, 25 minutes, ★★☆*
#
# - **Given:** `q`, `k`, `v`, and perhaps a mask.
# - **Write:** scores, mask, weights and output; then the cache of four parts. `np.einsum` is convenient: the letters n for rows, m
#   for examples, k for keys and q for queries are free.

# %% exercise="scaled_dot_product_attention" points=15
def scaled_dot_product_attention(q, k, v, mask=None):
    """Give each query the mean of the values, weighted by how well their keys fit the query.

    Parameters
    ----------
    q : (n_k, m, T_q)
    k : (n_k, m, T_k)
    v : (n_v, m, T_k)
    mask : (T_k, m, T_q) of bool, optional
        At ``[key, example, query]`` True where the query may look at the key; the last
        two axes may be 1, for the same in all examples or for all queries.

    Returns
    -------
    out : (n_v, m, T_q)
    cache : tuple
        ``(q, k, v, weights)``; the weights are (T_k, m, T_q), and each column sums to 1.
    """
    n_k = q.shape[0]
    if mask is not None and not mask.any(axis=0).all():
        raise ValueError("scaled_dot_product_attention: mask hides all keys from a query; leave it one")

    # The scores: the dot product of each key with each query, over the root of its
    # number of terms.
    scores = None

    # A key that a query may not look at gets the score -inf, and so the weight 0.
    if mask is not None:
        scores = None

    # The weights: for each query the softmax of its scores over all keys.
    weights = None

    # The output: for each query the sum of all values, each times its weight.
    out = None

    # What the backward pass will need: queries, keys, values and weights. It does not
    # need the mask, for the weight of a hidden key is 0.
    cache = None

    return out, cache


# %%
check(scaled_dot_product_attention)


# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Write the shapes down with letters: `k` is (n, m, k), `q` is (n, m, q), `scores` is (k, m, q). Which letter disappears? Then
# do the same for the output. For the mask, `np.where(mask, one, other)` takes its first value where the mask is True.
#
# </details>

# %%
def test(scaled_dot_product_attention):
    """Print weights and output of four steps under the causal mask."""
    np.random.seed(1)
    q, k, v = (np.random.randn(rows, 2, 4) for rows in (3, 3, 5))
    out, cache = scaled_dot_product_attention(q, k, v, attention.causal_mask(4))
    print("out.shape =", out.shape)
    print("out[3][1] =", out[3][1])
    print("weights of the last query:", cache[3][:, 1, 3])
    print("len(cache) =", len(cache))


beside(test, attention.scaled_dot_product_attention, scaled_dot_product_attention)

# %% [markdown]
# Which number must the first entry of `out[3][1]` be equal to, whatever the queries and keys are?

# %%
np.random.seed(1)
q, k, v = (np.random.randn(rows, 2, 4) for rows in (3, 3, 5))
out, _ = attention.scaled_dot_product_attention(q, k, v, attention.causal_mask(4))
print(f"out[3, 1, 0] = {out[3, 1, 0]:.8f}   v[3, 1, 0] = {v[3, 1, 0]:.8f}")

# %% [markdown] answer=true
# <details><summary>Answer</summary>
#
# To the first value, `v[3, 1, 0]`: the first step sees only itself.
#
# </details>

# %% [markdown]
# ## The way back
#
# ![The way back through attention; all arrows run backwards. At 1, dout meets the product of values and weights: one part
# goes to dv, the other to dweights. At 2, dweights passes the Jacobian of the softmax and becomes dscores. At 3, dscores
# meets the product of keys and queries: times the keys it goes to dq, times the queries to
# dk.](../figures/attention_gradient.svg)
#
# *Figure 12.2. The way back. It is figure 12.1 with all arrows turned around.*
#
# Numbers 1 and 3 are products, and the rule of [chapter 3](03_rnn_backward.ipynb) holds for each example: each factor
# receives the upstream gradient times the other factor, summed over what is not its own. A value is used by *all* queries, so its gradient is a
# sum over the queries.

# %% [markdown]
# Number 2 is new. In [chapter 8](08_names.ipynb) the softmax came together with the cross-entropy, and $\hat y - y$ was left. Here it stands
# alone. Its Jacobian was
#
# $$\frac{\partial p_i}{\partial z_j} = p_i\, (\delta_{ij} - p_j)$$
#
# With an upstream gradient $g_i$ at $p_i$, the chain rule gives
#
# $$dz_j = \sum_i g_i\, p_i\, (\delta_{ij} - p_j)$$
#
# $$\hphantom{dz_j} = p_j\, \Bigl(g_j - \sum_i p_i\, g_i\Bigr)$$

# %% [markdown]
# In words: $\sum_i p_i g_i$ is the mean of the gradients, under the weights. Each score receives its weight times how far
# its own gradient is *above that mean*.
#
# Three weights (0.5, 0.25, 0.25) and the upstream gradients (4, 8, 0). The mean is 4. What are the three gradients at the
# scores? And what is their sum, for any numbers?

# %%
p, g = np.array([0.5, 0.25, 0.25]), np.array([4.0, 8.0, 0.0])
print("by the formula: ", p * (g - p @ g))
print("by the Jacobian:", (np.diag(p) - np.outer(p, p)).T @ g)

# %% [markdown] answer=true
# <details><summary>Answer</summary>
#
# They are 0, 1 and −1, and their sum is always 0: the weights sum to 1, so what one gains the others lose. The formula needs
# no matrix of T_k by T_k for each query.
#
# </details>

# %% [markdown]
# ## One query by hand
#
# One row, one example, two keys. Queries and keys are chosen so that the weights are ¾ and ¼:
#
# $$q = 1, \quad k = (\log 3,\ 0), \quad v = (4,\ 8)$$
#
# Compute the output. Then, with the upstream gradient 4, compute the gradients at the values, at the weights, at the scores,
# and at the keys.

# %%
tiny = {"q": np.ones((1, 1, 1)), "k": np.array([[[np.log(3), 0.0]]]), "v": np.array([[[4.0, 8.0]]])}
out, cache = attention.scaled_dot_product_attention(**tiny)
weights, dout = cache[3], np.full((1, 1, 1), 4.0)
print("weights =", weights.ravel().round(2), "  out =", out.ravel().round(2))

# %% [markdown]
# The output is $\tfrac34 \cdot 4 + \tfrac14 \cdot 8 = 5$. The next cell measures the gradients with complex steps.

# %%
names = {"dv": "v", "dk": "k", "dq": "q"}
measured = gradcheck.complex_step(
    lambda moved: np.sum(dout * attention.scaled_dot_product_attention(**moved)[0]), tiny
)
at_scores = gradcheck.complex_step(
    lambda moved: np.sum(dout * (tiny["v"][0] @ softmax(moved["scores"]))),
    {"scores": np.array([np.log(3), 0.0]).reshape(2, 1)},
)
measured |= {"dweights": (4.0 * tiny["v"]).reshape(2, 1), "dscores": at_scores["dscores"]}


def compare(name, yours):
    """Print what is measured at a place, and whether your numbers agree."""
    exact = measured[name].ravel()
    fits = yours is not None and np.size(yours) == exact.size and np.allclose(np.ravel(yours), exact)
    verdict = "yours are right" if fits else "yours are missing" if yours is None else f"yours are {yours}"
    print(f"{name:<9} measured {exact.round(2)}: {verdict}")


# %% only="exercises"
dv, dweights, dscores, dk = None, None, None, None  # two numbers each, such as [1.0, 2.0]

# %%
for name, yours in (("dv", dv), ("dweights", dweights), ("dscores", dscores), ("dk", dk)):
    compare(name, yours)


# %% [markdown]
# | | by hand |
# | --- | --- |
# | `dv` | ¾ · 4 = 3 and ¼ · 4 = 1 |
# | `dweights` | 4 · 4 = 16 and 8 · 4 = 32 |
# | mean under the weights | ¾ · 16 + ¼ · 32 = 20 |
# | `dscores` | ¾ · (16 − 20) = −3 and ¼ · (32 − 20) = 3 |
# | `dk` | `dscores` times the query, which is 1 |

# %% [markdown]
# ### Exercise 12.3: attention with one head, backward
#
# *About 6 lines, 30 minutes, ★★★*
#
# - **Given:** `dout` (n_v, m, T_q), and the cache.
# - **Write:** `dq`, `dk` and `dv`, in the order of figure 12.2. The mask is not needed: the weight of a hidden key is 0.

# %% exercise="scaled_dot_product_attention_backward" points=20
def scaled_dot_product_attention_backward(dout, cache):
    """Pull a gradient back through attention, to queries, keys and values.

    Parameters
    ----------
    dout : (n_v, m, T_q)
    cache : tuple
        ``(q, k, v, weights)``, as `scaled_dot_product_attention` returned it.

    Returns
    -------
    dq : (n_k, m, T_q)
    dk : (n_k, m, T_k)
    dv : (n_v, m, T_k)
    """
    q, k, v, weights = cache
    n_k = q.shape[0]

    # From the output to the values and to the weights, whose product it was; the
    # gradient at a value sums over all queries.
    dv = None
    dweights = None

    # Through the softmax: in each column the mean of the weights' gradients, weighted by
    # the weights themselves; then each weight times how far its gradient is above that.
    mean = None
    dscores = None

    # From the scores to the queries, summed over all keys, and to the keys, summed over
    # all queries; the root divides here as well.
    dq = None
    dk = None

    return dq, dk, dv


# %%
check(scaled_dot_product_attention_backward)


# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Write the letters down: `dout` is (n, m, q), `weights` is (k, m, q), and `dv` must be (n, m, k). Do this for all four products.
# For the softmax, which axis does its sum run over? Along which axis did you take the softmax?
#
# </details>

# %%
def test(scaled_dot_product_attention_backward):
    """Print some entries of the three gradients."""
    np.random.seed(1)
    q, k, v = (np.random.randn(rows, 2, 4) for rows in (3, 3, 5))
    _, cache = attention.scaled_dot_product_attention(q, k, v, attention.causal_mask(4))
    gradients = scaled_dot_product_attention_backward(np.random.randn(5, 2, 4), cache)
    for name, gradient in zip(("dq", "dk", "dv"), gradients, strict=True):
        print(f"{name}.shape =", gradient.shape)
        print(f"{name}[2][1] =", gradient[2][1])


beside(test, attention.scaled_dot_product_attention_backward, scaled_dot_product_attention_backward)

# %% [markdown]
# One of the printed numbers is exactly 0. Which of the three gradients is 0 at the first step under a causal mask, and why?

# %%
_, cache = attention.scaled_dot_product_attention(q, k, v, attention.causal_mask(4))
dq, dk, dv = attention.scaled_dot_product_attention_backward(np.ones((5, 2, 4)), cache)
for name, gradient in (("dq", dq), ("dk", dk), ("dv", dv)):
    print(f"{name} is zero at step", np.flatnonzero(~np.abs(gradient).any(axis=(0, 1))))

# %% [markdown] answer=true
# <details><summary>Answer</summary>
#
# `dq` at the first step: the only key that it may see has the weight 1, whatever the query is. Nothing can be learned where
# there is nothing to choose.
#
# </details>
#
# Now the two tests without a reference. First the complex step at every entry:

# %%
arrays, dout = {"q": q, "k": k, "v": v}, rng.standard_normal((5, 2, 4))
exact = gradcheck.complex_step(
    lambda moved: np.sum(dout * attention.scaled_dot_product_attention(**moved)[0]), arrays
)
_, cache = attention.scaled_dot_product_attention(**arrays)
gradients = dict(
    zip(("dq", "dk", "dv"), attention.scaled_dot_product_attention_backward(dout, cache), strict=True)
)
print(gradcheck.format_table(gradcheck.relative_errors(exact, gradients)))

# %% [markdown]
# Then the *transpose test*. Forward maps a small change $u$ of the inputs to a change $Ju$ of the output; backward maps $w$ to
# $J^{\mathsf T} w$. For all $u$ and $w$, $\langle w, J u \rangle = \langle J^{\mathsf T} w, u \rangle$. One complex step
# tests all entries at once. What does such a test not find?

# %%
u = {name: rng.standard_normal(array.shape) for name, array in arrays.items()}
moved = {name: array + 1e-30j * u[name] for name, array in arrays.items()}
forward = np.sum(dout * attention.scaled_dot_product_attention(**moved)[0].imag) / 1e-30
backward = sum(np.sum(gradients["d" + name] * u[name]) for name in arrays)
print("equal:", np.isclose(forward, backward, rtol=1e-12, atol=0))


# %% [markdown] answer=true
# <details><summary>Answer</summary>
#
# It does not say *where* a mistake is. And it needs the right forward function, as every gradient test does.
#
# </details>

# %% [markdown]
# ## No step sees the future, and none is far away
#
# The input of one of six steps is changed a little, and we look at which outputs move. Where is the square empty with a causal
# mask, and where without one? And compared with the square of an RNN: how do the numbers change with the distance?

# %%
def measure_reach(run, x):
    """Return how much each step's output (row) moves when a step of x (column) is changed a little."""
    T, moved = x.shape[2], []
    direction = np.random.default_rng(3).standard_normal(x[:, :, 0].shape)
    for t in range(T):
        impulse = x.astype(complex)
        impulse[:, :, t] += 1e-30j * direction
        moved.append(np.linalg.norm(run(impulse).imag / 1e-30, axis=(0, 1)))
    return np.stack(moved, axis=1)


# %%
x = rng.standard_normal((4, 2, 6))
small = {name: 0.5 * rng.standard_normal((4, 4)) for name in ("Wq", "Wk", "Wv", "Wo")}
with_mask = measure_reach(
    lambda x: attention.multi_head_attention_forward(x, small, 2, attention.causal_mask(6))[0], x
)
without = measure_reach(lambda x: attention.multi_head_attention_forward(x, small, 2)[0], x)
print("with the mask, empty above the diagonal:", not np.triu(with_mask, 1).any())
print("without it, nothing is empty:", bool(without.all()))
figures.show(figures.reach(with_mask, "step changed", "step that moves", "prediction"))

# %% [markdown]
# *Figure 12.3. How much the output of each step (row) moves when the input of one step (column) is changed, with a causal
# mask.*
#
# With the mask the upper half is empty, and without it nothing is. The numbers do not fall with the distance: the
# last step is as near to the first as to the one before it. In an RNN (figure 2.2 in [chapter 2](02_rnn_forward.ipynb)) they
# fall by a factor at each step. This is what attention is for.

# %% [markdown]
# ## What it costs
#
# Every step looks at every other. How many scores are there for 64 steps, and how many for 128? Say what happens to time
# and memory when a sequence is twice as long: for attention, and for an RNN.

# %%
lengths = (32, 64, 128, 256, 512)
for T in lengths[:3]:
    q = rng.standard_normal((16, 1, T))
    _, (*_, weights) = attention.scaled_dot_product_attention(q, q, q)
    print(f"{T:>3} steps: {weights.size:>6} weights")

# %% tags=["nbval-ignore-output"]
costs = {"attention": [], "RNN": []}
drawn = initialize.rnn_parameters(rng, n_x=16, n_a=16, n_y=16)
for T in lengths:
    x = rng.standard_normal((16, 8, T))
    runs = {
        "attention": lambda x=x: attention.scaled_dot_product_attention(x, x, x),
        "RNN": lambda x=x: rnn.rnn_forward(x, np.zeros((16, 8)), drawn),
    }
    for name, run in runs.items():
        seconds = []
        for _ in range(5):
            began = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - began)
        costs[name].append(1e3 * min(seconds))
figures.show(figures.growth(costs, lengths, "milliseconds"))

# %% [markdown]
# *Figure 12.4. Time of one forward pass, measured while this notebook ran. Twice as many steps take an RNN twice as long;
# attention, once the sequences are long, takes four times as long.*
#
# The number of weights becomes four times as large: 4096 for 64 steps, 16,384 for 128. But all of them can be computed *at
# once*, while the RNN's steps have to wait for each other. For short sequences attention is faster even here.

# %% [markdown]
# ## Several heads
#
# One head has one set of weights, so it can look for one thing at a time. With *several heads* a step looks for several
# things, each head with queries, keys and values of its own, all made from the same input $x$:
#
# $$q = W_q\, x, \qquad k = W_k\, x, \qquad v = W_v\, x$$
#
# $W_q$ has the rows of all heads, one head below the other. The outputs of the heads are put on top of each other in the same way, and
# $W_o$ mixes them.

# %% [markdown]
# Two heads with three rows each, so `q` has six rows, here numbered 0 to 5. Which rows does `np.split(q, 2)` give to the
# first head, and which does `q[0::2]`?

# %%
rows = np.arange(6)
print("np.split:", *np.split(rows, 2), "  every second:", rows[0::2], rows[1::2])


# %% [markdown] answer=true
# <details><summary>Answer</summary>
#
# `np.split` gives 0, 1, 2, a block of rows; `q[0::2]` takes every second row, 0, 2, 4. Both could be trained, but their weights
# cannot be exchanged, and all shapes are the same. In this course a head is a block.
#
# </details>
#
# ### Exercise 12.4: several heads
#
# *About 12 lines, 25 minutes, ★★☆*
#
# - **Given:** `x` (n_x, m, T_x), the four weights, the number of heads, and perhaps a mask.
# - **Write:** queries, keys and values; a loop over the heads with your `scaled_dot_product_attention`; the outputs on top
#   of each other; `Wo` times these; the cache of four parts.

# %% exercise="multi_head_attention_forward" points=15
def multi_head_attention_forward(x, parameters, n_heads, mask=None):
    """Let a sequence look at itself with several heads, each with weights of its own.

    Parameters
    ----------
    x : (n_x, m, T_x)
    parameters : dict
        ``Wq``, ``Wk`` (n_k, n_x), ``Wv`` (n_v, n_x), ``Wo`` (n_a, n_v), where n_k and
        n_v count the rows of all heads together.
    n_heads : int
        Number of heads; it divides n_k and n_v.
    mask : (T_x, m, T_x) of bool, optional
        As for `scaled_dot_product_attention`; the same for all heads.

    Returns
    -------
    out : (n_a, m, T_x)
    cache : tuple
        ``(x, list of the heads' caches, concat, parameters)``, where concat
        (n_v, m, T_x) holds the outputs of all heads.
    """
    Wq, Wk, Wv, Wo = parameters["Wq"], parameters["Wk"], parameters["Wv"], parameters["Wo"]
    n_k, n_v = Wq.shape[0], Wv.shape[0]
    if n_heads < 1 or n_k % n_heads or n_v % n_heads:
        sentence = f"n_heads is {n_heads}, but it must divide n_k = {n_k} and n_v = {n_v}"
        raise ValueError(f"multi_head_attention_forward: {sentence}")
    heads, head_caches = [], []

    # Queries, keys and values: each of the three weights times the input of every step.
    q = None
    k = None
    v = None

    # Each head gets a block of rows of each of the three.
    q_heads = None
    k_heads = None
    v_heads = None

    for h in range(n_heads):
        # One head: attention with its own queries, keys and values; the mask is that of
        # all heads.
        head, head_cache = None, None

        # Keep what it returned, each at the end of its list.
        ...

    # The outputs of all heads on top of each other.
    concat = None

    # The output: the output weights times these, at every step.
    out = None

    # What the backward pass will need, in this order: the input, the list of the heads'
    # caches, the outputs of all heads, and the parameters.
    cache = None

    return out, cache


# %%
check(multi_head_attention_forward)


# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# With one head it is a call of `scaled_dot_product_attention` between four products; begin with that. Which three arrays have to be
# split for several heads, and along which axis are the outputs joined?
#
# </details>

# %%
def test(multi_head_attention_forward):
    """Print the output of two heads under the causal mask."""
    np.random.seed(1)
    x = np.random.randn(5, 2, 4)
    shapes = {"Wq": (6, 5), "Wk": (6, 5), "Wv": (8, 5), "Wo": (7, 8)}
    parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
    out, cache = multi_head_attention_forward(x, parameters, 2, attention.causal_mask(4))
    print("out.shape =", out.shape)
    print("out[3][1] =", out[3][1])
    print("weights of the second head:", cache[1][1][3][:, 1, 3])
    print("cache[2].shape =", cache[2].shape)


beside(test, attention.multi_head_attention_forward, multi_head_attention_forward)

# %% [markdown]
# ## Back through several heads
#
# On the way back the input is reached three times: as the source of the queries, of the keys and of the values. So three gradients
# are added:
#
# $$dx = W_q^{\mathsf T} dq + W_k^{\mathsf T} dk + W_v^{\mathsf T} dv$$
#
# Which of the four weights receives its gradient from `concat`, and which from `x`?

# %%
np.random.seed(1)
x = np.random.randn(5, 2, 4)
shapes = {"Wq": (6, 5), "Wk": (6, 5), "Wv": (8, 5), "Wo": (7, 8)}
parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
_, (_, _, concat, _) = attention.multi_head_attention_forward(x, parameters, 2)
print(
    {name: (shape, "rows of", "concat" if shape[1] == len(concat) else "x") for name, shape in shapes.items()}
)


# %% [markdown] answer=true
# <details><summary>Answer</summary>
#
# `Wo` from `concat`, because it was multiplied by `concat`; the other three from `x`.
#
# </details>
#
# ### Exercise 12.5: several heads, backward
#
# *About 18 lines, 30 minutes, ★★★*
#
# - **Given:** `dout` (n_a, m, T_x), and the cache.
# - **Write:** back through `Wo`; a loop over the heads; the three gradients on top of each other; the weights; `dx`.

# %% exercise="multi_head_attention_backward" points=15
def multi_head_attention_backward(dout, cache):
    """Pull a gradient back through all heads, to the input and the weights.

    Parameters
    ----------
    dout : (n_a, m, T_x)
    cache : tuple
        ``(x, list of the heads' caches, concat, parameters)``, as
        `multi_head_attention_forward` returned it.

    Returns
    -------
    dict
        ``dx`` (n_x, m, T_x), ``dWq``, ``dWk`` (n_k, n_x), ``dWv`` (n_v, n_x), ``dWo``
        (n_a, n_v).  Weight gradients are summed over the batch and over time.
    """
    x, head_caches, concat, parameters = cache
    Wq, Wk, Wv, Wo = parameters["Wq"], parameters["Wk"], parameters["Wv"], parameters["Wo"]
    n_heads = len(head_caches)
    dq_heads, dk_heads, dv_heads = [], [], []

    # From the output to the output weights, summed over the batch and over time, and to
    # the outputs of all heads.
    dWo = None
    dconcat = None

    # Each head gets the gradient at its own block of rows.
    dheads = None

    for h in range(n_heads):
        # Back through one head, to its queries, keys and values.
        dq_head, dk_head, dv_head = None, None, None

        # Keep each at the end of its list.
        ...

    # The gradients of all heads on top of each other.
    dq = None
    dk = None
    dv = None

    # From queries, keys and values to their weights, summed over the batch and over
    # time.
    dWq = None
    dWk = None
    dWv = None

    # The input made all three: what each of them sends back, and the sum of it.
    dx_by_q = None
    dx_by_k = None
    dx_by_v = None
    dx = None

    return {"dx": dx, "dWq": dWq, "dWk": dWk, "dWv": dWv, "dWo": dWo}


# %%
check(multi_head_attention_backward)


# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Turn your forward function around line by line. What was put on top of each other is split; what was split is put on top
# of each other; what was used three times receives a sum of three.
#
# </details>

# %%
def test(multi_head_attention_backward):
    """Print an entry of each gradient."""
    np.random.seed(1)
    x = np.random.randn(5, 2, 4)
    shapes = {"Wq": (6, 5), "Wk": (6, 5), "Wv": (8, 5), "Wo": (7, 8)}
    parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
    _, cache = attention.multi_head_attention_forward(x, parameters, 2, attention.causal_mask(4))
    gradients = multi_head_attention_backward(np.random.randn(7, 2, 4), cache)
    print('gradients["dx"][3][1] =', gradients["dx"][3][1])
    for name in ("dWq", "dWk", "dWv", "dWo"):
        print(f'gradients["{name}"][5][2] = {gradients[name][5, 2]:.8f}')
        print(f'gradients["{name}"].shape =', gradients[name].shape)


beside(test, attention.multi_head_attention_backward, multi_head_attention_backward)

# %%
arrays, dout = {"x": x} | parameters, rng.standard_normal((7, 2, 4))
exact = gradcheck.complex_step(
    lambda moved: np.sum(dout * attention.multi_head_attention_forward(moved["x"], moved, 2)[0]), arrays
)
_, cache = attention.multi_head_attention_forward(x, parameters, 2)
print(
    gradcheck.format_table(
        gradcheck.relative_errors(exact, attention.multi_head_attention_backward(dout, cache))
    )
)

# %% [markdown]
# ## Keep columns at one size
#
# In a network with attention, results are added to their inputs again and again, and sums grow. *Layer normalization*
# brings each column (the features of one example at one step) to mean 0 and variance 1, and then lets each feature have a
# scale $\gamma$ and a shift $\beta$ of its own:
#
# $$\hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}, \qquad \text{out} = \gamma \odot \hat x + \beta$$
#
# A column holds (1, 1, 3, 3). What is $\hat x$, if $\varepsilon$ is very small? And what becomes of (10, 10, 30, 30)?

# %%
for column in ([1.0, 1.0, 3.0, 3.0], [10.0, 10.0, 30.0, 30.0]):
    x = np.reshape(column, (4, 1, 1))
    out, _ = layer_norm.layer_norm_forward(x, np.ones((4, 1)), np.zeros((4, 1)))
    print(column, "->", out.ravel().round(3))


# %% [markdown] answer=true
# <details><summary>Answer</summary>
#
# Both become (−1, −1, 1, 1): neither shift nor scale of a column gets through.
#
# </details>
#
# ### Exercise 12.6: layer normalization
#
# *About 5 lines, 15 minutes, ★★☆*
#
# - **Given:** `x` (n_x, m, T_x), `gamma` and `beta` (n_x, 1), and `epsilon`.
# - **Write:** centered columns, their standard deviation (with `epsilon` under the root), `x_hat`, the output, and the cache of
#   three parts.

# %% exercise="layer_norm_forward" points=10
def layer_norm_forward(x, gamma, beta, epsilon=1e-5):
    """Normalize each column to mean 0 and variance 1, then scale and shift its rows.

    Parameters
    ----------
    x : (n_x, m, T_x)
    gamma, beta : (n_x, 1)
    epsilon : float
        Added to the variance, under the root, so that no column is divided by zero.

    Returns
    -------
    out : (n_x, m, T_x)
    cache : tuple
        ``(x_hat, std, gamma)``: the normalized columns, and the standard deviation
        (1, m, T_x) by which each of them was divided.
    """
    # Subtract from each column the mean of its features.
    centered = None

    # The standard deviation of each column: the root of the mean of the squares, with
    # epsilon under the root.
    std = None

    # The normalized columns.
    x_hat = None

    # Each feature has a scale and a shift, the same for all examples and steps.
    out = None

    # What the backward pass will need: the normalized columns, the standard deviations
    # and the scale.
    cache = None

    return out, cache


# %%
check(layer_norm_forward)


# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Which axis of (n_x, m, T_x) holds the features? Take the mean along it with `keepdims=True`. `gamma` has two axes and `x_hat` has
# three: where does `gamma` need another axis?
#
# </details>

# %%
def test(layer_norm_forward):
    """Print an output and a standard deviation."""
    np.random.seed(1)
    x, gamma, beta = np.random.randn(4, 2, 3), np.random.randn(4, 1), np.random.randn(4, 1)
    out, cache = layer_norm_forward(x, gamma, beta)
    print("out[2][1] =", out[2][1])
    print("std[0][1] =", cache[1][0][1])
    print("out.shape =", out.shape, " len(cache) =", len(cache))


beside(test, layer_norm.layer_norm_forward, layer_norm_forward)

# %% [markdown]
# ## Three ways back to a feature
#
# A feature $x_i$ reaches every $\hat x_j$ of its column: directly for $j = i$, and through $\mu$ and $\sigma$ for all $j$. Write
# $s$ for the standard deviation, $s = \sqrt{\sigma^2 + \varepsilon}$, and $g$ for the gradient at $\hat x$. From
# $\hat x_j = (x_j - \mu) / s$,
#
# $$\frac{\partial \mu}{\partial x_i} = \frac1n, \qquad \frac{\partial s}{\partial x_i} = \frac{x_i - \mu}{n\, s} = \frac{\hat x_i}{n}$$
#
# $$\frac{\partial \hat x_j}{\partial x_i} = \frac1s \Bigl(\delta_{ij} - \frac1n - \frac{\hat x_j\, \hat x_i}{n}\Bigr)$$

# %% [markdown]
# The chain rule sums over $j$:
#
# $$dx_i = \frac1s \Bigl(g_i - \frac1n \sum_j g_j - \hat x_i\, \frac1n \sum_j \hat x_j\, g_j\Bigr)$$
#
# So the gradient loses its mean, and its part along $\hat x$. This is what the forward pass removed: a shift and a scale.
#
# By hand, for the column (1, 1, 3, 3) with $\hat x = (-1, -1, 1, 1)$ and $s = 1$: the gradient at $\hat x$ is (4, 0, 0, 0).
# What is $dx$?

# %%
x = np.reshape([1.0, 1.0, 3.0, 3.0], (4, 1, 1))
_, cache = layer_norm.layer_norm_forward(x, np.ones((4, 1)), np.zeros((4, 1)), epsilon=0.0)
dx, _, _ = layer_norm.layer_norm_backward(np.reshape([4.0, 0.0, 0.0, 0.0], (4, 1, 1)), cache)
print("dx =", dx.ravel(), "  sum:", dx.sum())


# %% [markdown] answer=true
# <details><summary>Answer</summary>
#
# | | by hand |
# | --- | --- |
# | mean gradient | 1 |
# | mean of `x_hat` times gradient | −1, so the last term is −1 · `x_hat` = (1, 1, −1, −1) |
# | `dx` | (4 − 1 − 1, 0 − 1 − 1, 0 − 1 + 1, 0 − 1 + 1) = (2, −2, 0, 0) |
#
# </details>
#
# ### Exercise 12.7: layer normalization, backward
#
# *About 6 lines, 25 minutes, ★★★*
#
# - **Given:** `dout`, and the cache.
# - **Write:** `dgamma` and `dbeta`, summed over examples and steps; then the three ways back to `x`.

# %% exercise="layer_norm_backward" points=15
def layer_norm_backward(dout, cache):
    """Pull a gradient back through layer normalization.

    Parameters
    ----------
    dout : (n_x, m, T_x)
    cache : tuple
        ``(x_hat, std, gamma)``, as `layer_norm_forward` returned it.

    Returns
    -------
    dx : (n_x, m, T_x)
    dgamma, dbeta : (n_x, 1)
    """
    x_hat, std, gamma = cache

    # From the output to the scale and the shift, summed over the batch and over time.
    dgamma = None
    dbeta = None

    # From the output to the normalized columns.
    dx_hat = None

    # The mean of a column depends on all its features: each entry loses the column's mean
    # gradient.
    through_mean = None

    # So does the standard deviation: each entry also loses its own x_hat times the
    # column's mean of x_hat times its gradient.
    through_std = None

    # The gradient at x: what is left, divided by the standard deviation.
    dx = None

    return dx, dgamma, dbeta


# %%
check(layer_norm_backward)


# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# First the gradient at `x_hat`: which factor does it need? Then one line for each term of the formula. Both means run over
# the features of a column, as in the forward pass. Test your lines on the column by hand.
#
# </details>

# %%
def test(layer_norm_backward):
    """Print some entries of the three gradients."""
    np.random.seed(1)
    x, gamma, beta = np.random.randn(4, 2, 3), np.random.randn(4, 1), np.random.randn(4, 1)
    _, cache = layer_norm.layer_norm_forward(x, gamma, beta)
    dx, dgamma, dbeta = layer_norm_backward(np.random.randn(4, 2, 3), cache)
    print("dx[2][1] =", dx[2][1])
    print("dgamma =", dgamma.ravel(), dgamma.shape)
    print("dbeta =", dbeta.ravel(), dbeta.shape)


beside(test, layer_norm.layer_norm_backward, layer_norm_backward)

# %% [markdown]
# ## A small transformer
#
# `seqgrad.transformer` puts your functions together, in one *block*. From the characters it makes columns of 64 numbers (the *embedding*), to
# which it adds a mark of each position. Without such a mark attention could not tell *ab* from *ba*: it treats the steps
# as a set. Then come two layers, each added to its own input:
#
#     embedded = We @ x + be + positions
#     attended = embedded + attention(norm(embedded))
#     a        = norm(attended + dense(norm(attended)))
#
# The dense layer is `W2 @ relu(W1 @ x + b1) + b2`, and the output layer is that of all our networks.

# %%
x, y = text.names_to_arrays(["eva", "jo"])
start = initialize.transformer_parameters(np.random.default_rng(6), n_x=27, n_a=64, n_y=27)
a, y_pred, caches = transformer.transformer_forward(x, start)
print("a:", a.shape, " predictions:", y_pred.shape)
loss, gradients = train.loss_and_gradients(x, y, start)
direction = {name: rng.standard_normal(array.shape) for name, array in start.items()}
moved = {name: array + 1e-30j * direction[name] for name, array in start.items()}
forward = train.loss_and_gradients(x, y, moved)[0].imag / 1e-30
backward = sum(np.sum(gradients["d" + name] * direction[name]) for name in start)
print("transpose test of the whole loss:", np.isclose(forward, backward, rtol=1e-10, atol=0))

# %% [markdown]
# ## Four networks write names
#
# The training is that of [chapter 8](08_names.ipynb) and [chapter 11](11_gru.ipynb): the same names in the same order, eight
# passes. Only the networks are smaller, with 32 units in place of 64, so that four of them are trained in less than half a
# minute. The transformer gets half the learning rate, with which it does better. With 64 units the RNN had 1.98 nats per
# character on held-out names, the LSTM 1.92 and the GRU 1.93; with 32 they will have a little more. Where do you expect the
# transformer?

# %%
train_names, held_out_names = train.split(text.load_names(), 0.1, np.random.default_rng(0))


def train_network(parameters, learning_rate, epochs=8, size=64):
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
draw = {
    "RNN": initialize.rnn_parameters,
    "LSTM": initialize.lstm_parameters,
    "GRU": initialize.gru_parameters,
}
draw |= {"transformer": initialize.transformer_parameters}
rates = dict.fromkeys(draw, 0.02) | {"transformer": 0.01}
sizes = {"n_x": 27, "n_a": 32, "n_y": 27}
trained = {name: train_network(draw[name](np.random.default_rng(6), **sizes), rates[name]) for name in draw}

# %%
print(f"{'nats per character':<20}{'training':>9}{'held out':>9}{'numbers':>9}")
for name, parameters in trained.items():
    losses = [train.cross_entropy(part, parameters) for part in (train_names, held_out_names)]
    count = sum(array.size for array in parameters.values())
    print(f"{name:<20}{losses[0]:>9.2f}{losses[1]:>9.2f}{count:>9}")

# %% [markdown]
# The transformer lies between the RNN and the networks with gates. A name is six characters long, and four thousand
# names are few: here a recurrent network has little to carry, and attention more to learn. Its advantages come with
# long sequences and much data.

# %% [markdown]
# ## What it looks at
#
# Each head of the trained transformer has weights for every pair of steps. Here is one of them, over a name. The
# inputs are one step behind: at the first step nothing has been read (·). Which column must hold a single 1?

# %%
name = "elizabeth"
x, _ = text.names_to_arrays([name])
_, _, caches = transformer.transformer_forward(x, trained["transformer"])
weights = transformer.attention_weights(caches)[:, :, 0]
print("heads, keys, queries:", weights.shape)
print("largest weight of each query in the first head:", weights[0].max(axis=0).round(2))
figures.show(figures.attention_map(weights[0], ["·", *name]))


# %% [markdown]
# *Figure 12.5. The weights of the first head over a name. A column belongs to the step that looks, and sums to 1.*
#
# The first column holds a single 1: the first step can look only at itself. The other heads look elsewhere; see the
# second question of *Try it yourself*.

# %% [markdown]
# ## Attention in other libraries
#
# The field writes sequences as (batch, time, features), several heads as (batch, heads, time, features), and multiplies rows.
# The numbers are the same:
#
# | here | in the field |
# | --- | --- |
# | `x` (n_x, m, T) | `x.transpose(1, 2, 0)`, (m, T, n_x) |
# | `W @ x`, destination first | `x @ W.T` |
# | scores `kᵀ q / √n`, (T_k, m, T_q) | `Q Kᵀ / √d`, (m, T_q, T_k) |
# | softmax over the first axis | over the last axis |
# | head h: rows h·d to (h+1)·d of `q` | `q.reshape(h, d, m, T).transpose(2, 0, 3, 1)` |
# | causal: the upper triangle | the lower triangle |

# %% [markdown]
# A mask of booleans means different things even within one library: in PyTorch's `scaled_dot_product_attention` True means
# *may look*, as here; in its `MultiheadAttention` True means *hidden*.
#
# Here is one head in the field's way. Which of the two products has to be transposed?

# %%
def attend_in_rows(q, k, v):
    """Return attention in the field's axes: (m, T, n) for all of them."""
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) @ v


q, k, v = (rng.standard_normal((rows, 2, 4)) for rows in (3, 3, 5))
theirs = attend_in_rows(*(array.transpose(1, 2, 0) for array in (q, k, v)))
ours, _ = attention.scaled_dot_product_attention(q, k, v)
print("the same numbers:", np.allclose(theirs.transpose(2, 0, 1), ours, rtol=0, atol=1e-12))

# %% [markdown] answer=true
# <details><summary>Answer</summary>
#
# The keys, in the first product. The tests of this project compare your functions with PyTorch's
# `scaled_dot_product_attention`, `MultiheadAttention` and `LayerNorm`, forward and backward: they agree to $10^{-10}$.
#
# </details>

# %% [markdown]
# ## Try it yourself
#
# 1. Add the same vector to all keys. Which gradients change, and what does `dk` sum to over the steps?
# 2. Print for each head of the trained transformer how far back it looks on average over a name.
# 3. Take the positions away from the transformer: set `transformer.positions` to zeros for a moment. Does the prediction after *ab* differ from that
#    after *ba*?
# 4. Leave the mean out of a copy of your `scaled_dot_product_attention_backward`. What do the gradients at the scores sum to?

# %% [markdown]
# ## Further reading
#
# - Vaswani, Shazeer, Parmar, Uszkoreit, Jones, Gomez, Kaiser & Polosukhin, "Attention Is All You Need", NIPS 2017: section
#   3.2 for attention and its heads, 3.5 for the positions.
# - Bahdanau, Cho & Bengio, "Neural Machine Translation by Jointly Learning to Align and Translate", ICLR 2015: where attention comes from.
# - Ba, Kiros & Hinton, "Layer Normalization", arXiv:1607.06450 (2016), section 3.
# - Phuong & Hutter, "Formal Algorithms for Transformers", arXiv:2207.09238 (2022): everything in columns, as here.

# %% [markdown]
# ---
#
# [← Chapter 11. Forget and update with one gate](11_gru.ipynb) · [All chapters](00_start.ipynb)<br>
# To look up: [Recap](../recap.md) · [Symbols and shapes](../symbols.md) · [Glossary](../glossary.md)
