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
# # Follow a gradient until it vanishes
#
# **What you will do.** Measure, step by step, how much of a gradient at the end of a sequence is left at its
# beginning: in an RNN, in an LSTM, and in networks whose weights you turn up until it explodes.
#
# **What you will know.**
#
# - Predict from a single factor whether a gradient fades or grows.
# - Measure the gradient at every hidden state with `rnn_cell_backward` alone.
# - Explain what the forget gate does on the way back, and choose its bias.
# - Bound a gradient without turning it.
#
# **What is assumed.** The backward passes of the RNN (chapter 3) and the LSTM (chapter 5).

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

from seqgrad import figures, initialize, lstm, optimize, rnn, widgets
from seqgrad.activations import sigmoid
from seqgrad.check import check

np.set_printoptions(precision=8, suppress=True)


# %% [markdown]
# ## One factor, many times
#
# An RNN with a single unit sends back
#
# $$da^{\langle t-1\rangle} = w\,\bigl(1 - (a^{\langle t\rangle})^2\bigr)\,da^{\langle t\rangle}.$$
#
# While the state is zero, the factor is the weight $w$.
#
# Before you run the next cell: a gradient of 1 travels 50 steps. What is left for $w$ = 0.9, 1 and 1.1?

# %%
def one_unit(w, state, steps=50):
    """Send a gradient of 1 back through the same step of one unit, again and again."""
    one = np.ones((1, 1))
    cache = (state * one, state * one, 0 * one, {"Wax": one, "Waa": w * one})
    da = one
    for _ in range(steps):
        da = rnn.rnn_cell_backward(da, cache)["da_prev"]
    return da.item()


for w in (0.9, 1.0, 1.1):
    print(f"w = {w}: {one_unit(w, state=0.0):.4f}")

# %% [markdown]
# A fifth more weight makes the difference between a two-hundredth and more than a hundred. Nothing in between
# is stable but 1 itself.
#
# The tanh can only take away. Where the state is 0.5, its slope is $1 - 0.5^2 = 0.75$. Does $w = 1.1$ still
# explode?

# %%
print(f"w = 1.1 at a = 0.5: {one_unit(1.1, state=0.5):.6f}")

# %% [markdown]
# It vanishes, because 1.1 · 0.75 is less than 1.
#
# ## The same in a network
#
# With many units the factor becomes a matrix of shape (n_a, n_a),
#
# $$\frac{\partial a^{\langle t\rangle}}{\partial a^{\langle t-1\rangle}}
# = \operatorname{diag}\!\left(1 - (a^{\langle t\rangle})^2\right) W_{aa},$$
#
# and the way from the end to the beginning is a product of $T_x$ of them. We take 50 units, 20 sequences of
# noise, and 60 steps.

# %%
n_x, n_a, n_y, m, T_x = 10, 50, 5, 20, 60
rng = np.random.default_rng(1)
x = rng.standard_normal((n_x, m, T_x))
a0 = np.zeros((n_a, m))
da_last = rng.standard_normal((n_a, m))
da_last /= np.linalg.norm(da_last)  # a gradient of length 1, at the last state


# %% [markdown]
# `rnn_backward` returns the gradient at the first state only. To see all of them, go back one cell at a time
# and write down the length of what each cell sends on.

# %%
def rnn_norms(parameters):
    """Return the gradient's norm at a⟨0⟩, ..., a⟨T_x⟩ when it starts with 1 at the last."""
    steps, _ = rnn.rnn_forward(x, a0, parameters)[-1]
    da, norms = da_last, [1.0]
    for cache in reversed(steps):
        da = rnn.rnn_cell_backward(da, cache)["da_prev"]
        norms.append(np.linalg.norm(da))
    return np.array(norms[::-1])


# %% [markdown]
# Before you run the next cell: the weights are those that a sensible initialisation draws. After how many
# steps back is less than a thousandth left?

# %%
rnn_weights = initialize.rnn_parameters(np.random.default_rng(0), n_x, n_a, n_y)
norms = rnn_norms(rnn_weights)
for t in (60, 50, 40, 20, 0):
    print(f"at step {t:>2}: {norms[t]:.0e}")
print("below a thousandth after", T_x - np.flatnonzero(norms < 1e-3).max(), "steps")

# %%
figures.show(
    figures.gradient_through_time(norms),
    "The norm of the gradient over time on a logarithmic axis: nearly a straight line, from about 1e-13 at "
    "the first step up to 1 at the last.",
)

# %% [markdown]
# A straight line on a logarithmic axis is a constant factor. What the weights are told about step 20 is some
# hundred million times fainter than what they are told about step 60: whatever matters there is not learnt.
#
# Is the measurement right? `rnn_backward` goes the same way in one call, and its `da0` has to have the length
# we found at step 0.

