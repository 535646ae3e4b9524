# %% [markdown]
# # Chapter 8. Train a network to write names
#
# **What you will do.** Train an RNN and an LSTM on five thousand first names, with the forward and backward
# passes that you have written, and let both write names of their own.
#
# **What you will know.** You will be able to
#
# - turn text into arrays, and hold some of it out for testing,
# - measure predictions by their cross-entropy, and derive its gradient at the logits,
# - train with mini-batches, clipping and Adam, and compare the result with a simple baseline,
# - sample from a network's predictions, character by character.
#
# **What is assumed.** Chapters [1](01_activations.ipynb) to [6](06_adam.ipynb), and clipping by norm from
# [chapter 7](07_what_vanishes.ipynb).
#
# **Time.** About 100 minutes.

# %% install=true
# The build puts here what installs seqgrad where it is missing.

# %% [markdown]
# The matrices of this chapter are small, and one thread multiplies them faster than two. NumPy reads the
# number of threads when it is imported, so it is set first.

# %%
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

# %%
import math

import numpy as np
from tqdm.auto import tqdm

from seqgrad import figures, gradcheck, initialize, optimize, output, rnn, text, train
from seqgrad.activations import softmax
from seqgrad.check import beside, check
from seqgrad.text import cell_step, one_hot

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# ## The names
#
# The names come from a census, in alphabetical order. Somebody trains on the first nine tenths of the list
# and tests on the rest. Look at the end of the list: what is wrong with this test?

# %%
names = text.load_names()
print(len(names), "names:", *names[:4], "...", *names[4647:4650], "...", *names[-4:])

# %% [markdown] answer=true
# The rest are the names from *tangela* to *zulma*. The network would be tested on first letters that it has
# never seen. So shuffle first, and then hold out a tenth.

# %%
train_names, held_out_names = train.split(names, 0.1, np.random.default_rng(0))
print(len(train_names), "to train on:", *train_names[:5])
print(len(held_out_names), "held out:   ", *held_out_names[:5])

# %% [markdown]
# A network needs columns of numbers. Each of the 27 characters (the newline and *a* to *z*) becomes a
# *one-hot* column: 1 in its own row, 0 elsewhere. At every step the target is the *next* character, and a
# newline ends the name.
#
# *eva* and *jo* are put into one batch. Which shape will `x` have, and what will stand where *jo* has already
# ended?

# %%
x, y = text.names_to_arrays(["eva", "jo"])
print("x:", x.shape, " y:", y.shape)
for example in range(2):
    columns = y[:, example].T
    print("targets:", *(column.argmax() if column.any() else "-" for column in columns))

# %% [markdown] answer=true
# `x` has shape (27, 2, 4): characters, examples, steps. The longest name and its newline take four steps.
# *e* is 5, *v* is 22, *a* is 1 and the newline is 0. After its newline *jo* is *padded* with columns of zeros,
# which have no target (`-`).

# %% [markdown]
# ## A baseline
#
# Is a network worth the trouble? First we need something simple to compare it with. A *bigram model* counts,
# in the training names, which character follows which. It is a table of 27 × 27 probabilities. Which
# character do you expect after *q*?

# %%
bigram = text.bigram_model(train_names)
figures.show(figures.character_map(bigram, "↵abcdefghijklmnopqrstuvwxyz", "character before"))

# %% [markdown]
# *Figure 8.1. The bigram model. Each column holds the probabilities of the next character after one
# character; ↵ is the newline, before and after a name.*
#
# After *q* comes *u*, nearly always.

# %% [markdown]
# ## How surprised is a model?
#
# Suppose that a model gave the probability $p$ to the character that came. Its surprise is $-\log p$: zero if
# it was certain, and large if $p$ was small. The *cross-entropy* is the mean surprise per character. With the
# natural logarithm its unit is the *nat*.
#
# A model that knows nothing gives each of 27 characters the probability 1/27. Estimate its cross-entropy:
# about 0.3, 3.3 or 27?

# %%
print(f"knows nothing: {-np.log(1 / 27):.2f} nats per character")
print(f"bigram model:  {text.bigram_cross_entropy(bigram, held_out_names):.2f}")

