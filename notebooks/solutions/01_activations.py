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
# # Turn scores into shares
#
# **What you will do.** Write `softmax` and `sigmoid` so that no score, however large, gives `nan`, a
# warning or a lost digit.
#
# **What you will know.** You will be able to
#
# - turn a column of scores into probabilities,
# - shift scores without changing their shares, and choose the shift,
# - tell from a `nan` which division made it,
# - write a sigmoid that keeps its digits at both ends.
#
# **What is assumed.** NumPy arrays and their axes; the exponential function.

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

from seqgrad import activations, figures
from seqgrad.check import check

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# An exercise is a function whose steps are missing; its comments say what each step is for. The check below
# it tells you what is right and what is not yet. After that the text goes on with seqgrad's own function,
# so you can read to the end and come back to an exercise later.

# %% [markdown]
# ## Scores and shares
#
# A network ends in *scores*: one number for each class, of any size and sign. What we want are *shares*:
# positive numbers that sum to 1. The exponential makes every score positive, and dividing by the total
# makes the sum 1.
#
# Class 0 below has three quarters of all the points. Before you run the cell: will it get less than three
# quarters of the whole, exactly that, or more?

# %%
points = np.array([3.0, 1.0, 0.0])
e = np.exp(points)
print(np.round(e / e.sum(), 3))

# %% [markdown]
# More: only the *differences* between scores count, and each unit of difference multiplies the share by $e
# \approx 2.718$. For a batch of $m$ examples the scores stand in an array $x$ of shape $(n_y, m)$, one
# column for each example, and every column is a whole of its own:
#
# $$p_{ij} = \frac{e^{x_{ij}}}{\sum_{k} e^{x_{kj}}}, \qquad x, p: (n_y, m)$$
#
# Now classes 1 and 2 keep their scores, 1 and 0, while the score of class 0 moves. At which score does
# class 0 hold half of the whole?

# %%
moving = np.linspace(-5, 7, 241)
p = activations.softmax(np.stack([moving, np.full(241, 1.0), np.full(241, 0.0)]))
figures.show(
    figures.probabilities(moving, p),
    "Three stacked bands, the shares of three classes, against the score of class 0 from -5 to 7. The band of "
    "class 0 is next to nothing on the left, grows along an S-shaped edge and fills nearly everything on the "
    "right; classes 1 and 2 share the rest in a constant proportion.",
)

# %% [markdown]
# Where its exponential equals the sum of the other two, $e^1 + e^0$:

# %%
half = np.log(np.exp(1.0) + np.exp(0.0))
print(f"{half:.2f}", activations.softmax(np.array([half, 1.0, 0.0])).round(2))

# %% [markdown]
# ## The shift that changes nothing
#
# Both columns have the same differences, so they should have the same shares. The formula is typed in as it
# stands; `np.errstate` keeps NumPy's warnings off the page. What will the second column be?

# %%
x = np.array([[3.0, 1003.0], [1.0, 1001.0], [0.0, 1000.0]])
with np.errstate(over="ignore", invalid="ignore"):
    print(np.exp(x) / np.exp(x).sum(axis=0))

# %% [markdown]
# The largest number that a `float64` can hold is about $e^{709}$. Beyond it `exp` gives `inf`, and
# `inf / inf` is `nan`: not a number. The way out is to subtract a number $s$ from every score of a column
# first. It cancels:
#
# $$\frac{e^{x_i - s}}{\sum_k e^{x_k - s}} = \frac{e^{-s}\, e^{x_i}}{e^{-s} \sum_k e^{x_k}} = p_i$$
#
# If $s$ is the largest score, no exponential is larger than 1, and nothing overflows. But the largest score
# of what? Here is the largest of the whole array. Which column do you expect to be right now?

# %%
with np.errstate(invalid="ignore"):
    e = np.exp(x - x.max())
    print(e / e.sum(axis=0))

# %% [markdown]
# The second, and only the second. In the first column all three exponentials have become too small to be
# told from 0, and `0 / 0` is `nan` too. The assignment that this course grew from shifts in this way; as
# long as all scores lie close together, nobody notices. How far apart is too far?

# %%
distance = np.linspace(0, 800, 161)
print(np.exp([-700.0, -750.0]) > 0)
figures.show(
    figures.largest_term(distance, np.exp(-distance)),
    "The largest exponential of a column, on a logarithmic axis, against how far its scores lie below the "
    "largest score of the array, from 0 to 800. Shifted by the maximum of the array it falls in a straight line "
    "and ends shortly before 750; shifted by the column's own maximum it is 1 throughout.",
)


# %% [markdown]
# About 750: from there on nothing is left of the column. Shifted by its *own* maximum, each column has one
# exponential that is exactly 1, wherever the other columns lie. The sum is at least 1, and neither
# `inf / inf` nor `0 / 0` can happen.

# %% [markdown]
# ### Exercise 1.1: softmax
#
# Complete `softmax`. Classes run along axis 0; `keepdims=True` keeps that axis, with length 1, so that a
# row of maxima can be subtracted from the array it came from.

# %% exercise="softmax" points=5
def softmax(x):
    """Turn each column of scores into probabilities that sum to 1.

    Parameters
    ----------
    x : (n_y, ...)

    Returns
    -------
    (n_y, ...)
    """
    # Subtract from each column its own largest score, then take the exponential: no
    # term is above 1, and at least one is 1.
    e = np.exp(x - x.max(axis=0, keepdims=True))

    # Divide each column by its sum.
    p = e / e.sum(axis=0, keepdims=True)

    return p


# %%
check(softmax)

# %% [markdown]
# seqgrad's own function on the array from above: equal shares in both columns, each summing to 1. In this
# chapter and in all others, delete the prefix (here `activations.`) and run the cell again to see what your
# function gives.

