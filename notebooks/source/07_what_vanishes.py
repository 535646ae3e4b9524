# %% [markdown]
# # Chapter 7. Follow a gradient until it vanishes
#
# **What you will do.** Measure how much of a gradient at the end of a sequence is left at its start: in an
# RNN, in an LSTM, and in networks whose weights are so large that the gradient explodes.
#
# **What you will know.** You will be able to
#
# - write the way back through time as a product of Jacobians, and bound its norm,
# - predict from the spectral radius whether a gradient vanishes or explodes,
# - explain what the forget gate does to the gradient, and choose its bias,
# - shorten a gradient without changing its direction.
#
# **What is assumed.** The backward passes of the RNN ([chapter 3](03_rnn_backward.ipynb)) and the LSTM
# ([chapter 5](05_lstm_backward.ipynb)). You have met eigenvalues before.
#
# **Time.** About 70 minutes.

# %% install=true
# The build puts here what installs seqgrad where it is missing.

# %%
import numpy as np

from seqgrad import figures, initialize, lstm, optimize, rnn, widgets
from seqgrad.activations import sigmoid
from seqgrad.check import beside, check

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# ## One unit: the same factor at every step
#
# Take an RNN with a single unit, $a^{\langle t\rangle} = \tanh(w\, a^{\langle t-1\rangle} + \dots)$. The
# chain rule for one step back has two factors, the slope of the tanh and the weight:
#
# $$da^{\langle t-1\rangle} = w\,\bigl(1 - (a^{\langle t\rangle})^2\bigr)\; da^{\langle t\rangle}$$
#
# As long as the state is zero, the slope is 1 and the whole factor is $w$. A gradient of 1 travels back 50
# steps. Estimate what arrives for $w = 0.9$, for $w = 1$ and for $w = 1.1$.


# %%
def send_back(w, state, steps=50):
    """Send a gradient of 1 back through the same step of one unit, again and again."""
    one = np.ones((1, 1))
    cache = (state * one, state * one, 0 * one, {"Wax": one, "Waa": w * one})
    da = one
    for _ in range(steps):
        da = rnn.rnn_cell_backward(da, cache)["da_prev"]
    return da.item()


for w in (0.9, 1.0, 1.1):
    print(f"w = {w}: {send_back(w, state=0.0):.4f}")

# %% [markdown] answer=true
# For $w = 0.9$ about 0.005 arrives, and for $w = 1.1$ more than a hundred times what was sent. The
# first gradient *vanishes*, the second *explodes*; only $w = 1$ keeps it.
#
# The slope of the tanh is never more than 1. At the state 0.5 it is $1 - 0.5^2 = 0.75$. Does the gradient
# still explode for $w = 1.1$?

# %%
print(f"w = 1.1 at a = 0.5: {send_back(1.1, state=0.5):.6f}")

# %% [markdown] answer=true
# It vanishes, because the factor is now $1.1 \cdot 0.75 = 0.825$.
#
# ## Many units: a product of matrices
#
# With $n_a$ units, every entry of the old state acts on every entry of the new one:
#
# $$\frac{\partial a_i^{\langle t\rangle}}{\partial a_j^{\langle t-1\rangle}}
# = \bigl(1 - (a_i^{\langle t\rangle})^2\bigr)\,(W_{aa})_{ij}$$
#
# These numbers form a matrix of shape (n_a, n_a), the *Jacobian* of the step: row $i$ of $W_{aa}$ times the
# slope of unit $i$. Call it $J_t$. Each example has its own.

# %% [markdown]
# In [chapter 3](03_rnn_backward.ipynb) you wrote one step back as `Waa.T @ (da * (1 - a**2))`. This is a
# product with the transposed Jacobian:
#
# $$da^{\langle t-1\rangle} = J_t^{\mathsf T}\; da^{\langle t\rangle}$$
#
# So the way back through a whole sequence is a product of matrices:
#
# $$da^{\langle 0\rangle} = J_1^{\mathsf T}\, J_2^{\mathsf T} \cdots J_{T}^{\mathsf T}\; da^{\langle T\rangle}$$
#
# True or false: this product gives the same numbers as `rnn_backward`, to the last digits?

