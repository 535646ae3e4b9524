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
# # Find the mistake
#
# **What you will do.** Solve eight cases: each is a function that somebody could have written, with the
# numbers that it prints.
#
# **What you will know.** You will be able to
#
# - tell from the numbers that are *right* where the mistake cannot be,
# - ask a function for its mistake: with one step alone, one input alone, the same call twice,
# - recognise a mistake that no printed number shows,
# - find whose mistake it is when a right function is given something wrong.
#
# **What is assumed.** Chapters 2 to 6.

# %% install=true jupyter={"source_hidden": true}
# Where seqgrad is missing, as on Colab, this installs it; elsewhere it does nothing.
import importlib.util
import subprocess
import sys

if importlib.util.find_spec("seqgrad") is None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--find-links", "."]
    subprocess.run([*pip, "seqgrad"])

# %%
import inspect

import numpy as np

from seqgrad import figures, lstm, optimize, rnn, sigmoid, softmax
from seqgrad.check import check, read_printout

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# ## How a case goes
#
# First there are numbers, and a question. Write your suspicion down before you go on. Then ask `check`, which
# is told nothing but the function. Then repair the function in its own cell, run that cell and the check
# again. In JupyterLab our own repair is folded away; click on the three dots when you have yours.
#
# Three small functions come first. This one draws the inputs of the assignment's test cells.

# %%
SIZES = {"xt": (3, 10), "x": (3, 10, 4), "da": (5, 10, 4)}
SIZES |= {"Wax": (5, 3), "Waa": (5, 5), "Wya": (2, 5), "Wy": (2, 5), "ba": (5, 1), "by": (2, 1)}
SIZES |= {kind + gate: size for gate in "fico" for kind, size in (("W", (5, 8)), ("b", (5, 1)))}


def draw(names):
    """Return what a test cell draws, in its order; weights and biases last, in a dict of their own."""
    np.random.seed(1)
    drawn = {name: np.random.randn(*SIZES.get(name, (5, 10))) for name in names.split()}
    parameters = {name: array for name, array in drawn.items() if name[0] in "Wb"}
    return [array for name, array in drawn.items() if name not in parameters] + [parameters]


# %% [markdown]
# The second prints what a test cell prints, and a second line where that is wrong.

# %%
def beside(theirs, expected, places):
    """Print the numbers at some places of the outputs, and below those that are wrong the expected ones."""
    for name, place in places.items():
        mine, right = (np.ravel(outputs[name][place]) for outputs in (theirs, expected))
        label = name + "".join(f"[{i}]" for i in place)
        print(f"{label:<15}", *(f"{number:11.8f}" for number in mine))
        if not np.allclose(mine, right, rtol=0, atol=1e-8):
            print(f"{'   expected':<15}", *(f"{number:11.8f}" for number in right))


# %% [markdown]
# The third is the pencil: it replaces some text of a function. Where you have already repaired the function
# it finds nothing to replace.

# %%
def repaired(function, wrong, right):
    """Return a function with some of its text replaced."""
    made = {}
    exec(inspect.getsource(function).replace(wrong, right), function.__globals__, made)
    return made[function.__name__]


# %% [markdown]
# ## Case 1: a post in a forum
#
# The post of chapter 5, as those saw it who wanted to help: printed lines, and no line of code.

# %%
posted = """
gradients["dx"][1][2] = [-0.00424213 0.28205375 -0.48292508 -0.43281115]
gradients["da0"][2][3] = 0.36036164521813085
gradients["dWf"][3][1] = -0.185172422655972
gradients["dWi"][1][2] = 0.4051243309298186
gradients["dWc"][3][1] = -0.07937467355121491
gradients["dWo"][1][2] = 0.03894877576298697
gradients["dbf"][4] = [-0.17049796]
gradients["dbi"][4] = [-0.50848333]
gradients["dbc"][4] = [-0.42510818]
gradients["dbo"][4] = [-0.17958196]
"""

# %% [markdown]
# `read_printout` takes such lines as they were pasted. Before you run the next cell: can it name a function
# of which not one number stands in the post?

# %%
read_printout(posted)

# %% [markdown]
# It can. It knows the inputs of the test cell, so it can ask of each mistake that it knows: would it print
# these digits, right ones and wrong ones? And if none does? Here is the same post with one number of a right
# line changed. Before you run the next cell: will it name the same cause?

