"""From the project to the sources of its site: a folder of pages that Sphinx can read.

solutions, executed  ->  chapters/      exercises as built    ->  exercises/, to download
docstrings           ->  reference/     pages beside chapters ->  as they are
"""

import importlib
import inspect
import pkgutil
import re
import shutil

import seqgrad
from seqgrad.check.naming.words import join_words
from tools import Refusal, writing
from tools.course import chapters, navigation, pairs
from tools.site import addresses, front

# Pages in notebooks/.
AUTHORED = ("recap.md", "symbols.md", "glossary.md", "diagnosis.md", "instructors.md", "own_exercises.md")


def write_pages(root, folder, live=""):
    """Write the sources of every page into an empty folder; return how many pages there will be.

    `live` is the source of the page on which Python runs; without it there is none.
    """
    known = navigation.read_openings(root)
    exercises = chapters.exercises(root)
    repository = addresses.read_addresses(root)["repository"]
    (folder / "chapters").mkdir(parents=True)
    (folder / "exercises").mkdir()
    for name in (opening.name for opening in known):
        made = chapters.make_variants(root / "notebooks" / "source" / f"{name}.py", root)
        own = [exercise for exercise in exercises if exercise.chapter == name]
        writing.write(folder / "exercises" / f"{name}.ipynb", chapters.to_texts(made["exercises"])[".ipynb"])
        solution = made["solutions"]  # a page has links of the theme's own, above it and below
        linked = pairs.link_variants(made, name, known, navigation.list_pages(root))["solutions"]
        pairs.take_outputs(solution, read_executed(root, name, linked))
        page = make_page(solution, name, own, repository)
        writing.write(folder / "chapters" / f"{name}.ipynb", chapters.to_texts(page)[".ipynb"])

    shutil.copytree(root / "notebooks" / "figures", folder / "figures")
    for page in AUTHORED:
        text = pairs.read(root / "notebooks" / page)
        writing.write(folder / page, text.replace("](exercises/", "](chapters/"))  # which one reads here
    if live:
        writing.write(folder / "check.md", live)
    writing.write(folder / "index.md", front.make_front_page(root, known, exercises, bool(live)))
    write_reference(folder / "reference")
    return sum(1 for path in folder.rglob("*") if path.suffix in (".md", ".ipynb")) - len(known)


# Chapters.


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


def make_page(notebook, name, exercises, repository):
    """Return a notebook as the site shows it: words with the pictures, answers that unfold, the exercise."""
    fold_answers(notebook)
    for cell in pairs.list_code_cells(notebook):
        cell.outputs = [output for output in cell.outputs if not replaces_widget(output)]
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                about = output.metadata["image/png"]
                cell.metadata["mystnb"] = {"image": {"alt": about["alt"], "width": f"{about['width']}px"}}
        if cell.metadata.get("jupyter", {}).get("source_hidden"):
            tag = "hide-input" if cell.outputs else "remove-cell"
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), tag]

    for cell in notebook.cells:
        if cell.cell_type == "markdown":  # Sphinx would run the words on two lines into one
            cell.source = re.sub(r"!\[[^\]]+\]", lambda words: " ".join(words[0].split()), cell.source)

    title, _, rest = notebook.cells[0].source.partition("\n")
    notebook.cells[0].source = f"{title}\n\n{make_invitation(name, exercises, repository)}\n{rest}"
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


def make_invitation(name, exercises, repository):
    """Return the lines that stand below the title of a chapter."""
    download = f"{{download}}`Download the exercise <../exercises/{name}.ipynb>`"
    colab = addresses.link_colab(repository, name)
    elsewhere = f" or [open it in Colab]({colab})" if colab else ""
    functions = join_words([f"{{py:obj}}`~{front.find_home(exercise.name)}`" for exercise in exercises])
    write = f", write {functions} yourself, and run the checks" if functions else " and run it"
    return (
        "{.invitation}\nThis is the solution, with everything that it prints. Answers unfold, and so do the "
        f"functions of the exercises. {download}{elsewhere}, open it in JupyterLab{write}."
    )


# The reference.


def write_reference(folder):
    """Write a page for each public module of seqgrad, and one that leads to them."""
    folder.mkdir()
    found = [module.name for module in pkgutil.walk_packages(seqgrad.__path__, "seqgrad.")]
    public = [name for name in found if not re.search(r"\._|__main__", name)]
    for name in public:
        inner = [other for other in public if other.rpartition(".")[0] == name]
        options = "   :members:\n   :ignore-module-all:\n"
        text = f"# {name}\n\n```{{eval-rst}}\n.. automodule:: {name}\n{options}```\n"
        if inner:
            text += f"\n## How it is done\n\n{tabulate_modules(inner)}"
        (folder / f"{name}.md").write_text(text, encoding="utf-8")

    top = [name for name in public if name.count(".") == 1]
    introduction = (
        "# Reference\n\nWhat flows through each module of `seqgrad`. Arrays go in, arrays come out; nothing "
        "is remembered, and nothing is changed in place.\n\n"
    )
    (folder / "index.md").write_text(introduction + tabulate_modules(top), encoding="utf-8")


def tabulate_modules(names):
    """Return a table of modules with their first sentences, and the entries that the menu takes."""
    rows = []
    for name in names:
        first = inspect.getdoc(importlib.import_module(name)).split("\n\n")[0].replace("\n", " ")
        rows.append(f"| [`{name}`]({name}.md) | {first} |")
    entries = "\n".join(f"`{name}` <{name}>".replace("`", "") for name in names)
    return (
        "| module | what flows through it |\n| --- | --- |\n"
        + "\n".join(rows)
        + f"\n\n```{{toctree}}\n:hidden:\n:maxdepth: 1\n\n{entries}\n```\n"
    )
