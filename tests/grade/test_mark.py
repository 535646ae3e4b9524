"""A graded submission has the verdicts of the notebook's check, whatever is wrong in it."""

import linecache

import numpy as np
import pytest

from seqgrad.check import Verdict, check
from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.exercises.trial import draw_calls
from seqgrad.check.naming import causes
from seqgrad.check.reading.extract import extract
from seqgrad.check.reading.spaces import open_function
from seqgrad.check.running import wire
from tests.graders import Text
from tests.learners import TEXTS, mistakes, variants
from tests.learners.templates import TEMPLATES
from tests.marks import exhaustive, sample
from tools.course.chapters import Exercise
from tools.grade import mark as marking
from tools.grade.box import Box
from tools.grade.collect import Submission
from tools.grade.engine import take_slot
from tools.grade.mark import Grader, mark

# Right in every printed number of the assignment: views, arguments written into, one array for two.
A_VIEW = ("a_next = a0", "a_next = a[:, :, 0]\n    a_next[...] = a0")
C_VIEW = ("c_next = np.zeros((n_a, m))", "c_next = c[:, :, 0]")
ONE_ARRAY = (
    "a_next, c_next, yt, cache = lstm_cell_forward(xt, a_next, c_next, parameters)",
    "a_next, c_new, yt, cache = lstm_cell_forward(xt, a_next, c_next, parameters); c_next[...] = c_new",
)
WRITTEN = ("        a[:, :, t] = a_next", "        a_next *= 2\n        a[:, :, t] = a_next / 2")
DA_WRITTEN = (
    ("        gradients =", "        da[:, :, t] += da_prevt\n        gradients ="),
    ("da[:, :, t] + da_prevt", "da[:, :, t]"),
)
LATENT = {
    "a view that holds a0": ("rnn_forward", A_VIEW),
    "both states views": ("lstm_forward", A_VIEW, C_VIEW),
    "the state written into": ("lstm_forward", WRITTEN),
    "the cell state in one array": ("lstm_forward", ONE_ARRAY),
    "da written into": ("rnn_backward", *DA_WRITTEN),
}
IDENTITIES = (
    "c_view both_views a_view_init inplace_state c_prev_inplace inplace_cache inplace_da_next inplace_input"
)
IDENTITIES += " inplace_parameters v_and_s_are_one global_shift epsilon_under_the_root T_from_caches"
LATENT |= {one: (mistakes.MISTAKES[one][0], *mistakes.MISTAKES[one][2:]) for one in IDENTITIES.split()}
KNOWN = {identity: (entry[0], *entry[2:]) for identity, entry in mistakes.MISTAKES.items()} | LATENT


# Correct functions that are written in unusual ways: as many at a time as there are functions.
WAYS = {}
for name, text in map(variants.edited, variants.EDITS):
    WAYS.setdefault(name, []).append(text)
MOST = max(map(len, WAYS.values()))
ROUNDS = [{name: texts[n] for name, texts in WAYS.items() if n < len(texts)} for n in range(MOST)]


@pytest.fixture(autouse=True)
def causes_found_once(monkeypatch):
    """Look for the causes of the same results once, which check, `tools check` and grade all ask for."""
    known, find = {}, causes.find_causes

    def find_once(trial, probes):
        names = probes.learner.list_names()
        key = trial.exercise.name, wire.encode(trial.results, 1 << 30), str(names)
        if key not in known:
            known[key] = find(trial, probes)
        return known[key]

    monkeypatch.setattr(causes, "find_causes", find_once)
    monkeypatch.setattr(marking, "find_causes", find_once)


def change(function, *changes):
    """Return the texts of a notebook in which one function has been changed."""
    text = TEXTS[function]
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return TEXTS | {function: text}


def write(texts):
    """Return a file with a cell for each function."""
    return "".join(f"# %%\n{text.strip()}\n" for text in ("import numpy as np", *texts.values()))


def grade(texts, names, shown):
    """Return what a result says of each exercise, from a file with a cell for each function."""
    file = write(texts)
    exercises = tuple(Exercise(name, "04_lstm_forward", 20, "4.1") for name in names)
    grader = Grader("seqgrad 04", exercises, tuple(one.name for one in list_exercises()), bytes(32))
    result = mark(grader, Submission("anna", (("04_lstm.py", Text(file)),)), take_slot(), shown)
    return {one["name"]: one for one in result["exercises"]}


def run_notebook(texts):
    """Return the names of a notebook whose cells are these, as a file numbers their lines."""
    names = {"np": np}
    for number, text in enumerate(texts.values(), 2):
        cell, text = f"<cell {number} {hash(text)}>", text.strip() + "\n"
        linecache.cache[cell] = (len(text), None, text.splitlines(keepends=True), cell)
        exec(compile(text, cell, "exec"), names)
    return names