# %%
rng = np.random.default_rng(0)
tiny = initialize.rnn_parameters(rng, n_x=2, n_a=3, n_y=2)
_, _, caches = rnn.rnn_forward(rng.standard_normal((2, 1, 5)), np.zeros((3, 1)), tiny)
da = np.zeros((3, 1, 5))
da[:, 0, -1] = 1, 0, -1  # a gradient at the last of five states

back = da[:, :, -1]
for a_next, *_ in reversed(caches[0]):
    J = (1 - a_next**2) * tiny["Waa"]
    back = J.T @ back
print("product of the Jacobians:", back.ravel())
print("da0 of rnn_backward:     ", rnn.rnn_backward(da, caches)["da0"].ravel())

# %% [markdown] answer=true
# True: backpropagation through time *is* this product, computed from the right to the left.
#
# ## How long is the product?
#
# A matrix $A$ makes a vector at most $\lVert A \rVert$ times as long, where $\lVert A \rVert$ is its largest
# singular value. The slopes are at most 1, so for each step
#
# $$\lVert da^{\langle t-1\rangle} \rVert \le \lVert W_{aa} \rVert\; \lVert da^{\langle t\rangle} \rVert.$$
#
# If $\lVert W_{aa} \rVert = 0.9$, then after $k$ steps at most $0.9^k$ is left: the gradient has to vanish.
# And if the norm is larger than 1, does the gradient have to explode? Here is a matrix with norm 2.1, applied
# up to 20 times.

# %%
A = np.array([[0.5, 2.0], [0.0, 0.5]])
print(f"largest singular value {np.linalg.norm(A, 2):.2f}, eigenvalues {np.linalg.eigvals(A)}")
for k in (1, 2, 5, 10, 20):
    print(
        f"steps: {k:>2}; a vector is at most {np.linalg.norm(np.linalg.matrix_power(A, k), 2):.4f} times as long"
    )

# %% [markdown] answer=true
# It does not have to explode: the first step can double a vector, and the later ones shrink it.
#
# In a single step, the vector may lie in the direction in which $A$ stretches most. After many steps something
# else counts, the largest absolute *eigenvalue*, which is called the **spectral radius** $\rho$. For every
# matrix,
#
# $$\lVert A^k \rVert^{1/k} \to \rho(A) \quad \text{as } k \to \infty.$$
#
# In the long run each step multiplies by about $\rho$, here by 0.5.

# %% [markdown]
# Now a network with 50 units, a batch of 20 sequences, and 60 steps. Its weights come from
# `initialize.rnn_parameters`. The gradient starts at the last state with norm 1.

# %%
n_x, n_a, n_y, m, T_x = 10, 50, 5, 20, 60
rng = np.random.default_rng(1)
x = rng.standard_normal((n_x, m, T_x))
a0 = np.zeros((n_a, m))
da_last = rng.standard_normal((n_a, m))
da_last /= np.linalg.norm(da_last)

rnn_weights = initialize.rnn_parameters(np.random.default_rng(0), n_x, n_a, n_y)
eigenvalues = np.linalg.eigvals(rnn_weights["Waa"])
radius = np.abs(eigenvalues).max()
print(f"spectral radius of Waa: {radius:.2f}")
figures.show(figures.spectrum(eigenvalues))

# %% [markdown]
# *Figure 7.1. The 50 eigenvalues of $W_{aa}$ as points in the complex plane. The spectral radius is the
# distance of the outermost point from zero; the dashed circle has radius 1.*
#
# `rnn_backward` returns the gradient at the first state only. To see it at every state, go back one step at a
# time and keep the norm.


