"""Figures about the exercises: how points are distributed, what tells students apart, when they handed in.

scores by exercise and student, hours since the release  ->  HTML
"""

import statistics
from collections import Counter
from html import escape

from tools.gradebook import causes, charts, page
from tools.gradebook.results import to_points

PARTS = 10  # equal parts of the points of an exercise
FEWEST = 10  # students for whom a correlation says something
DISCRIMINATION = (
    "Discrimination is the correlation of the points of an exercise with those of all others together. "
    "Near 1, those who do well elsewhere do well here. Near 0 or below, the exercise measures something "
    f"else, or is too easy or too hard to tell. It needs {FEWEST} students."
)


def to_html(exercises, scores, kinds, hours):
    """Return the section.

    Parameters
    ----------
    exercises : sequence of (str, int)
        Names and points, in hundredths.
    scores : dict
        By exercise the hundredths of points of each student, in one order.
    kinds : Counter
        How many students made a mistake of which kind in which chapter, by (chapter, kind).
    hours : sequence of float
        From the release until somebody handed in; empty if that is not known.
    """
    totals = [sum(each) for each in zip(*(scores[name] for name, _ in exercises), strict=True)]
    rows = []
    for name, points in exercises:
        mine = scores[name]
        low, middle, high = find_quartiles(mine)
        rows.append(
            (f"<code>{escape(name)}</code>", *map(to_points, (low, middle, high, points)))
            + (causes.share(mine.count(0), len(mine)), causes.share(mine.count(points), len(mine)))
            + (show_number(correlate(mine, [total - one for total, one in zip(totals, mine, strict=True)])),)
        )
    columns = {"Exercise": "", "Lower quartile": "number", "Median": "number", "Upper quartile": "number"}
    columns |= {"Out of": "number", "None": "number", "All": "number", "Discrimination": "number"}
    table = page.make_table("Points of each exercise", columns, rows)
    drawn = [draw_points(name, points, scores[name]) for name, points in exercises]
    parts = ["<h2>Statistics</h2>", table, f"<p>{DISCRIMINATION}</p>", *drawn]
    return "".join([*parts, format_chapters(kinds), format_hours(hours)])


def find_quartiles(values):
    """Return the quartiles of whole numbers, rounded."""
    if len(values) < 2:
        return tuple(values) * 3
    return tuple(map(round, statistics.quantiles(values, n=4, method="inclusive")))


def correlate(one, other):
    """Return the correlation of two lists of numbers; None if there are few, or all in one are the same."""
    if len(one) < FEWEST or len(set(one)) == 1 or len(set(other)) == 1:
        return None
    return statistics.correlation(one, other)


def show_number(number):
    """Return a number with two decimals; a dash if there is none."""
    return "–" if number is None else f"{number:.2f}".replace("-", "\u2212")


def draw_points(name, points, scores):
    """Return a chart of how many have which share of the points of an exercise."""
    counts = [0] * PARTS
    for score in scores:
        counts[min(PARTS - 1, PARTS * score // max(1, points))] += 1
    told = ", ".join(f"{10 * i} to {10 * i + 10}%: {count}" for i, count in enumerate(counts) if count)
    chart = charts.draw_histogram(counts, f"{name}: how many have which share of its points. {told}.")
    return f"<h3><code>{escape(name)}</code></h3>{chart}"


def format_chapters(kinds):
    """Return which causes the hints named, how often in each chapter."""
    chapters = sorted({chapter for chapter, _ in kinds})
    every = Counter()
    for (_, kind), count in kinds.items():
        every[kind] += count
    rows = [
        (escape(causes.describe(kind)), *(kinds[chapter, kind] or "" for chapter in chapters))
        for kind, _ in sorted(every.items(), key=lambda item: (-item[1], item[0]))
    ]
    columns = {"Cause": ""} | {f"Chapter {int(one) if one.isdigit() else one}": "number" for one in chapters}
    return f"<h3>Causes by chapter</h3>{page.make_table('Students', columns, rows)}" if rows else ""


def format_hours(hours):
    """Return when people handed in, counted from the release."""
    if not hours:
        return ""
    days = Counter(int(each // 24) for each in hours)
    low, middle, high = find_quartiles([round(each) for each in hours])
    between = f"between {low} and {high} hours after the release; the median is {middle}"
    lead = f"<p>The middle half handed in {between}.</p>"
    rows = [(str(day + 1), count) for day, count in sorted(days.items())]
    table = page.make_table("Handed in", {"Day after the release": "number", "Students": "number"}, rows)
    return f"<h3>Time since the release</h3>{lead}{table}"
