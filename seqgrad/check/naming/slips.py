"""Every small change of a recipe's steps, each with the sentence that names it.

    Recipe, the variables' values  ->  (place, code, Finding), ...

A change is a slip that people make: a name for another one of the same shape, a factor
or a term left out or put in, a sign, a transpose, an axis, an index one step off, a sum
overwritten, two things exchanged.  None of them is listed by hand: they come from the
steps' own syntax trees, one for each place where such a slip fits.
"""

import ast
import itertools

from seqgrad.check.judging.judge import lower
from seqgrad.check.naming.expressions import change_node, find_shape
from seqgrad.check.naming.flow import list_bases
from seqgrad.check.naming.loops import change_carried, change_head, list_carried
from seqgrad.check.naming.recipe import (
    EXAMPLES,
    RESULT,
    Loop,
    carry_out,
    compile_expression,
    compile_step,
    pick_variables,
)
from seqgrad.check.naming.trees import find_key, is_stored, list_children, parse, put_in, put_in_all, write
from seqgrad.check.naming.words import put_plainly
from seqgrad.check.verdict import Finding

NOTHING = ast.fix_missing_locations(ast.Pass(lineno=1, col_offset=0))


def make_all_slips(recipe, arguments):
    """Yield the same as `make_slips` for every step of a recipe, the likely slips first."""
    values = pick_variables(recipe, carry_out(recipe, arguments))
    for make in (make_slips, make_unlikely_slips):
        for index in range(len(recipe.steps)):
            yield from make(recipe, values, index)


def make_slips(recipe, values, index):
    """Yield (place, code, Finding) for the likely changes of a step; the place is as `follow` takes it.

    `values` holds every variable with a value of the kind it has, to tell what fits where.
    """
    exercise, step = recipe.exercise, recipe.steps[index]
    in_parts = isinstance(recipe.codes[index], Loop)
    if in_parts:
        for change, finding in change_head(step):
            with change:
                code = compile_expression(step.iter)
            yield (index, None), code, put_plainly(finding, exercise)
    carried = list_carried(recipe, index) if in_parts else []
    for place, statement in list_statements(recipe, index):
        if in_parts:
            yield place, compile_step(NOTHING), put_plainly(leave_out(exercise, statement), exercise)
        for text, finding in change_append(exercise, statement):
            yield place, compile(text, "<step>", "exec"), put_plainly(finding, exercise)
        changes = [change_statement(exercise, statement, values), change_constant(recipe, statement)]
        if in_parts:
            changes.append(change_carried(exercise, statement, carried))
        else:
            changes.append(start_from_slice(exercise, statement, values))
        for change, finding in itertools.chain(*changes):
            with change:
                code = compile_step(statement)
            yield place, code, put_plainly(finding, exercise)


def make_unlikely_slips(recipe, values, index):
    """Yield the same for the changes that put something in, which often compute what a likely one does."""
    for place, statement in list_statements(recipe, index):
        subject, phrase, target = describe_statement(recipe.exercise, statement)
        plain = isinstance(statement, ast.Assign) and not isinstance(statement.targets[0], ast.Tuple)
        for change, finding in (
            add_something(statement, subject, phrase, target, values) if plain and target != RESULT else ()
        ):
            with change:
                code = compile_step(statement)
            yield place, code, put_plainly(finding, recipe.exercise)


def list_statements(recipe, index):
    """Return (place, statement) for each statement of a step."""
    step = recipe.steps[index]
    if isinstance(recipe.codes[index], Loop):
        return [((index, k), statement) for k, statement in enumerate(step.body)]
    return [(index, step)]


