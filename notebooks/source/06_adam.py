# %% [markdown]
# # Chapter 6. Update the parameters with Adam
#
# **What you will do.** Write Adam, the optimiser that trains the networks of [chapter 8](08_names.ipynb), and
# send it through a valley in which gradient descent zigzags.
#
# **What you will know.** You will be able to
#
# - say why one learning rate does not suit all directions,
# - average gradients over time, and derive the correction for an average that starts at zero,
# - explain why Adam's step does not depend on the size of the gradient,
# - put epsilon in the right place, and measure what the wrong place costs.
#
# **What is assumed.** You know what a gradient is. Parameters and gradients stand in dicts, as in chapters 2
# to 5.
#
# **Time.** About 60 minutes.

# %% install=true
# The build puts here what installs seqgrad where it is missing.

# %%
import numpy as np

from seqgrad import figures, optimize
from seqgrad.check import beside, check

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# ## One learning rate for two directions
#
# *Gradient descent* takes a step against the gradient, with the same *learning rate* $\alpha$ for every
# weight: $w \leftarrow w - \alpha\, dw$. A loss with two weights is enough to see what can go wrong:
#
# $$L(w_1, w_2) = \tfrac{1}{2}\, w_1^2 + \tfrac{1}{2} \cdot 50\, w_2^2$$
#
# This is a long valley, fifty times as steep across ($w_2$) as along ($w_1$). The lowest point is (0, 0).

# %%
slopes = np.array([1.0, 50.0])


def descend(rate, steps=50):
    """Return the path (steps + 1, 2) of gradient descent from (-4, 1)."""
    path = [np.array([-4.0, 1.0])]
    for _ in range(steps):
        path.append(path[-1] - rate * slopes * path[-1])
    return np.array(path)


# %% [markdown]
# Gradient descent starts at (−4, 1) and takes fifty steps. Which learning rate ends nearest to the lowest
# point: 0.01, 0.038 or 0.042?

# %%
for rate in (0.01, 0.038, 0.042):
    end = descend(rate)[-1]
    print(f"rate {rate:.3f} ends at ({end[0]:.2f}, {end[1]:.2f}), distance {np.linalg.norm(end):.2f}")

# %% [markdown] answer=true
# The learning rate 0.038 ends nearest.
#
# To see why, put the gradient $(w_1,\ 50\, w_2)$ into the update. Each step multiplies each weight by a
# constant:
#
# $$w_1 \leftarrow (1 - \alpha)\, w_1$$
#
# $$w_2 \leftarrow (1 - 50\,\alpha)\, w_2$$
#
# For $\alpha = 0.042$ the second factor is −1.1, so $w_2$ grows. For $\alpha = 0.038$ it is −0.9: $w_2$
# shrinks and changes its sign at each step. The first factor is then 0.962, which is slow.

# %%
figures.show(figures.valley({"gradient descent": descend(0.038)}, slope_ratio=50))

# %% [markdown]
# *Figure 6.1. Gradient descent with $\alpha = 0.038$. Grey lines have equal loss; the cross is the lowest
# point.*
#
# The steep direction limits the learning rate, and then the flat direction moves slowly. It would help to
# have a step size for each weight: small where gradients are large, large where gradients are small. Adam
# measures how large they are.

# %% [markdown]
# ## Two moving averages
#
# For each parameter, Adam keeps two arrays of the same shape: a moving average $v$ of the gradients $g$, and
# a moving average $s$ of their squares. All operations are elementwise.
#
# $$v_t = \beta_1\, v_{t-1} + (1 - \beta_1)\, g_t$$
#
# $$s_t = \beta_2\, s_{t-1} + (1 - \beta_2)\, g_t^2$$
#
# $v$ says in which direction the gradients agree, and $\sqrt s$ says how large they are. Both start at zero.
# The gradient of `W1` is called `dW1`, and the averages have the same key: `v["dW1"]` and `s["dW1"]`.

# %% [markdown]
# Both averages start as zeros of the same shape, so one array of zeros seems to be enough. Does the next cell
# print zeros or ones?

# %%
zeros = np.zeros(3)
v, s = {"db1": zeros}, {"db1": zeros}
v["db1"] += 1
print(s["db1"])

