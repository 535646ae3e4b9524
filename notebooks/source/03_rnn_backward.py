# %% [markdown]
# # Chapter 3. Send a gradient back through time
#
# **What you will do.** Derive the backward pass of one step, node by node; write it; repeat it from the last step to
# the first; and show that both functions are right without a single expected number.
#
# **What you will know.** You will be able to
#
# - send a gradient back through a sum, a product, a tanh and a broadcast,
# - use shapes to check a formula, and say what they cannot check,
# - carry a gradient from step to step, and add up the gradients of shared weights,
# - test a backward pass with a complex step.
#
# **What is assumed.** The forward pass of [chapter 2](02_rnn_forward.ipynb); derivatives and the chain rule.
#
# **Time.** About 2 hours.

# %% install=true
# The build puts here what installs seqgrad where it is missing.

# %%
import numpy as np

from seqgrad import figures, gradcheck, initialize, rnn, widgets
from seqgrad.check import beside, check

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# ## What a gradient says
#
# A network is trained to make one number small, the *loss* $L$. The *gradient at* an array says, for each entry, how
# fast $L$ changes when this entry changes. We write `da` for the gradient at `a`.
#
# Take two numbers $a = (2, 1)$ and the loss $L = a_1^2 + 3 a_2$. What is `da`?


# %%
def loss(a):
    """Return a number that depends on both entries of a."""
    return a[0] ** 2 + 3 * a[1]


a, nudge = np.array([2.0, 1.0]), 1e-6
for entry in np.eye(2):
    print(f"{(loss(a + nudge * entry) - loss(a)) / nudge:.3f}")

# %% [markdown] answer=true
# `da` is (4, 3): $2 a_1$ and 3. A gradient has the shape of the array at which it is taken, always. This will be our
# first check of every formula.

# %% [markdown]
# ## One step as a graph
#
# Here is one step of the RNN, taken apart into its operations, the *nodes*.
#
# ![A graph. Forward, solid arrows: Wax and xt meet in a product, Waa and a_prev meet in a product, ba is repeated for
# every example; the three results are added to z, and the tanh of z is a_next. Backward, dashed arrows: da_next passes
# the tanh and becomes dz, dz passes the sum into all three branches, and each product sends one gradient to its
# weights and one to its input.](../figures/rnn_graph.svg)
#
# *Figure 3.1. One step of the RNN. Values go forward along the solid arrows, gradients come back along the dashed
# ones. The numbers 1 to 4 are the kinds of nodes, in the order of the text.*

# %% [markdown]
# Forward, each node computes its output from its inputs. Backward, it does the opposite: it receives the gradient at
# its output, the *upstream gradient*, and sends a gradient to each input. By the chain rule,
#
# **gradient at an input = upstream gradient × local derivative.**
#
# The *local derivative* says how much the output changes when this input changes. There are only four kinds of nodes.

# %% [markdown]
# ## Node 1: the tanh
#
# For $\tanh z = \sinh z / \cosh z$, the quotient rule gives the derivative
#
# $$\frac{\cosh^2 z - \sinh^2 z}{\cosh^2 z} = 1 - \tanh^2 z$$
#
# and this is $1 - a^2$. So $dz = da \odot (1 - a^2)$, where ⊙ is the product entry by entry. The local derivative needs
# only $a$, which is in the cache; $z$ is not kept.

# %% [markdown]
# The upstream gradient is 2 at each of three units. Their pre-activations are 0, 1 and 4. Which unit passes least of
# the gradient back?

# %%
z = np.array([0.0, 1.0, 4.0])
a = np.tanh(z)
print("local derivative:", (1 - a**2).round(4))
print("gradient at z:   ", (2 * (1 - a**2)).round(4))

# %% [markdown] answer=true
# The unit at 4 passes least, almost nothing: it is saturated. The unit at 0 passes everything.
#
# *Shapes:* upstream gradient, local derivative and `dz` are all (n_a, m).

# %% [markdown]
# ## Node 2: the sum
#
# Forward, $z = u + v + b$. When $u$ grows by 1, $z$ grows by 1, so the local derivative is 1, for each summand.
#
# Take two summands and the upstream gradient 3. Does each summand receive 3, or 1.5?

