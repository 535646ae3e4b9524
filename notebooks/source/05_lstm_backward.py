# %% [markdown]
# # Chapter 5. Send a gradient back through the gates
#
# **What you will do.** Derive the backward pass of the LSTM node by node, write one step and the whole sequence, and find
# out why a student's gradient was wrong although every line of it was right.
#
# **What you will know.** You will be able to
#
# - follow a gradient along both ways through the LSTM,
# - say what a closed gate passes back, and what it learns,
# - carry two gradients from step to step,
# - find a mistake from the pattern of what it leaves right.
#
# **What is assumed.** The LSTM's forward pass ([chapter 4](04_lstm_forward.ipynb)); the four rules of
# [chapter 3](03_rnn_backward.ipynb).
#
# **Time.** About 3 hours.

# %% install=true
# The build puts here what installs seqgrad where it is missing.

# %%
import numpy as np

from seqgrad import figures, gradcheck, initialize, lstm, widgets
from seqgrad.check import beside, check, example

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# ## Two states, two gradients
#
# A step of the LSTM passes on two states. So two gradients come back to it: `da_next` at the hidden state, and `dc_next`
# at the cell state. Here is their way through the step.
#
# ![The way back through one step of the LSTM; all arrows run backwards. At 1, da_next meets the product that made the
# hidden state: one part goes to the output gate, the other to the tanh. At 2 it passes the tanh and is added to dc_next;
# the sum is dc. At 3, dc goes along the top to dc_prev, and to the forget gate, the input gate and the candidate. At 4
# each passes its own sigmoid or tanh. At 5 the weights, the biases and the stack receive their gradients. At 6 the
# gradient at the stack is split into da_prev and dxt.](../figures/lstm_gradient.svg)
#
# *Figure 5.1. The way back through one step. It is figure 4.1 with all arrows turned around.*

# %% [markdown]
# Look at the way along the top first. A unit keeps a fraction $f = 0.9$ of its old cell state. When the old cell state
# changes from 2 to 2.001, by how much does the new one change?

# %%
f, i, candidate = 0.9, 0.3, 0.5
before, after = (f * c_prev + i * candidate for c_prev in (2.0, 2.001))
print(f"{after - before:.6f}")

# %% [markdown] answer=true
# The new one changes by 0.0009, which is $f$ times as much.
#
# So on its way back the gradient is multiplied by the forget gate, and by nothing else: no matrix, no tanh.
# This is why an LSTM can learn over long distances.

# %% [markdown]
# ## Two more rules
#
# [Chapter 3](03_rnn_backward.ipynb) had rules for the tanh, the sum, the matrix product and the bias. The LSTM needs two more.
#
# **A product entry by entry**, $p = u \odot v$. When $u$ changes, $p$ changes $v$ times as fast. So each factor receives
# the upstream gradient times the *other* factor: $du = dp \odot v$ and $dv = dp \odot u$.
#
# With $u = 3$, $v = 5$ and the upstream gradient 2: what do $u$ and $v$ receive?

# %%
u, v, nudge = 3.0, 5.0, 1e-6
before = 2 * (u * v)  # a loss whose gradient at p = u * v is 2
print(f"at u: {(2 * ((u + nudge) * v) - before) / nudge:.3f}")
print(f"at v: {(2 * (u * (v + nudge)) - before) / nudge:.3f}")

# %% [markdown] answer=true
# $u$ receives $2 \cdot 5 = 10$, and $v$ receives $2 \cdot 3 = 6$.
#
# **A sigmoid**, $s = \sigma(z)$. Its slope is $s (1 - s)$, from [chapter 1](01_activations.ipynb), so the gradient at $z$
# is the upstream gradient times $s (1 - s)$.
#
# Three gates are at 0.5, 0.9 and 0.99. Each receives the upstream gradient 1. Which pre-activation receives least?

# %%
for gate in (0.5, 0.9, 0.99):
    print(f"gate at {gate:.2f}: gradient at its pre-activation {gate * (1 - gate):.4f}")

# %% [markdown] answer=true
# The pre-activation of the gate at 0.99: a gate that is nearly open, or nearly closed, hardly learns any more. It is
# saturated.
#
# A word on names. We name a gradient after the place where it is taken: `dzf` is the gradient at the forget gate's
# pre-activation `zf`. If you compare with solutions on the web: many of them call this gradient `dft`.