# %%
da = np.zeros((n_a, m, T_x))
da[:, :, -1] = da_last
gradients = rnn.rnn_backward(da, rnn.rnn_forward(x, a0, rnn_weights)[-1])
print("same length:", np.isclose(np.linalg.norm(gradients["da0"]), norms[0], rtol=1e-9, atol=0))

# %% [markdown]
# ## Larger weights
#
# If small factors make the gradient vanish, make them larger: multiply $W_{aa}$ by 2, by 3, by 4. Before you
# run the next cell: which of them explode?

# %%
scales = (1, 2, 3, 4)
curves = {}
for scale in scales:
    scaled = rnn_weights | {"Waa": scale * rnn_weights["Waa"]}
    curves[f"RNN, {scale} · Waa"] = rnn_norms(scaled)
figures.show(
    figures.gradients_through_time(curves),
    "Four gradient norms over time. With the weights as drawn the norm falls to about 1e-13 at the first "
    "step, with twice the weights it stays near 1, with three and four times the weights it grows to "
    "about 1e6 and 1e10.",
)

# %% [markdown]
# Two things decide: how far $W_{aa}$ can stretch a vector again and again (its largest absolute eigenvalue,
# the *spectral radius*), and what the tanh leaves of it (its slope $1 - a^2$). The next cell prints both
# beside the factor per step that was measured.

# %%
print("scale  radius  mean slope  factor per step")
for scale, norms in zip(scales, curves.values(), strict=True):
    Waa = scale * rnn_weights["Waa"]
    a, _, _ = rnn.rnn_forward(x, a0, rnn_weights | {"Waa": Waa})
    radius = np.abs(np.linalg.eigvals(Waa)).max()
    factor = norms[0] ** (1 / T_x)
    print(f"{scale:>5}{radius:>8.2f}{np.mean(1 - a**2):>12.2f}{factor:>17.2f}")


# %% [markdown]
# With twice the weights the radius is far above 1, and still nothing explodes: larger weights push the states
# towards ±1, where the tanh is flat. The two effects happen to cancel here. That is luck, and training moves
# the weights away from it.
#
# ## A second road: the cell state
#
# In the LSTM the gradient also travels along the cell state, and there the step back is a product with the
# forget gate, entry by entry:
#
# $$dc^{\langle t-1\rangle} = f^{\langle t\rangle} \odot dc^{\langle t\rangle}, \qquad \text{all of shape } (n_a, m).$$
#
# No weight matrix and no tanh stand in between. `lstm_cell_backward` returns this as `dc_prev`.

# %%
def lstm_norms(parameters):
    """Return the norm of the gradient at both states, before step 1 to after step T_x."""
    steps, _ = lstm.lstm_forward(x, a0, parameters)[-1]
    da, dc, norms = da_last, np.zeros_like(da_last), [1.0]
    for cache in reversed(steps):
        step = lstm.lstm_cell_backward(da, dc, cache)
        da, dc = step["da_prev"], step["dc_prev"]
        norms.append(np.hypot(np.linalg.norm(da), np.linalg.norm(dc)))
    return np.array(norms[::-1])


# %% [markdown]
# The same noise, the same gradient at the end, weights drawn by the same rule, a forget bias of 1. Before you
# run the next cell: is there more left at the first step than in the RNN? Does it vanish all the same?

# %%
lstm_weights = initialize.lstm_parameters(np.random.default_rng(0), n_x, n_a, n_y)
pair = {"RNN": rnn_norms(rnn_weights), "LSTM": lstm_norms(lstm_weights)}
for name, norms in pair.items():
    print(f"{name:<4}", "   ".join(f"step {t}: {norms[t]:.0e}" for t in (60, 40, 20, 0)))

# %%
figures.show(
    figures.gradients_through_time(pair),
    "Gradient norms over time of an RNN and an LSTM. The RNN's falls to about 1e-13 at the first step; the "
    "LSTM's falls much more slowly.",
)

# %% [markdown]
# Nearly ten orders of magnitude more, and yet it falls. An LSTM is not free of vanishing gradients; it has a
# gate that decides how fast.
#
# ## The forget gate's bias
#
# Before anything is learnt, a forget gate stands near $\sigma(b_f)$. Along the cell state alone,
# $\sigma(b_f)^{60}$ would be left after 60 steps. Before you run the next cell: for which of the biases 0, 1,
# 2 and 3 is that more than a hundredth? Will the measured norm lie above it or below?

