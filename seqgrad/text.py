"""From names to arrays and back: codes, one-hot columns, batches; sampling; a bigram model.

Code 0 is the newline, which ends every name; -1 means that nothing stands there, a
column of zeros.
"""

import os

import numpy as np

from seqgrad.gru import gru_cell_forward
from seqgrad.lstm import lstm_cell_forward
from seqgrad.rnn import rnn_cell_forward
from seqgrad.shapes import takes

ALPHABET = "\nabcdefghijklmnopqrstuvwxyz"


def load_names():
    """Return the 5,163 first names that ship with seqgrad, in alphabetical order.

    Lower case, a to z alone; data/README.md names their source.
    """
    with open(os.path.join(os.path.dirname(__file__), "data", "names.txt"), encoding="ascii") as file:
        return file.read().split()


def encode(text):
    """Return the code of each character, as an integer array (len(text),).

    Raises
    ------
    ValueError
        If a character is not in `ALPHABET`; the message names it.
    """
    if unknown := set(text) - set(ALPHABET):
        wrong = min(unknown)
        raise ValueError(f"encode: {wrong!r} in {text!r} is neither a letter from a to z nor a newline")
    return np.array([ALPHABET.index(character) for character in text], dtype=int)


def decode(codes):
    """Return the text that the codes stand for, without the newline at its end."""
    return "".join(ALPHABET[code] for code in codes).removesuffix("\n")


def one_hot(codes, n):
    """Return one column for each code: zeros but for a 1 in the row of the code.

    Parameters
    ----------
    codes : integer array of any shape
        From 0 to n - 1, or -1 for a column of zeros.
    n : int
        How many rows.

    Returns
    -------
    (n, *codes.shape), float64

    Raises
    ------
    ValueError, TypeError
        If the codes are not integers from -1 to n - 1.
    """
    codes = np.asarray(codes)
    if not np.issubdtype(codes.dtype, np.integer):
        raise TypeError(f"one_hot: codes holds {codes.dtype}, but integers are needed")
    if codes.size and not (-1 <= codes.min() and codes.max() < n):
        wrong = codes.min() if codes.min() < -1 else codes.max()
        raise ValueError(f"one_hot: codes holds {wrong}, but -1 to {n - 1} are needed for {n} rows")
    rows = np.arange(n).reshape(n, *(1,) * codes.ndim)
    return (rows == codes).astype(float)


def names_to_arrays(names):
    """Turn a list of names into one batch for training.

    Parameters
    ----------
    names : list of str

    Returns
    -------
    x, y : (27, m, T_x)
        One-hot inputs and targets, T_x = longest name + 1.  The target at each step is
        the next character, the last of them the newline; the input is the character
        before, so the first input is a column of zeros.  After its newline a name has
        columns of zeros in both: no input, no target.
    """
    codes = np.full((len(names), max(map(len, names)) + 2), -1)
    for row, name in zip(codes, names, strict=True):
        row[1 : len(name) + 2] = encode(name + "\n")
    inputs = np.where(codes[:, 1:] >= 0, codes[:, :-1], -1)
    return one_hot(inputs, len(ALPHABET)), one_hot(codes[:, 1:], len(ALPHABET))


def cell_step(xt, a_prev, c_prev, parameters):
    """Take one step of the LSTM if the parameters hold ``Wf``, of the GRU if ``Wu``, of the RNN otherwise.

    Returns
    -------
    a_next, c_next, yt_pred
        RNN and GRU have no cell state: their `c_prev` comes back as it was.
    """
    if "Wf" in parameters:
        return lstm_cell_forward(xt, a_prev, c_prev, parameters)[:3]
    cell_forward = gru_cell_forward if "Wu" in parameters else rnn_cell_forward
    a_next, yt_pred, _ = cell_forward(xt, a_prev, parameters)
    return a_next, c_prev, yt_pred


@takes(parameters={"Wya|Wy": "n_y n_a", "by": "n_y 1"})
def sample(parameters, newline, rng, max_length=50):
    """Write one name: draw a character, feed it back in, until a newline is drawn.

    Parameters
    ----------
    parameters : dict
        Of an RNN, an LSTM or a GRU; each class is a character.
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

    Raises
    ------
    ValueError, TypeError
        If a parameter is missing or its shape does not fit; the message names it.

    Notes
    -----
    Goodfellow, Bengio & Courville, *Deep Learning*, section 10.2.3.
    """
    n_y, n_a = parameters["Wya" if "Wya" in parameters else "Wy"].shape

    # An empty list for the codes; before the first character there is no input, and
    # both states are zeros.
    codes = []
    xt = np.zeros((n_y, 1))
    a = np.zeros((n_a, 1))
    c = np.zeros((n_a, 1))

    for _ in range(max_length):
        # One step of the cell, with cell_step, gives the new states and the probability
        # of each character.
        a, c, yt_pred = cell_step(xt, a, c, parameters)

        # Draw a code with these probabilities, and keep it.
        code = int(rng.choice(n_y, p=yt_pred[:, 0]))
        codes.append(code)

        # After a newline the name is complete.
        if code == newline:
            break

        # What was drawn is the input of the next step.
        xt = one_hot([code], n_y)

    return codes


def bigram_model(names):
    """Count which character follows which, with the newline before and after every name.

    Returns
    -------
    (27, 27)
        Column j holds the probability of each character after character j.  Every count
        starts at one, so that nothing is impossible.
    """
    counts = np.ones((len(ALPHABET), len(ALPHABET)))
    for name in names:
        np.add.at(counts, (encode(name + "\n"), encode("\n" + name)), 1)
    return counts / counts.sum(axis=0)


def bigram_cross_entropy(model, names):
    """Return the mean surprise of a bigram model in nats per character, newlines included."""
    surprise = [-np.log(model[encode(name + "\n"), encode("\n" + name)]) for name in names]
    return np.mean(np.concatenate(surprise))
