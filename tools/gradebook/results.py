"""The result files of `grade` become records: checked, their sums exact, every text safe to show.

results/<student>.json  ->  Result

What comes from a student is text that somebody else will look at, so nothing in it may act: here escape
codes, marks that turn the direction of writing, and endless text are made harmless, once, for every reader.
"""

import json
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from seqgrad.check.verdict import OUTCOMES, Verdict
from tools.grade.owners import MARKED_LATE

LARGEST = 20_000_000  # bytes of a result file
LONGEST = 4_000  # characters of a text that is shown
LONGEST_SOURCE = 100_000  # characters of a function, which is compared and not shown
MOST = 100  # notes, and printed numbers

# Colours of a terminal, and other commands to it.
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
# What changes how other characters look: control characters, marks of direction, lone surrogates, and
# characters without width other than the two joiners that scripts and emoji need.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)

UNTIMED = "Marked late by Canvas, at a time that is not known: nothing was taken off"
UNSAFE = (
    "Graded without a sandbox (--unsafe): the submitted code ran with all rights of the grader. It could "
    "have read the expected numbers and other submissions, or changed what was written down, so these marks "
    "are as trustworthy as that code."
)


@dataclass(frozen=True)
class Exercise:
    """How one function fared; points and score in hundredths.

    `outcome` and `outputs`, pairs of a name and the share of calls in which it is right, come from the hidden
    inputs; `verdict` and `printed`, triples (what, yours, expected), from those that the student has. Where a
    teacher has marked by hand, `graded` is the grader's score, `comment` for the student, `remark` is not.
    Where the course's rule gives more than the output-wise, `outputwise` is what that gives, `rule` says why.
    """

    name: str
    chapter: str
    points: int
    score: int
    outcome: str
    where: str
    outputs: tuple
    verdict: Verdict
    printed: tuple
    stderr: str
    source: str
    graded: int | None = None
    comment: str = ""
    remark: str = ""
    outputwise: int | None = None
    rule: str = ""

    @property
    def by_grader(self):
        """The grader's score, whatever stands in its place by hand."""
        return self.score if self.graded is None else self.graded

    @property
    def by_outputs(self):
        """The score that the shares of the outputs give, whatever stands in its place."""
        return self.by_grader if self.outputwise is None else self.outputwise

    def sentences(self):
        """Return what there is to say: the verdict, where marks part ways with it, a mark by hand."""
        told = self.verdict.sentences()
        if self.outcome != self.verdict.outcome:
            told.append(f"On the hidden inputs, for which marks are given: {self.outcome}.")
        if self.rule:
            told.append(self.rule)
        if self.graded is not None:
            by_hand, graded = to_points(self.score), to_points(self.graded)
            told.append(f"Marked by hand: {by_hand} points; the grader gave {graded}. {self.comment}".strip())
        return told


