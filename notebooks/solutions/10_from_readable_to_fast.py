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
# # From readable to fast
#
# **What you will do.** Make the LSTM of chapters 4 and 5 several times as fast, one change at a time, and not
# one of its numbers will move.
#
# **What you will know.** You will be able to
#
# - measure times so that the comparison means something,
# - count what a step costs before you look at a clock,
# - stack products, take a sigmoid from a tanh, and move work out of a loop,
# - say when the order of numbers in memory matters, and when a buffer is dangerous,
# - trade time for memory in a long sequence.
#
# **What is assumed.** Chapters 4 and 5; the last part trains the network of chapter 8.
#
# One thread, so that we measure the code and not the scheduler.

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
# A clock measures more than the code: the first call is slow because memory is new, and other programs come
# in between. So the functions run *in turn*, the first round does not count, and we compare medians.

# %%
def race(functions, seconds=0.4):
    """Call functions in turn until the time is up, three times at least; return the seconds by name."""
    times, began = {name: [] for name in functions}, perf_counter()
    while len(list(times.values())[-1]) < 4 or perf_counter() - began < seconds:
        for name, function in functions.items():
            start = perf_counter()
            function()
            times[name].append(perf_counter() - start)
    return {name: seconds[1:] for name, seconds in times.items()}


def tell(times):
    """Print the median time of each, and how many times as fast as the first it was in the same rounds."""
    for name, seconds in times.items():
        faster = np.median(np.divide(next(iter(times.values())), seconds))
        print(f"{name:<24}{1e6 * np.median(seconds):10.1f} µs{faster:8.2f} times as fast")


# %% [markdown]
# The task: forward and backward through 50 steps of 16 examples, with 27 inputs and 64 hidden units. `both`
# makes one function of a forward and a backward pass.

# %%
def draw(n_x, n_a, m, T_x):
    """Return x, a0, parameters and da; there are as many classes as inputs."""
    rng = np.random.default_rng(0)
    parameters = initialize.lstm_parameters(rng, n_x, n_a, n_y=n_x)
    x, a0, da = (rng.standard_normal(shape) for shape in ((n_x, m, T_x), (n_a, m), (n_a, m, T_x)))
    return x, a0, parameters, da


n_x, n_a, m, T_x = 27, 64, 16, 50
x, a0, parameters, da = draw(n_x, n_a, m, T_x)


# %%
def both(forward, backward):
    """Return the function that goes forward and back."""
    return lambda x, a0, parameters, da: backward(da, forward(x, a0, parameters)[-1])


variants = {"readable": both(lstm.lstm_forward, lstm.lstm_backward)}


# %% [markdown]
# Before you run the next cell: the readable function races against itself. How far from 1 will the second
# number be?

# %%
def run(name):
    """Return a call of one of the variants."""
    return lambda: variants[name](x, a0, parameters, da)


# %% tags=["nbval-ignore-output"]
tell(race({"readable": run("readable"), "readable, again": run("readable")}))

# %% [markdown]
# Run it a few times. Whatever it varies by is what you cannot see with this race: a change that brings less
# is a guess.
#
# ## Where does the time go?
#
# The mathematics of a step are its matrix products. They can be run without everything around them: forward,
# the gates and the prediction; backward, twice as many.

# %%
W, seen, dz = (np.ones(shape) for shape in ((4 * n_a, n_a + n_x), (n_a + n_x, m), (4 * n_a, m)))


def products_alone():
    """Make all products of both passes, and nothing else."""
    for _ in range(T_x):
        W @ seen
        parameters["Wy"] @ a0
        W.T @ dz
        dz @ seen.T


# %% [markdown]
# Before you run the next cell: which share of the time do they take, about?

# %% tags=["nbval-ignore-output"]
tell(race({"readable": run("readable"), "products alone": products_alone}))


# %% [markdown]
# Most of the time goes elsewhere. Where, can be counted, and a count is the same on every machine. The next
# class is an array that keeps a list of the operations it takes part in.

# %%
class Counted(np.ndarray):
    """An array that counts, by name, the operations that it takes part in."""

    calls, __array_priority__ = Counter(), 1  # so that joined arrays count as well

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        """Count, and do the same with plain arrays."""
        self.calls[ufunc.__name__] += 1
        plain = tuple(np.asarray(array) for array in out) if out else None
        result = getattr(ufunc, method)(*map(np.asarray, inputs), out=plain, **options)
        return out[0] if out else np.asarray(result).view(Counted)