# %%
u, v, nudge = 0.7, -0.2, 1e-6
before = 3 * (u + v)  # a loss whose gradient at z = u + v is 3
print(f"at u: {(3 * ((u + nudge) + v) - before) / nudge:.3f}")
print(f"at v: {(3 * (u + (v + nudge)) - before) / nudge:.3f}")

# %% [markdown] answer=true
# Each receives 3. A sum does not divide the gradient; it sends a full copy of `dz` into every branch.
#
# *Shapes:* all the same, (n_a, m).

# %% [markdown]
# ## Node 3: the product
#
# First one example: $z = W x$, or $z_i = \sum_j W_{ij}\, x_j$ with indices. The figure shows it for two inputs and two
# outputs.
#
# ![Two inputs, x1 = 5 and x2 = 6, are connected with two outputs, z1 = 17 and z2 = 39, by four weights: W11 = 1, W12 =
# 2, W21 = 3, W22 = 4. At the outputs, dz1 = 10 and dz2 = 100. The gradients at the inputs are to be
# found.](../figures/product.svg)
#
# *Figure 3.2. A product in numbers. The gradients at $z$ are 10 and 100.*

# %% [markdown]
# How does $x_1$ reach the loss? Along two paths: through $z_1$ with the factor $W_{11}$, and through $z_2$ with the
# factor $W_{21}$. What comes back along several paths is added. In general
#
# $$dx_j = \sum_i W_{ij}\, dz_i$$
#
# or, without indices, $dx = W^{\mathsf T} dz$.

# %% [markdown]
# And the weight $W_{ij}$? It reaches the loss along one path only, through $z_i$, with the factor $x_j$:
#
# $$dW_{ij} = dz_i\, x_j$$
#
# or, without indices, $dW = dz\; x^{\mathsf T}$.
#
# Work out `dx[0]` and `dW[0, 1]` by hand, from the numbers in figure 3.2.

# %%
W = np.array([[1.0, 2.0], [3.0, 4.0]])
x, dz = np.array([[5.0], [6.0]]), np.array([[10.0], [100.0]])
print("dx =", (W.T @ dz).ravel())
print("dW =", (dz @ x.T).tolist())

# %% [markdown]
# `dx[0]` is $1 \cdot 10 + 3 \cdot 100 = 310$, and `dW[0, 1]` is $10 \cdot 6 = 60$.
#
# *Shapes:* `dx` must be (n_x, 1). From `W` (n_a, n_x) and `dz` (n_a, 1), only $W^{\mathsf T} dz$ has this shape. `dW`
# must be (n_a, n_x), and only $dz\, x^{\mathsf T}$ is.

# %% [markdown]
# ### The product with a batch
#
# Now $x$ has $m$ columns, and each column of $z$ is made from one column of $x$. So $dx = W^{\mathsf T} dz$ holds for each
# column. But all examples share the weights.
#
# Take one hidden unit and two examples, (1, 0) and (10, 1), with the upstream gradient 1 for each. What will
# $dz\, x^{\mathsf T}$ be: one row for each example, or the sum of the two?

# %%
x, dz = np.array([[1.0, 10.0], [0.0, 1.0]]), np.array([[1.0, 1.0]])
print("both:      ", dz @ x.T)
print("one by one:", dz[:, :1] @ x[:, :1].T, "and", dz[:, 1:] @ x[:, 1:].T)

# %% [markdown] answer=true
# It is the sum of the two. A shared weight reaches the loss through every example, so what comes back from all examples is
# added. The matrix product does this by itself.
#
# *Shapes:* `dz` (n_a, m) times `x.T` (m, n_x) is (n_a, n_x), the shape of the weights. The product sums over the axis of
# length $m$.

# %% [markdown]
# ## Node 4: the bias
#
# The bias is one column, repeated for all $m$ examples. It is shared like a weight: $db = \sum_\text{batch} dz$. What is
# *broadcast* forward is *summed* backward.
#
# Two units, ten examples, and `dz` is 1 everywhere. Which numbers are in `db`, and which shape must it have?

