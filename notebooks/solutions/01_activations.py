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
# # Chapter 1. Turn scores into probabilities
#
# [All chapters](../exercises/00_start.ipynb) · [Chapter 2. Run a network through time →](02_rnn_forward.ipynb)<br>
# To look up: [Recap](../recap.md) · [Symbols and shapes](../symbols.md) · [Glossary](../glossary.md)
#
# **What you will do.** Write `softmax` and `sigmoid`, the two functions that turn scores into probabilities, so
# that they are right for every input, however large.
#
# **What you will know.** You will be able to
#
# - turn columns of scores into probabilities,
# - explain why softmax subtracts the largest score of each column,
# - find the division that produced a `nan`,
# - write a sigmoid that never overflows and keeps all its digits.
#
# **What is assumed.** NumPy arrays and their axes; the exponential function.
#
# **Time.** About 45 minutes.

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
from seqgrad.check import beside, check

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# **How an exercise works.** You get a function without its steps. Each comment says what a step does; you write
# the code below it. The next cell checks your function. If something is wrong, it says what and where.
#
# The text after an exercise uses seqgrad's own functions, so you can read on and come back later. Stars say how
# hard an exercise is, from ★☆☆ to ★★★.

# %% [markdown]
# ## Scores and probabilities
#
# The last layer of a classifier computes one number for each class, its *score* (also called *logit*). A score
# can be negative or large. We want *probabilities*: positive numbers that sum to 1.
#
# The exponential makes every score positive. Dividing by the sum makes the total 1.

# %% [markdown]
# Three classes have the scores 3, 1 and 0. The score of class 0 is three quarters of the sum. Is its probability
# less than 0.75, exactly 0.75, or more?

# %%
scores = np.array([3.0, 1.0, 0.0])
e = np.exp(scores)
print(np.round(e / e.sum(), 3))

# %% [markdown] answer=true
# Its probability is more than 0.75, because the exponential favours the largest score: adding 1 to a score
# multiplies its exponential by $e \approx 2.718$. So only the *differences* between scores count.

# %% [markdown]
# For a batch of $m$ examples, the scores are in an array $x$ of shape $(n_y, m)$: a row for each class, a column
# for each example. The *softmax* turns each column into probabilities:
#
# $$p_{ij} = \frac{e^{x_{ij}}}{\sum_{k} e^{x_{kj}}}$$
#
# Here $i$ is the class and $j$ the example. The sum runs down column $j$, over all classes $k$.

# %% [markdown]
# Now let the score of class 0 move, while the other two scores stay at 1 and 0. Read off the figure: at which
# score does class 0 reach probability one half?

# %%
moving = np.linspace(-5, 7, 241)
ones, zeros = np.full(241, 1.0), np.full(241, 0.0)
p = activations.softmax(np.stack([moving, ones, zeros]))
figures.show(figures.probabilities(moving, p))

# %% [markdown]
# *Figure 1.1. The probabilities of three classes while the score of class 0 moves from −5 to 7.*
#
# Class 0 has probability one half where its exponential equals the sum of the other two, $e^1 + e^0$:

# %%
half = np.log(np.exp(1.0) + np.exp(0.0))
print(f"score {half:.2f}, probabilities", activations.softmax(np.array([half, 1.0, 0.0])).round(2))

# %% [markdown]
# ## The shift that changes nothing
#
# The two columns below differ by 1000 in every entry, so the differences within each column are the same, and the
# probabilities should be the same too. The code is the formula, typed in directly. What will the second column
# be: the same numbers, less precise numbers, or no numbers at all?

# %%
x = np.array([[3.0, 1003.0], [1.0, 1001.0], [0.0, 1000.0]])
with np.errstate(over="ignore", invalid="ignore"):  # keeps NumPy's warnings off the page
    print(np.exp(x) / np.exp(x).sum(axis=0))

