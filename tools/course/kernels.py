"""Notebooks run in kernels, as many at once as there are cores; what they print is stored in a lasting form.

A problem is a sentence; code cells go by the number that Jupyter shows beside them.
"""

import ast
import asyncio
import os
import subprocess
import time

from jupyter_client.manager import start_new_async_kernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from tools import writing
from tools.bar import say, show_progress
from tools.course import chapters, pairs
from tools.course.halves import read_half


def run_all(paths, timeout, root):
    """Run notebooks; store the outputs of solutions, look at the checks of exercises; return the problems."""
    halves = [read_half(path) for path in paths]
    notebooks = {half.path: half.notebook for half in halves if half.notebook}
    problems = [f"{half.path.relative_to(root)} {half.problem}" for half in halves if half.problem]
    total = sum(len(pairs.list_code_cells(notebook)) for notebook in notebooks.values())

    async def run_together():
        free = asyncio.Semaphore(os.cpu_count())
        with show_progress(total, unit=" cells") as advance:
            tasks = [run_notebook(path, notebooks[path], timeout, root, free, advance) for path in notebooks]
            return sum(await asyncio.gather(*tasks), problems)

    return asyncio.run(run_together())


async def run_notebook(path, notebook, timeout, root, free, advance):
    """Run one notebook when a core is free, and say how it went; return its problems, a sentence each."""
    async with free:
        began = time.perf_counter()
        problems = await execute(notebook, path.parent, timeout, advance)
    cells = pairs.list_code_cells(notebook)
    if not problems:
        problems = list_unanswered(cells) if path.parent.name == "exercises" else list_paths(cells, root)
    if not problems and path.parent.name == "solutions":
        store(path, notebook)
    say(f"{path.relative_to(root)}: {'FAILED' if problems else 'ran'} in {time.perf_counter() - began:.1f} s")
    return [f"{path.relative_to(root)}, {problem}" for problem in problems]


async def execute(notebook, folder, timeout, advance):
    """Run the cells from top to bottom; return a sentence about the one that failed, in a list."""
    manager, channel = await start_new_async_kernel(
        kernel_name="python3",
        cwd=str(folder),
        extra_arguments=["--HistoryManager.hist_file=:memory:"],
        stderr=subprocess.DEVNULL,  # the kernel's own log; what a cell writes comes another way
    )
    channel.allow_stdin = False
    client = NotebookClient(notebook, manager, timeout=timeout, record_timing=False, coalesce_streams=True)
    client.kc = channel
    number = 0
    try:
        for index, cell in enumerate(notebook.cells):
            if cell.cell_type == "code":
                number += 1
                await client.async_execute_cell(cell, index, execution_count=number)
                advance()
    except CellExecutionError as error:
        problem = f"{error.ename}: {error.evalue}".splitlines()[-1]
    except CellTimeoutError:
        problem = f"it takes more than {timeout} s"
    except DeadKernelError:
        if asyncio.current_task().cancelling():  # by Ctrl-C, which nbclient takes for a dead kernel
            raise asyncio.CancelledError from None
        problem = "its kernel died"
    else:
        return []
    finally:
        channel.stop_channels()
        await manager.shutdown_kernel(now=True)
    return [f"{pairs.name_cell(number, cell)}: {problem}"]


def list_unanswered(cells):
    """Return a sentence for each exercise whose check is missing, or says anything but `not attempted`."""
    exercises = {cell.metadata["exercise"] for cell in cells if "exercise" in cell.metadata}
    problems, checked = [], set()
    for number, cell in enumerate(cells, 1):
        names = exercises & list_checked(cell.source)
        checked |= names
        if names and "not attempted" not in join_texts(cell):
            problems.append(f"{pairs.name_cell(number, cell)}: it does not say `not attempted`")
    return problems + [f"the exercise {name} has no check" for name in sorted(exercises - checked)]


def list_checked(source):
    """Return the names that a cell passes to `check`."""
    try:
        calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args]
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # a line for IPython alone, or no Python
        return set()
    names = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "check"]
    return {name.id for name in names if isinstance(name, ast.Name)}


def list_paths(cells, root):
    """Return a sentence for each cell that prints a path of this machine, which would differ elsewhere."""
    return [
        f"{pairs.name_cell(number, cell)}: it prints a path, which is another one on another machine"
        for number, cell in enumerate(cells, 1)
        if str(root) in join_texts(cell) or "ipykernel_" in join_texts(cell)
    ]


def join_texts(cell):
    """Return all text in the outputs of a cell."""
    texts = [output.get("text", "") for output in cell.outputs]
    texts += [
        text for output in cell.outputs for text in output.get("data", {}).values() if isinstance(text, str)
    ]
    return "\n".join(texts)


def store(path, notebook):
    """Write a notebook with its outputs, without what is another one each time it runs."""
    for cell in pairs.list_code_cells(notebook):
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = cell.execution_count
            if output.output_type == "error":
                output.traceback = [f"{output.ename}: {output.evalue}"]
            if "data" in output:
                output.data.pop("application/vnd.jupyter.widget-view+json", None)
    writing.write(path, chapters.to_texts(notebook)[".ipynb"])