# %% [markdown] answer=true
# It prints ones: `v["db1"]` and `s["db1"]` are two names for one array. Each average needs an array of its
# own.
#
# ### Exercise 6.1: start both averages at zero
#
# *About 2 lines, 5 minutes, ★☆☆*
#
# - **Given:** `parameters`, a dict of arrays with any names and shapes.
# - **Write:** the two dicts `v` and `s`.

# %% exercise="initialize_adam" points=5
from seqgrad.optimize import initialize_adam

# %%
check(initialize_adam)

# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Take `{"W1": ..., "b1": ...}` and write down on paper which keys `v` has, and which shape belongs to each
# key. One loop over `parameters.items()` gives you both. `np.zeros_like(value)` makes an array with the shape
# and the dtype of `value`.
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** Each call of `np.zeros_like` makes a new array, so no two averages share memory.
#
# - Somebody counted the layers from 0: the keys began at `dW0`. Keys that come from `parameters` need no
#   counting, and work for `Wax` and `ba` too.
# - Somebody gave a bias an average of shape (n,) instead of (n, 1). NumPy broadcasts the two to (n, n), and
#   the bias becomes a matrix.
# - `v = s = {}` is one dict with two names, as in the cell above.

# %% [markdown]
# The next cell runs one test twice, with your function and with seqgrad's, and puts the printed lines side by
# side. As long as your function is not finished, you see what is expected.

# %%
parameters = {"W1": np.array([[1.0, -2.0, 0.5], [0.0, 3.0, 1.0]]), "b1": np.array([[0.5], [-0.5]])}


def test(initialize_adam):
    """Print what both averages hold, and whether they share memory."""
    v, s = initialize_adam(parameters)
    for name in v:
        print(f'v["{name}"] =', v[name].tolist())
        print(f'v["{name}"] and s["{name}"] share memory:', np.shares_memory(v[name], s[name]))


beside(test, optimize.initialize_adam, initialize_adam)

# %% [markdown]
# ## Why the averages are too small at first
#
# Suppose that the gradient is 1 at every step. A good average of ones is 1. What is $v$ after the first step
# with $\beta_1 = 0.9$: 0.1, 0.9 or 1? And what is $s$ with $\beta_2 = 0.999$?

# %%
v = s = 0.0
for t in range(1, 101):
    v = 0.9 * v + 0.1 * 1
    s = 0.999 * s + 0.001 * 1**2
    if t in (1, 2, 3, 10, 100):
        print(f"after step {t:>3}: v = {v:.3f}, s = {s:.3f}")

# %% [markdown] answer=true
# After the first step $v$ is 0.1 and $s$ is 0.001. Both are far too small. After a hundred
# steps $v$ is right, and $s$ is still too small.
#
# To find out by how much, write three steps of $v$ below each other, with $\beta$ for $\beta_1$:
#
# $$v_1 = (1 - \beta)\, g_1$$
#
# $$v_2 = (1 - \beta)\, (\beta\, g_1 + g_2)$$
#
# $$v_3 = (1 - \beta)\, (\beta^2 g_1 + \beta\, g_2 + g_3)$$
#
# So $v_t$ is a weighted sum of the gradients. The newest has the largest weight. What do the weights add up
# to after ten steps: more than 1, exactly 1, or less?

# %%
t, beta = 10, 0.9
weights = (1 - beta) * beta ** np.arange(t - 1, -1, -1)
print("weights of g1 to g10:", weights.round(3))
print(f"sum {weights.sum():.3f}, and 1 - beta**t is {1 - beta**t:.3f}")
figures.show(figures.weights_of_average(weights, beta**t))

# %% [markdown]
# *Figure 6.2. How much each gradient counts in the average after ten steps. The grey bar is the weight of the
# zero at the start.*
#
# The weights add up to less than 1. More than a third of the total weight, $\beta^{10} \approx 0.349$, still
# belongs to the zero at the start.

# %% [markdown]
# Real gradients are noisy, so we look at the *expectation*. Let all gradients have the same expectation
# $\mathbb E[g]$. The weights are a geometric series, and its sum is known:
#
# $$\mathbb E[v_t] = \mathbb E[g]\,(1 - \beta)\,\bigl(1 + \beta + \dots + \beta^{t-1}\bigr)$$
#
# $$\hphantom{\mathbb E[v_t]} = \mathbb E[g]\,(1 - \beta)\,\frac{1 - \beta^t}{1 - \beta}$$
#
# $$\hphantom{\mathbb E[v_t]} = \mathbb E[g]\,(1 - \beta^t)$$
#
# On average, $v_t$ is too small by the factor $1 - \beta^t$. Adam divides by this factor:
#
# $$\hat v_t = \frac{v_t}{1 - \beta_1^t}, \qquad \hat s_t = \frac{s_t}{1 - \beta_2^t}$$
#
# For $s$ the derivation is the same, with $g^2$ in the place of $g$.