@dataclass(frozen=True)
class Result:
    """What one student handed in, graded; `stem` is the name of the result file without its suffix.

    Where a deadline is known, `lateness` says when it was handed in, and `penalty` what that costs.
    """

    stem: str
    student: str
    chapters: tuple
    title: str
    grader: str
    digest: str
    files: tuple
    notes: tuple
    unsafe: bool
    exercises: tuple
    lateness: object = None
    penalty: int = 0

    @property
    def score(self):
        """Hundredths of points, without what lateness costs."""
        return self.before_lateness - self.penalty

    @property
    def before_lateness(self):
        """Hundredths of points, added up as whole numbers, so that any order gives the same."""
        return sum(exercise.score for exercise in self.exercises)

    @property
    def points(self):
        """Hundredths of points that could be had."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def late_untimed(self):
        """Say whether Canvas marks it as late, and how late is not known."""
        return self.lateness is None and MARKED_LATE in self.notes

    @property
    def by_hand(self):
        """The exercises that a teacher has marked."""
        return tuple(one for one in self.exercises if one.graded is not None)

    @property
    def form(self):
        """What results of the same assignment have in common."""
        return self.chapters, self.title, tuple((one.name, one.points) for one in self.exercises)


def list_results(folder):
    """Return the result files of a folder, in order."""
    return sorted(path for path in folder.glob("*.json") if not path.name.startswith("."))


def read_result(path):
    """Return the Result that stands in a file.

    Raises
    ------
    ValueError
        If it is none; the message says what is wrong with it.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError("it is larger than any result of grade")
        return parse_result(path.stem, json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ValueError(f"it cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ValueError("it is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"it is broken off or no JSON (line {error.lineno})") from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    except KeyError as error:
        raise ValueError(f"it has no {error.args[0]}") from error
    except (TypeError, AttributeError, IndexError) as error:
        raise ValueError("its parts are not those of a result of grade") from error


def parse_result(stem, data):
    """Return the Result for what stands in a file, or is to stand there."""
    data = make_legible(data)
    exercises = tuple(map(parse_exercise, data["exercises"]))
    notes = data["notes"]
    left = (f"There are {len(notes) - MOST} more remarks.",) if len(notes) > MOST else ()
    found = Result(
        stem=stem,
        student=data["student"],
        chapters=tuple(data["assignment"]["chapters"]),
        title=data["assignment"]["title"],
        grader=data["grader"],
        digest=data["digest"],
        files=tuple(data["files"][:MOST]),
        notes=(*notes[:MOST], *left),
        unsafe=bool(data["unsafe"]),
        exercises=exercises,
    )
    check_texts(found.student, found.title, found.grader, found.digest)
    check_texts(*found.chapters, *found.files, *found.notes)
    if not found.student.strip():
        raise ValueError("it does not say whose it is")
    if to_hundredths(data["score"]) != found.score:
        raise ValueError(
            f"its score is {data['score']}, but its exercises add up to {to_points(found.score)}"
        )
    return found


def parse_exercise(data):
    """Return the Exercise for its part of a result file."""
    name, outcome = data["name"], data["outcome"]
    if outcome not in OUTCOMES:
        raise ValueError(f"{name} is said to be {outcome!r}, which is no outcome")
    points, score = to_hundredths(data["points"]), to_hundredths(data["score"])
    if not 0 <= score <= points:
        raise ValueError(f"{name} has {data['score']} of {data['points']} points")
    found = Exercise(
        name=name,
        chapter=data["chapter"],
        points=points,
        score=score,
        outcome=outcome,
        where=data["where"],
        outputs=tuple((one["name"], min(1.0, max(0.0, one["credit"]))) for one in data["outputs"]),
        verdict=parse_verdict(data["verdict"]) if data["verdict"] else Verdict(name, outcome),
        printed=tuple((one["what"], one["yours"], one["expected"]) for one in data["printed"][:MOST]),
        stderr=data["stderr"],
        source=data["source"],
    )
    check_texts(name, found.chapter, found.where, found.stderr, found.source)
    check_texts(*(output for output, _ in found.outputs), *(text for line in found.printed for text in line))
    return found


def parse_verdict(data):
    """Return the Verdict for its part of a result file."""
    found = Verdict.from_dict(data)
    if found.outcome not in OUTCOMES:
        raise ValueError(f"the verdict on {found.exercise} is {found.outcome!r}, which is no outcome")
    check_texts(found.exercise, found.culprit, found.printed, *found.hints)
    check_texts(*(text for output in found.outputs for text in (output.name, output.sentence)))
    check_texts(*(text for one in found.findings for text in (one.subject, one.kind, one.sentence)))
    if any(not isinstance(value, int | float) for matrix in found.picture for row in matrix for value in row):
        raise TypeError("a picture holds something else than numbers")
    if len(found.picture) not in (0, 2):
        raise TypeError("a picture is not two matrices")
    return found


def check_texts(*values):
    """Refuse what should be text and is not."""
    for value in values:
        if not isinstance(value, str):
            raise TypeError(f"{value!r} is no text")


def to_hundredths(number):
    """Return a number of points in hundredths, rounded half up from its decimal digits."""
    try:
        return int((Decimal(str(number)) * 100).to_integral_value(ROUND_HALF_UP))
    except (InvalidOperation, OverflowError, ValueError) as error:
        raise ValueError(f"{number!r} is no number of points") from error


def to_decimals(value):
    """Return hundredths with two decimals, as tables have them: 11.25, 15.00."""
    return f"{value // 100}.{value % 100:02d}"


def to_points(value):
    """Return hundredths as people write them: 11.25, 15."""
    return to_decimals(value).removesuffix(".00")


def make_legible(value, key=""):
    """Return a value of JSON in which every text can be shown, and none is endless."""
    if isinstance(value, str):
        return clean_text(value, LONGEST_SOURCE if key == "source" else LONGEST)
    if isinstance(value, dict):
        return {clean_text(name, LONGEST): make_legible(part, name) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [make_legible(part) for part in value]
    return value


def clean_text(text, longest):
    """Return a text without commands to a terminal, with unseen characters named, and cut at a length."""
    cut = text[:longest]
    if not cut.isascii() or not cut.isprintable():
        cut = ESCAPES.sub("", cut.replace("\r\n", "\n").replace("\r", "\n"))
        cut = UNSEEN.sub(lambda found: f"<U+{ord(found[0]):04X}>", cut)
    left = len(text) - longest
    return cut if left <= 0 else f"{cut}… ({left:,} more characters)"
