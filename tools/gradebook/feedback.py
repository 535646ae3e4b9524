"""The page that a student gets: what is right, what is wrong and why, and what it came to.

Result  ->  HTML

Everything on it is about the inputs that the student has; of the hidden ones it says what share was right.
"""

import re
from html import escape
from os.path import commonprefix

from seqgrad.check.equality import close_lines
from seqgrad.check.points import split_points
from seqgrad.check.showing.card import SIGNS, make_card, mark_up
from tools.gradebook import page
from tools.gradebook.results import UNSAFE, to_points

MISSING = ("", "–")  # what stands for a number that is not there
SPACES = re.compile(r"([\s,\[\]()]+)")
MARKS = (
    "Marks come from hidden inputs: others than yours, of the same kinds. Each thing that a function returns "
    "is worth the same part of the points, and earns it where it is right. Each exercise is judged by "
    "itself, with right helper functions."
)

NOTHING = (
    "None of the functions was attempted: each is missing, or is as it was given out. If you have written "
    "them, see below which files were graded, and whether they were saved."
)


def to_html(result):
    """Return a student's page."""
    title = f"{result.title}: {result.student}"
    parts = [f"<h1>{escape(title)}</h1>"]
    score, points = to_points(result.score), to_points(result.points)
    parts.append(f'<p class="score">{score} <span>of {points} points</span></p>')
    parts += [page.make_alarm(UNSAFE)] if result.unsafe else []
    if result.lateness and result.lateness.sentence:
        parts.append(f"<p>{escape(result.lateness.sentence)}</p>")
    if all(one.outcome == "not attempted" for one in result.exercises):
        parts += [f"<p>{NOTHING}</p>", format_files(result)]
        return page.make_page(title, "\n".join(parts))
    parts += [format_exercises(result), f'<p class="soft">{MARKS}</p>', format_files(result)]
    parts += map(format_exercise, result.exercises)
    return page.make_page(title, "\n".join(parts))


def format_exercises(result):
    """Return the table of all exercises."""
    columns = {"Exercise": "", "Outcome": "", "Points": "number"}
    rows = [
        (
            f'<a href="#{escape(one.name)}"><code>{escape(one.name)}</code></a>',
            f'<span aria-hidden="true">{SIGNS[one.outcome]}</span> {one.outcome}',
            format_score(one.score, one.points) + ", by hand" * (one.graded is not None),
        )
        for one in result.exercises
    ]
    foot = [("Sum", "", format_score(result.before_lateness, result.points))]
    if result.penalty:
        foot.append(("Late", "", f"\u2212{to_points(result.penalty)}"))
        foot.append(("What counts", "", format_score(result.score, result.points)))
    return page.make_table("Your exercises", columns, rows, foot)


def format_score(score, points):
    """Return a score beside what could be had."""
    return f"{to_points(score)} of {to_points(points)}"


def format_files(result):
    """Return what there is to say about the files."""
    files = ", ".join(f"<code>{escape(name)}</code>" for name in result.files) or "nothing that could be read"
    told = f"<h2>What you handed in</h2><p>Graded: {files}.</p>"
    return told + page.make_list([mark_up(note) for note in result.notes])


def format_exercise(exercise):
    """Return an exercise: its points, the verdict, marks by output, printed numbers, what it wrote."""
    name = escape(exercise.name)
    points = format_score(exercise.score, exercise.points)
    parts = [f'<h2 id="{name}"><code>{name}</code> <span>{points} points</span></h2>']
    parts += [f'<p class="soft">{name_place(exercise)}</p>', make_card(exercise.verdict)]
    further = exercise.sentences()[len(exercise.verdict.sentences()) :]
    parts += [f"<p>{mark_up(sentence)}</p>" for sentence in further]
    if exercise.outputs and 0 < exercise.by_outputs < exercise.points:
        parts.append(format_credits(exercise))
    if exercise.printed:
        parts.append(format_numbers(exercise.printed))
    if exercise.stderr:
        parts.append(
            page.fold(
                "What it wrote to stderr (for you to see, it costs nothing)", format_output(exercise.stderr)
            )
        )
    return "\n".join(parts)


def name_place(exercise):
    """Return where the function was found, in words."""
    if exercise.where:
        return f"Found in {escape(exercise.where)}."
    return f"No function <code>{escape(exercise.name)}</code> was found in what you handed in."


def format_credits(exercise):
    """Return the grader's marks of an exercise by output; its points only if they add up to that score."""
    credits = [credit for _, credit in exercise.outputs]
    parts = split_points(exercise.by_outputs, exercise.points, credits)
    columns = {"Returned": "", "Right": "number"} | ({"Points": "number"} if parts else {})
    rows = [
        (f"<code>{escape(name)}</code>", f"{credit:.0%}", *([format_score(*parts[number])] if parts else []))
        for number, (name, credit) in enumerate(exercise.outputs)
    ]
    return page.make_table("What is right on the hidden inputs", columns, rows)


def format_numbers(printed):
    """Return what the student's cells print beside what they should; folded if nothing differs."""
    same = [close_lines(yours, expected) for _, yours, expected in printed]
    rows = [
        (
            f"<code>{escape(what)}</code>",
            mark_differing(yours, expected),
            escape(expected),
            "equal" if equal else "missing" if yours in MISSING else "differs",
        )
        for (what, yours, expected), equal in zip(printed, same, strict=True)
    ]
    columns = {"Printed": "label", "Yours": "digits", "Expected": "digits", "": ""}
    table = page.make_table("Your numbers beside the expected ones, for your own inputs", columns, rows)
    return page.fold("Your printed numbers, all as expected", table) if all(same) else table


def mark_differing(yours, expected):
    """Return printed numbers as HTML, marked in each from the first digit that differs."""
    if yours in MISSING:
        return '<span class="soft">nothing</span>'
    if close_lines(yours, expected):
        return escape(yours)
    mine, right = SPACES.split(yours), SPACES.split(expected)
    if len(mine) != len(right):
        return f"<mark>{escape(yours)}</mark>"
    return "".join(map(mark_number, mine, right))


def mark_number(mine, right):
    """Return a number as HTML, marked from the first digit that differs."""
    if mine == right:
        return escape(mine)
    same = len(commonprefix([mine, right]))
    same = 0 if same == len(mine) else same
    return f"{escape(mine[:same])}<mark>{escape(mine[same:])}</mark>"


def format_output(text):
    """Return a text as it stands."""
    return f"<pre>{escape(text)}</pre>"