# %%
print("bias  gate  gate**60  measured")
biased = {}
for bias in (0.0, 1.0, 2.0, 3.0):
    weights = initialize.lstm_parameters(np.random.default_rng(0), n_x, n_a, n_y, forget_bias=bias)
    norms = biased[f"LSTM, bias {bias:.0f}"] = lstm_norms(weights)
    gate = sigmoid(bias)
    print(f"{bias:>4.0f}{gate:>6.2f}{gate**T_x:>10.0e}{norms[0]:>10.0e}")

# %%
figures.show(
    figures.gradients_through_time(biased),
    "Gradient norms over time of LSTMs with forget biases of 0, 1, 2 and 3. The larger the bias, the more "
    "is left at the first step; with a bias of 3 it is more than at the last.",
)


# %% [markdown]
# A bias of 1, which `initialize.lstm_parameters` draws, leaves some hundredths over twenty steps: enough for
# a name. Every measured norm lies above the gate's own power, for the hidden state is a road back as well,
# through the weights of all four gates. With a bias of 3 the gradient even grows: on both roads together
# nothing keeps the product below 1.
#
# ## Both at once
#
# The weights and the bias act together. Say that a gradient *reaches* as many steps back as at least a
# thousandth of it is left. Now multiply the weights that come from the hidden state by a scale, in the RNN
# and in all four gates of the LSTM. Before you run the next cell: at a scale of 0 the road through the hidden
# state is closed. Which of the biases 0, 1, 2 and 3 still reach all 60 steps?

# %%
def both(bias, scale):
    """Return the norms in both networks with weights from the hidden state times `scale`."""
    weights = initialize.lstm_parameters(np.random.default_rng(0), n_x, n_a, n_y, forget_bias=bias)
    columns = np.repeat([scale, 1.0], [n_a, n_x])
    weights |= {gate: columns * weights[gate] for gate in ("Wf", "Wi", "Wc", "Wo")}
    scaled = rnn_weights | {"Waa": scale * rnn_weights["Waa"]}
    return {"RNN": rnn_norms(scaled), "LSTM": lstm_norms(weights)}


def steps_reached(norms, least=1e-3):
    """Return how many steps back at least that much of the gradient is left."""
    faint = np.flatnonzero(norms < least)
    return T_x - 1 - faint.max() if faint.size else T_x


print("scale   RNN  LSTM, bias 0   bias 1   bias 2   bias 3")
for scale in (0.0, 0.5, 1.0, 2.0):
    reached = [steps_reached(both(bias, scale)["LSTM"]) for bias in (0.0, 1.0, 2.0, 3.0)]
    print(f"{scale:>5}{steps_reached(both(0.0, scale)['RNN']):>6}{reached[0]:>14}", end="")
    print("".join(f"{steps:>9}" for steps in reached[1:]))


# %% [markdown]
# Either road can make up for the other. Move the sliders to see what that costs, in the LSTM and in the RNN,
# which has no bias to move. Before you do: an LSTM reaches all 60 steps with a bias of 3 and a scale of 0, and
# also with a bias of 0 and a scale of 3. Which of these two would you rather train?

# %%
def draw(bias, scale):
    """Draw how far the gradient reaches in both networks."""
    curves = both(bias, scale)
    reaches = {name: steps_reached(norms) for name, norms in curves.items()}
    return figures.gradient_reach(curves, reaches, least=1e-3)


widgets.slide(
    draw,
    "Gradient norms over the steps back, at a bias of 1 and a scale of 1. The RNN's falls below a thousandth "
    "after 14 steps, the LSTM's after 56.",
    bias=(1, -2, 6, 0.5),
    scale=(1, 0, 3, 0.25),
)

# %% [markdown]
# With the bias alone every factor is a gate, and a gate stays below 1 whatever the weights become: that road
# can fade, and it cannot explode. With large weights the factors only happen to cancel; at the same scale the
# RNN's gradient has grown to some millions. So a network starts with a bias that remembers and with weights of
# a modest size.
#
# ## What grows: a bound that keeps the direction
#
# A gradient that explodes is a step out of the region where it means anything, so it is shortened first. One
# way is to cut each entry: take a gradient of (4, 1) and cut at 1. Before you run the next cell: by how many
# degrees does that turn the step?

# %%
gradient = np.array([4.0, 1.0])
by_value = np.clip(gradient, -1, 1)
by_norm = gradient / np.linalg.norm(gradient)


def degrees_between(u, v):
    """Return the angle between two vectors in degrees."""
    return np.degrees(np.arccos(np.clip(u @ v / np.linalg.norm(u) / np.linalg.norm(v), -1, 1)))


print(f"cut by value: {by_value}, turned by {degrees_between(gradient, by_value):.0f} degrees")

# %%
figures.show(
    figures.arrows({"gradient": gradient, "cut by value": by_value, "shortened": by_norm}),
    "Three arrows from the origin: the gradient to (4, 1); the gradient cut by value to (1, 1), which points "
    "elsewhere; the gradient shortened to length 1, which lies on the first arrow.",
)


