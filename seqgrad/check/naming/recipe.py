"""A right function as a list of steps, each of which can be changed and the whole run again.

    text of a function  ->  Recipe;    Recipe, changed steps, arguments  ->  what the changed function returns

To find the cause of wrong numbers the recipe is run with one step changed; the change
that gives the learner's numbers is the learner's mistake.  A changed step is compiled
alone, so a thousand changes are tried in a fraction of a second.
"""

import ast
import functools
import inspect
import textwrap
from dataclasses import dataclass

import numpy as np

from seqgrad.check.exercises.reference import FUNCTIONS
from seqgrad.text import cell_step, one_hot

RESULT = "_result"


@dataclass(frozen=True, eq=False)
class Recipe:
    """A function in steps.

    Attributes
    ----------
    arguments : tuple of str
    steps : list of ast statements
        The last of them gives RESULT its value.
    codes : list
        The steps, compiled; a loop as a `Loop`.
    defaults : int
        How many of the steps, the first ones, give an argument its default.
    """

    exercise: str
    arguments: tuple
    steps: list
    codes: list
    defaults: int = 0

    @functools.cached_property
    def reach(self):
        """For each step, the returned things that depend on it."""
        return reach(self.steps)

    @functools.cached_property
    def after(self):
        """For each step, the later steps that depend on it; empty in a recipe with a loop."""
        return [] if any(isinstance(step, ast.For) for step in self.steps) else later(self.steps)

    @functools.cached_property
    def gives(self):
        """For each step, which returned thing it computes by its own name, or MISSING."""
        return gives(self.steps)


@dataclass(frozen=True)
class Loop:
    """A loop, compiled in parts: what it runs over, the name of its variable, the statements of its body."""

    over: object
    variable: str
    body: list


MISSING = object()


@functools.cache
def make(exercise, text):
    """Return the recipe of a function from its text."""
    definition = next(
        node for node in ast.parse(textwrap.dedent(text)).body if isinstance(node, ast.FunctionDef)
    )
    steps = [step for step in definition.body if not is_text(step) and not isinstance(step, ast.If)]
    steps[-1] = ast.Assign([ast.Name(RESULT, ast.Store())], steps[-1].value)
    arguments = tuple(argument.arg for argument in definition.args.args)
    defaults = definition.args.defaults
    named = zip(arguments[len(arguments) - len(defaults) :], defaults, strict=True)
    steps = [ast.fix_missing_locations(step) for step in [default(*pair) for pair in named] + steps]
    codes = [in_parts(step) if isinstance(step, ast.For) else compiled(step) for step in steps]
    return Recipe(exercise, arguments, steps, codes, len(defaults))


def in_parts(loop):
    """Return a loop, compiled in parts."""
    return Loop(compiled_head(loop), loop.target.id, [compiled(step) for step in loop.body])


def compiled_head(loop):
    """Return the code of what a loop runs over."""
    return compile(ast.Expression(loop.iter), "<step>", "eval")


def later(steps):
    """Return for each step the later ones that depend on it."""
    reads = [loads(step) for step in steps]
    changes = [{name for node in ast.walk(step) for name in assigned(node)} for step in steps]
    found = []
    for i in range(len(steps)):
        changed, after = set(changes[i]), []
        for j in range(i + 1, len(steps)):
            if reads[j] & changed:
                after.append(j)
                changed |= changes[j]
        found.append(after)
    return found


def gives(steps):
    """Return for each step the returned thing whose variable it assigns, or MISSING."""
    returned = {
        part.id: name for name, part in returned_parts(steps[-1].value).items() if isinstance(part, ast.Name)
    }
    targets = [step.targets[0] if isinstance(step, ast.Assign) else None for step in steps]
    return [
        returned.get(target.id, MISSING) if isinstance(target, ast.Name) else MISSING for target in targets
    ]


def default(name, value):
    """Return the step that gives an argument its default, if the call left it out."""
    given = ast.parse(f"{name} = {name} if '{name}' in locals() else 0").body[0]
    given.value.orelse = value
    return given


def is_text(step):
    """Return whether a statement is a docstring."""
    return isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant)


def compiled(step):
    """Return a step's code."""
    return compile(ast.Module([step], []), "<step>", "exec")


@functools.cache
def of_reference(exercise):
    """Return the recipe that the reference itself is."""
    return make(exercise, inspect.getsource(inspect.unwrap(FUNCTIONS[exercise])))


