"""From the printed lines of a test cell to a verdict, by the numbers alone.

    text  ->  fields  ->  groups, one for each function  ->  Verdict

The test cells of the assignment draw their inputs from a seeded generator, so every
right number is known, and so is the number that each known mistake gives.  A cause is
stated if it gives every printed digit; otherwise the verdict says which fields are
right and which are wrong.
"""

import functools
import re
import warnings
from dataclasses import dataclass

import numpy as np

from seqgrad.check.equality import NUMBER, shows
from seqgrad.check.exercises.reference import FORWARD, FUNCTIONS, RETURNS
from seqgrad.check.naming import catalogue
from seqgrad.check.naming.alternatives import TEXTS
from seqgrad.check.naming.recipe import environment, follow, make, of_reference, variables
from seqgrad.check.naming.slips import slips
from seqgrad.check.running.data import Call, freeze
from seqgrad.check.running.limit import thread_time
from seqgrad.check.showing.hints import hints
from seqgrad.check.verdict import Finding, Output, Verdict

SECONDS = 1.2
RNN = "Waa Wax Wya ba by"
LSTM = "Wf bf Wi bi Wo bo Wc bc Wy by"
DRAWS = {
    "rnn_cell_forward": f"xt a_prev {RNN}",
    "rnn_forward": f"x a0 {RNN}",
    "lstm_cell_forward": f"xt a_prev c_prev {LSTM}",
    "lstm_forward": f"x a0 {LSTM}",
    "rnn_cell_backward": "xt a_prev Wax Waa Wya ba by da_next",
    "rnn_backward": "x a0 Wax Waa Wya ba by da",
    "lstm_cell_backward": f"xt a_prev c_prev {LSTM} da_next dc_next",
    "lstm_backward": f"x a0 {LSTM.removesuffix(' Wy by')} da",
}
CELLS = {name.replace("cell_", ""): name for name in DRAWS if "cell" in name}
ALIASES = {"yt": "yt_pred", "y_pred": "y_pred"}
LABEL = re.compile(
    r"(len\s*\(\s*)?\b([A-Za-z]\w*)\s*\)?((?:\s*\[?\s*\w+\s*\])*)\s*(\.\s*shape)?\s*[=:][=:\s]*(?=[\[(\-+.\dni])"
)


@dataclass(frozen=True)
class Field:
    """One printed line: array, index, what of it is printed ("", "shape", "len"), numbers as text."""

    name: str
    index: tuple
    of: str
    numbers: tuple

    @property
    def label(self):
        """How a learner would write it."""
        whole = self.name + "".join(f"[{i}]" for i in self.index)
        return f"len({whole})" if self.of == "len" else whole + ".shape" * (self.of == "shape")


def read_printout(text):
    """Return the verdict on what a test cell printed.

    Parameters
    ----------
    text : str
        The lines as they were pasted: with or without quotes, ``=`` or ``:``, wrapped
        arrays, some lines missing, several functions, other text around them.

    Returns
    -------
    Verdict
        On the first function, in the order of the data flow, that has a wrong number;
        "not attempted" if nothing could be read.
    """
    groups = grouped(fields(text))
    judged = [judged_group(possible, group) for possible, group in groups]
    if not judged:
        sentence = (
            'No line of a test cell was found: lines such as `gradients["dx"][1][2] = [...]` are needed.'
        )
        return Verdict("printout", "not attempted", "", (), (Finding("printout", "unknown", sentence),))
    order = list(FUNCTIONS)
    wrong = sorted(
        (one for one in judged if one.outcome == "wrong"), key=lambda one: order.index(one.exercise)
    )
    return wrong[0] if wrong else judged[-1]


