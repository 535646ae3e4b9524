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
# # Send a gradient back through the gates
#
# **What you will do.** Write the backward pass of the LSTM, one step and the whole sequence, and find out why
# somebody's gradient was wrong although every line of it was right.
#
# **What you will know.** You will be able to
#
# - follow a gradient along both roads through the LSTM,
# - say what a closed gate passes on and what it learns,
# - carry two gradients from step to step,
# - find a mistake from the pattern of what it leaves untouched.
#
# **What is assumed.** The LSTM's forward pass (chapter 4); the RNN's backward pass (chapter 3).

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

from seqgrad import figures, gradcheck, lstm
from seqgrad.check import beside, check

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# ## Two states, two gradients
#
# A step of the LSTM sends on two states, so two gradients come back to it: `da_next`, at the hidden state,
# and `dc_next`, at the cell state. Here is the way they take.
#
# ![The way back through one step of the LSTM. The gradient at the new hidden state goes to the output gate
# and, through the tanh, to the cell state, where it meets the gradient from later steps. From there it goes
# on to the previous cell state, times the forget gate, and to the forget gate, the input gate and the
# candidate; all four pre-activations send it to the previous hidden state and the
# input.](../figures/lstm_gradient.svg)

# %% [markdown]
# Take the road along the top first. A unit keeps a share $f = 0.9$ of its old cell state. Before you run the
# next cell: by how much does the new cell state change when the old one is moved by 0.001?

# %%
f, i, candidate = 0.9, 0.3, 0.5
c_before, c_after = (f * c_prev + i * candidate for c_prev in (2.0, 2.001))
print(f"{c_after - c_before:.6f}")

# %% [markdown]
# By the forget gate times as much. So the gradient at the old cell state is the forget gate times the
# gradient at the new one, $dc^{\langle t-1\rangle} = f^{\langle t\rangle} \odot dc^{\langle t\rangle}$, with
# no matrix in between.
#
# ## One step back
#
# First gather what arrives at the new cell state: what later steps send, and what comes from the hidden state
# through the tanh.
#
# $$dc = dc_\text{next} + da_\text{next} \odot o \odot \bigl(1 - \tanh^2 c^{\langle t\rangle}\bigr)$$
#
# Every gate was multiplied by something; on the way back, that something multiplies the gradient. The slope
# of the sigmoid, $\sigma(1 - \sigma)$, leads on to what the sigmoid was applied to.

# %% [markdown]
# $$\begin{aligned}
# dz_f &= dc \odot c^{\langle t-1\rangle} \odot f \odot (1 - f) &
# dz_i &= dc \odot \tilde c \odot i \odot (1 - i) \\
# dz_o &= da_\text{next} \odot \tanh c^{\langle t\rangle} \odot o \odot (1 - o) &
# dz_c &= dc \odot i \odot (1 - \tilde c^2)
# \end{aligned}$$
#
# All of them, and $dc$, have the shape (n_a, m). With $u = [a^{\langle t-1\rangle}; x^{\langle t\rangle}]$,
# of shape (n_a + n_x, m), and for each of the four letters $k$ = f, i, c, o:
#
# $$dW_k = dz_k\, u^{\mathsf T}, \qquad db_k = \sum_\text{batch} dz_k, \qquad
# du = \sum_k W_k^{\mathsf T}\, dz_k = [da_\text{prev};\, dx]$$

# %% [markdown]
# A word on names. A gradient is named after the place where it is taken. In solutions that go round, the
# gradient at the forget gate's *pre-activation* is called `dft`; it is `dzf`. The gradient at the gate itself
# lacks the factor $f(1 - f)$. And the assignment's text gives `dc_prev` a time axis. It has none: it is (n_a,
# m), like `da_prev`.
#
# Before you run the next cell: a forget gate is at 0.5, at 0.9, at 0.99. Where is `dzf` smallest, if `dft` is
# 1 in all three?

# %%
for f in (0.5, 0.9, 0.99):
    print(f"f = {f:.2f}: dft = 1, dzf = {f * (1 - f):.4f}")


