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

from seqgrad.activations import sigmoid, softmax
from seqgrad.check.exercises.exercise import Exercise
from seqgrad.check.naming import flow

RESULT = "_result"
EXAMPLES = "M"  # the name under which a changed step finds the number of examples
BEFORE = "_before"  # and all names as they were before the loop that it is in
MISSING = object()


@dataclass(frozen=True, eq=False)
class Recipe:
    """A function in steps."""

    exercise: Exercise
    arguments: tuple  # their names
    defaults: dict  # of those arguments that have one
    steps: list  # syntax trees of the statements; the last of them gives RESULT its value
    codes: list  # the steps, compiled; a loop as a `Loop`

    @functools.cached_property
    def variables(self):
        """The names of the arguments and of all that the steps give a value, in order."""
        nodes = [node for step in self.steps for node in ast.walk(step)]
        given = [
            flow.list_bases(node.target) if isinstance(node, ast.For) else flow.list_assigned(node)
            for node in nodes
        ]
        return [name for name in dict.fromkeys([*self.arguments, *sum(given, [])]) if name != RESULT]

    @functools.cached_property
    def reach(self):
        """For each step, the returned things that depend on it."""
        return flow.trace_reach(self.steps)

    @functools.cached_property
    def after(self):
        """For each step, the later steps that depend on it; empty in a recipe with a loop."""
        return [] if any(isinstance(code, Loop) for code in self.codes) else flow.trace_later(self.steps)

    @functools.cached_property
    def gives(self):
        """For each step, which returned thing it computes by its own name, or MISSING."""
        parts = flow.name_returned(self.steps[-1].value)
        returned = {part.id: name for name, part in parts.items() if isinstance(part, ast.Name)}
        targets = [step.targets[0] if isinstance(step, ast.Assign) else None for step in self.steps]
        return [returned.get(getattr(target, "id", None), MISSING) for target in targets]


@dataclass(frozen=True)
class Loop:
    """A loop, compiled in parts."""

    over: object  # the code of what it runs over
    variable: str
    body: list


@functools.cache
def read_reference(exercise):
    """Return the recipe that the reference itself is."""
    try:
        text = inspect.getsource(inspect.unwrap(exercise.function))
    except (OSError, TypeError):
        raise ValueError(f"the source of {exercise.name} is not at hand") from None
    return make_recipe(exercise, text)


@functools.cache
def make_recipe(exercise, text):
    """Return the recipe of a function from its text; refuse one that is no list of steps."""
    definition = ast.parse(textwrap.dedent(text)).body[0]
    body = definition.body if isinstance(definition, ast.FunctionDef) else []
    steps = [step for step in body if not is_docstring(step) and not is_refusal(step)]
    returns = [node for step in steps for node in ast.walk(step) if isinstance(node, ast.Return)]
    if not returns or returns != steps[-1:] or returns[0].value is None:
        raise ValueError(f"{exercise.name} does not end with its only return")
    if any(isinstance(node, ast.While) for step in steps for node in ast.walk(step)):
        raise ValueError(f"{exercise.name} has a while loop, which a change of its steps might never end")
    steps[-1] = ast.fix_missing_locations(ast.Assign([ast.Name(RESULT, ast.Store())], steps[-1].value))
    codes = [compile_loop(step) if is_plain_loop(step) else compile_step(step) for step in steps]
    names = tuple(argument.arg for argument in definition.args.posonlyargs + definition.args.args)
    values = [eval(compile_expression(value), surround(exercise)) for value in definition.args.defaults]
    defaults = dict(zip(names[len(names) - len(values) :], values, strict=True))
    return Recipe(exercise, names, defaults, steps, codes)


def is_docstring(step):
    """Tell whether a statement is a docstring."""
    return isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant)


def is_refusal(step):
    """Tell whether a statement only refuses what does not fit; no learner has to."""
    return isinstance(step, ast.If) and not step.orelse and all(isinstance(s, ast.Raise) for s in step.body)


def is_plain_loop(step):
    """Tell whether a statement is a loop that can be taken apart: over one name, and to its end."""
    if not isinstance(step, ast.For) or not isinstance(step.target, ast.Name) or step.orelse:
        return False
    return not any(isinstance(node, ast.Break | ast.Continue) for node in ast.walk(step))


def compile_loop(loop):
    """Return a loop, compiled in parts."""
    return Loop(compile_expression(loop.iter), loop.target.id, list(map(compile_step, loop.body)))


def compile_expression(expression):
    """Return an expression's code."""
    return compile(ast.Expression(expression), "<step>", "eval")


def compile_step(step):
    """Return a step's code."""
    return compile(ast.Module([step], []), "<step>", "exec")


def follow(recipe, arguments, changed=None, using=None):
    """Run a recipe on arguments and return what it returns; raise whatever a changed step leads to.

    `changed` holds code that replaces a step: by its number, in a loop by (number of the loop,
    number in its body), and (number of the loop, None) for what it runs over.  `using` holds
    functions that stand in for the reference's helpers.
    """
    return carry_out(recipe, arguments, changed, using)[RESULT]


def carry_out(recipe, arguments, changed=None, using=None):
    """Run a recipe, some steps changed, and return all its names."""
    names, changed = surround(recipe.exercise) | (using or {}) | recipe.defaults, changed or {}
    names |= dict(zip(recipe.arguments, arguments, strict=False)) | {EXAMPLES: count_examples(arguments)}
    for i, code in enumerate(recipe.codes):
        if isinstance(code, Loop):
            body = [changed.get((i, k), inner) for k, inner in enumerate(code.body)]
            names[BEFORE] = dict(names)
            for value in eval(changed.get((i, None), code.over), names):
                names[code.variable] = value
                for inner in body:
                    exec(inner, names)
        else:
            exec(changed.get(i, code), names)
    return names


@functools.cache
def surround(exercise):
    """Return the names that code may use: those around the reference, and what slips put in.

    The functions are those below the checks of arguments, which would refuse what a slip makes of these.
    """
    names = {"np": np} | {function.__name__: function for function in (sigmoid, softmax)}
    names |= inspect.unwrap(exercise.function).__globals__
    functions = {name: inspect.unwrap(value) for name, value in names.items() if inspect.isfunction(value)}
    return names | functions


def pick_variables(recipe, names):
    """Return the variables of a recipe that has been carried out, without what surrounds it."""
    return {name: names[name] for name in recipe.variables if name in names}


def count_examples(arguments):
    """Return the number of examples, m, in a call's arguments; 1 where there are none."""
    return next(
        (value.shape[1] for value in arguments if isinstance(value, np.ndarray) and value.ndim > 1), 1
    )
