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
# # Write names that nobody has yet
#
# **What you will do.** Train an RNN and an LSTM on five thousand first names, with forward and backward
# passes that you have written, and let both write new ones.
#
# **What you will know.**
#
# - Turn names into arrays, and keep some of them back to test on.
# - Measure predictions by their cross-entropy, and pull its gradient back to every parameter.
# - Train with mini-batches, clipping and Adam, and hold the result against a simple baseline.
# - Draw from a network's predictions, character by character.
#
# **What is assumed.** Chapters 1 to 6; clipping by norm from chapter 7.
#
# The matrices of this chapter are small: one core multiplies them faster than two that wait for each other.
# NumPy has to be told before it is loaded.

# %% install=true jupyter={"source_hidden": true}
# Where seqgrad is missing, as on Colab, this installs it; elsewhere it does nothing.
import importlib.util
import subprocess
import sys

if importlib.util.find_spec("seqgrad") is None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--find-links", "."]
    subprocess.run([*pip, "seqgrad"])

# %%
import math
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

# %%
import numpy as np
from tqdm.auto import tqdm

from seqgrad import figures, gradcheck, initialize, optimize, output, rnn, text, train
from seqgrad.activations import softmax
from seqgrad.check import check
from seqgrad.text import cell_step, one_hot

np.set_printoptions(precision=8, suppress=True)

# %% [markdown]
# ## The names
#
# They come from a census and stand in alphabetical order. Before you run the next cell: why would it be a
# poor test to train on the first nine tenths of such a list and to test on the rest?

# %%
names = text.load_names()
print(len(names), "names:", *names[:4], "...", *names[2600:2604], "...", *names[-4:])

# %% [markdown]
# The rest would be the names from *t* to *z*, and the network would be tested on beginnings that it has never
# seen. So we shuffle first, with a seed, and hold out a tenth.

# %%
train_names, held_out_names = train.split(names, 0.1, np.random.default_rng(0))
print(len(train_names), "to train on:", *train_names[:5])
print(len(held_out_names), "held out:   ", *held_out_names[:5])

# %% [markdown]
# A network takes columns of numbers. Each character becomes a column with a single 1, and the task at every
# step is to predict the *next* character; a newline ends the name. Names of different lengths share a batch:
# the shorter one goes on with columns of zeros.

# %%
x, y = text.names_to_arrays(["eva", "jo"])
print("x:", x.shape, " y:", y.shape)
for example in range(2):
    columns = y[:, example].T
    print("targets:", *(column.argmax() if column.any() else "-" for column in columns))

# %% [markdown]
# *e* is 5, *v* is 22, *a* is 1, the newline is 0, and after the newline of *jo* there is nothing to predict.
#
# ## A model that looks at one character
#
# Is a network worth its trouble? Something simple has to be beaten first: count in the training names which
# character follows which. This *bigram model* is a table of 27 times 27 probabilities.

# %%
bigram = text.bigram_model(train_names)
figures.show(
    figures.character_map(bigram, [*"↵abcdefghijklmnopqrstuvwxyz"], "character before"),
    "A table of colours: the probability of each next character after each character. After q nearly always "
    "comes u; a and e are likely after most consonants.",
)

# %% [markdown]
# ## How surprised is it?
#
# A model that gave the probability $p$ to what then happened is surprised by $-\log p$: not at all when it
# was certain, and without bound as $p$ goes to zero. The *cross-entropy* is the mean surprise per character,
# here in nats (natural logarithm).
#
# Before you run the next cell: what is it for a model that knows nothing and gives each of the 27 characters
# the same?

# %%
print(f"knows nothing: {np.log(27):.2f} nats per character")
print(f"bigram model:  {text.bigram_cross_entropy(bigram, held_out_names):.2f}")


# %% [markdown]
# For predictions $\hat y$ and one-hot targets $y$, both of shape (n_y, m, T_x), with $N$ columns that have a
# target:
#
# $$L = -\frac{1}{N} \sum_{i,\,t} \log \sum_k y_k^{(i)\langle t\rangle}\, \hat y_k^{(i)\langle t\rangle},$$
#
# where the outer sum runs over those $N$ columns alone. So the loss of a batch does not depend on how much
# padding it holds.
#
# ### Exercise 8.1: the loss
#
# Complete `cross_entropy_forward`. What happens to $-\log p$ when a probability is too small for the computer
# and arrives as 0?