# %% [markdown]
# A gate that is nearly open hardly learns any more; it is saturated.
#
# ### Exercise 5.1: one step back
#
# Complete `lstm_cell_backward`. The comments go through it in the order of the formulas.

# %% exercise="lstm_cell_backward" points=25
def lstm_cell_backward(da_next, dc_next, cache):
    """Send gradients back through one step of the LSTM.

    Parameters
    ----------
    da_next : (n_a, m)
    dc_next : (n_a, m)
    cache : tuple
        ``(a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)``, as
        `lstm_cell_forward` returned it.

    Returns
    -------
    dict
        ``dxt`` (n_x, m), ``da_prev``, ``dc_prev`` (n_a, m), ``dWf``, ``dWi``, ``dWc``,
        ``dWo`` (n_a, n_a + n_x), ``dbf``, ``dbi``, ``dbc``, ``dbo`` (n_a, 1).  Weight
        gradients are summed over the batch, not averaged.
    """
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    Wf, Wi, Wc, Wo = parameters["Wf"], parameters["Wi"], parameters["Wc"], parameters["Wo"]
    n_a = a_next.shape[0]

    # The gradient at the new cell state, from two sides: from the step after this one,
    # and from the new hidden state.
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)

    # The gradients at the pre-activations of the three gates: what arrives at the gate,
    # times the slope of its sigmoid.
    dzf = dc * c_prev * ft * (1 - ft)
    dzi = dc * cct * it * (1 - it)
    dzo = da_next * np.tanh(c_next) * ot * (1 - ot)

    # The gradient at the pre-activation of the candidate, likewise through its tanh.
    dzc = dc * it * (1 - cct**2)

    # The gradient at the previous cell state, which was multiplied by the forget gate.
    dc_prev = dc * ft

    # The gradient at [a_prev; xt]: the sum of what the four products send back. Then
    # split it.
    dconcat = Wf.T @ dzf + Wi.T @ dzi + Wc.T @ dzc + Wo.T @ dzo
    da_prev = dconcat[:n_a]
    dxt = dconcat[n_a:]

    # The gradients at the weights, which were multiplied by [a_prev; xt]; each is a sum
    # over the batch.
    concat = np.concatenate([a_prev, xt], axis=0)
    dWf = dzf @ concat.T
    dWi = dzi @ concat.T
    dWc = dzc @ concat.T
    dWo = dzo @ concat.T

    # The gradients at the biases: also sums over the batch.
    dbf = dzf.sum(axis=1, keepdims=True)
    dbi = dzi.sum(axis=1, keepdims=True)
    dbc = dzc.sum(axis=1, keepdims=True)
    dbo = dzo.sum(axis=1, keepdims=True)

    return {
        "dxt": dxt, "da_prev": da_prev, "dc_prev": dc_prev,
        "dWf": dWf, "dbf": dbf, "dWi": dWi, "dbi": dbi,
        "dWc": dWc, "dbc": dbc, "dWo": dWo, "dbo": dbo,
    }  # fmt: skip


# %%
check(lstm_cell_backward)


# %% [markdown]
# The numbers of the assignment's test, yours and the expected ones.

# %%
def test(lstm_cell_backward):
    """Print what the assignment's test cell prints."""
    np.random.seed(1)
    xt, a_prev, c_prev = (np.random.randn(n, 10) for n in (3, 5, 5))
    shapes = {name + gate: {"W": (5, 8), "b": (5, 1)}[name] for gate in "fioc" for name in "Wb"}
    shapes |= {"Wy": (2, 5), "by": (2, 1)}
    parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
    da_next, dc_next = np.random.randn(5, 10), np.random.randn(5, 10)
    _, _, _, cache = lstm.lstm_cell_forward(xt, a_prev, c_prev, parameters)
    gradients = lstm_cell_backward(da_next, dc_next, cache)
    fields = "dxt 1 2, da_prev 2 3, dc_prev 2 3, dWf 3 1, dWi 1 2, dWc 3 1, dWo 1 2"
    for name, row, column in (field.split() for field in fields.split(", ")):
        print(f'gradients["{name}"][{row}][{column}] = {gradients[name][int(row), int(column)]:.8f}')
        print(f'gradients["{name}"].shape =', gradients[name].shape)
    for gate in "fico":
        print(f'gradients["db{gate}"][4] =', gradients["db" + gate][4])
        print(f'gradients["db{gate}"].shape =', gradients["db" + gate].shape)