# %% [markdown] answer=true
# The second column is no number at all. The largest `float64` is about $e^{709}$; beyond it `exp` gives `inf`,
# and `inf / inf` is `nan`, *not a number*.
#
# The way out is to subtract a number $s$ from all scores of a column before the exponential. The result does not
# change, because $e^{-s}$ cancels:
#
# $$\frac{e^{x_i - s}}{\sum_k e^{x_k - s}} = \frac{e^{-s}\, e^{x_i}}{e^{-s} \sum_k e^{x_k}} = p_i$$

# %% [markdown]
# If $s$ is the largest score, every exponential is at most 1, and nothing overflows. But the largest score of
# *what*? The next cell takes the largest of the whole array, 1003. Which column will be right now: the first,
# the second, or both?

# %%
with np.errstate(invalid="ignore"):
    e = np.exp(x - x.max())
    print(e / e.sum(axis=0))

# %% [markdown] answer=true
# The second column is right, and the first one is broken: its three exponentials are so small that they are
# rounded to 0, and `0 / 0` is `nan` too.
#
# How far apart may two columns be before this happens? The line in the next figure ends where the largest
# exponential of a column becomes 0.

# %%
distance = np.linspace(0, 800, 161)
print(np.exp([-700.0, -750.0]) > 0)
figures.show(figures.largest_term(distance, np.exp(-distance)))


# %% [markdown]
# *Figure 1.2. The largest exponential of a column, if the column is shifted by the maximum of the whole array
# (dashed) or by its own maximum.*
#
# A distance of about 745 is too far: all exponentials of the column are 0. If each column is shifted by its *own*
# maximum, one of its exponentials is exactly 1, and their sum is at least 1. So neither `inf / inf` nor `0 / 0`
# can happen.

# %% [markdown]
# ### Exercise 1.1: softmax
#
# *About 2 lines, 10 minutes, ★☆☆*
#
# - **Given:** `x`, scores of shape (n_y, m), one column for each example.
# - **Write:** the probabilities, in the same shape. Shift each column by its own maximum.
#
# `keepdims=True` makes `max` and `sum` keep the axis that they reduce, with length 1. The result then fits the
# array that it came from.

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
# <details><summary>If you are stuck</summary>
#
# Write down the shape of every intermediate result for 3 classes and 2 examples. `x` is (3, 2). The maxima of the
# two columns, with the axis kept, are (1, 2). Subtracting them from (3, 2) works: NumPy repeats the single row.
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** We looked through 37 public repositories with solutions of the assignment that this course
# grew from. In 21 of them, softmax is shifted by the maximum of the *whole array*, as in the assignment's own
# helper file: all printed numbers are right, and columns 750 apart give `nan`. Seen less often: dividing by the
# sum of the whole array, or summing along `axis=1`, over the examples.

# %% [markdown]
# The next cell runs your function and seqgrad's on the two columns from above. `beside` shows what both print, and
# marks the lines that differ. Until your function is written, only the expected lines are there.

# %%
def test(softmax):
    """Print the probabilities of both columns, and the sum of each."""
    p = softmax(x)
    print(p)
    print("sums:", p.sum(axis=0))


beside(test, activations.softmax, softmax)

# %% [markdown]
# A last test. All four scores of a column are equal, and enormous: $-10^{300}$. What are the probabilities?

# %%
print(activations.softmax(np.full((4, 1), -1e300)).ravel())

# %% [markdown]
# ## Two classes need one number
#
# Take two classes with the scores $x$ and 0. The probability of the first depends on $x$ alone. It has a name of
# its own, the *sigmoid*; the gates of the LSTM in [chapter 4](04_lstm_forward.ipynb) are made of it.
#
# $$\sigma(x) = \frac{e^x}{e^x + e^0} = \frac{1}{1 + e^{-x}}$$

# %% [markdown]
# True or false? (a) $\sigma(0) = 0$. (b) $\sigma(2) + \sigma(-2) = 1$.

