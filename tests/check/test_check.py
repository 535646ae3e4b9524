"""What a check says, in its four outcomes, and what it leaves behind: nothing."""

import inspect
import json
import linecache
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import seqgrad
from seqgrad.check import Finding, Verdict, check
from seqgrad.check.exercises import draw, list_exercises
from seqgrad.check.running.data import Call
from seqgrad.check.running.run import run
from seqgrad.check.verdict import KINDS, OUTCOMES
from tests.learners import TEXTS, notebook
from tests.marks import sample

FUNCTIONS = {exercise.name: exercise.function for exercise in list_exercises()}


def in_cell(text, **others):
    """Return the one function that a cell defines, and the cell's names."""
    names = notebook() | others
    before = dict(names)
    filename = f"<cell {hash(text)}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    exec(compile(text, filename, "exec"), names)
    (name,) = [
        name for name, value in names.items() if inspect.isfunction(value) and before.get(name) is not value
    ]
    return names[name]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_reference_passes(name):
    """Every exercise, in one word."""
    assert str(check(FUNCTIONS[name])) == f"{name}: passed"


@pytest.mark.parametrize("name", sample(FUNCTIONS, 6))
def test_a_body_of_nothing_is_not_attempted(name):
    """A docstring, pass, an ellipsis, NotImplementedError."""
    signature = inspect.signature(FUNCTIONS[name])
    for body in ('"""Words."""', "pass", "...", "raise NotImplementedError", "x = None\n    return x"):
        function = in_cell(f"def {name}{signature}:\n    {body}\n")
        assert str(check(function)) == f"{name}: not attempted"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_stub_of_an_exercise_is_not_attempted(name):
    """What the build puts in the exercise notebook; the helpers are stubs too."""
    stub = pytest.importorskip("seqgrad.check.reading.stub")
    source = inspect.getsource(inspect.unwrap(FUNCTIONS[name]))
    names = {"np": np, "cell_step": None, "one_hot": None}
    exec(stub.stub(source[source.index("def ") :]), names)
    assert str(check(names[name])) == f"{name}: not attempted"


def test_a_forgotten_return_is_told():
    """It computes, and gives None."""
    verdict = check(in_cell("def sigmoid(x):\n    s = 1 / (1 + np.exp(-x))\n"))
    assert str(verdict) == "sigmoid: wrong\nThe result is None, but an array of shape (5, 7) is expected."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("def sigmoid(x):\n    return 1 / (1 + np.exp(-z))", "`z` is not defined; is it misspelt"),
        ("def sigmoid(x):\n    return sigmoid(x)", "calls itself again and again"),
        (
            "def sigmoid(x):\n    return x @ x",
            "the columns of the first must be as many as the rows of the second",
        ),
        ("def sigmoid(x):\n    s = s + x\n    return s", "`s` is used before it has a value"),
        ("def softmax(x):\n    return {}['p'] + x", "the key 'p' is not there"),
        ("def softmax(x):\n    e = None\n    return e / 2", "has not been computed"),
        ("def softmax(x):\n    return np.zeros((10**8, 10**8)) + x", "more memory than there is"),
    ],
)
def test_an_exception_has_its_sentence(text, sentence):
    """With the line of the learner's function."""
    verdict = check(in_cell(text))
    assert verdict.outcome == "raised"
    assert sentence in str(verdict)
    assert "line " in str(verdict)


def test_shapes_that_met_are_named():
    """The two operands, as the learner wrote them, each with its shape."""
    text = TEXTS["rnn_cell_backward"].replace("np.dot(Wax.T, dtanh)", "np.dot(Wax, dtanh)")
    verdict = check(notebook(rnn_cell_backward=text)["rnn_cell_backward"])
    assert "`dxt = np.dot(Wax, dtanh)`: `Wax` has shape (5, 3) and `dtanh` has shape (5, 7)" in str(verdict)


def test_an_endless_loop_ends_and_the_process_goes_on():
    """In the main thread by a signal."""
    start = time.perf_counter()
    (result,) = run(in_cell("def sigmoid(x):\n    while True:\n        pass\n"), [Call((1.0,))], seconds=0.2)
    assert result.error.kind == "OutOfTime"
    assert time.perf_counter() - start < 2
    assert check(seqgrad.sigmoid).outcome == "passed"