beside(test, lstm.lstm_cell_backward, lstm_cell_backward)

# %%
np.random.seed(1)
xt, a_prev, c_prev = (np.random.randn(n, 10) for n in (3, 5, 5))
shapes = {name + gate: {"W": (5, 8), "b": (5, 1)}[name] for gate in "fioc" for name in "Wb"}
shapes |= {"Wy": (2, 5), "by": (2, 1)}
parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
da_next, dc_next = np.random.randn(5, 10), np.random.randn(5, 10)

# %% [markdown]
# Nobody has to believe these numbers. A complex-step derivative of the forward function, exact to rounding,
# says the same of every entry of every gradient.

# %%
print(gradcheck.format_table(gradcheck.gradient_table(lstm.lstm_cell_backward)))

# %% [markdown]
# ## What closed gates let through
#
# In chapter 4, $f = 1$ and $i = 0$ kept a cell state through fifty steps of noise. Send a gradient back
# through such a step, at the cell state alone. Before you run the next cell: which of the eleven gradients
# are not zero?

# %%
keeping = parameters | {"bf": np.full((5, 1), 100.0), "bi": np.full((5, 1), -100.0)}
_, _, _, cache = lstm.lstm_cell_forward(xt, a_prev, c_prev, keeping)
closed = lstm.lstm_cell_backward(np.zeros((5, 10)), dc_next, cache)
print("not zero:", [name for name, gradient in closed.items() if np.abs(gradient).max() > 1e-12])
print("dc_prev equals dc_next:", np.array_equal(closed["dc_prev"], dc_next))


# %% [markdown]
# Only `dc_prev`, and it arrives unchanged. What keeps a memory also keeps a gradient; but while the gates
# stand at their ends, their weights hear nothing of it.
#
# ## Back through the sequence
#
# As in chapter 3, the pass starts at the last step, and the gradients of the shared weights add up. What is
# new is that two gradients are carried: at each step
#
# $$da_\text{next} = da^{\langle t\rangle} + da_\text{prev}, \qquad dc_\text{next} = dc_\text{prev},$$
#
# where `da_prev` and `dc_prev` are what the step *after* this one sent back. `da` holds what each hidden
# state's own output sends, so it is added. Nothing from outside arrives at a cell state.

# %% [markdown]
# ### Exercise 5.2: all steps back
#
# Complete `lstm_backward`, with your `lstm_cell_backward` for each step. If `da` covers fewer steps than the
# forward pass took, the pass begins at the last step of `da`.

# %% exercise="lstm_backward" points=20
def lstm_backward(da, caches):
    """Send gradients back through the sequence: backpropagation through time.

    Parameters
    ----------
    da : (n_a, m, T)
    caches : tuple
        ``(list of cell caches, x)``, as `lstm_forward` returned it.

    Returns
    -------
    dict
        ``dx`` (n_x, m, T), ``da0`` (n_a, m), ``dWf``, ``dWi``, ``dWc``, ``dWo``
        (n_a, n_a + n_x), ``dbf``, ``dbi``, ``dbc``, ``dbo`` (n_a, 1).  Weight gradients
        are summed over the batch and over time.
    """
    steps, x = caches
    T = da.shape[2]
    parameters = steps[0][9]

    # Zeros, for the gradient at each input.
    dx = np.zeros_like(x[:, :, :T])

    # No later step sends a gradient back to the last one, at either state.
    da_prev = np.zeros_like(da[:, :, 0])
    dc_prev = np.zeros_like(da[:, :, 0])

    # Zeros, for the sums over all steps: the weights and the bias of each gate.
    dWf, dWi, dWc, dWo = (np.zeros_like(parameters["W" + gate]) for gate in "fico")
    dbf, dbi, dbc, dbo = (np.zeros_like(parameters["W" + gate][:, :1]) for gate in "fico")

    for t in reversed(range(T)):
        # The gradient at this hidden state, from two sides: from the output of this step,
        # and from the step after it.
        da_next = da[:, :, t] + da_prev

        # One step back. Keep the gradients at both previous states for the next round.
        step = lstm_cell_backward(da_next, dc_prev, steps[t])
        da_prev = step["da_prev"]
        dc_prev = step["dc_prev"]

        # Store the gradient at this step's input.
        dx[:, :, t] = step["dxt"]

        # All steps share the weights and biases, so their gradients add up.
        dWf += step["dWf"]
        dbf += step["dbf"]
        dWi += step["dWi"]
        dbi += step["dbi"]
        dWc += step["dWc"]
        dbc += step["dbc"]
        dWo += step["dWo"]
        dbo += step["dbo"]

    # After the last round this is the gradient at the hidden state before the first step.
    da0 = da_prev

    return {
        "dx": dx, "da0": da0,
        "dWf": dWf, "dbf": dbf, "dWi": dWi, "dbi": dbi,
        "dWc": dWc, "dbc": dbc, "dWo": dWo, "dbo": dbo,
    }  # fmt: skip