def compare(function, changes, shown, asked=None):
    """Assert that check, `tools check` and `grade` say the same of a changed function, or those asked for."""
    texts, asked = change(function, *changes), asked or (function,)
    graded, names = grade(texts, asked, shown), run_notebook(texts)
    program = extract({"04_lstm.py": write(texts).encode()}, asked)
    for name, one in graded.items():
        verdict = check(names[name])
        assert Verdict.from_dict(one["verdict"]) == verdict
        with open_function(program, name) as (function, _):
            assert check(function, name) == verdict
    return graded


@pytest.mark.parametrize("identity", sample(LATENT, 6))
def test_what_no_printed_number_shows_is_wrong_in_the_gradebook_too(identity, shown):
    """What a function holds and what it gave to the right step is one memory in the box."""
    function, *changes = LATENT[identity]
    graded = compare(function, changes, shown)[function]
    assert graded["outcome"] == graded["verdict"]["outcome"] == "wrong" and graded["score"] < graded["points"]


@exhaustive
@pytest.mark.parametrize("identity", KNOWN)
def test_every_known_mistake_has_the_verdict_of_the_check(identity, shown):
    function, *changes = KNOWN[identity]
    graded = compare(function, changes, shown)[function]
    assert graded["outcome"] in ("wrong", "raised") and graded["score"] < graded["points"]


def test_a_right_notebook_has_full_marks(shown):
    graded = grade(TEXTS, TEXTS, shown)
    assert {(one["outcome"], one["score"]) for one in graded.values()} == {("passed", 20.0)}
    names = run_notebook(TEXTS)
    assert all(Verdict.from_dict(one["verdict"]) == check(names[name]) for name, one in graded.items())


@pytest.mark.parametrize(
    "unusual", sample(ROUNDS, len(ROUNDS)), ids=lambda unusual: f"{len(unusual)} at a time"
)
@exhaustive
def test_correct_functions_have_all_points_in_the_gradebook_as_in_the_check(unusual, shown):
    texts = TEXTS | unusual
    graded, program = grade(texts, unusual, shown), extract({"04_lstm.py": write(texts).encode()}, unusual)
    assert {(one["outcome"], one["score"]) for one in graded.values()} == {("passed", 20)}
    for name in unusual:
        with open_function(program, name) as (function, _):
            assert check(function, name).outcome == "passed"


@pytest.mark.parametrize("number", sample([0, -1], 2))
def test_untouched_templates_are_not_attempted(number, shown):
    texts = {name: templates[number] for name, templates in TEMPLATES.items()}
    graded = grade(texts, texts, shown)
    assert {(one["outcome"], one["verdict"]["outcome"], one["score"]) for one in graded.values()} == {
        ("not attempted", "not attempted", 0.0)
    }


@pytest.mark.parametrize("identity", sample(["c_view", "gates_swapped"], 2))
@exhaustive
def test_what_a_wrong_function_feeds_has_passed_and_says_what_has_to_change(identity, shown):
    """Full marks, one outcome, one sentence in the check and in the gradebook."""
    function, *changes = KNOWN[identity]
    chain = ("lstm_cell_forward", "lstm_forward", "lstm_cell_backward", "lstm_backward")
    graded = compare(function, changes, shown, chain)["lstm_backward"]
    assert (graded["outcome"], graded["score"]) == ("passed", 20.0)
    assert (graded["verdict"]["outcome"], graded["verdict"]["culprit"]) == ("passed", function)


def test_a_forward_function_that_was_not_asked_for_is_named_where_it_has_to_change(shown):
    """As where chapter 5 alone is released."""
    function, *changes = KNOWN["c_view"]
    graded = compare(function, changes, shown, ("lstm_cell_backward", "lstm_backward"))["lstm_backward"]
    assert (graded["outcome"], graded["verdict"]["culprit"]) == ("passed", "lstm_forward")


def test_an_answer_holds_the_argument_itself_and_no_second_copy_of_a_part(shown):
    """As the right step in a notebook does, whose cache holds the state that it returns."""
    text = """
def rnn_forward(x, a0, parameters):
    a_next, y, cache = rnn_cell_forward(x[:, :, 0], a0, parameters)
    kept = [cache[0] is a_next, cache[1] is a0, cache[3] is parameters, cache[3]["Wax"] is parameters["Wax"]]
    return kept, cache[2] is not x, a_next
"""
    exercise = find_exercise("rnn_forward")
    with Box(shown, [("cell 1", text)], ("rnn_forward",), slot=take_slot()) as box:
        (result, *_) = box.run("rnn_forward", draw_calls(exercise), exercise.right_helpers)
    assert result.value[:2] == ([True] * 4, True)