# %% [markdown]
# ## One step by hand
#
# One input, two hidden units, one example. All biases are 0, so each pre-activation is a row of a weight times the stack.
# The stack is $u = [a_\text{prev}; x] = (1, -1, 1)$, and $c_\text{prev} = (2, -1)$.
#
# Compute the four pre-activations of unit 1 on paper: the first row of each weight, times $u$.

# %%
tiny = {
    "Wf": np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0]]), "Wi": np.array([[0.0, 1.0, 1.0], [-1.0, 1.0, 0.0]]),
    "Wo": np.array([[1.0, -1.0, 0.0], [1.0, 2.0, 1.0]]), "Wc": np.array([[1.0, 1.0, 1.0], [0.0, 1.0, 0.0]]),
    "Wy": np.ones((1, 2)), "by": np.zeros((1, 1)),
} | {"b" + gate: np.zeros((2, 1)) for gate in "fioc"}  # fmt: skip
xt, a_prev, c_prev = np.array([[1.0]]), np.array([[1.0], [-1.0]]), np.array([[2.0], [-1.0]])
concat = np.vstack([a_prev, xt])
for gate in "fioc":
    print(f"z{gate} =", (tiny["W" + gate] @ concat).ravel())

# %% [markdown]
# For unit 1 they are 0, 0, 2 and 1. With $\sigma(0) = 0.5$, $\sigma(2) = 0.88$ and $\tanh 1 = 0.76$, its forget gate and its
# input gate are half open, its output gate is 0.88, and its candidate is 0.76.
#
# Now compute its two states: what is $c_\text{next}$, and what is $a_\text{next}$?

# %%
_, _, _, by_hand = lstm.lstm_cell_forward(xt, a_prev, c_prev, tiny)
a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, _ = by_hand
for name, value in (("ft", ft), ("it", it), ("ot", ot), ("cct", cct), ("c_next", c_next), ("a_next", a_next)):
    print(f"{name:<7}", value.ravel().round(3))

# %% [markdown] answer=true
# | unit 1 | by hand |
# | --- | --- |
# | `c_next` | 0.5 · 2 + 0.5 · 0.76 = 1.38 |
# | `tanh(c_next)` | 0.88 |
# | `a_next` | 0.88 · 0.88 = 0.78 |
#
# Check yourself with unit 2: its gates are 0.88, 0.12 and 0.5, and its candidate is −0.76.

# %% [markdown]
# ## The same step backward, row by row
#
# Here is a table with one row for each arrow in figure 5.1. The last column is the upstream gradient times the local
# derivative. The first row is done; the other gates have the same rows as the forget gate.

# %% [markdown] only="exercises"
# Fill in the last column, on paper or here: a double click on this cell opens it, Shift-Enter closes it.
#
# | arrow | local derivative | what comes back |
# | --- | --- | --- |
# | 1: `a_next` to `ot` | `tanh(c_next)` | `da_next * tanh(c_next)` |
# | 2: `a_next` to `c_next` | `ot`, then `1 - tanh(c_next)**2` | plus `dc_next`: `dc` = … |
# | 3: `c_next` to `c_prev` | `ft` | `dc_prev` = … |
# | 3: `c_next` to `ft` | `c_prev` | … |
# | 3: `c_next` to `it` | `cct` | … |
# | 3: `c_next` to `cct` | `it` | … |
# | 4: `ft` to `zf` | `ft`, times `1 - ft` | `dzf` = … |
# | 4: `cct` to `zc` | `1 - cct**2` | `dzc` = … |
# | 5: `zf` to `Wf` | the stack | `dWf` = … |
# | 5: `zf` to the stack | `Wf` | a part of `dconcat`: … |