# %%
dz = np.ones((2, 10))
print(dz.sum(axis=1).shape, dz.sum(axis=1, keepdims=True).shape)
print(dz.sum(axis=1, keepdims=True).ravel())

# %% [markdown] answer=true
# `db` contains 10 twice, in the shape (2, 1), the shape of the bias. `keepdims=True` keeps the second axis; without it
# the shape is (2,), which NumPy would treat as a row.

# %% [markdown]
# ## The four rules
#
# | node | forward | what comes back |
# | --- | --- | --- |
# | tanh | $a = \tanh z$ | $dz = da \odot (1 - a^2)$ |
# | sum | $z = u + v$ | $du = dz$ and $dv = dz$ |
# | product | $u = W x$ | $dx = W^{\mathsf T} du$ and $dW = du\; x^{\mathsf T}$ |
# | bias | $v$ is $b$, repeated $m$ times | $db$ is $dv$, summed over the batch |
#
# The LSTM of [chapter 5](05_lstm_backward.ipynb) needs only two more.

# %% [markdown]
# ## One step by hand
#
# One input, two hidden units, one example, so you can compute everything on paper:
#
# $$x = 2, \quad a_\text{prev} = \begin{pmatrix}1\\-1\end{pmatrix}, \quad W_{ax} = \begin{pmatrix}1\\ \tfrac12\end{pmatrix}$$
#
# $$W_{aa} = \begin{pmatrix}-1 & 2\\ 1 & 2\end{pmatrix}, \quad b_a = \begin{pmatrix}1\\1\end{pmatrix}$$
#
# Compute $z$, then $a = \tanh z$. You need $\tanh 0 = 0$ and $\tanh 1 = 0.76$.

# %%
xt, a_prev = np.array([[2.0]]), np.array([[1.0], [-1.0]])
tiny = {"Wax": np.array([[1.0], [0.5]]), "Waa": np.array([[-1.0, 2.0], [1.0, 2.0]]), "ba": np.ones((2, 1))}
tiny |= {"Wya": np.ones((2, 2)), "by": np.zeros((2, 1))}  # a prediction that nobody asks for
a_next, _, cache = rnn.rnn_cell_forward(xt, a_prev, tiny)
print("a_next =", a_next.ravel().round(2))

# %% [markdown]
# | | unit 1 | unit 2 |
# | --- | --- | --- |
# | $W_{ax}\, x$ | $1 \cdot 2 = 2$ | $\tfrac12 \cdot 2 = 1$ |
# | $W_{aa}\, a_\text{prev}$ | $-1 - 2 = -3$ | $1 - 2 = -1$ |
# | $b_a$ | 1 | 1 |
# | $z$, the sum | 0 | 1 |
# | $a = \tanh z$ | 0 | 0.76 |
# | local derivative $1 - a^2$ | 1 | 0.42 |

# %% [markdown]
# Backward, with the upstream gradient $(3, 2)$ at $a$. Compute first `dz`, then `da_prev`, then `dWaa`. You have a rule
# for each of them.

# %%
tiny_gradients = rnn.rnn_cell_backward(np.array([[3.0], [2.0]]), cache)
for name, gradient in tiny_gradients.items():
    print(f"{name:<8}", gradient.round(2).tolist())

# %% [markdown]
# | | by hand |
# | --- | --- |
# | `dz` | 3 · 1 = 3 and 2 · 0.42 = 0.84 |
# | `dxt` | 1 · 3 + ½ · 0.84 = 3.42 |
# | `da_prev` | −1 · 3 + 1 · 0.84 = −2.16 and 2 · 3 + 2 · 0.84 = 7.68 |
# | `dWax` | 3 · 2 = 6 and 0.84 · 2 = 1.68 |
# | `dWaa` | the rows 3 · (1, −1) and 0.84 · (1, −1) |
# | `dba` | 3 and 0.84: with one example, the sum is `dz` |

# %% [markdown]
# ### Exercise 3.1: one step back
#
# *About 6 lines, 20 minutes, ★★☆*
#
# - **Given:** `da_next`, the gradient at the new state, and the cache of the step.
# - **Write:** `dz`, and from it the five gradients. Go back through figure 3.1 from right to left: node 1, node 2, then
#   nodes 3 and 4.