# %% [markdown] answer=true
# It is about 3.3, and the bigram model has 2.36. This is the number to beat.
#
# In arrays: the predictions $\hat y$ and the one-hot targets $y$ have shape (n_y, m, T_x). In each column,
# the target selects one probability, $p = \sum_k y_k\, \hat y_k$. The loss is the mean over the $N$ columns
# that have a target:
#
# $$L = -\frac{1}{N} \sum_{\text{columns with a target}} \log p$$

# %% [markdown]
# ### Exercise 8.1: the loss
#
# *About 6 lines, 15 minutes, ★★☆*
#
# - **Given:** predictions and targets.
# - **Write:** the loss, and the cache for the backward pass. Columns without a target do not count, neither
#   in the sum nor in $N$. A probability can be too small for the computer and arrive as 0; the loss has to
#   stay finite all the same.

# %% exercise="cross_entropy_forward" points=10
from seqgrad.output import cross_entropy_forward

# %%
check(cross_entropy_forward)

# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Write down the shapes first. `y_pred * y` has shape (n_y, m, T_x), and its sum over axis 0 is $p$, of shape
# (m, T_x). What is `y.sum(axis=0)` in a column with a target, and what in a column of zeros? What is
# `y.sum()`?
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** `y.sum(axis=0)` is 1 where there is a target and 0 where there is none, so it removes
# the padding from the sum, and `y.sum()` counts the columns that are left. The assignment computes its loss
# elsewhere, so there are no public solutions to count. These slips are likely:
#
# - `np.log(y_pred) * y`: where both are 0, this is `-inf * 0`, which is `nan`;
# - `np.mean` over all columns: the loss becomes smaller the more padding a batch has;
# - `np.log(p + 1e-8)`: it is finite, but it changes every loss a little.

# %% [markdown]
# In the next test the first column gives its target a probability of 1/2, the second 1/4, and the third
# column has no target. Then come a right and a wrong prediction, both with full confidence. Which of the
# three losses is 0, and which one is largest?

# %%
y_pred = np.array([[0.5, 0.25, 0.1], [0.25, 0.25, 0.2], [0.25, 0.5, 0.7]])[:, np.newaxis]
y = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])[:, np.newaxis]
certain = np.array([1.0, 0.0]).reshape(2, 1, 1)


def test(cross_entropy_forward):
    """Print three losses."""
    print(f"one half and one quarter: {cross_entropy_forward(y_pred, y)[0]:.8f}")
    print(f"certain and right: {cross_entropy_forward(certain, certain)[0]:z.2f}")
    print(f"certain and wrong: {cross_entropy_forward(certain, 1 - certain)[0]:.2f}")


beside(test, output.cross_entropy_forward, cross_entropy_forward)

# %% [markdown] answer=true
# The loss is 0 for *certain and right*, and largest for *certain and wrong*. It is not infinite there,
# because 0 counts as the smallest normal number of its dtype, about $10^{-308}$. The first one is
# $(\log 2 + \log 4) / 2$.

# %% [markdown]
# ## From the loss to the logits
#
# The scores that go into a softmax are called *logits*. Take one column with logits $z$, probabilities
# $\hat y = \operatorname{softmax}(z)$ and target class $c$, so that $L = -\log \hat y_c$. Only $\hat y_c$
# stands in the loss. On which logits does $L$ depend: on $z_c$ only, or on all?

# %%
z = np.array([2.0, 1.0, 0.0, -1.0])
for k in range(4):
    moved = z.copy()
    moved[k] += 0.1
    print(f"logit {k} + 0.1: loss for target 1 changes by {-np.log(softmax(moved)[1] / softmax(z)[1]):+.4f}")