# %% [markdown]
# What one more step costs is the difference between a sequence of three steps and one of two. Before you run
# the next two cells: how many products does a step make, forward and backward, and how many operations in
# all? (A sigmoid counts as one, although it is made of several.)

# %%
def counting_sigmoid(z):
    """Count as one operation."""
    Counted.calls["sigmoid"] += 1
    return sigmoid(z).view(Counted)


def count(passes):
    """Return how many operations one more step takes, by name."""
    found = []
    for T in (2, 3):
        Counted.calls.clear()
        weights = {name: value.view(Counted) for name, value in parameters.items()}
        with patch.object(lstm, "sigmoid", counting_sigmoid):
            passes(x[:, :, :T].view(Counted), a0.view(Counted), weights, da[:, :, :T].view(Counted))
        found.append(Counted.calls.copy())
    return found[1] - found[0]


# %%
def tell_counts(*names):
    """Print how many operations a step of these variants takes, forward and back."""
    print(f"{'a step, forward and back':<24}{'products':>9}{'functions':>11}{'operations':>12}")
    for name in names:
        each = count(variants[name])
        functions = each["tanh"] + each["exp"] + each["sigmoid"]
        print(f"{name:<24}{each['matmul']:>9}{functions:>11}{each.total():>12}")


tell_counts("readable")

# %% [markdown]
# Each of these is a call that looks at types and shapes, finds room for its result, and only then computes.
# What does that alone cost? Before you run the next cell: an array of 1024 numbers has 1024 times as much to
# add as an array of one. How many times as long does it take?

# %% tags=["nbval-ignore-output"]
one, many = np.ones(1), np.ones(n_a * m)
tell(race({"1 number": lambda: one + one, "1024 numbers": lambda: many + many}, seconds=0.05))


# %% [markdown]
# Nowhere near as long. So the first way to be fast is to ask less often.
#
# ## Idea 1: one product a step
#
# Four gates look at the same column, $[a^{\langle t-1\rangle}; x^{\langle t\rangle}]$. Put their weights on
# top of each other, the biases behind them and a 1 below the column, and one product gives all
# pre-activations:
#
# $$\begin{bmatrix} z_f \\ z_i \\ z_o \\ z_c \end{bmatrix} =
# \begin{bmatrix} W_f & b_f \\ W_i & b_i \\ W_o & b_o \\ W_c & b_c \end{bmatrix}
# \begin{bmatrix} a^{\langle t-1\rangle} \\ x^{\langle t\rangle} \\ 1 \end{bmatrix},
# \qquad (4 n_a, m) = (4 n_a,\ n_a + n_x + 1)\,(n_a + n_x + 1,\ m).$$

# %%
def stack(arrays, d=""):
    """Return the weights of all gates, biases behind them, (4 n_a, n_a + n_x + 1); or their gradients."""
    return np.concatenate([np.hstack([arrays[d + "W" + g], arrays[d + "b" + g]]) for g in "fioc"])


print("stacked weights:", stack(parameters).shape)


# %% [markdown]
# After the product the gates are parted again. `scale` is for later, and the sigmoid is `lstm.sigmoid`, which
# we count.

# %%
def four_functions(z):
    """Return the gates f, i, o and the candidate, one on top of the other."""
    zf, zi, zo, zc = np.split(z, 4)
    return np.concatenate([lstm.sigmoid(zf), lstm.sigmoid(zi), lstm.sigmoid(zo), np.tanh(zc)])


# %%
def forward_stacked(x, a0, parameters, activate=four_functions, scale=1.0):
    """Go forward with one product a step for all gates."""
    W, hidden, cell, steps = stack(parameters), a0, np.zeros_like(a0), []
    W[: 3 * len(a0)] *= scale
    for t in range(x.shape[2]):
        seen = np.concatenate([hidden, x[:, :, t], np.ones_like(a0[:1])])
        gates = activate(W @ seen)
        f, i, o, candidate = np.split(gates, 4)
        before, cell = cell, f * cell + i * candidate
        hidden = o * np.tanh(cell)
        y = softmax(parameters["Wy"] @ hidden + parameters["by"])
        steps.append((hidden, y, seen, gates, before, cell))
    a, y, *_ = zip(*steps, strict=True)
    return np.stack(a, 2), np.stack(y, 2), (steps, parameters)


# %% [markdown]
# Backward, the same stack saves products twice: one sends the gradient to $[a; x; 1]$, one makes the
# gradients of all weights and biases.

