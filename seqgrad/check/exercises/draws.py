"""Are codes drawn from the predictions?  Any way of drawing is right that follows their probabilities.

Where every prediction is certain the codes are known.  Elsewhere the predictions are
computed again with the codes that were drawn as inputs; then each code's probability is
known, and a crowd of draws must look like them:

- each class is drawn about as often as its probabilities add up to;
- the mean of log p is near its expectation, which a drawer that prefers the most likely
  code, or sharpens the probabilities, exceeds.

Both sums are measured in their standard deviations.
"""

import sys

import numpy as np

from seqgrad.check.exercises.reference import predictions

LARGEST = sys.float_info.max
CERTAIN = 1e-6
FAR = 5.0


def judge_codes(call, expected, got):
    """Return a sentence on what is wrong with the codes that were drawn, or an empty one."""
    parameters, newline, _, length = call.arguments
    if isinstance(got, np.ndarray) and got.ndim == 1:
        got = list(got)
    codes = [number(code) for code in got] if isinstance(got, list | tuple) else [None]
    if None in codes:
        return "A list of codes is expected, and each of them one integer."
    n_y = len(parameters["by"])
    if any(code not in range(n_y) for code in codes):
        return f"Codes are integers from 0 to {n_y - 1}, but {codes[:4]} was drawn."
    codes = [int(code) for code in codes]
    if codes == expected:
        return ""
    if len(codes) > length:
        return f"{len(codes)} codes were drawn, but max_length is {length}."
    if newline in codes[:-1]:
        return f"The newline, code {newline}, was drawn at {codes.index(newline)}, but more codes follow it."
    p = predictions(parameters, codes)
    drawn = p[codes, np.arange(len(codes))]
    if (drawn < CERTAIN).any():
        t = int(np.argmax(drawn < CERTAIN))
        return f"Code {codes[t]} was drawn at step {t}, where code {int(p[:, t].argmax())} is nearly certain."
    if len(codes) < length and codes[-1:] != [newline]:
        return f"{len(codes)} codes were drawn, the last of them no newline, but max_length is {length}."
    return crowd(p, codes, drawn)


def number(code):
    """Return a code as a number; None if it is none, nor the only one in an array or a list."""
    if isinstance(code, list | tuple) and len(code) == 1:
        (code,) = code
    if isinstance(code, np.ndarray) and code.shape in ((), (1,)) and code.dtype.kind in "biuf":
        code = code.item()
    return float(code) if isinstance(code, int | float) and not abs(code) > LARGEST else None


def crowd(p, codes, drawn):
    """Return a sentence if the codes together do not look drawn with probabilities p (n_y, T)."""
    counts = np.bincount(codes, minlength=len(p))
    spread = np.sqrt((p * (1 - p)).sum(axis=1)) + 1
    off = np.abs(counts - p.sum(axis=1)) / spread
    log_p = np.log(np.maximum(p, 1e-300))
    mean = (p * log_p).sum(axis=0)
    variance = (p * log_p**2).sum(axis=0) - mean**2
    surprise = (np.log(drawn) - mean).sum() / (np.sqrt(variance.sum()) + 1)
    if surprise > FAR:
        return "The most likely codes are drawn too often: the draw does not follow the probabilities."
    if surprise < -FAR:
        return "Unlikely codes are drawn too often: the draw does not follow the probabilities."
    if off.max() > FAR:
        code = int(off.argmax())
        return f"Code {code} was drawn {counts[code]} times, but {p[code].sum():.0f} times are expected."
    return ""