# %%
check(lstm_backward)


# %% [markdown]
# In the assignment's test cell the forward pass takes seven steps and `da` covers four.

# %%
def test(lstm_backward):
    """Print what the assignment's test cell prints."""
    np.random.seed(1)
    x, a0 = np.random.randn(3, 10, 7), np.random.randn(5, 10)
    shapes = {name + gate: {"W": (5, 8), "b": (5, 1)}[name] for gate in "fioc" for name in "Wb"}
    parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
    parameters |= {"Wy": np.zeros((2, 5)), "by": np.zeros((2, 1))}
    _, _, _, caches = lstm.lstm_forward(x, a0, parameters)
    gradients = lstm_backward(np.random.randn(5, 10, 4), caches)
    print('gradients["dx"][1][2] =', gradients["dx"][1][2])
    for name, row, column in (("da0", 2, 3), ("dWf", 3, 1), ("dWi", 1, 2), ("dWc", 3, 1), ("dWo", 1, 2)):
        print(f'gradients["{name}"][{row}][{column}] = {gradients[name][row][column]:.8f}')
    for gate in "fico":
        print(f'gradients["db{gate}"][4] =', gradients["db" + gate][4])
    print("shapes:", {name: gradient.shape for name, gradient in gradients.items()})


beside(test, lstm.lstm_backward, lstm_backward)

# %%
np.random.seed(1)
x = np.random.randn(3, 10, 7)
a0 = np.random.randn(5, 10)
parameters = {name: np.random.randn(*shape) for name, shape in shapes.items() if name[1] != "y"}
parameters |= {"Wy": np.zeros((2, 5)), "by": np.zeros((2, 1))}
da = np.random.randn(5, 10, 4)
a, y, c, caches = lstm.lstm_forward(x, a0, parameters)


# %% [markdown]
# ## If something is not carried
#
# What does each of the two gradients do for the result? Here is the pass with two switches; `dx[1][2]` has
# one number for each of the four steps. Before you run the next cell: which step has the same number in all
# rows?

# %%
def dx_carrying(hidden, cell):
    """Return dx[1][2] (4,) when the gradients at the hidden and at the cell state are carried, or not."""
    da_prev, dc_prev = np.zeros((5, 10)), np.zeros((5, 10))
    dx = np.zeros(4)
    for t in reversed(range(4)):
        step = lstm.lstm_cell_backward(da[:, :, t] + da_prev, dc_prev, caches[0][t])
        da_prev, dc_prev = hidden * step["da_prev"], cell * step["dc_prev"]
        dx[t] = step["dxt"][1, 2]
    return dx


for name, hidden, cell in (("both", 1, 1), ("hidden only", 1, 0), ("cell only", 0, 1), ("neither", 0, 0)):
    print(f"{name:<12}", dx_carrying(hidden, cell))

# %% [markdown]
# The last step: nothing comes back to it. The last row is worth remembering: an older printed table of
# expected numbers for this test begins with it. The pass behind that table carried *neither* gradient, so do
# not go by it.

# %% [markdown]
# A picture of the same: put a gradient at one step alone and see at which inputs it arrives. Before you run
# the next cell: which half of the square is empty?

