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
# # Chapter 10. Make readable code fast
#
# [← Chapter 9. Find the mistake](09_find_the_mistake.ipynb) · [All chapters](../exercises/00_start.ipynb) · [Chapter 11. Forget and update with one gate →](11_gru.ipynb)<br>
# To look up: [Recap](../recap.md) · [Symbols and shapes](../symbols.md) · [Glossary](../glossary.md)
#
# **What you will do.** Make the LSTM of chapters 4 and 5 several times as fast, one change at a time. Every
# result stays the same to 12 digits.
#
# **What you will know.** You will be able to
#
# - compare running times fairly,
# - count the operations of a step before you measure its time,
# - stack products, replace a sigmoid by a tanh, and move work out of a loop,
# - say when the order of numbers in memory matters, and when it is dangerous to reuse an array,
# - trade time for memory in long sequences.
#
# **What is assumed.** The LSTM, forward ([chapter 4](04_lstm_forward.ipynb)) and backward
# ([chapter 5](05_lstm_backward.ipynb)). The last part trains the network of [chapter 8](08_names.ipynb).
#
# **Time.** About 100 minutes. There is nothing to write, but a lot to predict.

# %% install=true jupyter={"source_hidden": true}
# Where seqgrad is missing, as on Colab, this installs it; elsewhere it does nothing.
import importlib.util
import subprocess
import sys

if importlib.util.find_spec("seqgrad") is None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--find-links", "."]
    subprocess.run([*pip, "seqgrad"])

# %% [markdown]
# We use one thread, so that we measure the code and not how threads wait for each other. NumPy reads this
# setting when it is imported.

# %%
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

# %%
import importlib
import tracemalloc
from collections import Counter
from functools import partial
from time import perf_counter
from unittest.mock import patch

import numpy as np

import seqgrad
from seqgrad import figures, fused, gradcheck, initialize, lstm, optimize, text, train
from seqgrad.activations import sigmoid, softmax


# %% [markdown]
# ## A fair race
#
# A clock measures more than the code. The first call is slow, because memory has to be found, and other
# programs run in between. So we call the functions *in turn*, ignore the first round, and compare medians.

# %%
def race(functions, seconds=0.4):
    """Call functions in turn until the time is up, at least three times; return the seconds by name."""
    times, began = {name: [] for name in functions}, perf_counter()
    while len(list(times.values())[-1]) < 4 or perf_counter() - began < seconds:
        for name, function in functions.items():
            start = perf_counter()
            function()
            times[name].append(perf_counter() - start)
    return {name: seconds[1:] for name, seconds in times.items()}


def print_times(times):
    """Print the median time of each, and how many times as fast as the first it was in the same rounds."""
    for name, seconds in times.items():
        faster = np.median(np.divide(next(iter(times.values())), seconds))
        print(f"{name:<24}{1e6 * np.median(seconds):10.1f} µs{faster:8.2f} times as fast")


# %% [markdown]
# The task is to go forward and backward through 50 steps, with 16 examples, 27 inputs and 64 hidden units.

# %%
def draw_inputs(n_x, n_a, m, T_x):
    """Return x, a0, parameters and da; there are as many classes as inputs."""
    rng = np.random.default_rng(0)
    parameters = initialize.lstm_parameters(rng, n_x, n_a, n_y=n_x)
    x, a0, da = (rng.standard_normal(shape) for shape in ((n_x, m, T_x), (n_a, m), (n_a, m, T_x)))
    return x, a0, parameters, da


n_x, n_a, m, T_x = 27, 64, 16, 50
x, a0, parameters, da = draw_inputs(n_x, n_a, m, T_x)


# %% [markdown]
# `variants` will hold every version of the two passes. `combine` makes one function of a forward and a
# backward pass, and `prepare` a call without arguments.

# %%
def combine(forward, backward):
    """Return the function that goes forward and back."""
    return lambda x, a0, parameters, da: backward(da, forward(x, a0, parameters)[-1])


variants = {"readable": combine(lstm.lstm_forward, lstm.lstm_backward)}


def prepare(*names):
    """Return calls of some variants, by name."""
    return {name: partial(variants[name], x, a0, parameters, da) for name in names}


# %% [markdown]
# The readable version races against itself. Guess the second number in the last column: how far from 1 will
# it be?

# %% tags=["nbval-ignore-output"]
print_times(race(prepare("readable") | {"readable, again": prepare("readable")["readable"]}))

# %% [markdown]
# Run the cell a few times. The range of this number is the noise of your machine. A change that brings less
# than that cannot be seen with this race.

# %% [markdown]
# ## Where does the time go?
#
# The mathematics of a step is mostly matrix products. We can run these alone: forward, the four gates and the
# prediction; backward, twice as many.

# %%
W, column, dz = (np.ones(shape) for shape in ((4 * n_a, n_a + n_x), (n_a + n_x, m), (4 * n_a, m)))


def products_alone():
    """Compute all products of both passes, and nothing else."""
    for _ in range(T_x):
        W @ column
        parameters["Wy"] @ a0
        W.T @ dz
        dz @ column.T


# %% [markdown]
# What part of the time do the products take: nearly all, about half, or less than a quarter?

# %% tags=["nbval-ignore-output"]
print_times(race(prepare("readable") | {"products alone": products_alone}))


# %% [markdown] answer=true
# The products take less than a quarter of the time, on most machines about a tenth.
#
# Where does the rest go? Operations can be *counted*, and a count is the same on every machine. The next class
# is an array that counts the operations in which it takes part.

