"""The package of a release: it answers without answers, and gives the verdicts of the course."""

import itertools
import json
import random
import subprocess
import sys

import numpy as np
import pytest

from seqgrad import lstm, rnn
from seqgrad.check import check
from seqgrad.check.exercises.lstm import draw_sequence
from seqgrad.check.released.fingerprint import fingerprint
from seqgrad.check.released.locks import lock, open_locks
from seqgrad.check.running import wire
from tests.learners import TEXTS, edits, mistakes
from tests.marks import exhaustive, sample
from tools.environment import ROOT
from tools.release import notebooks, package, record

# Run in the release: texts of notebooks and the names to check in them come in, verdicts go out.
VERDICTS = """
import json, sys
from seqgrad.check import check

def verdicts(text, names):
    home = {"__name__": "__main__"}
    exec(compile(text, "<cell>", "exec"), home)
    return [check(home[name]).to_dict() for name in names]

print(json.dumps([verdicts(*one) for one in json.load(sys.stdin)]))
"""


# The release of the chapters on the LSTM takes longest to make.
each_kind = pytest.mark.parametrize("kind", sample(["rnn", "lstm"], 2))


def released(folder, *begins):
    """Return a folder with the package of a release of these chapters."""
    plan = notebooks.plan_release(ROOT, begins)
    package.write_package(folder, plan.withheld, plan.exercises)
    return folder


@pytest.fixture(scope="module")
def rnn_release(tmp_path_factory):
    """Return a release of the chapters on the RNN."""
    return released(tmp_path_factory.mktemp("rnn"), "02", "03")


@pytest.fixture(scope="module")
def lstm_release(tmp_path_factory):
    """Return a release of the chapters on the LSTM."""
    return released(tmp_path_factory.mktemp("lstm"), "04", "05")


def run(folder, program, given=""):
    """Run a program where a release is the only seqgrad; return what it prints."""
    path = [str(folder), str(next(p for p in np.__path__)).removesuffix("/numpy")]
    program = f"import sys; sys.path[:0] = {path}\n" + program
    done = subprocess.run([sys.executable, "-I", "-c", program], input=given, capture_output=True, text=True)
    assert not done.returncode, done.stderr
    return done.stdout


def in_release(folder, texts):
    """Return the verdicts of a release, for pairs (text of a notebook, names to check in it)."""
    return json.loads(run(folder, VERDICTS, json.dumps(texts)))


def in_course(text, names):
    """Return the same verdicts of the course."""
    home = {"__name__": "__main__"}
    exec(compile(text, "<cell>", "exec"), home)
    return json.loads(json.dumps([check(home[name]).to_dict() for name in names]))


HEAD = "import numpy as np\nfrom seqgrad.activations import sigmoid, softmax\n"


def notebook(kind, changed):
    """Return the text of a learner's notebook on one kind of network, with one function changed."""
    texts = {name: text for name, text in TEXTS.items() if name.startswith(kind)}
    return HEAD + "\n\n".join((texts | changed).values())


@pytest.mark.parametrize("kind_every", sample([("rnn", 8), ("rnn", 1), ("lstm", 1)], 3))
def test_known_mistakes_have_the_verdicts_of_the_course(kind_every, request):
    """Word for word, with causes, hints and pictures; the learner's other functions are right."""
    kind, every = kind_every
    chosen = {key: entry for key, entry in mistakes.MISTAKES.items() if entry[0].startswith(kind)}
    assert len(chosen) > 30
    chosen = dict(list(chosen.items())[::every])
    texts = [(notebook(kind, {entry[0]: mistakes.text(key)}), [entry[0]]) for key, entry in chosen.items()]
    found = in_release(request.getfixturevalue(f"{kind}_release"), texts)
    expected = [in_course(*text) for text in texts]
    assert dict(zip(chosen, found, strict=True)) == dict(zip(chosen, expected, strict=True))


@pytest.mark.parametrize("kind_count", sample([("rnn", 2), ("rnn", 10), ("lstm", 10)], 3))
def test_one_token_edits_have_the_verdicts_of_the_course(kind_count, request):
    """But for a few that the course finds by changing two or more steps that depend on each other."""
    (kind, count), texts = kind_count, []
    for name in TEXTS:
        if name.startswith(kind):
            chosen = random.Random(name).sample(edits.edits_of(TEXTS[name], name), count)
            texts += [(notebook(kind, {name: edit.source}), [name]) for edit in chosen]
    found = in_release(request.getfixturevalue(f"{kind}_release"), texts)
    same = [verdict == in_course(*text) for text, verdict in zip(texts, found, strict=True)]
    first = [one for number, one in enumerate(same) if number % count < 2]
    assert sum(same) >= 0.95 * len(same) and sum(first) >= 0.95 * len(first)


def test_a_function_that_is_yours_to_write_says_so(rnn_release):
    """In one sentence; with the numbers of a demonstration it has the recorded answer."""
    program = """
from seqgrad import rnn
from seqgrad.check import check
from seqgrad.check.exercises import find_exercise
from seqgrad.check.exercises.trial import draw_calls
call = draw_calls(find_exercise("rnn_cell_forward"))[0]
a_next, *_ = rnn.rnn_cell_forward(*call.arguments)
print(a_next.shape)
xt, *rest = call.arguments
try:
    rnn.rnn_cell_forward(2 * xt, *rest)
except Exception as error:
    print(*error._render_traceback_())
print(check(rnn.rnn_cell_forward))
"""
    shape, sentence, verdict, why = run(rnn_release, program).splitlines()
    assert shape == "(5, 7)" and sentence.startswith("rnn_cell_forward is yours to write, in exercise 2.1")
    assert (
        verdict == "rnn_cell_forward: not attempted" and "seqgrad's placeholder for `rnn_cell_forward`" in why
    )