# %%
def backward_stacked(da, kept):
    """Go back with one product a step for the weights, and one for what they looked at."""
    steps, parameters = kept
    (n_a, _, T), W, dx = da.shape, stack(parameters), []
    dW, later, dc_later = np.zeros_like(W), np.zeros_like(da[:, :, 0]), np.zeros_like(da[:, :, 0])
    for t in reversed(range(T)):
        _, _, seen, gates, before, cell = steps[t]
        f, i, o, g = np.split(gates, 4)
        from_a, tanh_c = da[:, :, t] + later, np.tanh(cell)
        dc = dc_later + from_a * o * (1 - tanh_c**2)
        to_f, to_i, to_g = dc * before * f * (1 - f), dc * g * i * (1 - i), dc * i * (1 - g**2)
        dz = np.concatenate([to_f, to_i, from_a * tanh_c * o * (1 - o), to_g])
        dW += dz @ seen.T
        back, dc_later = W.T @ dz, dc * f
        later = back[:n_a]
        dx.append(back[n_a:-1])
    return {"dx": np.stack(dx[::-1], 2), "da0": later, "dW": dW}


# %% [markdown]
# Fast and wrong is of no use, so every variant first has to give what the readable functions give, states,
# predictions and all gradients.

# %%
def agree(forward, backward):
    """Say whether a variant gives what the readable functions give."""
    a, y, _, caches = lstm.lstm_forward(x, a0, parameters)
    gradients = lstm.lstm_backward(da, caches)
    expected = {"a": a, "y": y, "dx": gradients["dx"], "da0": gradients["da0"], "dW": stack(gradients, "d")}
    *results, kept = forward(x, a0, parameters)
    found = dict(zip("ay", results, strict=True)) | backward(da, kept)
    errors = gradcheck.relative_errors(expected, found)
    print("the same to 1e-12:", *(name for name, error in errors.items() if error < 1e-12))


agree(forward_stacked, backward_stacked)

# %% [markdown]
# Before you run the next two cells: how many products are left in a step? And is it three times as fast,
# since there are a third as many?

# %%
variants["one product"] = both(forward_stacked, backward_stacked)
tell_counts("one product")

# %% tags=["nbval-ignore-output"]
tell(race({name: run(name) for name in variants}))


# %% [markdown]
# It is not: one product multiplies as many numbers as four did. What was saved are calls, those of NumPy and
# those of the checks of shapes that each cell of the readable functions makes.
#
# ## Idea 2: one tanh for all gates
#
# The sigmoid is a tanh in other units:
#
# $$\sigma(z) = \frac{1 + \tanh(z / 2)}{2}.$$
#
# If the rows of the three gates are halved in $W$, once, their pre-activations come out of the product
# halved, and one tanh of the whole array (4 n_a, m) serves all four.

