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
# # Send a gradient back through time
#
# **What you will do.** Write the backward pass of one step, repeat it from the last step to the first, and
# prove both right without being told a single number.
#
# **What you will know.** You will be able to
#
# - pull a gradient back through a tanh, a product and a sum,
# - name a gradient after the place where it is taken,
# - carry it from step to step and add up what all steps say about their shared weights,
# - test a backward pass by a complex step and by its reach in time.
#
# **What is assumed.** The forward pass of chapter 2; the chain rule.

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

from seqgrad import figures, gradcheck, initialize, rnn
from seqgrad.check import beside, check

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# ## What a gradient says
#
# At the end of the network stands a loss, one number. The *gradient* of the loss at an array, `da` at `a`,
# says for each entry how much the loss grows when that entry grows a little. So it has the shape of the array,
# and it is named after the place where it is taken.
#
# One unit: $a = \tanh(z)$, and the gradient at $a$ is 2. Before you run the cell: for which of these $z$ does
# least of it reach $z$?

# %%
z = np.array([0.0, 1.0, 4.0])
a = np.tanh(z)
print("slope of tanh:", (1 - a**2).round(4))
print("dz:           ", (2 * (1 - a**2)).round(4))

# %% [markdown]
# The slope of the tanh is $1 - \tanh^2 z = 1 - a^2$: all of the gradient passes at 0, next to nothing at 4.
# Such a unit is *saturated*. And the slope needs $a$ alone, which is in the cache; $z$ is not kept.

# %% [markdown]
# ## Through a product
#
# With $z = W x$, entry $z_i$ grows by $W_{ij}$ when $x_j$ grows by 1, so $x_j$ collects $W_{ij}\, dz_i$ from
# every $i$: that is $dx = W^{\mathsf T} dz$. In the same way $W_{ij}$ acts through $z_i$ alone, with strength
# $x_j$: that is $dW = dz\, x^{\mathsf T}$.
#
# Before you run the cell: `x` holds a batch of two examples. What does the product `dz @ x.T` do with them?

# %%
x = np.array([[1.0, 10.0], [0.0, 1.0]])
dz = np.array([[1.0, 1.0]])
print("together:", dz @ x.T)
print("apart:   ", dz[:, :1] @ x[:, :1].T, "and", dz[:, 1:] @ x[:, 1:].T)


# %% [markdown]
# It sums over the batch, since all examples share the weights. The shapes leave no other choice: `dz` is
# (n_a, m), `x.T` is (m, n_x), and `dW` has to be (n_a, n_x). The bias is shared in the same way, so `dba` is the
# sum of `dz` along the batch, kept as a column.

# %% [markdown]
# ## One step back
#
# Forward was $a^{\langle t\rangle} = \tanh(z)$ with $z = W_{ax}\, x^{\langle t\rangle} + W_{aa}\, a^{\langle t-1\rangle} +
# b_a$. Backward, from the gradient at the new state:
#
# $$dz = da^{\langle t\rangle} \odot \bigl(1 - (a^{\langle t\rangle})^2\bigr) \qquad (n_a, m)$$
#
# $$dx^{\langle t\rangle} = W_{ax}^{\mathsf T}\, dz, \qquad da^{\langle t-1\rangle} = W_{aa}^{\mathsf T}\, dz, \qquad
# dW_{ax} = dz\, (x^{\langle t\rangle})^{\mathsf T}, \qquad dW_{aa} = dz\, (a^{\langle t-1\rangle})^{\mathsf T}, \qquad
# db_a = \sum_i dz^{(i)}$$
#
# Before you write it: which of these five stay right if you forget to transpose `Waa`, and which error will
# NumPy report?

# %% [markdown]
# ### Exercise 3.1: one step back
#
# Complete `rnn_cell_backward`. The comments are the steps.