# %% [markdown] answer=true
# It depends on all logits, because each of them changes the denominator: $\hat y_i = e^{z_i} / S$ with
# $S = \sum_k e^{z_k}$.
#
# By the quotient rule, with $\partial S / \partial z_j = e^{z_j}$, entry $(i, j)$ of the softmax's Jacobian is
#
# $$\frac{\partial \hat y_i}{\partial z_j} = \frac{\delta_{ij}\, e^{z_i} S - e^{z_i} e^{z_j}}{S^2}$$
#
# $$\hphantom{\frac{\partial \hat y_i}{\partial z_j}} = \hat y_i\, (\delta_{ij} - \hat y_j),$$
#
# where $\delta_{ij}$ is 1 for $i = j$ and 0 otherwise.

# %% [markdown]
# The rest takes three lines. The derivative of $L = -\sum_i y_i \log \hat y_i$, the chain rule, and the fact
# that the target's entries sum to 1:
#
# $$\frac{\partial L}{\partial \hat y_i} = -\frac{y_i}{\hat y_i}$$
#
# $$dz_j = \sum_i -\frac{y_i}{\hat y_i} \cdot \hat y_i\, (\delta_{ij} - \hat y_j)$$
#
# $$\hphantom{dz_j} = -y_j + \hat y_j \sum_i y_i = \hat y_j - y_j$$
#
# The probability cancels, and prediction minus target is left. Predict the four numbers of $dz$ for the
# logits above: the probabilities are 0.64, 0.24, 0.09 and 0.03, and the target is class 1.

# %%
p, target = softmax(z), np.array([0.0, 1.0, 0.0, 0.0])
jacobian = np.diag(p) - np.outer(p, p)
print("through the Jacobian:", (jacobian.T @ (-target / p)).round(8))
print("p - y:               ", p - target)
figures.show(figures.softmax_gradient(p, target=1))

# %% [markdown]
# *Figure 8.2. The Jacobian of the softmax, with the row of the target in a frame. This row divided by
# $-\hat y_c$ is the gradient $dz$ below. Red is positive, blue is negative.*
#
# Only the target's logit has a negative gradient. A training step goes against the gradient, so it raises
# this logit and lowers the others, each in proportion to its probability.

# %% [markdown]
# The loss is a mean over $N$ columns, so $dz$ is divided by $N$. It has the shape of the logits, (n_y, m,
# T_x), and is zero in columns without a target:
#
# $$dz = \frac{\hat y - y}{N}$$

# %% [markdown]
# ### Exercise 8.2: the gradient of the loss
#
# *About 2 lines, 5 minutes, ★☆☆*
#
# - **Given:** the cache of the forward pass.
# - **Write:** the gradient at the logits.

# %% exercise="cross_entropy_backward" points=5
from seqgrad.output import cross_entropy_backward

# %%
check(cross_entropy_backward)

# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Write `y_pred - y` first. In a column of zeros it gives `y_pred`, but it has to give 0. Which factor of
# shape (1, m, T_x) is 1 in columns with a target and 0 in the others?
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** With `keepdims=True` the factor has shape (1, m, T_x) and broadcasts over the classes.
# Likely slips: the sum over axis 0 without `keepdims` works too, but only because NumPy adds missing axes at
# the front; division by `m * T_x` counts the padding; and no division at all gives a gradient that grows with
# the batch.

# %% [markdown]
# The next test prints the gradient for the three columns from above. True or false: in every column, the
# entries of $dz$ sum to zero?

# %%
_, cache = output.cross_entropy_forward(y_pred, y)


def test(cross_entropy_backward):
    """Print the gradient column by column, and the sum of each column."""
    dz = cross_entropy_backward(cache)
    for t in range(3):
        print(f"column {t}:", dz[:, 0, t])
    print("sums:", np.abs(dz[:, 0].sum(axis=0)).round(12))


beside(test, output.cross_entropy_backward, cross_entropy_backward)

# %% [markdown] answer=true
# True: the entries of each column of $dz$ sum to zero. Adding the same number to all logits of a column
# changes no probability, so in this direction the loss does not change.