# %%
def one_tanh(halved):
    """Return what `four_functions` does; the sigmoids' rows come halved."""
    gates = np.tanh(halved)
    sigmoids = gates[: 3 * len(gates) // 4]
    sigmoids += 1
    sigmoids *= 0.5
    return gates


forward_one_tanh = partial(forward_stacked, activate=one_tanh, scale=0.5)
agree(forward_one_tanh, backward_stacked)

# %% [markdown]
# The same? Not to the last bit. Before you run the next cell: what is $\sigma(-40)$, and what does $1 +
# \tanh(-20)$ leave of it?

# %%
print(f"by exp {sigmoid(np.array(-40.0)):.0e}, by tanh {(1 + np.tanh(-20.0)) / 2:.0e}")

# %% [markdown]
# A gate that is a hair open becomes shut. In a sum with numbers near 1 nobody will notice; someone who takes
# the gate's logarithm would. An identity of mathematics need not be one of floating point.
#
# Before you run the next two cells: which operations does this save?

# %%
variants["one tanh"] = both(forward_one_tanh, backward_stacked)
tell_counts("one tanh")

# %% tags=["nbval-ignore-output"]
tell(race({name: run(name) for name in variants}))


# %% [markdown]
# Three functions fewer, and each of them was several operations on a quarter of the array.
#
# ## Idea 3: out of the loop
#
# What has to wait for the step before? Forward, the gates: they look at the previous state. The prediction
# looks at a state, and no state looks at it. So all predictions can wait until the loop is done, and are then
# one product and one softmax.
#
# Before you go on: which parts of the *backward* step wait for nobody?
#
# The slopes: $f(1-f)$ and its like are known from the forward pass. And the gradients of weights and inputs,
# $dW$ and $dx$: nothing in the loop uses them. What remains in it is
#
# $$dz^{\langle t\rangle} = \text{slopes}^{\langle t\rangle} \odot
# \bigl[dc^{\langle t\rangle};\ dc^{\langle t\rangle};\ da^{\langle t\rangle};\ dc^{\langle t\rangle}\bigr]
# \quad\text{of shape } (4 n_a, m), \qquad W_a^{\mathsf T}\, dz^{\langle t\rangle}.$$
#
# To be used all at once, the steps' arrays must stand in one, of shape (T_x, rows, m). `order` says how it
# lies in memory; for the moment `"F"`, time running fastest, as in the assignment's arrays.

# %%
def room_for(T, rows, a0, order="C"):
    """Return an array (T, rows, m) that waits for its numbers."""
    return np.empty_like(a0, shape=(T, rows, a0.shape[1]), order=order)


# %%
def forward_hoisted(x, a0, parameters, order="F"):
    """Go forward; keep in the loop over time only what waits for the step before."""
    W, T, n_a = stack(parameters), x.shape[2], len(a0)
    W[: 3 * n_a] *= 0.5
    rows = W.shape[1], 4 * n_a, n_a, n_a, n_a
    seen, gates, before, cells, a = (room_for(T, n, a0, order) for n in rows)
    hidden, cell = a0, np.zeros_like(a0)
    for t in range(T):
        seen[t] = column = np.concatenate([hidden, x[:, :, t], np.ones_like(a0[:1])])
        gates[t] = now = one_tanh(W @ column)
        f, i, o, candidate = np.split(now, 4)
        before[t] = cell
        cells[t] = cell = f * cell + i * candidate
        a[t] = hidden = o * np.tanh(cell)
    a = a.transpose(1, 2, 0)
    y = softmax(np.tensordot(parameters["Wy"], a, 1) + parameters["by"][:, :, np.newaxis])
    return a, y, (seen, gates, before, cells, parameters)


# %%
def backward_hoisted(da, kept):
    """Go back; slopes before the loop over time, the gradients of weights and inputs after it."""
    seen, gates, before, cells, parameters = kept
    W, (T, n_a, _) = stack(parameters), cells.shape
    f, i, o, g = np.split(gates, 4, axis=1)
    tanh_c = np.tanh(cells)
    along_a, along_o = o * (1 - tanh_c**2), tanh_c * o * (1 - o)
    along_f, along_i, along_g = before * f * (1 - f), g * i * (1 - i), i * (1 - g**2)
    dz, later, dc_later = np.empty_like(gates), np.zeros_like(da[:, :, 0]), np.zeros_like(da[:, :, 0])
    for t in reversed(range(T)):
        from_a = da[:, :, t] + later
        dc = dc_later + from_a * along_a[t]
        dz[t] = now = np.concatenate([dc * along_f[t], dc * along_i[t], from_a * along_o[t], dc * along_g[t]])
        later, dc_later = W[:, :n_a].T @ now, dc * f[t]
    dx = np.tensordot(W[:, n_a:-1].T, dz, (1, 1)).swapaxes(1, 2)
    return {"dx": dx, "da0": later, "dW": np.tensordot(dz, seen, ((0, 2), (0, 2)))}


# %%
agree(forward_hoisted, backward_hoisted)
variants["out of the loop"] = both(forward_hoisted, backward_hoisted)
tell_counts("out of the loop")

# %% [markdown]
# Half of the products and more than half of the operations are gone from the step. Before you run the next
# cell: how much faster is that?

# %% tags=["nbval-ignore-output"]
tell(race({name: run(name) for name in variants}))

# %% [markdown]
# Disappointing, as a rule even slower than before. There is less to compute, so something else must have become
# more.
#
# ## Idea 4: time first
#
# Memory is one long row, and comes to the processor in pieces, most often of 64 bytes: eight neighbours. Before
# you run the next cell: in an array (T_x, n_a, m) with time running fastest, how far apart are two neighbours
# of the same step?

# %%
for order in "FC":
    to_step, _, to_example = np.empty((T_x, n_a, m), order=order).strides
    print(f"order {order}: {to_step} bytes to the next step, {to_example} to the next example")

# %% [markdown]
# In order F the numbers of a step are strewn over the whole array, and for each of them eight are fetched. In
# order C they lie side by side. That is the only change: not one formula, not one index.

# %%
time_first = partial(forward_hoisted, order="C")
agree(time_first, backward_hoisted)
variants["time first"] = both(time_first, backward_hoisted)
print("the same operations:", count(variants["time first"]) == count(variants["out of the loop"]))

# %% [markdown]
# Before you run the next cell: the counts are equal. Are the times?

# %% tags=["nbval-ignore-output"]
tell(race({name: run(name) for name in variants}))

# %% [markdown]
# The loop that visits the steps should find a step's numbers together. It is worth a copy of the inputs,
# once.
#
# ## Idea 5: write where it belongs
#
# `f * cell + i * candidate` makes three arrays, and two are thrown away at once. `np.concatenate` copies a
# state that was written a moment ago. With `out=` an operation writes into an array that is there already.
# Before you run the next cell: what does `first` hold in the end?

# %%
room = np.empty(3)


def double(x):
    return np.multiply(x, 2, out=room)


first = double(np.array([1.0, 2.0, 3.0]))
second = double(np.array([10.0, 20.0, 30.0]))
print(first)


# %% [markdown]
# The second call has overwritten the result of the first. That is what makes buffers dangerous, and the rule
# is: reuse them *within* a call, never from one call to the next.
#
# In the next function the state is written where the next step looks for it, below it the inputs and the
# ones, which stand there from the beginning. The arrays of all steps are made once a call.

# %%
def forward_in_place(x, a0, parameters):
    """Go forward; each result is written where it is needed next."""
    W, n_a, T = stack(parameters), len(a0), x.shape[2]
    W[: 3 * n_a] *= 0.5
    seen, gates, cells = room_for(T + 1, W.shape[1], a0), room_for(T, 4 * n_a, a0), room_for(T + 1, n_a, a0)
    seen[0, :n_a], seen[:-1, n_a:-1], seen[:, -1], cells[0] = a0, x.transpose(2, 0, 1), 1, 0
    spare = np.empty_like(a0)
    f, i, o, candidate = np.split(gates, 4, axis=1)
    for t in range(T):
        np.tanh(np.matmul(W, seen[t], out=gates[t]), out=gates[t])
        sigmoids = gates[t, : 3 * n_a]
        np.multiply(np.add(sigmoids, 1, out=sigmoids), 0.5, out=sigmoids)
        np.multiply(f[t], cells[t], out=cells[t + 1])
        cells[t + 1] += np.multiply(i[t], candidate[t], out=spare)
        np.multiply(o[t], np.tanh(cells[t + 1], out=spare), out=seen[t + 1, :n_a])
    a = seen[1:, :n_a]
    y = softmax((parameters["Wy"] @ a + parameters["by"]).transpose(1, 2, 0))
    return a.transpose(1, 2, 0).copy(), y, (seen[:-1], gates, cells, parameters)


# %% [markdown]
# Why is `a` copied at the end? Because it is a view of `seen`, which the backward pass will read, and whoever
# writes into their own result would change a gradient.
#
# Backward, the slopes are written into `dz`, and the loop turns them into gradients where they stand.

# %%
def slope(value, other, factor, out):
    """Write ``(1 - value) * other * factor``, the slope along one way."""
    np.multiply(np.multiply(np.subtract(1, value, out=out), other, out=out), factor, out=out)


# %%
def backward_in_place(da, kept):
    """Go back; slopes become gradients where they stand."""
    seen, gates, cells, parameters = kept
    W, (T, n_a, m) = stack(parameters), (len(gates), len(da), da.shape[1])
    (f, i, o, g), dz, tanh_c = np.split(gates, 4, axis=1), np.empty_like(gates), np.tanh(cells[1:])
    along = np.split(dz, 4, axis=1)
    ways = (f, f, cells[:-1]), (i, i, g), (o, o, tanh_c), (g, 1 + g, i)
    for way, room in zip(ways, along, strict=True):
        slope(*way, out=room)
    slope(tanh_c, 1 + tanh_c, o, out=tanh_c)
    later, dc = np.zeros_like(da, shape=(2, n_a, m))
    WaT, upstream = W[:, :n_a].T.copy(), da.transpose(2, 0, 1).copy()
    for t in reversed(range(T)):
        later += upstream[t]
        dc += np.multiply(tanh_c[t], later, out=tanh_c[t])
        for room, arrived in zip(along, (dc, dc, later, dc), strict=True):
            room[t] *= arrived
        np.matmul(WaT, dz[t], out=later)
        dc *= f[t]
    dx = (W[:, n_a:-1].T.copy() @ dz).transpose(1, 2, 0)
    return {"dx": dx, "da0": later, "dW": np.tensordot(dz, seen, ((0, 2), (0, 2)))}


# %%
agree(forward_in_place, backward_in_place)
variants["in place"] = both(forward_in_place, backward_in_place)
tell_counts("in place")

# %% [markdown]
# ## What each idea brought
#
# All of them in one race, and the products alone as the line that no arrangement can cross. Before you look:
# which two changes brought most? Did one bring nothing by itself?

# %% tags=["nbval-ignore-output"]
times = race({name: run(name) for name in variants} | {"products alone": products_alone}, seconds=1.5)
figures.show(
    figures.durations(times),
    "Bars of the time of each variant, from readable at the top to in place at the bottom and the products "
    "alone beneath. Most ideas shorten the bar; out of the loop does so only together with time first.",
)

# %% [markdown]
# Ideas are no list of bonuses to be added up. The third made arrays of all steps, the fourth put them in
# order, and only together did they pay. Taken alone, the third might have been thrown away.
#
# The counts tell the other half of the story, the same on every machine.

# %%
tell_counts(*variants)

# %% [markdown]
# The last two ideas changed no operation at all. They changed where its numbers lie.
#
# ## The finished functions
#
# `seqgrad.fused` has these ideas, for the RNN as well, and three more about where numbers lie, which its first
# lines tell. It takes the arguments of the readable functions, refuses what they refuse, and returns what they
# return, so that each can take the place of the other. Before you run the next cell: can the readable backward
# pass take the caches of the fast forward pass?

# %%
a, y, c, caches = lstm.lstm_forward(x, a0, parameters)
a_fused, y_fused, c_fused, fast_caches = fused.lstm_forward(x, a0, parameters)
expected = {"a": a, "y": y, "c": c} | lstm.lstm_backward(da, caches)
for backward in (fused.lstm_backward, lstm.lstm_backward):
    found = {"a": a_fused, "y": y_fused, "c": c_fused} | backward(da, fast_caches)
    errors = gradcheck.relative_errors(expected, found)
    print(f"{len(errors)} arrays, the same to 1e-12:", max(errors.values()) < 1e-12)
print("a step's cache:", len(fast_caches[0][0]), "entries, like", len(caches[0][0]))

# %% [markdown]
# It can: they read as the same list of tuples, each made at the moment when somebody asks for it.
#
# Before you run the next cell: where is the gain largest, with few numbers in a step or with many? And what
# does half the width of a number bring?

# %%
finished = both(fused.lstm_forward, fused.lstm_backward)


def at_size(size, dtype):
    """Return calls of the readable and of the fast passes on arrays of this size."""
    x, a0, weights, da = draw(*size)
    weights = {name: value.astype(dtype) for name, value in weights.items()}
    arrays = x.astype(dtype), a0.astype(dtype), weights, da.astype(dtype)
    return {"readable": partial(variants["readable"], *arrays), "fused": partial(finished, *arrays)}


# %% tags=["nbval-ignore-output"]
for size in ((3, 5, 10, 7), (27, 64, 1, 30), (27, 64, 16, 50)):
    for dtype in ("float64", "float32"):
        print(f"n_x, n_a, m, T_x = {size}, {dtype}")
        tell(race(at_size(size, dtype), seconds=0.1))

# %% [markdown]
# Where a step has few numbers, calls are nearly all there is, and to have fewer of them counts most. Where it
# has many, the products take what they take. float32 makes those cheaper, for nine of sixteen digits.
#
# ## The price: memory
#
# Both backward passes read what the forward pass has kept. Before you run the next cell: how many numbers
# does a step of `fused` keep for each entry of the state?

# %%
steps_long = 2500
x_long, a0_long, weights, da_long = draw(4, 32, 4, steps_long)
steps, _ = fused.lstm_forward(x_long, a0_long, weights)[-1]
held = {id(array.base): array.base.nbytes for array in steps.arrays}
numbers = sum(held.values()) / 8 / (steps_long + 1) / a0_long.size
print(f"{numbers:.2f} numbers a step for each entry of the state, {sum(held.values()) / 1e6:.0f} MB in all")

# %% [markdown]
# Three gates, the candidate, the two states, and the input with its 1. It grows with the length of the
# sequence: a book, read to its end, fits into no memory.
#
# The way out is to forget, and to compute again. Keep the two states before every segment of $s$ steps; on
# the way back, run each segment again from there, when its turn comes. At any time there are
#
# $$2\,\frac{T_x}{s} + k\,s \quad\text{numbers for each entry of the state,}$$
#
# with the $k$ that was printed above. Before you run the next cell: which $s$ makes this least? How does the
# least then grow with $T_x$?

# %%
segments = np.array([5, 10, 25, 50, 100, 500])
for s, needed in zip(segments, 2 * steps_long / segments + numbers * segments, strict=True):
    print(f"s = {s:3}: {needed:6.0f} numbers, all at once {numbers * steps_long:.0f}")


# %% [markdown]
# The derivative is zero at $s = \sqrt{2\,T_x / k}$, here 28, and there the memory grows as $\sqrt{T_x}$,
# where it grew as $T_x$ before. Does the machine agree with the formula? `tracemalloc` knows what was asked
# for.

# %%
def peak(function):
    """Return the most bytes that a call holds at a time."""
    tracemalloc.start()
    function()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


all_caches = partial(finished, x_long, a0_long, weights, da_long)
checkpointed = partial(fused.lstm_backward_checkpointed, da_long, x_long, a0_long, weights)

# %% tags=["nbval-ignore-output"]
peaks = [peak(partial(checkpointed, segment=s)) for s in segments]
figures.show(
    figures.memory_of_segments(segments, peaks, peak(all_caches)),
    "The most memory in use, over the length of a segment, both axes logarithmic: lowest between 10 and 50 "
    "steps, far below the line of all caches, and rising to both sides.",
)

# %% [markdown]
# The valley is where it should be, a little to the left: the gradients of a segment need room as well, as if
# $k$ were larger. Its floor is flat, so `lstm_backward_checkpointed` takes the root of $T_x$ and asks no
# further.

# %%
gradients, again = all_caches(), checkpointed()
print("the same to 1e-12:", max(gradcheck.relative_errors(gradients, again).values()) < 1e-12)
print("less than an eighth of the memory:", peak(checkpointed) < peak(all_caches) / 8)

# %% [markdown]
# And what does it cost? Forward makes a third of the products of both passes, and is now run twice. Before
# you run the next cell: how many times as long will it take?

# %% tags=["nbval-ignore-output"]
tell(race({"checkpointed": checkpointed, "all caches": all_caches}))


# %% [markdown]
# ## Against the frameworks
#
# How far is this from what others have built? PyTorch and JAX are not part of the course's environment. If
# they are installed, they join the last two races, with one thread as well.

# %%
def load(name):
    """Return a framework, or None if it is not there."""
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{name} is not installed: it is left out.")


# %% tags=["nbval-ignore-output"]
torch, jax = load("torch"), load("jax")
if torch:
    torch.set_num_threads(1)
if jax:
    jax.config.update("jax_enable_x64", True)
    if hasattr(os, "sched_setaffinity"):  # JAX takes every core that it may use
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])