# %%
def measure_rnn(parameters, x):
    """Return the gradient's norm at a⟨0⟩, ..., a⟨T_x⟩ when it starts with 1 at the last state."""
    steps, _ = rnn.rnn_forward(x, a0, parameters)[-1]
    da, norms = da_last, [1.0]
    for cache in reversed(steps):
        da = rnn.rnn_cell_backward(da, cache)["da_prev"]
        norms.append(np.linalg.norm(da))
    return np.array(norms[::-1])


# %% [markdown]
# First without inputs: all states stay zero, all slopes are 1, and every Jacobian is $W_{aa}$. We scale
# $W_{aa}$ to spectral radii of 0.9, 1.0 and 1.1. By which factor does the norm change per step?

# %%
curves = {}
for rho in (0.9, 1.0, 1.1):
    scaled = rnn_weights | {"Waa": rnn_weights["Waa"] * rho / radius}
    norms = curves[f"ρ = {rho}"] = measure_rnn(scaled, x=np.zeros_like(x))
    print(
        f"rho = {rho}: {norms[0]:.3g} is left at the start, a factor of {norms[0] ** (1 / T_x):.3f} per step"
    )
figures.show(figures.gradients_through_time(curves))

# %% [markdown]
# *Figure 7.2. The two regimes: below a spectral radius of 1 the gradient vanishes, above 1 it explodes. A
# straight line on this logarithmic axis means a constant factor per step.*
#
# The factor is the spectral radius, to three digits.

# %% [markdown]
# ## With inputs
#
# Now the inputs are noise, so the states move and the slopes fall below 1. $W_{aa}$ is as drawn, with
# $\rho = 0.91$. Without inputs $0.91^{60} \approx 0.004$ would be left at the start. After how many steps
# back is less than a thousandth left now: about 60, about 30, or about 15?

# %%
norms = measure_rnn(rnn_weights, x)
for t in (60, 50, 40, 20, 0):
    print(f"step {t:>2}: {norms[t]:.0e}")
print("below a thousandth after", T_x - np.flatnonzero(norms < 1e-3).max(), "steps")
figures.show(figures.gradient_through_time(norms))

# %% [markdown]
# *Figure 7.3. The same network with noise as inputs.*
#
# Less than a thousandth is left after 15 steps. At step 20 only about $10^{-9}$ of the gradient is left, so the weights learn next to
# nothing from what happened there. If the loss at the end depends on an input at step 20, this network will
# not find out.

# %% [markdown]
# Is the measurement right? `rnn_backward` goes back through all steps in one call. Its `da0` must have the
# norm that we found at step 0.

# %%
da = np.zeros((n_a, m, T_x))
da[:, :, -1] = da_last
gradients = rnn.rnn_backward(da, rnn.rnn_forward(x, a0, rnn_weights)[-1])
print("same norm:", np.isclose(np.linalg.norm(gradients["da0"]), norms[0], rtol=1e-9, atol=0))

# %% [markdown]
# ## Larger weights
#
# If small factors make the gradient vanish, let us make them larger: 2, 3 and 4 times `Waa`, with spectral
# radii of 1.8, 2.7 and 3.6. Which of these three gradients explode?

# %%
scales = (1, 2, 3, 4)
curves = {}
for scale in scales:
    scaled = rnn_weights | {"Waa": scale * rnn_weights["Waa"]}
    curves[f"{scale} · Waa"] = measure_rnn(scaled, x)
figures.show(figures.gradients_through_time(curves))

# %% [markdown]
# *Figure 7.4. The RNN with noise as inputs and larger and larger weights.*
#
# The last two explode, and the one with twice the weights does not, although its spectral radius is far
# above 1. Two things count: $\rho$, and the mean slope of the tanh. When the weights grow, how does the slope
# change?

# %%
print("scale  rho   mean slope  factor per step")
for scale, norms in zip(scales, curves.values(), strict=True):
    a, _, _ = rnn.rnn_forward(x, a0, rnn_weights | {"Waa": scale * rnn_weights["Waa"]})
    print(f"{scale:>5}{scale * radius:>6.2f}{np.mean(1 - a**2):>11.2f}{norms[0] ** (1 / T_x):>17.2f}")

