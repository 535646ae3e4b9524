"""The slips that fit one expression, each with the sentence that names it.

    expression, where it stands  ->  (new expression, kind, sentence), ...

`slips` asks for them at every place of a step; here is what can go wrong with a name, a
number, an operation, a call, an index, an order.
"""

import ast

from seqgrad.check.naming.operations import change_operation, exchange
from seqgrad.check.naming.recipe import RESULT
from seqgrad.check.naming.trees import find_key, parse, write

CALLED = {
    "np.tanh": ("np.tan", "np.maximum(0, {})", "sigmoid", "np.sin", "np.exp", "np.arctan"),
    "sigmoid": ("np.tanh", "np.maximum(0, {})", "softmax"),
    "softmax": ("sigmoid", "np.exp", "np.tanh"),
    "np.exp": ("np.tanh", "np.log", "np.exp2", "np.square", "np.abs", "sigmoid"),
    "np.sqrt": ("np.square", "np.abs"), "np.clip": ("np.minimum",),
    "np.zeros_like": ("np.ones_like",), "np.zeros": ("np.ones",), "reversed": ("list",),
    "max": ("min",), "np.maximum": ("np.minimum",), "np.log": ("np.log2", "np.log10"),
}  # fmt: skip
METHODS = {"sum": ("mean", "max"), "mean": ("sum",), "max": ("min", "mean")}


def change_node(node, parent, field, phrase, target, values):
    """Yield (new node, kind, sentence) for each slip that fits one expression."""
    if isinstance(node, ast.Name):
        yield from change_name(node, parent, field, phrase, target, values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield from change_number(node, parent, phrase)
    elif isinstance(node, ast.BinOp):
        yield from change_operation(node, phrase)
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        sentence = f"{phrase} takes `{write(node.value)}` as it is; it has to be transposed."
        yield node.value, "transposed", sentence
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        sentence = f"{phrase} has the sign of `{write(node.operand)}` wrong: a minus is missing."
        yield node.operand, "sign", sentence
    elif isinstance(node, ast.Call):
        yield from change_call(node, parent, phrase, values)
    elif isinstance(node, ast.Subscript):
        yield from change_index(node, phrase, values)
    elif isinstance(node, ast.Tuple | ast.List) and len(node.elts) > 1:
        yield from change_order(node, phrase, target)


def find_shape(name, values):
    """Return the shape of a variable, () for a number, or None if it is neither."""
    value = values.get(name)
    return () if isinstance(value, int | float) else getattr(value, "shape", None)


def change_name(node, parent, field, phrase, target, values):
    """Yield the slips of a name: another one in its place, those of its shape first; a transpose too many."""
    if node.id not in values or (isinstance(parent, ast.Call) and field == "func"):
        return
    in_product = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mult | ast.Div)
    for other in list_candidates(node.id, parent, target, values):
        kind = "wrong factor" if in_product else "wrong source"
        sentence = exchange(phrase, other, node.id)
        if isinstance(parent, ast.Dict):
            sentence = f"`{find_key(node, parent)}` is given `{other}` where `{node.id}` belongs."
        elif isinstance(parent, ast.Attribute) and parent.attr == "shape":
            sentence = f"{phrase} is a size of `{other}` where it should be one of `{node.id}`."
        elif isinstance(values.get(node.id), list) and is_last(values[other], values[node.id]):
            sentence = f"{phrase} holds only the cache of the last step; append that of each step to a list."
        elif isinstance(parent, ast.Tuple):
            sentence = f"{phrase} holds `{other}` where `{node.id}` belongs."
        yield ast.Name(other, ast.Load()), kind, sentence
    if isinstance(parent, ast.Slice):
        yield from change_size(node.id, phrase, values)
    if len(find_shape(node.id, values) or ()) != 2:
        return
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.MatMult | ast.Mult):
        sentence = f"{phrase} takes `{node.id}` transposed; it has to be as it is."
        yield parse(f"{node.id}.T"), "transposed", sentence
    if in_product:
        for new in (f"(1 - {node.id})", f"np.tanh({node.id})", f"sigmoid({node.id})"):
            yield parse(new), "wrong factor", exchange(phrase, new, node.id)


