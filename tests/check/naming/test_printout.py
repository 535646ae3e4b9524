"""From printed lines alone to the mistake, however they were pasted."""

import re
import subprocess
import sys
import time

import numpy as np
import pytest

from seqgrad.check import read_printout
from seqgrad.check.__main__ import main
from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.exercises.testcell import answer_test, run_test
from seqgrad.check.naming import printout
from seqgrad.check.naming.candidates import list_known, make_run, run_candidate
from seqgrad.check.naming.known.known import know
from seqgrad.check.naming.recipe import follow, make_recipe, read_reference
from tests.learners import pastes
from tests.marks import sample

PRINTED = [exercise for exercise in list_exercises() if exercise.test]


def write_prints(exercise, outputs):
    """Return what the test cell of an exercise prints, without the shapes."""
    lines = []
    for label in exercise.test.prints.split():
        if label.endswith(".shape") or label.startswith("len("):
            continue
        name, _, index = label.partition("[")
        written = f'gradients["{name}"][{index}' if exercise.forward else label
        lines.append(f"{written} = {np.array2string(np.asarray(eval(label, {}, outputs)))}")
    return "\n".join(lines) + "\n"


def print_with(exercise, culprit, words):
    """Return what a test cell prints when a function has the mistake whose sentence holds some words."""
    exercise, culprit = find_exercise(exercise), find_exercise(culprit)
    mistake = next(one for one in know(culprit).mistakes if words.lower() in one.finding.sentence.lower())
    return write_prints(exercise, make_run(exercise, make_recipe(culprit, mistake.text))())


def print_right(name):
    """Return what the test cell of an exercise prints after the right call."""
    exercise = find_exercise(name)
    return write_prints(exercise, answer_test(exercise))


@pytest.fixture(scope="module")
def thread():
    """Return what a right lstm_backward prints on a forward pass that starts from a view."""
    return print_with("lstm_backward", "lstm_forward", "c[:, :, 0], a view")


@pytest.mark.parametrize("exercise", PRINTED, ids=lambda exercise: exercise.name)
def test_right_numbers_pass(exercise):
    """Of every test cell."""
    verdict = read_printout(print_right(exercise.name))
    assert (verdict.exercise, verdict.outcome) == (exercise.name, "passed")


@pytest.mark.parametrize(
    "pasted",
    [
        lambda text: text,
        lambda text: text.replace('"', "'").replace("\n", "\r\n"),
        lambda text: text.replace('"', "").replace(" = ", ":"),
        lambda text: text.replace("[1][2] =", "[1][2]  =\n"),
        lambda text: (
            "Hello, what is wrong here? Cell 7: it took 2 hours.\n\n> "
            + text.replace("\n", "\n> ")
            + "\nThanks"
        ),
        lambda text: text.replace(" 0.28205375", "\n     0.28205375"),
        lambda text: "\n".join(text.splitlines()[:4]),
        lambda text: text.replace("gradients[", "grads[").replace(" = ", " =  "),
        lambda text: 'gradients["dx"].shape = (3, 10, 4)\n' + text,
        lambda text: print_right("rnn_forward") + text,
    ],
)
def test_the_forum_thread_is_read_however_it_is_pasted(thread, pasted):
    """The culprit is the forward pass, the cause the overwritten c_prev."""
    verdict = read_printout(pasted(thread))
    assert (verdict.exercise, verdict.outcome, verdict.culprit) == ("lstm_backward", "wrong", "lstm_forward")
    assert (verdict.findings[0].subject, verdict.findings[0].kind) == ("c_prev", "overwritten")
    assert verdict.findings[0].exact


def test_the_numbers_of_the_thread_are_those_that_were_posted(thread):
    """The first of them, to the digits that were printed."""
    assert 'gradients["dx"][1][2] = [-0.00424213  0.28205375 -0.48292508 -0.43281115]' in thread


def test_the_version_3_table_is_known():
    """It was made without carrying anything, and with the bias sums of another gate."""
    whole = print_with("lstm_backward", "lstm_backward", "exactly these")
    assert 'gradients["dx"][1][2] = [-0.00173313  0.08287442 -0.30545663 -0.43281115]' in whole
    assert "version 3 has exactly these two mistakes" in str(read_printout(whole))
    first = read_printout("\n".join(whole.splitlines()[:2]))
    assert first.findings[0].exact and "version 3 was made that way" in str(first)