@functools.cache
def surroundings():
    """Return the names that a recipe's code may use."""
    return {name: inspect.unwrap(function) for name, function in FUNCTIONS.items()} | {
        "np": np, "cell_step": cell_step, "one_hot": one_hot,
    }  # fmt: skip


def follow(recipe, arguments, changed=None, using=None):
    """Run a recipe on arguments and return what it returns.

    Parameters
    ----------
    recipe : Recipe
    arguments : tuple
    changed : dict
        Code that replaces a step: by its number, in a loop by (number of the loop,
        number in its body), and (number of the loop, None) for what it runs over.

    using : dict
        Functions that stand in for the reference's.

    Raises
    ------
    Exception
        Whatever a changed step leads to.
    """
    return carry_out(recipe, arguments, changed or {}, using or {})[RESULT]


def environment(recipe, arguments):
    """Return every variable of a recipe with its value at the end."""
    return carry_out(recipe, arguments, {}, {})


def carry_out(recipe, arguments, changed, using):
    """Run a recipe, some steps changed, and return its variables."""
    names = dict(surroundings()) | using
    names.update(zip(recipe.arguments, arguments, strict=False), M=examples(arguments))
    for i, code in enumerate(recipe.codes):
        if isinstance(code, Loop):
            body = [changed.get((i, k), inner) for k, inner in enumerate(code.body)]
            for value in eval(changed.get((i, None), code.over), names):
                names[code.variable] = value
                for inner in body:
                    exec(inner, names)
        else:
            exec(changed.get(i, code), names)
    return names


def variables(names):
    """Return the variables of a recipe alone, without what surrounds it."""
    hidden = {*surroundings(), "M", RESULT, "__builtins__"}
    return {name: value for name, value in names.items() if name not in hidden}


def examples(arguments):
    """Return the number of examples, m, in a call's arguments; 1 where there are none."""
    return next(
        (value.shape[1] for value in arguments if isinstance(value, np.ndarray) and value.ndim > 1), 1
    )


def feeds(steps):
    """Return for each variable the returned things that depend on it, following names through the steps."""
    reads = {}
    for step in steps:
        for node in ast.walk(step):
            if isinstance(node, ast.Assign | ast.AugAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for name in [name for target in targets for name in bases(target)]:
                    reads.setdefault(name, set()).update(
                        loads(node.value) | ({name} if len(targets) == 0 else set())
                    )
            elif (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "append"
            ):
                for name in loads(node.func.value):
                    reads.setdefault(name, set()).update(*(loads(argument) for argument in node.args))
    returned = returned_parts(steps[-1].value)
    reached = {name: set() for name in reads}
    for part, expression in returned.items():
        seen, waiting = set(), loads(expression)
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting |= reads.get(name, set())
        for name in seen:
            reached.setdefault(name, set()).add(part)
    return reached


def reach(steps):
    """Return for each step the returned things that depend on what it changes."""
    fed = feeds(steps)
    reached = []
    for step in steps[:-1]:
        changed = {name for node in ast.walk(step) for name in assigned(node)}
        reached.append(set().union(*(fed.get(name, ()) for name in changed)))
    return [*reached, set(returned_parts(steps[-1].value))]


def assigned(node):
    """Return the variables that one statement changes."""
    if isinstance(node, ast.Assign):
        return [name for target in node.targets for name in bases(target)]
    if isinstance(node, ast.AugAssign):
        return bases(node.target)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append":
        return list(loads(node.func.value))
    return []


def returned_parts(value):
    """Return the expression of each returned thing: by key, by position, or alone under None."""
    if isinstance(value, ast.Dict):
        return {key.value if isinstance(key, ast.Constant) else ast.unparse(key): part
                for key, part in zip(value.keys, value.values, strict=True)}  # fmt: skip
    if isinstance(value, ast.Tuple):
        return dict(enumerate(value.elts))
    return {None: value}


def bases(target):
    """Return the variables that an assignment's target changes."""
    if isinstance(target, ast.Name):
        return [target.id]
    if isinstance(target, ast.Tuple):
        return [name for item in target.elts for name in bases(item)]
    return bases(target.value) if isinstance(target, ast.Subscript | ast.Attribute | ast.Starred) else []


def loads(node):
    """Return the variables that an expression reads."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