# %%
two = np.array([-2.0, 0.0, 2.0])
print(activations.softmax(np.stack([two, np.zeros(3)]))[0])

# %% [markdown] answer=true
# (a) is false: $\sigma(0)$ is one half, since both classes have the same score. (b) is true: the probabilities of
# the two classes sum to 1, and exchanging the classes changes the sign of $x$. So $\sigma(-x) = 1 - \sigma(x)$.

# %% [markdown]
# Most code has the short form of the formula, $1 / (1 + e^{-x})$. In which of these three lines does an exponential
# overflow?

# %%
for number in (-1000.0, 0.0, 1000.0):
    with np.errstate(over="ignore"):
        e = np.exp(-number)
    print(f"x = {number:7.1f}: exp(-x) = {e:.0f}, sigmoid {1 / (1 + e):.1f}")

# %% [markdown] answer=true
# In the first line: `exp(1000)` is `inf`. The result 0 is still right, but NumPy prints a warning, and people who get
# used to one warning overlook the next.
#
# Some code uses $\sigma(x) = \frac{1}{2}(1 + \tanh\frac{x}{2})$, which never overflows. What goes wrong with it at
# $x = -60$?

# %%
print(f"tanh form: {(1 + np.tanh(-60.0 / 2)) / 2:.1e}")
print(f"exp form:  {1 / (1 + np.exp(60.0)):.1e}")


# %% [markdown] answer=true
# At $-60$ the tanh form has lost every digit: $\tanh(-30)$ is so close to $-1$ that it is rounded to $-1$, and the
# sum is 0. A gate that is nearly closed would be closed completely.

# %% [markdown]
# The short form is safe for $x \ge 0$. Multiply its numerator and denominator by $e^{x}$, and you get a form that
# is safe for $x < 0$. Both need only $e^{-|x|}$, which lies between 0 and 1:
#
# $$\sigma(x) = \frac{1}{1 + e^{-|x|}} \qquad (x \ge 0)$$
#
# $$\sigma(x) = \frac{e^{-|x|}}{1 + e^{-|x|}} \qquad (x < 0)$$

# %% [markdown]
# ### Exercise 1.2: sigmoid
#
# *About 3 lines, 10 minutes, ★☆☆*
#
# - **Given:** `x`, an array of any shape, or a number.
# - **Write:** its sigmoid, entry by entry, with the two formulas above.
#
# `np.where(condition, this, that)` takes each entry from `this` where the condition holds, and from `that`
# elsewhere. The short form and the tanh form pass the check as well: only very small results are wrong. A remark on
# the card then says which warning NumPy gave, or which entry has lost its digits.

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
# <details><summary>If you are stuck</summary>
#
# The two formulas have the same denominator; only the numerators differ. So compute $e^{-|x|}$ once, choose the
# numerator with `np.where`, and divide once.
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** The condition is on `x.real`, so that the function also takes the complex numbers of
# [chapter 3](03_rnn_backward.ipynb). The slips that we saw most in public code: `exp(x)` where `exp(-x)` belongs,
# which gives $1 - \sigma(x)$ (eight times), and `exp(x) / (1 + exp(x))`, which is `inf / inf` above 709 (three
# times).

# %%
def test(sigmoid):
    """Print the sigmoid of numbers far from zero on both sides."""
    for number in (-1000.0, -60.0, 0.0, 1000.0):
        print(f"sigmoid({number:7.1f}) = {sigmoid(number):.1e}")


beside(test, activations.sigmoid, sigmoid)

# %% [markdown]
# ## How steep a sigmoid is
#
# The backward pass of [chapter 5](05_lstm_backward.ipynb) needs the slope of the sigmoid. By the quotient rule, it is
#
# $$\frac{e^{-x}}{(1 + e^{-x})^2} = \frac{1}{1 + e^{-x}} \cdot \frac{e^{-x}}{1 + e^{-x}}$$
#
# The first fraction is $\sigma(x)$, the second is $1 - \sigma(x)$. So the slope is $s\,(1 - s)$ where the value is $s$.
#
# How steep is the sigmoid where it is steepest: 1, a half, or a quarter?