# %% [markdown]
# ## Back through the output layer
#
# Forward, each state gave the logits $z = W_{ya}\, a + b_y$. Backward, each step sends a gradient to its own
# state, and all steps and examples add up in the weights. With $dz$ and $a$ taken column by column:
#
# $$da = W_{ya}^{\mathsf T}\, dz$$
#
# $$dW_{ya} = \sum_{\text{columns}} dz\; a^{\mathsf T}$$
#
# $$db_y = \sum_{\text{columns}} dz$$
#
# This $da$, of shape (n_a, m, T_x), is what `rnn_backward` and `lstm_backward` take.

# %% [markdown]
# With three axes, `np.einsum` is convenient. It gives each axis a letter, multiplies, and sums over every
# letter that is missing behind the arrow. What does `"ij,jk->ik"` compute? And `"ij->i"`?

# %%
A, B = np.arange(6.0).reshape(2, 3), np.ones((3, 2))
print(
    np.array_equal(np.einsum("ij,jk->ik", A, B), A @ B), np.array_equal(np.einsum("ij->i", A), A.sum(axis=1))
)

# %% [markdown] answer=true
# The first is the matrix product, the second the sum over axis 1.
#
# ### Exercise 8.3: from the logits to the states
#
# *About 3 lines, 15 minutes, ★★☆*
#
# - **Given:** `dz`, the states `a`, and the parameters with `Wya` (RNN) or `Wy` (LSTM).
# - **Write:** the gradients of the states, the weights and the bias.

# %% exercise="output_backward" points=5
from seqgrad.output import output_backward

# %%
check(output_backward)

# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Write down the shapes with one letter for each axis: `W` is (y, n), `dz` is (y, m, t), `a` and `da` are (n,
# m, t). For `da`, which letter of `W` and `dz` has to disappear? For `dW`, which letters of `dz` and `a` are
# left? `dby` has to be a column, of shape (n_y, 1).
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** The letters are the formula: `"yn,ymt->nmt"` sums over the classes, `"ymt,nmt->yn"`
# over examples and steps. Likely slips: `dby` of shape (n_y,) instead of (n_y, 1), which broadcasts the wrong
# way in the update; and `"ny,ymt->nmt"`, with the two axes of the weight exchanged, which NumPy reports only
# if n_y and n_a differ.

# %% [markdown]
# Numbers to follow by hand: two classes, one hidden unit, one example, two steps. `dby` has one entry for
# each class, and there are two steps. Does it hold the gradient of the first step, of the last, or the sum of
# both?

# %%
dz = np.array([[0.25, -0.5], [-0.25, 0.5]]).reshape(2, 1, 2)
a = np.array([0.5, 1.0]).reshape(1, 1, 2)


def test(output_backward):
    """Print all three gradients."""
    gradients = output_backward(dz, a, {"Wya": np.array([[2.0], [1.0]])})
    for name, gradient in gradients.items():
        print(f"{name}: shape {gradient.shape}, entries {gradient.ravel()}")


beside(test, output.output_backward, output_backward)

# %% [markdown] answer=true
# `dby` holds the sum of both steps, and so does `dWya`. `da` keeps the steps apart, because each state is an
# array of its own.

# %% [markdown]
# ## The whole chain
#
# Now all parts of the course work together, forward to the loss and back to every parameter:
#
# ![A ladder of four arrays: inputs x, states a, logits z, loss L. On the left the forward functions lead up from x to
# L, on the right the backward functions lead down from L to dx. On the way down, dWya and dby leave at the output
# layer, and dWax, dWaa and dba at the network.](../figures/chain.svg)
#
# *Figure 8.3. Forward up, backward down.*

# %%
x, y = text.names_to_arrays(["eva", "jo"])
small = initialize.rnn_parameters(np.random.default_rng(2), n_x=27, n_a=4, n_y=27)
a, y_pred, caches = rnn.rnn_forward(x, np.zeros((4, 2)), small)
loss, cache = output.cross_entropy_forward(y_pred, y)
gradients = output.output_backward(output.cross_entropy_backward(cache), a, small)
gradients |= rnn.rnn_backward(gradients["da"], caches)
print(f"loss = {loss:.4f}, gradients: {', '.join(gradients)}")

# %% [markdown]
# `train.loss_and_gradients` holds the same chain for both networks. Is it right? The complex step of [chapter
# 3](03_rnn_backward.ipynb) gives the derivative of the loss with respect to every parameter, without any
# backward pass.