# %% exercise="rnn_cell_backward" points=15
from seqgrad.rnn import rnn_cell_backward

# %%
check(rnn_cell_backward)

# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Write down six shapes first: `dz` has the shape of `a_next`, and each gradient has the shape of its array. Then write
# one rule beside each shape. Test your lines on the step by hand: `dz` must be (3, 0.84).
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** All five gradients start from `dz`, so it is computed once. The slips that we found in public
# code:
#
# - `da_next *= ...` changes the caller's array, so that a second call gives another result (twice);
# - the local derivative is taken at the wrong place, `1 - a_prev**2`, or is wrong itself, `1 + a_next**2`;
# - the weight gradient comes out transposed, `xt @ dz.T`, or `Waa` is not transposed in `da_prev`.

# %% [markdown]
# The numbers of the assignment's test, yours and the expected ones:


# %%
def test(rnn_cell_backward):
    """Print what the assignment's test cell prints."""
    np.random.seed(1)
    xt = np.random.randn(3, 10)
    a_prev = np.random.randn(5, 10)
    shapes = {"Wax": (5, 3), "Waa": (5, 5), "Wya": (2, 5), "ba": (5, 1), "by": (2, 1)}
    parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
    _, _, cache = rnn.rnn_cell_forward(xt, a_prev, parameters)
    gradients = rnn_cell_backward(np.random.randn(5, 10), cache)
    for name, row, column in (("dxt", 1, 2), ("da_prev", 2, 3), ("dWax", 3, 1), ("dWaa", 1, 2)):
        print(f'gradients["{name}"][{row}][{column}] = {gradients[name][row, column]:.8f}')
        print(f'gradients["{name}"].shape = {gradients[name].shape}')
    print('gradients["dba"][4] =', gradients["dba"][4])
    print('gradients["dba"].shape =', gradients["dba"].shape)


beside(test, rnn.rnn_cell_backward, rnn_cell_backward)

# %% [markdown]
# ## What shapes cannot check
#
# Suppose you forget to transpose `Waa`. Which of the five gradients are wrong then, and which error does NumPy report?

# %%
Waa, dz = np.arange(25.0).reshape(5, 5), np.ones((5, 10))
print((Waa.T @ dz).shape, (Waa @ dz).shape)
print((Waa.T @ dz)[:, 0], (Waa @ dz)[:, 0])

# %% [markdown] answer=true
# Only `da_prev` is wrong, and NumPy reports no error: `Waa` is square, so both products fit. A wrong shape proves a
# mistake. A right shape proves nothing.

# %% [markdown]
# ## Proof without a reference
#
# A gradient says how fast the loss changes when an entry changes. So test it: change an entry by a small $h$, and measure
# the loss. With a real $h$ you subtract two nearly equal numbers, and lose digits. With an *imaginary* $h$ you subtract
# nothing. Taylor's formula says
#
# $$f(x + ih) = f(x) + ih\, f'(x) + O(h^2)$$
#
# so the imaginary part, divided by $h$, is $f'(x)$, up to a term in $h^2$. Such an $h$ is called a *complex step*.

# %% [markdown]
# The exact derivative of tanh at 1 is $1 - \tanh^2 1$. Here are four attempts to measure it: three differences with
# $h$ = 10⁻⁴, 10⁻⁸ and 10⁻¹², and a complex step with $h$ = 10⁻³⁰. How many of the four are right to twelve digits?

# %%
exact = 1 - np.tanh(1.0) ** 2
for h in (1e-4, 1e-8, 1e-12):
    difference = (np.tanh(1 + h) - np.tanh(1 - h)) / (2 * h)
    print(f"difference, h = {h:.0e}: error {'above' if abs(difference - exact) > 1e-12 else 'below'} 1e-12")
complex_step = np.tanh(1 + 1e-30j).imag / 1e-30
print(f"complex,    h = 1e-30: error {'above' if abs(complex_step - exact) > 1e-15 else 'below'} 1e-15")

