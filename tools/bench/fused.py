"""Measure `seqgrad.fused`: against the readable functions, PyTorch, JAX, and the matrix products alone."""

import importlib.util
import json
import os
import subprocess
import sys
import tracemalloc
from statistics import geometric_mean, median, quantiles

import numpy as np

from tools import Refusal
from tools.environment import ROOT

# n_x, n_a, m, T_x
SIZES = [
    (3, 5, 10, 7),
    (27, 64, 1, 30),
    (32, 64, 32, 50),
    (64, 128, 64, 50),
    (128, 256, 64, 50),
    (256, 512, 128, 35),
    (32, 64, 16, 1000),
]
MEANS = ("readable", "torch", "jax", "floor")
LENGTHS = (1000, 2000, 5000, 10_000)
LIBRARIES = ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM")
EXPLANATION = """\
Inputs n_x and as many classes, n_a hidden units, m examples, T_x steps. Each size in a fresh process; every
means does the same work (states, predictions; gradients at weights, inputs and initial state), in turns, on
arrays in its own layout. ms: the median of fused, and half the distance of its quartiles. The other columns:
their time over that of fused, the median over the turns; above 1, fused is faster. floor: the products
alone, at the best rate of any product in that process.
"""
TIMES = (0.2, 0.5, 1, 2, 5, 10)
COLOUR = {"readable": "#595959", "torch": "#D55E00", "jax": "#009E73", "floor": "#0072B2"}


def main(options):
    """Print all tables, and save the figure where `options.figure` says; return whether the goals are met."""
    found = measure_speed(rounds=options.rounds)
    long = measure_long_sequences()
    time_gradient_checks()
    if options.figure:
        draw_figure(options.figure, found, long)
    short = [sentence for key, table in found.items() for sentence in list_shortcomings(*key, table)]
    print(
        "\n".join(
            ["Short of the goal, forward + backward on one thread:", *short] if short else ["Goals met."]
        )
    )
    return not short


def list_shortcomings(network, threads, way, table):
    """Return a sentence for each size at which fused is slower than it should be."""
    if threads > 1 or not way.startswith("forward +"):
        return []
    goals = {"torch": 1.4 if "float64" in way else 1.0, "jax": 1.0, "floor": 1 / 1.5}
    sentences = []
    for (n_x, n_a, m, T_x), row in table.items():
        found = compute_ratios(row)
        asked = {"torch"} | ({"jax"} if m >= 16 else set())
        asked |= {"floor"} if n_a >= 256 and "float32" in way else set()
        for name in sorted(asked & found.keys()):
            if found[name] < goals[name]:
                place = f"{network.upper()} {(n_x, n_a, m, T_x)}, {way}"
                sentences.append(f"  {place}: {name} {found[name]:.2f}, goal {goals[name]:.2f}")
    mean = geometric_mean(compute_ratios(row)["readable"] for row in table.values())
    return sentences + [f"  {network.upper()}, {way}: readable {mean:.2f} on average, goal 3"] * (mean < 3)


def measure_speed(networks=("lstm", "rnn"), threads=(1, 2), rounds=9, sizes=tuple(SIZES)):
    """Print the tables; return what was measured, by network, threads, pass, dtype and size."""
    means = ["fused", "readable", *(name for name in ("torch", "jax") if importlib.util.find_spec(name))]
    for name in {"torch", "jax"} - set(means):
        print(f"{name} is not installed: it is left out.")
    if kind := os.environ.get("OPENBLAS_CORETYPE"):
        print(f"OPENBLAS_CORETYPE is {kind} here; it is not passed on, for it may choose slower products.")
    print(EXPLANATION)
    found = {}
    for network in networks:
        for count in threads:
            rows = {}
            for size in sizes:
                show_work(f"{network} {size}, {count} thread{'s' * (count > 1)} ...")
                request = {
                    "network": network,
                    "size": size,
                    "threads": count,
                    "rounds": rounds,
                    "means": means,
                }
                for key, row in run_process(request).items():
                    rows.setdefault(key, {})[size] = row
            show_work("")
            for key, table in rows.items():
                found[network, count, key] = table
                print_table(f"{network.upper()}, {key}, {count} thread{'s' * (count > 1)}", table)
    return found


