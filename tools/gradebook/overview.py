"""What the class made of it, for its teacher: overview.html, and the same in few words for the terminal.

results  ->  Kept, one after the other  ->  Survey  ->  HTML, text

Of each result little is kept, and of most of that no more than a count, so that the size of the class hardly
matters.
"""

import statistics
from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass
from html import escape

from seqgrad.check.showing.card import SIGNS, mark_up
from seqgrad.check.verdict import OUTCOMES
from tools.gradebook import alike, causes, charts, figures, page, roll
from tools.gradebook.results import UNSAFE, UNTIMED, to_points

ORDER = ("passed", "wrong", "raised", "not attempted")
LISTED, NAMED, GROUPS = 12, 300, 100

LOOK = (
    "A place to look, not a proof. Functions count as the same if nothing but names of variables, comments, "
    "annotations and formatting differs. A short exercise with a stub leaves few ways to be right, so people "
    "who worked alone meet here too; a long function, few people, and the same mistake say more. Not "
    f"compared: the stub, and functions of fewer than {alike.FEWEST} statements."
)
OWN = "a text of the course"


@dataclass(frozen=True)
class Alike:
    """Students whose functions are the same; `own` if the course has it too."""

    exercise: str
    outcome: str
    own: bool
    students: tuple


@dataclass(frozen=True)
class Kept:
    """What is kept of a result: exercises are tuples (name, outcome, score, mistakes, digest).

    `kinds` are pairs (chapter, kind of mistake); `hours` from the release until it was handed in, if known.
    """

    row: roll.Row
    form: tuple
    grader: str
    unsafe: bool
    exercises: tuple
    kinds: frozenset = frozenset()
    hours: float | None = None

    @property
    def student(self):
        """The id."""
        return self.row.student

    @property
    def score(self):
        """Hundredths of points."""
        return self.row.score


def keep(result, released=None):
    """Return what is kept of a result; `released` is when the exercises were given out."""
    exercises = (
        (one.name, one.outcome, one.score, causes.list_mistakes(one), alike.hash_text(one.source, one.name))
        for one in result.exercises
    )
    kinds = {(one.chapter, made.kind) for one in result.exercises for made in causes.list_mistakes(one)}
    known = released and result.lateness and result.lateness.handed_in >= released
    hours = (result.lateness.handed_in.timestamp() - released.timestamp()) / 3600 if known else None
    row, digest, found = roll.make_row(result), result.grader, frozenset(kinds)
    return Kept(row, result.form, digest, result.unsafe, tuple(exercises), found, hours)


@dataclass(frozen=True)
class Survey:
    """What is known of the class; scores and points in hundredths.

    `exercises` are pairs (name, points); `totals` are in order; `sums` holds the scores of each exercise
    added up, `outcomes` how many had which in which exercise, `mistakes`, `causes` and `graders` how many had
    each; `idle` who attempted nothing, `stopped` whose attempts all ended in an exception; `rows` is the list
    of the class; `scores` are those of each exercise, in its order; `kinds` counts causes by (chapter, kind);
    `hours` are those from the release until somebody handed in.
    """

    title: str
    exercises: tuple
    totals: array
    sums: Counter
    outcomes: Counter
    mistakes: Counter
    causes: Counter
    graders: Counter
    idle: tuple
    stopped: tuple
    unsafe: int
    alike: tuple
    rows: tuple
    scores: dict
    kinds: Counter
    hours: array

    @property
    def points(self):
        """What could be had."""
        return sum(points for _, points in self.exercises)


