"""One submission is marked: it runs in a box, and is judged out here.

    submission  ->  program  ->  box  ->  results  ->  judge  ->  a plain dict, the same whenever and wherever

The verdict is on the inputs that the student's notebook has.  The marks are from others, which no other
hand-in has: nothing that ran on them is shown, and what a function may have carried out of the box all the
same is worth nothing in the next hand-in.
"""

import functools
import hashlib
from dataclasses import asdict, dataclass, replace

from seqgrad.check.diagnose import choose_interface, diagnose, try_alone
from seqgrad.check.exercises import list_exercises
from seqgrad.check.exercises.testcell import make_test_call
from seqgrad.check.exercises.trial import Trial, draw_calls
from seqgrad.check.judging.judge import give_credits, judge
from seqgrad.check.naming.causes import find_causes
from seqgrad.check.reading.extract import extract
from seqgrad.check.reading.needed import list_feeding
from seqgrad.check.reading.remarks import about_problem
from seqgrad.check.verdict import Finding, Output
from tools.course.place import OWN, locate_course
from tools.grade.box import BUBBLEWRAP, NOTHING, Box, Limits
from tools.grade.collect import digest, digest_contents
from tools.grade.oracle import get_oracle
from tools.grade.printed import print_both
from tools.grade.remote import Remote
from tools.grade.result import compose, make_entry, make_unjudged
from tools.grade.version import find_version
from tools.grade.view import hold_folder
from tools.students import numbers
from tools.students.roster import find_students, index_ids

COMMON = (1, None)  # the seed of the test cells, and the salt of the checks, that all have
SHOWN = 2000  # characters of what a function wrote to its standard error
ELSEWHERE = (
    "It is right on the numbers of the notebook, and wrong on others of the same kind: it fits those alone."
)


@dataclass(frozen=True)
class Grader:
    """All that the marks depend on, beside the submission.

    Attributes
    ----------
    title : str
    exercises : tuple of tools.course.chapters.Exercise
        In the order in which they are judged.
    withheld : tuple of str
        The functions that the package in the box lacks.
    secret : bytes
        Of the course.
    students : tuple of Student or None
        Those of the roster, who have numbers of their own; None where all have the course's.
    sets : int
        Of how many sets of numbers a student has one; 0 where all have the course's.
    seconds : float
        What all calls of a function may take together.
    sandbox : str
        What shuts a submission in: one of `tools.grade.box.KINDS`.
    course : str
        The name of the course, which is looked up where a submission is marked.
    """

    title: str
    exercises: tuple
    withheld: tuple
    secret: bytes
    students: tuple | None = None
    seconds: float = 3.0
    sandbox: str = BUBBLEWRAP
    course: str = OWN
    sets: int = 0

    @functools.cached_property
    def digest(self):
        """A digest of the grader: a result that has another one is out of date."""
        return hashlib.sha256(repr((self, find_version())).encode()).hexdigest()

    @functools.cached_property
    def index(self):
        """The students of the roster by each of their ids."""
        return index_ids(self.students)

    @property
    def unsafe(self):
        """Whether submissions run without walls."""
        return self.sandbox == NOTHING

    @property
    def fingerprint(self):
        """What the secret is recognised by."""
        return numbers.name_secret(self.secret)

    @property
    def chapters(self):
        """The numbers of the chapters, ``("04", "05")``."""
        return tuple(dict.fromkeys(one.chapter[:2] for one in self.exercises))