# %%
def compute_loss(parameters):
    """Return the loss on the batch; works on complex numbers as well."""
    return output.cross_entropy_forward(train.predict(x, parameters)[0], y)[0]


_, gradients = train.loss_and_gradients(x, y, small)
exact = gradcheck.complex_step(compute_loss, small)
print(gradcheck.format_table(gradcheck.relative_errors(exact, gradients)))

# %% [markdown]
# ## Clip by value
#
# Now and then a batch gives a gradient that is much larger than all others. The simplest guard limits every
# entry to the range from $-M$ to $M$, where $M$ is `maxValue` in the code:
#
# $$g \leftarrow \min\bigl(\max(g,\, -M),\ M\bigr)$$
#
# ### Exercise 8.4: limit every entry
#
# *About 1 line, 5 minutes, ★☆☆*
#
# - **Given:** a dict of gradients, and `maxValue`.
# - **Write:** the clipped gradients in new arrays, so that the caller keeps the old ones. If you write
#   into the caller's arrays, as the assignment's own text does, the check passes with a remark.

# %% exercise="clip" points=5
from seqgrad.optimize import clip

# %%
check(clip)

# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# `np.clip(array, low, high)` returns a new array. You need one such call for each entry of the dict, and a
# new dict for the results.
#
# </details>

# %% [markdown] only="solutions"
# **Why this line.** In 20 of 37 public repositories with this assignment, `clip` changes the gradients that
# it was given, as the assignment's own text suggests. The returned numbers are right, and the caller's
# gradients are lost: their norm can no longer be measured, and a second call with another `maxValue` has
# nothing left to clip.

# %%
gradients = {"dWaa": np.array([[12.0, -0.3], [-10.5, 4.0]]), "dba": np.array([[0.0], [7.0]])}


def test(clip):
    """Print the clipped gradients, and the caller's own."""
    for name, gradient in clip(gradients, 5.0).items():
        print(name, gradient.tolist())
    print("the caller's dWaa:", gradients["dWaa"].tolist())


beside(test, optimize.clip, clip)

# %% [markdown]
# 12, −10.5 and 7 all have size 5 now, so you can no longer see which of them was largest. [Chapter
# 7](07_what_vanishes.ipynb) shows how this turns the step. The training below clips by norm.

# %% [markdown]
# ## Write a name
#
# A trained network gives a probability to every next character. To write, *sample* one character, feed it
# back as the next input, and go on until a newline is drawn. (Whoever takes the most likely character each
# time always gets the same name.) One step by hand: `cell_step` takes a step of whichever network the
# parameters belong to, and `one_hot` makes the next input.

# %%
xt, a, c = np.zeros((27, 1)), np.zeros((4, 1)), np.zeros((4, 1))
a, c, yt_pred = cell_step(xt, a, c, small)
code = np.random.default_rng(0).choice(27, p=yt_pred[:, 0])
xt = one_hot([code], 27)
print(f"drawn: {text.decode([code])}, with a probability of {yt_pred[code, 0]:.2f}; next input {xt.shape}")

# %% [markdown]
# ### Exercise 8.5: sample until the newline
#
# *About 9 lines, 20 minutes, ★★★*
#
# - **Given:** parameters, the code of the newline, and a random generator. (A function with the assignment's
#   interface, `sample(parameters, char_to_ix, seed)`, passes as well.)
# - **Write:** the list of codes that were drawn. The newline that ends the name is part of it.

# %% exercise="sample" points=10
from seqgrad.text import sample

# %%
check(sample)

# %% [markdown]
# <details><summary>If you are stuck</summary>
#
# Four things change from step to step: the list of codes, the input `xt`, and the states `a` and `c`. Write
# down what each of them is before the first character. The cell above is one pass through the loop; only the
# end is missing: when does the loop stop, and what is the input of the next pass?
#
# </details>