# %%
T_x = 7
felt = np.zeros((T_x, T_x))
for t in range(T_x):
    impulse = np.zeros((5, 10, T_x))
    impulse[:, :, t] = 1
    felt[:, t] = np.linalg.norm(lstm.lstm_backward(impulse, caches)["dx"], axis=(0, 1))
print("a gradient at step 3 reaches the inputs of steps", np.flatnonzero(felt[:, 3]))
figures.show(
    figures.reach(felt, "gradient put at step", "input that it reaches, at step", "gradient"),
    "A square of seven by seven: the norm of dx at each step (row) when a gradient is put at one step "
    "(column). Everything below the diagonal is empty; above it the gradient fades the further back it goes.",
)

# %% [markdown]
# The lower one: a gradient goes from a step to itself and to what came before, never to what came after.
#
# ## The gradient that was right
#
# A student posted the output of the test cell for `lstm_backward` in a forum. The numbers were not the
# expected ones; the student had read the function over and over, had compared `lstm_cell_backward` with its
# own test, where every digit was right, and could not see what was wrong. Here is what was posted, without
# the shapes, which were right.

# %%
posted = {
    "dx[1][2]": np.array([-0.00424213, 0.28205375, -0.48292508, -0.43281115]),
    "da0[2][3]": 0.36036164521813085,
    "dWf[3][1]": -0.185172422655972,
    "dWi[1][2]": 0.4051243309298186,
    "dWc[3][1]": -0.07937467355121491,
    "dWo[1][2]": 0.03894877576298697,
    "dbf[4]": -0.17049796,
    "dbi[4]": -0.50848333,
    "dbc[4]": -0.42510818,
    "dbo[4]": -0.17958196,
}


# %% [markdown]
# The forward functions had passed their tests as well, every printed digit of them. Before you read on: which
# of the four functions is guilty, `lstm_cell_forward`, `lstm_forward`, `lstm_cell_backward` or
# `lstm_backward`? Write it down.
#
# Then look for the pattern. Which of the posted numbers are right?

# %%
def fields(gradients):
    """Return what the test cell prints, by name."""
    found = {"dx[1][2]": gradients["dx"][1, 2], "da0[2][3]": gradients["da0"][2, 3]}
    for name, row, column in (("dWf", 3, 1), ("dWi", 1, 2), ("dWc", 3, 1), ("dWo", 1, 2)):
        found[f"{name}[{row}][{column}]"] = gradients[name][row, column]
    return found | {f"db{gate}[4]": gradients["db" + gate][4, 0] for gate in "fico"}


expected = fields(lstm.lstm_backward(da, caches))
for name, value in posted.items():
    same = np.isclose(value, expected[name], rtol=0, atol=1e-8)
    print(f"{name:<10}", "right" if same.all() else "wrong", same if same.size > 1 else "")


# %% [markdown]
# Four numbers are wrong: `dx` at the first step and only there, `da0`, `dWf`, `dbf`. Everything else is right
# to the last digit: the other three gates, and the inputs of all later steps.
#
# So the steps 3, 2 and 1 are right, and with them everything that is carried out of step 1. At step 0 the
# gates i, c and o are right. Whatever is wrong touches the forget gate of the *first* step. In its formula,
#
# $$dz_f = dc \odot c^{\langle t-1\rangle} \odot f \odot (1 - f),$$
#
# one thing stands in no other formula. Which? And where does a wrong $dz_f$ lead to?

# %% [markdown]
# It is $c^{\langle t-1\rangle}$, the `c_prev` in the cache of step 0; and a wrong $dz_f$ leads to `dWf`,
# `dbf`, `da0` and `dx` of that step, the four that are wrong. The backward pass does nothing but read
# `c_prev`; the cache is written by the forward pass. It must have written a wrong one, and still returned the
# right $a$, $y$ and $c$.
#
# How can that be?

# %% [markdown]
# Here is a forward pass in the manner of many solutions: arrays of zeros are made first, and filled as the
# steps go by. Find the line before you run it.