def show_work(text):
    """Show what is under way, where somebody watches."""
    if sys.stderr.isatty():
        print(f"\r{text:79}", end="" if text else "\r", file=sys.stderr, flush=True)


def run_process(request):
    """Run `bench_peers` on a request, with as many threads, on as many cores, as it says."""
    environment = {key: value for key, value in os.environ.items() if key != "OPENBLAS_CORETYPE"}
    environment |= {f"{library}_NUM_THREADS": str(request["threads"]) for library in LIBRARIES}
    environment |= {"PYTHONPATH": str(ROOT), "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-m", "tools.bench.peers", json.dumps(request)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        reason = (done.stderr.strip() or "no reason given").splitlines()[-1]
        raise Refusal(f"bench: {request['network']} {tuple(request['size'])} was not measured: {reason}")
    return json.loads(done.stdout)


def compute_ratios(row):
    """Return the time of each means over that of fused: the median over the turns."""
    fused = row["times"]["fused"]
    others = {name: median(map(float.__truediv__, times, fused)) for name, times in row["times"].items()}
    return others | {"floor": row["floor"] / median(fused)}


def print_table(title, table):
    """Print the rows of one network, pass and dtype."""
    heading = "".join(f"{name:>9}" for name in MEANS)
    print(f"{title}\n{'n_x':>5}{'n_a':>5}{'m':>5}{'T_x':>6}{'ms':>11}{'':8}{heading}")
    for size, row in table.items():
        low, middle, high = (1e3 * value for value in quantiles(row["times"]["fused"], n=4))
        others = compute_ratios(row)
        cells = "".join(f"{others[name]:9.2f}" if name in others else f"{'-':>9}" for name in MEANS)
        n_x, n_a, m, T_x = size
        print(f"{n_x:5}{n_a:5}{m:5}{T_x:6}{middle:11.3f} ±{(high - low) / 2:<6.2g}{cells}")
    means = {name: [compute_ratios(row).get(name) for row in table.values()] for name in MEANS}
    cells = "".join(
        f"{geometric_mean(values):9.2f}" if all(values) else f"{'-':>9}" for values in means.values()
    )
    print(f"{'geometric mean':40}{cells}\n", flush=True)


def measure_long_sequences(lengths=LENGTHS, rounds=3):
    """Print time and memory of long sequences, with all caches and with checkpoints; return the rows."""
    from tools.bench.peers import draw_network, measure

    print("LSTM (32, 64, 16, T_x), float64, forward + backward: with all caches, with checkpoints")
    heading = ("ms", "ms", "ratio", "us/step", "us/step", "MB", "MB", "ratio")
    print(f"{'T_x':>6}" + "".join(f"{word:>9}" for word in heading))
    rows = []
    for T_x in lengths:
        passes = run_both_passes(*draw_network("lstm", 32, 64, 16, T_x, "float64"))
        times = measure(passes, rounds)
        seconds = [median(times[name]) for name in passes]
        slower = median(map(float.__truediv__, times["checkpoints"], times["caches"]))
        memory = [measure_peak(function) for function in passes.values()]
        cells = [f"{1e3 * value:9.1f}" for value in seconds] + [f"{slower:9.2f}"]
        cells += [f"{1e6 * value / T_x:9.1f}" for value in seconds]
        cells += [f"{value / 1e6:9.1f}" for value in memory] + [f"{memory[1] / memory[0]:9.3f}"]
        print(f"{T_x:6}" + "".join(cells), flush=True)
        rows.append((T_x, seconds, memory))
    print("The memory contains the results, of which dx alone has 32 * 16 * T_x numbers.\n")
    return rows


def run_both_passes(x, a0, parameters, da):
    """Return forward and backward with the caches of all steps, and with checkpoints."""
    from seqgrad import fused

    return {
        "caches": lambda: fused.lstm_backward(da, fused.lstm_forward(x, a0, parameters)[-1]),
        "checkpoints": lambda: fused.lstm_backward_checkpointed(da, x, a0, parameters),
    }


def measure_peak(function):
    """Return the most bytes that a call holds at a time."""
    tracemalloc.start()
    function()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def draw_figure(path, found, long):
    """Draw both passes on one thread against the other means, and the time of long sequences; save it."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    chosen = {key: table for key, table in found.items() if key[1] == 1 and key[2].startswith("forward +")}
    with mpl.rc_context({"font.size": 9, "svg.hashsalt": "seqgrad"}):
        rows = (len(chosen) + 3) // 2
        panels = Figure(figsize=(11, 2.6 * rows), layout="constrained")
        axes = panels.subplots(rows, 2).ravel()
    for ax, ((network, _, way), table) in zip(axes, chosen.items(), strict=False):
        for name in MEANS:
            values = [compute_ratios(row).get(name, np.nan) for row in table.values()]
            ax.semilogy(range(len(table)), values, "o-", color=COLOUR[name], linewidth=0.8, label=name)
        ax.axhline(1, color="black", linewidth=0.8)
        ax.set_yticks(TIMES, [f"{value:g}" for value in TIMES], minor=False)
        ax.set_ylim(0.15, 15)  # the products alone, where they are next to nothing, are below it
        ax.set_xticks(
            range(len(table)), [",".join(map(str, size)) for size in table], rotation=20, fontsize=7
        )
        ax.set(title=f"{network.upper()}, {way}", ylabel="time over that of fused")
    axes[0].legend(fontsize=7)
    for ax, unit, k, size in ((axes[-2], "time [s]", 1, 1), (axes[-1], "memory [MB]", 2, 1e6)):
        for i, (name, colour) in enumerate((("all caches", "#595959"), ("checkpoints", "#E69F00"))):
            values = [row[k][i] / size for row in long]
            ax.plot([row[0] for row in long], values, "o-", color=colour, label=name)
        ax.set_xlim(0)
        ax.set_ylim(0)
        ax.set(title="LSTM (32, 64, 16, T_x), float64", xlabel="steps T_x", ylabel=unit)
        ax.legend(fontsize=7)
    panels.savefig(path, metadata={"Date": None} if str(path).endswith(".svg") else None)
    print(f"The figure is in {path}.")


def time_gradient_checks(rounds=5):
    """Print what it takes to check all weights of `lstm_backward`: by differences, by complex steps."""
    from seqgrad import gradcheck, lstm
    from tools.bench.peers import draw_network, measure

    x, a0, parameters, da = draw_network("lstm", 3, 5, 10, 7, "float64")
    weights = {name: value for name, value in parameters.items() if name not in ("Wy", "by")}
    exact = lstm.lstm_backward(da, lstm.lstm_forward(x, a0, parameters)[-1])

    def loss(moved):
        return np.sum(da * lstm.lstm_forward(x, a0, parameters | moved)[0])

    ways = {
        "central differences": lambda: differentiate_centrally(loss, weights),
        "complex steps": lambda: gradcheck.complex_step(loss, weights),
    }
    print(
        f"{sum(value.size for value in weights.values())} weights of lstm_backward {(3, 5, 10, 7)}, float64"
    )
    print(f"{'':34}{'ms':>8}{'times faster':>14}{'error':>9}")
    times = measure(ways, rounds)
    slowest = times["central differences"]
    for name, way in ways.items():
        faster = median(map(float.__truediv__, slowest, times[name]))
        error = max(gradcheck.relative_errors(way(), exact).values())
        print(f"{name:34}{1e3 * median(times[name]):8.1f}{faster:14.1f}{error:9.0e}")
    print()


def differentiate_centrally(loss, arrays, step=1e-6):
    """Differentiate by the difference of two losses for each entry."""
    gradients = {}
    for name, array in arrays.items():
        gradient = np.zeros(array.shape)
        for entry in np.ndindex(array.shape):
            move = np.zeros(array.shape)
            move[entry] = step
            gradient[entry] = (loss({name: array + move}) - loss({name: array - move})) / (2 * step)
        gradients["d" + name] = gradient
    return gradients