# %% exercise="cross_entropy_forward" points=10
def cross_entropy_forward(y_pred, y):
    """Measure how surprised the predictions are by the targets.

    Parameters
    ----------
    y_pred : (n_y, m, T_x)
    y : (n_y, m, T_x)

    Returns
    -------
    loss : float
        Cross-entropy in nats (natural logarithm), *averaged* over all columns that have
        a target.
    cache : tuple
        ``(y_pred, y)``, what `cross_entropy_backward` needs.
    """
    if not y.any():
        raise ValueError("cross_entropy_forward: y has no target, all its columns are zero")

    # The probability that each column gave to its target; 0 where there is no target.
    p = None

    # How many columns have a target.
    targets = None

    # The mean surprise, -log p, over the columns that have a target; log never sees a
    # zero.
    smallest = None
    loss = None

    # What the backward pass will need.
    cache = None

    return loss, cache


# %%
check(cross_entropy_forward)

# %% [markdown]
# The first column gives its target a half, the second a quarter, the third has no target. Before you run the
# cell: what should the mean be? (Take away the prefix `output.` here and below to see your own numbers beside
# the expected ones.)

# %%
y_pred = np.array([[0.5, 0.25, 0.1], [0.25, 0.25, 0.2], [0.25, 0.5, 0.7]])[:, np.newaxis]
y = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])[:, np.newaxis]
loss, cache = output.cross_entropy_forward(y_pred, y)
print(f"loss = {loss:.8f}, (log 2 + log 4) / 2 = {(np.log(2) + np.log(4)) / 2:.8f}")

# %% [markdown]
# A right answer with full confidence costs nothing. A wrong one with full confidence costs a lot, but not
# infinitely much: the function counts a probability of 0 as the smallest number there is.

# %%
certain = np.array([1.0, 0.0]).reshape(2, 1, 1)
print(f"right: {output.cross_entropy_forward(certain, certain)[0]:z.2f}")
print(f"wrong: {output.cross_entropy_forward(certain, 1 - certain)[0]:.2f}")


# %% [markdown]
# ## Back through logarithm and softmax
#
# Taken one after the other, the derivative of the logarithm divides by $\hat y$ and that of the softmax
# multiplies by it. Together, what is left at the scores $z$ is the plainest gradient of the course:
#
# $$dz = \frac{\hat y - y}{N}, \qquad \text{of shape } (n_y, m, T_x),$$
#
# and zero in columns without a target. Before you go on: what is the sum of a column of $dz$?
#
# ### Exercise 8.2: the gradient of the loss
#
# Complete `cross_entropy_backward`.

# %% exercise="cross_entropy_backward" points=5
def cross_entropy_backward(cache):
    """Pull the gradient of the loss back through logarithm and softmax in one step.

    Parameters
    ----------
    cache : tuple
        ``(y_pred, y)``, as `cross_entropy_forward` returned it.

    Returns
    -------
    (n_y, m, T_x)
    """
    y_pred, y = cache

    # Prediction minus target, in the columns that have a target.
    difference = None

    # The loss is a mean, so each column has its share.
    dz = None

    return dz


# %%
check(cross_entropy_backward)

# %% [markdown]
# Each column says: less of what was predicted, more of what came. It sums to zero, since adding a number to
# all scores changes no probability; the column without a target says nothing.

# %%
dz = output.cross_entropy_backward(cache)
print(dz[:, 0])
print("sums:", np.abs(dz[:, 0].sum(axis=0)).round(12))


# %% [markdown]
# ## Back through the output layer
#
# Forward, each state gave the scores $z = W_{ya}\,a + b_y$. Backward, at every step,
#
# $$da = W_{ya}^{\mathsf T}\, dz, \qquad dW_{ya} = \sum_{i,\,t} dz^{(i)\langle t\rangle} \bigl(a^{(i)\langle t\rangle}\bigr)^{\mathsf T},
# \qquad db_y = \sum_{i,\,t} dz^{(i)\langle t\rangle}.$$
#
# This $da$, of shape (n_a, m, T_x), is what `rnn_backward` and `lstm_backward` take. For an LSTM the weight
# goes by the name `Wy`.
#
# ### Exercise 8.3: from the scores to the states
#
# Complete `output_backward`. `np.einsum` names the axes of its arrays with letters, and sums over those that
# are missing on the right of its arrow.

