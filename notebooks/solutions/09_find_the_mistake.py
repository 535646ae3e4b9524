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
# # Chapter 9. Find the mistake
#
# [← Chapter 8. Train a network to write names](08_names.ipynb) · [All chapters](../exercises/00_start.ipynb) · [Chapter 10. Make readable code fast →](10_from_readable_to_fast.ipynb)<br>
# To look up: [Recap](../recap.md) · [Symbols and shapes](../symbols.md) · [Glossary](../glossary.md)
#
# **What you will do.** Solve eight cases. Each is a function that somebody could have written, with the
# numbers that it prints.
#
# **What you will know.** You will be able to
#
# - conclude from the numbers that are *right* where the mistake cannot be,
# - test a function in parts: one step, one input, or the same call twice,
# - recognise mistakes that no printed number shows,
# - tell whether a function is wrong, or is right and gets wrong input.
#
# **What is assumed.** Chapters [2](02_rnn_forward.ipynb) to [6](06_adam.ipynb).
#
# **Time.** About 90 minutes, ten for each case.

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
from seqgrad.check import beside, check, read_printout

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# ## How a case works
#
# 1. You see numbers, and a question. Write down your suspicion.
# 2. You ask `check`, which gets nothing but the function.
# 3. You repair the function in its own cell, and run that cell and its check again.
#
# At the end of each case our own repair is hidden: in JupyterLab click on the collapsed cell, on the web site
# on *Show the source*. Open it when you have yours.

# %% [markdown]
# Three small functions help. The first draws the inputs of the assignment's test cells: arrays in the given
# order, and the weights and biases at the end, in a dict.

# %%
SIZES = {"xt": (3, 10), "x": (3, 10, 4), "da": (5, 10, 4)}
SIZES |= {"Wax": (5, 3), "Waa": (5, 5), "Wya": (2, 5), "Wy": (2, 5), "ba": (5, 1), "by": (2, 1)}
SIZES |= {kind + gate: size for gate in "fico" for kind, size in (("W", (5, 8)), ("b", (5, 1)))}


def draw_inputs(names):
    """Return what a test cell draws, in its order; the last entry is the dict of parameters."""
    np.random.seed(1)
    drawn = {name: np.random.randn(*SIZES.get(name, (5, 10))) for name in names.split()}
    parameters = {name: array for name, array in drawn.items() if name[0] in "Wb"}
    return [array for name, array in drawn.items() if name not in parameters] + [parameters]


# %% [markdown]
# The second prints single entries of the results, as a test cell does. The third replaces some text in a
# function; our repairs use it.

# %%
def print_entries(results, places):
    """Print the numbers that stand at some places of the results."""
    for name, place in places.items():
        index = "".join(f"[{i}]" for i in place)
        print(f"{name}{index} =", *(f"{number:.8f}" for number in np.ravel(results[name][place])))


def repair(function, replacements):
    """Return the function with some of its text replaced, {wrong: right}."""
    source, names = inspect.getsource(function), {}
    for wrong, right in replacements.items():
        source = source.replace(wrong, right)
    exec(source, function.__globals__, names)
    return names[function.__name__]


# %% [markdown]
# ## Case 1: a post in a forum
#
# This is the post of [chapter 5](05_lstm_backward.ipynb) as others saw it: the printed lines of a test, and
# not one line of code.

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
# `read_printout` takes such lines as they were pasted. All of them come from `lstm_backward`. Can a cause in
# *another* function be found from them?

# %%
read_printout(posted)

# %% [markdown] answer=true
# A cause in another function can be found. The test cell's inputs are known, so each known mistake can be tried, to see
# whether it prints exactly these numbers, the right ones and the wrong ones.
#
# Now we change one number of a line that was right. Will `read_printout` name the same cause, another one, or
# none?

# %%
read_printout(posted.replace("-0.42510818", "-0.52510818"))


# %% [markdown] answer=true
# `read_printout` names no cause now. A cause that explains nine of ten numbers is not the cause.
#
# The next function is a forward pass that leads to the post. Which line is wrong, and at which moment does it
# do its damage?

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
# `check` finds the exercise by the function's name. The functions of this chapter have other names, so the
# exercise is given in the call.

