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

RESULT = "_result"
EXAMPLES = "M"  # the name under which a changed step finds the number of examples
MISSING = object()


@dataclass(frozen=True, eq=False)
class Recipe:
    """A function in steps.

    Attributes
    ----------
    exercise : Exercise
    arguments : tuple of str
    steps : list of ast statements
        The last of them gives RESULT its value.
    codes : list
        The steps, compiled; a loop as a `Loop`.
    defaults : int
        How many of the steps, the first ones, give an argument its default.
    """

    exercise: Exercise
    arguments: tuple
    steps: list
    codes: list
    defaults: int = 0

    @functools.cached_property
    def variables(self):
        """The names of the arguments and of all that the steps give a value, in order."""
        nodes = [node for step in self.steps for node in ast.walk(step)]
        given = [
            list_bases(node.target) if isinstance(node, ast.For) else list_assigned(node) for node in nodes
        ]
        return [name for name in dict.fromkeys([*self.arguments, *sum(given, [])]) if name != RESULT]

    @functools.cached_property
    def reach(self):
        """For each step, the returned things that depend on it."""
        return trace_reach(self.steps)

    @functools.cached_property
    def after(self):
        """For each step, the later steps that depend on it; empty in a recipe with a loop."""
        return [] if any(isinstance(code, Loop) for code in self.codes) else trace_later(self.steps)

    @functools.cached_property
    def gives(self):
        """For each step, which returned thing it computes by its own name, or MISSING."""
        parts = name_returned(self.steps[-1].value)
        returned = {part.id: name for name, part in parts.items() if isinstance(part, ast.Name)}
        targets = [step.targets[0] if isinstance(step, ast.Assign) else None for step in self.steps]
        return [
            returned.get(target.id, MISSING) if isinstance(target, ast.Name) else MISSING
            for target in targets
        ]


@dataclass(frozen=True)
class Loop:
    """A loop, compiled in parts: what it runs over, the name of its variable, the statements of its body."""

    over: object
    variable: str
    body: list


@functools.cache
def read_reference(exercise):
    """Return the recipe that the reference itself is."""
    return make_recipe(exercise, inspect.getsource(inspect.unwrap(exercise.function)))


@functools.cache
def make_recipe(exercise, text):
    """Return the recipe of a function from its text.

    Raises
    ------
    ValueError
        If it does not end with its only return: then it is no list of steps.
    """
    body = ast.parse(textwrap.dedent(text)).body
    definition = next(node for node in body if isinstance(node, ast.FunctionDef))
    steps = [step for step in definition.body if not is_docstring(step) and not is_refusal(step)]
    returns = [node for step in steps for node in ast.walk(step) if isinstance(node, ast.Return)]
    if returns != steps[-1:] or returns[0].value is None:
        raise ValueError(f"{definition.name} does not end with its only return")
    steps[-1] = ast.Assign([ast.Name(RESULT, ast.Store())], steps[-1].value)
    arguments = tuple(argument.arg for argument in definition.args.posonlyargs + definition.args.args)
    defaults = definition.args.defaults
    named = zip(arguments[len(arguments) - len(defaults) :], defaults, strict=True)
    steps = [ast.fix_missing_locations(step) for step in [give_default(*pair) for pair in named] + steps]
    codes = [compile_loop(step) if is_plain_loop(step) else compile_step(step) for step in steps]
    return Recipe(exercise, arguments, steps, codes, len(defaults))


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
    return Loop(compile_head(loop), loop.target.id, [compile_step(step) for step in loop.body])


def compile_head(loop):
    """Return the code of what a loop runs over."""
    return compile(ast.Expression(loop.iter), "<step>", "eval")


def compile_step(step):
    """Return a step's code."""
    return compile(ast.Module([step], []), "<step>", "exec")