def fields(text):
    """Return the fields that stand in a text, in order."""
    text = re.sub(r"<[^>]{0,40}>", " ", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = re.sub(r"[\"'`*“”‘’\\]", "", text).replace("|", "=")
    text = re.sub(r"(?m)^[\s>$#]+", "", text)
    found = []
    for label in LABEL.finditer(text):
        length, base, inside, shaped = label.groups()
        keys = re.findall(r"\w+", inside)
        names = [key for key in keys if not key.isdigit()]
        name = names[0] if names else base
        index = tuple(int(key) for key in keys if key.isdigit())
        numbers = tuple(NUMBER.findall(value_at(text, label.end())))
        if numbers:
            of = "len" if length else "shape" if shaped else ""
            found.append(Field(ALIASES.get(name, name), index, of, numbers))
    return found


def value_at(text, start):
    """Return the value that begins at a place in the text: up to the matching bracket, or one number."""
    if text[start] not in "[(":
        number = NUMBER.match(text, start)
        return number.group() if number else ""
    depth = 0
    for end in range(start, len(text)):
        depth += (text[end] in "[(") - (text[end] in "])")
        if depth == 0:
            return text[start : end + 1]
    return text[start:].split("=")[0]


def grouped(found):
    """Return pairs (functions, fields): consecutive fields that one of these functions may have printed."""
    groups = []
    for field in found:
        possible = {exercise for exercise in DRAWS if pick(right_outputs(exercise), field) is not None}
        if not possible:
            continue
        if (
            groups
            and groups[-1][0] & possible
            and field.label not in [other.label for other in groups[-1][1]]
        ):
            groups[-1] = (groups[-1][0] & possible, [*groups[-1][1], field])
        else:
            groups.append((possible, [field]))

    return [(ranked(possible, group), group) for possible, group in groups]


def ranked(possible, group):
    """Return those of the functions that may have printed a group whose right numbers it meets most often."""
    met = {
        one: sum(agrees(field, pick(right_outputs(one), field)) for field in group)
        for one in sorted(possible)
    }
    return [one for one in met if met[one] == max(met.values())]


def judged_group(possible, group):
    """Return the verdict on the fields of a function; of several possible ones, one with a known cause."""
    verdicts = []
    for exercise in possible:
        verdicts.append(judged_as(exercise, group))
        if verdicts[-1].outcome == "passed" or verdicts[-1].findings[0].kind != "unknown":
            return verdicts[-1]
    return verdicts[0]


def judged_as(exercise, group):
    """Return the verdict on the fields of a function."""
    right = right_outputs(exercise)
    outputs = tuple(judged_field(field, pick(right, field)) for field in group)
    wrong = [output for output in outputs if not output.right]
    if not wrong:
        return Verdict(exercise, "passed", "", outputs)
    culprit, finding = cause(exercise, group)
    if finding is None:
        names = ", ".join(f"`{output.name}`" for output in wrong)
        fine = ", ".join(f"`{output.name}`" for output in outputs if output.right)
        sentence = (
            f"Wrong: {names}."
            + (f" Right: {fine}." if fine else "")
            + " No known mistake gives these numbers."
        )
        finding = Finding(wrong[0].name, "unknown", sentence)
    return Verdict(exercise, "wrong", culprit, outputs, (finding,), hints(finding, outputs))


def judged_field(field, right):
    """Return the output for one field beside its right value."""
    if agrees(field, right):
        return Output(field.label, True)
    # An array in the digits in which a test cell prints it, a shape or a single number as it is.
    several = np.size(right) > 1
    digits = ".8f" if several and not field.of else ".8g"
    expected = " ".join(format(value, digits) for value in np.ravel(right))
    mine = " ".join(field.numbers)
    bracket = "[{}]" if several else "{}"
    sentence = f"`{field.label}` is {bracket.format(mine)}, but {bracket.format(expected)} is expected."
    return Output(field.label, False, "value" if not field.of else "shape", sentence)


def pick(outputs, field):
    """Return what an exercise's outputs hold at a field; None if they have no such field."""
    value = outputs.get(field.name)
    if value is None:
        return None
    try:
        for i in field.index:
            value = value[i]
        if field.of:
            value = len(value) if field.of == "len" else value.shape
        value = np.asarray(value, dtype=float)
    except (TypeError, IndexError, KeyError, ValueError, AttributeError):
        return None
    return value if value.size == len(field.numbers) or value.size == 1 else None


def agrees(field, value):
    """Return whether the printed numbers are those of an array, to the digits that were printed."""
    if value is None or value.size != len(field.numbers):
        return False
    return all(map(shows, field.numbers, np.ravel(value)))


@functools.lru_cache(100)
def inputs(exercise, seed=1):
    """Return what a test cell draws: the arguments of the (forward) function, and the upstream gradients."""
    random = np.random.RandomState(seed)
    steps = 7 if exercise.startswith("lstm") else 4
    shapes = {"xt": (3, 10), "x": (3, 10, steps), "Wax": (5, 3), "Waa": (5, 5), "Wya": (2, 5), "Wy": (2, 5)}
    shapes |= {"by": (2, 1), "ba": (5, 1), "da": (5, 10, 4)} | {"W" + gate: (5, 8) for gate in "fico"}
    shapes |= {"b" + gate: (5, 1) for gate in "fico"}
    drawn = {name: random.randn(*shapes.get(name, (5, 10))) for name in DRAWS[exercise].split()}
    parameters = {name: value for name, value in drawn.items() if name[0] in "Wb"}
    if exercise.startswith("lstm") and "Wy" not in parameters:
        parameters |= {"Wy": np.zeros((2, 5)), "by": np.zeros((2, 1))}
    upstream = [drawn.pop(name) for name in ("da_next", "dc_next", "da") if name in drawn]
    states = [value for name, value in drawn.items() if name[0] not in "Wb"]
    return (*states, parameters), tuple(upstream)


@functools.lru_cache(100)
def test_call(exercise, seed=1):
    """Return the call of a test cell."""
    arguments, upstream = inputs(exercise, seed)
    if exercise in FORWARD:
        return Call((*upstream, FUNCTIONS[FORWARD[exercise]](*freeze(arguments))[-1]))
    return Call(arguments)


def outputs_of(exercise, function, forward=None, seed=1):
    """Return what a test cell has at hand after its call, by name."""
    arguments, upstream = inputs(exercise, seed)
    if exercise in FORWARD:
        caches = (forward or FUNCTIONS[FORWARD[exercise]])(*freeze(arguments))[-1]
        return function(*freeze(upstream), caches)
    return named_outputs(exercise, function(*freeze(arguments)))


def named_outputs(exercise, returned):
    """Return what a function returned, by the names that a test cell has for it; {} if it has none."""
    if exercise in FORWARD:
        return returned if isinstance(returned, dict) else {}
    names = [name if isinstance(name, str) else name[0] for name in RETURNS[exercise]]
    whole = isinstance(returned, tuple | list) and len(returned) == len(names)
    return dict(zip(names, returned, strict=True)) if whole else {}


@functools.lru_cache(100)
def right_outputs(exercise, seed=1):
    """Return what a test cell has at hand after the right call."""
    return outputs_of(exercise, FUNCTIONS[exercise], seed=seed)


def cause(exercise, group):
    """Return the culprit and the finding that give every printed digit; the exercise and None if none does.

    If several known mistakes give the same digits all of them are named, none as a fact.
    """
    until = thread_time() + SECONDS
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        known = simplest([one for one in known_mistakes(exercise) if gives(one, group)])
        if len(known) == 1:
            return known[0][:2]
        if known:
            told = dict.fromkeys(finding.sentence for _, finding, *_ in known)
            culprit, finding, *_ = known[0]
            sentence = "Several mistakes give these digits. " + " Or: ".join(told)
            return culprit, Finding(finding.subject, finding.kind, sentence)
        for one in single_changes(exercise):
            if thread_time() > until:
                break
            if gives(one, group):
                return one[:2]
    return exercise, None


def gives(candidate, group):
    """Return whether a candidate gives every printed digit."""
    try:
        outputs = candidate[2]()
    except Exception:
        return False
    return all(agrees(field, pick(outputs, field)) for field in group)


def simplest(known):
    """Return the known mistakes without those that hold another of them and more besides."""
    return [one for one in known if not any(other[3] < one[3] for other in known if other[0] == one[0])]


def involved(exercise):
    """Return the functions whose mistakes show in what an exercise's test cell prints, itself first."""
    found = [exercise] + ([FORWARD[exercise]] if exercise in FORWARD else [])
    return found + [CELLS[name] for name in found if name in CELLS]


def known_mistakes(exercise):
    """Yield (culprit, finding, a function that returns the outputs, the changes) for every known mistake."""
    for culprit in involved(exercise):
        for entry in catalogue.ENTRIES.get(culprit, ()):
            recipe = make(culprit, catalogue.edited(culprit, entry))
            yield culprit, entry.finding, made(exercise, culprit, recipe, {}), {*entry.changes}


def single_changes(exercise):
    """Yield the same for every single change of a function's steps."""
    for culprit in involved(exercise):
        for recipe in [of_reference(culprit), *(make(culprit, text) for text in TEXTS[culprit])]:
            for changed, finding in changes(culprit, recipe):
                yield culprit, finding, made(exercise, culprit, recipe, changed)


def changes(culprit, recipe):
    """Yield (changed steps, finding) for every single change of a recipe."""
    values = variables(environment(recipe, freeze(arguments_of(culprit))))
    for i in range(len(recipe.steps)):
        for place, code, finding in slips(recipe, values, i):
            yield {place: code}, finding


def arguments_of(culprit):
    """Return the arguments of a function in its own test cell."""
    arguments, upstream = inputs(culprit)
    if culprit in FORWARD:
        return (*upstream, FUNCTIONS[FORWARD[culprit]](*arguments)[-1])
    return arguments


def made(exercise, culprit, recipe, changed):
    """Return a function that gives an exercise's outputs when the culprit is a changed recipe."""

    def function(*arguments):
        return follow(recipe, arguments, changed)

    using = {culprit: function}
    if culprit == exercise:
        return lambda: outputs_of(exercise, function)
    if culprit == FORWARD.get(exercise):
        return lambda: outputs_of(exercise, FUNCTIONS[exercise], function)
    if culprit == CELLS.get(exercise):
        return lambda: outputs_of(exercise, lambda *given: follow(of_reference(exercise), given, using=using))
    forward = FORWARD[exercise]
    return lambda: outputs_of(
        exercise, FUNCTIONS[exercise], lambda *given: follow(of_reference(forward), given, using=using)
    )
