"""What the arguments of a function must look like, said once above its signature.

Shapes are written with the names of sizes, so that they read as in the docstring::

    @takes(parameters={"Wax": "n_a n_x"}, x="n_x m T_x")

A size takes its value where it is met first and must have it everywhere after that;
``n_a+n_x`` is a sum, ``..T_x`` allows anything up to ``T_x``, and ``m|1`` is ``m``, or 1
for an axis that is broadcast.  Arrays hold floats (real, or complex for a complex step),
or booleans where ``bool:`` stands before the sizes, and no size is zero.  What does not
fit is refused in one sentence that names the function and the argument.
"""

import functools
import inspect

import numpy as np

# What stands before the sizes: the kinds of dtypes, their name in a sentence, what helps.
KINDS = {"": ("fc", "floats", ": use .astype(float)"), "bool": ("b", "booleans", "")}


def takes(**specs):
    """Return a decorator that checks the arguments, in this order, before each call.

    Parameters
    ----------
    **specs
        For each argument: a string of sizes for an array (``"n_x m"``; ``"n_y ..."``
        for any axes after the first; ``"bool: T m"`` for booleans; ``"numbers"``
        for an array or a number of any kind), a dict of specs for a dict that must have
        these keys (``{"*": spec}`` for any keys; ``"Wya|Wy"`` is one of the two; all
        that end in ``?`` may be left out together), a tuple of ``(name, spec)`` pairs
        for a tuple of that length, or ``[size, spec]`` for a sequence of that length,
        whose first item is looked at.

    Notes
    -----
    An argument that has its default is not looked at.
    """

    def decorate(function):
        parameters = inspect.signature(function).parameters

        @functools.wraps(function)
        def checked(*args, **kwargs):
            given = dict(zip(parameters, args, strict=False), **kwargs)
            sizes = {}
            try:
                for name, spec in specs.items():
                    if name in given and given[name] is not parameters[name].default:
                        match(name, given[name], spec, sizes)
            except (TypeError, ValueError) as error:
                raise type(error)(f"{function.__name__}: {error}") from None
            return function(*args, **kwargs)

        return checked

    return decorate


def match(name, value, spec, sizes):
    """Compare a value with its spec, and remember in sizes the sizes that are new.

    `sizes` maps the name of a size to its value and to the name of the array that has it.
    """
    if spec == "numbers":
        numbers = np.asarray(value)
        if numbers.dtype.kind not in "biufc":
            found = f"holds {numbers.dtype}" if numbers is value else f"is {name_type(value)}"
            raise TypeError(f"{name} {found}, but numbers are needed")
    elif isinstance(spec, str):
        match_array(name, value, spec, sizes)
    elif isinstance(spec, dict):
        if not isinstance(value, dict):
            needed = [choice for choice in spec if not choice.endswith("?")]
            keys = "of arrays" if "*" in spec else f"with {join_names(needed)}"
            raise TypeError(f"{name} is {name_type(value)}, but a dict {keys} is needed")
        match_dict(name, value, spec, sizes)
    elif isinstance(spec, tuple):
        parts = [part for part, _ in spec]
        if not isinstance(value, tuple | list):
            raise TypeError(f"{name} is {name_type(value)}, but a tuple ({join_names(parts)}) is needed")
        if len(value) != len(parts):
            needed = f"the {len(parts)} parts ({join_names(parts)}) are needed"
            raise ValueError(f"{name} is {name_type(value)} of {len(value)}, but {needed}")
        for i, (part, part_spec) in enumerate(spec):
            match(f"{part} of {name}", value[i], part_spec, sizes)
    else:
        if not hasattr(value, "__len__") or not hasattr(value, "__getitem__"):
            raise TypeError(f"{name} is {name_type(value)}, but a list is needed")
        length, part = spec
        match_shape(name, (len(value),), [length], sizes)
        match(f"item 0 of {name}", value[0], part, sizes)


def match_dict(name, value, spec, sizes):
    """Compare a dict with the names that it must have; ``Wya|Wy`` means one of the two."""
    if "*" in spec:
        for key, part in value.items():
            match(f'{name}["{key}"]', part, spec["*"], sizes)
        return
    found = {choice: [key for key in choice.rstrip("?").split("|") if key in value] for choice in spec}
    optional = [choice for choice in spec if choice.endswith("?")]
    if not any(found[choice] for choice in optional):
        found = {choice: keys for choice, keys in found.items() if choice not in optional}
    if missing := [choice.rstrip("?").replace("|", " or ") for choice, keys in found.items() if not keys]:
        raise ValueError(f"{name} lacks {join_names(missing)}; it has {join_names(value) or 'nothing'}")
    for choice, (key, *_) in found.items():
        match(f'{name}["{key}"]', value[key], spec[choice], sizes)


def match_array(name, value, spec, sizes):
    """Compare one array with the names of its sizes, and remember the sizes that are new."""
    kind, _, dims = spec.rpartition(":")
    kinds, needed, advice = KINDS[kind]
    if not isinstance(value, np.ndarray) or isinstance(value, np.matrix):
        raise TypeError(f"{name} is {name_type(value)}, but a NumPy array of {needed} is needed")
    if value.dtype.kind not in kinds:
        raise TypeError(f"{name} holds {value.dtype}, but {needed} are needed{advice}")
    match_shape(name, value.shape, dims.split(), sizes)


def match_shape(name, shape, dims, sizes):
    """Compare a shape with the names of its sizes, and remember the sizes that are new."""
    named = [dim for dim in dims if dim != "..."]
    fits = len(shape) == len(dims) or (named != dims and len(shape) >= len(named))
    for length, dim in zip(shape, named, strict=False):
        dim, may_be_one, _ = dim.partition("|1")
        if may_be_one and length == 1:
            continue
        if dim in sizes:
            fits = fits and length == sizes[dim][0]
            continue
        known, unknown = total(dim.removeprefix(".."), sizes)
        if unknown and length > known:
            sizes[unknown] = (length - known, name)
        elif dim.startswith(".."):
            fits = fits and 0 < length <= known
        else:
            fits = fits and not unknown and length == known
    if not fits:
        words = [dim if dim == "..." else dim.replace("..", "at most ") for dim in dims]
        needed = ", ".join(words).replace("|1", " or 1")
        bare = [dim.removeprefix("..").removesuffix("|1") for dim in named]
        facts = {}
        for part in dict.fromkeys(part for dim in bare for part in dim.split("+")):
            size, source = sizes.get(part, (None, name))
            if source != name:
                facts.setdefault(source, []).append(f"{part} = {size}")
        reasons = [f"{' and '.join(known)} as in {source}" for source, known in facts.items()]
        reasons += ["no size zero"] * (0 in shape)
        reason = f" with {' and '.join(reasons)}" if reasons else ""
        raise ValueError(f"{name} has shape {shape}, but ({needed}){reason} is needed")


def total(dim, sizes):
    """Return the sum of those sizes in ``n_a+n_x`` that are known, and the one that is not."""
    known, unknown = 0, None
    for part in dim.split("+"):
        if part.isdigit():
            known += int(part)
        elif part in sizes:
            known += sizes[part][0]
        else:
            unknown = part
    return known, unknown


def name_type(value):
    """Return the name of a value's type with its article."""
    kind = "array" if type(value) is np.ndarray else type(value).__name__
    return "None" if value is None else f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def join_names(names):
    """Return names as words in a sentence."""
    return ", ".join(map(str, names))