# %%
check(lstm_forward_1, "lstm_forward")

# %% [markdown]
# `c[:, :, 0]` is a view of an array that the first step fills, after its cache has been made. `a`, `y` and
# `c` stay right. A test of the forward pass that looks at these three says *passed*, and the test of the
# backward pass fails.
#
# We found such a view in 4 of 37 public repositories with this assignment.

# %% jupyter={"source_hidden": true}
# Our repair of case 1. Open it when you have yours.
check(repair(lstm_forward_1, {"c[:, :, 0], []": "np.zeros((n_a, m)), []"}), "lstm_forward")


# %% [markdown]
# ## Case 2: three of five
#
# This function goes one step back through the RNN. Do not read it yet. Run it, and look at its numbers first.

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
# Three of the five numbers are wrong. What do these three gradients have in common that the other two do not?

# %%
xt, a_prev, da_next, parameters = draw_inputs("xt a_prev Wax Waa Wya ba by da_next")
_, _, cache = rnn.rnn_cell_forward(xt, a_prev, parameters)


def test(rnn_cell_backward):
    """Print one entry of each gradient."""
    places = {"dxt": (1, 2), "da_prev": (2, 3), "dWax": (3, 1), "dWaa": (1, 2), "dba": (4,)}
    print_entries(rnn_cell_backward(da_next, cache), places)


beside(test, rnn.rnn_cell_backward, rnn_cell_backward_2)

# %% [markdown] answer=true
# The three belong to weights and bias, and only there a sum over the batch appears.
#
# If a number is wrong by a *factor*, the factor is a clue. Divide the numbers in your head: what is the factor?

# %%
theirs, expected = rnn_cell_backward_2(da_next, cache), rnn.rnn_cell_backward(da_next, cache)
for name in ("dWax", "dWaa", "dba"):
    ratio = expected[name] / theirs[name]
    print(f"{name:<5} expected / theirs: from {ratio.min():.4f} to {ratio.max():.4f}")

# %% [markdown] answer=true
# The factor is 10 in every entry.
#
# Which of the sizes $n_x$, $n_a$, $n_y$, $m$ is 10 here?

# %%
check(rnn_cell_backward_2, "rnn_cell_backward")

# %% [markdown] answer=true
# The batch size $m$ is 10. A loss may be a mean over the examples, but then the gradient that arrives, `da_next`,
# already contains the factor $1/m$. A step back only sums.
#
# Our repair gives the function its proper name, since case 8 needs it.

# %% jupyter={"source_hidden": true}
# Our repair of case 2. Open it when you have yours.
rnn_cell_backward = repair(rnn_cell_backward_2, {" / m": ""})
check(rnn_cell_backward, "rnn_cell_backward")


# %% [markdown]
# ## Case 3: one gate
#
# This function goes one step back through the LSTM. It has a formula for each of the four gates, and one of
# them is wrong.

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
    for gate, gradient in dz.items():
        gradients["dW" + gate] = np.dot(gradient, np.vstack([a_prev, xt]).T)
        gradients["db" + gate] = np.sum(gradient, axis=1, keepdims=True)
    back = sum(np.dot(parameters["W" + gate].T, gradient) for gate, gradient in dz.items())
    return gradients | {"da_prev": back[: len(a_next)], "dxt": back[len(a_next) :]}


# %% [markdown]
# The test prints eleven numbers. If a single gate is wrong, how many of them are wrong: 1, 2, 4 or 11?

# %%
names = "xt a_prev c_prev Wf bf Wi bi Wo bo Wc bc Wy by da_next dc_next"
xt, a_prev, c_prev, da_next, dc_next, parameters = draw_inputs(names)
*_, cache = lstm.lstm_cell_forward(xt, a_prev, c_prev, parameters)