# %% [markdown]
# ## Training, by the character
#
# What counts in the end is training. Chapter 8's network takes steps through the same batches, with the
# readable passes (`functions=seqgrad`) and with the fast ones, which `train` takes unless it is told
# otherwise.

# %%
names, _ = train.split(text.load_names(), 0.1, np.random.default_rng(0))
batches = [text.names_to_arrays(part) for part in train.batches(names, 64, np.random.default_rng(5))][:12]
start = initialize.lstm_parameters(np.random.default_rng(6), n_x=27, n_a=64, n_y=27)


def losses(functions):
    """Return the loss at each step of a short training."""
    weights, (v, s), curve = start, optimize.initialize_adam(start), []
    for t, (x, y) in enumerate(batches, 1):
        loss, _, weights, v, s = train.step(x, y, weights, v, s, t, learning_rate=0.02, functions=functions)
        curve.append(loss)
    return np.array(curve)


# %% [markdown]
# Before you run the next cell: two ways to round, twelve steps of Adam. Do the curves stay together?

# %%
curve, fast_curve = losses(seqgrad), losses(fused)
print("losses:", *(f"{loss:.4f}" for loss in fast_curve[[0, 5, 11]]))
print("the same to 1e-6:", np.abs(fast_curve - curve).max() < 1e-6)