def test_a_single_change_that_nobody_listed_is_named():
    """By changing one step at a time until the digits come out."""
    exercise = find_exercise("rnn_cell_backward")
    verdict = read_printout(write_prints(exercise, run_test(exercise, multiply_wrongly)))
    assert verdict.findings[0].exact and verdict.findings[0].subject == "dWaa"


def multiply_wrongly(da_next, cache):
    """Return the cell's gradients with a_next for a_prev in one product."""
    gradients = follow(read_reference(find_exercise("rnn_cell_backward")), (da_next, cache))
    a_next = cache[0]
    return gradients | {"dWaa": (da_next * (1 - a_next**2)) @ a_next.T}


@pytest.mark.parametrize(
    ("exercise", "culprit", "words"),
    [
        ("rnn_forward", "rnn_cell_forward", "through a sigmoid"),
        ("lstm_forward", "lstm_cell_forward", "[xt; a_prev]"),
        ("lstm_backward", "lstm_cell_forward", "`1 - ft`"),
        ("lstm_backward", "lstm_cell_backward", "split at n_x"),
        ("rnn_backward", "rnn_forward", "every step starts"),
        ("lstm_cell_backward", "lstm_cell_forward", "exchanged"),
    ],
)
def test_a_mistake_is_traced_to_the_function_that_holds_it(exercise, culprit, words):
    """A cell below a sequence, a forward pass below a backward one, a cell below that."""
    verdict = read_printout(print_with(exercise, culprit, words))
    assert (verdict.exercise, verdict.culprit) == (exercise, culprit) and verdict.findings[0].exact


def test_unknown_stays_unknown(monkeypatch):
    """Numbers that no mistake gives are not explained, but it is said which are right."""
    text = print_right("rnn_backward")
    lines = text.splitlines()
    lines[0] = lines[0].split(" = ")[0] + " = [0.1234 0.2345 0.3456 0.4567]"
    monkeypatch.setattr(printout, "SECONDS", 0.5)
    verdict = read_printout("\n".join(lines))
    assert verdict.findings[0].kind == "unknown" and not verdict.findings[0].exact
    assert "No known mistake gives these numbers." in str(verdict)


@pytest.mark.parametrize("text", ["", "hello", "x: 5", "the loss = 3.2", "gradients[dx] = "])
def test_text_without_such_lines_is_not_judged(text):
    """It says what is needed."""
    assert read_printout(text).outcome == "not attempted"


EXTREMES = {
    "a large number": 'gradients["da0"][2][3] = 1e99999999999999',
    "a large index": f'gradients["dx"][{"9" * 5000}] = 1',
    "a digit that is none": 'gradients["dx"][\N{SUPERSCRIPT TWO}] = [1 2 3 4]',
    "brackets": "dx = [" * 50_000,
    "a wrong array": 'gradients["dx"][1][2] = [1 2 3 4]\n' * 3_000,
    "a wrong number": 'gradients["dWf"][3][1] = 0.5\n' * 20_000,
    "a long word": "U" * 300_000,
    "a long gap": "dx" + " " * 300_000,
    "many brackets": "dx] " * 70_000,
}


@pytest.mark.parametrize("extreme", sample(EXTREMES, 3))
def test_whatever_is_pasted_is_judged_within_seconds(extreme):
    began = time.process_time()
    assert read_printout(EXTREMES[extreme]).outcome in ("wrong", "not attempted")
    assert time.process_time() - began < 10


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_a_file_with_a_byte_order_mark_is_read_as_well(tmp_path, thread, capsys, encoding):
    path = tmp_path / "post.txt"
    path.write_bytes(("\ufeff" * (encoding == "utf-16-be") + thread).encode(encoding))
    assert main([str(path)]) == 1
    assert "What has to change is lstm_forward" in capsys.readouterr().out


