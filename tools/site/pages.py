"""From the project to the sources of its site: a folder of pages that Sphinx can read.

exercises, with what demonstrations print  ->  chapters/, and exercises/ to download
solutions, executed  ->  solutions/            docstrings  ->  reference/       other pages  ->  as they are

For a plan of a release there are its chapters alone, and nothing that holds an answer.
"""

import ast
import importlib
import inspect
import pkgutil
import re
import shutil

import seqgrad
from seqgrad.check.naming.words import join_words
from tools import Refusal, writing
from tools.course import chapters, navigation, pairs
from tools.course.cells import python
from tools.release.bundle import list_files_to_open, list_openings
from tools.release.notebooks import make_unlinked
from tools.site import addresses, front
from tools.site.tab.page import make_bar, make_check_page

# Pages in notebooks/ beside the chapters and what can be looked up; they show and explain answers.
GUIDES = ("diagnosis.md", "instructors.md", "own_exercises.md")
AUTHORED = ("recap.md", "symbols.md", "glossary.md", *GUIDES)


def write_pages(root, folder, bundle=None, plan=None):
    """Write the sources of every page into an empty folder; return how many pages there will be.

    Parameters
    ----------
    root, folder : Path
    bundle : dict, optional
        Of the pages on which Python runs; without it there are none.
    plan : Plan, optional
        Of a release; without it there are all chapters, with their solutions.
    """
    exercises = plan.exercises if plan else chapters.exercises(root)
    known = list_openings(root, plan) if plan else navigation.read_openings(root)
    for name in ("chapters", "exercises", "solutions"):
        (folder / name).mkdir(parents=True)
    write_chapters(root, folder, known, exercises, bundle, plan)
    shutil.copytree(root / "notebooks" / "figures", folder / "figures")
    for page in AUTHORED:
        if plan and page in GUIDES:
            continue
        text = pairs.read(root / "notebooks" / page)
        if plan:
            text = navigation.unlink(text, list_files_to_open(root, plan))
        writing.write(folder / page, text.replace("](exercises/", "](chapters/"))  # which one reads here
    if bundle and not plan:
        writing.write(folder / "check.md", make_check_page(bundle))
    writing.write(folder / "index.md", front.make_front_page(root, known, exercises, bool(bundle), plan))
    write_reference(folder / "reference", list_modules(plan))
    return sum(1 for path in folder.rglob("*") if path.suffix in (".md", ".ipynb")) - len(known)


# Chapters.


def write_chapters(root, folder, known, exercises, bundle, plan):
    """Write the page of each chapter, its notebook to download and, without a plan, its solution."""
    look_up, repository = navigation.list_pages(root), addresses.read_addresses(root)["repository"]
    released = make_unlinked(root, plan) if plan else {}
    for name in (opening.name for opening in known):
        own = [exercise for exercise in exercises if exercise.chapter == name]
        made = chapters.make_variants(root / "notebooks" / "source" / f"{name}.py", root)
        linked = pairs.link_variants(made, name, navigation.read_openings(root), look_up)
        executed = read_executed(root, name, linked["solutions"])
        notebook, download = made["exercises"], linked["exercises"]
        if plan:
            notebook = released[name]
            download = navigation.add_links(notebook, name, known, look_up)
        writing.write(folder / "exercises" / f"{name}.ipynb", chapters.to_texts(download)[".ipynb"])
        show_demonstrations(notebook, executed, own)
        bar = make_bar(bundle, name, own) if bundle else ""
        page = make_page(notebook, make_invitation(name, own, repository, plan is None), bar)
        writing.write(folder / "chapters" / f"{name}.ipynb", chapters.to_texts(page)[".ipynb"])
        if not plan:
            solution = made["solutions"]
            pairs.take_outputs(solution, executed)
            page = make_page(fold_answers(solution), SOLUTION.format(name=name), word=" (solution)")
            writing.write(folder / "solutions" / f"{name}.ipynb", chapters.to_texts(page)[".ipynb"])


def show_demonstrations(notebook, executed, exercises):
    """Give an exercise notebook what its cells print that use nothing which is to be written.

    What answers a question above it is folded away, as the answer is.
    """
    outputs = {cell.id: cell.outputs for cell in pairs.list_code_cells(executed)}
    sources = {cell.id: cell.source for cell in pairs.list_code_cells(executed)}
    missing, last = {exercise.name for exercise in exercises}, None
    for cell in notebook.cells:
        if cell.cell_type != "code":
            if last and cell.metadata.get("answer"):
                last.metadata["tags"] = [*last.metadata.get("tags", []), "hide-output"]
            continue
        last, differs = cell, sources.get(cell.id) != cell.source
        shown = not differs
        for read, bound in map(list_names, ast.parse(python(cell.source)).body):
            if differs or missing & read:
                missing, shown = missing | bound, False
            else:
                missing = missing - bound
        if shown:
            cell.outputs, cell.execution_count = outputs[cell.id], None