# %% [markdown] answer=true
# The slope becomes smaller: larger weights push the states towards ±1, where the tanh is flat. The units
# *saturate*.
#
# At twice the weights the two effects happen to cancel. That is luck, and training moves the weights away from
# it.

# %% [markdown]
# ## A second path: the cell state
#
# In the LSTM the gradient also travels along the cell state. There the step back is an elementwise product
# with the forget gate:
#
# $$dc^{\langle t-1\rangle} = f^{\langle t\rangle} \odot dc^{\langle t\rangle}$$
#
# All three have shape (n_a, m). There is no weight matrix and no tanh. `lstm_cell_backward` returns this
# gradient as `dc_prev`.


# %%
def measure_lstm(parameters):
    """Return the norm of the gradient at both states together, from before step 1 to after step T_x."""
    steps, _ = lstm.lstm_forward(x, a0, parameters)[-1]
    da, dc, norms = da_last, np.zeros_like(da_last), [1.0]
    for cache in reversed(steps):
        step = lstm.lstm_cell_backward(da, dc, cache)
        da, dc = step["da_prev"], step["dc_prev"]
        norms.append(np.hypot(np.linalg.norm(da), np.linalg.norm(dc)))
    return np.array(norms[::-1])


# %% [markdown]
# The LSTM gets the same noise, the same gradient at the end, weights from the same rule, and a forget bias
# of 1. In the RNN about $10^{-13}$ of the gradient is left at the start. What is left in the LSTM: about as
# much, about $10^{-3}$, or nearly all of it?

# %%
lstm_weights = initialize.lstm_parameters(np.random.default_rng(0), n_x, n_a, n_y)
pair = {"RNN": measure_rnn(rnn_weights, x), "LSTM": measure_lstm(lstm_weights)}
for name, norms in pair.items():
    print(f"{name:<4}", "   ".join(f"step {t}: {norms[t]:.0e}" for t in (60, 40, 20, 0)))
figures.show(figures.gradients_through_time(pair))

# %% [markdown]
# *Figure 7.5. The same gradient, sent back through both networks.*
#
# In the LSTM nearly $10^{-3}$ is left, some billion times as much as in the RNN. It still vanishes, but the
# LSTM has a gate that decides how fast.

# %% [markdown]
# ## The forget gate's bias
#
# Before training, a forget gate is near $\sigma(b_f)$. Along the cell state alone, $\sigma(b_f)^{60}$ would
# be left after 60 steps. For which of the biases 0, 1, 2 and 3 is that more than a hundredth? And will the
# measured norm be larger or smaller than $\sigma(b_f)^{60}$?

# %%
print("bias  gate  gate**60  measured")
biased = {}
for bias in (0.0, 1.0, 2.0, 3.0):
    weights = initialize.lstm_parameters(np.random.default_rng(0), n_x, n_a, n_y, forget_bias=bias)
    norms = biased[f"bias {bias:.0f}"] = measure_lstm(weights)
    gate = sigmoid(bias)
    print(f"{bias:>4.0f}{gate:>6.2f}{gate**T_x:>10.0e}{norms[0]:>10.0e}")
figures.show(figures.gradients_through_time(biased))

# %% [markdown]
# *Figure 7.6. The LSTM with four forget biases.*
#
# Only a bias of 3 makes the power larger than a hundredth. The measured norms are larger than the powers,
# because the gradient also goes back through the hidden state, by the weights of all four gates. With a bias
# of 3 the two paths together even make it grow.
#
# `initialize.lstm_parameters` uses a bias of 1. After twenty steps a few hundredths are left, which is enough
# for a name.

