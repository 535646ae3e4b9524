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
# # Take steps of a sensible size
#
# **What you will do.** Write Adam, the optimiser that trains the networks of chapter 8, and send it through a
# valley in which plain gradient descent zigzags.
#
# **What you will know.** You will be able to
#
# - average a gradient over steps, and correct the average for having begun at zero,
# - say why Adam's step does not depend on how large the gradient is,
# - put epsilon in the right place, and measure what the wrong one costs,
# - update parameters without changing the caller's.
#
# **What is assumed.** What a gradient is; dicts of arrays, as in the chapters before.

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

from seqgrad import figures, optimize
from seqgrad.check import check

np.set_printoptions(precision=8, suppress=True)


# %% [markdown]
# ## A valley
#
# A loss of two numbers $w = (w_1, w_2)$ is enough to see what goes wrong in a million:
#
# $$L(w) = \tfrac{1}{2}\,(w_1^2 + 50\, w_2^2).$$
#
# It is a valley, fifty times as steep across as it is along, with its lowest point at zero. Gradient descent
# goes against the gradient, $w \leftarrow w - \alpha\, dw$, with the same $\alpha$ in both directions.
#
# Before you run the next cell: from (−4, 1), which of the rates 0.01, 0.038 and 0.042 gets nearest to zero in
# fifty steps?

# %%
def slope(w):
    """Return the gradient of the valley at w (2,)."""
    return np.array([1.0, 50.0]) * w


def descend(rate, steps=50):
    """Return the path (steps + 1, 2) of gradient descent from (-4, 1)."""
    path = [np.array([-4.0, 1.0])]
    for _ in range(steps):
        path.append(path[-1] - rate * slope(path[-1]))
    return np.array(path)


for rate in (0.01, 0.038, 0.042):
    print(f"rate {rate:.3f}: {np.linalg.norm(descend(rate)[-1]):8.3f} from the lowest point")

# %% [markdown]
# The middle one. Across the valley, every step multiplies $w_2$ by $1 - 50\,\alpha$, and beyond
# $\alpha = 0.04$ that is below −1: it explodes. So the steepest direction sets the rate, and along the
# valley, where the multiplier is $1 - \alpha$, nothing much happens. A picture of the middle one:

# %%
figures.show(
    figures.valley({"gradient descent": descend(0.038)}, slope_ratio=50),
    "Level lines of a long narrow valley. The path of gradient descent leaps from wall to wall, a little "
    "less far each time, while it creeps along the valley towards the lowest point, which it does not reach.",
)

# %% [markdown]
# What would help is a step of its own for every direction: small where gradients are large, large where they
# are small. Adam measures how large they are.
#
# ## Two averages
#
# For every parameter Adam keeps two moving averages, of the gradient $g$ and of its square, entry by entry:
#
# $$v^{[t]} = \beta_1 v^{[t-1]} + (1 - \beta_1)\, g, \qquad
# s^{[t]} = \beta_2 s^{[t-1]} + (1 - \beta_2)\, g^2.$$
#
# $v$ tells where to go, and $\sqrt s$ how large gradients are here. Both have the shape of the parameter, and
# begin at zero. The gradient of `W1` goes by the name `dW1`, and so do its averages.

# %% [markdown]
# They have to be zeros *of their own*. Before you run the next cell: both names below are filled with zeros
# and one of the arrays is changed. What does the other hold?

# %%
zeros = np.zeros(3)
v, s = {"db1": zeros}, {"db1": zeros}
v["db1"] += 1
print(s["db1"])


# %% [markdown]
# Ones: it is one array with two names.
#
# ### Exercise 6.1: averages of nothing
#
# Complete `initialize_adam`. The dict of parameters may hold any names and any shapes.

# %% exercise="initialize_adam" points=5
def initialize_adam(parameters):
    """Start Adam's two moving averages at zero.

    Parameters
    ----------
    parameters : dict
        Arrays by name: ``W1``, ``b1``, ... or ``Wax``, ``ba``, ...

    Returns
    -------
    v, s : dict
        ``"d" + name`` for every name, zeros of that parameter's shape and dtype, each
        an array of its own: the averages of the gradient and of its square.
    """
    # The average of each parameter's gradient, and of its square: zeros of the
    # parameter's own shape.
    v = None
    s = None

    return v, s


# %%
check(initialize_adam)

# %% [markdown]
# Here and below, delete the prefix `optimize.` to see your own numbers.