# %% [markdown]
# The entry that said most was cut most. Shortening the whole vector keeps what it says about the weights
# *relative to each other*. For that, all gradients $g_1, \ldots, g_k$ of the network count as one long
# vector:
#
# $$n = \sqrt{\sum_i \lVert g_i \rVert^2}, \qquad g_i \leftarrow g_i \cdot \frac{n_\text{max}}{\max(n,\, n_\text{max})},$$
#
# so that a gradient which is short enough stays as it is.
#
# ### Exercise 7.1: one factor for all
#
# Complete `clip_by_global_norm`. The dict may hold any number of arrays of any shape.

# %% exercise="clip_by_global_norm" points=5
def clip_by_global_norm(gradients, max_norm):
    """Shorten all gradients by one factor, to be together no longer than max_norm.

    Parameters
    ----------
    gradients : dict
        Arrays by name.
    max_norm : float
        The largest Euclidean norm of all entries taken together.

    Returns
    -------
    clipped : dict
        The same names, new arrays; the direction of the step stays.
    norm : float
        The norm before clipping.
    """
    if max_norm <= 0:
        raise ValueError(f"clip_by_global_norm: max_norm is {max_norm}, but it must be positive")

    # The length of all gradients taken together as one vector.
    norm = None

    # One factor for all: 1 if they are short enough.
    factor = None
    clipped = None

    return clipped, norm


# %%
check(clip_by_global_norm)

# %% [markdown]
# An example for the head: the entries 3, 0, 4 and 12 have length 13, whichever arrays they stand in. Take
# away the prefix `optimize.` to see your own numbers.

# %%
gradients = {"dWaa": np.array([[3.0, 0.0], [4.0, 0.0]]), "dba": np.array([[12.0], [0.0]])}
clipped, norm = optimize.clip_by_global_norm(gradients, 6.5)
print(f"norm = {norm:.8f}")
print('clipped["dWaa"] =', clipped["dWaa"].tolist())
print('clipped["dba"] =', clipped["dba"].tolist())

# %% [markdown]
# Now the network that exploded, with three times the weights. Before you run the next cell: which of the two
# ways turns its gradient by more than 30 degrees?

# %%
wild = rnn_weights | {"Waa": 3 * rnn_weights["Waa"]}
gradients = rnn.rnn_backward(da, rnn.rnn_forward(x, a0, wild)[-1])
weight_gradients = {name: gradients[name] for name in ("dWax", "dWaa", "dba")}
clipped, norm = optimize.clip_by_global_norm(weight_gradients, 1.0)
print(f"norm before: {norm:.0e}")


# %%
def flat(gradients):
    """Return all entries of all gradients as one vector."""
    return np.concatenate([gradient.ravel() for gradient in gradients.values()])


before = flat(weight_gradients)
for way, after in (("norm", clipped), ("value", optimize.clip(weight_gradients, 1.0))):
    length, angle = np.linalg.norm(flat(after)), degrees_between(before, flat(after))
    print(f"by {way + ':':<6} length {length:>5.2f}, turned by {angle:.0f} degrees")

# %% [markdown]
# Cut by value, every entry becomes 1 or −1: the signs are all that is left, and the length is the root of how
# many there are, (10 + 50 + 1) · 50 = 3050. Shortening cures an explosion. Against vanishing it does nothing:
# what has become zero has no direction to keep.
#
# ## Try it yourself
#
# - Give the RNN an orthogonal `Waa` (`np.linalg.qr` of a random matrix) and zero inputs. What does the norm
#   do, and why exactly that? What changes when the inputs come back?
# - Let the noise fall silent after step 10. Do the gradients of the RNN vanish faster or more slowly?
# - Set the forget bias to −1. Which step is the first that the last one can still hear?
# - Multiply `Waa` by 5 and move one weight by 1e-13. Which digits of the norm at step 0 stay? (What
#   multiplies a gradient on the way back multiplies a rounding error on the way forward.)
# - Measure `lstm_norms` with the gradient placed at the cell state instead of the hidden state.
#
# ## Further reading
#
# - Goodfellow, Bengio & Courville, *Deep Learning*, section 10.7 (the challenge of long-term dependencies)
#   and section 10.11 (clipping).
# - Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent neural networks", ICML 2013: sections
#   2 (why) and 3 (clipping by norm).
# - Bengio, Simard & Frasconi, "Learning Long-Term Dependencies with Gradient Descent is Difficult", *IEEE
#   Transactions on Neural Networks* 5 (1994).
# - Jozefowicz, Zaremba & Sutskever, "An Empirical Exploration of Recurrent Network Architectures", ICML 2015,
#   section 2.2: the forget bias.