# %% [markdown]
# ## Weights and bias together
#
# Say that a gradient *reaches* $k$ steps back if at least a thousandth of it is left there. Now we multiply
# all weights that act on the hidden state by a scale: `Waa` in the RNN, and the first n_a columns of each
# gate's weights in the LSTM.


# %%
def measure_both(bias, scale):
    """Return the norms in both networks, the weights that act on the hidden state times `scale`."""
    weights = initialize.lstm_parameters(np.random.default_rng(0), n_x, n_a, n_y, forget_bias=bias)
    columns = np.repeat([scale, 1.0], [n_a, n_x])
    weights |= {gate: columns * weights[gate] for gate in ("Wf", "Wi", "Wc", "Wo")}
    scaled = rnn_weights | {"Waa": scale * rnn_weights["Waa"]}
    return {"RNN": measure_rnn(scaled, x), "LSTM": measure_lstm(weights)}


def count_steps(norms, least=1e-3):
    """Return how many steps back at least that much of the gradient is left."""
    faint = np.flatnonzero(norms < least)
    return T_x - 1 - faint.max() if faint.size else T_x


# %% [markdown]
# At a scale of 0 the way through the hidden state is closed, and the RNN forgets everything in one step.
# Which of the LSTM's biases 0, 1, 2 and 3 still reach all 60 steps?

# %%
print("scale   RNN  LSTM, bias 0   bias 1   bias 2   bias 3")
for scale in (0.0, 0.5, 1.0, 2.0):
    reached = [count_steps(measure_both(bias, scale)["LSTM"]) for bias in (0.0, 1.0, 2.0, 3.0)]
    print(f"{scale:>5}{count_steps(measure_both(0.0, scale)['RNN']):>6}{reached[0]:>14}", end="")
    print("".join(f"{steps:>9}" for steps in reached[1:]))

# %% [markdown] answer=true
# Only the bias 3 still reaches all 60 steps.
#
# But with a scale of 2 even the RNN reaches them, without any gate. So there are two ways to a long reach: a
# large bias (3, with a scale of 0), or large weights (a scale of 3, with a bias of 0). Move the sliders to
# both, and look at both curves. Which of the two networks would you rather train?


# %%
def draw(bias, scale):
    """Draw how far the gradient reaches in both networks."""
    curves = measure_both(bias, scale)
    reaches = {name: count_steps(norms) for name, norms in curves.items()}
    return figures.gradient_reach(curves, reaches, least=1e-3)


widgets.slide(draw, bias=(1, -2, 6, 0.5), scale=(1, 0, 3, 0.25))

# %% [markdown]
# *Figure 7.7. Norms over the steps back. Each curve is thick up to the step that it reaches. In a running
# notebook, move the sliders.*
#
# The network with the large bias is easier to train. There every factor is a gate, and a gate is always below 1: the gradient
# can vanish, but it cannot explode. With large weights the factors only happen to balance, and the RNN's
# gradient at a scale of 3 has grown to some millions. So start with a positive forget bias, and with weights
# of modest size.

# %% [markdown]
# ## Clip a gradient that explodes
#
# A gradient describes the loss near the present weights only. A huge gradient would lead to a step far out of
# this region, so it is *clipped*: made smaller before the update.
#
# One way is to cut each entry to the range from −1 to 1. A gradient of (4, 1) becomes (1, 1). By how many
# degrees does this turn the step: 0, about 15, or about 30?

# %%
gradient = np.array([4.0, 1.0])
by_value = np.clip(gradient, -1, 1)
by_norm = gradient / np.linalg.norm(gradient)


def measure_angle(u, v):
    """Return the angle between two vectors in degrees."""
    return np.degrees(np.arccos(np.clip(u @ v / np.linalg.norm(u) / np.linalg.norm(v), -1, 1)))


print(f"clipped by value: {by_value}, turned by {measure_angle(gradient, by_value):.0f} degrees")
figures.show(figures.arrows({"gradient": gradient, "clipped by value": by_value, "clipped by norm": by_norm}))