# %%
class Counted(np.ndarray):
    """An array that counts, by name, the operations in which it takes part."""

    calls, __array_priority__ = Counter(), 1  # so that joined arrays count as well

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        """Count, and do the same with plain arrays."""
        self.calls[ufunc.__name__] += 1
        plain = tuple(np.asarray(array) for array in out) if out else None
        result = getattr(ufunc, method)(*map(np.asarray, inputs), out=plain, **options)
        return out[0] if out else np.asarray(result).view(Counted)


# %% [markdown]
# The cost of one more step is the difference between a sequence of three steps and one of two. A sigmoid
# counts as one operation, although it consists of several.

# %%
def count_sigmoid(z):
    """Count a sigmoid as one operation."""
    Counted.calls["sigmoid"] += 1
    return sigmoid(z).view(Counted)


def count_operations(passes):
    """Return how many operations one more step takes, by name."""
    counts = []
    for T in (2, 3):
        Counted.calls.clear()
        weights = {name: value.view(Counted) for name, value in parameters.items()}
        with patch.object(lstm, "sigmoid", count_sigmoid):
            passes(x[:, :, :T].view(Counted), a0.view(Counted), weights, da[:, :, :T].view(Counted))
        counts.append(Counted.calls.copy())
    return counts[1] - counts[0]


# %% [markdown]
# Count the matrix products yourself, from the formulas of chapters 4 and 5: how many does one step need,
# forward and backward together?

# %%
def print_counts(*names):
    """Print how many operations a step of these variants takes, forward and back."""
    print(f"{'a step, forward and back':<24}{'products':>9}{'functions':>11}{'operations':>12}")
    for name in names:
        each = count_operations(variants[name])
        functions = each["tanh"] + each["exp"] + each["sigmoid"]
        print(f"{name:<24}{each['matmul']:>9}{functions:>11}{each.total():>12}")


print_counts("readable")

# %% [markdown] answer=true
# 13 products: forward five (four gates and the prediction), backward eight (for each gate one to the weights
# and one to $[a; x]$). All in all there are 72 operations.
#
# Each operation is a call: NumPy looks at types and shapes, allocates an array for the result, and only then
# computes. An array of 1024 numbers has 1024 times as much to add as an array of one number. How many times
# as long does it take?

# %% tags=["nbval-ignore-output"]
one, many = np.ones(1), np.ones(n_a * m)
print_times(race({"1 number": lambda: one + one, "1024 numbers": lambda: many + many}, seconds=0.05))


# %% [markdown] answer=true
# Nowhere near 1024 times as long. For arrays of this size most of the time is the call itself. So the first
# way to become faster is to make fewer calls.

# %% [markdown]
# ## Idea 1: one product for all gates
#
# All four gates act on the same column, $[a^{\langle t-1\rangle};\, x^{\langle t\rangle}]$. Stack their
# weights, put the biases beside them and a 1 below the column. Then a single product gives all
# pre-activations:
#
# $$\begin{bmatrix} z_f \\ z_i \\ z_o \\ z_c \end{bmatrix} =
# \begin{bmatrix} W_f & b_f \\ W_i & b_i \\ W_o & b_o \\ W_c & b_c \end{bmatrix}
# \begin{bmatrix} a^{\langle t-1\rangle} \\ x^{\langle t\rangle} \\ 1 \end{bmatrix}$$
#
# Which shape does the stack of weights have, with $n_a = 64$ and $n_x = 27$?

# %%
def stack(arrays, d=""):
    """Return the weights of all gates with their biases, (4 n_a, n_a + n_x + 1); or the gradients of these."""
    return np.concatenate([np.hstack([arrays[d + "W" + g], arrays[d + "b" + g]]) for g in "fioc"])


print("stacked weights:", stack(parameters).shape)


# %% [markdown] answer=true
# $(4 n_a,\ n_a + n_x + 1)$, here (256, 92).
#
# After the product the gates are separated again. (The argument `scale` is for idea 2. The sigmoid is taken from
# `lstm`, where it is counted.)

# %%
def activate_separately(z):
    """Return the gates f, i, o and the candidate, stacked."""
    zf, zi, zo, zc = np.split(z, 4)
    return np.concatenate([lstm.sigmoid(zf), lstm.sigmoid(zi), lstm.sigmoid(zo), np.tanh(zc)])


# %%
def forward_stacked(x, a0, parameters, activate=activate_separately, scale=1.0):
    """Go forward with one product a step for all gates."""
    W, hidden, cell, steps = stack(parameters), a0, np.zeros_like(a0), []
    W[: 3 * len(a0)] *= scale
    for t in range(x.shape[2]):
        column = np.concatenate([hidden, x[:, :, t], np.ones_like(a0[:1])])
        gates = activate(W @ column)
        f, i, o, candidate = np.split(gates, 4)
        c_prev, cell = cell, f * cell + i * candidate
        hidden = o * np.tanh(cell)
        y = softmax(parameters["Wy"] @ hidden + parameters["by"])
        steps.append((hidden, y, column, gates, c_prev, cell))
    a, y, *_ = zip(*steps, strict=True)
    return np.stack(a, 2), np.stack(y, 2), (steps, parameters)


# %% [markdown]
# Backward, the same stack saves products in two places: one product sends the gradient to $[a; x; 1]$, and
# one gives the gradients of all weights and biases.

