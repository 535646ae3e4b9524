"""The numbers that the assignment prints: for the same draws, seqgrad gives every one of them."""

import json
from pathlib import Path

import numpy as np
import pytest

import seqgrad

SEED = json.loads((Path(__file__).parent / "seed" / "expected.json").read_text(encoding="utf-8"))
# The old generator, for its numbers are those that were printed.
DRAW = {"randn": np.random.randn, "zeros": lambda *shape: np.zeros(shape)}  # noqa: NPY002


def values(case):
    """Make the draws of a case in their order, make its call, and return every name that it leaves."""
    np.random.seed(case["seed"])  # noqa: NPY002
    scope = vars(seqgrad) | {"parameters": {}}
    for draw in case["draws"]:
        target = scope["parameters"] if draw["name"][0] in "Wb" else scope
        target[draw["name"]] = DRAW[draw["kind"]](*draw["shape"])
    exec(case["call"], scope)
    return scope


@pytest.mark.parametrize("case", SEED["cases"], ids=lambda case: case["id"])
def test_every_printed_value_holds(case):
    scope = values(case)
    for check in case["checks"]:
        computed = np.asarray(eval(check["expr"], scope))
        printed = np.asarray(check["value"])
        assert computed.shape == printed.shape, check["expr"]
        # NumPy prints arrays with eight decimals: half a unit of the last place, and a little for its tie.
        np.testing.assert_allclose(computed, printed, rtol=1e-9, atol=6e-9, err_msg=check["expr"])


def test_all_of_the_printed_values_are_here():
    assert sum(len(case["checks"]) for case in SEED["cases"]) == 87
