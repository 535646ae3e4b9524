"""Sampling is judged as a crowd: whoever draws by the probabilities passes, in whatever way it is done."""

import numpy as np
import pytest

from seqgrad import text
from seqgrad.check import check
from seqgrad.check.exercises.text import judge_crowd


def draw_with(weigh):
    """Return a sampler that draws from other weights than the probabilities, by their cumulative sums."""

    def sample(parameters, newline, rng, max_length=50):
        n_y, n_a = len(parameters["by"]), len(parameters["bf" if "Wf" in parameters else "ba"])
        hidden, cell, x, codes = np.zeros((n_a, 1)), np.zeros((n_a, 1)), np.zeros((n_y, 1)), []
        while len(codes) < max_length and codes[-1:] != [newline]:
            hidden, cell, p = text.cell_step(x, hidden, cell, parameters)
            total = np.cumsum(weigh(p[:, 0]))
            codes.append(min(int(np.searchsorted(total, rng.random() * total[-1])), n_y - 1))
            x = text.one_hot([codes[-1]], n_y)
        return codes

    return sample


def test_another_way_to_draw_by_the_probabilities_passes():
    assert check(draw_with(lambda p: p), "sample").outcome == "passed"


@pytest.mark.parametrize(
    ("weigh", "words"),
    [
        (lambda p: p**3, "The most likely codes are drawn too often"),
        (lambda p: np.where(p > 1 - 1e-6, p, p ** (1 / 4)), "Unlikely codes are drawn too often"),
    ],
)
def test_draws_that_are_too_likely_or_too_unlikely_are_told_apart(weigh, words):
    verdict = check(draw_with(weigh), "sample")
    assert verdict.outcome == "wrong" and words in str(verdict)


def test_a_code_that_comes_too_often_is_counted():
    """Four codes of the same probability: none of them is likelier, so that only the counts can tell."""
    p = np.full((4, 200), 0.25)
    even = np.arange(200) % 4
    assert judge_crowd(p, even, np.full(200, 0.25)) == ""
    skewed = np.where(np.arange(200) < 100, 2, even)
    assert (
        judge_crowd(p, skewed, np.full(200, 0.25)) == "Code 2 was drawn 125 times, but 50 times are expected."
    )