def change_size(name, phrase, values):
    """Yield the slips of a size at which an array is split: each size of another array in its place."""
    sizes = {}
    for other in values:
        for axis, size in enumerate(find_shape(other, values) or ()):
            sizes.setdefault(size, f"{other}.shape[{axis}]")
    for size, new in sizes.items():
        if size not in (values[name], 1):
            sentence = f"{phrase} is split at `{new}`; it should be split at `{name}`."
            yield parse(new), "wrong source", sentence


def is_last(value, held):
    """Tell whether a value is the last in a list."""
    return bool(held) and held[-1] is value


def list_candidates(name, parent, target, values):
    """Return the names that may stand by mistake where one stands, those with the same shape first.

    In a sum or a product only what can be broadcast is tried; where a value is handed
    on as it is (returned, kept, passed), anything.
    """
    mine, handed_on = find_shape(name, values), not isinstance(parent, ast.BinOp)
    others = {other: find_shape(other, values) for other in values if other not in (name, target)}
    same = [other for other, shape in others.items() if mine is not None and shape == mine]
    fitting = [other for other, shape in others.items() if handed_on or can_replace(mine, shape)]
    return list(dict.fromkeys(same + fitting))


def can_replace(one, other):
    """Tell whether two shapes are the same once axes of length 1 are set aside; a number fits any."""
    if one is None or other is None or () in (one, other):
        return one is not None and other is not None
    return len(other) == len(one) and all(
        1 in pair or pair[0] == pair[1] for pair in zip(one, other, strict=True)
    )


def change_number(node, parent, phrase):
    """Yield the slips of a number or a truth value: the next one, the one before, twice and half of it."""
    value = node.value
    if isinstance(parent, ast.keyword):
        if isinstance(value, bool):
            right, wrong = f"{parent.arg}={value}", f"{parent.arg}={not value}"
            sentence = exchange(phrase, wrong, right)
            if right == "keepdims=True":
                sentence = f"{phrase} has lost an axis: sum with `{right}`."
            yield ast.Constant(not value), "shape", sentence
        return
    others = [not value] if isinstance(value, bool) else [value + 1, value - 1, 2 * value, value / 2, -value]
    for other in dict.fromkeys(others):
        if other != value:
            yield ast.Constant(other), "wrong factor", exchange(phrase, other, value)


def change_call(node, parent, phrase, values):
    """Yield the slips of a call: none, another function, another axis, its arguments exchanged."""
    called = write(node.func)
    if called in CALLED and len(node.args) == 1 and not node.keywords:
        sentence = f"{phrase} is not passed through `{called}`."
        if not isinstance(parent, ast.Assign):
            sentence = exchange(phrase, write(node.args[0]), write(node))
        yield node.args[0], "missing factor", sentence
        for other in values if isinstance(node.args[0], ast.Name) else ():
            if other != node.args[0].id and find_shape(other, values) == find_shape(node.args[0].id, values):
                yield ast.Name(other, ast.Load()), "wrong source", exchange(phrase, other, write(node))
        for new in close_early(node):
            yield parse(new), "wrong order", exchange(phrase, new, write(node))
    for other in CALLED.get(called, ()):
        if "{}" in other:
            yield (
                parse(other.format(write(node.args[0]))),
                "wrong source",
                exchange(phrase, other.format("…"), called),
            )
            continue
        new = ast.Call(parse(other), node.args, node.keywords if other.startswith("np.zeros") else [])
        yield new, "wrong source", exchange(phrase, other, called)
    if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS and called not in CALLED:
        yield node.func.value, "shape", f"{phrase} {leave_out_method(node)}."
        for other in METHODS[node.func.attr]:
            new = ast.Call(ast.Attribute(node.func.value, other, ast.Load()), node.args, node.keywords)
            sentence = f"{phrase} takes the {other} where it should take the {node.func.attr}."
            yield new, "wrong source", sentence
    for i, keyword in enumerate(node.keywords):
        if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant):
            for axis in {0, 1, 2, None} - {keyword.value.value}:
                changed = ast.keyword("axis", ast.Constant(axis))
                runs = "over the whole array" if axis is None else f"along axis {axis}"
                sentence = f"{phrase} is taken {runs}; it should be along axis {keyword.value.value}."
                keywords = [*node.keywords[:i], changed, *node.keywords[i + 1 :]]
                yield ast.Call(node.func, node.args, keywords), "wrong axis", sentence
    for i, (one, other) in enumerate(zip(node.args, node.args[1:], strict=False)):
        arguments = [*node.args[:i], other, one, *node.args[i + 2 :]]
        sentence = f"`{write(one)}` and `{write(other)}` are exchanged in the call of `{called}`."
        yield ast.Call(node.func, arguments, node.keywords), "wrong order", sentence


