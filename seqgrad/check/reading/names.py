"""Which names a statement binds, changes and needs, in a notebook of anybody's; nothing is executed."""

import ast
import symtable
import warnings

UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)
SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = (*FUNCTIONS, ast.ClassDef)
INSIDE = ("vars", "setattr", "delattr", "getattr")  # builtins that reach into their first argument
CAPTURES = (ast.MatchAs, ast.MatchStar, ast.ExceptHandler)


def find_bound(source):
    """Return the names that the statements of a source give a value to."""
    return set().union(*(find_touched(statement)[0] for statement in parse(source).body))


def parse(source):
    """Return the tree of a source; what Python has to say about its style is not for here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source, "cell")


def find_touched(statement):
    """Return the names that a statement binds, those whose things it changes, and its functions' nodes."""
    binds, changes, functions, nodes = set(), set(), [], [statement]
    while nodes:
        node = nodes.pop()
        if isinstance(node, DEFINITIONS):
            binds.add(node.name)
            functions += [node] * isinstance(node, FUNCTIONS)
            continue
        if isinstance(node, SCOPES):
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            binds |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            binds.add(node.id)
        elif isinstance(node, CAPTURES) and node.name:
            binds.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            binds.add(node.rest)
        elif is_global(node):
            binds.add(node.slice.value)
        elif isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store):
            changes.add(find_root(node))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            changes.add(find_changed(node.value))
        nodes.extend(ast.iter_child_nodes(node))
    return binds - {"*"}, changes - {""}, functions


def is_global(node):
    """Say whether something stands for a global, as the target ``globals()["a"]`` does."""
    return (
        isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Store)
        and find_root(node) in ("globals", "locals")
        and isinstance(getattr(node.slice, "value", None), str)
    )


def find_changed(call):
    """Return the name of what a call may change: ``a`` of ``a.append(b)`` and of ``setattr(a, "b", c)``."""
    if isinstance(call.func, ast.Attribute) or is_inside(call):
        return find_root(call)
    return ""


def is_inside(node):
    """Say whether a call gives or sets what is inside its first argument, as ``vars(a)`` does."""
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") in INSIDE and bool(node.args)


def find_called(statement):
    """Return the names of the functions that a statement calls as it runs, as a decorator too."""
    called, nodes = set(), [statement]
    while nodes:
        node = nodes.pop()
        if isinstance(node, DEFINITIONS):
            called |= {find_root(each) for each in node.decorator_list}
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called.add(node.func.id)
        nodes.extend(() if isinstance(node, ast.Lambda) else ast.iter_child_nodes(node))
    return called - {""}


def find_effects(function):
    """Return the names whose things a function may change when it is called; among them its own variables."""
    changes = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Global):
            changes |= set(node.names)
        elif isinstance(node, ast.stmt) and node is not function:
            changes |= find_touched(node)[1]
    return changes


def find_root(node):
    """Return the name at the beginning of ``a.b[c].d`` and of ``vars(a)["b"]``; "" if there is none."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.args[0] if is_inside(node) else node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def find_needed(source):
    """Return the names that a source reads, or sets as globals, and that its functions do not define."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tables = [symtable.symtable(source, "cell", "exec")]
    names = set()
    for table in tables:
        outermost = table.get_type() == "module"
        names |= {
            one.get_name()
            for one in table.get_symbols()
            if (one.is_referenced() and (outermost or one.is_global())) or one.is_declared_global()
        }
        tables += table.get_children()
    return frozenset(names)