# %% [markdown] answer=true
# One of the four, the complex step. A real step of 10⁻⁴ is not small enough, and smaller ones lose too many digits.
#
# `gradcheck.gradient_table` takes a complex step at every entry of every array, and compares. Here it tests seqgrad's
# function; give it `rnn_cell_backward` to test yours.

# %%
print(gradcheck.format_table(gradcheck.gradient_table(rnn.rnn_cell_backward)))

# %% [markdown]
# ## Two steps back
#
# What happens to a gradient that goes back through several steps? The smallest case has one unit and no tanh:
# $a^{\langle t\rangle} = x^{\langle t\rangle} + 0.5\, a^{\langle t-1\rangle}$. The loss is the last state,
# $a^{\langle 3\rangle}$. How large is the gradient at the first input: 0.5, 0.25 or 0.125?


# %%
def last_state(x):
    """Return the third state of a linear unit."""
    a = 0.0
    for xt in x:
        a = xt + 0.5 * a
    return a


for step, entry in enumerate(np.eye(3), start=1):
    print(f"gradient at input {step}: {(last_state(1e-6 * entry) - last_state(np.zeros(3))) / 1e-6:.3f}")

# %% [markdown] answer=true
# It is 0.25: on its way from the third state to the first, the gradient is multiplied by the weight twice, once
# for each step back.
#
# With a matrix and a tanh, each step back multiplies by the local derivative and by $W_{aa}^{\mathsf T}$.

# %% [markdown]
# ## Back through the sequence
#
# In a sequence, a state reaches the loss along two paths: through the output of its own step, and through the next
# state. So two gradients arrive at it, and they are added.
#
# ![Three steps of the RNN in a row. States go forward from left to right. At each state a gradient da arrives from the
# output of its own step; it is added to what comes back from the step after it. The sum goes through the cell: to the
# input, to the shared weights, and to the state before.](../figures/rnn_unrolled.svg)
#
# *Figure 3.3. Three steps, forward and backward.*

# %% [markdown]
# The argument `da`, of shape (n_a, m, T_x), holds the gradients of the first kind only. Those of the second kind are
# computed on the way: each cell returns a `da_prev`, which the step before it adds to its own `da`. So the loop starts
# at the last step.
#
# And since all steps share the weights, their gradients are added over time, as they are over the batch:
#
# $$dW_{ax} = \sum_{t=1}^{T_x} dW_{ax}^{\langle t\rangle}$$

# %% [markdown]
# ### Exercise 3.2: backpropagation through time
#
# *About 12 lines, 30 minutes, ★★★*
#
# - **Given:** `da` (n_a, m, T) and the caches of the forward pass. T may be smaller than T_x: then the pass runs over
#   the first T steps.
# - **Write:** a loop from the last step to the first, with your `rnn_cell_backward` in it.
#
# Which gradient enters the cell of step `t`?

# %% exercise="rnn_backward" points=15
from seqgrad.rnn import rnn_backward

# %%
check(rnn_backward)

# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Write down the last two rounds of the loop for T = 2, on paper, from figure 3.3. In the round of step 1 only `da[:, :, 1]`
# enters the cell. In the round of step 0, two gradients enter: which, and where do you get the second one from?
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** In four public solutions what comes back from the next step is never added: each step then sees
# its own `da` only, and every shape is right. In four more, the sizes are read from `caches[1]`, the second step's
# cache, which does not exist for a sequence of one step; the assignment's own solution does this. And an `=` in place of
# `+=` keeps the weights' gradient of the first time step only, because the loop visits it last.