# %% exercise="rnn_cell_backward" points=15
def rnn_cell_backward(da_next, cache):
    """Send a gradient back through one step of the RNN.

    Parameters
    ----------
    da_next : (n_a, m)
    cache : tuple
        ``(a_next, a_prev, xt, parameters)``, as `rnn_cell_forward` returned it.

    Returns
    -------
    dict
        ``dxt`` (n_x, m), ``da_prev`` (n_a, m), ``dWax`` (n_a, n_x),
        ``dWaa`` (n_a, n_a), ``dba`` (n_a, 1).  Weight gradients are summed over the
        batch, not averaged.
    """
    a_next, a_prev, xt, parameters = cache
    Wax, Waa = parameters["Wax"], parameters["Waa"]

    # The gradient at the pre-activation z: back through the tanh.
    dz = None

    # The gradients at the input and at the previous state: back through the products.
    dxt = None
    da_prev = None

    # The gradients at the weights and at the bias; each is a sum over the batch.
    dWax = None
    dWaa = None
    dba = None

    return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}


# %%
check(rnn_cell_backward)


# %% [markdown]
# All but `da_prev` stay right, and NumPy reports nothing: `Waa` is square, so the product fits either way.
# That is why a shape that fits proves little.
#
# The numbers of the assignment's test, yours and the expected ones.

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
# ## Proof without a reference
#
# Move an entry by a small $h$ and see how the loss moves: that is what a gradient claims to know. With a real
# $h$ the difference of two nearly equal numbers loses digits. An *imaginary* $h$ loses none: the derivative
# stands in the imaginary part, and nothing is subtracted.
#
# $$f(x + ih) = f(x) + ih\, f'(x) + O(h^2)$$
#
# Before you run the cell: the derivative of tanh at 1 is $1 - \tanh^2 1$. Which of the four attempts get twelve
# digits right?

# %%
exact = 1 - np.tanh(1.0) ** 2
for h in (1e-4, 1e-8, 1e-12):
    difference = (np.tanh(1 + h) - np.tanh(1 - h)) / (2 * h)
    print(f"difference, h = {h:.0e}: error {'above' if abs(difference - exact) > 1e-12 else 'below'} 1e-12")
complex_step = np.tanh(1 + 1e-30j).imag / 1e-30
print(f"complex,    h = 1e-30: error {'above' if abs(complex_step - exact) > 1e-15 else 'below'} 1e-15")

# %% [markdown]
# Only the last: among real steps, a large one is not small enough and a small one loses its digits.
#
# `gradcheck.gradient_table` takes complex steps at every entry of every array. It runs seqgrad's
# function here; give it your own, `gradient_table(rnn_cell_backward)`, and it tells you which of your gradients
# is wrong.

# %%
print(gradcheck.format_table(gradcheck.gradient_table(rnn.rnn_cell_backward)))


# %% [markdown]
# ## Back through the sequence
#
# In a sequence the loss hears of a state in two ways: through the output of its own step, and through all
# later states. The argument `da` of shape (n_a, m, T_x) holds the first kind only. The second kind comes back
# from the step after it, and the two are added.
#
# ![Three steps of the RNN in a row. States go forward from left to right; at each state a gradient da arrives
# from its own output, joins what comes back from the step after it, and goes through the cell to the input, to
# the shared weights, and to the state before.](../figures/rnn_unrolled.svg)
#
# So the last step comes first: nothing comes back to it. And since every step has the same weights, what each
# says about them is added up:
#
# $$dW_{ax} = \sum_{t=1}^{T_x} dW_{ax}^{\langle t\rangle}, \quad \text{and so for } dW_{aa} \text{ and } db_a.$$
#
# Before you write it: if you assign in the loop where you should add, from which step is the `dWax` that you
# return?

# %% [markdown]
# ### Exercise 3.2: backpropagation through time
#
# Complete `rnn_backward`, with your `rnn_cell_backward` for each step. `da` may have fewer steps than $x$;
# then the pass runs over those.

# %% exercise="rnn_backward" points=15
def rnn_backward(da, caches):
    """Send gradients back through the sequence: backpropagation through time.

    Parameters
    ----------
    da : (n_a, m, T)
    caches : tuple
        ``(list of cell caches, x)``, as `rnn_forward` returned it.

    Returns
    -------
    dict
        ``dx`` (n_x, m, T), ``da0`` (n_a, m), ``dWax`` (n_a, n_x), ``dWaa`` (n_a, n_a),
        ``dba`` (n_a, 1). Weight gradients are summed over the batch and over time.
    """
    steps, x = caches
    T = da.shape[2]
    parameters = steps[0][3]

    # Zeros: for the gradient at each input, and for three sums over all steps.
    dx = None
    dWax = None
    dWaa = None
    dba = None

    # No later step sends a gradient back to the last one.
    da_prev = None

    for t in reversed(range(T)):
        # The gradient at this state, from two sides: from the output of this step, and
        # from the step after it.
        da_next = None

        # One step back. Keep the gradient at the previous state for the next round.
        step = None
        da_prev = None

        # Store the gradient at this step's input.
        ...

        # All steps share the weights and the bias, so their gradients add up.
        dWax = None
        dWaa = None
        dba = None

    # After the last round this is the gradient at the state before the first step.
    da0 = None

    return {"dx": dx, "da0": da0, "dWax": dWax, "dWaa": dWaa, "dba": dba}