# %%
read_printout(posted.replace("-0.42510818", "-0.52510818"))


# %% [markdown]
# It names none. A cause that explains nine of ten numbers is not the cause.
#
# Here is a forward pass that leads to the post. Which line, and when does it do its damage?

# %%
def lstm_forward_1(x, a0, parameters):
    (n_a, m), T_x = a0.shape, x.shape[2]
    a, c = np.zeros((n_a, m, T_x)), np.zeros((n_a, m, T_x))
    y = np.zeros((len(parameters["by"]), m, T_x))
    hidden, cell, kept = a0, c[:, :, 0], []
    for t in range(T_x):
        hidden, cell, yt, cache = lstm.lstm_cell_forward(x[:, :, t], hidden, cell, parameters)
        a[:, :, t], y[:, :, t], c[:, :, t] = hidden, yt, cell
        kept.append(cache)
    return a, y, c, (kept, x)


# %% [markdown]
# The name of a function tells `check` which exercise it is. These have other names, so that they do not get
# into each other's way, and the exercise is named in the call.

# %%
check(lstm_forward_1, "lstm_forward")

# %% [markdown]
# `a`, `y` and `c` are right: the nudge in the card says so. A test of the forward pass that looks at those
# alone says *passed*, and then the test of the backward pass is the one that fails. Repair it, then open the
# next cell.

# %% jupyter={"source_hidden": true}
check(repaired(lstm_forward_1, "c[:, :, 0], []", "np.zeros((n_a, m)), []"), "lstm_forward")


# %% [markdown]
# ## Case 2: three of five
#
# One step back through the RNN. Do not read the function yet; run it, and look at its numbers first.