def test_a_function_that_has_passed_is_used_from_then_on(rnn_release):
    text = notebook("rnn", {}).split("def rnn_forward")[0]
    program = f"""
from seqgrad import rnn
from seqgrad.check import check
from seqgrad.check.exercises import find_exercise
from seqgrad.check.exercises.trial import draw_calls
home = {{}}
exec({text!r}, home)
print(check(home["rnn_cell_forward"]).outcome)
xt, *rest = draw_calls(find_exercise("rnn_cell_forward"))[0].arguments
print(len(rnn.rnn_cell_forward(2 * xt, *rest)))
"""
    assert run(rnn_release, program).split() == ["passed", "3"]


@exhaustive
def test_a_release_compares_the_rows_of_chapter_5_with_recorded_numbers(lstm_release):
    """Those of the right steps on the example, which is the same for everybody; causes are not looked for."""
    program = """
from seqgrad.check import check, example
da_next, dc_next, cache = example("lstm_cell_backward")
c_next, ot = cache[1], cache[7]
import numpy as np
right = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
for dc in (right, dc_next, None):
    print(check("lstm_cell_backward", dc=dc))
print(check("sigmoid", dz=right))
"""
    said = run(lstm_release, program).splitlines()
    assert said[0] == "dc of lstm_cell_backward: passed" and said[1] == "dc of lstm_cell_backward: wrong"
    assert said[2].startswith("`dc` differs in 35 of 35 entries")
    assert said[-3] == "`dc` is still None: compute what comes back, then check again."
    assert "sigmoid has no intermediate result `dz`" in said[-1]


def test_what_only_hands_the_recorded_answers_on_does_not_pass(rnn_release):
    """A check of a function closes what stands for it."""
    text = "from seqgrad import rnn\ndef rnn_cell_forward(*given):\n    return rnn.rnn_cell_forward(*given)"
    ((verdict,),) = in_release(rnn_release, [(text, ["rnn_cell_forward"])])
    assert verdict["outcome"] == "raised"


def test_the_table_of_gradients_is_that_of_the_function_that_it_is_given(rnn_release):
    """The course's own has recorded answers; a learner's is run, on recorded answers of the forward pass."""
    text = TEXTS["rnn_cell_backward"].replace("np.dot(Waa.T, dtanh)", "np.dot(Waa, dtanh)")
    program = f"""
import numpy as np
from seqgrad import rnn
from seqgrad.gradcheck import gradient_table
exec({text!r})
print([name for name, error in gradient_table(rnn_cell_backward).items() if error > 1e-12])
print(max(max(gradient_table(f).values()) for f in (rnn.rnn_cell_backward, rnn.rnn_backward)) < 1e-12)
"""
    assert run(rnn_release, program).splitlines() == ["['da_prev']", "True"]


@each_kind
def test_no_release_holds_the_machinery_of_right_steps(kind, request):
    folder = request.getfixturevalue(f"{kind}_release")
    held = {path.name for path in (folder / "seqgrad" / "check").iterdir()}
    assert "naming" not in held and "released" in held
    assert "def rnn_cell_forward" not in (folder / "seqgrad" / "fused.py").read_text()


def test_recording_leaves_seqgrad_as_it_was():
    before = lstm.lstm_forward, rnn.rnn_forward, vars(lstm)["lstm_cell_forward"]
    with record.record_calls(("lstm_forward", "lstm_cell_forward")) as tape:
        x, a0, parameters = draw_sequence(0)
        lstm.lstm_forward(x, a0, parameters)
    assert (lstm.lstm_forward, rnn.rnn_forward, vars(lstm)["lstm_cell_forward"]) == before
    assert len(tape.answers) == 1 + x.shape[2] and all(wire.encode(one) for one in tape.answers.values())


def test_a_lock_opens_to_its_own_key_alone():
    table = lock([([b"one" * 10, b"two" * 10], {"says": "both"}), ([b"two" * 10], {"says": "two"})])
    assert open_locks(table, b"one" * 10) == [{"says": "both"}]
    assert open_locks(table, b"two" * 10) == [{"says": "both"}, {"says": "two"}]
    assert open_locks(table, b"six" * 10) == []
    assert b"says" not in wire.encode(table)


def test_a_fingerprint_is_blind_to_rounding_and_to_nothing_else():
    rng = np.random.default_rng(0)
    value = {"a": rng.standard_normal((5, 7)), "b": (1, "text", None, rng.standard_normal(3))}
    nudged = {"a": value["a"] * (1 + 1e-14), "b": (*value["b"][:3], value["b"][3] - 1e-15)}
    assert fingerprint(value) == fingerprint(nudged)
    others = [
        value | {"a": -value["a"]},
        value | {"a": 2 * value["a"]},
        value | {"a": value["a"].T},
        value | {"a": np.where(value["a"] == value["a"].max(), np.nan, value["a"])},
        value | {"b": (2, *value["b"][1:])},
        {"a": value["a"]},
    ]
    names = [fingerprint(one) for one in [value, *others]]
    assert all(one != other for one, other in itertools.combinations(names, 2))