def survey(members):
    """Return the Survey of a class, whose members, one or more, come as Kept one after the other."""
    rows, totals, form, unsafe = [], array("q"), None, 0
    sums, outcomes, mistaken, kinds, graders = (Counter() for _ in range(5))
    idle, stopped = [], []
    scores, chapters, hours = defaultdict(lambda: array("q")), Counter(), array("d")
    digests, ended = defaultdict(lambda: array("Q")), defaultdict(bytearray)
    for one in members:
        form = one.form
        rows.append(one.row)
        totals.append(one.score)
        graders[one.grader] += 1
        unsafe += one.unsafe
        mistakes = {mistake for *_, made, _ in one.exercises for mistake in made}
        mistaken.update(mistakes)
        kinds.update({mistake.kind for mistake in mistakes})
        chapters.update(one.kinds)
        hours.extend([] if one.hours is None else [one.hours])
        tried = {outcome for _, outcome, *_ in one.exercises} - {"not attempted"}
        if tried <= {"raised"}:
            (stopped if tried else idle).append(one.student)
        for name, outcome, score, _, digest in one.exercises:
            sums[name] += score
            scores[name].append(score)
            outcomes[name, outcome] += 1
            digests[name].append(digest)
            ended[name].append(OUTCOMES.index(outcome))

    same = [
        Alike(name, OUTCOMES[ended[name][places[0]]], digest in alike.hash_known(name), pick(rows, places))
        for name, column in digests.items()
        for digest, places in alike.group_alike(column)
    ]
    same.sort(key=lambda one: (one.own, one.outcome == "passed", len(one.students)))
    _, title, exercises = form
    return Survey(
        title,
        exercises,
        array("q", sorted(totals)),
        sums,
        outcomes,
        mistaken,
        kinds,
        graders,
        tuple(idle),
        tuple(stopped),
        unsafe,
        tuple(same),
        tuple(rows),
        dict(scores),
        chapters,
        hours,
    )


def pick(rows, places):
    """Return the students at these places."""
    return tuple(rows[place].student for place in places)


def to_html(survey, problems=(), people=None, pages="", beside=()):
    """Return the page.

    Parameters
    ----------
    survey : Survey
    problems : sequence of str
        Sentences about what was left out or looks odd.
    people : roll.People, optional
        Names, who is missing, and whose result is of nobody in the roster.
    pages : str, optional
        Where the students' pages are, seen from this one.
    beside : sequence of str, optional
        Functions that are the same side by side, as HTML.
    """
    count = len(survey.totals)
    parts = [f"<h1>{escape(survey.title)}: overview</h1>", f'<p class="soft">{escape(sum_up(survey))}</p>']
    parts += [page.make_alarm(f"{survey.unsafe} of {count}: {UNSAFE}")] if survey.unsafe else []
    parts += ["<h2>What needs a look first</h2>" + page.make_list(map(mark_up, problems))] if problems else []
    names = people.names if people else {}
    parts += [roll.to_html(survey.rows, survey.points, names, pages)]
    parts += [format_outcomes(survey), format_totals(survey)]
    parts += [causes.to_html(survey.mistakes, survey.causes, count)]
    parts += [figures.to_html(survey.exercises, survey.scores, survey.kinds, survey.hours)]
    parts += [format_absent(survey, people), format_alike(survey), *beside]
    return page.make_page(f"{survey.title}: overview", "\n".join(parts))


def sum_up(survey):
    """Return the class in a sentence."""
    count = len(survey.totals)
    middle = to_points(round(statistics.median(survey.totals)))
    mean = to_points(round(statistics.fmean(survey.totals)))
    return (
        f"{count} submission{'s' * (count != 1)}; of {to_points(survey.points)} points the median is "
        f"{middle}, the mean {mean}."
    )


def count_outcomes(survey, name):
    """Return how many fared how in an exercise."""
    return {outcome: survey.outcomes[name, outcome] for outcome in ORDER}


def format_outcomes(survey):
    """Return how each exercise went: a chart and a table."""
    rows = [(name, count_outcomes(survey, name)) for name, _ in survey.exercises]
    told = "; ".join(f"{name}: " + ", ".join(f"{n} {word}" for word, n in row.items()) for name, row in rows)
    columns = {"Exercise": "", **{f"{SIGNS[one]} {one}": "number" for one in ORDER}}
    columns |= {"Mean score": "number", "Out of": "number"}
    whole = len(survey.totals)
    cells = [
        (f"<code>{escape(name)}</code>", *count_outcomes(survey, name).values())
        + (to_points(round(survey.sums[name] / whole)), to_points(points))
        for name, points in survey.exercises
    ]
    chart = charts.draw_shares(rows, f"Outcomes by exercise. {told}.")
    return "<h2>How the exercises went</h2>" + chart + page.make_table("On the hidden inputs", columns, cells)