# %%
p = activations.softmax(x)
print(p)
print("sums:", p.sum(axis=0))

# %% [markdown]
# A last look. All scores of a column are equal, and enormous. What are the shares?

# %%
print(activations.softmax(np.full((4, 1), -1e300)).ravel())

# %% [markdown]
# ## One number and its complement
#
# Take two classes, with scores $x$ and 0. The share of the first depends on $x$ alone, and has a name of
# its own, the *sigmoid*:
#
# $$\sigma(x) = \frac{e^x}{e^x + e^0} = \frac{1}{1 + e^{-x}}$$
#
# It squashes any number to between 0 and 1; the gates of the LSTM in chapter 4 are made of it. Before you
# run the cell: what is $\sigma(0)$, and what do $\sigma(2)$ and $\sigma(-2)$ sum to?

# %%
x = np.array([-2.0, 0.0, 2.0])
print(activations.softmax(np.stack([x, np.zeros(3)]))[0])

# %% [markdown]
# They sum to 1: what one class has, the other has not, $\sigma(-x) = 1 - \sigma(x)$.
#
# The second form of the formula is short, and most code has it. For which of these three numbers does an
# exponential overflow on the way?

# %%
for number in (-1000.0, 0.0, 1000.0):
    with np.errstate(over="ignore"):
        e = np.exp(-number)
    print(f"x = {number:7.1f}: exp(-x) = {e:.0f}, sigmoid {1 / (1 + e):.1f}")

# %% [markdown]
# For the first: `exp(1000)` is `inf`. The result 0 is even right to all digits, but NumPy warns, and a
# warning that one learns to overlook hides the next one. A popular way around it is $\sigma(x) =
# \frac{1}{2}(1 + \tanh\frac{x}{2})$, which never overflows. What could be wrong with it?

# %%
print(f"tanh form: {(1 + np.tanh(-60.0 / 2)) / 2:.1e}")
print(f"exp form:  {1 / (1 + np.exp(60.0)):.1e}")


# %% [markdown]
# $\tanh(-30)$ lies so close to $-1$ that it is rounded to $-1$, and the sum has lost every digit of the
# answer. A gate that is nearly closed would be closed altogether, and its logarithm would be infinite.
#
# Two forms, each safe on its own side, make one that is safe everywhere. Both need only $e^{-|x|}$, which
# lies between 0 and 1:
#
# $$\sigma(x) = \frac{1}{1 + e^{-|x|}} \quad (x \ge 0), \qquad \sigma(x) = \frac{e^{-|x|}}{1 + e^{-|x|}} \quad (x < 0)$$

# %% [markdown]
# ### Exercise 1.2: sigmoid
#
# Complete `sigmoid`. It takes an array of any shape; `np.where(condition, this, that)` picks entry by
# entry.

# %% exercise="sigmoid" points=5
def sigmoid(x):
    """Map every number to a number between 0 and 1.

    Parameters
    ----------
    x : array of any shape, or a number

    Returns
    -------
    array as `x`
        ``1 / (1 + exp(-x))``, with the dtype of `x` (integers give floats).
    """
    x = np.asarray(x)

    # The exponential of -|x|, which is never above 1.
    negative = x.real < 0
    e = np.exp(np.where(negative, x, -x))

    # Both formulas divide by 1 plus this exponential. The numerator is the exponential
    # where x is negative, and 1 elsewhere.
    s = np.where(negative, e, 1) / (1 + e)

    return s


# %%
check(sigmoid)

# %% [markdown]
# Far out on both sides: nothing overflows, and the small value keeps its digits.

# %%
for number in (-1000.0, -60.0, 0.0, 1000.0):
    print(f"sigmoid({number:7.1f}) = {activations.sigmoid(number):.1e}")

# %% [markdown]
# The backward passes of chapter 5 need the slope. It can be had from the value alone, $\sigma'(x) =
# \sigma(x)\,(1 - \sigma(x))$. How steep is the sigmoid where it is steepest: 1, a half, a quarter?

# %%
x = np.linspace(-8, 8, 161)
s = activations.sigmoid(x)
slope = s * (1 - s)
print(f"steepest at x = {x[slope.argmax()]:.1f}, with slope {slope.max():.2f}")
print(f"slope at x = {x[-1]:.1f}: {slope[-1]:.5f}")
figures.show(
    figures.function_and_slope(x, s, slope, "sigmoid σ(x)", "update"),
    "The sigmoid, an S-shaped curve from 0 to 1 through one half at 0, and below it its slope, a bell of height "
    "one quarter at 0 that is close to zero beyond 6 on both sides.",
)

# %% [markdown]
# A quarter at most, and next to nothing once the sigmoid is close to 0 or 1: it is *saturated*. What that
# does to a gradient that has to pass many sigmoids is the subject of chapter 7.

# %% [markdown]
# ## Try it yourself
#
# - Divide the scores 3, 1, 0 by a *temperature* of 0.1, 1 and 10 before the softmax. Which temperature
#   makes the choice nearly certain, which nearly even?
# - Give a class the score `-np.inf`. What is its share? And if every class of a column has it?
# - In `float32` the columns need not be 750 apart for 0/0. Find the distance by experiment.
# - Compute $\log \sigma(-1000)$ without ever computing $\sigma(-1000)$.

# %% [markdown]
# ## Further reading
#
# - Goodfellow, Bengio & Courville, *Deep Learning* (2016): section 3.10 on sigmoid and softplus, 4.1 on
#   overflow and underflow, 6.2.2.3 on softmax outputs.
# - Blanchard, Higham & Higham, "Accurately computing the log-sum-exp and softmax functions", *IMA Journal
#   of Numerical Analysis* 41 (2021).
