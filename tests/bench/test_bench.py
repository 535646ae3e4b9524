"""The verb `bench`: its parts, what they ask for, and whether a goal that is missed is told."""

from types import SimpleNamespace

import numpy as np
import pytest

import seqgrad
from seqgrad import check as judge
from seqgrad.check.verdict import Finding, Verdict
from tests.learners import edits as make
from tests.learners import mistakes, variants
from tests.marks import exhaustive
from tools.bench import bench, boxes, known, pastes, soak
from tools.bench import fused as bench_fused
from tools.bench import grade as bench_grade


@pytest.mark.parametrize("met", [True, False])
def test_a_goal_that_is_missed_is_told_and_is_the_exit_code(met, monkeypatch, capsys):
    asked = []
    monkeypatch.setitem(bench.PARTS, "grade", lambda options: asked.append(options.soak) or met)
    assert bench.main(["grade", "--soak", "7"]) == (0 if met else 1)
    assert asked == [7]
    last = "Every goal is met. Next: commit." if met else "A goal is missed. Next: see above which one it is."
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_all_parts_are_measured_even_if_the_first_misses_its_goal(monkeypatch):
    asked = []
    for part in bench.PARTS:
        monkeypatch.setitem(bench.PARTS, part, lambda options, part=part: asked.append(part))
    assert bench.main([]) == 1 and asked == ["check", "fused", "release", "grade"]


def test_a_part_that_there_is_not_is_named(capsys):
    with pytest.raises(SystemExit):
        bench.main(["chek"])
    assert "there is no part 'chek'; there is check, fused, release, grade" in capsys.readouterr().err


@pytest.mark.parametrize("met", [True, False])
def test_a_part_returns_what_its_module_returns(met, monkeypatch):
    options = SimpleNamespace(sample=3, soak=None)
    for part, *modules in ((bench.fused, bench_fused), (bench.grade, bench_grade, boxes)):
        for module in modules:
            with monkeypatch.context() as patched:
                for other in modules:
                    patched.setattr(other, "main", lambda *given: True)
                patched.setattr(module, "main", lambda *given: met and given in ((), (3,), (options,)))
                assert part(options) is met
    with monkeypatch.context() as patched:
        patched.setattr(soak, "main", lambda count: met and count == 7)
        assert bench.grade(SimpleNamespace(soak=7)) is met
    monkeypatch.setattr(bench, "time_checks", lambda: met)
    monkeypatch.setattr(bench, "judge_edits", lambda sample: sample == 3)
    for module, name in ((known, "judge_known"), (pastes, "judge_pastes")):
        monkeypatch.setattr(module, name, lambda: True)
    assert bench.check(SimpleNamespace(sample=3)) is met


@pytest.mark.parametrize(("slow", "met"), [(0.15, True), (0.16, False)])
def test_the_slowest_check_decides_and_each_is_timed_at_its_best(slow, met, monkeypatch, capsys):
    seconds = iter([0.3, slow, 0.2, *[0.1] * 1000])
    monkeypatch.setattr(bench, "time_call", lambda function, argument: (None, next(seconds)))
    assert bench.time_checks() is met
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[-1] == "seconds" and f"{slow:.3f}" in lines[1]
    assert lines[-2].split() == ["slowest", f"{slow:.3f}", "goal", "0.150"]


@pytest.fixture
def hundred_edits(monkeypatch):
    """Have two functions with 60 edits each, 10 of which compute the same; return verdicts to fill."""
    verdicts = {}
    chosen = {name: [make.Edit(name, k, "", "", str(k), "") for k in range(60)] for name in ("f", "g")}
    monkeypatch.setattr(make, "FUNCTIONS", tuple(chosen))
    monkeypatch.setattr(make, "edits", lambda name: chosen[name])
    monkeypatch.setattr(make, "changes_result", lambda edit: edit.line >= 10)
    monkeypatch.setattr(make, "load", lambda edit: (edit.function, edit.line))
    monkeypatch.setattr(make, "placed", lambda edit, verdict: verdict.culprit == "here")
    exact = Verdict("f", "wrong", "here", (), (Finding("x", "kind", "Sentence.", True),))
    monkeypatch.setattr(judge, "check", lambda loaded: verdicts.get(loaded, exact))
    return verdicts


@pytest.mark.parametrize(
    ("others", "met", "row"),
    [
        ({}, True, "120 100 100 100 100 0"),
        ({("f", 20): "raised", ("g", 20): "elsewhere"}, True, "120 100 100 99 98 1"),
        ({("f", k): "elsewhere" for k in (20, 21)}, True, "120 100 100 98 98 0"),
        ({("f", k): "elsewhere" for k in (20, 21, 22)}, False, "120 100 100 97 97 0"),
        ({("g", 59): "passed"}, False, "120 100 99 99 99 0"),
        ({("f", k): "unnamed" for k in range(20, 30)}, True, "120 100 100 100 90 0"),
        ({("f", k): "unnamed" for k in range(20, 31)}, False, "120 100 100 100 89 0"),
    ],
)
def test_all_wrong_edits_are_to_be_found_98_of_100_placed_and_90_named(
    others, met, row, hundred_edits, capsys
):
    for loaded, outcome in others.items():
        found = Finding("x", "unknown", "Sentence.", False)
        judged = {"raised": ("raised", "here"), "passed": ("passed", ""), "elsewhere": ("wrong", "g")}
        outcome_and_culprit = judged.get(outcome, ("wrong", "here"))
        hundred_edits[loaded] = Verdict("f", *outcome_and_culprit, (), (found,))
    assert bench.judge_edits(None) is met
    *_, last, sentence, _ = capsys.readouterr().out.splitlines()
    assert last.split()[:7] == ["all", *row.split()]
    found, placed = (int(row.split()[k]) for k in (2, 3))
    assert sentence.split(" (")[0].endswith(f"found {found}.00%") and f"placed {placed}.00%" in sentence