def test(lstm_cell_backward):
    """Print one entry of each gradient."""
    places = {"dxt": (1, 2), "da_prev": (2, 3), "dc_prev": (2, 3)}
    places |= {"dWf": (3, 1), "dWi": (1, 2), "dWc": (3, 1), "dWo": (1, 2)} | {"db" + g: (4,) for g in "fico"}
    print_entries(lstm_cell_backward(da_next, dc_next, cache), places)


beside(test, lstm.lstm_cell_backward, lstm_cell_backward_3)

# %% [markdown] answer=true
# Four are wrong: `dWf` and `dbf`, and the two gradients to which all gates contribute. So it is the forget
# gate.
#
# What is wrong in its formula? We can *measure* it. Take one unit and one example, and let a gradient of 1
# arrive at the cell state only. Then `dbf` is a single product of entries of the cache.

# %%
NAMES = ("a_next", "c_next", "a_prev", "c_prev", "ft", "it", "cct", "ot", "xt")
ENTRIES = dict(zip(NAMES, (0.3, 0.8, 0.2, 0.5, 0.4, 0.3, 0.4, 0.4, 1.0), strict=True))


def compute_dbf(function, **changed):
    """Return dbf of one unit, when 1 arrives at the cell state and some entries of the cache are changed."""
    weights = {"W" + gate: np.ones((1, 2)) for gate in "fico"}
    cache = (*(np.full((1, 1), entry) for entry in (ENTRIES | changed).values()), weights)
    return function(np.zeros((1, 1)), np.ones((1, 1)), cache)["dbf"][0, 0]


# %% [markdown]
# Double one entry of the cache. If it is a factor of the product, `dbf` doubles as well. For which of
# `c_prev`, `c_next` and `ot` should `dbf` double?

# %%
for name in ("c_prev", "c_next", "ot"):
    doubled = {name: 2 * ENTRIES[name]}
    pair = (lstm_cell_backward_3, lstm.lstm_cell_backward)
    theirs, expected = (compute_dbf(function, **doubled) / compute_dbf(function) for function in pair)
    print(f"{name} doubled: their dbf is multiplied by {theirs:.1f}, the expected one by {expected:.1f}")

# %% [markdown] answer=true
# It should double for `c_prev`, and theirs doubles for `c_next` instead.
#
# We found this without a list of known mistakes. `check` measures in the same way, for all factors of all gates
# at once:
#
# ![Three steps. First, da_next is zero, dc_next and a freely drawn cache go into the function, and dbf comes out.
# Second, the logarithm of dbf is a sum of the logarithms of its factors, and least squares finds how often each factor
# is in it. Third, the exponents are compared: yours has c_next once, expected is c_prev once.](../figures/probing.svg)
#
# *Figure 9.1. How `check` measures the factors of a gate's gradient.*

# %%
check(lstm_cell_backward_3, "lstm_cell_backward")

# %% [markdown]
# In case 1 the same four gradients were wrong, but in `dx` only at the first step. There the formula was
# right, and the `c_prev` in the cache was wrong.

# %% jupyter={"source_hidden": true}
# Our repair of case 3. Open it when you have yours.
check(repair(lstm_cell_backward_3, {"dcell * c_next * ft": "dcell * c_prev * ft"}), "lstm_cell_backward")


# %% [markdown]
# ## Case 4: everything is wrong
#
# This function goes back through the whole RNN. For each step it calls seqgrad's `rnn_cell_backward`, which
# is right.

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
# `dx[1][2]` has a number for each of four steps. Suppose that the gradient carried from step to step is
# wrong. Then one of the four numbers is right all the same, because nothing is carried to that step. Which
# one?

# %%
x, a0, da, parameters = draw_inputs("x a0 Wax Waa Wya ba by da")
_, _, caches = rnn.rnn_forward(x, a0, parameters)


def test(rnn_backward):
    """Print one entry of each gradient."""
    places = {"dx": (1, 2), "da0": (2, 3), "dWax": (3, 1), "dWaa": (1, 2), "dba": (4,)}
    print_entries(rnn_backward(da, caches), places)


beside(test, rnn.rnn_backward, rnn_backward_4)