# %% [markdown]
# The same training in PyTorch takes its own LSTM, its own gradients, its own clipping and Adam. One thing has
# to be kept in mind: its LSTM has two biases where ours has one. If both learnt, the bias would move twice as
# fast.

# %%
def torch_network(parameters):
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
def torch_losses(batches, parameters, learning_rate=0.02):
    """Return the loss at each step of the same training by PyTorch; -100 marks columns without a target."""
    net, layer = torch_network(parameters)
    trained = [weight for weight in [*net.parameters(), *layer.parameters()] if weight.requires_grad]
    adam, curve = torch.optim.Adam(trained, lr=learning_rate), []
    for x, y in batches:
        scores = layer(net(torch.tensor(x.transpose(2, 1, 0).copy()))[0])
        target = torch.tensor(np.where(y.any(axis=0), y.argmax(axis=0), -100).T.copy())
        loss = torch.nn.functional.cross_entropy(scores.flatten(0, 1), target.flatten(), ignore_index=-100)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        adam.step()
        curve.append(loss.item())
    return np.array(curve)


# %% tags=["nbval-ignore-output"]
trainings = {"readable": partial(losses, seqgrad), "fused": partial(losses, fused)}
if torch:
    trainings["torch"] = partial(torch_losses, batches, start)
    print("torch's curve is the same to 1e-6:", np.abs(torch_losses(batches, start) - curve).max() < 1e-6)