def test_a_file_is_read_from_the_command_line(tmp_path, thread):
    """Its exit code says whether all is right; what cannot be read has one sentence."""
    path = tmp_path / "post.txt"
    path.write_text(thread, encoding="utf-8")
    command = [sys.executable, "-m", "seqgrad.check"]
    done = subprocess.run([*command, path], capture_output=True, text=True)
    assert done.returncode == 1 and "What has to change is lstm_forward" in done.stdout
    piped = subprocess.run([*command, "-"], input=thread, capture_output=True, text=True)
    assert piped.stdout == done.stdout
    missing = subprocess.run([*command, tmp_path / "none"], capture_output=True, text=True)
    assert missing.returncode == 2 and missing.stderr.count("\n") == 1


# What people paste.


@pytest.mark.parametrize("dressing", sample(pastes.DRESSINGS, 14))
def test_a_paste_has_its_culprit_in_whatever_dressing_and_right_numbers_pass(dressing):
    made = [paste for paste in pastes.list_pastes() if paste.dressing == dressing]
    outcomes = {paste.name: set(pastes.compare(paste, read_printout(paste.text))) for paste in made}
    assert len(made) >= 2 and not [
        name for name, outcome in outcomes.items() if outcome & {"false", "missed"}
    ]
    assert all("culprit" in outcomes[paste.name] for paste in made if paste.culprit)


def lines_of(name, mistake=None):
    """Return (label, value) of each line that the test cell of a function prints, shapes aside."""
    exercise = find_exercise(name)
    outputs = run_candidate(exercise, mistake) if mistake else answer_test(exercise)
    return pastes.values_only(pastes.list_lines(exercise, outputs))


RIGHT = dict(lines_of("lstm_cell_backward"))


def read_changed(**changed):
    """Return the verdict on right lines of `lstm_cell_backward`, some of them changed or left out (None)."""
    lines = []
    for label, value in RIGHT.items():
        key = re.search(r"\w+(?=\"])", label)[0]
        if (value := changed.get(key, value)) is not None:
            lines.append((label, value))
    return read_printout(pastes.plain(lines))


def test_a_zero_is_zero_and_nothing_near_it():
    assert read_changed().outcome == "passed"
    for zero in ("[0.]", "[-0.]", "0", "0.0"):
        verdict = read_changed(dba=None, dbf=zero)
        assert verdict.outcome == "wrong" and "`dbf[4]` is zero: what was made with zeros" in str(verdict)


def test_a_number_with_too_few_digits_says_so():
    verdict = read_changed(dWo="0.3")
    assert verdict.outcome == "passed"
    assert verdict.remarks == ("`dWo[1][2]` has too few digits to decide whether it is right.",)
    alone = read_printout('gradients["dWo"][1][2] = 0.3')
    assert alone.outcome == "not attempted" and "too few digits to decide" in str(alone)
    wrong = read_changed(dWo="0.7")
    assert wrong.outcome == "wrong" and not wrong.findings[0].exact
    assert "too few digits to tell the cause" in str(wrong)


def negate(value):
    """Return a printed value with the other sign."""
    return re.sub(r"-?\d", lambda one: one[0][1:] if one[0][0] == "-" else "-" + one[0], value, count=1)


def divide(value):
    """Return a printed number divided by ten, the examples of the test cell."""
    return repr(float(value.strip("[]")) / 10)


def test_all_of_one_kind_has_its_own_sentence():
    zeros = read_changed(**dict.fromkeys(["dxt", "da_prev", "dc_prev"], "0.0"))
    assert "`dxt[1][2]`, `da_prev[2][3]` and `dc_prev[2][3]` are zero" in str(zeros)
    nans = read_printout(pastes.plain((label, "nan") for label in RIGHT))
    assert nans.findings[0].kind == "not finite" and "find the first nan" in str(nans)
    missing = read_changed(dWi=None)
    assert missing.outcome == "passed" and "There is no line for `dWi[1][2]`" in str(missing)
    two = {key: negate(RIGHT[label]) for label in RIGHT for key in ("dWf", "dWo") if f'"{key}"' in label}
    assert "opposite sign" in str(read_changed(**two))
    two = {key: divide(RIGHT[label]) for label in RIGHT for key in ("dWf", "dWo") if f'"{key}"' in label}
    assert "examples" in str(read_changed(**two))


