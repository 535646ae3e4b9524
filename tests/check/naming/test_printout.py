"""From printed lines alone to the mistake, however they were pasted."""

import subprocess
import sys
import time

import numpy as np
import pytest

from seqgrad.check import read_printout
from seqgrad.check.__main__ import main
from seqgrad.check.exercises import find_exercise, list_exercises
from seqgrad.check.exercises.testcell import answer_test, run_test
from seqgrad.check.naming.known.known import know
from seqgrad.check.naming.printout import make_run
from seqgrad.check.naming.recipe import follow, make_recipe, read_reference

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


def test_unknown_stays_unknown():
    """Numbers that no mistake gives are not explained, but it is said which are right."""
    text = print_right("rnn_backward")
    lines = text.splitlines()
    lines[0] = lines[0].split(" = ")[0] + " = [0.1234 0.2345 0.3456 0.4567]"
    verdict = read_printout("\n".join(lines))
    assert verdict.findings[0].kind == "unknown" and not verdict.findings[0].exact
    assert "No known mistake gives these numbers." in str(verdict)


@pytest.mark.parametrize("text", ["", "hello", "x: 5", "the loss = 3.2", "gradients[dx] = "])
def test_text_without_such_lines_is_not_judged(text):
    """It says what is needed."""
    assert read_printout(text).outcome == "not attempted"


@pytest.mark.parametrize(
    "text",
    [
        'gradients["da0"][2][3] = 1e99999999999999',
        f'gradients["dx"][{"9" * 5000}] = 1',
        'gradients["dx"][\N{SUPERSCRIPT TWO}] = [1 2 3 4]',
        "dx = [" * 50_000,
        'gradients["dx"][1][2] = [1 2 3 4]\n' * 3_000,
        'gradients["dWf"][3][1] = 0.5\n' * 20_000,
        "U" * 300_000,
        "dx" + " " * 300_000,
        "dx] " * 70_000,
    ],
    ids=[
        "a large number",
        "a large index",
        "a digit that is none",
        "brackets",
        "a wrong array",
        "a wrong number",
        "a long word",
        "a long gap",
        "many brackets",
    ],
)
def test_whatever_is_pasted_is_judged_within_seconds(text):
    began = time.process_time()
    assert read_printout(text).outcome in ("wrong", "not attempted")
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