def format_totals(survey):
    """Return how the totals are distributed."""
    parts = [0] * 10
    for total in survey.totals:
        parts[min(9, 10 * total // max(1, survey.points))] += 1
    told = ", ".join(f"{10 * i} to {10 * i + 10}%: {count}" for i, count in enumerate(parts) if count)
    lead = f"How many students have what part of the {to_points(survey.points)} points."
    return f"<h2>Totals</h2><p>{lead}</p>{charts.draw_histogram(parts, f'{lead} {told}.')}"


def format_absent(survey, people):
    """Return whose work did not run, is missing, or is of nobody known."""
    lists = list_absent(survey, people).items()
    parts = [fold_names(f"{title}: {len(names)}", names) for title, names in lists]
    return "<h2>Who did not run, who is missing</h2>" + "".join(parts)


def list_absent(survey, people):
    """Return lists of people by what they have in common."""
    lists = {"Attempted nothing": survey.idle, "Every attempt ended in an exception": survey.stopped}
    if people:
        lists |= {"In the roster, without a result": people.missing}
        lists |= {"With a result, not in the roster": people.strangers}
    return lists


def fold_names(title, names):
    """Return a list of people that unfolds, if there is anybody."""
    if not names:
        return f"<p>{title}.</p>"
    rest = f" and {len(names) - NAMED} more" * (len(names) > NAMED)
    return page.fold(title, f"<p>{escape(', '.join(names[:NAMED]))}{rest}.</p>")


def format_alike(survey):
    """Return the groups of functions that are the same."""
    rows = []
    for one in survey.alike[:GROUPS]:
        who = escape(", ".join(one.students))
        if len(one.students) > 6:
            most = escape(", ".join(one.students[:NAMED])) + " and more" * (len(one.students) > NAMED)
            who = page.fold(f"{escape(one.students[0])} and {len(one.students) - 1} more", most)
        rows.append(
            (
                f"<code>{escape(one.exercise)}</code>",
                len(one.students),
                one.outcome,
                OWN if one.own else "",
                who,
            )
        )
    columns = {"Exercise": "", "Students": "number", "Outcome": "", "Remark": "", "Who": "names"}
    rest = f"<p>{len(survey.alike) - GROUPS} more groups.</p>" * (len(survey.alike) > GROUPS)
    table = page.make_table("Groups", columns, rows) + rest if rows else "<p>No two are the same.</p>"
    return f"<h2>Functions that are the same</h2><p>{LOOK}</p>{table}"


def to_text(survey, problems=(), people=None):
    """Return the overview in few words, for the terminal."""
    lines = [f"{survey.title}: {sum_up(survey)}", ""]
    width = max([30, *(len(name) for name, _ in survey.exercises)])
    lines += [" " * width + "".join(f"{word:>15}" for word in (*ORDER, "mean score"))]
    for name, points in survey.exercises:
        mean = f"{to_points(round(survey.sums[name] / len(survey.totals)))} of {to_points(points)}"
        cells = (*count_outcomes(survey, name).values(), mean)
        lines.append(f"{name:{width}}" + "".join(f"{cell:>15}" for cell in cells))
    ranked = causes.rank(survey.mistakes)
    lines += ["", "The most frequent mistakes"] if ranked else []
    lines += [f"{count:6}  {one.function}: {one.sentence}" for one, count in ranked[:LISTED]]
    lines += [""] + [f"{title}: {len(names)}" for title, names in list_absent(survey, people).items()]
    by_hand = sum(len(row.by_hand) for row in survey.rows)
    lines += [f"Marked by hand: {by_hand}"] if by_hand else []
    late = sum(bool(row.penalty) for row in survey.rows)
    lines += [f"Late: {late}"] if late else []
    untimed = sum(UNTIMED in row.remarks for row in survey.rows)
    lines += [f"{UNTIMED}: {untimed}"] if untimed else []
    telling = sum(not one.own for one in survey.alike)
    own = len(survey.alike) - telling
    lines.append(
        f"Groups of functions that are the same, a place to look, not a proof: {telling}"
        + f", and {own} that are texts of the course" * (own > 0)
    )
    beware = [f"Beware. {survey.unsafe} of {len(survey.totals)}: {UNSAFE}"] if survey.unsafe else []
    return "\n".join([*lines, "", *beware, *problems])