# %%
parameters = {"W1": np.array([[1.0, -2.0, 0.5], [0.0, 3.0, 1.0]]), "b1": np.array([[0.5], [-0.5]])}
v, s = optimize.initialize_adam(parameters)
for name in v:
    print(name, v[name].tolist(), s[name].tolist(), "own arrays:", not np.shares_memory(v[name], s[name]))

# %% [markdown]
# ## Averages that begin at zero
#
# Let the gradient be 1 at every step. The right average of ones is 1. Before you run the next cell: what is
# $v$ after the first step, with $\beta_1 = 0.9$, and what is $s$, with $\beta_2 = 0.999$?

# %%
beta1, beta2 = 0.9, 0.999
t = np.arange(1, 101)
v_of_ones, s_of_ones = 1 - beta1**t, 1 - beta2**t
for step in (1, 2, 10, 100):
    print(f"after step {step:>3}: v = {v_of_ones[step - 1]:.3f}, s = {s_of_ones[step - 1]:.3f}")

# %% [markdown]
# A tenth and a thousandth; both are far too small. Summed up, the weights of $t$ gradients come to
# $1 - \beta^t$, and the rest still lies on the zero of the beginning. Dividing by that share makes the
# average of ones exactly 1 from the first step on:
#
# $$\hat v = \frac{v^{[t]}}{1 - \beta_1^t}, \qquad \hat s = \frac{s^{[t]}}{1 - \beta_2^t}$$
#
# Adam goes along $v / \sqrt s$. Without the correction, would its first steps be too short or too long?

# %%
uncorrected = v_of_ones / np.sqrt(s_of_ones)
for step in (1, 10, 100):
    print(f"step {step:>3}: {uncorrected[step - 1]:.2f} times as long as it should be")
figures.show(
    figures.bias_correction(t, uncorrected),
    "The length of Adam's uncorrected step, as a multiple of the corrected one, over a hundred steps: "
    "about 3 at the first step, more than 6 near the twelfth, and still 3 at the hundredth. With the "
    "correction it is 1 throughout.",
)


# %% [markdown]
# Too long, although both averages are too small: $s$ is smaller still, and it stands below. Training would
# begin with its largest steps, in directions about which least is known.
#
# ## The step
#
# $$w \leftarrow w - \alpha\, \frac{\hat v}{\sqrt{\hat s} + \varepsilon}$$
#
# Entry by entry again. $t$ counts the steps from 1, and $\varepsilon$ keeps the division safe where a
# gradient has always been zero.
#
# ### Exercise 6.2: one step of Adam
#
# Complete `update_parameters_with_adam`. It returns new dicts with new arrays: the caller may want to compare
# with the old ones.

# %% exercise="update_parameters_with_adam" points=15
def update_parameters_with_adam(
    parameters, grads, v, s, t, learning_rate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8
):
    """Take one step of Adam.

    Parameters
    ----------
    parameters : dict
        Arrays by name.
    grads : dict
        The gradient of each, under ``"d" + name``; other arrays are ignored.
    v, s : dict
        Moving averages of the gradients and of their squares, as `initialize_adam` or
        the last step returned them.
    t : int
        Which step this is; the first is 1.
    learning_rate, beta1, beta2, epsilon : float
        The step size, how much of each average is kept, and what keeps the division
        safe.

    Returns
    -------
    parameters, v, s : dict
        Their new values, in new dicts and arrays.
    """
    # New dicts for the new values; the arguments stay as they are.
    v_new, s_new, parameters_new = None, None, None

    for name in parameters:
        # The gradient and the averages of this parameter go by "d" and its name.
        d = None

        # The moving averages of the gradient and of its square, each entry for itself.
        ...

        # Both began at zero, so early on they are too small: divide by the share that
        # they have seen by step t.
        v_corrected = None
        s_corrected = None

        # Against the gradient, in units of its own size; epsilon is added to the root,
        # not under it.
        step = None

    return parameters_new, v_new, s_new


# %%
check(update_parameters_with_adam)

# %% [markdown]
# Gradients of very different sizes, and the first step with a learning rate of 0.01. Before you run the cell:
# by how much does each parameter move?

# %%
grads = {"dW1": np.array([[1000.0, 1.0, 0.001], [-1000.0, -1.0, 0.0]]), "db1": np.array([[0.25], [-4.0]])}
after, v1, s1 = optimize.update_parameters_with_adam(parameters, grads, v, s, t=1)
for name in parameters:
    print(f"{name} moved by", np.round(after[name] - parameters[name], 6).tolist())
print("the caller's own W1:", parameters["W1"].tolist())

# %% [markdown]
# All by the learning rate, against the sign of the gradient; only where the gradient is 0 nothing moves. A
# million times more gradient makes no difference to the length. What differs is kept in the averages:

# %%
for name in v1:
    print(name, "v:", v1[name].ravel())
    print(name, "root of s:", np.sqrt(s1[name].ravel()))

# %% [markdown]
# A second step, and now every gradient has the opposite sign. Before you run the cell: do the parameters go
# all the way back?

# %%
opposite = {name: -gradient for name, gradient in grads.items()}
second, _, _ = optimize.update_parameters_with_adam(after, opposite, v1, s1, t=2)
for name in parameters:
    print(f"{name} moved by", np.round(second[name] - after[name], 6).tolist())

# %% [markdown]
# Only a twentieth of the way: $v$ remembers where it was going, and two gradients that contradict each other
# make a short step. This is what calms the zigzag.
#
# ## Where epsilon stands
#
# The paper adds $\varepsilon = 10^{-8}$ to the root. The assignment that this course grew from adds it
# *under* the root, $\sqrt{\hat s + \varepsilon}$, which looks like the same precaution. Take a constant
# gradient, so that $\hat v = g$ and $\hat s = g^2$. Before you run the next cell: from which size of $g$ on
# do the two differ?

# %%
epsilon = 1e-8
print("gradient  outside   inside  outside / inside")
for g in (1.0, 1e-2, 1e-4, 1e-6, 1e-8):
    outside, inside = g / (np.sqrt(g**2) + epsilon), g / np.sqrt(g**2 + epsilon)
    print(f"{g:>8.0e}{outside:>9.4f}{inside:>9.4f}{outside / inside:>18.2f}")

# %% [markdown]
# Under the root, $10^{-8}$ weighs as much as a gradient of $10^{-4}$. For gradients of $10^{-6}$ the step is
# a hundred times too short, and gradients do get that small: at the weights of something rarely seen, or when
# training is nearly done. Is seqgrad's epsilon where the paper has it?

# %%
w, dw = {"w": np.array([0.0])}, {"dw": np.array([1e-6])}
moved, _, _ = optimize.update_parameters_with_adam(w, dw, *optimize.initialize_adam(w), t=1)
print(f"moved by {moved['w'][0]:.6f} with a learning rate of 0.01")


# %% [markdown]
# ## Through the valley
#
# Back to (−4, 1), with fifty steps and a learning rate of 0.3. Before you run the next cell: which way does
# Adam's first step go, along the valley, across it, or diagonally?

# %%
def adam(rate, steps=50):
    """Return the path (steps + 1, 2) of Adam from (-4, 1)."""
    w = {"w": np.array([-4.0, 1.0])}
    v, s = optimize.initialize_adam(w)
    path = [w["w"]]
    for t in range(1, steps + 1):
        w, v, s = optimize.update_parameters_with_adam(w, {"dw": slope(w["w"])}, v, s, t, learning_rate=rate)
        path.append(w["w"])
    return np.array(path)


paths = {"gradient descent": descend(0.038), "Adam": adam(0.3)}
for name, path in paths.items():
    distance = np.linalg.norm(path, axis=1)
    print(f"{name:<17}first step {path[1] - path[0]}, distances", distance[[10, 20, 30, 40, 50]].round(3))

# %%
figures.show(
    figures.valley(paths, slope_ratio=50),
    "Level lines of the valley with two paths. Gradient descent leaps from wall to wall; Adam goes down "
    "diagonally in a wide curve, runs past the lowest point and curls back to it.",
)

# %% [markdown]
# Diagonally, 0.3 in both: each direction is measured in units of its own gradients. After ten steps Adam is
# nearer to the lowest point than gradient descent after thirty. Then it runs past, for the averages remember
# where it was going, and curls back.
#
# ## Try it yourself
#
# - Turn the valley by 45 degrees: $L = \tfrac{1}{2}(w_1^2 + 50\, w_2^2)$ with $w_1 \pm w_2$ in the place of
#   $w_1$ and $w_2$. Is Adam still faster? Why does it depend on the axes?
# - Set `beta1=0`. What is left of the swings, and what of the speed?
# - Multiply the loss by a million. How does the path of gradient descent change, how Adam's?
# - Count from $t = 1$ again in the middle of a training, and keep `v` and `s`. How long is the next step?
#
# ## Further reading
#
# - Kingma & Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015: algorithm 1, section 3 on the
#   correction.
# - Goodfellow, Bengio & Courville, *Deep Learning* (2016), section 8.2.1 (valleys, which they call
#   ill-conditioning), section 8.3.2 (momentum) and section 8.5.3 (Adam).
