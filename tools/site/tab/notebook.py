"""A chapter's cells in the browser: each is run in the one namespace that lasts, and shows what it shows.

source of a cell  ->  run  ->  messages: what it prints and shows, its points, its exception
"""

import ast
import builtins
import importlib
import linecache
import logging
import os
import re
import sys
import traceback
import warnings
import zipfile

import stand_ins
from showing import MOST, Printed, display, send

from seqgrad.check.verdict import Points, Verdict

LIBRARY = "/site/chapters.zip"  # matplotlib, and what else chapters import
FOLDER = "/python"  # in which seqgrad lies

history = []
space = {"__name__": "__main__", "__builtins__": builtins, "display": display}


def begin():
    """Make the interpreter ready for cells."""
    os.environ |= {"MPLBACKEND": "agg", "MPLCONFIGDIR": "/tmp/matplotlib"}
    os.makedirs("/tmp/matplotlib", exist_ok=True)
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # it takes no folder here for one to write to
    warnings.filterwarnings("ignore", "FigureCanvasAgg is non-interactive")  # figures are shown all the same
    unpack_library()
    stand_ins.install(history)
    sys.stdout, sys.stderr = Printed("stdout"), Printed("stderr")


def unpack_library():
    """Put matplotlib, which needs a folder, beside seqgrad, and the rest of its archive on the path."""
    with zipfile.ZipFile(LIBRARY) as archive:
        names = [name for name in archive.namelist() if name.startswith("matplotlib/")]
        archive.extractall(FOLDER, names)
    sys.path.append(LIBRARY)
    importlib.invalidate_caches()  # which saw the folder before


def run(source, number, worth):
    """Run a cell.

    Parameters
    ----------
    source : str
    number : int
        The number that stands beside it, another one each time.
    worth : dict
        The points of the chapter's exercises by name.
    """
    sys.stdout.left = sys.stderr.left = MOST
    name = f"<cell {number}>"
    history.append(source)
    try:
        source = leave_out_commands(source)
        lines = source.splitlines(keepends=True)
        linecache.cache[name] = (len(source), None, lines, name)  # where inspect and a traceback look
        value = execute(source, name)
        if value is not None:
            space["_"] = value
            display(value)
            send_points(value, worth)
        show_figures()
    except BaseException as error:  # the namespace lasts, whatever a cell ends with
        flush()
        send(raised=format_error(error))
    finally:
        flush()


def move(number, value):
    """Give a slider a value; what a picture cannot be drawn for is said where it stands."""
    try:
        stand_ins.move(number, value)
    except Exception as error:
        send(raised=format_error(error))
    finally:
        flush()


def flush():
    """Send what has been printed."""
    sys.stdout.flush()
    sys.stderr.flush()


def leave_out_commands(source):
    """Return a source without the lines that only IPython understands, and say which ones they are."""
    commands = re.findall(r"^[%!].*", source, re.MULTILINE)
    if commands:
        print(f"Passed over, since only Jupyter understands it: {'; '.join(commands)}", file=sys.stderr)
    return re.sub(r"^[%!].*", "", source, flags=re.MULTILINE)


def execute(source, name):
    """Execute a source; return the value of its last line if that is an expression, otherwise None."""
    tree = ast.parse(source, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), space)
    if last is None:
        return None
    value = eval(compile(ast.Expression(last.value), name, "eval"), space)
    return None if source.rstrip().endswith(";") else value


def send_points(value, worth):
    """Send what a check has given, if it is one of an exercise of this chapter."""
    if isinstance(value, Verdict) and value.exercise in worth:
        value = value.points(worth[value.exercise])
    if isinstance(value, Points) and value.verdict.exercise in worth:
        send(earned={"exercise": value.verdict.exercise, "points": value.earned})


def show_figures():
    """Show the figures that pyplot holds, and close them."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    for number in pyplot.get_fignums() if pyplot else ():
        display(pyplot.figure(number))
        pyplot.close(number)


def format_error(error):
    """Return an exception with the lines of cells and of what they call, or the one sentence that it has."""
    if hasattr(error, "_render_traceback_"):
        return "\n".join(error._render_traceback_())
    trace = error.__traceback__
    while trace and not trace.tb_frame.f_code.co_filename.startswith("<cell"):
        trace = trace.tb_next
    return "".join(traceback.format_exception(type(error), error, trace)).rstrip()