def close_early(node):
    """Return a call on a sum with its parenthesis closed behind an earlier term, as texts."""
    called, inside, rest, texts = write(node.func), node.args[0], "", []
    while isinstance(inside, ast.BinOp) and isinstance(inside.op, ast.Add | ast.Sub):
        sign = "+" if isinstance(inside.op, ast.Add) else "-"
        rest = f" {sign} {write(inside.right)}{rest}"
        inside = inside.left
        if not isinstance(inside, ast.Constant):
            texts.append(f"{called}({write(inside)}){rest}")
    return texts


def leave_out_method(node):
    """Return what is said where an array's sum, mean or maximum is not taken."""
    axis = next((write(keyword.value) for keyword in node.keywords if keyword.arg == "axis"), "")
    along = "over the examples" if axis == "1" else f"along axis {axis}" if axis else ""
    return (
        f"is not summed {along}".rstrip()
        if node.func.attr == "sum"
        else f"lacks the {node.func.attr} {along}".rstrip()
    )


def change_index(node, phrase, values):
    """Yield the slips of an index: another key, another step, the other part of a slice."""
    whole = write(node)
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for i, part in enumerate(parts):
        for new, kind in change_index_part(part, node, values):
            slices = [*parts[:i], new, *parts[i + 1 :]]
            index = ast.Tuple(slices, ast.Load()) if isinstance(node.slice, ast.Tuple) else slices[0]
            changed = ast.Subscript(node.value, index, node.ctx)
            yield changed, kind, exchange(phrase, write(changed), whole)


def change_index_part(part, node, values):
    """Yield (new part, kind) for one part of an index."""
    if isinstance(part, ast.Name) and part.id == "t":
        for new in ("t - 1", "t + 1", "0", "-1", "-1 - t"):
            yield parse(new), "wrong step"
    elif isinstance(part, ast.Slice) and (part.lower is None) != (part.upper is None):
        yield ast.Slice(part.upper, part.lower, None), "wrong source"
    elif isinstance(part, ast.Constant) and isinstance(part.value, str):
        held = values.get(node.value.id) if isinstance(node.value, ast.Name) else None
        for key in held if isinstance(held, dict) else ():
            if key != part.value:
                yield ast.Constant(key), "wrong source"
    elif isinstance(part, ast.Constant) and isinstance(part.value, int):
        for value in (part.value + 1, part.value - 1):
            yield ast.Constant(value), "wrong source"


def change_order(node, phrase, target):
    """Yield the slips of a tuple or list: two of its parts exchanged."""
    names = {"cache": "the cache", RESULT: "what is returned", "caches": "caches"}
    whole = names.get(target, f"`{target}`")
    for i in range(len(node.elts)):
        for j in range(i + 1, len(node.elts)):
            parts = list(node.elts)
            parts[i], parts[j] = parts[j], parts[i]
            one, other = write(node.elts[i]), write(node.elts[j])
            sentence = f"In {whole}, `{one}` and `{other}` are exchanged."
            yield type(node)(parts, node.ctx), "wrong order", sentence