# %% [markdown]
# Does it hold for noise? Here are 100,000 runs of three steps, with gradients that scatter around 1. The
# factor for $t = 3$ is $1 - 0.9^3 = 0.271$.

# %%
noisy = np.random.default_rng(0).normal(1.0, 0.5, size=(3, 100_000))
v = 0.1 * (0.9**2 * noisy[0] + 0.9 * noisy[1] + noisy[2])
print(f"mean of v: {v.mean():.3f}, of v corrected: {(v / (1 - 0.9**3)).mean():.3f}")

# %% [markdown]
# Adam moves along $v / \sqrt s$. Without the corrections both averages are too small. Are the first steps
# then too short, too long, or right because the two errors cancel?

# %%
t = np.arange(1, 101)
too_long = (1 - 0.9**t) / np.sqrt(1 - 0.999**t)
for step in (1, 12, 100):
    print(f"step {step:>3} is {too_long[step - 1]:.2f} times as long as it should be")
figures.show(figures.bias_correction(t, too_long))

# %% [markdown]
# *Figure 6.3. The length of Adam's steps without the corrections, compared with the right length.*
#
# The first steps are too long, because $\sqrt s$ is even further from its right value than $v$. Training
# would start with its longest steps, when the least is known about the gradients.

# %% [markdown]
# ## The step
#
# Now every part is there:
#
# $$w \leftarrow w - \alpha\, \frac{\hat v_t}{\sqrt{\hat s_t} + \varepsilon}$$
#
# Steps count from $t = 1$. The small number $\varepsilon$ prevents a division by zero where a gradient has
# always been zero.
#
# Take one weight, $w = 0.5$, with $g = -4$ at the first step and $\alpha = 0.01$. Work out $v$, $s$, $\hat
# v$, $\hat s$ and the new $w$ on paper. All of them are short numbers.

# %%
v, s = 0.1 * -4, 0.001 * (-4) ** 2
v_corrected, s_corrected = v / (1 - 0.9), s / (1 - 0.999)
print(f"v = {v:.3f}, s = {s:.3f}, corrected {v_corrected:.1f} and {s_corrected:.1f}")
print(f"w = {0.5 - 0.01 * v_corrected / (np.sqrt(s_corrected) + 1e-8):.4f}")

# %% [markdown]
# ### Exercise 6.2: take one step of Adam
#
# *About 6 lines, 15 minutes, ★★☆*
#
# - **Given:** dicts of parameters, gradients and averages, the number `t` of the step, and Adam's four
#   constants.
# - **Write:** the new parameters and averages, in new dicts with new arrays. The caller's arrays must not
#   change: `parameters["W1"] -= step` would write into the array that the caller holds. If you put
#   new arrays into the caller's own dicts, the check passes with a remark.

# %% exercise="update_parameters_with_adam" points=15
from seqgrad.optimize import update_parameters_with_adam

# %%
check(update_parameters_with_adam)

# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Write the five formulas below each other for one parameter: $v_t$, $s_t$, $\hat v_t$, $\hat s_t$ and the new
# $w$. Then find the name of each symbol in the function: $v_{t-1}$ is `v[d]`, and $g_t$ is `grads[d]`. Each
# formula becomes one line. Test it with the numbers of the example above, $g = -4$.
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** Every line makes a new array, so the caller keeps the old parameters and averages. In
# 37 public repositories with this assignment we found these slips:
#
# - In 19 of them epsilon stands under the root, `np.sqrt(s_corrected + epsilon)`, as in the assignment's own
#   helper file. The section *Where epsilon belongs* measures what that costs.
# - In 3 the second moment is not corrected. Figure 6.3 shows a similar error: the length of the first steps
#   is wrong.
# - In forums we found `1 - beta1` without the exponent `t`. For $t = 1$ both are the same number, so the
#   first step is right and all later ones are wrong.

# %% [markdown]
# The next test uses gradients between 0.001 and 1000, and the first step with a learning rate of 0.01. Which
# entry moves furthest: the one with gradient 1000, the one with 0.001, or do all move equally far?