# %%
def rnn_cell_backward_2(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    m = xt.shape[1]
    dtanh = (1 - np.square(a_next)) * da_next
    return {
        "dxt": np.dot(parameters["Wax"].T, dtanh),
        "da_prev": np.dot(parameters["Waa"].T, dtanh),
        "dWax": np.dot(dtanh, xt.T) / m,
        "dWaa": np.dot(dtanh, a_prev.T) / m,
        "dba": np.sum(dtanh, axis=1, keepdims=True) / m,
    }


# %% [markdown]
# Where a number is wrong, the expected one stands below it. Which three are wrong, and what do they share
# that the others lack?

# %%
xt, a_prev, da_next, parameters = draw("xt a_prev Wax Waa Wya ba by da_next")
_, _, cache = rnn.rnn_cell_forward(xt, a_prev, parameters)
theirs, expected = rnn_cell_backward_2(da_next, cache), rnn.rnn_cell_backward(da_next, cache)
beside(theirs, expected, {"dxt": (1, 2), "da_prev": (2, 3), "dWax": (3, 1), "dWaa": (1, 2), "dba": (4,)})

# %% [markdown]
# They belong to the weights, and with them a sum over the batch comes in. When a number is wrong by a
# *factor*, the factor is a clue. Before you run the next cell: divide in your head.

# %%
for name in ("dWax", "dWaa", "dba"):
    ratio = expected[name] / theirs[name]
    print(f"{name:<5} expected / printed: from {ratio.min():.4f} to {ratio.max():.4f}")

# %% [markdown]
# Ten in every entry. And what is ten in these shapes?

# %%
check(rnn_cell_backward_2, "rnn_cell_backward")

# %% [markdown]
# Averaging is a choice that a loss can make; then the gradient that arrives, `da_next`, has it in it already.
# A step back only sums. Repair it, then open the next cell. The repaired function gets its proper name; we
# shall need it in case 8.

# %% jupyter={"source_hidden": true}
rnn_cell_backward = repaired(rnn_cell_backward_2, " / m", "")
check(rnn_cell_backward, "rnn_cell_backward")


# %% [markdown]
# ## Case 3: one gate
#
# One step back through the LSTM, written for four gates at once. Four formulas stand in it, and one is wrong.

# %%
def lstm_cell_backward_3(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    dcell = dc_next + da_next * ot * (1 - np.square(np.tanh(c_next)))
    dz = {
        "f": dcell * c_next * ft * (1 - ft),
        "i": dcell * cct * it * (1 - it),
        "c": dcell * it * (1 - np.square(cct)),
        "o": da_next * np.tanh(c_next) * ot * (1 - ot),
    }
    gradients = {"dc_prev": dcell * ft}
    for gate, above in dz.items():
        gradients["dW" + gate] = np.dot(above, np.vstack([a_prev, xt]).T)
        gradients["db" + gate] = np.sum(above, axis=1, keepdims=True)
    back = sum(np.dot(parameters["W" + gate].T, above) for gate, above in dz.items())
    return gradients | {"da_prev": back[: len(a_next)], "dxt": back[len(a_next) :]}


# %% [markdown]
# Before you run the next cell: if one gate alone is wrong, how many of these eleven numbers are?

# %%
names = "xt a_prev c_prev Wf bf Wi bi Wo bo Wc bc Wy by da_next dc_next"
xt, a_prev, c_prev, da_next, dc_next, parameters = draw(names)
*_, cache = lstm.lstm_cell_forward(xt, a_prev, c_prev, parameters)
theirs = lstm_cell_backward_3(da_next, dc_next, cache)
expected = lstm.lstm_cell_backward(da_next, dc_next, cache)
places = {"dxt": (1, 2), "da_prev": (2, 3), "dc_prev": (2, 3)}
places |= {"dWf": (3, 1), "dWi": (1, 2), "dWc": (3, 1), "dWo": (1, 2)} | {"db" + g: (4,) for g in "fico"}
beside(theirs, expected, places)

# %% [markdown]
# Four: the gate's weights and bias, and the two that all gates add to. So it is the forget gate. What is
# wrong in it can be *asked*. Send in a gradient at the cell state alone, through one unit with one example:
# then `dbf` is the gate's gradient, one number, a product. Double one entry of the cache at a time and see
# whether the product doubles with it.

# %%
NAMES = ("a_next", "c_next", "a_prev", "c_prev", "ft", "it", "cct", "ot", "xt")
ENTRIES = dict(zip(NAMES, (0.3, 0.8, 0.2, 0.5, 0.4, 0.3, 0.4, 0.4, 1.0), strict=True))


def dbf(function, **changed):
    """Return the forget gate's gradient of one unit, when 1 arrives at the cell state alone."""
    weights = {"W" + gate: np.ones((1, 2)) for gate in "fico"}
    cache = (*(np.full((1, 1), entry) for entry in (ENTRIES | changed).values()), weights)
    return function(np.zeros((1, 1)), np.ones((1, 1)), cache)["dbf"][0, 0]


# %% [markdown]
# Before you run the next cell: for which of the three does the right function double?

# %%
for name in ("c_prev", "c_next", "ot"):
    doubled = {name: 2 * ENTRIES[name]}
    times = [dbf(f, **doubled) / dbf(f) for f in (lstm_cell_backward_3, lstm.lstm_cell_backward)]
    print(f"{name} doubled: theirs is {times[0]:.1f} times as large, the expected one {times[1]:.1f} times")

# %% [markdown]
# For the cell state before the step; theirs follows the one after it. No list of known mistakes was needed.
# `check` asks in the same way, for all factors of all gates at once:
#
# ![Probing a gate. With da_next switched off, a freely drawn cache goes into the function, and dbf comes out.
# Its logarithm is a sum of the logarithms of its factors; least squares finds how often each is in it. Yours:
# ft once, 1 - ft once, c_next once. Expected: c_prev in the place of c_next.](../figures/probing.svg)

# %%
check(lstm_cell_backward_3, "lstm_cell_backward")

# %% [markdown]
# In case 1 the same four were wrong, but at the first step alone. There the formula was right, and the
# `c_prev` that it read was not. Repair it, then open the next cell.

# %% jupyter={"source_hidden": true}
check(repaired(lstm_cell_backward_3, "dcell * c_next * ft", "dcell * c_prev * ft"), "lstm_cell_backward")


# %% [markdown]
# ## Case 4: everything is wrong
#
# Back through the RNN, with a right step for each step.

# %%
def rnn_backward_4(da, caches):
    kept, x = caches
    T = da.shape[2]
    carried, dx, total = np.zeros_like(da[:, :, 0]), np.zeros_like(x[:, :, :T]), {}
    for t in range(T):
        back = rnn.rnn_cell_backward(da[:, :, t] + carried, kept[t])
        dx[:, :, t], carried = back["dxt"], back["da_prev"]
        for name in ("dWax", "dWaa", "dba"):
            total[name] = total.get(name, 0) + back[name]
    return {"dx": dx, "da0": carried} | total


# %% [markdown]
# `dx[1][2]` has a number for each of four steps. Before you run the next cell: a mistake in what is carried
# from step to step leaves one of the four right, since nothing is carried to it. Which?

# %%
x, a0, da, parameters = draw("x a0 Wax Waa Wya ba by da")
_, _, caches = rnn.rnn_forward(x, a0, parameters)
theirs, expected = rnn_backward_4(da, caches), rnn.rnn_backward(da, caches)
beside(theirs, expected, {"dx": (1, 2), "da0": (2, 3), "dWax": (3, 1), "dWaa": (1, 2), "dba": (4,)})

# %% [markdown]
# The last should be right, and not even that one is: something comes back to it. A pass over a sequence can
# be asked from where. Put a gradient at one step alone and look at which inputs it arrives. In chapter 3 the
# half below the diagonal was empty. Before you run the next cell: read the loop above, and say which half is
# empty here.

# %%
reached = np.zeros((4, 4))
for t in range(4):
    impulse = np.zeros((5, 10, 4))
    impulse[:, :, t] = 1
    reached[:, t] = np.linalg.norm(rnn_backward_4(impulse, caches)["dx"], axis=(0, 1))
print("a gradient at step 1 reaches the inputs of steps", np.flatnonzero(reached[:, 1]))
figures.show(
    figures.reach(reached, "gradient put at step", "arrives at the input of step", "gradient"),
    "A square of four by four: how much of a gradient put at each step (column) arrives at the input of each "
    "step (row). Everything above the diagonal is empty; below it there are numbers.",
)

# %% [markdown]
# The other half: a gradient at step 1 reaches the inputs of steps 2 and 3, which had not been read when the
# state of step 1 was made. `check` asks in the same way, and draws the picture beside the expected one.

# %%
check(rnn_backward_4, "rnn_backward")

# %% [markdown]
# The larger a square, the more arrives. Repair it, then open the next cell.

# %% jupyter={"source_hidden": true}
check(repaired(rnn_backward_4, "in range(T):", "in reversed(range(T)):"), "rnn_backward")


# %% [markdown]
# ## Case 5: every shape fits
#
# One step of the LSTM, forward.

# %%
def lstm_cell_forward_5(xt, a_prev, c_prev, parameters):
    seen = np.vstack([xt, a_prev])
    z = {gate: np.dot(parameters["W" + gate], seen) + parameters["b" + gate] for gate in "fioc"}
    f, i, o, candidate = sigmoid(z["f"]), sigmoid(z["i"]), sigmoid(z["o"]), np.tanh(z["c"])
    c_next = f * c_prev + i * candidate
    a_next = o * np.tanh(c_next)
    yt = softmax(np.dot(parameters["Wy"], a_next) + parameters["by"])
    return a_next, c_next, yt, (a_next, c_next, a_prev, c_prev, f, i, candidate, o, xt, parameters)


# %% [markdown]
# Its author is sure of the shapes: NumPy would complain if something did not fit. Before you run the next
# cell: would it?

# %%
xt, a_prev, c_prev, parameters = draw("xt a_prev c_prev Wf bf Wi bi Wo bo Wc bc Wy by")
outputs = ("a_next", "c_next", "yt")
theirs, expected = (
    dict(zip(outputs, step(xt, a_prev, c_prev, parameters), strict=False))
    for step in (lstm_cell_forward_5, lstm.lstm_cell_forward)
)
beside(theirs, expected, {"a_next": (4, 0), "c_next": (2, 0), "yt": (1, 0)})

# %% [markdown]
# It has no complaint, and nothing is right. What does the forget gate do with the input? Let the previous
# state and the bias be zero, and take three examples, in each of which one input is 1 and the others are 0.
# The sigmoid can be undone, by $z = \log\frac{f}{1-f}$, and each example's $z$ is then one column of `Wf`, of
# shape (5, 8). Before you run the next cell: which column should the first input meet?

# %%
plain = parameters | {"bf": np.zeros((5, 1))}
for step in (lstm_cell_forward_5, lstm.lstm_cell_forward):
    f = step(np.eye(3), np.zeros((5, 3)), np.zeros((5, 3)), plain)[-1][4]
    z = np.log(f / (1 - f))
    met = [np.abs(plain["Wf"] - z[:, [k]]).sum(axis=0).argmin() for k in range(3)]
    print(f"{step.__name__}: the inputs meet the columns", *met)

# %% [markdown]
# The gates look at $[a^{\langle t-1\rangle}; x^{\langle t\rangle}]$, five rows of state and then three of
# input. Here the input meets the first columns, which were made for the state. The eight rows fit in either
# order.

# %%
check(lstm_cell_forward_5, "lstm_cell_forward")

# %% [markdown]
# The function is right for weights whose columns stand in its own order, so a network that is trained with it
# from the start notices nothing. It goes wrong where weights or gradients come from elsewhere. Repair it,
# then open the next cell.

# %% jupyter={"source_hidden": true}
check(repaired(lstm_cell_forward_5, "[xt, a_prev]", "[a_prev, xt]"), "lstm_cell_forward")


# %% [markdown]
# ## Case 6: right at first
#
# One step of Adam.

# %%
def adam_6(parameters, grads, v, s, t, learning_rate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8):
    moved, new_v, new_s = {}, {}, {}
    for name, value in parameters.items():
        key = "d" + name
        new_v[key] = beta1 * v[key] + (1 - beta1) * grads[key]
        new_s[key] = beta2 * s[key] + (1 - beta2) * np.square(grads[key])
        mean, square = new_v[key] / (1 - beta1), new_s[key] / (1 - beta2)
        moved[name] = value - learning_rate * mean / (np.sqrt(square) + epsilon)
    return moved, new_v, new_s


# %% [markdown]
# Its author tried it with one step, on several gradients, and every number was right. Before you run the next
# cell, in which the gradient is 1 at four steps in a row: what can differ at a second step that cannot at the
# first?

# %%
print("step  theirs    expected")
start, one = {"w": np.zeros(1)}, {"dw": np.ones(1)}
theirs = expected = (start, *optimize.initialize_adam(start))
for t in range(1, 5):
    theirs = adam_6(theirs[0], one, *theirs[1:], t)
    expected = optimize.update_parameters_with_adam(expected[0], one, *expected[1:], t)
    print(f"{t:>4}  {theirs[0]['w'][0]:.6f}  {expected[0]['w'][0]:.6f}")

# %% [markdown]
# The expected walk has steps of 0.01, as it should with a constant gradient; theirs lengthen from the second
# on. Look for `t` in the function.

# %%
check(adam_6, "update_parameters_with_adam")

# %% [markdown]
# With $t = 1$ the power changes nothing, so a test of one first step cannot see that it is missing. Whatever
# counts steps has to be tested at a later one. Repair it, then open the next cell.

# %% jupyter={"source_hidden": true}
check(
    repaired(adam_6, "(1 - beta1), new_s[key] / (1 - beta2)", "(1 - beta1**t), new_s[key] / (1 - beta2**t)"),
    "update_parameters_with_adam",
)


# %% [markdown]
# ## Case 7: run it again
#
# The RNN over a sequence.

# %%
def rnn_forward_7(x, a0, parameters):
    state, a, y, kept = a0, [], [], []
    for t in range(x.shape[2]):
        a_next, yt, cache = rnn.rnn_cell_forward(x[:, :, t], state, parameters)
        state[...] = a_next
        a.append(a_next)
        y.append(yt)
        kept.append(cache)
    return np.stack(a, axis=2), np.stack(y, axis=2), (kept, x)


# %% [markdown]
# Every number of its test cell is right. Somebody runs the last lines of the cell a second time, without
# drawing anew. Before you do: what will be printed?

# %%
x, a0, parameters = draw("x a0 Waa Wax Wya ba by")
a, y, _ = rnn.rnn_forward(x, a0, parameters)
for time in ("first", "second"):
    a_theirs, y_theirs, _ = rnn_forward_7(x, a0, parameters)
    print(f"the {time} time")
    beside({"a": a_theirs, "y": y_theirs}, {"a": a, "y": y}, {"a": (4, 1), "y": (1, 3)})

# %% [markdown]
# Same call, same arguments, other numbers. So something that the function was given, or keeps, is no longer
# what it was. Which of the three arguments?

# %%
check(rnn_forward_7, "rnn_forward")

# %% [markdown]
# `state = a0` makes no copy: it gives the caller's array a second name, and `state[...] =` writes into it.
# And what do the caches hold as their `a_prev`?

# %%
_, _, (kept, _) = rnn_forward_7(x, a0, parameters)
print("a_prev of each step shares memory with a0:", [np.shares_memory(step[1], a0) for step in kept])

# %% [markdown]
# One array, at all steps: every step remembers the last state as the one before it, and a backward pass
# through these caches is wrong. Repair it, then open the next cell.

# %% jupyter={"source_hidden": true}
check(repaired(rnn_forward_7, "state[...] = a_next", "state = a_next"), "rnn_forward")


# %% [markdown]
# ## Case 8: whose mistake is it?
#
# The function of case 2, repaired and passed, is joined by a forward step of its author.

# %%
def rnn_cell_forward_8(xt, a_prev, parameters):
    Wax, Waa, Wya, ba, by = (parameters[name] for name in ("Wax", "Waa", "Wya", "ba", "by"))
    a_next = np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev) + ba)
    yt = softmax(np.dot(Wya, a_next) + by)
    return a_next, yt, (a_prev, a_next, xt, parameters)