def list_names(statement):
    """Return the notebook's names that a statement reads, and those that it binds."""
    nodes = list(ast.walk(statement))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    read, bound = (
        {node.id for node in names if isinstance(node.ctx, kind)} for kind in (ast.Load, ast.Store)
    )
    targets = [node.target for node in nodes if isinstance(node, ast.For | ast.comprehension)]
    own = {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return read - own - bound, {statement.name}
    return read - own, bound


def read_executed(root, name, expected):
    """Return the solution of a chapter with its stored outputs, if its source has not changed since."""
    pair = pairs.pair_solution(root / "notebooks" / "solutions" / name, expected)
    notebook = chapters.read_notebook(pair.texts[".ipynb"], ".ipynb")
    cells = pairs.list_code_cells(notebook)
    if pair.state != "current" or any(cell.execution_count is None for cell in cells):
        raise Refusal(
            f"notebooks/solutions/{name}.ipynb was not executed since its source has changed; call "
            f"`python3 -m tools validate {name[:2]}` first."
        )
    return notebook


def make_page(notebook, invitation, bar="", word=""):
    """Return a notebook as the site shows it: words with the pictures, each cell by its name.

    `invitation` and `bar` stand below the title, at the end of which `word` is put.
    """
    for cell in pairs.list_code_cells(notebook):
        cell.outputs = [output for output in cell.outputs if not replaces_widget(output)]
        tags = [*cell.metadata.get("tags", []), f"cell-{cell.id}"]
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                about = output.metadata["image/png"]
                cell.metadata["mystnb"] = {"image": {"alt": about["alt"], "width": f"{about['width']}px"}}
        if cell.metadata.get("jupyter", {}).get("source_hidden"):
            tags.append("hide-input" if cell.outputs else "remove-cell")
        cell.metadata["tags"] = tags

    for cell in notebook.cells:
        if cell.cell_type == "markdown":  # Sphinx would run the words on two lines into one
            cell.source = re.sub(r"!\[[^\]]+\]", lambda words: " ".join(words[0].split()), cell.source)

    title, _, rest = notebook.cells[0].source.partition("\n")
    notebook.cells[0].source = f"{title}{word}\n\n{invitation}\n\n{bar}\n{rest}"
    return notebook


def replaces_widget(output):
    """Say whether an output is the text in place of a slider or a progress bar, which a page cannot have."""
    return output.output_type == "display_data" and set(output.data) == {"text/plain"}


def fold_answers(notebook):
    """Fold away answers: their texts, what the cells above them print, and the functions of exercises."""
    last = None
    for cell in notebook.cells:
        if cell.cell_type == "code":
            last = cell
        elif cell.metadata.get("answer"):
            cell.source = chapters.fold_answer(cell.source)
            last.metadata["tags"] = [*last.metadata.get("tags", []), "hide-output"]
        if "exercise" in cell.metadata:
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-input"]
    return notebook


SOLUTION = (
    "{{.invitation}}\nThis is the solution, with everything that it prints. Answers unfold, and so do the "
    "functions of the exercises. To write them yourself, go to [the exercises](../chapters/{name}.ipynb)."
)


def make_invitation(name, exercises, repository, has_solution=True):
    """Return the lines that stand below the title of a chapter."""
    download = f"{{download}}`Download the notebook <../exercises/{name}.ipynb>`"
    colab = addresses.link_colab(repository, name)
    elsewhere = f" or [open it in Colab]({colab})" if colab else ""
    functions = join_words([f"{{py:obj}}`~{front.find_home(exercise.name)}`" for exercise in exercises])
    write = f"Write {functions}, and run the checks: here" if functions else "Run it here"
    solution = f" The [solution](../solutions/{name}.ipynb) has a page of its own." if has_solution else ""
    return f"{{.invitation}}\n{write}, or in JupyterLab. {download}{elsewhere}.{solution}"


# The reference.


def list_modules(plan=None):
    """Return the names of the modules that have a page; of a release none that shows how a check is done."""
    found = [module.name for module in pkgutil.walk_packages(seqgrad.__path__, "seqgrad.")]
    hidden = r"\._|__main__|^seqgrad\.check\." if plan else r"\._|__main__"
    return [name for name in found if not re.search(hidden, name)]


def write_reference(folder, names):
    """Write a page for each of these modules, and one that leads to them."""
    folder.mkdir()
    for name in names:
        inner = [other for other in names if other.rpartition(".")[0] == name]
        options = "   :members:\n   :ignore-module-all:\n"
        text = f"# {name}\n\n```{{eval-rst}}\n.. automodule:: {name}\n{options}```\n"
        if inner:
            text += f"\n## How it is done\n\n{tabulate_modules(inner)}"
        (folder / f"{name}.md").write_text(text, encoding="utf-8")

    top = [name for name in names if name.count(".") == 1]
    introduction = (
        "# Reference\n\nWhat flows through each module of `seqgrad`. Arrays go in, arrays come out; nothing "
        "is remembered, and nothing is changed in place.\n\n"
    )
    (folder / "index.md").write_text(introduction + tabulate_modules(top), encoding="utf-8")


def tabulate_modules(names):
    """Return a table of the modules in a package with their first sentences, and the menu's entries."""
    rows = []
    for name in names:
        first = inspect.getdoc(importlib.import_module(name)).split("\n\n")[0].replace("\n", " ")
        rows.append(f"| [`{name.rpartition('.')[2]}`]({name}.md) | {first} |")
    entries = "\n".join(f"`{name}` <{name}>".replace("`", "") for name in names)
    return (
        "| module | what flows through it |\n| --- | --- |\n"
        + "\n".join(rows)
        + f"\n\n```{{toctree}}\n:hidden:\n:maxdepth: 1\n\n{entries}\n```\n"
    )