# %%
check(rnn_backward)


# %% [markdown]
# From the first step, which is visited last. Its cache is `caches[0][0]`.

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
# ## Which step reaches which
#
# The backward pass is linear in `da`, so it can be taken apart: put a gradient at one step alone and look at
# which inputs it arrives. Before you run the cell: a gradient at step 5 of eight; which of the `dx` are zero?

# %%
n_x, n_a, n_y, m, T_x = 4, 6, 3, 2, 8
rng = np.random.default_rng(0)
small = initialize.rnn_parameters(rng, n_x, n_a, n_y)
_, _, caches = rnn.rnn_forward(rng.standard_normal((n_x, m, T_x)), np.zeros((n_a, m)), small)
impulse = rng.standard_normal((n_a, m))

# %%
reached = np.zeros((T_x, T_x))
for t in range(T_x):
    da = np.zeros((n_a, m, T_x))
    da[:, :, t] = impulse
    reached[:, t] = np.linalg.norm(rnn.rnn_backward(da, caches)["dx"], axis=(0, 1))
print("zero for a gradient at step 5: dx at", np.flatnonzero(reached[:, 5] == 0))

# %%
figures.show(
    figures.reach(reached, "gradient put at step", "arrives at the input of step", "gradient"),
    "A square of eight by eight: how much of a gradient put at each step (column) arrives at the input of each step "
    "(row). Everything below the diagonal is empty; above it the numbers fade away from the diagonal.",
)

# %% [markdown]
# Those after it: no input can be blamed for what happened before it was read. It is the picture of chapter 2 turned
# over, and it fades in the same way. If a backward pass is wrong in time, this picture shows how: a bare
# diagonal says that nothing is carried from step to step.

# %% [markdown]
# ## One step is a sequence too
#
# A sequence of one step has to give what the cell gives. The assignment's own solution fails here: it takes the
# sizes from its second cache, and with $T_x = 1$ there is none.

# %%
_, _, one = rnn.rnn_forward(rng.standard_normal((n_x, m, 1)), np.zeros((n_a, m)), small)
sequence = rnn.rnn_backward(impulse[:, :, np.newaxis], one)
cell = rnn.rnn_cell_backward(impulse, one[0][0])
print("dWax alike:", np.array_equal(sequence["dWax"], cell["dWax"]))
print("da0 is the cell's da_prev:", np.array_equal(sequence["da0"], cell["da_prev"]))

# %% [markdown]
# And the whole sequence against the complex step:

# %%
print(gradcheck.format_table(gradcheck.gradient_table(rnn.rnn_backward)))

# %% [markdown]
# ## Try it yourself
#
# - Leave the factor $1 - a^2$ out of your `rnn_cell_backward` and run the check, then the table. What does
#   each of them tell you that the other does not?
# - Replace `Waa` by its transpose in your function for `da_prev`. Which rows of the table are wrong?
# - Assign `dWax` in the loop of your `rnn_backward` instead of adding. Does the check say where it comes from?
# - Multiply `small["Waa"]` by 0.3 and draw the picture of reach again.

# %% [markdown]
# ## Further reading
#
# - Goodfellow, Bengio & Courville, *Deep Learning* (2016), section 10.2.2 (computing the gradient in a
#   recurrent network; their h is our a).
# - Werbos, "Backpropagation through time: what it does and how to do it", *Proceedings of the IEEE* 78 (1990).
# - Squire & Trapp, "Using Complex Variables to Estimate Derivatives of Real Functions", *SIAM Review* 40
#   (1998): the complex step.