# %% [markdown]
# Before you run the next cell: `a_next` and `yt` will be right. Will the five gradients?

# %%
rnn_cell_forward = rnn_cell_forward_8  # its proper name: there is one forward step in this notebook
xt, a_prev, da_next, parameters = draw("xt a_prev Wax Waa Wya ba by da_next")
*states, cache = rnn_cell_forward(xt, a_prev, parameters)
*right_states, right_cache = rnn.rnn_cell_forward(xt, a_prev, parameters)
print("a_next and yt right:", *map(np.allclose, states, right_states))

theirs, expected = rnn_cell_backward(da_next, cache), rnn.rnn_cell_backward(da_next, right_cache)
beside(theirs, expected, {"dxt": (1, 2), "da_prev": (2, 3), "dWax": (3, 1), "dWaa": (1, 2), "dba": (4,)})

# %% [markdown]
# The test of the forward step passes, and that of the backward step fails in every line. Before you run the
# next cell: the backward step has passed before, and not a letter of it has changed. What will `check` say of
# it now?

# %%
check(rnn_cell_backward, "rnn_cell_backward")

# %% [markdown]
# It runs the function on a cache that is right, and then on one from the forward step that stands in the same
# notebook. The first went well, the second did not, so the fault is where the cache was made. A failing test
# says where a mistake comes to light, no more. Repair it, then open the next cell.