def mark(grader, submission, slot=0, shown=None, only=()):
    """Return the result of a submission; with `only`, the names of exercises, of these alone.

    `shown` is the folder that boxes show (see view.py), if another process of this machine has made it.
    """
    names = tuple(one.name for one in grader.exercises)
    files = submission.read()
    program = extract(files, grader.exercises)
    own, strange = find_numbers(grader, submission)
    known = tuple(dict.fromkeys([*names, *(fed for name in names for fed in list_feeding(name))]))
    limits = Limits(seconds=grader.seconds)
    shown = shown or make_package(grader.course, grader.withheld)
    asked = (known, limits, slot, grader.sandbox, program.homes, program.hidden)
    with Box(shown, program.pieces, *asked) as box:
        ordered = [exercise for exercise in list_exercises() if exercise.name in (only or names)]
        handed_in, marked, right = digest_contents(files), {}, set()
        for one in ordered:  # what a function stands on comes before it
            asked = Remote(box, one, right), *own.get(one.name, COMMON), handed_in
            marked[one.name] = judged, _ = judge_function(grader, *asked)
            right |= {one.name} if judged["outcome"] == "passed" else set()
        problems = [about_problem(place, error) for place, error in box.problems]
    rows = [
        make_entry(one, *marked[one.name], *program.functions.get(one.name, ("", "")))
        for one in grader.exercises
        if one.name in marked
    ]
    notes = [*submission.notes, *strange, *program.notes, *problems]
    return compose(grader, submission, digest(files, submission.notes), grader.digest, files, notes, rows)


def find_numbers(grader, submission):
    """Return a student's (seed, salt) by exercise, and a note if the roster has no such student."""
    if grader.students is None or not grader.sets:
        return {}, []
    found = find_students(grader.index, submission.student, *submission.ids)
    if len(found) != 1:
        names = " or ".join(student.id for student in found)
        what = f"may be {names} in" if found else "is not in"
        note = f"{submission.student} {what} the roster of this release: its own numbers are not known."
        return {}, [note]
    names = [one.name for one in grader.exercises]
    drawn = {name: numbers.draw_own(grader.secret, found[0].id, name, grader.sets) for name in names}
    return drawn, []


def judge_function(grader, learner, seed, salt, handed_in):
    """Return what is said of an exercise, and what its function wrote to its standard error.

    Outcome and credits are from hidden inputs; the verdict and all else that is shown, from known ones.
    """
    box, name = learner.box, learner.exercise.name
    if name not in box.about:
        return make_unjudged(name, "not attempted"), ""
    learner = choose_interface(learner)
    exercise = learner.exercise
    hidden = numbers.draw_hidden_salt(grader.secret, handed_in, name)
    # The hidden inputs come last, so that what is shown to the student was returned before.
    test, calls = [make_test_call(exercise, seed)] if exercise.test else [], draw_calls(exercise, hidden)
    expected = get_oracle(exercise.right_helpers).rehearse(exercise, calls)
    box.run_ahead(name, [draw_calls(exercise, salt), test, calls], exercise.right_helpers)

    verdict = diagnose(learner, find_causes, salt)
    noise = box.noise.get(name, "")[:SHOWN]
    trial = try_alone(learner, Trial(exercise, calls, expected))
    marked = judge(trial, learner.computes, learner.is_blank)
    shares = () if marked.outcome == "not attempted" else give_credits(trial)
    judgement = {
        "outcome": marked.outcome,
        "outputs": [{"name": output, "credit": share} for output, share in shares],
        "verdict": asdict(choose_verdict(verdict, marked)),
        "printed": print_both(learner, seed),
    }
    return judgement, noise


def choose_verdict(verdict, marked):
    """Return the verdict that a student reads; a mistake that only the marks show is not shown to them."""
    if verdict.outcome != "passed" or marked.outcome == "passed":
        return verdict
    outputs = tuple(Output(one.name, one.right, one.problem) for one in marked.outputs)
    finding = Finding(verdict.exercise, "unknown", ELSEWHERE)
    return replace(verdict, outcome="wrong", culprit=verdict.exercise, outputs=outputs, findings=(finding,))


@functools.cache
def make_package(course, withheld):
    """Return a folder with what a submission may use of the course: no answers, and no recordings."""
    from tools.release.package import write_package

    folder = hold_folder() / "package"
    write_package(folder, withheld, root=locate_course(course))
    return folder