# %% [markdown] only="solutions"
# | arrow | local derivative | what comes back |
# | --- | --- | --- |
# | 1: `a_next` to `ot` | `tanh(c_next)` | `da_next * tanh(c_next)` |
# | 2: `a_next` to `c_next` | `ot`, then `1 - tanh(c_next)**2` | plus `dc_next`: `dc = dc_next + da_next * ot * (1 - tanh(c_next)**2)` |
# | 3: `c_next` to `c_prev` | `ft` | `dc_prev = dc * ft` |
# | 3: `c_next` to `ft` | `c_prev` | `dc * c_prev` |
# | 3: `c_next` to `it` | `cct` | `dc * cct` |
# | 3: `c_next` to `cct` | `it` | `dc * it` |
# | 4: `ft` to `zf` | `ft`, times `1 - ft` | `dzf = dc * c_prev * ft * (1 - ft)` |
# | 4: `cct` to `zc` | `1 - cct**2` | `dzc = dc * it * (1 - cct**2)` |
# | 5: `zf` to `Wf` | the stack | `dWf = dzf @ concat.T` |
# | 5: `zf` to the stack | `Wf` | a part of `dconcat`: `Wf.T @ dzf` |

# %% [markdown]
# Check each row as soon as you have it. `example` draws a step as the check does, with three inputs, five hidden units and
# seven examples; `check` compares the arrays that you give it by name, and says what is wrong with the first that differs.

# %%
da_next, dc_next, cache = example("lstm_cell_backward")
a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache

# %% [markdown]
# **Row 2.** Two gradients meet at the new cell state: one comes from the next step, the other through the output product
# and the tanh. Write `dc`, with the names of the cache.

# %% only="exercises"
dc = None  # your row

# %% only="solutions"
dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)

# %%
check("lstm_cell_backward", dc=dc)

# %% [markdown]
# **Rows 3 and 4.** Now the previous cell state, the three gates and the candidate. Which of the four pre-activations gets
# its gradient *not* from `dc`?

# %% only="exercises"
dc_prev, dzf, dzi, dzc, dzo = None, None, None, None, None  # your rows

# %% only="solutions"
dc_prev = dc * ft
dzf = dc * c_prev * ft * (1 - ft)
dzi = dc * cct * it * (1 - it)
dzc = dc * it * (1 - cct**2)
dzo = da_next * np.tanh(c_next) * ot * (1 - ot)

# %%
check("lstm_cell_backward", dc_prev=dc_prev, dzf=dzf, dzi=dzi, dzc=dzc, dzo=dzo)

# %% [markdown]
# The pre-activation of the output gate: it acts on the hidden state only, so its gradient comes from `da_next`.
#
# **Rows 5 and 6.** The stack was multiplied by four weights, so four gradients come back to it, and they are added. Which
# shape does `dconcat` have here, and which of its rows are `da_prev`?

# %% only="exercises"
dconcat = None  # your row; the weights are parameters["Wf"], and so on

# %% only="solutions"
pre_activations = {"f": dzf, "i": dzi, "c": dzc, "o": dzo}
dconcat = sum(parameters["W" + gate].T @ dz for gate, dz in pre_activations.items())

# %%
check("lstm_cell_backward", dconcat=dconcat)

# %% [markdown]
# `dconcat` is (8, 7), like the stack. Its first five rows are `da_prev`, because the state is on top; the last three are
# `dxt`.
#
# Go back to the step by hand, with the upstream gradients 1 at the hidden state and 0.5 at the cell state of unit 1 (2 and
# −1 at those of unit 2). What do your rows give for `dc`, `dc_prev` and `dzf` of unit 1?

# %%
upstream = np.array([[1.0], [2.0]]), np.array([[0.5], [-1.0]])
gradients = lstm.lstm_cell_backward(*upstream, by_hand)
print("dc_prev =", gradients["dc_prev"].ravel().round(2))
print("dbf     =", gradients["dbf"].ravel().round(2), "which is dzf, with one example")

# %% [markdown] answer=true
# | unit 1 | by hand |
# | --- | --- |
# | `dc` | 0.5 from the next step, 1 · 0.88 · (1 − 0.88²) = 0.2 from the hidden state: 0.70 |
# | `dc_prev` | 0.70 · 0.5 = 0.35 |
# | `dzf` | 0.70 · 2 · 0.5 · (1 − 0.5) = 0.35 |
#
# The weights and biases follow the rules of [chapter 3](03_rnn_backward.ipynb), for each gate: `dWf` is `dzf` times the transposed stack, and `dbf`
# is `dzf`, summed over the batch.

# %% [markdown]
# ### Exercise 5.1: one step back
#
# *About 18 lines, 40 minutes, ★★★*
#
# - **Given:** `da_next`, `dc_next`, and the cache of ten parts.
# - **Write:** your rows, in the order of the table, now for any sizes. Then the weights and the biases.