# %% [markdown]
# *Figure 7.8. A gradient, and two ways to clip it.*
#
# Clipping by value turns the step by 31 degrees, because only the largest entry is cut. Clipping by *norm*
# multiplies the whole vector by one factor, so its direction stays.

# %% [markdown]
# In a network, all gradients $g_1, \dots, g_k$ count as one long vector. Its norm $n$ is
#
# $$n = \sqrt{\lVert g_1 \rVert^2 + \dots + \lVert g_k \rVert^2}.$$
#
# If $n$ is larger than $n_\text{max}$, every gradient is multiplied by $n_\text{max} / n$. Otherwise nothing
# changes. Both cases in one formula:
#
# $$g_i \leftarrow \frac{n_\text{max}}{\max(n,\ n_\text{max})}\; g_i$$

# %% [markdown]
# ### Exercise 7.1: one factor for all gradients
#
# *About 3 lines, 10 minutes, ★★☆*
#
# - **Given:** a dict of gradients with any names and shapes, and `max_norm`.
# - **Write:** the clipped gradients in a new dict, and the norm before clipping.

# %% exercise="clip_by_global_norm" points=5
from seqgrad.optimize import clip_by_global_norm

# %%
check(clip_by_global_norm)

# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Work out the norm of the entries 3, 0, 4 and 12 on paper; it is a whole number. Then spread these entries
# over two arrays: the norm must not change. So first sum the squares of each array, then sum these sums, and
# take one square root at the very end.
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** The norm is that of all entries together, so the root comes after the last sum. The
# assignment has no such function, so there are no public solutions to count. These slips are likely:
#
# - one norm for each array: then each array gets a factor of its own, and the direction changes;
# - `max_norm / norm` without `max`: a short gradient is made longer, and a gradient of zero gives `nan`;
# - `gradient *= factor` changes the caller's arrays.

# %% [markdown]
# The entries 3, 0, 4 and 12 have norm 13, whichever arrays they are in. The test clips them twice: to 6.5,
# and to 26. What does it print the second time?

# %%
gradients = {"dWaa": np.array([[3.0, 0.0], [4.0, 0.0]]), "dba": np.array([[12.0], [0.0]])}


def test(clip_by_global_norm):
    """Print the norm, and gradients that are clipped to half of it and to twice as much."""
    for max_norm in (6.5, 26.0):
        clipped, norm = clip_by_global_norm(gradients, max_norm)
        print(f"norm = {norm:.8f}, max_norm = {max_norm}")
        for name in clipped:
            print(f'clipped["{name}"] =', clipped[name].tolist())


beside(test, optimize.clip_by_global_norm, clip_by_global_norm)

# %% [markdown] answer=true
# The second time nothing changes, since 13 is less than 26.
#
# Now the RNN with three times the weights, whose gradient exploded. Clipped by value, will its gradient point
# in nearly the same direction, or will it turn by more than 30 degrees?


# %%
def flatten(gradients):
    """Return all entries of all gradients as one vector."""
    return np.concatenate([gradient.ravel() for gradient in gradients.values()])


wild = rnn_weights | {"Waa": 3 * rnn_weights["Waa"]}
gradients = rnn.rnn_backward(da, rnn.rnn_forward(x, a0, wild)[-1])
gradients = {name: gradients[name] for name in ("dWax", "dWaa", "dba")}
clipped, norm = optimize.clip_by_global_norm(gradients, 1.0)
print(f"norm before: {norm:.0e}")
for way, after in (("norm", clipped), ("value", optimize.clip(gradients, 1.0))):
    length, angle = np.linalg.norm(flatten(after)), measure_angle(flatten(gradients), flatten(after))
    print(f"by {way + ':':<6} norm {length:>5.2f}, turned by {angle:.0f} degrees")