# %% [markdown] answer=true
# The number of the last step should be right, and it is not: something is carried to the last step.
#
# From where? As in [chapter 3](03_rnn_backward.ipynb), put a gradient at one step only and look at which inputs
# it arrives. There it reached the inputs of its own step and of all earlier ones. Read the loop above: what do
# you expect here?

# %%
reached = np.zeros((4, 4))
for t in range(4):
    impulse = np.zeros((5, 10, 4))
    impulse[:, :, t] = 1
    reached[:, t] = np.linalg.norm(rnn_backward_4(impulse, caches)["dx"], axis=(0, 1))
print("a gradient at step 1 reaches the inputs of steps", np.flatnonzero(reached[:, 1]))
figures.show(figures.reach(reached, "gradient put at step", "arrives at the input of step", "gradient"))

# %% [markdown]
# *Figure 9.2. How much of a gradient at one step (column) arrives at the input of each step (row). An empty
# square means that nothing arrives.*
#
# It reaches the inputs of its own step and of all *later* ones. But the state of step 1 does not depend on
# the inputs of steps 2 and 3. `check` measures in the same way, and shows both squares: the larger a mark,
# the more arrives there.

# %%
check(rnn_backward_4, "rnn_backward")

# %% jupyter={"source_hidden": true}
# Our repair of case 4. Open it when you have yours.
check(repair(rnn_backward_4, {"in range(T):": "in reversed(range(T)):"}), "rnn_backward")


# %% [markdown]
# ## Case 5: every shape fits
#
# This is one step of the LSTM, forward.

# %%
def lstm_cell_forward_5(xt, a_prev, c_prev, parameters):
    concat = np.vstack([xt, a_prev])
    z = {gate: np.dot(parameters["W" + gate], concat) + parameters["b" + gate] for gate in "fioc"}
    f, i, o, candidate = sigmoid(z["f"]), sigmoid(z["i"]), sigmoid(z["o"]), np.tanh(z["c"])
    c_next = f * c_prev + i * candidate
    a_next = o * np.tanh(c_next)
    yt = softmax(np.dot(parameters["Wy"], a_next) + parameters["by"])
    return a_next, c_next, yt, (a_next, c_next, a_prev, c_prev, f, i, candidate, o, xt, parameters)


# %% [markdown]
# True or false: if something were wrong with the order or the size of the arrays here, NumPy would raise an
# error?

# %%
xt, a_prev, c_prev, parameters = draw_inputs("xt a_prev c_prev Wf bf Wi bi Wo bo Wc bc Wy by")


def test(lstm_cell_forward):
    """Print one entry of each result."""
    results = dict(
        zip(("a_next", "c_next", "yt"), lstm_cell_forward(xt, a_prev, c_prev, parameters), strict=False)
    )
    print_entries(results, {"a_next": (4, 0), "c_next": (2, 0), "yt": (1, 0)})


beside(test, lstm.lstm_cell_forward, lstm_cell_forward_5)

# %% [markdown] answer=true
# False: NumPy raises nothing, and every number is wrong. So make the input small, until a number can be read
# off.
#
# Set the previous state and the bias to zero, and take three examples: in each, one input is 1 and the others
# are 0. Then each example's pre-activation is one column of `Wf`, of shape (5, 8), and the sigmoid can be
# undone by $z = \log \frac{f}{1 - f}$. Which columns of `Wf` belong to the inputs: the first three or the
# last three?

# %%
plain = parameters | {"bf": np.zeros((5, 1))}
for step in (lstm_cell_forward_5, lstm.lstm_cell_forward):
    f = step(np.eye(3), np.zeros((5, 3)), np.zeros((5, 3)), plain)[-1][4]
    z = np.log(f / (1 - f))
    columns = [np.abs(plain["Wf"] - z[:, [k]]).sum(axis=0).argmin() for k in range(3)]
    print(f"{step.__name__}: the inputs use the columns", *columns)

# %% [markdown] answer=true
# The last three belong to the inputs. The gates act on $[a^{\langle t-1\rangle};\, x^{\langle t\rangle}]$, five
# rows of state on top of three rows of input.
#
# This function stacks them the other way round, and the eight rows fit either way.

