"""The front page: what the course is, a mistake to try, the ways in, and the chapters.

index.md, chapters, checks of wrong functions  ->  the source of the page
"""

import inspect
import re

import seqgrad
from tools.course import pairs
from tools.site import addresses

# What a visitor can choose from: a line of `rnn_cell_backward`, and what somebody has written in its place.
TRIES = (
    ("dz = da_next * (1 - a_next**2)", "dz = da_next * (1 - a_prev**2)"),
    ("dz = da_next * (1 - a_next**2)", "dz = da_next"),
    ("da_prev = Waa.T @ dz", "da_prev = Waa @ dz"),
    ("dba = dz.sum(axis=1, keepdims=True)", "dba = dz.sum(axis=1)"),
    ("dz = da_next * (1 - a_next**2)", "dz = da_next * (1 - a_next**2)"),
)


CHECK_WAY = (
    "Is it your own function, or a number from a test? [Check your gradient](check.md) on a page, without "
    "installing anything."
)

LIVE = "*Run this page*, below the title of a chapter, runs it in your browser: nothing has to be installed."
POINTS = (
    '<p id="points" hidden>You have <span></span> points by the checks that you have run in this browser.</p>'
)


def make_front_page(root, known, exercises, live=False, plan=None):
    """Return the source of the front page.

    Parameters
    ----------
    root : Path
        The project.
    known : list of Opening
        Its chapters.
    exercises : tuple of Exercise
    live : bool, optional
        Whether there are pages on which Python runs.
    plan : Plan, optional
        Of a release, whose front page shows no line of an answer.
    """
    repository = addresses.read_addresses(root)["repository"]
    parts = {
        "check": "[Check your gradient](check.md){.button}" if live else "",
        "check way": CHECK_WAY if live else "",
        "check entry": "check" if live and not plan else "",
        "first": f"[Begin with chapter {int(known[0].name[:2])}](chapters/{known[0].name}.ipynb)"
        if known
        else "",
        "try": "" if plan else try_out(),
        "begin": make_beginning(repository),
        "live": LIVE if live else "",
        "points": POINTS if exercises else "",
        "title": f"# {plan.title}" if plan else "",
        "chapters": tabulate_chapters(known, exercises, pairs.read(root / "README.md"), repository),
    }
    text = pairs.read(root / "tools" / "site" / "index.md")
    left_out = "course" if plan else "release"
    text = re.sub(
        rf"<!-- only {left_out} -->.*?<!-- end -->\n*|<!-- (only \w+|end) -->\n", "", text, flags=re.DOTALL
    )
    for name, part in parts.items():
        text = text.replace(f"<!-- {name} -->", part)
    return text


def make_beginning(repository):
    """Return the commands of the first minute, and a link to where nothing has to be installed."""
    place = "" if repository else " In a copy of the project:"
    binder = addresses.link_binder(repository)
    online = f"\n\nOr [open it on Binder]({binder}), without installing anything." if binder else ""
    return f"{place}\n\n```bash\n{addresses.clone(repository)}python3 -m tools lab\n```{online}"


def tabulate_chapters(known, exercises, readme, repository):
    """Return the table of the chapters: title, what one writes, its points, the notebook to download."""
    said = dict(re.findall(r"source/(\w+)\.py\) \| (.*) \|", readme))
    lines = ["| chapter | you write | points | notebook |", "| --- | --- | --- | --- |"]
    for chapter in known:
        own = [exercise for exercise in exercises if exercise.chapter == chapter.name]
        writes = ", ".join(f"{{py:obj}}`~{find_home(exercise.name)}`" for exercise in own)
        most = sum(exercise.points for exercise in own)
        points = f'<span data-chapter="{chapter.name}" data-most="{most}">{most}</span>' if own else "–"
        places = [f"{{download}}`Download <exercises/{chapter.name}.ipynb>`"]
        if colab := addresses.link_colab(repository, chapter.name):
            places.append(f"[Colab]({colab})")
        link = f"[{chapter.title}](chapters/{chapter.name}.ipynb)"
        cells = [link, writes or said.get(chapter.name, ""), points, " · ".join(places)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def find_home(function):
    """Return the full name of an exercise's function."""
    return f"{getattr(seqgrad, function).__module__}.{function}"


# A mistake to try.


def try_out():
    """Return a choice of lines that somebody may write, each with its function and the card of its check.

    Radio buttons choose, and the style sheet shows what belongs to the one that is chosen: no script runs.
    """
    choices = "".join(make_choice(number, line) for number, (_, line) in enumerate(TRIES))
    shown = "\n".join(make_case(number, *change) for number, change in enumerate(TRIES))
    legend = "<legend>What would you write?</legend>"
    return f'<div class="try">\n<fieldset>{legend}{choices}</fieldset>\n\n{shown}\n\n</div>'


def make_choice(number, line):
    """Return the radio button of a line."""
    checked = " checked" if number == 0 else ""
    return (
        f'<label><input type="radio" name="try" id="try-{number}"{checked}> '
        f'<code class="docutils literal">{line}</code></label>'
    )


def make_case(number, right, written):
    """Return the function with a line as it was written, and the card that its check shows."""
    from seqgrad import rnn
    from seqgrad.check import check
    from seqgrad.check.showing.card import make_card

    text = inspect.getsource(inspect.unwrap(rnn.rnn_cell_backward))
    text = text[text.index("def ") :].replace(right, written)
    space = {}
    exec(text, dict(vars(rnn)), space)
    steps = text[text.index("    # ") :].rstrip().split("\n")
    place = 3 + next(number for number, line in enumerate(steps) if line.strip() == written)
    lines = "\n".join(["def rnn_cell_backward(da_next, cache):", "    ...", *steps])
    card = make_card(check(space["rnn_cell_backward"]), unfold=True)
    code = f"```{{code-block}} python\n:emphasize-lines: {place}\n\n{lines}\n```"
    return f'<div class="case case-{number}">\n\n{code}\n\n{card}\n\n</div>'
