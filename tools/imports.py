"""What a module of the project stands on: the modules that it imports, those that they import, and so on.

modules  ->  their files, read and not run  ->  the files that these import  ->  a digest of all
"""

import ast
import functools
import hashlib
import importlib.util

STATEMENTS = (ast.stmt, ast.excepthandler, ast.match_case)  # no expression imports anything


def list_needed(root, *modules, left_out=()):
    """Return the files of the project that modules need to be imported, themselves included.

    Parameters
    ----------
    root : Path
        The project, in which the names of modules are looked up.
    modules : str
        Names such as ``tools.grade.mark``.
    left_out : tuple of str, optional
        Modules that are not followed: what they need does not count.
    """
    files, names = set(), list(modules)
    while names:
        name = names.pop()
        file = find_file(root, name)
        if file is None or file in files or name in left_out:
            continue
        files.add(file)
        package = name if file.name == "__init__.py" else name.rpartition(".")[0]
        names += [package, *(resolve(each, package) for each in list_imports(file.read_bytes()))]
    return sorted(files)


def resolve(name, package):
    """Return the full name of what a module in a package imports; "" where no package is as far up."""
    try:
        return importlib.util.resolve_name(name, package)
    except ImportError:
        return ""


def find_file(root, name):
    """Return the file of a module; None if the project has none of that name."""
    path = root.joinpath(*name.split(".")) if name else root / "__init__"
    for file in (path / "__init__.py", path.with_suffix(".py")):
        if file.is_file():
            return file
    return None


@functools.lru_cache(1024)
def list_imports(source):
    """Return the names that a source may import as modules, at its top or within a function.

    Those that count from its own package begin with dots.
    """
    names, nodes = set(), [ast.parse(source)]
    while nodes:
        node = nodes.pop()
        nodes += [inner for inner in ast.iter_child_nodes(node) if isinstance(inner, STATEMENTS)]
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            inside = module if module.endswith(".") else f"{module}."
            names |= {module, *(f"{inside}{alias.name}" for alias in node.names)}
    return frozenset(names)


def list_files(*paths):
    """Return these files, and all that lie below these folders; never bytecode."""
    inner = [below for path in paths for below in (path.rglob("*") if path.is_dir() else [path])]
    return sorted({path for path in inner if path.is_file() and "__pycache__" not in path.parts})


def digest_files(root, paths, *more):
    """Return a digest of files of the project, of their names, and of other values by their `repr`."""
    total = hashlib.sha256(repr(more).encode())
    for path in sorted(set(paths)):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(root).as_posix()} {content}\n".encode())
    return total.hexdigest()