# %% [markdown] answer=true
# Clipped by value it turns by more than 30 degrees: every entry becomes 1 or −1, so only the signs are left.
#
# There are $(10 + 50 + 1) \cdot 50 = 3050$ entries, so the norm is then $\sqrt{3050} \approx 55$.
#
# Clipping helps against explosions only. A gradient that has vanished has no direction left to keep.

# %% [markdown]
# ## Try it yourself
#
# 1. Give the RNN an *orthogonal* `Waa`, and no inputs. What does the norm do over 60 steps? And with the
#    noise as inputs?
# 2. Let the inputs be zero after step 10. Does the gradient vanish faster or more slowly?
# 3. Set the forget bias to −1. How many steps back does the LSTM's gradient reach?
# 4. Multiply `Waa` by 5, and change one of its entries by $10^{-13}$. How many digits of the norm at step 0
#    stay the same?

# %% [markdown] only="solutions"
# ### Answers
#
# **Answer 1: an orthogonal matrix.**

# %% only="solutions"
Q, _ = np.linalg.qr(np.random.default_rng(2).standard_normal((n_a, n_a)))
for inputs, name in ((np.zeros_like(x), "no inputs"), (x, "noise")):
    norms = measure_rnn(rnn_weights | {"Waa": Q}, inputs)
    print(f"{name:<10} norm at step 30: {norms[30]:.2g}, at step 0: {norms[0]:.2g}")

# %% [markdown] only="solutions"
# Without inputs the norm stays 1, since an orthogonal matrix keeps every length: all its singular values and
# all absolute eigenvalues are 1. With inputs the slopes of the tanh are below 1, and the gradient vanishes
# all the same.

# %% [markdown] only="solutions"
# **Answer 2: silence after step 10.**

# %% only="solutions"
silent = x.copy()
silent[:, :, 10:] = 0
for inputs, name in ((x, "noise"), (silent, "silence")):
    norms = measure_rnn(rnn_weights, inputs)
    print(f"{name:<8} norm at step 40: {norms[40]:.0e}, at step 0: {norms[0]:.0e}")

# %% [markdown] only="solutions"
# The gradient vanishes more slowly. Without inputs the states return to zero, the slopes rise to 1, and the
# factor per step comes closer to the spectral radius, 0.91.

# %% [markdown] only="solutions"
# **Answer 3: a gate that is nearly closed.**

# %% only="solutions"
print("steps reached with a bias of -1:", count_steps(measure_both(-1.0, 1.0)["LSTM"]))

# %% [markdown] only="solutions"
# Only 7 steps: with $\sigma(-1) = 0.27$ the cell state forgets nearly three quarters at each step.

# %% [markdown] only="solutions"
# **Answer 4: digits that are lost.**

# %% only="solutions"
steep = 5 * rnn_weights["Waa"]
moved = steep.copy()
moved[0, 0] += 1e-13
before, after = (measure_rnn(rnn_weights | {"Waa": Waa}, x)[0] for Waa in (steep, moved))
print(f"relative change of the norm at step 0: {'above' if abs(after / before - 1) > 1e-6 else 'below'} 1e-6")

# %% [markdown] only="solutions"
# At most six digits stay the same. The change is more than ten million times as large as what was changed.
# The factors that enlarge a gradient on the way back also enlarge a small difference on the way forward, and
# a rounding error is such a difference. So a network whose gradient explodes gives different digits on
# different machines.

# %% [markdown]
# ## Further reading
#
# - Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent neural networks", ICML 2013: section 2
#   (why gradients vanish and explode) and section 3 (clipping by norm).
# - Goodfellow, Bengio & Courville, *Deep Learning* (2016): section 10.7 (long-term dependencies) and section
#   10.11 (clipping).
# - Bengio, Simard & Frasconi, "Learning Long-Term Dependencies with Gradient Descent is Difficult", *IEEE
#   Transactions on Neural Networks* 5 (1994).
# - Jozefowicz, Zaremba & Sutskever, "An Empirical Exploration of Recurrent Network Architectures", ICML 2015,
#   section 2.2: the forget bias.