# %%
check(lstm_cell_forward_5, "lstm_cell_forward")

# %% [markdown]
# A network that is *trained* with this function works: its weights learn the other order. It goes
# wrong when weights or expected numbers come from somewhere else.

# %% jupyter={"source_hidden": true}
# Our repair of case 5. Open it when you have yours.
check(repair(lstm_cell_forward_5, {"[xt, a_prev]": "[a_prev, xt]"}), "lstm_cell_forward")


# %% [markdown]
# ## Case 6: right at first
#
# This is one step of Adam.

# %%
def adam_6(parameters, grads, v, s, t, learning_rate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8):
    new_parameters, new_v, new_s = {}, {}, {}
    for name, value in parameters.items():
        key = "d" + name
        new_v[key] = beta1 * v[key] + (1 - beta1) * grads[key]
        new_s[key] = beta2 * s[key] + (1 - beta2) * np.square(grads[key])
        v_corrected, s_corrected = new_v[key] / (1 - beta1), new_s[key] / (1 - beta2)
        new_parameters[name] = value - learning_rate * v_corrected / (np.sqrt(s_corrected) + epsilon)
    return new_parameters, new_v, new_s


# %% [markdown]
# Its author tried one step with several gradients, and every number was right. Now the gradient is 1 at four
# steps in a row. Which argument is different at the second step, and was always the same before?

# %%
def test(update_parameters_with_adam):
    """Print a weight after each of four steps with gradient 1."""
    w = {"w": np.zeros(1)}
    v, s = optimize.initialize_adam(w)
    for t in range(1, 5):
        w, v, s = update_parameters_with_adam(w, {"dw": np.ones(1)}, v, s, t)
        print(f"after step {t}: w = {w['w'][0]:.6f}")


beside(test, optimize.update_parameters_with_adam, adam_6)

# %% [markdown] answer=true
# The argument `t`. With a constant gradient every step should have length 0.01, and theirs grow from the
# second step on. Look for `t` in the function.

# %%
check(adam_6, "update_parameters_with_adam")

# %% [markdown]
# For $t = 1$ the power changes nothing, so a test of the first step cannot show that it is missing. Whatever
# counts steps has to be tested at a later one.

# %% jupyter={"source_hidden": true}
# Our repair of case 6. Open it when you have yours.
powers = {"/ (1 - beta1)": "/ (1 - beta1**t)", "/ (1 - beta2)": "/ (1 - beta2**t)"}
check(repair(adam_6, powers), "update_parameters_with_adam")


# %% [markdown]
# ## Case 7: run it again
#
# This function runs the RNN over a sequence.

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
# All numbers of its test are right. Then the same call is made a second time, with the same arguments. Will
# the numbers be the same?

# %%
x, a0, parameters = draw_inputs("x a0 Waa Wax Wya ba by")


def test(rnn_forward):
    """Print entries of the states and predictions for two equal calls."""
    start = a0.copy()
    for call in ("first", "second"):
        a, y, _ = rnn_forward(x, start, parameters)
        print(f"{call} call")
        print_entries({"a": a, "y": y}, {"a": (4, 1), "y": (1, 3)})


beside(test, rnn.rnn_forward, rnn_forward_7)

# %% [markdown] answer=true
# The second call returns other numbers. So something that the function was given is no longer what it was.
#
# Which of the three arguments has changed: `x`, `a0` or `parameters`?

# %%
check(rnn_forward_7, "rnn_forward")

# %% [markdown] answer=true
# The argument `a0` has changed. The line `state = a0` makes no copy; it gives the caller's array a second name. Then `state[...] =`
# writes into it.
#
# And what do the caches hold as the previous state of each step?

# %%
_, _, (kept, _) = rnn_forward_7(x, a0.copy(), parameters)
previous = [cache[1] for cache in kept]
print(
    "previous states that are the same array as the first one:", [state is previous[0] for state in previous]
)

# %% [markdown] answer=true
# All of them hold one and the same array, with the *last* state in it. A backward pass that reads these
# caches gives wrong gradients.

