"""The bench of the fast functions: every means computes the same, and the table says what was measured."""

import json

import numpy as np
import pytest

from tests.marks import needs
from tools.bench import fused as bench_fused
from tools.bench import peers as bench_peers

SIZE = (3, 5, 2, 4)
MEANS = [
    "fused",
    pytest.param("torch", marks=needs("torch", "PyTorch")),
    pytest.param("jax", marks=needs("jax", "JAX", "pip install jax")),
]


def row(fused, floor=0.5, **others):
    """Return what is measured of one size: three turns, each means slower in each by the same factor."""
    times = {"fused": [fused, 2 * fused, 3 * fused]}
    return {
        "times": times
        | {name: [factor * time for time in times["fused"]] for name, factor in others.items()},
        "floor": floor * 2 * fused,
    }


@pytest.mark.parametrize("network", ["rnn", "lstm"])
@pytest.mark.parametrize("means", MEANS)
def test_every_means_computes_the_same(network, means):
    given = bench_peers.draw_network(network, *SIZE, "float64")
    a, y, *_ = bench_peers.PASSES["readable"](network, *given)[0]()
    found = bench_peers.PASSES[means](network, *given)[0]()
    if means == "torch":
        found = [tensor.detach().numpy().transpose(2, 1, 0) for tensor in found]
    if means == "jax":
        found = [np.asarray(array).transpose(2, 1, 0) for array in (found[1][0][0], found[1][1])]
    np.testing.assert_allclose(found[0], a, atol=1e-12)
    np.testing.assert_allclose(found[1], y, atol=1e-12)


def test_a_process_of_its_own_measures_both_passes_and_dtypes(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    request = {"network": "rnn", "size": SIZE, "threads": 1, "rounds": 2, "means": ["fused", "readable"]}
    found = bench_fused.run_process(request)
    ways = [
        f"{way}, {dtype}" for dtype in ("float32", "float64") for way in ("forward", "forward + backward")
    ]
    assert sorted(found) == sorted(ways)
    assert {name: len(times) for name, times in found[ways[0]]["times"].items()} == {
        "fused": 2,
        "readable": 2,
    }
    assert json.dumps(found)


def test_the_operations_are_those_of_the_products():
    """By hand: 4 steps of 2 examples; 5 units that see 8 numbers, 3 classes; two operations each."""
    assert bench_peers.count_operations("rnn", *SIZE) == (8 * 2 * (40 + 15), 8 * 2 * (3 * 40 + 15))
    assert bench_peers.count_operations("lstm", *SIZE) == (8 * 2 * (160 + 15), 8 * 2 * (3 * 160 + 15))


def test_the_table_gives_the_time_of_the_others_over_that_of_fused(capsys):
    bench_fused.print_table("LSTM", {SIZE: row(0.001, readable=4, torch=1.25)})
    _, _, line, mean = capsys.readouterr().out.strip().splitlines()
    assert line.split() == ["3", "5", "2", "4", "2.000", "±1", "4.00", "1.25", "-", "0.50"]
    assert mean.split() == ["geometric", "mean", "4.00", "1.25", "-", "0.50"]


def test_what_is_too_slow_is_named():
    big = (128, 256, 64, 50)
    table = {SIZE: row(0.001, readable=2, torch=1.2, jax=0.5), big: row(0.1, readable=3, torch=1.5, jax=0.9)}
    assert bench_fused.list_shortcomings("lstm", 1, "forward + backward, float32", table) == [
        "  LSTM (128, 256, 64, 50), forward + backward, float32: floor 0.50, goal 0.67",
        "  LSTM (128, 256, 64, 50), forward + backward, float32: jax 0.90, goal 1.00",
        "  LSTM, forward + backward, float32: readable 2.45 on average, goal 3",
    ]
    assert bench_fused.list_shortcomings("lstm", 1, "forward + backward, float64", table)[0].endswith(
        "(3, 5, 2, 4), forward + backward, float64: torch 1.20, goal 1.40"
    )
    assert bench_fused.list_shortcomings("lstm", 2, "forward + backward, float64", table) == []
    assert bench_fused.list_shortcomings("lstm", 1, "forward, float64", table) == []


def test_the_figure_is_drawn(tmp_path):
    pytest.importorskip("matplotlib")
    table = {SIZE: row(0.001, readable=4), (5, 4, 3, 2): row(0.002, readable=3)}
    found = {("lstm", 1, "forward + backward, float64"): table, ("lstm", 2, "forward, float64"): table}
    long = [(10, [0.1, 0.2], [1e6, 1e5]), (20, [0.2, 0.4], [2e6, 1.4e5])]
    bench_fused.draw_figure(tmp_path / "speed.svg", found, long)
    assert (tmp_path / "speed.svg").read_text(encoding="utf-8").count('id="axes_') == 4


def test_each_panel_of_the_figure_says_what_it_shows(monkeypatch):
    figure = pytest.importorskip("matplotlib.figure")
    drawn = []
    monkeypatch.setattr(figure.Figure, "savefig", lambda panels, path, metadata: drawn.append(panels))
    found = {("rnn", 1, "forward + backward, float32"): {SIZE: row(0.001, readable=4)}}
    bench_fused.draw_figure("speed.png", found, [(10, [0.1, 0.2], [1e6, 1e5])])
    speed, _, time, memory = drawn[0].axes
    assert speed.get_title() == "RNN, forward + backward, float32"
    assert speed.get_ylabel() == "time over that of fused" and speed.lines[0].get_ydata().tolist() == [4]
    assert [ax.get_title() for ax in (time, memory)] == 2 * ["LSTM (32, 64, 16, T_x), float64"]
    assert [ax.get_ylabel() for ax in (time, memory)] == ["time [s]", "memory [MB]"]
    assert [line.get_ydata().tolist() for line in memory.lines] == [[1.0], [0.1]]


@pytest.mark.parametrize("watched", [False, True])
def test_what_is_under_way_is_shown_to_somebody_who_watches_alone(watched, monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: watched, raising=False)
    bench_fused.show_work("an RNN")
    assert ("an RNN" in capsys.readouterr().err) == watched