# %% [markdown] only="solutions"
# **Why these lines.** `rng.choice` draws with the given probabilities, from the generator that the caller
# passed in, so a result can be repeated. Likely slips:
#
# - `yt_pred.argmax()` instead of a draw: always the same name;
# - the input of the first step fed in again at every step: each character is drawn as if the name began
#   there;
# - states that are not carried on: the network forgets what it has written;
# - `break` before the code is kept: the newline is missing at the end.

# %% [markdown]
# A test whose result is known: give the network weights of zero, so that only the biases decide. *a* has a
# probability of 1/2, *b* and the newline 1/4 each. How long is a name on average, newline included?

# %%
letters = {name: np.zeros_like(weight) for name, weight in small.items()}
letters["by"] = np.log(np.array([0.25, 0.5, 0.25] + 24 * [1e-12]))[:, np.newaxis]


def test(sample):
    """Print the first of 2000 names, and their mean length."""
    rng = np.random.default_rng(3)
    drawn = [sample(letters, newline=0, rng=rng) for _ in range(2000)]
    print("first five:", [text.decode(codes) for codes in drawn[:5]])
    print(f"mean length: {np.mean([len(codes) for codes in drawn]):.2f}")


beside(test, text.sample, sample)

# %% [markdown] answer=true
# It takes four draws on average until something with probability 1/4 comes, and the mean of two thousand
# names is close to 4.
#
# What does an untrained network write? Its probabilities are nearly equal, so newlines are as rare as any
# letter. After 50 characters `sample` stops:

# %%
rng = np.random.default_rng(4)
print(*(text.decode(text.sample(small, 0, rng)) for _ in range(4)), sep="\n")

# %% [markdown]
# ## Training
#
# Both networks get 64 hidden units, the same names in the same order, and the same learning rate, which falls
# to zero towards the end. One `train.step` does what the sections above do: forward, loss, backward, clip by
# norm, Adam. It uses the passes of `seqgrad.fused`, which return the same numbers as the functions that you
# have written, but faster ([chapter 10](10_from_readable_to_fast.ipynb) shows how).


# %%
def train_network(parameters, epochs=8, size=64, learning_rate=0.02):
    """Return trained parameters, both losses after each epoch, and the gradient's norm at each step."""
    rng = np.random.default_rng(5)
    v, s = optimize.initialize_adam(parameters)
    total, history, norms = epochs * math.ceil(len(train_names) / size), [], []
    with tqdm(total=total) as progress:
        for _ in range(epochs):
            for batch in train.batches(train_names, size, rng):
                x, y = text.names_to_arrays(batch)
                rate = learning_rate * (1 - len(norms) / total)
                _, norm, parameters, v, s = train.step(x, y, parameters, v, s, len(norms) + 1, rate)
                norms.append(norm)
                progress.update()
            history.append([train.cross_entropy(part, parameters) for part in (train_names, held_out_names)])
    return parameters, history, np.array(norms)


# %% [markdown]
# The next two cells take up to half a minute. The bigram model has 2.36 nats per character on the held-out
# names. Write down two numbers: what will the RNN reach, and what the LSTM?

# %% tags=["nbval-ignore-output"]
rng = np.random.default_rng(6)
rnn_start = initialize.rnn_parameters(rng, n_x=27, n_a=64, n_y=27)
rnn_trained, rnn_history, rnn_norms = train_network(rnn_start)

# %% tags=["nbval-ignore-output"]
lstm_start = initialize.lstm_parameters(rng, n_x=27, n_a=64, n_y=27)
lstm_trained, lstm_history, lstm_norms = train_network(lstm_start)

# %%
baseline = [text.bigram_cross_entropy(bigram, part) for part in (train_names, held_out_names)]
print(f"{'nats per character':<20}{'training':>9}{'held out':>9}")
for model, losses in {"bigram": baseline, "RNN": rnn_history[-1], "LSTM": lstm_history[-1]}.items():
    print(f"{model:<20}{losses[0]:>9.2f}{losses[1]:>9.2f}")
figures.show(figures.training_curves({"RNN": rnn_history, "LSTM": lstm_history}, baseline[1]))