# %%
def student_forward(x, a0, parameters, c0=None):
    """Run the LSTM over a sequence, filling arrays step by step."""
    n_a, m = a0.shape
    T_x = x.shape[2]
    a, c = np.zeros((n_a, m, T_x)), np.zeros((n_a, m, T_x))
    y = np.zeros((len(parameters["by"]), m, T_x))
    a_next, c_next = a0, c0
    if c0 is None:
        c_next = c[:, :, 0]
    caches = []
    for t in range(T_x):
        a_next, c_next, yt, cache = lstm.lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)
        a[:, :, t], c[:, :, t], y[:, :, t] = a_next, c_next, yt
        caches.append(cache)
    return a, y, c, (caches, x)


# %% [markdown]
# Does it explain the post? The states have to be right, and all ten posted numbers have to come out, wrong
# ones and right ones.

# %%
a_theirs, y_theirs, c_theirs, caches_theirs = student_forward(x, a0, parameters)
same = [np.array_equal(*pair) for pair in ((a_theirs, a), (y_theirs, y), (c_theirs, c))]
print("a, y and c right:", *same)

theirs = fields(lstm.lstm_backward(da, caches_theirs))
for name, value in posted.items():
    print(f"{name:<10}", "as posted:", np.allclose(theirs[name], value, rtol=0, atol=1e-8))

# %% [markdown]
# Every one, and from seqgrad's own `lstm_backward`: the student's gradient was right. It went back through a
# step that had never happened. What was in that cache?

# %%
c_prev_of_step_0 = caches_theirs[0][0][3]
print("zeros, as it should be:", not c_prev_of_step_0.any())
print("equal to c after step 0:", np.array_equal(c_prev_of_step_0, c[:, :, 0]))
print("shares memory with c:", np.shares_memory(c_prev_of_step_0, c_theirs))

# %% [markdown]
# `c[:, :, 0]` of an array is not a copy but a *view*: a window onto the same memory. When it was taken, zeros
# were behind it. The step computed with them, rightly, and put the window into its cache. Then
# `c[:, :, 0] = c_next` wrote the new cell state into that memory, and the cache saw it.
#
# Where `c_prev` is zero, as it should be, $dz_f$ of the first step is zero too: a gate that has nothing to
# forget learns nothing. No test of $a$, $y$ and $c$ can notice the difference, for only the backward pass
# looks through the window again.

# %% [markdown]
# The repair is an array of its own, `np.zeros((n_a, m))`, or `c[:, :, 0].copy()`. Before you run the next
# cell: how many of the ten numbers will be right?

# %%
_, _, c_repaired, caches_repaired = student_forward(x, a0, parameters, c0=np.zeros((5, 10)))
print("shares memory with c:", np.shares_memory(caches_repaired[0][0][3], c_repaired))
repaired = fields(lstm.lstm_backward(da, caches_repaired))
print("right:", sum(np.allclose(repaired[name], expected[name]) for name in expected), "of", len(expected))

# %% [markdown]
# And the function that you wrote down? It is tempting to suspect the one whose test fails. But a value can be
# right when it is made, right when it is tested, and wrong when it is used. What led to it was the pattern of
# what was *right*: three gates and three steps were cleared of suspicion before anybody read a line of code.
#
# ## Try it yourself
#
# - Ask `check(student_forward, "lstm_forward")` what it says.
# - Suppose that $a_0$ were always zero, and a solution began with `a_next = a[:, :, 0]`. Which gradients
#   would that view spoil?
# - Leave out the factor `1 - np.tanh(c_next) ** 2` in your `lstm_cell_backward` and predict which gradients
#   change before `check` tells you. Which cannot?
# - Put the impulse of the picture into a network with forget biases of 3. How far back does it go?
#
# ## Further reading
#
# - Greff, Srivastava, Koutník, Steunebrink & Schmidhuber, "LSTM: A Search Space Odyssey", *IEEE Transactions
#   on Neural Networks and Learning Systems* 28 (2017), section II.B: the backward pass; their $\delta$ with a
#   bar is our $dz$.
# - Goodfellow, Bengio & Courville, *Deep Learning* (2016), section 10.10.1; section 10.2.2 for going back
#   through time.
# - NumPy's user guide, "Copies and views".