# %% exercise="output_backward" points=5
def output_backward(dz, a, parameters):
    """Pull a gradient back through the output layer.

    Parameters
    ----------
    dz : (n_y, m, T_x)
    a : (n_a, m, T_x)
    parameters : dict
        With ``Wya`` (n_y, n_a) for an RNN, or ``Wy`` for an LSTM.

    Returns
    -------
    dict
        ``da`` (n_a, m, T_x), what reaches each hidden state from its own output;
        ``dWya`` or ``dWy`` (n_y, n_a); ``dby`` (n_y, 1).  The weight gradients are
        summed over the batch and over time.
    """
    name = "Wya" if "Wya" in parameters else "Wy"
    W = parameters[name]

    # From the scores to the hidden states, at every step by the same weights.
    da = None

    # From the scores to the weights and the bias, summed over the batch and over time.
    dW = None
    dby = None

    return {"da": da, "d" + name: dW, "dby": dby}


# %%
check(output_backward)

# %% [markdown]
# Small numbers to follow by hand: two classes, one hidden unit, one example, two steps. Before you run the
# cell: which of the two steps does `dby` forget?

# %%
dz = np.array([[0.25, -0.5], [-0.25, 0.5]]).reshape(2, 1, 2)
a = np.array([0.5, 1.0]).reshape(1, 1, 2)
gradients = output.output_backward(dz, a, {"Wya": np.array([[2.0], [1.0]])})
for name, gradient in gradients.items():
    print(f"{name}: shape {gradient.shape}, entries {gradient.ravel()}")

# %% [markdown]
# Neither: it is the sum of both, as `dWya` is. `da` keeps the steps apart.
#
# ## The whole chain
#
# Everything that this course has built now stands in a row: forward, loss, back through the loss, back
# through the output layer, back through time.

# %%
x, y = text.names_to_arrays(["eva", "jo"])
small = initialize.rnn_parameters(np.random.default_rng(2), n_x=27, n_a=4, n_y=27)
a, y_pred, caches = rnn.rnn_forward(x, np.zeros((4, 2)), small)
loss, cache = output.cross_entropy_forward(y_pred, y)
gradients = output.output_backward(output.cross_entropy_backward(cache), a, small)
gradients |= rnn.rnn_backward(gradients["da"], caches)
print(f"loss = {loss:.4f}, gradients: {', '.join(gradients)}")


# %% [markdown]
# Is the chain right? Nobody needs to be believed: the complex-step derivative of the loss with respect to
# each of the parameters is exact to rounding. `train.loss_and_gradients` holds the same chain, for the RNN
# and for the LSTM.

# %%
def loss_of(parameters):
    """Return the loss on the batch; works on complex numbers as well."""
    return output.cross_entropy_forward(train.predict(x, parameters)[0], y)[0]


loss, gradients = train.loss_and_gradients(x, y, small)
exact = gradcheck.complex_step(loss_of, small)
print(gradcheck.format_table(gradcheck.relative_errors(exact, gradients)))


# %% [markdown]
# ## Clipping
#
# Now and then a batch gives a gradient far larger than all others, and asks for a step out of the region
# where it was measured. The plainest guard cuts every entry:
#
# $$g \leftarrow \min(\max(g,\, -\text{maxValue}),\ \text{maxValue}), \qquad \text{entry by entry, shapes unchanged.}$$
#
# Before you go on: after which of the two ways of clipping, by value or by norm, can the largest entry be a
# different one than before?
#
# ### Exercise 8.4: cut every entry
#
# Complete `clip`. The caller's arrays stay as they are.

# %% exercise="clip" points=5
def clip(gradients, maxValue):
    """Cut every entry of every gradient to between -maxValue and maxValue.

    Parameters
    ----------
    gradients : dict
        Arrays by name.
    maxValue : float
        Not negative.

    Returns
    -------
    dict
        The same names, new arrays.  Clipping by value can turn the direction of the
        step.
    """
    if maxValue < 0:
        raise ValueError(f"clip: maxValue is {maxValue}, but it must not be negative")

    # Every entry for itself, in new arrays.
    clipped = None

    return clipped


# %%
check(clip)

# %%
gradients = {"dWaa": np.array([[12.0, -0.3], [-10.5, 4.0]]), "dba": np.array([[0.0], [7.0]])}
for name, gradient in optimize.clip(gradients, 5.0).items():
    print(name, gradient.tolist())
print("the caller's own:", gradients["dWaa"].tolist())