# %% [markdown]
# *Figure 8.4. Cross-entropy after each epoch, on the training names (dashed) and on the held-out names.*
#
# Both networks beat the bigram model on names that they have never seen, and the LSTM is best. The training
# losses are lower than the held-out ones, and for the LSTM the gap is larger. Part of what it learns is this
# particular list of names. This is *overfitting*.

# %% [markdown]
# At how many of the 584 steps was the gradient's norm larger than 1, so that it was clipped? In which network
# more often?

# %%
for network, norms in {"RNN": rnn_norms, "LSTM": lstm_norms}.items():
    print(f"{network}: {np.sum(norms > 1)} of {len(norms)} steps clipped, largest norm {norms.max():.1f}")

# %% [markdown] answer=true
# The RNN's gradient was clipped more often, though rarely; the LSTM's never was. Clipping costs next to nothing, and you do not know
# beforehand which run will need it.

# %% [markdown]
# ## New names
#
# Each network writes 20 names. How many of them will already be in the list?


# %%
def write_names(parameters, count=20, seed=17):
    """Return names drawn from a network."""
    rng = np.random.default_rng(seed)
    return [text.decode(text.sample(parameters, 0, rng)) for _ in range(count)]


for network, parameters in {"RNN": rnn_trained, "LSTM": lstm_trained}.items():
    written = write_names(parameters)
    print(f"{network}: {sum(name not in names for name in written)} of 20 are new")
    print("   ", ", ".join(written[:10]))
    print("   ", ", ".join(written[10:]))

# %% [markdown] answer=true
# Only a few are in the list. Read the others aloud: most of them could be names.
#
# ## Temperature
#
# Divide all logits by a *temperature* $\tau$ before the softmax. The logits are $W_y a + b_y$, so it is
# enough to divide these two parameters by $\tau$. Which temperature makes the network write mostly names that
# exist: 0.3, 1 or 2?

# %%
for temperature in (0.3, 1.0, 2.0):
    last_layer = {name: lstm_trained[name] / temperature for name in ("Wy", "by")}
    written = write_names(lstm_trained | last_layer, count=6, seed=8)
    print(f"{temperature}: {sum(name not in names for name in written)} of 6 are new: ", ", ".join(written))

# %% [markdown] answer=true
# The temperature 0.3: it makes large logits larger, so the network writes what it is surest of. At a
# temperature of 2 the probabilities move towards each other, and much of what was learned is lost.

# %% [markdown]
# ## What it expects
#
# *michelle* is a held-out name. Each column of the next figure shows what the LSTM expects after the letters
# up to there. After which letters is it surest of the next one?

# %%
word = "michelle"
x, y = text.names_to_arrays([word])
y_pred, _, _ = train.predict(x, lstm_trained)
figures.show(figures.character_map(y_pred[:, 0], ["start", *word], "character just read"))

# %% [markdown]
# *Figure 8.5. Probabilities of the next character while the LSTM reads* michelle *from left to right.*
#
# The same as numbers: the surprise of both models at each character, in nats. The bigram model sees one
# character back.

# %%
codes = text.encode(word + "\n")
by_bigram = -np.log(bigram[codes, text.encode("\n" + word)])
by_lstm = -np.log(y_pred[codes, 0, range(len(codes))])
print("        " + "".join(f"{character:>5}" for character in word + "↵") + "     sum")
for model, surprises in {"bigram": by_bigram, "LSTM": by_lstm}.items():
    print(f"{model:<8}" + "".join(f"{surprise:5.1f}" for surprise in surprises) + f"{surprises.sum():8.1f}")

# %% [markdown]
# The LSTM is surest of the newline after the last *e*, then of the first *l*. Both models see the letter
# before. The LSTM is less surprised because it also remembers earlier letters.

# %% [markdown]
# ## Try it yourself
#
# 1. Train the RNN for two epochs with a learning rate of 0.1, with clipping and without. What do the losses
#    say?
# 2. Train the LSTM for 1 and for 4 epochs and let it write names. When do they begin to sound like names?
# 3. Write a *trigram* model, which counts the characters after each pair of characters. Does it beat the RNN
#    on the held-out names?
# 4. Train an LSTM with 16 hidden units. How large is the gap between its two losses?