# %%
def test(rnn_backward):
    """Print what the assignment's test cell prints."""
    np.random.seed(1)
    x = np.random.randn(3, 10, 4)
    a0 = np.random.randn(5, 10)
    shapes = {"Wax": (5, 3), "Waa": (5, 5), "Wya": (2, 5), "ba": (5, 1), "by": (2, 1)}
    parameters = {name: np.random.randn(*shape) for name, shape in shapes.items()}
    _, _, caches = rnn.rnn_forward(x, a0, parameters)
    gradients = rnn_backward(np.random.randn(5, 10, 4), caches)
    print('gradients["dx"][1][2] =', gradients["dx"][1][2])
    print('gradients["dx"].shape =', gradients["dx"].shape)
    for name, row, column in (("da0", 2, 3), ("dWax", 3, 1), ("dWaa", 1, 2)):
        print(f'gradients["{name}"][{row}][{column}] = {gradients[name][row, column]:.8f}')
        print(f'gradients["{name}"].shape = {gradients[name].shape}')
    print('gradients["dba"][4] =', gradients["dba"][4])
    print('gradients["dba"].shape =', gradients["dba"].shape)


beside(test, rnn.rnn_backward, rnn_backward)

# %% [markdown]
# ## Watch one gradient travel
#
# Ten steps, eight units. A gradient arrives at the last state only, and goes back from state to state. Sketch the curve
# of its norm before you look: does it fall by the same *amount* at each step, or by about the same *factor*?

# %%
rng = np.random.default_rng(0)
eight = initialize.rnn_parameters(rng, n_x=4, n_a=8, n_y=3)
eight["Waa"], _ = np.linalg.qr(rng.standard_normal((8, 8)))  # a rotation: it keeps every norm
_, _, (steps, _) = rnn.rnn_forward(0.5 * rng.standard_normal((4, 2, 10)), np.zeros((8, 2)), eight)
travelling = [rng.standard_normal((8, 2))]
for cache in reversed(steps[1:]):
    travelling.insert(0, rnn.rnn_cell_backward(travelling[0], cache)["da_prev"])
norms = np.linalg.norm(travelling, axis=(1, 2))
print("factor at each step back:", (norms[:-1] / norms[1:])[::-1].round(2))


# %%
def show_travel(back):
    """Draw the gradient on its way back."""
    return figures.gradient_travels({"da": norms}, back)


widgets.slide(show_travel, back=(9, 0, 9, 1))

# %% [markdown]
# *Figure 3.4. A gradient that is put at the last state, on its way back. In a running notebook, move the slider.*
#
# It falls by about the same factor, here between 0.67 and 0.92: on the logarithmic axis the curve is nearly a straight line. The
# matrix is a rotation here, so the tanh alone makes the gradient smaller. [Chapter 7](07_what_vanishes.ipynb) is about
# this factor.

# %% [markdown]
# ## Which step reaches which
#
# Now put a gradient at one step after the other, and look at which inputs it arrives. Six steps, 0 to 5. A gradient is
# put at step 3: at which inputs is `dx` zero, at 0 to 2 or at 4 and 5?

# %%
small = initialize.rnn_parameters(rng, n_x=4, n_a=6, n_y=3)
_, _, caches = rnn.rnn_forward(rng.standard_normal((4, 2, 6)), np.zeros((6, 2)), small)
impulse = rng.standard_normal((6, 2))

# %%
arrived = np.zeros((6, 6))
for t in range(6):
    da = np.zeros((6, 2, 6))
    da[:, :, t] = impulse
    arrived[:, t] = np.linalg.norm(rnn.rnn_backward(da, caches)["dx"], axis=(0, 1))
print("dx is zero at", np.flatnonzero(arrived[:, 3] == 0))
figures.show(figures.reach(arrived, "gradient put at step", "arrives at the input of step", "gradient"))

# %% [markdown]
# *Figure 3.5. How much of a gradient that is put at one step (column) arrives at the input of each step (row).*
#
# `dx` is zero at 4 and 5: an input has no effect on what happened before it was read. This is figure 2.2 with rows and
# columns exchanged. Such a square also shows mistakes: when nothing is carried from step to step, only its diagonal is
# filled.

# %% [markdown]
# ## A sequence of one step
#
# A sequence of one step must give what the cell gives. The assignment's own solution fails this test.

# %%
_, _, short = rnn.rnn_forward(rng.standard_normal((4, 2, 1)), np.zeros((6, 2)), small)
sequence = rnn.rnn_backward(impulse[:, :, np.newaxis], short)
cell = rnn.rnn_cell_backward(impulse, short[0][0])
print("dWax is the same:", np.array_equal(sequence["dWax"], cell["dWax"]))
print("da0 is the cell's da_prev:", np.array_equal(sequence["da0"], cell["da_prev"]))