def test_known_mistakes_and_right_variants_have_a_row_for_each_exercise(monkeypatch, capsys):
    chosen = {name: mistakes.MISTAKES[name] for name in ("global_shift", "axis1_nokeepdims")}
    monkeypatch.setattr(mistakes, "MISTAKES", chosen)
    monkeypatch.setattr(variants, "EDITS", {})
    wrong = {"right": (seqgrad.sigmoid, "sigmoid")}
    monkeypatch.setattr(variants, "FUNCTIONS", wrong)
    assert known.judge_known()
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[1:4]]
    assert rows == [["softmax", *"222100"], ["sigmoid", *"000010"], ["all", *"222110"]]
    wrong["wrong"] = (np.tanh, "sigmoid")
    assert not known.judge_known()
    assert capsys.readouterr().out.splitlines()[3].split() == ["all", *"222121"]


def test_a_sample_of_the_edits_is_that_many_of_each_function(hundred_edits, capsys):
    assert bench.judge_edits(30)
    assert "all" in (
        rows := {line.split()[0]: line.split() for line in capsys.readouterr().out.splitlines() if line}
    )
    assert rows["f"][1] == rows["g"][1] == "30" and rows["all"][1] == "60"


def test_the_times_of_a_row_are_the_mean_and_the_most(capsys):
    bench.print_row("f", [1, 2], [0.5, 1.0])
    bench.print_row("g", [3], [])
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["f", "1", "2", "0.75", "1.00"],
        ["g", "3", "0.00", "0.00"],
    ]


@pytest.mark.parametrize("kind", ["", "Haswell"])
def test_a_choice_of_products_that_is_not_passed_on_is_said(kind, monkeypatch, capsys):
    monkeypatch.setenv("OPENBLAS_CORETYPE", kind)
    assert bench_fused.measure_speed(networks=()) == {}
    assert ("OPENBLAS_CORETYPE is Haswell here" in capsys.readouterr().out) == bool(kind)


def test_long_sequences_are_measured_with_all_caches_and_with_checkpoints(capsys):
    ((T_x, seconds, memory),) = bench_fused.measure_long_sequences(lengths=(60,), rounds=1)
    assert T_x == 60 and min(seconds) > 0 and memory[1] < memory[0]
    line = capsys.readouterr().out.splitlines()[2].split()
    assert line[0] == "60" and np.isclose(float(line[1]), 1e3 * seconds[0], atol=0.06)
    assert np.isclose(float(line[4]), 1e6 * seconds[0] / 60, atol=0.06)
    assert np.isclose(float(line[8]), memory[1] / memory[0], atol=6e-4)


@exhaustive
def test_the_gradient_is_checked_by_differences_and_by_complex_steps(capsys):
    bench_fused.time_gradient_checks(rounds=1)
    head, titles, differences, steps, _ = capsys.readouterr().out.split("\n")[:5]
    assert head.startswith("180 weights of lstm_backward (3, 5, 10, 7)")
    assert titles.split() == ["ms", "times", "faster", "error"]
    assert differences.split()[-2] == "1.0" and 1e-11 < float(differences.split()[-1]) < 1e-4
    assert float(steps.split()[-1]) < 1e-11  # of nothing that is subtracted


@pytest.mark.parametrize("sentences", [[], ["  RNN: too slow"]])
def test_the_part_fused_prints_everything_and_says_what_is_short_of_the_goal(sentences, monkeypatch, capsys):
    called = []
    table = {("rnn", 1, "forward"): {}}
    monkeypatch.setattr(bench_fused, "measure_speed", lambda rounds: called.append(rounds) or table)
    monkeypatch.setattr(bench_fused, "measure_long_sequences", lambda: ["long"])
    monkeypatch.setattr(bench_fused, "time_gradient_checks", lambda: called.append("gradient"))
    monkeypatch.setattr(bench_fused, "draw_figure", lambda *given: called.append(given))
    monkeypatch.setattr(bench_fused, "list_shortcomings", lambda *given: sentences)
    assert bench_fused.main(SimpleNamespace(rounds=4, figure="x.svg")) is not bool(sentences)
    assert called == [4, "gradient", ("x.svg", table, ["long"])]
    assert capsys.readouterr().out.splitlines()[-1] == (sentences or ["Goals met."])[-1]