# %% [markdown] only="solutions"
# ### Answers
#
# **Answer 1: a learning rate that is too large.**


# %% only="solutions"
def train_briefly(max_norm, learning_rate=0.1, epochs=2):
    """Return the RNN's held-out loss after a short training at a constant learning rate."""
    rng, parameters, t = np.random.default_rng(5), rnn_start, 0
    v, s = optimize.initialize_adam(parameters)
    for _ in range(epochs):
        for batch in train.batches(train_names, 64, rng):
            t += 1
            x, y = text.names_to_arrays(batch)
            _, _, parameters, v, s = train.step(x, y, parameters, v, s, t, learning_rate, max_norm)
    return train.cross_entropy(held_out_names, parameters)


for max_norm in (1.0, 1e9):
    print(f"max_norm = {max_norm:.0e}: {train_briefly(max_norm):.1f} nats per character")

# %% [markdown] only="solutions"
# Both end worse than the bigram model, 2.36: the learning rate is too large, with clipping or without. Adam's
# steps have about the length of the learning rate, however large the gradients are ([chapter
# 6](06_adam.ipynb)). So a smaller norm does not make them shorter. Plain gradient descent needs the clipping
# more.

# %% [markdown] only="solutions"
# **Answer 2: fewer epochs.**

# %% only="solutions" tags=["nbval-ignore-output"]
shorter = {epochs: train_network(lstm_start, epochs)[0] for epochs in (1, 4)}

# %% only="solutions"
for epochs, parameters in shorter.items():
    loss = train.cross_entropy(held_out_names, parameters)
    print(f"epochs: {epochs}, nats: {loss:.2f}, names:", *write_names(parameters, count=8))

# %% [markdown] only="solutions"
# After one epoch the lengths are right, and vowels and consonants take turns. After four epochs many of them
# could be names.

# %% [markdown] only="solutions"
# **Answer 3: a trigram model.**
#
# Every count starts at 0.1, so that no character is impossible.

# %% only="solutions"
counts = np.full((27, 27, 27), 0.1)
for name in train_names:
    codes = text.encode("\n\n" + name + "\n")
    np.add.at(counts, (codes[:-2], codes[1:-1], codes[2:]), 1)
trigram = counts / counts.sum(axis=2, keepdims=True)

surprises = []
for name in held_out_names:
    codes = text.encode("\n\n" + name + "\n")
    surprises.extend(-np.log(trigram[codes[:-2], codes[1:-1], codes[2:]]))
print(f"trigram model: {np.mean(surprises):.2f} nats per character")

# %% [markdown] only="solutions"
# The trigram model does not beat the RNN, which has 1.98. But two characters back are worth more than one:
# the bigram model has 2.36.

# %% [markdown] only="solutions"
# **Answer 4: a smaller network.**

# %% only="solutions" tags=["nbval-ignore-output"]
tiny_start = initialize.lstm_parameters(np.random.default_rng(6), n_x=27, n_a=16, n_y=27)
_, tiny_history, _ = train_network(tiny_start)

# %% only="solutions"
for n_a, history in ((16, tiny_history), (64, lstm_history)):
    training, held_out = history[-1]
    print(f"{n_a} units: training {training:.2f}, held out {held_out:.2f}, gap {held_out - training:.2f}")

# %% [markdown] only="solutions"
# With 16 units the gap is a fifth as large. A small network cannot learn the list by heart, but it also
# learns less about names: its held-out loss is higher.

# %% [markdown]
# ## Further reading
#
# - Goodfellow, Bengio & Courville, *Deep Learning* (2016): section 6.2.2.3 (softmax and its loss), section
#   8.1.3 (mini-batches), section 10.11.1 (clipping).
# - Graves, "Generating Sequences With Recurrent Neural Networks", arXiv:1308.0850 (2013), sections 2 and 3:
#   sampling from an LSTM character by character.
# - Kingma & Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015.
# - The names: United States Census Bureau, *Frequently Occurring Names in the U.S., 1990*.