# %%
grid = np.linspace(-8, 8, 161)
s = activations.sigmoid(grid)
slope = s * (1 - s)
print(f"steepest at x = {grid[slope.argmax()]:.1f}, with slope {slope.max():.2f}")
print(f"slope at x = {grid[-1]:.1f}: {slope[-1]:.5f}")
figures.show(figures.function_and_slope(grid, s, slope, "sigmoid σ(x)", "update"))

# %% [markdown]
# *Figure 1.3. The sigmoid and, dashed, its slope.*
#
# At its steepest point, at 0, the sigmoid has the slope one quarter. Far from 0 the slope is almost 0: the sigmoid is
# *saturated*. [Chapter 7](07_what_vanishes.ipynb) measures what is left of a gradient that passes many of them.

# %% [markdown]
# ## Try it yourself
#
# 1. Divide the scores 3, 1, 0 by a *temperature* of 0.1, 1 and 10 before the softmax. Which temperature makes the
#    choice nearly certain, and which nearly even?
# 2. Give one class the score `-np.inf`. What is its probability? What happens if all classes of a column have it?
# 3. In `float32`, two columns need not be 745 apart to give 0/0. Find the distance by experiment.
# 4. Compute $\log \sigma(-1000)$ without computing $\sigma(-1000)$.

# %% [markdown] only="solutions"
# ### Answers
#
# 1\. The lowest temperature makes the choice nearly certain, the highest nearly even: dividing the scores divides
# their differences.

# %% only="solutions"
for temperature in (0.1, 1.0, 10.0):
    print(f"temperature {temperature:4}:", activations.softmax(scores / temperature).round(3))

# %% [markdown] only="solutions"
# 2\. The probability of that class is 0, since $e^{-\infty} = 0$; this is how a class is excluded. If all classes of
# a column are excluded, the shift is $-\infty - (-\infty)$, and the column is `nan`: there is nothing left to choose.

# %% only="solutions"
excluded = np.array([[3.0, -np.inf], [-np.inf, -np.inf]])
with np.errstate(invalid="ignore"):
    print(activations.softmax(excluded))

# %% [markdown] only="solutions"
# 3\. About 104: the smallest positive `float32` is about $1.4 \cdot 10^{-45}$, and its logarithm is $-103.3$.
# A result between half of this number and the number itself is rounded up to it, so the exponential becomes 0 only
# beyond $103.3 + \log 2 = 104.0$.

# %% only="solutions"
apart = np.arange(90, 120, dtype=np.float32)
print("first distance with nothing left:", apart[np.exp(-apart) == 0][0])

# %% [markdown] only="solutions"
# 4\. $\log\sigma(x) = -\log(1 + e^{-x})$, and for $x = -1000$ that is $-(1000 + \log(e^{-1000} + 1))$, or $-1000$ to all
# digits. `np.logaddexp(a, b)` computes $\log(e^a + e^b)$ without overflow.

# %% only="solutions"
print(-np.logaddexp(0.0, 1000.0))

# %% [markdown]
# ## Further reading
#
# - Goodfellow, Bengio & Courville, *Deep Learning* (2016): section 3.10 on the sigmoid, 4.1 on overflow and
#   underflow, 6.2.2.3 on softmax outputs.
# - Blanchard, Higham & Higham, "Accurately computing the log-sum-exp and softmax functions", *IMA Journal of
#   Numerical Analysis* 41 (2021).

# %% [markdown]
# ---
#
# [All chapters](../exercises/00_start.ipynb) · [Chapter 2. Run a network through time →](02_rnn_forward.ipynb)<br>
# To look up: [Recap](../recap.md) · [Symbols and shapes](../symbols.md) · [Glossary](../glossary.md)