# %%
grads = {"dW1": np.array([[1000.0, 1.0, 0.001], [-1000.0, -1.0, 0.0]]), "db1": np.array([[0.25], [-4.0]])}
v, s = optimize.initialize_adam(parameters)


def test(update_parameters_with_adam):
    """Print how far the first step moves each parameter."""
    after, _, _ = update_parameters_with_adam(parameters, grads, v, s, t=1)
    for name in parameters:
        print(f"{name} moved by", np.round(after[name] - parameters[name], 6).tolist())
    print("the caller's W1:", parameters["W1"].tolist())


beside(test, optimize.update_parameters_with_adam, update_parameters_with_adam)

# %% [markdown] answer=true
# All entries move equally far, by the learning rate, and against the sign of the gradient. Only the entry
# with gradient 0 stays where it is. At the first step $\hat v = g$ and $\sqrt{\hat s} = |g|$, so the size of
# the gradient cancels and its sign is left.

# %% [markdown]
# At the second step every gradient has the opposite sign. How far do the parameters go back: all the way,
# half of it, or hardly at all?

# %%
after, v1, s1 = optimize.update_parameters_with_adam(parameters, grads, v, s, t=1)
opposite = {name: -gradient for name, gradient in grads.items()}
second, _, _ = optimize.update_parameters_with_adam(after, opposite, v1, s1, t=2)
for name in parameters:
    print(f"{name} moved by", np.round(second[name] - after[name], 6).tolist())

# %% [markdown] answer=true
# They hardly go back at all, only by 1/19 of the first step.
#
# The average remembers the first gradient:
#
# $$v_2 = 0.9 \cdot 0.1\, g - 0.1\, g = -0.01\, g$$
#
# $$\hat v_2 = \frac{-0.01\, g}{1 - 0.9^2} = -\frac{g}{19}$$
#
# Gradients that contradict each other make a short step. This is what will calm the zigzag in the valley.

# %% [markdown]
# ## Where epsilon belongs
#
# The paper adds $\varepsilon = 10^{-8}$ to the root. The assignment that this course grew from adds it
# *under* the root: $\sqrt{\hat s + \varepsilon}$. Take a constant gradient, so that $\hat v = g$ and $\hat s
# = g^2$; the step should then have the length of the learning rate.
#
# For which of the gradients 1, $10^{-2}$, $10^{-4}$, $10^{-6}$ does the step become much shorter if epsilon
# is under the root?

# %%
epsilon = 1e-8
print("gradient  outside   inside  outside / inside")
for g in (1.0, 1e-2, 1e-4, 1e-6, 1e-8):
    outside, inside = g / (np.sqrt(g**2) + epsilon), g / np.sqrt(g**2 + epsilon)
    print(f"{g:>8.0e}{outside:>9.4f}{inside:>9.4f}{outside / inside:>18.2f}")

# %% [markdown] answer=true
# The step becomes shorter from about $10^{-4}$ on, since $\varepsilon$ under the root counts like a gradient of
# $\sqrt{\varepsilon} = 10^{-4}$. For a gradient of $10^{-6}$ the step is a hundred times too short.
#
# Such gradients are common: for the weights of a rare input, or near the end of training.

# %% [markdown]
# ## Through the valley
#
# Adam starts at the same point, (−4, 1), with a learning rate of 0.3. Which way does its first step go: along
# the valley, across it, or diagonally?


# %%
def adam(rate, steps=50, slopes=slopes, **options):
    """Return the path (steps + 1, 2) of Adam from (-4, 1)."""
    w = {"w": np.array([-4.0, 1.0])}
    v, s = optimize.initialize_adam(w)
    path = [w["w"]]
    for t in range(1, steps + 1):
        grads = {"dw": slopes * w["w"]}
        w, v, s = optimize.update_parameters_with_adam(w, grads, v, s, t, learning_rate=rate, **options)
        path.append(w["w"])
    return np.array(path)


# %%
paths = {"gradient descent": descend(0.038), "Adam": adam(0.3)}
for name, path in paths.items():
    distances = np.linalg.norm(path, axis=1)
    print(f"{name}: first step {path[1] - path[0]}")
    print("   distance after 10, 20, 30, 40, 50 steps:", distances[[10, 20, 30, 40, 50]].round(2))
figures.show(figures.valley(paths, slope_ratio=50))