# %%
def backward_stacked(da, caches):
    """Go back with one product a step for the weights, and one for the column."""
    steps, parameters = caches
    (n_a, _, T), W, dx = da.shape, stack(parameters), []
    dW, da_prev, dc_prev = np.zeros_like(W), np.zeros_like(da[:, :, 0]), np.zeros_like(da[:, :, 0])
    for t in reversed(range(T)):
        _, _, column, gates, c_prev, cell = steps[t]
        f, i, o, g = np.split(gates, 4)
        arriving, tanh_c = da[:, :, t] + da_prev, np.tanh(cell)
        dc = dc_prev + arriving * o * (1 - tanh_c**2)
        dzf, dzi, dzc = dc * c_prev * f * (1 - f), dc * g * i * (1 - i), dc * i * (1 - g**2)
        dz = np.concatenate([dzf, dzi, arriving * tanh_c * o * (1 - o), dzc])
        dW += dz @ column.T
        dcolumn, dc_prev = W.T @ dz, dc * f
        da_prev = dcolumn[:n_a]
        dx.append(dcolumn[n_a:-1])
    return {"dx": np.stack(dx[::-1], 2), "da0": da_prev, "dW": dW}


# %% [markdown]
# A fast version with other numbers is of no use. So before any race, each version has to return the states,
# predictions and gradients of the readable functions.

# %%
def compare(forward, backward):
    """Print which results of a variant are those of the readable functions."""
    a, y, _, caches = lstm.lstm_forward(x, a0, parameters)
    gradients = lstm.lstm_backward(da, caches)
    expected = {"a": a, "y": y, "dx": gradients["dx"], "da0": gradients["da0"], "dW": stack(gradients, "d")}
    *states, caches = forward(x, a0, parameters)
    results = dict(zip("ay", states, strict=True)) | backward(da, caches)
    errors = gradcheck.relative_errors(expected, results)
    print("the same to 1e-12:", *(name for name, error in errors.items() if error < 1e-12))


compare(forward_stacked, backward_stacked)

# %% [markdown]
# How many of the 13 products are left? And if a third of them is left, will it be three times as fast?

# %%
variants["one product"] = combine(forward_stacked, backward_stacked)
print_counts("one product")

# %% tags=["nbval-ignore-output"]
print_times(race(prepare(*variants)))


# %% [markdown]
# Four products are left, but it is not three times as fast: one large product multiplies as many numbers as
# four small ones. What it saves are calls, of NumPy and of the shape checks in each step of the readable
# functions.

# %% [markdown]
# ## Idea 2: one tanh for all gates
#
# The sigmoid is a tanh, shifted and scaled:
#
# $$\sigma(z) = \frac{1 + \tanh(z / 2)}{2}$$
#
# Halve the rows of the three gates in $W$ once. Then their pre-activations come out of the product halved,
# and one tanh of the whole array, of shape (4 n_a, m), serves all four.

