"""Result files as `grade` writes them, made of real verdicts on real wrong functions.

``results.of("anna", "gates_swapped")`` is the result of a student whose four functions of chapters 4 and 5
are right but for that mistake of `tests.learners.mistakes`.
"""

import functools
import json

import numpy as np

from seqgrad.check import check
from seqgrad.check.exercises import find_exercise
from seqgrad.check.exercises.testcell import answer_test, run_test
from tests import learners
from tests.learners import mistakes
from tools.students.files import file_name

POINTS = {"lstm_cell_forward": 15, "lstm_forward": 15, "lstm_cell_backward": 25, "lstm_backward": 20}
CHAPTER = {name: "05" if name.endswith("backward") else "04" for name in POINTS}
STUB = "def {name}(*arguments):\n    return None\n"


def of(student, *slips, absent=(), **changes):
    """Return the result of a student who made these mistakes, and did not write the absent functions."""
    made = {mistakes.MISTAKES[slip][0]: slip for slip in slips}
    exercises = [exercise(name, made.get(name), name in absent) for name in POINTS]
    whole = {
        "student": student,
        "assignment": {"chapters": ["04", "05"], "title": "seqgrad 04, 05"},
        "digest": "5e" * 32,
        "grader": "a1" * 32,
        "files": ["04_lstm_forward.ipynb", "05_lstm_backward.ipynb"],
        "notes": [],
        "unsafe": False,
        "exercises": exercises,
        "score": sum(round(100 * one["score"]) for one in exercises) / 100,
        "points": sum(POINTS.values()),
    }
    return json.loads(json.dumps(whole | changes))


def exercise(name, slip, absent):
    """Return the part of a result on one function."""
    text = "" if absent else mistakes.text(slip) if slip else learners.TEXTS[name].strip()
    function, verdict = judged(name, text or STUB.format(name=name))
    shares = {one.name: 0.0 for one in judged(name, learners.TEXTS[name].strip())[1].outputs}
    shares |= {one.name: float(one.right) for one in verdict.outputs if one.name in shares}
    return {
        "name": name,
        "chapter": CHAPTER[name],
        "points": POINTS[name],
        "score": round(POINTS[name] * sum(shares.values()) / len(shares), 2),
        "outcome": verdict.outcome,
        "where": "" if absent else f"{CHAPTER[name]}_lstm.ipynb, cell {7 + len(name)}",
        "outputs": [{"name": output, "credit": credit} for output, credit in shares.items()],
        "verdict": verdict.to_dict(),
        "printed": [] if absent else printed(name, function),
        "stderr": "",
        "source": text,
    }


@functools.cache
def judged(name, text):
    """Return the function of a text, and the verdict on it."""
    function = learners.notebook(**{name: text})[name]
    return function, check(function)


def printed(name, function):
    """Return what the assignment's test cell prints of a function, beside what it should."""
    try:
        mine = run_test(find_exercise(name), function)
    except Exception:
        mine = {}
    lines = []
    for output, right in list(answer_test(find_exercise(name)).items())[:5]:
        if isinstance(right, np.ndarray):
            place = (1, *[0] * (right.ndim - 1))
            cell = "".join(f"[{i}]" for i in place)
            try:
                yours = format(mine[output][place], ".8f")
            except (KeyError, IndexError, TypeError):
                yours = ""
            what = f'gradients["{output}"]{cell}' if name.endswith("backward") else output + cell
            lines.append({"what": what, "yours": yours, "expected": format(right[place], ".8f")})
    return lines


def write(folder, *results):
    """Write results into a folder as `grade` does; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for result in results:
        (folder / file_name(result["student"])).write_text(json.dumps(result), encoding="utf-8")
    return folder