characters = sum(y.sum() for _, y in batches)
for name, seconds in race(trainings, seconds=1.5).items():
    print(f"{name:<10}{characters / np.median(seconds):>10,.0f} characters per second")


# %% [markdown]
# ## Pass by pass
#
# The last race is both passes alone, on the arrays of the first race. PyTorch first.

# %%
def torch_passes():
    """Return forward and back by PyTorch's LSTM, as a function; gradients at the same places as ours."""
    net, layer = torch_network(parameters)
    seen, first, upstream = (torch.tensor(z.transpose().copy()) for z in (x, a0[..., np.newaxis], da))
    learnt = [weight for weight in net.parameters() if weight.requires_grad]
    places = [*learnt, seen.requires_grad_(), first.requires_grad_()]

    def passes():
        a, _ = net(seen, (first, torch.zeros_like(first)))
        torch.softmax(layer(a), dim=-1)
        *_, dx, da0 = torch.autograd.grad(a, places, upstream)
        return {"dx": dx.numpy().transpose(), "da0": da0.numpy()[0].transpose()}

    return passes


# %% [markdown]
# JAX compiles a step that we write, and runs it over the sequence.

# %%
def jax_passes():
    """Return forward and back as JAX compiles them, as a function; gradients at the same places as ours."""
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
        _, pull, y = jax.vjp(forward, W, x, a0, has_aux=True)
        return pull(upstream), y

    arguments = [jnp.asarray(z) for z in (stack(parameters), x.transpose(2, 0, 1), a0, da.transpose(2, 0, 1))]

    def passes():
        (_, dx, da0), _ = jax.block_until_ready(compiled(*arguments))
        return {"dx": np.asarray(dx).transpose(1, 2, 0), "da0": np.asarray(da0)}

    return passes