def change_constant(recipe, statement):
    """Yield the slips of a setting: its usual value written out in its place, once or everywhere."""
    _, phrase, target = describe_statement(recipe.exercise, statement)
    subject, _ = recipe.exercise.describe(target)
    slots = {}
    for _, _, slot, node in list_children(statement):
        if isinstance(node, ast.Name) and recipe.defaults.get(node.id) is not None:
            slots.setdefault(node.id, []).append(slot)
    for name, places in slots.items():
        usual = recipe.defaults[name]
        sentence = f"{phrase} has the number {usual} where it should have `{name}`, which the call sets."
        for change in [*(put_in(place, ast.Constant(usual)) for place in places), put_in_all(places, usual)]:
            yield change, Finding(subject, "wrong source", sentence, True)


def change_append(exercise, statement):
    """Yield (text, Finding) for the slips of an append: its parts added, or the list nested."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or getattr(call.func, "attr", "") != "append":
        return
    subject, _, target = describe_statement(exercise, statement)
    what = write(call.args[0])
    belongs = f"append `{what}` to a list, as one entry."
    for text, sentence in (
        (f"{target} += {what}", f"The parts of `{what}` are added to the list one by one (`+=`); {belongs}"),
        (f"{target} = ({target}, {what})", f"Each step puts `{subject}` into a new tuple, nested; {belongs}"),
        (f"{target} = [{target}, {what}]", f"Each step puts `{subject}` into a new list, nested; {belongs}"),
        (f"{target} = [{what}]", f"`{subject}` holds `{what}` of the last step alone; {belongs}"),
    ):
        yield text, Finding(subject, "shape", sentence, True)


def change_statement(exercise, statement, values):
    """Yield (change, Finding) for one statement; the change is a context in which the tree is changed."""
    subject, phrase, target = describe_statement(exercise, statement)
    names = []  # of what each part of a tuple is given to
    if isinstance(statement, ast.AugAssign):
        yield from change_sum(statement, subject)
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Tuple):
        if isinstance(statement.value, ast.Call):
            yield from exchange_targets(exercise, statement)
        names = statement.targets[0].elts if isinstance(statement.value, ast.Tuple) else []
    for parent, field, slot, node in list_children(statement):
        if names and parent is statement.value and isinstance(names[slot[1]], ast.Name):
            target = names[slot[1]].id
            subject, phrase = exercise.describe(target)
        if is_stored(node) and not isinstance(node, ast.Subscript):
            continue
        if is_stored(parent) and isinstance(node, ast.Name) and field == "value":
            continue
        for new, kind, sentence in change_node(node, parent, field, phrase, target, values):
            whose = name_subject(node, parent, subject, target)
            yield put_in(slot, new), Finding(whose, kind, sentence, True)


def exchange_targets(exercise, statement):
    """Yield the slips of what a function returned: two of its results exchanged."""
    names, called = statement.targets[0].elts, write(statement.value.func)
    for i, j in itertools.combinations(range(len(names)), 2):
        parts = list(names)
        parts[i], parts[j] = parts[j], parts[i]
        one, other = write(names[i]), write(names[j])
        sentence = f"`{one}` and `{other}` are exchanged where they are given the results of `{called}`."
        targets = ast.Tuple(parts, ast.Store())
        yield (
            put_in((statement.targets, 0), targets),
            Finding(f"{one}, {other}", "wrong order", sentence, True),
        )


def describe_statement(exercise, statement):
    """Return what a statement is about: the subject, how a sentence begins, the variable.

    An `if` is about what its first step is about.
    """
    while isinstance(statement, ast.If):
        statement = statement.body[0]
    target = [""]
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        target = list_bases(getattr(statement.value.func, "value", ast.Name("", ast.Load()))) or target
    elif isinstance(statement, ast.Assign | ast.AugAssign):
        target = list_bases(statement.targets[0] if isinstance(statement, ast.Assign) else statement.target)
    if target[0] == RESULT:
        return exercise.name, "What is returned", RESULT
    return *exercise.describe(target[0]), target[0]


def name_subject(node, parent, subject, target):
    """Return the subject of a change: in what is returned, the entry itself."""
    if isinstance(parent, ast.Dict) and node in parent.values:
        return find_key(node, parent)
    if target == RESULT and isinstance(node, ast.Name):
        return node.id if isinstance(parent, ast.Tuple) else "the result"
    return subject


def add_something(statement, subject, phrase, target, values):
    """Yield the slips that put something in: a factor or a term more, a mean for a sum, a sign."""
    mine = find_shape(target, values)
    if mine is None:
        return
    whole = write(statement.value)

    def give(new, kind, sentence):
        return put_in((vars(statement), "value"), parse(new)), Finding(subject, kind, sentence, True)

    if isinstance(values.get(target), int):  # a size
        return
    yield give(f"-({whole})", "sign", f"{phrase} has the opposite sign.")
    if len(mine) == 2:
        yield give(f"({whole}).T", "transposed", f"{phrase} is transposed.")
        sentence = f"{phrase} is divided by the number of examples, m."
        yield give(f"({whole}) / {EXAMPLES}", "extra factor", sentence)
    for other in values:
        if find_shape(other, values) == mine and other != target:
            for new in (other, f"1 - {other}", f"np.tanh({other})"):
                sentence = f"{phrase} is multiplied by `{new}` once too often."
                yield give(f"({whole}) * ({new})", "extra factor", sentence)
            yield give(f"({whole}) + {other}", "extra term", f"{phrase} has one term too many, `{other}`.")
            if not isinstance(statement.value, ast.Name):
                yield give(other, "wrong source", f"{phrase} is `{other}` as it is, unchanged.")
    if len(mine) == 2:
        lost = (
            f"`{whole}` is ignored: {lower(phrase)} starts at zero."
            if isinstance(statement.value, ast.Name)
            else ""
        )
        yield give(f"np.zeros_like({whole})", "missing term", lost or f"{phrase} stays zero.")
        if lost:
            sentence = f"`{whole}` is ignored: {lower(phrase)} starts at one."
            yield give(f"np.ones_like({whole})", "wrong source", sentence)


def start_from_slice(exercise, statement, values):
    """Yield the slips of what is made before a loop: one step of an array in its place."""
    if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
        return
    subject, phrase, target = describe_statement(exercise, statement)
    arrays = [other for other in values if len(find_shape(other, values) or ()) == 3 and other != target]
    if len(find_shape(target, values) or ()) == 2:
        for other, step in itertools.product(arrays, (0, 1, -1)):
            new = f"{other}[:, :, {step}]"
            sentence = f"{phrase} is `{new}` where it should be `{write(statement.value)}`."
            finding = Finding(subject, "wrong source", sentence, True)
            yield put_in((vars(statement), "value"), parse(new)), finding


def change_sum(statement, subject):
    """Yield the slips of a running sum: overwritten, subtracted, added to itself."""
    target, inside = write(statement.target), vars(statement)

    def give(slot, new, kind, sentence):
        return put_in(slot, new), Finding(subject, kind, f"`{target}` is {sentence}", True)

    alone = ast.BinOp(statement.value, ast.Sub(), parse(target))  # x += y - x, which is x = y
    sentence = "overwritten at every step; the steps have to be added up."
    yield give((inside, "value"), alone, "overwritten", sentence)
    sentence = "subtracted at every step where it should be added."
    yield give((inside, "op"), ast.Sub(), "sign", sentence)
    divided = ast.BinOp(statement.value, ast.Div(), parse(EXAMPLES))
    sentence = "divided by the number of examples, m, at every step."
    yield give((inside, "value"), divided, "extra factor", sentence)
    sentence = "added to itself, so it stays zero; the step's own gradient has to be added."
    yield give((inside, "value"), parse(target), "wrong source", sentence)


def leave_out(exercise, statement):
    """Return the finding for a step of a loop that is not there."""
    subject, _, target = describe_statement(exercise, statement)
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        sentence = f"`{target}` is not carried from step to step: it keeps its first value."
        return Finding(subject, "not carried", sentence, True)
    sentence = f"The loop does not fill `{target}`: it stays as it was made."
    return Finding(subject, "missing term", sentence, True)