def test_what_matches_no_function_says_what_was_read_and_what_would_be():
    verdict = read_printout("the loss[3] = 0.25")
    assert verdict.outcome == "not attempted" and "No test cell prints `loss[3]`" in str(verdict)
    assert 'A line that can be read: `gradients["dxt"][1][2] = -1.387213' in str(verdict)
    odd = read_printout('gradients["dx"][1][2] = [0.1 0.2 x3 0.4]')
    assert "Not read: `dx[1][2]`: `x3` is no number." in str(odd)


def test_fewer_fields_than_a_cell_are_a_guess():
    verdict = read_printout('gradients["dba"][4] = [0.70023491]')
    assert (
        "That these lines are from `rnn_cell_backward` is a guess: they may be from `rnn_backward`."
        in str(verdict)
    )
    assert "guess" not in str(read_printout('gradients["dba"][4] = [0.20023491]'))


def test_expected_numbers_of_another_version_are_named_and_right_ones_are_not_accused():
    old = 'gradients["dxt"][1][2] = -0.460564103059\ngradients["dWaa"][1][2] = -0.28483955787\n'
    verdict = read_printout(old)
    assert verdict.outcome == "passed" and "versions 1 to 3" in str(verdict)
    mine = pastes.plain(lines_of("lstm_backward"))
    table = print_with("lstm_backward", "lstm_backward", "exactly these")
    for text in (f"{mine}Expected:\n{table}", f"expected\n{table}mine\n{mine}"):
        verdict = read_printout(text)
        assert verdict.outcome == "passed"
        assert "those of the assignment's version 3, which were made with a mistake" in str(verdict)


def test_a_function_whose_lines_are_right_is_at_fault_nowhere():
    cell = pastes.plain(lines_of("rnn_cell_backward"))
    exercise = find_exercise("rnn_backward")
    mistake = next(one for one in list_known(exercise) if one.culprit.name == "rnn_backward")
    wrong = pastes.plain(lines_of("rnn_backward", mistake))
    assert read_printout(cell + wrong).culprit == "rnn_backward"


@pytest.mark.parametrize(
    "mistakes",
    sample(
        [
            ("lstm_backward", ("stands in the forget and input gates", "c[:, :, 0], a view")),
            ("rnn_backward", ("averaged over the batch", "a0 is ignored")),
            ("lstm_forward", ("[xt; a_prev]", "starts as a0")),
        ],
        3,
    ),
)
def test_two_mistakes_in_a_cell_and_its_sequence_are_both_named_within_3_seconds(mistakes):
    name, words = mistakes
    exercise = find_exercise(name)
    known = list(list_known(exercise))
    one, other = (next(each for each in known if word in each.findings[0].sentence) for word in words)
    began = time.process_time()
    verdict = read_printout(pastes.plain(lines_of(name, one.join(other))))
    assert time.process_time() - began < 4
    text = str(verdict)
    assert "Two mistakes together give these digits." in text and all(word in text for word in words)


def test_what_cannot_be_explained_says_what_is_not_at_fault_and_what_to_print_next(monkeypatch):
    monkeypatch.setattr(printout, "SECONDS", 0.5)
    verdict = read_changed(dWo="0.12345678901", dbo="[0.98765432]")
    assert verdict.findings[0].kind == "unknown" and not verdict.findings[0].exact
    text = str(verdict)
    assert "What is right was computed from" in text and "the forget gate's gradient" in text
    assert "look at the lines that compute what is wrong" in text  # the output gate's gradient is right, too
    dxt, da_prev = "1.23456789012", "-0.98765432109"
    assert "Next, print the output gate's gradient" in str(
        read_changed(dWo="0.12345678901", dbo="[0.98765432]", dxt=dxt, da_prev=da_prev)
    )


def test_a_shape_of_fewer_axes_and_too_many_numbers_are_wrong():
    verdict = read_printout('gradients["dba"].shape = (5,)\ngradients["dba"][4] = 0.20023491')
    assert verdict.outcome == "wrong" and "sum over the examples with keepdims=True" in str(verdict)
    longer = read_printout('gradients["dx"][1][2] = [-2.07101689 -0.59255627 0.02466855 0.01483317 0.5]')
    assert longer.outcome == "wrong"


def test_none_is_said():
    assert "it is None, so it was not computed" in str(read_printout('gradients["dxt"][1][2] = None'))