# %% jupyter={"source_hidden": true}
rnn_cell_forward = repaired(rnn_cell_forward_8, "(a_prev, a_next, xt", "(a_next, a_prev, xt")
check(rnn_cell_backward, "rnn_cell_backward")

# %% [markdown]
# ## What to ask first
#
# | what you see | what it clears, or asks |
# | --- | --- |
# | some numbers are right | whatever they depend on is right too (1, 3) |
# | wrong by the same factor everywhere | what has that size: `m`, `T_x`, 2, −1 (2) |
# | everything is wrong | make the input small: one unit, one example, one step (4, 5) |
# | right, but only for the first step | what counts or carries (6) |
# | right, but only the first time | what is written into (7) |
# | right when alone, wrong in company | what it is given (1, 8) |
#
# How `check` does all this, and what it does not claim, is told in [How the diagnosis
# works](../diagnosis.md).

# %% [markdown]
# ## Try it yourself
#
# - Leave `da_next` out of `dtanh` in case 2. Which of the five numbers will be wrong? Ask `check` for its
#   sentence.
# - Write `1 - cct` for `1 - np.square(cct)` in case 3 and find it with a probe of your own: which output
#   shows it, and what has to be doubled?
# - In case 4, use `kept[0]` at every step of the repaired function, and draw the picture. Does it show the
#   mistake?
# - Put two mistakes into one function. Which does `check` name first?
# - Make a mistake that `check` cannot name. What does it say then?
#
# ## Further reading
#
# - Zeller, *Why Programs Fail* (2nd edition, 2009), chapter 6: debugging as a science, with hypotheses that
#   are written down.
# - Kernighan & Pike, *The Practice of Programming* (1999), chapter 5: debugging.
# - NumPy's user guide, "Copies and views".