# %% exercise="lstm_cell_backward" points=25
from seqgrad.lstm import lstm_cell_backward

# %%
check(lstm_cell_backward)

# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Run your function on the example: `lstm_cell_backward(da_next, dc_next, cache)`. Its `dc_prev` must be the one above, its
# `dbf` must be the sum of `dzf` over the batch, and its `da_prev` and `dxt` must be the parts of `dconcat`. The first that
# differs is the row to look at. Then check the parentheses around each sum.
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** `dc` is computed once, with both of its parts, and everything else starts from it. Where people
# copy long formulas instead, three slips are common. We found:
#
# - `sigmoid(ft)` where the slope `ft * (1 - ft)` belongs, in 11 places: `ft` is already a sigmoid;
# - `tanh(c_prev)` where `tanh(c_next)` belongs, in 10 places;
# - a sum without parentheses, in 6 places: the slope then multiplies its second term only. An old version of the
#   assignment printed the formulas in this way.

# %% [markdown]
# The numbers of the assignment's test, yours and the expected ones:


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

# %% [markdown]
# And the complex step, at every entry of every gradient:

# %%
print(gradcheck.format_table(gradcheck.gradient_table(lstm.lstm_cell_backward)))

# %% [markdown]
# ## What closed gates pass back
#
# In [chapter 4](04_lstm_forward.ipynb), an open forget gate and a closed input gate kept a cell state through fifty random steps. Send a gradient
# back through such a step, at the cell state only. How many of the eleven gradients are not zero?

# %%
rng = np.random.default_rng(0)
wide = initialize.lstm_parameters(rng, n_x=3, n_a=5, n_y=2)
keeping = wide | {"bf": np.full((5, 1), 100.0), "bi": np.full((5, 1), -100.0)}
states = rng.standard_normal((2, 5, 10))
_, _, _, kept = lstm.lstm_cell_forward(rng.standard_normal((3, 10)), *states, keeping)
upstream = rng.standard_normal((5, 10))
closed = lstm.lstm_cell_backward(np.zeros((5, 10)), upstream, kept)
print("not zero:", [name for name, gradient in closed.items() if np.abs(gradient).max() > 1e-12])
print("dc_prev equals dc_next:", np.array_equal(closed["dc_prev"], upstream))

# %% [markdown] answer=true
# One of the eleven, `dc_prev`, and it arrives unchanged. What keeps a memory also keeps a gradient. But the gates themselves
# receive nothing: as long as they are saturated, they do not learn.

# %% [markdown]
# ## Back through the sequence
#
# As in [chapter 3](03_rnn_backward.ipynb), the loop starts at the last step, and the gradients of the shared weights are added. What is
# new: two gradients are carried from step to step. At the hidden state, what comes back is added to `da` of that step. At
# the cell state there is nothing to add: the outputs depend on the hidden state only.

# %% [markdown]
# ### Exercise 5.2: all steps back
#
# *About 18 lines, 30 minutes, ★★★*
#
# - **Given:** `da` (n_a, m, T) and the caches. If `da` covers fewer steps than the forward pass, start at the last step of
#   `da`.
# - **Write:** a loop from the last step to the first, with your `lstm_cell_backward` in it.

# %% exercise="lstm_backward" points=20
from seqgrad.lstm import lstm_backward

# %%
check(lstm_backward)

# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Take your `rnn_backward`. Write down, for one round of the loop, which two gradients enter the cell, and which two it
# returns for the step before. The next round needs both, so store each in a variable. Do both variables have a value
# before the first round?
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** In 11 of the 37 public repositories, neither gradient is carried: each step is computed alone. All
# shapes are right, and for years even the expected numbers that the assignment printed were made in this way. Seven more
# places read `da_prev` and `dc_prev` in the loop, and never assign them, with the same result. Adding to them
# (`da_prev += ...`) is wrong too: what was sent back once would be sent again at every later round.

# %% [markdown]
# In the assignment's test the forward pass takes seven steps, and `da` covers four.


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

# %% [markdown]
# ## If something is not carried
#
# What do the two carried gradients contribute? The next cells use the numbers of the assignment's test again, and a
# backward pass with two switches. `dx[1][2]` has one number for each of the four steps. Which step has the same number in
# all four rows?