# %%
def activate_together(halved):
    """Return what `activate_separately` returns; the pre-activations of the sigmoids come halved."""
    gates = np.tanh(halved)
    sigmoids = gates[: 3 * len(gates) // 4]
    sigmoids += 1
    sigmoids *= 0.5
    return gates


forward_one_tanh = partial(forward_stacked, activate=activate_together, scale=0.5)
compare(forward_one_tanh, backward_stacked)

# %% [markdown]
# In exact arithmetic both sides of the formula are equal. Are they in floating point? $\sigma(-40)$ is about
# $4 \cdot 10^{-18}$. What does $(1 + \tanh(-20)) / 2$ give?

# %%
print(f"by exp {sigmoid(np.array(-40.0)):.0e}, by tanh {(1 + np.tanh(-20.0)) / 2:.0e}")

# %% [markdown] answer=true
# It gives 0: near −1 the numbers of `float64` are about $10^{-16}$ apart.
#
# For a gate this does not matter, since it is added to numbers near 1. It would matter if you took the
# logarithm of the gate.
#
# How many of the 7 functions (tanh, exp, sigmoid) per step does this save?

# %%
variants["one tanh"] = combine(forward_one_tanh, backward_stacked)
print_counts("one tanh")

# %% tags=["nbval-ignore-output"]
print_times(race(prepare(*variants)))


# %% [markdown]
# It saves three functions, and each sigmoid consisted of several operations on a quarter of the array.

# %% [markdown]
# ## Idea 3: out of the loop
#
# What in a step has to wait for the step before? The gates, because they use the previous state. But the
# prediction uses the state, and no state uses the prediction. So all predictions can be computed after the
# loop, with one product and one softmax.
#
# Which parts of the *backward* step do not have to wait?

# %% [markdown]
# The slopes such as $f(1 - f)$ do not wait: they are known from the forward pass. The gradients $dW$ and $dx$
# do not wait either, because nothing in the loop uses them. Only this is left in the loop:
#
# $$dz^{\langle t\rangle} = \text{slopes}^{\langle t\rangle} \odot
# \begin{bmatrix} dc \\ dc \\ da \\ dc \end{bmatrix}^{\langle t\rangle}$$
#
# $$da^{\langle t-1\rangle} = W_a^{\mathsf T}\, dz^{\langle t\rangle}$$

# %% [markdown]
# To work on all steps at once, their arrays are put into one array of shape (T_x, rows, m). Its `order` is
# the order in memory. For now it is `"F"`, in which neighbouring steps are neighbours in memory, as in the
# assignment's arrays.

# %%
def allocate(T, rows, a0, order="C"):
    """Return an array (T, rows, m) for the numbers of all steps."""
    return np.empty_like(a0, shape=(T, rows, a0.shape[1]), order=order)


# %%
def forward_hoisted(x, a0, parameters, order="F"):
    """Go forward; keep in the loop over time only what waits for the step before."""
    W, T, n_a = stack(parameters), x.shape[2], len(a0)
    W[: 3 * n_a] *= 0.5
    rows = W.shape[1], 4 * n_a, n_a, n_a, n_a
    columns, gates, c_prev, cells, a = (allocate(T, n, a0, order) for n in rows)
    hidden, cell = a0, np.zeros_like(a0)
    for t in range(T):
        columns[t] = column = np.concatenate([hidden, x[:, :, t], np.ones_like(a0[:1])])
        gates[t] = now = activate_together(W @ column)
        f, i, o, candidate = np.split(now, 4)
        c_prev[t] = cell
        cells[t] = cell = f * cell + i * candidate
        a[t] = hidden = o * np.tanh(cell)
    a = a.transpose(1, 2, 0)
    y = softmax(np.tensordot(parameters["Wy"], a, 1) + parameters["by"][:, :, np.newaxis])
    return a, y, (columns, gates, c_prev, cells, parameters)


# %%
def backward_hoisted(da, caches):
    """Go back; slopes before the loop over time, the gradients of weights and inputs after it."""
    columns, gates, c_prev, cells, parameters = caches
    W, (T, n_a, _) = stack(parameters), cells.shape
    f, i, o, g = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(cells)
    slope_a, slope_o = o * (1 - tanh_c**2), tanh_c * o * (1 - o)
    slope_f, slope_i, slope_g = c_prev * f * (1 - f), g * i * (1 - i), i * (1 - g**2)
    dz, da_prev, dc_prev = np.empty_like(gates), np.zeros_like(da[:, :, 0]), np.zeros_like(da[:, :, 0])
    for t in reversed(range(T)):
        arriving = da[:, :, t] + da_prev
        dc = dc_prev + arriving * slope_a[t]
        dz[t] = now = np.concatenate(
            [dc * slope_f[t], dc * slope_i[t], arriving * slope_o[t], dc * slope_g[t]]
        )
        da_prev, dc_prev = W[:, :n_a].T @ now, dc * f[t]
    dx = np.tensordot(W[:, n_a:-1].T, dz, (1, 1)).swapaxes(1, 2)
    return {"dx": dx, "da0": da_prev, "dW": np.tensordot(dz, columns, ((0, 2), (0, 2)))}


# %%
compare(forward_hoisted, backward_hoisted)
variants["out of the loop"] = combine(forward_hoisted, backward_hoisted)
print_counts("out of the loop")

# %% [markdown]
# Half of the products and more than half of the operations are gone from the step. How many times as fast as
# *one tanh* is it: about twice, a little faster, or slower?

# %% tags=["nbval-ignore-output"]
print_times(race(prepare(*variants)))

# %% [markdown] answer=true
# On most machines it is slower. There is less to compute, so something else must take more time.

# %% [markdown]
# ## Idea 4: time first
#
# Memory is one long row of bytes. The processor loads it in pieces, usually of 64 bytes, which is eight
# numbers that lie side by side. In an array (T_x, n_a, m), how many bytes are there from one example to the
# next in the same step, if the order is F? And if it is C?

# %%
for order in "FC":
    to_step, _, to_example = np.empty((T_x, n_a, m), order=order).strides
    print(f"order {order}: {to_step} bytes to the next step, {to_example} to the next example")

# %% [markdown] answer=true
# 25,600 bytes in order F, and 8 in order C. In order F the numbers of a step are scattered over the whole
# array, and for each of them eight are loaded. In order C they lie side by side.
#
# So we change the order, and nothing else: no formula, no index.

# %%
forward_time_first = partial(forward_hoisted, order="C")
compare(forward_time_first, backward_hoisted)
variants["time first"] = combine(forward_time_first, backward_hoisted)
same = count_operations(variants["time first"]) == count_operations(variants["out of the loop"])
print("the same operations:", same)

# %% [markdown]
# The counts are equal. Are the times?

# %% tags=["nbval-ignore-output"]
print_times(race(prepare(*variants)))

# %% [markdown] answer=true
# The times differ clearly. A loop over steps should find the numbers of a step side by side. For this it is
# worth copying the inputs once.

# %% [markdown]
# ## Idea 5: write where it belongs
#
# `f * cell + i * candidate` makes three arrays, and two of them are thrown away at once. `np.concatenate`
# copies a state that has just been written. With `out=`, an operation writes into an array that already
# exists. What does `first` hold at the end of the next cell?

# %%
buffer = np.empty(3)


def double(x):
    return np.multiply(x, 2, out=buffer)


first = double(np.array([1.0, 2.0, 3.0]))
second = double(np.array([10.0, 20.0, 30.0]))
print(first)


# %% [markdown] answer=true
# `first` holds the result of the second call: both calls write into the same array. This is what makes reused
# arrays dangerous.
#
# A good rule is to reuse an array *within* a call, and never from one call to the next.
#
# In the next function each state is written where the next step reads it. The inputs and the ones stand below
# it from the beginning. The arrays for all steps are made once per call.

# %%
def forward_in_place(x, a0, parameters):
    """Go forward; each result is written where it is needed next."""
    W, n_a, T = stack(parameters), len(a0), x.shape[2]
    W[: 3 * n_a] *= 0.5
    columns, gates, cells = (
        allocate(T + 1, W.shape[1], a0),
        allocate(T, 4 * n_a, a0),
        allocate(T + 1, n_a, a0),
    )
    columns[0, :n_a], columns[:-1, n_a:-1], columns[:, -1], cells[0] = a0, x.transpose(2, 0, 1), 1, 0
    spare = np.empty_like(a0)
    f, i, o, candidate = np.split(gates, 4, axis=1)
    for t in range(T):
        np.tanh(np.matmul(W, columns[t], out=gates[t]), out=gates[t])
        sigmoids = gates[t, : 3 * n_a]
        np.multiply(np.add(sigmoids, 1, out=sigmoids), 0.5, out=sigmoids)
        np.multiply(f[t], cells[t], out=cells[t + 1])
        cells[t + 1] += np.multiply(i[t], candidate[t], out=spare)
        np.multiply(o[t], np.tanh(cells[t + 1], out=spare), out=columns[t + 1, :n_a])
    a = columns[1:, :n_a]
    y = softmax((parameters["Wy"] @ a + parameters["by"]).transpose(1, 2, 0))
    return a.transpose(1, 2, 0).copy(), y, (columns[:-1], gates, cells, parameters)


# %% [markdown]
# Why is `a` copied at the end? Without the copy it would be a view of `columns`, which the backward pass
# reads. A caller who writes into the returned states would change the gradients.
#
# Backward, the slopes are written into `dz`, and in the loop they become gradients in place.

# %%
def write_slope(value, other, factor, out):
    """Write ``(1 - value) * other * factor``, the slope along one path."""
    np.multiply(np.multiply(np.subtract(1, value, out=out), other, out=out), factor, out=out)


# %%
def backward_in_place(da, caches):
    """Go back; slopes become gradients in place."""
    columns, gates, cells, parameters = caches
    W, (T, n_a, m) = stack(parameters), (len(gates), len(da), da.shape[1])
    (f, i, o, g), dz, tanh_c = np.split(gates, 4, axis=1), np.empty_like(gates), np.tanh(cells[1:])
    parts = np.split(dz, 4, axis=1)
    factors = (f, f, cells[:-1]), (i, i, g), (o, o, tanh_c), (g, 1 + g, i)
    for three, part in zip(factors, parts, strict=True):
        write_slope(*three, out=part)
    write_slope(tanh_c, 1 + tanh_c, o, out=tanh_c)
    da_prev, dc = np.zeros_like(da, shape=(2, n_a, m))
    WaT, upstream = W[:, :n_a].T.copy(), da.transpose(2, 0, 1).copy()
    for t in reversed(range(T)):
        da_prev += upstream[t]
        dc += np.multiply(tanh_c[t], da_prev, out=tanh_c[t])
        for part, arriving in zip(parts, (dc, dc, da_prev, dc), strict=True):
            part[t] *= arriving
        np.matmul(WaT, dz[t], out=da_prev)
        dc *= f[t]
    dx = (W[:, n_a:-1].T.copy() @ dz).transpose(1, 2, 0)
    return {"dx": dx, "da0": da_prev, "dW": np.tensordot(dz, columns, ((0, 2), (0, 2)))}


# %%
compare(forward_in_place, backward_in_place)
variants["in place"] = combine(forward_in_place, backward_in_place)
print_counts("in place")

# %% [markdown]
# ## What each idea brought
#
# All versions in one race, and the products alone as the limit that no arrangement can beat. Which two ideas
# brought most? Which one brought nothing by itself?

# %% tags=["nbval-ignore-output"]
times = race(prepare(*variants) | {"products alone": products_alone}, seconds=1.5)
figures.show(figures.durations(times))

# %% [markdown]
# *Figure 10.1. The median time of both passes, with quartiles; the number behind a bar says how many times as
# fast as* readable *it is.*
#
# Idea 3 brings nothing by itself, or even costs something. It collected the numbers of all steps in arrays,
# idea 4 put these arrays into the right order, and only together they pay. If you measure an idea alone, you
# may throw away a good one.
#
# The counts tell the other half of the story, and they are the same on every machine:

# %%
print_counts(*variants)

# %% [markdown]
# The last two ideas change no operation at all. They change where the numbers are in memory.

# %% [markdown]
# ## The finished functions
#
# `seqgrad.fused` uses these ideas, for the RNN as well, and three more that concern memory (its module
# docstring explains them). Its functions take and return what the readable ones do, so either can replace the
# other. Can even the readable backward pass use the caches of the fast forward pass?

# %%
a, y, c, caches = lstm.lstm_forward(x, a0, parameters)
a_fused, y_fused, c_fused, fast_caches = fused.lstm_forward(x, a0, parameters)
expected = {"a": a, "y": y, "c": c} | lstm.lstm_backward(da, caches)
for backward in (fused.lstm_backward, lstm.lstm_backward):
    results = {"a": a_fused, "y": y_fused, "c": c_fused} | backward(da, fast_caches)
    errors = gradcheck.relative_errors(expected, results)
    print(f"{len(errors)} arrays, the same to 1e-12:", max(errors.values()) < 1e-12)
print("a step's cache:", len(fast_caches[0][0]), "entries, like", len(caches[0][0]))

# %% [markdown] answer=true
# Yes: the fast caches behave like a list of the assignment's tuples, and each tuple is made when it is asked
# for.
#
# Where is the gain largest: for small steps or for large ones? And how much does `float32` bring, which has
# half the bytes?

# %%
combined = combine(fused.lstm_forward, fused.lstm_backward)


def prepare_sizes(size, dtype):
    """Return calls of the readable and of the fast passes on arrays of this size."""
    x, a0, weights, da = draw_inputs(*size)
    weights = {name: value.astype(dtype) for name, value in weights.items()}
    arrays = x.astype(dtype), a0.astype(dtype), weights, da.astype(dtype)
    return {"readable": partial(variants["readable"], *arrays), "fused": partial(combined, *arrays)}


# %% tags=["nbval-ignore-output"]
for size in ((3, 5, 10, 7), (27, 64, 1, 30), (27, 64, 16, 50)):
    for dtype in ("float64", "float32"):
        print(f"n_x, n_a, m, T_x = {size}, {dtype}")
        print_times(race(prepare_sizes(size, dtype), seconds=0.1))

# %% [markdown]
# If a step has few numbers, calls take most of the time, and fewer calls bring most. If it has many, the
# products take their time in any version. `float32` makes the products faster; it has about 7 digits instead
# of 16.

# %% [markdown]
# ## The price: memory
#
# Both backward passes read what the forward pass has kept. For each entry of the state, how many numbers does
# `fused` keep per step: about 2, 6 or 20? Think of what the backward formulas use.

# %%
long = 2500
x_long, a0_long, weights, da_long = draw_inputs(4, 32, 4, long)
steps, _ = fused.lstm_forward(x_long, a0_long, weights)[-1]
kept = {id(array.base): array.base.nbytes for array in steps.arrays}
numbers = sum(kept.values()) / 8 / (long + 1) / a0_long.size
print(f"{numbers:.2f} numbers per step for each entry of the state, {sum(kept.values()) / 1e6:.0f} MB in all")

# %% [markdown] answer=true
# About 6: three gates, the candidate and the two states, and a little for the input with its 1. The memory
# grows with the length of the sequence, so a long enough sequence fits into no memory.
#
# The way out is to forget, and to compute again. Keep only the two states before every segment of $s$ steps,
# as *checkpoints*. On the way back, run each segment forward once more when its turn comes.

# %% [markdown]
# With $T_x / s$ checkpoints and the caches of one segment, the numbers kept for each entry of the state are
#
# $$M(s) = 2\,\frac{T_x}{s} + k\,s,$$
#
# where $k$ is the number printed above. For which $s$ is $M$ smallest? Set the derivative to zero.

# %%
segments = np.array([5, 10, 25, 50, 100, 500])
for s, needed in zip(segments, 2 * long / segments + numbers * segments, strict=True):
    print(f"s = {s:3}: {needed:6.0f} numbers, and {numbers * long:.0f} without checkpoints")


# %% [markdown] answer=true
# $M'(s) = -2\, T_x / s^2 + k$ is zero at $s = \sqrt{2\, T_x / k}$, here 28. Put this back into $M$: the
# memory grows as $\sqrt{T_x}$, and not as $T_x$.
#
# Does the machine agree with the formula? `tracemalloc` records what Python and NumPy allocate.

# %%
def measure_peak(function):
    """Return the most bytes that a call holds at one time."""
    tracemalloc.start()
    function()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


keep_all = partial(combined, x_long, a0_long, weights, da_long)
checkpointed = partial(fused.lstm_backward_checkpointed, da_long, x_long, a0_long, weights)

# %% tags=["nbval-ignore-output"]
peaks = [measure_peak(partial(checkpointed, segment=s)) for s in segments]
figures.show(figures.memory_of_segments(segments, peaks, measure_peak(keep_all)))

# %% [markdown]
# *Figure 10.2. Peak memory for segments of different lengths, and without checkpoints (dashed). Both axes are
# logarithmic.*
#
# The lowest point is where the formula puts it, or a little to the left, because the gradients of a segment
# need memory as well. The curve is flat there, so `lstm_backward_checkpointed` takes $s = \sqrt{T_x}$.

# %%
gradients, again = keep_all(), checkpointed()
print("the same to 1e-12:", max(gradcheck.relative_errors(gradients, again).values()) < 1e-12)
print("less than an eighth of the memory:", measure_peak(checkpointed) < measure_peak(keep_all) / 8)

# %% [markdown]
# What does it cost? The forward pass has a third of all products, and it now runs twice. Estimate: how many
# times as long does it take?

# %% tags=["nbval-ignore-output"]
print_times(race({"checkpointed": checkpointed, "all caches": keep_all}))


# %% [markdown] answer=true
# It takes $4/3$ as long if you count the products. It is often a little more, because the segments have to be joined. A third
# more time for a small part of the memory is a good price.

# %% [markdown]
# ## Beside the frameworks
#
# How good is this, compared with what others have built? PyTorch and JAX do not belong to the course's
# environment. If they are installed, they take part in the last two races, with one thread as well.

# %%
def load(name):
    """Return a framework, or None if it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{name} is not installed, so it does not take part.")


# %% tags=["nbval-ignore-output"]
torch, jax = load("torch"), load("jax")
if torch:
    torch.set_num_threads(1)
if jax:
    jax.config.update("jax_enable_x64", True)
    if hasattr(os, "sched_setaffinity"):  # JAX takes every core that it may use
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])

# %% [markdown]
# ## Training, in characters per second
#
# What counts in the end is training. The network of [chapter 8](08_names.ipynb) goes through the same batches
# with the readable passes (`functions=seqgrad`) and with the fast ones, which `train` uses by default.

# %%
names, _ = train.split(text.load_names(), 0.1, np.random.default_rng(0))
batches = [text.names_to_arrays(part) for part in train.batches(names, 64, np.random.default_rng(5))][:12]
start = initialize.lstm_parameters(np.random.default_rng(6), n_x=27, n_a=64, n_y=27)


def train_briefly(functions):
    """Return the loss at each step of a short training."""
    weights, (v, s), losses = start, optimize.initialize_adam(start), []
    for t, (x, y) in enumerate(batches, 1):
        loss, _, weights, v, s = train.step(x, y, weights, v, s, t, learning_rate=0.02, functions=functions)
        losses.append(loss)
    return np.array(losses)


# %% [markdown]
# Both versions round differently, by about $10^{-16}$ in each operation. After twelve steps of Adam, do the
# losses still agree to six digits?

# %%
losses, fast_losses = train_briefly(seqgrad), train_briefly(fused)
print("losses:", *(f"{loss:.4f}" for loss in fast_losses[[0, 5, 11]]))
print("the same to 1e-6:", np.abs(fast_losses - losses).max() < 1e-6)


# %% [markdown] answer=true
# The losses still agree to six digits.
#
# Now the same training in PyTorch, with its own LSTM, gradients, clipping and Adam. One detail: PyTorch's LSTM
# has two biases where ours has one. If both were trained, their sum would move twice as fast, so the second one
# stays at zero.

# %%
def build_torch_network(parameters):
    """Return PyTorch's LSTM and output layer with our parameters; its second bias stays zero."""
    n_y, n_a = parameters["Wy"].shape
    W, b = (np.concatenate([parameters[kind + gate] for gate in "ifco"]) for kind in "Wb")
    ours = W[:, n_a:], W[:, :n_a], b[:, 0], 0 * b[:, 0], parameters["Wy"], parameters["by"][:, 0]
    net = torch.nn.LSTM(W.shape[1] - n_a, n_a, dtype=torch.float64)
    layer = torch.nn.Linear(n_a, n_y, dtype=torch.float64)
    with torch.no_grad():
        for theirs, value in zip([*net.parameters(), *layer.parameters()], ours, strict=True):
            theirs.copy_(torch.tensor(value))
    net.bias_hh_l0.requires_grad_(False)
    return net, layer


# %%
def train_in_torch(batches, parameters, learning_rate=0.02):
    """Return the loss at each step of the same training by PyTorch; -100 marks columns without a target."""
    net, layer = build_torch_network(parameters)
    trained = [weight for weight in [*net.parameters(), *layer.parameters()] if weight.requires_grad]
    adam, losses = torch.optim.Adam(trained, lr=learning_rate), []
    for x, y in batches:
        scores = layer(net(torch.tensor(x.transpose(2, 1, 0).copy()))[0])
        target = torch.tensor(np.where(y.any(axis=0), y.argmax(axis=0), -100).T.copy())
        loss = torch.nn.functional.cross_entropy(scores.flatten(0, 1), target.flatten(), ignore_index=-100)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        adam.step()
        losses.append(loss.item())
    return np.array(losses)


# %% [markdown]
# Put them in order before you look: readable, fused, and PyTorch, if it is there.

# %% tags=["nbval-ignore-output"]
trainings = {"readable": partial(train_briefly, seqgrad), "fused": partial(train_briefly, fused)}
if torch:
    trainings["torch"] = partial(train_in_torch, batches, start)
    print("torch: the same losses to 1e-6:", np.abs(train_in_torch(batches, start) - losses).max() < 1e-6)

characters = sum(y.sum() for _, y in batches)
for name, seconds in race(trainings, seconds=1.5).items():
    print(f"{name:<10}{characters / np.median(seconds):>10,.0f} characters per second")


# %% [markdown]
# ## Pass by pass
#
# The last race is both passes alone, on the arrays of the first race. First PyTorch:

# %%
def build_torch_passes():
    """Return a function that goes forward and back by PyTorch's LSTM, and returns dx and da0."""
    net, layer = build_torch_network(parameters)
    inputs, first, upstream = (torch.tensor(z.transpose().copy()) for z in (x, a0[..., np.newaxis], da))
    trained = [weight for weight in net.parameters() if weight.requires_grad]
    places = [*trained, inputs.requires_grad_(), first.requires_grad_()]

    def passes():
        a, _ = net(inputs, (first, torch.zeros_like(first)))
        torch.softmax(layer(a), dim=-1)
        *_, dx, da0 = torch.autograd.grad(a, places, upstream)
        return {"dx": dx.numpy().transpose(), "da0": da0.numpy()[0].transpose()}

    return passes


# %% [markdown]
# JAX compiles a step that we write, and runs it over the sequence:

# %%
def build_jax_passes():
    """Return a function that goes forward and back as JAX compiles it, and returns dx and da0."""
    jnp, ones = jax.numpy, np.ones((1, m))

    def step(W, states, xt):
        f, i, o, candidate = jnp.split(W @ jnp.concatenate([states[0], xt, ones]), 4)
        cell = jax.nn.sigmoid(f) * states[1] + jax.nn.sigmoid(i) * jnp.tanh(candidate)
        hidden = jax.nn.sigmoid(o) * jnp.tanh(cell)
        return (hidden, cell), hidden

    def forward(W, x, a0):
        _, a = jax.lax.scan(partial(step, W), (a0, jnp.zeros_like(a0)), x)
        return a, jax.nn.softmax(parameters["Wy"] @ a + parameters["by"], axis=1)

    @jax.jit
    def compiled(W, x, a0, upstream):
        _, pull_back, y = jax.vjp(forward, W, x, a0, has_aux=True)
        return pull_back(upstream), y

    arguments = [jnp.asarray(z) for z in (stack(parameters), x.transpose(2, 0, 1), a0, da.transpose(2, 0, 1))]

    def passes():
        (_, dx, da0), _ = jax.block_until_ready(compiled(*arguments))
        return {"dx": np.asarray(dx).transpose(1, 2, 0), "da0": np.asarray(da0)}

    return passes


# %% [markdown]
# Which of the four is fastest, and by how much: readable, fused, PyTorch, JAX?

# %% tags=["nbval-ignore-output"]
racers = prepare("readable") | {"fused": partial(combined, x, a0, parameters, da)}
racers |= {"torch": build_torch_passes()} if torch else {}
racers |= {"jax": build_jax_passes()} if jax else {}
expected = racers["readable"]()
for name, passes in racers.items():
    results = passes()
    same = all(np.allclose(results[key], expected[key], rtol=0, atol=1e-10) for key in ("dx", "da0"))
    print(f"{name}: {'the same gradients' if same else 'other gradients'}")
print_times(race(racers, seconds=1.5))

# %% [markdown]
# A framework works for any network and on any device. For this network, on one core, a page of carefully
# arranged NumPy keeps up with it. `python3 -m tools bench` measures this with more care, for more sizes, in
# processes of their own.

# %% [markdown]
# ## Try it yourself
#
# 1. Repeat the race of figure 10.1 with a batch of $m = 64$. Do the ideas bring more or less than with 16?
# 2. Count the operations of a step of `rnn_forward` and `rnn_backward`. How many products are there?
# 3. The backward pass has twice as many products as the forward pass. Does it take twice as long, in the
#    readable version and in the one *in place*?
# 4. Checkpoints can have checkpoints of their own. How does the memory grow with $T_x$ then, and the time?

# %% [markdown] only="solutions"
# ### Answers
#
# **Answer 1: a larger batch.**

# %% only="solutions" tags=["nbval-ignore-output"]
larger = draw_inputs(n_x, n_a, 64, T_x)
print_times(race({name: partial(variant, *larger) for name, variant in variants.items()}, seconds=1.0))


# %% [markdown] only="solutions"
# They bring less. Each operation now has four times as much to compute, while the number of calls is the
# same, so there is less to gain from fewer calls. The wrong order in memory of *out of the loop* costs more
# than before.

# %% [markdown] only="solutions"
# **Answer 2: the operations of the RNN.**

# %% only="solutions"
def count_rnn(T):
    """Return the operations of both passes of the RNN over T steps, by name."""
    weights = initialize.rnn_parameters(np.random.default_rng(0), n_x, n_a, n_y=n_x)
    weights = {name: value.view(Counted) for name, value in weights.items()}
    Counted.calls.clear()
    _, _, caches = seqgrad.rnn_forward(x[:, :, :T].view(Counted), a0.view(Counted), weights)
    seqgrad.rnn_backward(da[:, :, :T].view(Counted), caches)
    return Counted.calls.copy()


each = count_rnn(3) - count_rnn(2)
print(f"{each['matmul']} products, {each.total()} operations")

# %% [markdown] only="solutions"
# Seven products: `Wax @ xt`, `Waa @ a_prev` and `Wya @ a_next` forward, and one to each of `dxt`, `da_prev`,
# `dWax` and `dWaa` backward. The LSTM has 13.

# %% [markdown] only="solutions"
# **Answer 3: forward and backward apart.**

# %% only="solutions" tags=["nbval-ignore-output"]
pairs = {
    "readable": (lstm.lstm_forward, lstm.lstm_backward),
    "in place": (forward_in_place, backward_in_place),
}
for name, (forward, backward) in pairs.items():
    *_, caches = forward(x, a0, parameters)
    backward_alone = {f"{name}, backward": partial(backward, da, caches)}
    print_times(race(backward_alone | {f"{name}, forward": partial(forward, x, a0, parameters)}))

# %% [markdown] only="solutions"
# Hardly ever exactly twice as long. The products are only a part of the time: the forward pass has the slow
# functions (tanh, exp), and the backward pass has more elementwise operations.

# %% [markdown] only="solutions"
# **Answer 4: checkpoints of checkpoints.**
#
# Use segments of $s^2$ steps with $s = T_x^{1/3}$, and inside the segment that is being run again,
# checkpoints every $s$ steps. Kept are $s$ outer checkpoints, $s$ inner ones, and the caches of $s$ steps:

# %% only="solutions"
for steps in (1000, 1_000_000):
    one_level, two_levels = 2 * np.sqrt(2 * numbers * steps), (2 + 2 + numbers) * np.cbrt(steps)
    print(
        f"{steps:>9,} steps: none {numbers * steps:>11,.0f}, one level {one_level:>7,.0f}, two {two_levels:>6,.0f}"
    )

# %% [markdown] only="solutions"
# The memory grows as $\sqrt[3]{T_x}$. Each step now runs forward three times, so, counting products, it takes
# $5/3$ of the time.

# %% [markdown]
# ## Further reading
#
# - Knuth, "Structured Programming with go to Statements", *Computing Surveys* 6 (1974): where the warning
#   against premature optimisation comes from, and what comes after it.
# - Griewank & Walther, *Evaluating Derivatives* (2nd edition, 2008), chapter 12: checkpoints.
# - Chen, Xu, Zhang & Guestrin, "Training Deep Nets with Sublinear Memory Cost", arXiv:1604.06174 (2016).
# - NumPy's reference, "The N-dimensional array": internal memory layout.

# %% [markdown]
# ---
#
# [← Chapter 9. Find the mistake](09_find_the_mistake.ipynb) · [All chapters](../exercises/00_start.ipynb) · [Chapter 11. Forget and update with one gate →](11_gru.ipynb)<br>
# To look up: [Recap](../recap.md) · [Symbols and shapes](../symbols.md) · [Glossary](../glossary.md)