# %% [markdown]
# By neither, but by value several may come to share the first place: 12, −10.5 and 7 are all of size 5 now.
# Chapter 7 shows how that turns the step, so the training below clips by norm.
#
# ## Drawing a name
#
# A trained network gives a probability to every next character. To write, draw one, feed it back in as the
# next input, and go on until a newline is drawn:
#
# $$c^{\langle t\rangle} \sim \hat y^{\langle t\rangle}, \qquad x^{\langle t+1\rangle} = \text{one-hot}(c^{\langle t\rangle})
# \ \text{of shape } (n_x, 1).$$
#
# One step by hand: `cell_step` takes a step of whichever network the parameters belong to, and `one_hot`
# makes the next input.

# %%
xt, a, c = np.zeros((27, 1)), np.zeros((4, 1)), np.zeros((4, 1))
a, c, yt_pred = cell_step(xt, a, c, small)
code = np.random.default_rng(0).choice(27, p=yt_pred[:, 0])
xt = one_hot([code], 27)
print(f"drawn: {text.decode([code])}, with a probability of {yt_pred[code, 0]:.2f}; next input {xt.shape}")


# %% [markdown]
# Before you go on: what would all names look like if we took the most likely character each time instead of
# drawing?
#
# ### Exercise 8.5: draw until the newline
#
# Complete `sample`. The newline that ends a name is part of what is returned.

# %% exercise="sample" points=10
def sample(parameters, newline, rng, max_length=50):
    """Write one name: draw a character, feed it back in, until a newline is drawn.

    Parameters
    ----------
    parameters : dict
        Of an RNN or an LSTM; each class is a character.
    newline : int
        The code that ends a name.
    rng : numpy.random.Generator
        Where the draws come from.
    max_length : int
        The most characters to draw.

    Returns
    -------
    list of int
        The codes that were drawn; the newline is the last of them, unless max_length
        was reached before.
    """
    n_y = len(parameters["by"])
    n_a = len(parameters["bf" if "Wf" in parameters else "ba"])

    # An empty list for the codes; before the first character there is no input, and
    # both states are zeros.
    codes = None
    xt = None
    a = None
    c = None

    for _ in range(max_length):
        # One step of the cell, with cell_step, gives the new states and the probability
        # of each character.
        a, c, yt_pred = None, None, None

        # Draw a code with these probabilities, and keep it.
        code = None

        # After a newline the name is complete.
        if code == newline:
            ...

        # What was drawn is the input of the next step.
        xt = None

    return codes


# %%
check(sample)

# %% [markdown]
# All names would be one and the same. To look at a result that can be known beforehand, give a network
# weights of zero, so that its biases alone decide: *a*, *b* and newline with probabilities of 0.5, 0.25 and
# 0.25. How long is a name on average, newline included?

# %%
abc = {name: np.zeros_like(weight) for name, weight in small.items()}
abc["by"] = np.log(np.array([0.25, 0.5, 0.25] + 24 * [1e-12]))[:, np.newaxis]
print(softmax(abc["by"])[:4, 0])
rng = np.random.default_rng(3)
drawn = [text.sample(abc, newline=0, rng=rng) for _ in range(2000)]
print("first five:", [text.decode(codes) for codes in drawn[:5]])
print(f"mean length: {np.mean([len(codes) for codes in drawn]):.2f}")

# %% [markdown]
# With a newline in one of four draws, a name takes four draws on average, and the mean of two thousand comes
# close. And an untrained network? Its weights are small, its predictions nearly even, and newlines are as
# rare as any letter, so it writes this (cut off after 50 characters):

# %%
rng = np.random.default_rng(4)
print(*(text.decode(text.sample(small, 0, rng)) for _ in range(4)), sep="\n")


# %% [markdown]
# ## Training
#
# Both networks get 64 hidden units, the same names in the same order, the same learning rate, which falls to
# zero towards the end. One `train.step` is what the last sections put together: forward, loss, backward, clip
# by norm, Adam. Its passes through time are those of `seqgrad.fused`, which give the numbers of the functions
# that you have written, only sooner; chapter 10 shows how.

# %%
def train_network(parameters, epochs=8, size=64, learning_rate=0.02):
    """Return trained parameters, the two losses after each epoch, the norm at each step."""
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
# Before you run the next two cells (they take up to half a minute): will both networks beat the bigram model?
# Which of them by more?

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

# %%
figures.show(
    figures.training_curves({"RNN": rnn_history, "LSTM": lstm_history}, baseline[1]),
    "Cross-entropy after each of eight epochs. Both networks lie below the bigram model from the first epoch on; the "
    "LSTM ends lowest, and its training loss falls clearly below its held-out loss.",
)