# %% [markdown]
# *Figure 6.4. Both optimisers take fifty steps from the same point.*
#
# Adam's first step goes diagonally, 0.3 in both directions, because each direction is measured in units of
# its own gradient. After ten steps Adam is nearer to the lowest point than gradient descent is after thirty.
# Then it runs past, because $v$ remembers where it was going, and turns back.

# %% [markdown]
# ## Try it yourself
#
# 1. Turn the valley by 45 degrees, so that it no longer runs along an axis. Is Adam still faster than
#    gradient descent?
# 2. Set `beta1=0`. What changes in Adam's path through the valley?
# 3. Multiply the loss by a million. Which of the two paths can stay the same?
# 4. After 50 steps with gradient 1, keep `v` and `s` but count from $t = 1$ again. Is the next step too short
#    or too long?

# %% [markdown] only="solutions"
# ### Answers
#
# **Answer 1: the turned valley.**
#
# In new coordinates $u$ with $w = R u$, the gradient is $R^{\mathsf T} (\text{slopes} \odot R u)$.

# %% only="solutions"
R = np.array([[1.0, -1.0], [1.0, 1.0]]) / np.sqrt(2)
start = R.T @ np.array([-4.0, 1.0])
u, w = start, {"w": start}
v, s = optimize.initialize_adam(w)
for t in range(1, 51):
    u = u - 0.038 * R.T @ (slopes * (R @ u))
    grads = {"dw": R.T @ (slopes * (R @ w["w"]))}
    w, v, s = optimize.update_parameters_with_adam(w, grads, v, s, t, learning_rate=0.3)
    if t % 10 == 0:
        print(f"after {t} steps: gradient descent {np.linalg.norm(u):.2f}, Adam {np.linalg.norm(w['w']):.2f}")

# %% [markdown] only="solutions"
# Adam is slower now. Gradient descent does not notice the turn: its distances are those of figure 6.1. Adam
# has a step size for each axis, but the steep direction now lies between the axes, so both weights get the
# same small steps. Adam's advantage depends on the axes.

# %% [markdown] only="solutions"
# **Answer 2: no memory of the direction.**

# %% only="solutions"
for beta1 in (0.9, 0.0):
    path = adam(0.3, beta1=beta1)
    print(f"beta1 = {beta1}: distances", np.linalg.norm(path, axis=1)[[10, 20, 30, 40, 50]].round(3))
    print(f"   furthest beyond the lowest point: {path[:, 0].max():z.2f}")

# %% [markdown] only="solutions"
# Without momentum Adam no longer runs past the lowest point, and in this valley it arrives sooner. But this
# valley has no noise. The gradient of a mini-batch has, and there an average over ten steps is worth more
# than the last gradient alone.

# %% [markdown] only="solutions"
# **Answer 3: a million times the loss.**

# %% only="solutions"
difference = adam(0.3) - adam(0.3, slopes=1e6 * slopes)
print(f"largest difference of Adam's paths: {np.abs(difference).max():.0e}")

# %% [markdown] only="solutions"
# Adam's path stays the same, apart from epsilon. Gradient descent takes steps a million times as long and
# explodes, unless its learning rate is divided by a million.

# %% [markdown] only="solutions"
# **Answer 4: count from 1 again.**

# %% only="solutions"
w, grads = {"w": np.zeros(1)}, {"dw": np.ones(1)}
v, s = optimize.initialize_adam(w)
for t in range(1, 51):
    w, v, s = optimize.update_parameters_with_adam(w, grads, v, s, t)
for t in (51, 1, 10):
    after, _, _ = optimize.update_parameters_with_adam(w, grads, v, s, t)
    print(f"t = {t:>2}: the step is {(w['w'] - after['w'])[0] / 0.01:.2f} times the learning rate")

# %% [markdown] only="solutions"
# At first it is too long. The corrections assume averages that start at zero, and these do not: for $t = 1$,
# $\hat v$ is about ten times too large and $\sqrt{\hat s}$ about seven times. Save $t$ together with $v$ and
# $s$ when you interrupt a training.

# %% [markdown]
# ## Further reading
#
# - Kingma & Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015: algorithm 1, and section 3 for the
#   corrections.
# - Goodfellow, Bengio & Courville, *Deep Learning* (2016): section 8.2.1 (narrow valleys, there called
#   ill-conditioning), section 8.3.2 (momentum) and section 8.5.3 (Adam).