# %% [markdown]
# And the whole sequence against the complex step:

# %%
print(gradcheck.format_table(gradcheck.gradient_table(rnn.rnn_backward)))

# %% [markdown]
# ## Try it yourself
#
# 1. Leave the factor $1 - a^2$ out of a copy of your `rnn_cell_backward`, and give it to `gradcheck.gradient_table`. Which
#    rows are wrong?
# 2. Use `Waa` in place of its transpose. Which rows are wrong now?
# 3. In a copy of your `rnn_backward`, assign `dWax` in the loop where you should add. From which time step is the
#    `dWax` that it returns?
# 4. Multiply `small["Waa"]` by 0.3 and draw figure 3.5 again. What happens far from the diagonal?

# %% [markdown] only="solutions"
# ### Answers
#
# 1\. All five rows are wrong, because all five gradients start from `dz`.


# %% only="solutions"
def without_factor(da_next, cache):
    """Go back one step as if the tanh were not there."""
    _, a_prev, xt, parameters = cache
    dxt, da_prev = parameters["Wax"].T @ da_next, parameters["Waa"].T @ da_next
    dba = da_next.sum(axis=1, keepdims=True)
    return {"dxt": dxt, "da_prev": da_prev, "dWax": da_next @ xt.T, "dWaa": da_next @ a_prev.T, "dba": dba}


errors = gradcheck.gradient_table(without_factor, "rnn_cell_backward")
print("wrong:", [name for name, error in errors.items() if error > 1e-9])

# %% [markdown] only="solutions"
# 2\. Only the row of `da_prev` is wrong: no other gradient uses `Waa`.


# %% only="solutions"
def not_transposed(da_next, cache):
    """Go back one step with Waa where its transpose belongs."""
    gradients = rnn.rnn_cell_backward(da_next, cache)
    a_next, _, _, parameters = cache
    return gradients | {"da_prev": parameters["Waa"] @ (da_next * (1 - a_next**2))}


errors = gradcheck.gradient_table(not_transposed, "rnn_cell_backward")
print("wrong:", [name for name, error in errors.items() if error > 1e-9])

# %% [markdown] only="solutions"
# 3\. From the first time step, because the loop visits it last. Here is what each step adds:

# %% only="solutions"
da = rng.standard_normal((6, 2, 6))
carried = np.zeros((6, 2))
for t in reversed(range(6)):
    gradients = rnn.rnn_cell_backward(da[:, :, t] + carried, caches[0][t])
    carried = gradients["da_prev"]
    print(f"step {t}: dWax[0, 0] = {gradients['dWax'][0, 0]:7.4f}")
print(f"sum:    dWax[0, 0] = {rnn.rnn_backward(da, caches)['dWax'][0, 0]:7.4f}")

# %% [markdown] only="solutions"
# 4\. Far from the diagonal the numbers become very small: each step back multiplies the gradient by the smaller matrix
# once more.

# %% only="solutions"
weak = small | {"Waa": 0.3 * small["Waa"]}
_, _, weak_caches = rnn.rnn_forward(caches[1], np.zeros((6, 2)), weak)
da = np.zeros((6, 2, 6))
da[:, :, 5] = impulse
for name, some in (("as before", caches), ("0.3 Waa", weak_caches)):
    dx = rnn.rnn_backward(da, some)["dx"]
    print(f"{name:<10}", " ".join(f"{n:.0e}" for n in np.linalg.norm(dx, axis=(0, 1))))

# %% [markdown]
# ## Further reading
#
# - Goodfellow, Bengio & Courville, *Deep Learning* (2016), section 6.5 (back-propagation in a graph) and section 10.2.2
#   (the gradient in a recurrent network; their h is our a).
# - Werbos, "Backpropagation through time: what it does and how to do it", *Proceedings of the IEEE* 78 (1990).
# - Squire & Trapp, "Using Complex Variables to Estimate Derivatives of Real Functions", *SIAM Review* 40 (1998): the
#   complex step.