# %%
np.random.seed(1)
x, a0 = np.random.randn(3, 10, 7), np.random.randn(5, 10)
shapes = {name + gate: {"W": (5, 8), "b": (5, 1)}[name] for gate in "fioc" for name in "Wb"}
parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
parameters |= {"Wy": np.zeros((2, 5)), "by": np.zeros((2, 1))}
da = np.random.randn(5, 10, 4)
a, y, c, caches = lstm.lstm_forward(x, a0, parameters)


# %%
def dx_when_carrying(hidden, cell):
    """Return dx[1][2] (4,) when the gradients at the hidden and at the cell state are carried, or not."""
    from_hidden, from_cell, numbers = np.zeros((5, 10)), np.zeros((5, 10)), []
    for t in (3, 2, 1, 0):
        back = lstm.lstm_cell_backward(da[:, :, t] + from_hidden, from_cell, caches[0][t])
        from_hidden, from_cell = hidden * back["da_prev"], cell * back["dc_prev"]
        numbers.insert(0, back["dxt"][1, 2])
    return np.array(numbers)


for name, hidden, cell in (("both", 1, 1), ("hidden only", 1, 0), ("cell only", 0, 1), ("neither", 0, 0)):
    print(f"{name:<12}", dx_when_carrying(hidden, cell))

# %% [markdown]
# The last step has the same number in all four rows: nothing comes back to it, so nothing is lost there. Remember the row `neither`. An older printed table
# of expected numbers for this test starts with it, because the function behind that table carried no gradient at all. If
# your numbers agree with such a table, they are wrong.

# %% [markdown]
# ## Watch one gradient travel
#
# A gradient arrives at the last hidden state only, and goes back over ten steps. It splits: one part travels along the
# hidden states, the other along the cell states. Which of the two falls faster on its way: `da`, `dc`, or neither?

# %%
ten = initialize.lstm_parameters(rng, n_x=4, n_a=8, n_y=3)
_, _, _, (steps, _) = lstm.lstm_forward(rng.standard_normal((4, 2, 10)), np.zeros((8, 2)), ten)
at_hidden, at_cell = [rng.standard_normal((8, 2))], [np.zeros((8, 2))]
for cache in reversed(steps):
    back = lstm.lstm_cell_backward(at_hidden[0], at_cell[0], cache)
    at_hidden.insert(0, back["da_prev"])
    at_cell.insert(0, back["dc_prev"])
curves = {"da": np.linalg.norm(at_hidden[:-1], axis=(1, 2)), "dc": np.linalg.norm(at_cell[:-1], axis=(1, 2))}
for name, norms in curves.items():
    print(name, "at the steps 0, 3, 6, 9:", norms[[0, 3, 6, 9]].round(2))


# %%
def show_travel(back):
    """Draw the gradients at both states on their way back."""
    return figures.gradient_travels(curves, back)


widgets.slide(show_travel, back=(9, 0, 9, 1))

# %% [markdown]
# *Figure 5.2. What each step sends back to the hidden state (`da`) and to the cell state (`dc`). In a running notebook, move
# the slider.*
#
# Neither: the two fall together, because they feed each other. At each step a part of `da` enters `dc` through the output
# gate, and a part of `dc` enters `da` through the gates and the candidate.

# %% [markdown]
# And which step reaches which? Put a gradient at one step after the other, and look at which inputs it arrives. Which half
# of the square will be empty: above the diagonal, or below it?

# %%
arrived = np.zeros((6, 6))
for t in range(6):
    impulse = np.zeros((5, 10, 6))
    impulse[:, :, t] = 1
    arrived[:, t] = np.linalg.norm(lstm.lstm_backward(impulse, caches)["dx"], axis=(0, 1))
print("a gradient at step 3 reaches the inputs of steps", np.flatnonzero(arrived[:, 3]))
figures.show(figures.reach(arrived, "gradient put at step", "arrives at the input of step", "gradient"))

# %% [markdown]
# *Figure 5.3. How much of a gradient that is put at one step (column) arrives at the input of each step (row).*
#
# The lower half is empty: a gradient at step t reaches the inputs at t and before, never those after.