def test_an_endless_loop_ends_in_another_thread_too():
    """A notebook's server may run a cell in one; the loop even swallows every exception once."""
    loop = "while True:\n            pass\n"
    text = f"def sigmoid(x):\n    try:\n        {loop}    except:\n        {loop}"
    results = []
    thread = threading.Thread(target=lambda: results.extend(run(in_cell(text), [Call((1.0,))], seconds=0.2)))
    thread.start()
    thread.join(10)
    assert results[0].error.kind == "OutOfTime"


def test_a_check_prints_nothing_and_raises_nothing(capsys):
    """Whatever it is given."""
    for thing in (5, None, np.exp, lambda x: x, check, "sigmoid"):
        assert check(thing).outcome == "not attempted"
    assert check(np.exp, name="sigmoid").outcome == "wrong"
    check(in_cell("def sigmoid(x):\n    print('here')\n    return x"))
    assert capsys.readouterr() == ("", "")


def test_helpers_are_back_after_a_check():
    """They are exchanged while the function runs, and only then."""
    names = notebook()
    before = dict(names)
    check(names["lstm_forward"])
    check(names["lstm_backward"])
    assert names == before


@pytest.mark.parametrize(
    ("broken", "asked"),
    [
        ("lstm_cell_backward", "lstm_backward"),
        ("lstm_cell_forward", "lstm_forward"),
        ("rnn_cell_backward", "rnn_backward"),
        ("rnn_cell_forward", "rnn_forward"),
    ],
)
def test_a_wrong_cell_costs_the_cell_alone(broken, asked):
    """The sequence is right, has passed, and its verdict names the cell."""
    wrong = TEXTS[broken].replace("np.tanh(c_next)", "c_next").replace("np.tanh(np.dot(Waa", "(np.dot(Waa")
    wrong = wrong.replace("(1 - a_next**2) * da_next", "da_next")
    verdict = check(notebook(**{broken: wrong})[asked])
    assert (verdict.exercise, verdict.outcome, verdict.culprit) == (asked, "passed", broken)
    assert f"What has to change is {broken}, not {asked}." in str(verdict)


def test_a_right_backward_pass_on_a_view_names_the_forward_pass():
    """The story of the forum thread, from the functions."""
    text = TEXTS["lstm_forward"].replace("c_next = np.zeros((n_a, m))", "c_next = c[:, :, 0]")
    verdict = check(notebook(lstm_forward=text)["lstm_backward"])
    assert verdict.culprit == "lstm_forward"
    assert (verdict.findings[0].subject, verdict.findings[0].kind) == ("c_prev", "overwritten")
    assert verdict.findings[0].exact


def test_a_stub_in_the_notebook_is_not_blamed():
    """Who begins with the sequence has a cell that is still empty."""
    names = notebook(rnn_cell_forward="def rnn_cell_forward(xt, a_prev, parameters):\n    pass\n")
    assert check(names["rnn_forward"]).outcome == "passed"


def test_two_mistakes_are_two_findings():
    """Each once, and what follows from them not at all."""
    text = TEXTS["lstm_cell_backward"].replace(
        "dot = da_next * np.tanh(c_next)", "dot = da_next * np.tanh(c_prev)"
    )
    text = text.replace("np.dot(dit, concat.T)", "np.dot(dit, -concat.T)")
    findings = check(notebook(lstm_cell_backward=text)["lstm_cell_backward"]).findings
    assert [finding.subject for finding in findings] == ["output gate", "dWi"]


def test_the_gate_audit_reads_what_nobody_listed():
    """Three slips in one gate, two of them on one path: no catalogue holds that."""
    before = "dc_next * c_prev + ot * (1 - np.square(np.tanh(c_next))) * c_prev * da_next) * ft * (1 - ft)"
    after = (
        "dc_next * a_prev * it + ot * (1 - np.square(np.tanh(c_next))) * c_prev * da_next) * ft * (1 - ot)"
    )
    verdict = check(
        notebook(lstm_cell_backward=TEXTS["lstm_cell_backward"].replace(before, after))["lstm_cell_backward"]
    )
    assert {finding.subject for finding in verdict.findings} == {"forget gate"}
    assert "`a_prev`" in str(verdict) and "`1 - ot`" in str(verdict) and "`dc_next`" in str(verdict)


ONE_ARRAY = """\
    room = n.setdefault(x.shape, x.copy())
    room[:] = 1 / (1 + np.exp(-x))
    return room
"""


