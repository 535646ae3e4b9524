"""The slips that fit one operation: a side left out, another operator, a slope, parentheses.

operation  ->  (new expression, kind, sentence), ...
"""

import ast

from seqgrad.check.naming.trees import parse, write

SYMBOLS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**"}
OTHER = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.MatMult: ast.Mult,
}
SLOPES = (  # what is written for the slope of a tanh, 1 - {0}**2
    "1 - np.tanh({0})**2", "{0} * (1 - {0})", "(1 - {0})**2", "{0} * (1 - np.tanh({0}))", "1 + {0}**2",
    "{0}**2", "1 - np.tanh({0})", "1 - {0}**3", "np.tanh({0})", "np.sqrt(1 - {0}**2)",
)  # fmt: skip


def change_operation(node, phrase):
    """Yield the slips of an operation: one side left out, another operator, a power not taken."""
    whole, left, right = write(node), write(node.left), write(node.right)
    product, total = isinstance(node.op, ast.Mult | ast.Div), isinstance(node.op, ast.Add | ast.Sub)
    if square := read_slope(node):
        for form in SLOPES:
            new = form.format(square)
            yield parse(new), "wrong factor", exchange(phrase, new, f"1 - {square}**2")
    if isinstance(node.op, ast.Pow):
        yield from change_power(node, phrase)
    elif product:
        yield from change_product(node, phrase)
    elif total and isinstance(node.left, ast.Constant):
        yield node.right, "wrong factor", exchange(phrase, right, whole)
        yield node.left, "missing factor", exchange(phrase, left, whole)
        if isinstance(node.right, ast.Name) and isinstance(node.op, ast.Sub):
            new = f"{left} - {right}**2"
            yield parse(new), "wrong factor", exchange(phrase, new, whole)
    elif total:
        for kept, lost in ((node.left, node.right), (node.right, node.left)):
            bias = isinstance(lost, ast.Name) and lost.id.startswith("b")
            yield (
                kept,
                "missing bias" if bias else "missing term",
                f"{phrase} lacks the term `{write(lost)}`.",
            )
    elif isinstance(node.op, ast.MatMult):
        for kept, lost in ((node.left, right), (node.right, left)):
            yield kept, "missing factor", f"{phrase} lacks the product with `{lost}`."
    if other := OTHER.get(type(node.op)):
        symbols = f"`{SYMBOLS[other]}` where it should have `{SYMBOLS[type(node.op)]}`"
        kind = "sign" if total else "wrong factor"
        yield ast.BinOp(node.left, other(), node.right), kind, f"{phrase} has {symbols}, before `{right}`."
    if isinstance(node.op, ast.Mult):
        sentence = f"{phrase} has `+` where it should have `*`, before `{right}`."
        yield parse(f"({left}) + ({right})"), "wrong factor", sentence
    if isinstance(node.op, ast.Add):
        sentence = f"{phrase} has `*` where it should have `+`, before `{right}`."
        yield parse(f"({left}) * ({right})"), "wrong factor", sentence


def change_product(node, phrase):
    """Yield the slips of a product or quotient: parentheses, a side, the slope of a sigmoid left out."""
    whole, left, right = write(node), write(node.left), write(node.right)
    for loose in list_loose(node):
        sentence = f"{phrase} has `{loose}` without the parentheses: it should have `{whole}`."
        yield parse(loose), "wrong factor", sentence
    if isinstance(node.op, ast.Div):
        yield node.left, "missing factor", f"{phrase} lacks the division by `{right}`."
        yield node.right, "wrong factor", exchange(phrase, right, whole)
        return
    yield node.left, "missing factor", f"{phrase} lacks the factor `{right}`."
    yield node.right, "missing factor", f"{phrase} lacks the factor `{left}`."
    if slope := read_sigmoid_slope(node):
        yield node.left.left, "missing factor", f"{phrase} lacks the slope of the sigmoid, `{slope}`."


def change_power(node, phrase):
    """Yield the slips of a power: not taken, another one, twice the base."""
    whole, left, right = write(node), write(node.left), write(node.right)
    if isinstance(node.right, ast.Name):
        yield parse(f"({left}) ** 2"), "wrong factor", exchange(phrase, f"{left}**2", f"{left}**{right}")
    yield node.right, "wrong factor", exchange(phrase, right, whole)
    yield node.left, "wrong factor", exchange(phrase, left, whole)
    yield parse(f"({left}) ** 3"), "wrong factor", exchange(phrase, f"{left}**3", whole)
    yield parse(f"2 * ({left})"), "wrong factor", exchange(phrase, f"2 * {left}", whole)
    yield parse(f"np.abs({left})"), "wrong factor", exchange(phrase, f"np.abs({left})", whole)
    for new in (f"{left}**({right} - 1)", f"{left}**({right} + 1)") * isinstance(node.right, ast.Name):
        yield parse(new), "wrong factor", exchange(phrase, new, f"{left}**{right}")


def read_slope(node):
    """Return what is squared in the slope of a tanh, 1 - x**2, as text; None for anything else."""
    match node:
        case ast.BinOp(ast.Constant(1), ast.Sub(), ast.BinOp(base, ast.Pow(), ast.Constant(2))):
            return write(base)
    return None


def read_sigmoid_slope(node):
    """Return the slope of a sigmoid at the end of a product, g * (1 - g), as text; None for anything else."""
    match node:
        case ast.BinOp(ast.BinOp(_, ast.Mult(), ast.Name(gate)), ast.Mult(), last):
            return f"{gate} * (1 - {gate})" if write(last) == f"1 - {gate}" else None
    return None


def list_loose(node):
    """Return a product or quotient without the parentheses around its sums, in either order."""
    left, right, symbol = write(node.left), write(node.right), SYMBOLS[type(node.op)]
    sums = [side for side in (node.left, node.right) if isinstance(side, ast.BinOp) and is_sum(side)]
    orders = [(left, right)] + [(right, left)] * isinstance(node.op, ast.Mult)
    return [f"{one} {symbol} {other}" for one, other in orders] if sums else []


def is_sum(node):
    """Tell whether an operation is a sum or a difference."""
    return isinstance(node.op, ast.Add | ast.Sub)


def exchange(phrase, wrong, right):
    """Return the sentence for one thing that stands in the place of another."""
    return f"{phrase} has `{wrong}` where it should have `{right}`."