# %% [markdown]
# Before you run the next cell, put them in order: readable, fused, PyTorch, JAX.

# %% tags=["nbval-ignore-output"]
means = {"readable": run("readable"), "fused": partial(finished, x, a0, parameters, da)}
means |= {"torch": torch_passes()} if torch else {}
means |= {"jax": jax_passes()} if jax else {}
for name, passes in means.items():
    found = passes()
    same = all(np.allclose(found[key], means["readable"]()[key], rtol=0, atol=1e-10) for key in ("dx", "da0"))
    print(f"{name}: {'the same gradients' if same else 'other gradients'}")
tell(race(means, seconds=1.5))

# %% [markdown]
# Frameworks take any network, and any device. For this one, on one core, a few lines of NumPy that are
# arranged with care keep up. `python3 -m tools bench` measures it more carefully, at more sizes, in processes
# of their own.
#
# ## Try it yourself
#
# - Set `m = 64` at the beginning. Which bar of the chart changes most against the others, and why?
# - Count the operations of `rnn_backward`, readable and fused.
# - Take one idea out of `forward_in_place`, for instance the halved rows. What does it cost, in counts and in
#   time?
# - Write the readable forward pass with `order="F"` arrays in place of its lists. Does that alone make it
#   slower?
# - Checkpoint the checkpoints: what would the memory grow as, and the time?
#
# ## Further reading
#
# - Knuth, "Structured Programming with go to Statements", *Computing Surveys* 6 (1974): where the warning
#   against premature optimisation comes from, and what comes after it.
# - Griewank & Walther, *Evaluating Derivatives* (2nd edition, 2008), chapter 12: checkpoints.
# - Chen, Xu, Zhang & Guestrin, "Training Deep Nets with Sublinear Memory Cost", arXiv:1604.06174 (2016).
# - NumPy's reference, "The N-dimensional array": internal memory layout.