# %% [markdown]
# ## The gradient that was right
#
# A student posted the output of the test for `lstm_backward` in a forum. The numbers were not the expected ones. The
# student had read the function over and over, had passed the test of `lstm_cell_backward` in every digit, and could not see
# what was wrong. Here are the posted numbers; all shapes were right.

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
# The student's forward functions had passed their tests too. In which of the four functions is the mistake:
# `lstm_cell_forward`, `lstm_forward`, `lstm_cell_backward` or `lstm_backward`? Write your guess down.
#
# Then look for the pattern: which of the posted numbers are *right*?


# %%
def get_printed_numbers(gradients):
    """Return what the test prints, by name."""
    numbers = {"dx[1][2]": gradients["dx"][1, 2], "da0[2][3]": gradients["da0"][2, 3]}
    for name, row, column in (("dWf", 3, 1), ("dWi", 1, 2), ("dWc", 3, 1), ("dWo", 1, 2)):
        numbers[f"{name}[{row}][{column}]"] = gradients[name][row, column]
    return numbers | {f"db{gate}[4]": gradients["db" + gate][4, 0] for gate in "fico"}


expected = get_printed_numbers(lstm.lstm_backward(da, caches))
for name, value in posted.items():
    same = np.isclose(value, expected[name], rtol=0, atol=1e-8)
    print(f"{name:<10}", "right" if same.all() else "wrong", same if same.size > 1 else "")

# %% [markdown] answer=true
# Four numbers are wrong: `dx` at the first step and only there, `da0`, `dWf` and `dbf`. All others are right to the last
# digit.
#
# So steps 3, 2 and 1 are right, and everything that is carried out of them. At step 0, the gates i, c and o are right.
# The mistake must be in something that only the forget gate of the *first* step uses. Its row in the table is

# %% [markdown]
# $$dz_f = dc \odot c_\text{prev} \odot f \odot (1 - f)$$
#
# The factor $dc$ is right, since the other gates use it too. The gate $f$ was computed inside the step, like the other gates.
# Which factor remains, and where does it come from? And which gradients does a wrong $dz_f$ of step 0 make wrong?

# %% [markdown]
# The factor $c_\text{prev}$ remains. It comes from outside the step: it is the cell state before the first step, and it is
# in the cache of step 0. A wrong $dz_f$ of step 0 makes `dWf`, `dbf`, `da0` and `dx` of that step wrong: exactly the four.
#
# But the backward pass only *reads* the cache. The forward pass writes it. So the forward pass has put a wrong `c_prev` into
# the cache, and has still returned the right $a$, $y$ and $c$. How can that be?

# %% [markdown]
# Many forward passes are written like this one: first they make arrays of zeros, then they fill them step by step. Find the
# line before you run it.


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
# If this is what the student wrote, then the states must be right, and all ten posted numbers must come out, the wrong ones
# too.

# %%
a_theirs, y_theirs, c_theirs, caches_theirs = student_forward(x, a0, parameters)
same = [np.array_equal(*pair) for pair in ((a_theirs, a), (y_theirs, y), (c_theirs, c))]
print("a, y and c right:", *same)

theirs = get_printed_numbers(lstm.lstm_backward(da, caches_theirs))
for name, value in posted.items():
    print(f"{name:<10}", "as posted:", np.allclose(theirs[name], value, rtol=0, atol=1e-8))

# %% [markdown]
# All ten come out, although `lstm_backward` is seqgrad's own here. The student's gradient was right: it was the right gradient of a
# step that never happened. What was in that cache?

# %%
c_prev_of_step_0 = caches_theirs[0][0][3]
print("zeros, as they should be:", not c_prev_of_step_0.any())
print("equal to c after step 0:", np.array_equal(c_prev_of_step_0, c[:, :, 0]))
print("shares memory with c:", np.shares_memory(c_prev_of_step_0, c_theirs))

# %% [markdown] answer=true
# That cache held the cell state *after* step 0. `c[:, :, 0]` is not a copy, it is a *view* of the same memory. When the
# view was taken, the memory held zeros. The step computed with them, correctly, and put the view into its cache. Then
# `c[:, :, 0] = c_next` wrote the new cell state into the same memory, and the view in the cache showed it.

# %% [markdown]
# With the right `c_prev` of zeros, $dz_f$ of the first step is zero: a gate that has nothing to forget learns nothing. No
# test of $a$, $y$ and $c$ can notice the mistake, because only the backward pass looks at the view again.
#
# The repair is an array of its own, `np.zeros((n_a, m))`, or a copy of the view. How many of the ten numbers will be right
# then?