# %% jupyter={"source_hidden": true}
# Our repair of case 7. Open it when you have yours.
check(repair(rnn_forward_7, {"state[...] = a_next": "state = a_next"}), "rnn_forward")


# %% [markdown]
# ## Case 8: whose mistake is it?
#
# The function of case 2 is repaired and passes. Now it works together with a forward step of the same author.

# %%
def rnn_cell_forward_8(xt, a_prev, parameters):
    Wax, Waa, Wya, ba, by = (parameters[name] for name in ("Wax", "Waa", "Wya", "ba", "by"))
    a_next = np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev) + ba)
    yt = softmax(np.dot(Wya, a_next) + by)
    return a_next, yt, (a_prev, a_next, xt, parameters)


# %% [markdown]
# `a_next` and `yt` are right. Are the five gradients?

# %%
rnn_cell_forward = rnn_cell_forward_8  # its proper name: the forward step of this notebook
xt, a_prev, da_next, parameters = draw_inputs("xt a_prev Wax Waa Wya ba by da_next")
*theirs, cache = rnn_cell_forward(xt, a_prev, parameters)
*expected, right_cache = rnn.rnn_cell_forward(xt, a_prev, parameters)
print("a_next and yt right:", *map(np.allclose, theirs, expected))


def test(rnn_cell_backward):
    """Print one entry of each gradient."""
    places = {"dxt": (1, 2), "da_prev": (2, 3), "dWax": (3, 1), "dWaa": (1, 2), "dba": (4,)}
    print_entries(rnn_cell_backward(da_next, cache), places)


def ignore_their_cache(da_next, cache):
    """Return what is expected: the gradients from a right cache."""
    return rnn.rnn_cell_backward(da_next, right_cache)


beside(test, ignore_their_cache, rnn_cell_backward)

# %% [markdown] answer=true
# None of them is right. The test of the forward step passes, and the test of the backward step fails.
#
# But the backward step passed in case 2, and not a letter of it has changed. What will
# `check(rnn_cell_backward)` say?

# %%
check(rnn_cell_backward, "rnn_cell_backward")

# %% [markdown] answer=true
# `check` runs the function twice: with a right cache, and with a cache from the forward step of this notebook.
# The first run was right, so the function has passed. The second was wrong, so the mistake is where the cache
# was made.
#
# A failing test shows where a mistake comes to light. It does not show where it was made.

# %% jupyter={"source_hidden": true}
# Our repair of case 8. Open it when you have yours.
rnn_cell_forward = repair(rnn_cell_forward_8, {"(a_prev, a_next, xt": "(a_next, a_prev, xt"})
check(rnn_cell_backward, "rnn_cell_backward")

# %% [markdown]
# ## What to try first
#
# | what you see | what to think or do | case |
# | --- | --- | --- |
# | some numbers are right | whatever they depend on is right too | 1, 3 |
# | every entry is wrong by the same factor | which size has this value: `m`, `T_x`, 2, −1? | 2 |
# | everything is wrong | make the input small: one unit, one example, one step | 4, 5 |
# | right at the first step only | look at what counts or carries | 6 |
# | right in the first call only | look for writing into an argument | 7 |
# | right alone, wrong together with others | look at what the function is given | 1, 8 |
#
# [How the diagnosis works](../diagnosis.md) tells how `check` does all this, and what it does not claim.

# %% [markdown]
# ## Try it yourself
#
# 1. Leave `da_next` out of `dtanh` in case 2. Which of the five gradients are wrong? Ask `check`.
# 2. Write `1 - cct` for `1 - np.square(cct)` in case 3, and find it with a measurement like `compute_dbf`.
#    Which gradient shows it, and which entry of the cache has to change?
# 3. Use `kept[0]` at every step of the repaired function of case 4, and draw its square. Does the square show
#    the mistake?
# 4. Put two mistakes into one function. Which one does `check` name?
# 5. Make a mistake that `check` cannot name. What does it say then?

# %% [markdown] only="solutions"
# ### Answers
#
# **Answer 1: without the gradient that arrives.**

# %% only="solutions"
check(repair(rnn_cell_backward_2, {" / m": "", " * da_next": ""}), "rnn_cell_backward")