@pytest.mark.parametrize(
    ("body", "n", "kind"),
    [
        ("    x -= 1\n    return 1 / (1 + np.exp(-x - 1))", 0, "argument changed"),
        ("    global n\n    n = n + 1\n    return 1 / (n + np.exp(-x))", 0, "state kept between calls"),
        (ONE_ARRAY, {}, "state kept between calls"),
    ],
)  # fmt: skip
def test_latent_mistakes_are_found(body, n, kind):
    """The first call's values are right; the third function writes all its results into one array."""
    assert check(in_cell(f"def sigmoid(x):\n{body}\n", n=n)).findings[0].kind == kind


def test_a_sequence_shows_which_step_reaches_which():
    """Nothing carried: nothing beside the diagonal."""
    text = TEXTS["rnn_backward"].replace("da[:, :, t] + da_prevt", "da[:, :, t]")
    yours, expected = check(notebook(rnn_backward=text)["rnn_backward"]).picture
    yours, expected = np.array(yours), np.array(expected)
    assert not yours[~np.eye(5, dtype=bool)].any()
    assert (expected[np.triu_indices(5)] > 0).all() and not np.tril(expected, -1).any()


def test_a_verdict_is_data():
    """Ready for JSON; its words are from the documented lists."""
    text = TEXTS["rnn_backward"].replace("da[:, :, t] + da_prevt", "da[:, :, t]")
    verdict = check(notebook(rnn_backward=text)["rnn_backward"])
    assert json.loads(json.dumps(verdict.to_dict()))["findings"][0]["exact"] is True
    assert verdict.outcome in OUTCOMES and verdict.findings[0].kind in KINDS
    assert len(verdict.hints) == 3


def test_a_card_says_its_outcome_in_words():
    """Sign and colour only repeat it; the picture has a description; markup in a message is escaped."""
    text = TEXTS["rnn_backward"].replace("da[:, :, t] + da_prevt", "da[:, :, t]")
    card = check(notebook(rnn_backward=text)["rnn_backward"])._repr_html_()
    assert "rnn_backward</code>: wrong" in card
    assert 'role="img" aria-label="Which step reaches which. Yours: step 0 reaches 0;' in card
    assert card.count("<details") == 3
    escaped = Verdict(
        "softmax", "raised", "softmax", (), (Finding("softmax", "exception", "`a<b>` at [0, 2]"),)
    )._repr_html_()
    assert "<code>a&lt;b&gt;</code>" in escaped
    assert 'white-space:nowrap">[0, 2]</span>' in escaped  # no line ends within an index


def test_the_package_loads_none_of_it():
    """`import seqgrad` needs NumPy alone, and a check needs no more."""
    code = (
        "import sys, seqgrad; assert 'seqgrad.check' not in sys.modules; from seqgrad.check import check; "
        + ("check(seqgrad.softmax); assert not {'matplotlib', 'IPython', 'pandas'} & set(sys.modules)")
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_all_sizes_differ():
    """A swapped axis cannot pass."""
    sizes = [draw.N_X, draw.N_A, draw.N_Y, draw.M, draw.T_X]
    assert len(set(sizes)) == len(sizes)


@pytest.mark.parametrize(
    "wrong",
    [
        "code = int(yt_pred[:, 0].argmax())",
        "code = int(rng.integers(n_y))",
        "code = int(np.random.choice(n_y, p=yt_pred[:, 0]))",
        "code = int(rng.choice(n_y, p=yt_pred[:, 0] ** 2 / (yt_pred[:, 0] ** 2).sum()))",
    ],
)
def test_draws_that_do_not_follow_the_probabilities_are_found(wrong):
    """Any way of drawing is right that does; these do not, or do not use the generator."""
    source = inspect.getsource(inspect.unwrap(seqgrad.sample))
    changed = source.replace("code = int(rng.choice(n_y, p=yt_pred[:, 0]))", wrong)
    assert changed != source
    names = dict(vars(inspect.getmodule(inspect.unwrap(seqgrad.sample))))
    exec(changed[changed.index("def sample") :], names)
    assert check(names["sample"]).outcome == "wrong"


def test_checks_are_fast():
    """The goals are 0.15 s and 1.5 s of a free core; twice that leaves room for a busy machine."""
    names = notebook(lstm_backward=TEXTS["lstm_backward"].replace("reversed(range(T_x))", "range(T_x)"))
    check(seqgrad.lstm_forward)
    start = time.process_time()
    check(seqgrad.lstm_forward)
    passing = time.process_time() - start
    check(names["lstm_backward"])
    assert passing < 0.3
    assert time.process_time() - start - passing < 3.0