# %%
_, _, c_repaired, caches_repaired = student_forward(x, a0, parameters, c0=np.zeros((5, 10)))
print("shares memory with c:", np.shares_memory(caches_repaired[0][0][3], c_repaired))
repaired = get_printed_numbers(lstm.lstm_backward(da, caches_repaired))
print("right:", sum(np.allclose(repaired[name], expected[name]) for name in expected), "of", len(expected))

# %% [markdown] answer=true
# All ten numbers are right then.
#
# And the function that you wrote down? It is natural to suspect the function whose test fails. But a value can
# be right when it is made, right when it is tested, and wrong when it is used.
#
# What helped was the pattern of what was *right*: three gates and three steps were known to be right before anybody read a
# line of code.

# %% [markdown]
# ## Try it yourself
#
# 1. What does `check(student_forward, "lstm_forward")` say?
# 2. Suppose `a0` were always zero, and a solution started with `a_next = a[:, :, 0]`. Which gradients would this view
#    spoil?
# 3. Leave out the factor `1 - np.tanh(c_next)**2` in a copy of your `lstm_cell_backward`, and predict which gradients
#    change. Which two do not?
# 4. Give the network `ten` a forget bias of 3 in place of 1, and put a gradient at the last of six steps. How much more of
#    it arrives at the first input?

# %% [markdown] only="solutions"
# ### Answers
#
# 1\. It names the view:

# %% only="solutions"
check(student_forward, "lstm_forward")

# %% [markdown] only="solutions"
# 2\. `dWi`, `dWc` and `dWo`. `a_prev` is in the stack, and only the weight gradients are multiplied by the stack. `dWf`
# escapes: `c_prev` of the first step is zero, so `dzf` is zero, whatever the stack is.

# %% only="solutions"
_, _, _, (steps, _) = lstm.lstm_forward(x, np.zeros((5, 10)), parameters)
a_next, c_next, _, *others = steps[0]
viewed = [(a_next, c_next, a_next, *others), *steps[1:]]  # a_prev of the first step shows a_next
right, spoiled = lstm.lstm_backward(da, (steps, x)), lstm.lstm_backward(da, (viewed, x))
print("spoiled:", [name for name in right if not np.allclose(spoiled[name], right[name])])

# %% [markdown] only="solutions"
# 3\. Everything that comes from `dc` changes. `dWo` and `dbo` come from `da_next` alone, and stay.


# %% only="solutions"
def without_tanh(da_next, dc_next, cache):
    """Go back one step as if the output gate acted on the cell state itself."""
    ot, c_next = cache[7], cache[1]
    extra = da_next * ot * np.tanh(c_next) ** 2  # what the factor would have taken away
    gradients = lstm.lstm_cell_backward(da_next, dc_next + extra, cache)
    return gradients


errors = gradcheck.gradient_table(without_tanh, "lstm_cell_backward")
print("right:", [name for name, error in errors.items() if error < 1e-9])

# %% [markdown] only="solutions"
# 4\. Three times as much arrives at the first input: with a bias of 3 the forget gate is near $\sigma(3) = 0.95$ instead of
# 0.73, at every step.

# %% only="solutions"
inputs, impulse = rng.standard_normal((4, 2, 6)), np.zeros((8, 2, 6))
impulse[:, :, 5] = 1
for bias in (1.0, 3.0):
    _, _, _, some = lstm.lstm_forward(inputs, np.zeros((8, 2)), ten | {"bf": np.full((8, 1), bias)})
    dx = lstm.lstm_backward(impulse, some)["dx"]
    print(f"forget bias {bias:.0f}: arrives at the inputs", np.linalg.norm(dx, axis=(0, 1)).round(2))

# %% [markdown]
# ## Further reading
#
# - Greff, Srivastava, Koutník, Steunebrink & Schmidhuber, "LSTM: A Search Space Odyssey", *IEEE Transactions on Neural
#   Networks and Learning Systems* 28 (2017), section II.B: the backward pass; their $\delta$ with a bar is our $dz$.
# - Goodfellow, Bengio & Courville, *Deep Learning* (2016), section 10.10.1; section 10.2.2 for going back through time.
# - NumPy's user guide, "Copies and views".
