"""What depends on what in a list of steps, told from their syntax trees."""

import ast


def trace_reach(steps):
    """Return for each step the returned things that depend on what it changes."""
    fed = trace_feeds(steps)
    reached = [set().union(*(fed.get(name, ()) for name in list_changed(step))) for step in steps[:-1]]
    return [*reached, set(name_returned(steps[-1].value))]


def trace_feeds(steps):
    """Return for each variable the returned things that depend on it, following names through the steps."""
    reads = {}
    for node in (node for step in steps for node in ast.walk(step)):
        for name in list_assigned(node):
            inputs = [node.value] if isinstance(node, ast.Assign | ast.AugAssign) else node.args
            reads.setdefault(name, set()).update(*map(list_names, inputs))
    reached = {}
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
    reads, changes = list(map(list_names, steps)), [set(list_changed(step)) for step in steps]
    later = []
    for i in range(len(steps)):
        changed, after = set(changes[i]), []
        for j in range(i + 1, len(steps)):
            if reads[j] & changed:
                after.append(j)
                changed |= changes[j]
        later.append(after)
    return later


def list_changed(step):
    """Return the variables that a step changes, in all its statements."""
    return [name for node in ast.walk(step) for name in list_assigned(node)]


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