# %% [markdown]
# Both beat it, on names that they have never seen. Both training losses have run ahead of the held-out ones,
# the LSTM's further: part of what it learns by the end is this list of names, and no longer names as such.
#
# How often was the gradient longer than 1, so that it was clipped? Before you run the next cell: in which of
# the two networks more often?

# %%
for network, norms in {"RNN": rnn_norms, "LSTM": lstm_norms}.items():
    print(f"{network}: {np.sum(norms > 1)} of {len(norms)} steps clipped, longest gradient {norms.max():.1f}")


# %% [markdown]
# The LSTM never needed the bound; the RNN did, rarely. It costs next to nothing, and nobody knows beforehand
# which run will need it.
#
# ## New names
#
# Which of these would you believe? Before you run the next cell: how many of 20 drawn names will already be
# in the list?

# %%
def write(parameters, count=20, seed=17):
    """Return names drawn from a network."""
    rng = np.random.default_rng(seed)
    return [text.decode(text.sample(parameters, 0, rng)) for _ in range(count)]


for network, parameters in {"RNN": rnn_trained, "LSTM": lstm_trained}.items():
    written = write(parameters)
    print(f"{network}: {sum(name not in names for name in written)} of 20 are new")
    print("   ", ", ".join(written[:10]))
    print("   ", ", ".join(written[10:]))

# %% [markdown]
# ## Colder and hotter
#
# Divide all scores by a *temperature* $\tau$ before the softmax. As the scores are $W_y a + b_y$, dividing
# these two parameters does it. Before you run the next cell: what does $\tau = 0.3$ do, and what $\tau = 2$?

# %%
for temperature in (0.3, 1.0, 2.0):
    last_layer = {name: lstm_trained[name] / temperature for name in ("Wy", "by")}
    written = write(lstm_trained | last_layer, count=6, seed=8)
    new = sum(name not in names for name in written)
    print(f"{temperature}: {new} of 6 are new: ", ", ".join(written))

# %% [markdown]
# Cold, the network writes what it is surest of, and that is mostly names that exist. Hot, it forgets what it
# has learnt.
#
# ## What it expects
#
# How does the prediction change while a name is being read? Each column of the next picture is what the LSTM
# expects to come next. Before you run the cell: where in *michelle*, a name that it was not trained on, is it
# surest?

# %%
word = "michelle"
x, y = text.names_to_arrays([word])
y_pred, _, _ = train.predict(x, lstm_trained)
figures.show(
    figures.character_map(y_pred[:, 0], ["start", *word], "character just read"),
    "A map of colours: the probability of each next character after each character of michelle. At the start "
    "it is spread over many letters; after m-i-c it gathers on h, after c-h-e on l, after the last e on the newline.",
)

# %% [markdown]
# The same as numbers: how surprised each model is by each character, in nats. The bigram model sees one
# character back; what the network saves, it saves by remembering.

# %%
codes = text.encode(word + "\n")
by_bigram = -np.log(bigram[codes, text.encode("\n" + word)])
by_lstm = -np.log(y_pred[codes, 0, range(len(codes))])
print("        " + "".join(f"{character:>5}" for character in word + "↵") + "     sum")
for model, surprises in {"bigram": by_bigram, "LSTM": by_lstm}.items():
    print(f"{model:<8}" + "".join(f"{surprise:5.1f}" for surprise in surprises) + f"{surprises.sum():8.1f}")

# %% [markdown]
# ## Try it yourself
#
# - Train with a learning rate of 0.1, with and without clipping. What do the curves say?
# - Stop the LSTM after each epoch and draw ten names. When do they begin to sound like names?
# - Write a trigram model: which character follows which two? On the held-out names, does it beat the RNN?
# - Give the networks 16 hidden units, then 128. What happens to the distance between the two losses?
# - Draw the forget gate of a few units over a name, as in chapter 4. Does one of them open and close with
#   vowels?
#
# ## Further reading
#
# - Goodfellow, Bengio & Courville, *Deep Learning*, section 6.2.2.3 (softmax and its loss), section 8.1.3
#   (mini-batches), section 10.11.1 (clipping).
# - Graves, "Generating Sequences With Recurrent Neural Networks", arXiv:1308.0850 (2013), sections 2 and 3:
#   drawing from an LSTM character by character.
# - Kingma & Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015.
# - The names: United States Census Bureau, *Frequently Occurring Names in the U.S., 1990*.