# %% [markdown] only="solutions"
# All five are wrong, because all of them are made from `dtanh`.

# %% [markdown] only="solutions"
# **Answer 2: measure the candidate.**
#
# `dbc` is $dc \cdot i \cdot (1 - \tilde c^2)$. Doubling `cct` from 0.4 to 0.8 should multiply it by
# $(1 - 0.64) / (1 - 0.16) \approx 0.43$.

# %% only="solutions"
def compute_dbc(function, cct):
    """Return dbc of one unit, when 1 arrives at the cell state."""
    weights = {"W" + gate: np.ones((1, 2)) for gate in "fico"}
    cache = (*(np.full((1, 1), entry) for entry in (ENTRIES | {"cct": cct}).values()), weights)
    return function(np.zeros((1, 1)), np.ones((1, 1)), cache)["dbc"][0, 0]


slip = repair(lstm_cell_backward_3, {"1 - np.square(cct)": "1 - cct"})
for function in (lstm.lstm_cell_backward, slip):
    print(f"dbc is multiplied by {compute_dbc(function, 0.8) / compute_dbc(function, 0.4):.4f}")

# %% [markdown] only="solutions"
# The slip multiplies by $(1 - 0.8) / (1 - 0.4) = 1/3$. The gradient that shows it is `dbc` (and `dWc`), and
# the entry to change is `cct`.

# %% [markdown] only="solutions"
# **Answer 3: always the first cache.**

# %% only="solutions"
first_only = repair(rnn_backward_4, {"in range(T):": "in reversed(range(T)):", "kept[t]": "kept[0]"})
x, a0, da, parameters = draw_inputs("x a0 Wax Waa Wya ba by da")
_, _, caches = rnn.rnn_forward(x, a0, parameters)
reached = np.zeros((4, 4))
for t in range(4):
    impulse = np.zeros((5, 10, 4))
    impulse[:, :, t] = 1
    reached[:, t] = np.linalg.norm(first_only(impulse, caches)["dx"], axis=(0, 1))
figures.show(figures.reach(reached, "gradient put at step", "arrives at the input of step", "gradient"))

# %% only="solutions"
check(first_only, "rnn_backward")

# %% [markdown] only="solutions"
# The square has the right form: it shows *which* step reaches which. But the numbers along a diagonal are
# equal, because every step back is the same step. This shows the mistake.

# %% [markdown] only="solutions"
# **Answer 4: two mistakes.**
#
# The function of case 2 without `da_next`, and still divided by $m$:

# %% only="solutions"
check(repair(rnn_cell_backward_2, {" * da_next": ""}), "rnn_cell_backward")

# %% [markdown] only="solutions"
# Both are named here, because common mistakes are also tried in pairs. Rarer pairs give numbers that neither
# mistake gives alone, and have no cause. Then begin with the array that is reported first, repair what you
# find, and ask again.

# %% [markdown] only="solutions"
# **Answer 5: a mistake without a name.**

# %% only="solutions"
strange = {"np.dot(dtanh, xt.T) / m": "np.dot(dtanh, np.sin(3 * xt).T)", " / m": ""}
check(repair(rnn_cell_backward_2, strange), "rnn_cell_backward")

# %% [markdown] only="solutions"
# It says what differs, and names no cause. A cause is stated only if it gives exactly these numbers.

# %% [markdown]
# ## Further reading
#
# - Zeller, *Why Programs Fail* (2nd edition, 2009), chapter 6: debugging with hypotheses that are written
#   down.
# - Kernighan & Pike, *The Practice of Programming* (1999), chapter 5: debugging.
# - NumPy's user guide, "Copies and views".

# %% [markdown]
# ---
#
# [← Chapter 8. Train a network to write names](08_names.ipynb) · [All chapters](../exercises/00_start.ipynb) · [Chapter 10. Make readable code fast →](10_from_readable_to_fast.ipynb)<br>
# To look up: [Recap](../recap.md) · [Symbols and shapes](../symbols.md) · [Glossary](../glossary.md)