def give_default(name, value):
    """Return the step that gives an argument its default, if the call left it out."""
    given = ast.parse(f"{name} = {name} if '{name}' in locals() else 0").body[0]
    given.value.orelse = value
    return given


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
        Functions that stand in for the reference's helpers.

    Raises
    ------
    Exception
        Whatever a changed step leads to.
    """
    return carry_out(recipe, arguments, changed or {}, using or {})[RESULT]


def carry_out(recipe, arguments, changed=(), using=()):
    """Run a recipe, some steps changed, and return all its names."""
    names, changed = surround(recipe.exercise) | dict(using), dict(changed)
    names |= dict(zip(recipe.arguments, arguments, strict=False)) | {EXAMPLES: count_examples(arguments)}
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


@functools.cache
def surround(exercise):
    """Return the names that code may use: those around the reference, and what slips put in.

    The functions are those below the checks of arguments, which would refuse what a slip makes of these.
    """
    home = inspect.unwrap(exercise.function).__globals__
    held = {"np": np, "sigmoid": sigmoid, "softmax": softmax} | home
    return {
        name: inspect.unwrap(value) if inspect.isfunction(value) else value for name, value in held.items()
    }


def pick_variables(recipe, names):
    """Return the variables of a recipe that has been carried out, without what surrounds it."""
    return {name: names[name] for name in recipe.variables if name in names}


def count_examples(arguments):
    """Return the number of examples, m, in a call's arguments; 1 where there are none."""
    return next(
        (value.shape[1] for value in arguments if isinstance(value, np.ndarray) and value.ndim > 1), 1
    )


# What depends on what.


def trace_reach(steps):
    """Return for each step the returned things that depend on what it changes."""
    fed = trace_feeds(steps)
    reached = []
    for step in steps[:-1]:
        changed = {name for node in ast.walk(step) for name in list_assigned(node)}
        reached.append(set().union(*(fed.get(name, ()) for name in changed)))
    return [*reached, set(name_returned(steps[-1].value))]


def trace_feeds(steps):
    """Return for each variable the returned things that depend on it, following names through the steps."""
    reads = {}
    for node in (node for step in steps for node in ast.walk(step)):
        for name in list_assigned(node):
            inputs = [node.value] if isinstance(node, ast.Assign | ast.AugAssign) else node.args
            reads.setdefault(name, set()).update(*map(list_names, inputs))
    reached = {name: set() for name in reads}
    for part, expression in name_returned(steps[-1].value).items():
        seen, waiting = set(), list_names(expression)
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting |= reads.get(name, set())
        for name in seen:
            reached.setdefault(name, set()).add(part)
    return reached


def trace_later(steps):
    """Return for each step the later ones that depend on it."""
    reads = [list_names(step) for step in steps]
    changes = [{name for node in ast.walk(step) for name in list_assigned(node)} for step in steps]
    later = []
    for i in range(len(steps)):
        changed, after = set(changes[i]), []
        for j in range(i + 1, len(steps)):
            if reads[j] & changed:
                after.append(j)
                changed |= changes[j]
        later.append(after)
    return later


def list_assigned(node):
    """Return the variables that one statement changes; an append changes its list."""
    if isinstance(node, ast.Assign):
        return [name for target in node.targets for name in list_bases(target)]
    if isinstance(node, ast.AugAssign):
        return list_bases(node.target)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append":
        return list(list_names(node.func.value))
    return []


def list_bases(target):
    """Return the variables that an assignment's target changes."""
    if isinstance(target, ast.Name):
        return [target.id]
    if isinstance(target, ast.Tuple | ast.List):
        return [name for item in target.elts for name in list_bases(item)]
    return list_bases(target.value) if isinstance(target, ast.Subscript | ast.Attribute | ast.Starred) else []


def list_names(node):
    """Return the names in an expression."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def name_returned(value):
    """Return the expression of each returned thing: by key, by position, or alone under None."""
    if isinstance(value, ast.Dict):
        keys = [key.value if isinstance(key, ast.Constant) else ast.unparse(key) for key in value.keys]
        return dict(zip(keys, value.values, strict=True))
    return dict(enumerate(value.elts)) if isinstance(value, ast.Tuple) else {None: value}
